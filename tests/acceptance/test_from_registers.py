"""Of the thirty-one statements, those whose answer is a row of a register: asked of the registers, with the day and source."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from lineofsight.queries.record import View
from lineofsight.service.receive.recipe import Outcome
from tests.support import answers


def view(day: str) -> View:
    return View(date.fromisoformat(day), datetime(2100, 1, 1, tzinfo=UTC))


def post(name: str, day: str) -> dict[str, Any]:
    return next(one for one in answers.posts("928", view(day)) if one["post"] == name)


def instruments(day: str) -> dict[str, dict[str, Any]]:
    return {one["subject"]: one for one in answers.instruments("928", view(day))}


def test_l4_the_directors_that_a_source_names(record: Outcome) -> None:
    named = {one["holder"] for one in post("director of children's services", "2019-10-31")["tenures"]}
    assert {"Alex Hopkins", "Lesley Hagger", "Sally Hodges"} <= named


def test_l5_who_left_in_the_week_of_the_letter(record: Outcome) -> None:
    hodges = next(
        one
        for one in post("director of children's services", "2019-10-31")["tenures"]
        if one["holder"] == "Sally Hodges"
    )
    assert hodges["until"] == "2019-10-25" and hodges["until_exact"]


def test_l6_the_commissioner_appointed_and_gone(record: Outcome) -> None:
    newsam = next(
        one
        for one in post("commissioner for children's services", "2020-01-01")["tenures"]
        if one["holder"] == "Malcolm Newsam"
    )
    assert newsam["from"] == "2018-11-30" and newsam["until"].startswith("2019-10")


def test_l11_and_l13_the_official_grades_area_by_area(record: Outcome) -> None:
    answer = answers.inspected("928", view("2019-10-09"))
    (one,) = [each for each in answer["inspections"] if each["id"] == "ilacs-2019-06-17"]
    grades = {judged["area"]: judged["grade"] for judged in one["judgements"]}
    assert grades == {
        "overall effectiveness": "inadequate",
        "impact of leaders": "requires improvement",
        "help and protection": "inadequate",
        "in care and care leavers": "inadequate",
    }
    told = {each["subject"] for each in answer["told_by_statements"]}
    assert {"single inspection, February 2016", "focused visit, October 2018"} <= told


@pytest.mark.parametrize("successor", ["940", "941"])
def test_no_grade_is_carried_to_a_successor(record: Outcome, successor: str) -> None:
    answer = answers.inspected(successor, view("2026-01-01"))
    assert answer["follows"] == [{"code": "928", "name": "Northamptonshire"}]
    assert {judged["grade"] for judged in answer["inspections"][0]["judgements"]} == {"requires improvement"}
    assert answers.inspected(successor, view("2022-10-02"))["inspections"] == []


def test_l14_findings_that_return_reach_across_the_succession(record: Outcome) -> None:
    later = {one["later"]["authority"] for one in answers.recurring("928", view("2026-01-01"))["candidates"]}
    assert later == {"928"}
    assert [one["code"] for one in answers.recurring("940", view("2026-01-01"))["line"]] == [
        "940",
        "928",
    ]


@pytest.mark.parametrize(
    ("code", "publication"),
    [("Child Ak", "published"), ("Child Ap", "published"), ("JL", "withheld, Panel not shown")],
)
def test_l15_c8_and_c10_reviews_by_code_with_what_was_decided(
    record: Outcome, code: str, publication: str
) -> None:
    found = {one["code"]: one for one in answers.reviews("928", view("2019-06-11"))}
    assert found[code]["publication"] == publication


def test_c1_the_updated_direction_with_the_one_it_replaced(record: Outcome) -> None:
    found = instruments("2019-06-11")["updated direction of June 2019"]
    assert found["replaces"] == ["direction of November 2018"] and found["issued_on"] == "2019-06-10"
    due = {one["due"] for one in found["requirements"]}
    assert due == {"2020-07", None}  # most requirements have no day in any source


def test_c5_who_is_liable_commissions_and_operates(record: Outcome) -> None:
    (before,) = answers.functions("928", view("2019-06-11"))
    (after,) = answers.functions("928", view("2020-11-01"))
    assert before["on_the_day"]["operates"] != after["on_the_day"]["operates"]
    assert (
        before["on_the_day"]["liable"] == after["on_the_day"]["liable"] == ["Northamptonshire County Council"]
    )


def test_c6_who_was_appointed_under_which_instrument(record: Outcome) -> None:
    appointed = {
        name: {one["holder"] for one in each["appointed"]} for name, each in instruments("2020-01-01").items()
    }
    assert appointed["best-value direction of May 2018"] == {"Tony McArdle and Brian Roberts"}
    assert appointed["direction of November 2018"] == {"Malcolm Newsam"}
    assert appointed["direction of October 2019"] == {"Andrew Christie", "Clare Chamberlain"}
