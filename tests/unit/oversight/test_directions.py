"""Who issued an instrument, and what is said of its end."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lineofsight.oversight import directions
from tests.support.builders import known

ISSUE: dict[str, Any] = {
    "id": "issue",
    "subject_kind": "direction",
    "subject": "direction of 2018",
    "step": "issued",
    "kind": "official record",
    "said_by": "Department",
    "said_on": "2018-11-30",
    "about_to": "open",
}
NOT_FOUND: dict[str, Any] = {
    "id": "no-end",
    "subject_kind": "direction",
    "subject": "direction of 2018",
    "kind": "not found",
    "said_by": "This record",
    "said_on": "2026-11-22",
    "about_from": "2022",
    "about_to": "2026-11",
    "answers": "issue",
}


def standing(day: str, *told: dict[str, Any]) -> str:
    (one,) = directions.instruments(known(*told), date.fromisoformat(day))
    return one.standing


@pytest.mark.parametrize(("day", "is_now"), [("2021-12-31", "in force"), ("2022-01-01", "no end was found")])
def test_an_end_that_was_looked_for_in_vain_is_not_a_time_in_force(day: str, is_now: str) -> None:
    assert standing(day, ISSUE, NOT_FOUND) == is_now


def test_without_such_a_search_an_instrument_with_no_end_stays_in_force() -> None:
    assert standing("2024-01-01", ISSUE) == "in force"


@pytest.mark.parametrize(
    ("kind", "said_by", "issuer"),
    [
        ("official record", "Department", "Department"),
        ("reported", "Department, as reported by a paper", "Department, as reported by a paper"),
        ("reported", "A paper", None),
    ],
)
def test_a_reporter_is_not_the_issuer(kind: str, said_by: str, issuer: str | None) -> None:
    (one,) = directions.instruments(known({**ISSUE, "kind": kind, "said_by": said_by}), date(2019, 1, 1))
    assert one.issuer == issuer


REQUIRED: dict[str, Any] = {
    **ISSUE,
    "id": "to-improve",
    "step": "required",
    "owner": "The council",
    "due_on": "2019-05",
}


def outcome(id: str, **cells: Any) -> dict[str, Any]:
    return {"id": id, "subject_kind": "decision", "subject": "a plan", "said_on": "2019-04-02", **cells}


def test_what_met_a_requirement_what_did_not_and_what_was_looked_for_stand_apart() -> None:
    told = known(
        ISSUE,
        REQUIRED,
        outcome("done", keeps="to-improve"),
        outcome("undone", breaks="to-improve"),
        outcome("besides", became_of="to-improve"),
        outcome("sought", kind="not found", answers="to-improve", looked_in="the council's papers"),
        outcome("later", keeps="to-improve", said_on="2021-01-01"),
    )
    ((requirement,),) = [one.requirements for one in directions.instruments(told, date(2019, 12, 1))]
    names = [
        [one.id for one in part]
        for part in (requirement.met_by, requirement.not_met_by, requirement.shown_by, requirement.not_found)
    ]
    assert names == [["done"], ["undone"], ["done", "undone", "besides"], ["sought"]]


@pytest.mark.parametrize(
    ("day", "open_now"), [("2019-01-01", ["to-improve"]), ("2019-06-01", ["to-improve"])]
)
def test_what_nothing_has_met_is_outstanding_while_the_order_is_in_force(
    day: str, open_now: list[str]
) -> None:
    (order,) = directions.instruments(known(ISSUE, REQUIRED), date.fromisoformat(day))
    assert [each.statement.id for each in order.outstanding] == open_now


def test_an_order_whose_text_was_looked_for_in_vain_is_named() -> None:
    sought = {**NOT_FOUND, "id": "sought", "says": "No source gives the text of the direction."}
    assert directions.without_their_text(known(ISSUE, NOT_FOUND)) == set()
    assert directions.without_their_text(known(ISSUE, sought)) == {"direction of 2018"}


def test_nothing_is_outstanding_once_it_is_met_or_the_order_is_lifted() -> None:
    lifted = {**ISSUE, "id": "lifted", "step": "lifted", "said_on": "2019-03", "about_from": "2019-03"}
    for told in ((ISSUE, REQUIRED, outcome("done", keeps="to-improve")), (ISSUE, REQUIRED, lifted)):
        (order,) = directions.instruments(known(*told), date(2019, 12, 1))
        assert order.requirements and order.outstanding == ()
    assert order.ended_by and order.ended_by.about_from == "2019-03"
    assert order.known_until == date(2019, 3, 1)


def test_the_end_stated_at_its_issue_is_kept_as_written() -> None:
    (order,) = directions.instruments(known({**ISSUE, "about_to": "2021-03"}), date(2019, 1, 1))
    assert (order.stated_until, order.known_until) == ("2021-03", date(2021, 3, 31))
    (order,) = directions.instruments(known(ISSUE), date(2019, 1, 1))
    assert (order.stated_until, order.known_until) == (None, None)
