"""Questions with their clock, and gates that wait for them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lineofsight.oversight import questions as q
from lineofsight.oversight.statements import Statements
from lineofsight.vocabulary.refusal import Refused
from tests.support.builders import known

DAY = date(2020, 1, 1)


def put(on: str, step: str | None, **cells: Any) -> dict[str, Any]:
    return {
        "id": f"{on}-{step or cells.get('kind')}".replace(" ", "-"),
        "subject_kind": "question",
        "subject": "who-decides",
        "said_on": on,
        "step": step,
        **cells,
    }


ASKED = put("2019-01-10", "asked", kind="question", due_on="2019-02", asked_of="the cabinet")


def only(some: Statements, day: date = DAY) -> q.Question:
    (found,) = q.questions(some, day)
    return found


@pytest.mark.parametrize(
    ("steps", "day", "standing"),
    [
        ([], "2019-02-28", "asked"),
        ([], "2019-03-01", "overdue"),
        ([("2019-02-01", "partly answered")], "2019-02-28", "partly answered"),
        ([("2019-02-01", "partly answered")], "2019-03-01", "overdue"),
        ([("2019-02-01", "answered")], "2019-03-01", "answered"),
        ([("2019-02-01", "answered")], "2019-01-31", "asked"),
        ([("2019-02-01", "none found")], "2019-02-28", "none found"),
        ([("2019-02-01", "question withdrawn")], "2019-03-01", "withdrawn"),
        ([("2019-02-01", "answered"), ("2019-02-05", "followed up")], "2019-02-10", "followed up"),
    ],
)
def test_where_a_question_stands(steps: list[tuple[str, str]], day: str, standing: str) -> None:
    found = only(known(ASKED, *(put(*one) for one in steps)), date.fromisoformat(day))
    assert found.shown_standing(date.fromisoformat(day)) == standing


def test_whoever_asks_again_may_give_another_day() -> None:
    found = only(known(ASKED, put("2019-03-05", "followed up", due_on="2019-04-01")), date(2019, 3, 10))
    assert (found.due, found.is_overdue(date(2019, 3, 10))) == ("2019-04-01", False)


def test_questions_of_the_public_record_are_rows_without_being_typed_again() -> None:
    some = known(
        {"id": "q1", "kind": "question", "said_on": "2018-01-10"},
        {"id": "q2", "kind": "request", "said_on": "2018-02"},
        {"id": "q3", "kind": "request", "said_on": "2018-03"},
        {"id": "q4", "kind": "request", "said_on": "2018-04"},
        {"id": "claim", "kind": "claim"},
        {"id": "r", "answers": "q1 q2", "said_on": "2018-01"},
        {
            "id": "n",
            "kind": "not found",
            "looked_in": "the minutes",
            "answers": "q2 q3",
            "said_on": "2018-06",
        },
        {"id": "p", "kind": "claim", "step": "partly answered", "answers": "q4", "said_on": "2018-06"},
    )
    found = {one.name: one for one in q.questions(some, DAY)}
    assert {name: one.standing for name, one in found.items()} == {
        "record/q1": "answered",
        "record/q2": "answered",
        "record/q3": "none found",
        "record/q4": "partly answered",
    }
    assert found["record/q3"].looked_in == ["the minutes"]
    assert [one.id for one in found["record/q1"].statements] == ["q1", "r"]
    assert found["record/q3"].is_open
    assert [one.name for one in q.questions(some, date(2018, 2, 1))] == ["record/q1", "record/q2"]


def test_how_long_it_waited() -> None:
    assert only(known(ASKED)).days_waited(date(2019, 1, 20)) == 10
    assert only(known(ASKED, put("2019-01-15", "answered"))).days_waited(DAY) == 5


GATE = {
    "id": "gate",
    "subject_kind": "gate",
    "subject": "transfer",
    "step": "gate set",
    "said_on": "2019-01-01",
    "bears_on": "2019-01-10-asked",
}
SECOND = put("2019-01-11", "asked", subject="what-it-costs", bears_on="gate", kind="question")
WAIVED = {
    "id": "waived",
    "subject_kind": "gate",
    "subject": "transfer",
    "step": "waived",
    "said_on": "2019-03-01",
    "bears_on": "2019-01-11-asked",
    "says": "The sum is agreed elsewhere.",
    "said_by": "the commissioner",
}
PASSED = {
    "id": "passed",
    "subject_kind": "gate",
    "subject": "transfer",
    "step": "passed",
    "said_on": "2019-04-01",
}


def gate(*more: dict[str, Any], day: str = "2019-12-01") -> q.Gate:
    (found,) = q.gates(known(GATE, ASKED, SECOND, *more), date.fromisoformat(day))
    return found


def test_a_gate_waits_for_its_questions_whichever_says_so() -> None:
    found = gate()
    assert [one.name for one in found.questions] == ["who-decides", "what-it-costs"]
    assert [one.name for one in found.waiting_for] == ["who-decides", "what-it-costs"]
    assert not q.can_pass(found)
    with pytest.raises(Refused, match="2 of its questions are open"):
        q.check_pass(found)


def test_a_waived_question_keeps_who_and_why() -> None:
    found = gate(WAIVED)
    (waiver,) = found.waivers
    assert (waiver.question.name, waiver.statement.said_by, waiver.statement.says) == (
        "what-it-costs",
        "the commissioner",
        "The sum is agreed elsewhere.",
    )
    with pytest.raises(Refused, match="1 of its questions is open"):
        q.check_pass(found)
    assert q.can_pass(gate(WAIVED, put("2019-02-01", "answered")))


def test_a_gate_passed_in_silence_says_so_for_ever() -> None:
    answered_later = put("2019-05-01", "answered")
    found = gate(WAIVED, PASSED, answered_later)
    assert found.standing == "passed with 1 open"
    assert [one.name for one in found.open_when_passed] == ["who-decides"]
    assert gate(WAIVED, PASSED, put("2019-02-01", "answered")).standing == "passed"
    with pytest.raises(Refused, match="at its end"):
        q.check_pass(found)


def test_a_gate_is_as_at_a_day() -> None:
    assert gate(WAIVED, PASSED, day="2019-02-01").standing == "set"
    assert q.gates(known(GATE), date(2018, 12, 31)) == []


def test_what_is_waived_waits_and_has_a_reason() -> None:
    found = gate()
    (first, _) = found.questions
    q.check_waive(found, first, "It was answered in private.")
    with pytest.raises(Refused, match="Say why"):
        q.check_waive(found, first, " ")
    with pytest.raises(Refused, match="does not wait"):
        q.check_waive(gate(WAIVED), gate(WAIVED).questions[1], "why")
    with pytest.raises(Refused, match="cannot be waived"):
        q.check_waive(gate(PASSED), first, "why")


def test_a_motion_that_was_decided_is_a_request_that_was_put() -> None:
    motion = {
        "id": "m",
        "kind": "request",
        "said_on": "2019-09-19",
        "about_from": "2019",
        "subject_kind": "decision",
        "subject": "the motion",
        "step": "decided",
    }
    vain = {
        "id": "n",
        "kind": "not found",
        "answers": "m",
        "looked_in": "the minutes",
        "said_on": "2019-11-22",
    }
    assert only(known(motion)).standing == "asked"
    assert (only(known(motion, vain)).standing, only(known(motion, vain)).looked_in) == (
        "none found",
        ["the minutes"],
    )
    assert only(known(motion)).days_waited(date(2019, 9, 20)) == 1


def test_what_was_looked_for_before_an_answer_came_is_not_told_beside_it() -> None:
    looked = put("2019-02-01", "none found", looked_in="the minutes")
    assert only(known(ASKED, looked, put("2019-02-05", "answered"))).looked_in == []
