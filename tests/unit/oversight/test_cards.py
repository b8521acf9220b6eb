"""The questions of the first page: each answer comes from what is known, and nothing is answered from nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lineofsight.oversight.cards import Card, cards
from tests.support.builders import known

DAY = date(2019, 10, 9)
QUESTIONS = (
    "How many children had no social worker?",
    "Did the leaders stay?",
    "What did inspectors say last?",
    "Was it found before?",
    "Were promises and orders kept?",
    "Were requests and questions answered?",
    "Were the case reviews published?",
    "Who was responsible?",
)


def answers(*statements: dict[str, Any], day: date = DAY) -> dict[str, Card]:
    return {card.question: card for card in cards(known(*statements), day, day)}


def test_nothing_known_is_said_to_be_not_found_and_never_counted_as_none() -> None:
    found = answers()
    assert tuple(found) == QUESTIONS
    assert all(" found" in card.answer and card.on is None for card in found.values())
    assert not any("0" in card.answer for card in found.values())


def a_count(id: str, value: str, on: str, **cells: Any) -> dict[str, Any]:
    said = {"subject_kind": "measure", "subject": "children without a social worker", "unit": "cases"}
    return {"id": id, "value": value, "said_on": on, "counter": id, **said, **cells}


def test_the_latest_count_stands_with_the_others_of_its_weeks_and_keeps_its_noun_and_bound() -> None:
    card = answers(
        a_count("board", "300", "2019-09-20", bound="more than"),
        a_count("council", "232", "2019-10-05"),
        a_count("long before", "551", "2018-01-31"),
        a_count("later", "9", "2019-12-01"),
    )[QUESTIONS[0]]
    assert (
        card.answer == "232 cases (council), 5 October 2019. For the same weeks: more than 300 cases (board)."
    )
    assert card.on == "2019-10-05"


@pytest.mark.parametrize(
    ("events", "answer"),
    [
        ([("a", "2019-10-01", "left")], "No: a, director of children's services, October 2019."),
        ([("a", "2018-10-01", "left")], "No departure was found in the year before this day."),
        ([("a", "2019-12-01", "left")], "No departure was found in the year before this day."),
        ([("a", "2019-10-01", "in post")], "No departure was found in the year before this day."),
        (
            [("a", "2019-03-01", "left"), ("b", "2019-10-01", "left")],
            "No: b, director of children's services, October 2019, and 1 more in a year.",
        ),
    ],
)
def test_leaders_who_left_in_the_year_are_named(events: list[tuple[str, str, str]], answer: str) -> None:
    said = [
        {
            "id": f"{holder}-{event}",
            "subject_kind": "post",
            "subject": "director of children's services",
            "event": event,
            "holder": holder,
            "said_on": on,
        }
        for holder, on, event in events
    ]
    assert answers(*said)[QUESTIONS[1]].answer == answer


def a_grade(id: str, subject: str, area: str, grade: str, on: str) -> dict[str, Any]:
    said = {"subject_kind": "inspection", "subject": subject, "unit": "grade", "value": grade}
    return {"id": id, "definition": area, "said_on": on, **said}


def test_the_last_inspection_is_given_overall_and_by_area() -> None:
    card = answers(
        a_grade("a", "inspection, 2016", "overall effectiveness", "good", "2016-04-27"),
        a_grade("b", "inspection, 2019", "overall effectiveness", "inadequate", "2019-07-29"),
        a_grade("c", "inspection, 2019", "leaders", "requires improvement", "2019-07-29"),
        a_grade("d", "inspection, 2019", "help and protection", "inadequate", "2019-07-29"),
    )[QUESTIONS[2]]
    assert card.answer == (
        "Inadequate overall: inspection, 2019. By area: 1 requires improvement, 1 inadequate."
    )


def test_a_weakness_found_once_is_not_found_before() -> None:
    def weak(id: str, subject: str, on: str) -> dict[str, Any]:
        said = {"subject_kind": "inspection", "theme": "assessment", "found": "weakness"}
        return {"id": id, "subject": subject, "said_on": on, **said}

    first, second = weak("a", "visit one", "2018-10-17"), weak("b", "visit two", "2019-06-28")
    assert answers(first)[QUESTIONS[3]].answer.startswith("No weakness was found at more than one")
    assert answers(first, second)[QUESTIONS[3]].answer == (
        "Yes: assessment was found weak at 2 of 2 inspections and visits."
    )


def test_promises_and_requests_are_counted_by_what_became_of_them() -> None:
    found = answers(
        {"id": "p", "kind": "undertaking", "said_on": "2019-01-01"},
        {"id": "q", "kind": "undertaking", "said_on": "2019-01-02"},
        {"id": "k", "kind": "reported", "said_on": "2019-03-01", "keeps": "p"},
        {"id": "r", "kind": "request", "said_on": "2019-04-01"},
    )
    assert found[QUESTIONS[4]].answer == "Of 2: 1 kept or met, 1 with no outcome found."
    assert found[QUESTIONS[5]].answer == "For 1 of 1 no answer was found."


def test_whoever_is_responsible_is_named_once_with_everything_they_do() -> None:
    def duty(id: str, step: str, body: str) -> dict[str, Any]:
        said = {"subject_kind": "function", "subject": "children's social care", "about_to": "open"}
        return {"id": id, "step": step, "value": body, "said_on": "2018-11-13", **said}

    found = answers(duty("a", "made liable", "The council"), duty("b", "made operator", "The council"))
    assert found[QUESTIONS[7]].answer == "The council answers for it and runs it."
