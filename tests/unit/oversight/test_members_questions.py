"""Members' questions: their clocks, what stops them, and what they are never mixed up with."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lineofsight.oversight import promises, questions
from lineofsight.oversight.members_questions import (
    STATES,
    MembersQuestion,
    clear_days_after,
    members_questions,
)
from lineofsight.oversight.statements import Statements
from tests.support.builders import known

DAY = date(2019, 7, 1)


def said(on: str, step: str, name: str = "q", **cells: Any) -> dict[str, Any]:
    return {
        "id": f"{name}-{on}-{step}".replace(" ", "-"),
        "subject_kind": "member question",
        "subject": name,
        "said_on": on,
        "step": step,
        "kind": "question" if step in ("asked", "followed up") else "official record",
        **cells,
    }


ASKED = said("2019-06-01", "asked", due_on="2019-06-15", asked_of="the director")
DOCUMENT = said("2019-06-03", "asked", kind="request")
STOP, GO = said("2019-06-05", "clarification asked"), said("2019-06-09", "clarified")


def only(statements: Statements, day: date = DAY) -> MembersQuestion:
    (found,) = members_questions(statements, day).questions
    return found


def test_ten_clear_days_count_neither_the_first_nor_the_last() -> None:
    between = (clear_days_after(date(2019, 6, 3), 10) - date(2019, 6, 3)).days - 1
    assert (between, clear_days_after(date(2019, 6, 3), 10)) == (10, date(2019, 6, 14))


@pytest.mark.parametrize(
    ("steps", "day", "state", "due", "late", "stopped"),
    [
        ((ASKED,), "2019-06-15", "waiting", "2019-06-15", 0, 0),
        ((ASKED,), "2019-06-16", "overdue", "2019-06-15", 1, 0),
        ((ASKED, STOP), "2019-06-04", "waiting", "2019-06-15", 0, 0),
        ((ASKED, STOP), "2019-06-05", "clarification asked", "2019-06-15", 0, 0),
        ((ASKED, STOP), "2019-07-01", "clarification asked", "2019-07-11", 0, 26),
        ((ASKED, STOP, GO), "2019-06-19", "waiting", "2019-06-19", 0, 4),
        ((ASKED, STOP, GO), "2019-06-20", "overdue", "2019-06-19", 1, 4),
        ((ASKED, STOP, GO, said("2019-06-21", "answered")), "2019-08-01", "answered", "2019-06-19", 2, 4),
        ((ASKED, STOP, said("2019-06-08", "answer refused")), "2019-08-01", "refused", "2019-06-18", 0, 3),
        (
            (ASKED, said("2019-06-18", "clarification asked")),
            "2019-07-01",
            "clarification asked",
            "2019-06-28",
            3,
            13,
        ),
        ((DOCUMENT,), "2019-06-14", "waiting", "2019-06-14", 0, 0),
        ((DOCUMENT,), "2019-06-15", "overdue", "2019-06-14", 1, 0),
        ((said("2019-06-01", "asked"),), "2029-01-01", "waiting", None, 0, 0),
    ],
)
def test_the_clock(
    steps: tuple[dict[str, Any], ...], day: str, state: str, due: str | None, late: int, stopped: int
) -> None:
    found = only(known(*steps), date.fromisoformat(day))
    assert (found.state, found.due and found.due.isoformat()) == (state, due)
    assert (found.days_late, found.days_stopped) == (late, stopped)
    assert found.state in STATES
    assert found.days_waited == ((found.closed_on or found.day) - found.asked_on).days - stopped
    assert (found.stopped_since is not None) is (state == "clarification asked")
    assert (found.answer is not None) is (state in ("answered", "refused"))


def test_each_due_day_has_its_rule() -> None:
    assert only(known(DOCUMENT)).limit.law == "SI 2012/2089, regulation 17"
    assert "no law" in only(known(ASKED)).limit.says
    assert only(known(said("2019-06-01", "asked"))).limit.says.startswith("no day")


def test_several_stops_are_added_up() -> None:
    found = only(
        known(ASKED, STOP, GO, said("2019-06-12", "clarification asked"), said("2019-06-14", "clarified"))
    )
    assert (found.days_stopped, found.due) == (6, date(2019, 6, 21))


def test_a_step_that_cannot_follow_changes_nothing_and_is_listed() -> None:
    found = only(known(ASKED, GO))
    assert (found.state, found.days_stopped, len(found.progress.out_of_order)) == ("overdue", 0, 1)


def test_follow_ups_stand_under_their_question_and_the_latest_is_first() -> None:
    answered = said("2019-06-04", "answered")
    to = {"bears_on": answered["id"]}
    rows = known(
        ASKED,
        answered,
        said("2019-06-10", "followed up", "q-1", **to),
        said("2019-06-12", "followed up", "q-2", **to),
        said("2019-06-11", "asked", "other"),
    )
    found = members_questions(rows, DAY)
    assert [one.name for one in found.questions] == ["other", "q", "q-1", "q-2"]
    assert [one.name for one in found.follow_ups("q")] == ["q-1", "q-2"]
    assert found.named("q-1") == found.questions[2]
    assert found.named("none") is None
    assert [one.name for one in members_questions(rows, date(2019, 6, 10)).questions] == ["q", "q-1"]


def test_a_follow_up_of_nothing_known_or_of_a_circle_is_not_lost() -> None:
    first = said("2019-06-01", "followed up", "a", bears_on="b-2019-06-02-followed-up")
    second = said("2019-06-02", "followed up", "b", bears_on="a-2019-06-01-followed-up")
    third = said("2019-06-03", "followed up", "c", bears_on="nowhere")
    found = members_questions(known(first, second, third), DAY)
    assert sorted(one.name for one in found.questions) == ["a", "b", "c"]


def test_a_reply_to_what_nobody_asked_is_told_apart() -> None:
    found = members_questions(known(said("2019-06-04", "answered", "lost"), ASKED), DAY)
    assert [one.name for one in found.questions] == ["q"]
    assert [one.subject for one in found.not_asked] == ["lost"]


def test_they_are_in_no_list_of_other_questions() -> None:
    other = {"id": "call", "kind": "request", "said_on": "2019-06-01"}
    rows = known(ASKED, DOCUMENT | {"subject": "d", "id": "d"}, STOP, other)
    assert [one.name.partition("/")[2] for one in questions.questions(rows, DAY)] == ["call"]
    assert [one.statement.id for one in promises.asked(rows)] == ["call"]
    assert {one.name for one in members_questions(rows, DAY).questions} == {"q", "d"}
