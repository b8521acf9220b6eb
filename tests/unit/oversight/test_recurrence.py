"""Failings said again: which inspection raised which theme, and whether it is on the record."""

from __future__ import annotations

from typing import Any

import pytest

from lineofsight.oversight.recurrence import recurrence
from tests.support.builders import known


def raised(id: str, subject: str, theme: str | None, **cells: Any) -> dict[str, Any]:
    said = {"subject_kind": "inspection", "subject": subject, "theme": theme, "found": "weakness"}
    return {"id": id, **said, **cells}


GRID = known(
    raised(
        "a", "Ofsted inspection, October 2018", "assessment; management oversight", kind="official record"
    ),
    raised("b", "Ofsted inspection, October 2018", "seeing children", kind="claim"),
    raised("c", "Ofsted inspection, February 2016", "management oversight", kind="claim"),
    raised("d", "Ofsted inspection, February 2016", "management oversight", kind="official record"),
    raised("e", "Ofsted inspection, June 2019", None),
    {"id": "f", "subject_kind": "service", "theme": "care leavers"},
)


def test_occasions_stand_in_time_and_themes_by_how_often() -> None:
    """A theme nobody raised of an inspection, and an inspection of which no theme is told, are left out."""
    found = recurrence(GRID)
    assert [one.name for one in found.occasions] == [
        "Ofsted inspection, February 2016",
        "Ofsted inspection, October 2018",
    ]
    assert [theme for theme, _ in found.rows] == ["management oversight", "assessment", "seeing children"]


def test_a_cell_says_who_raised_it_and_whether_it_is_on_the_record() -> None:
    rows = dict(recurrence(GRID).rows)
    assert [[one.id for one in cell.statements] for cell in rows["management oversight"]] == [
        ["c", "d"],
        ["a"],
    ]
    assert [cell.confirmed for cell in rows["management oversight"]] == [True, True]
    assert [cell.confirmed for cell in rows["seeing children"]] == [False, False]


@pytest.mark.parametrize(
    ("name", "before"),
    [
        ("visit, July 2013", True),
        ("visit, August 2013", False),
        ("visit", False),
        ("visit, Easter 2013", False),
        ("visit, July ²", False),
        ("visit, July 0", False),
        ("visit, July 99999", False),
        ("July 2013", True),
    ],
)
def test_the_month_in_its_name_says_when_it_was(name: str, before: bool) -> None:
    """Else the first day anything said of it speaks about; here the report is of 15 July 2013 and of one of the
    same month it is the name that counts. What only looks like a year must not stop the page."""
    some = known(
        raised("a", name, "assessment", said_on="2013-08-02"),
        raised("b", "z", "assessment", said_on="2013-07-15"),
    )
    assert [one.name for one in recurrence(some).occasions] == ([name, "z"] if before else ["z", name])


@pytest.mark.parametrize("found", ["strength", "mixed", None])
def test_only_weaknesses_are_counted(found: str | None) -> None:
    """Praise for assessments is not an inspection that raised assessments again."""
    some = known(
        raised("a", "visit, July 2013", "assessment"),
        raised("b", "visit, July 2014", "assessment", found=found),
    )
    (row,) = recurrence(some).rows
    assert [[each.id for each in cell.statements] for cell in row[1]] == [["a"], []]


def test_nothing_raised_is_an_empty_grid() -> None:
    found = recurrence(known())
    assert (found.occasions, found.rows) == ([], [])
