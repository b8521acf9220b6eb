"""Published figures through the years."""

from __future__ import annotations

from typing import Any

import pytest

from lineofsight.oversight.series import figures, once, same_day_different, series, unnumbered
from tests.support.builders import known

MEASURE = "referrals in the year"


def counted(id: str, day: str, value: str | None, **cells: Any) -> dict[str, Any]:
    return {
        "id": id,
        "subject_kind": "measure",
        "subject": MEASURE,
        "value": value,
        "unit": "children",
        "said_on": day,
        **cells,
    }


SOME = known(
    counted("b", "2019-03-31", "6,000"),
    counted("a", "2018-03-31", "5000"),
    counted("e", "2018-03-31", "700", area="England"),
    counted("w", "2018-03-31", "too many"),
    counted("n", "2018-03-31", None),
    counted("other", "2018-03-31", "1", subject="another measure"),
)


def test_figures_are_by_the_day_they_are_of() -> None:
    assert [(one.statement.id, one.number) for one in figures(SOME, MEASURE)] == [
        ("a", 5000),
        ("e", 700),
        ("b", 6000),
    ]
    assert [one.id for one in unnumbered(SOME, MEASURE)] == ["n", "w"]


def test_a_series_is_the_authoritys_own_with_others_beside_it() -> None:
    found = series(SOME, MEASURE)
    assert found is not None
    assert (found.measure, found.unit) == (MEASURE, "children")
    assert [one.number for one in found.own] == [5000, 6000]
    assert {area: [one.number for one in some] for area, some in found.beside.items()} == {"England": [700]}


@pytest.mark.parametrize(
    "cells",
    [
        [counted("a", "2018", "1"), counted("b", "2019", "2", area="England")],
        [counted("a", "2018", "1"), counted("b", "2019", None)],
        [],
    ],
)
def test_one_figure_of_its_own_is_no_series(cells: list[dict[str, Any]]) -> None:
    assert series(known(*cells), MEASURE) is None


def test_units_are_not_mixed() -> None:
    """Of two units the usual one is drawn: a rate per 10,000 is no count of children."""
    found = series(
        known(
            counted("a", "2018", "1"),
            counted("b", "2019", "2"),
            counted("c", "2019", "50", unit="per 10,000"),
        ),
        MEASURE,
    )
    assert found is not None
    assert [one.number for one in found.own] == [1, 2]


def test_without_a_unit_it_is_empty() -> None:
    found = series(known(counted("a", "2018", "1", unit=None), counted("b", "2019", "2", unit=None)), MEASURE)
    assert found is not None
    assert found.unit == ""


def test_a_figure_several_statements_give_is_given_once() -> None:
    """The same number for the same days and area; another number, or another area, stays beside it."""
    some = known(
        counted("a", "2018", "1"),
        counted("b", "2018", "1.0"),
        counted("c", "2018", "2"),
        counted("d", "2018", "1", area="England"),
    )
    assert [one.statement.id for one in once(figures(some, MEASURE))] == ["a", "c", "d"]


@pytest.mark.parametrize(
    ("day", "value", "pairs"),
    [("2018-04-20", "6", 1), ("2018-04-21", "6", 0), ("2018-04-20", "5", 0), ("2018-03-31", "6", 1)],
)
def test_figures_of_nearly_the_same_day_that_differ(day: str, value: str, pairs: int) -> None:
    """Within 20 days: then it is what was counted that differs, and it must be said."""
    some = known(counted("a", "2018-03-31", "5"), counted("b", day, value))
    assert len(same_day_different(figures(some, MEASURE))) == pairs
