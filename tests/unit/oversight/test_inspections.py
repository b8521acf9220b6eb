"""Inspections combined from their sources: what a later or a person's reading leaves out no longer counts."""

from __future__ import annotations

from datetime import date
from typing import Any

from lineofsight.oversight.inspections import BY_HAND, Inspection, Told, inspections

NAME, DAY = "ilacs-2024-01-15", date(2024, 1, 15).toordinal()


def told(source: str, link: int = 1, **cells: Any) -> Told:
    return Told(source, link, {"inspection": NAME, "begun_on": DAY, **cells})


def head(source: str, link: int = 1, **cells: Any) -> Told:
    return told(source, link, id=NAME, kind="full inspection", framework="ILACS 2023", **cells)


def grade(source: str, area: str, grade: str = "good", **cells: Any) -> Told:
    return told(source, area=area, grade=grade, **cells)


def item(source: str, number: int, says: str = "Plans.", link: int = 1) -> Told:
    return told(source, link, number=number, says=says)


def one_of(
    heads: list[Told], grades: list[Told] | None = None, items: list[Told] | None = None
) -> Inspection:
    (found,) = inspections("926", heads, grades or [], items or [])
    return found


def areas(found: Inspection) -> list[str]:
    return [one.area for one in found.judgements]


REPORT = head(
    "ofsted",
    report="ab",
    graded="in care; care leavers",
    listed=2,
    unread="grade of overall effectiveness",
    without_overall="unread",
)
GRADES = [grade("ofsted", area, page=1) for area in ("in care", "care leavers", "help and protection")]
ITEMS = [item("ofsted", number) for number in (1, 2, 3)]


def test_what_a_sources_latest_reading_leaves_out_no_longer_counts() -> None:
    found = one_of([REPORT], GRADES, ITEMS)
    assert areas(found) == ["in care", "care leavers"] and len(found.weaknesses) == 2


def test_a_persons_list_replaces_the_reports_even_where_it_is_empty() -> None:
    by_hand = head(BY_HAND, listed=1, graded="in care")
    found = one_of(
        [REPORT, by_hand],
        [*GRADES, grade(BY_HAND, "in care")],
        [*ITEMS, item(BY_HAND, 1, "Visits."), item(BY_HAND, 2, "Old.")],
    )
    assert [one.cells["says"] for one in found.weaknesses] == ["Visits."]
    emptied = one_of([REPORT, head(BY_HAND, listed=0, unread="areas for improvement")], GRADES, ITEMS)
    assert emptied.weaknesses == () and emptied.unread == ["areas for improvement"]


def test_a_grade_that_a_person_removed_goes_and_an_official_tables_stays() -> None:
    table = grade("outcomes", "care leavers", "inadequate")
    by_hand = head(BY_HAND, listed=0, graded="in care")
    found = one_of([REPORT, head("outcomes"), by_hand], [*GRADES, table, grade(BY_HAND, "in care")])
    assert areas(found) == ["in care", "care leavers"]
    assert found.judgements[1].told.source == "outcomes"


def test_an_overall_grade_once_entered_is_no_longer_unread() -> None:
    assert one_of([REPORT]).cells["without_overall"] == "unread"
    by_hand = head(BY_HAND, listed=0, graded="overall effectiveness")
    found = one_of([REPORT, by_hand], [grade(BY_HAND, "overall effectiveness")])
    assert found.cells["without_overall"] is None and found.unread == []


def test_the_list_comes_from_a_source_that_could_read_one() -> None:
    poor = head("first", 3, report="ab", listed=0, unread="areas for improvement")
    found = one_of([poor, head("second", 2, report="cd", listed=1)], [], [item("second", 1)])
    assert [one.source for one in found.weaknesses] == ["second"]


def test_rows_from_before_readings_gave_a_length_are_merged_by_number() -> None:
    old = [head("ofsted", report="ab"), head(BY_HAND)]
    found = one_of(old, GRADES, [item("ofsted", 1), item("ofsted", 2), item(BY_HAND, 2, "Visits.")])
    assert [one.cells["says"] for one in found.weaknesses] == ["Plans.", "Visits."]
    assert len(found.judgements) == 3


def test_every_day_of_publication_is_told_once() -> None:
    day = date(2024, 3, 1).toordinal()
    heads = [
        head("ofsted", report="ab", published_on=day, published_by="the report", published_in_name=day + 2),
        head("outcomes", published_on=day + 2, published_by="the official table"),
        head("other", published_on=day + 3),
    ]
    assert one_of(heads).published_otherwise == [
        (date(2024, 3, 3), "the file’s name"),
        (date(2024, 3, 4), "other"),
    ]
