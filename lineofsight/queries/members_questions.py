"""Questions that elected members asked, each with its clock, its answer and its steps; anybody may read them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from lineofsight.oversight import members_questions as rules
from lineofsight.oversight.statements import Statement
from lineofsight.queries.record import Record, View
from lineofsight.queries.registers import RegisterHead, head
from lineofsight.queries.statements import Reference, handle_of, refer, statements


@dataclass(frozen=True)
class Clock:
    """A question's time limit. `first_due` is before any stop of the clock; days are whole days."""

    first_due: date | None
    due: date | None
    rule: str
    law: str | None
    days_waited: int
    days_stopped: int
    stopped_since: date | None
    days_late: int


@dataclass(frozen=True)
class Step:
    """One step of a question: what it led to, when, and in whose words."""

    step: str
    led_to: str
    on: date
    said_by: str
    says: str
    statement: Reference


@dataclass(frozen=True)
class MembersQuestion:
    """One question. `name` is its number in addresses; `follows` and `follow_ups` are such numbers."""

    name: str
    address: str
    says: str
    asked_by: str
    asked_of: str | None
    asked_on: date
    document: bool
    state: str
    clock: Clock
    answer: Step | None
    follows: str | None
    follow_ups: list[str]
    steps: list[Step]
    out_of_order: list[Reference]


@dataclass(frozen=True)
class MembersQuestions(RegisterHead):
    """The questions as at a day. `after_the_day` were asked later; `not_asked` speak of a question nobody asked."""

    count: int
    states: dict[str, int]
    after_the_day: int
    questions: list[MembersQuestion]
    not_asked: list[Reference]


def known(record: Record, view: View, day: date) -> rules.MembersQuestions:
    """Every question asked by a day."""
    return rules.members_questions(statements(record, view), day)


def members_questions(record: Record, view: View) -> MembersQuestions:
    """Every question asked by the view's day, the latest first, each before those that follow it up."""
    said = statements(record, view)
    found = rules.members_questions(said, view.as_at)
    every = rules.members_questions(said, date.max)
    states = Counter(one.state for one in found.questions)
    return MembersQuestions(
        **vars(head(record, view)),
        count=len(found.questions),
        states={state: states[state] for state in rules.STATES},
        after_the_day=len(every.questions) - len(found.questions),
        questions=[_answer(one, found) for one in found.questions],
        not_asked=[refer(one) for one in found.not_asked],
    )


def address_of(authority: str, handle: str) -> str:
    """The address of a question's own page."""
    return f"/public-record/{authority}/questions/{handle}"


def _answer(members_question: rules.MembersQuestion, among: rules.MembersQuestions) -> MembersQuestion:
    handle = handle_of(members_question.name)
    steps = [_step(said, to) for said, to in members_question.progress.reached]
    return MembersQuestion(
        name=handle,
        address=address_of(members_question.asked.authority, handle),
        says=members_question.asked.says,
        asked_by=members_question.asked.said_by,
        asked_of=members_question.asked.asked_of,
        asked_on=members_question.asked_on,
        document=members_question.is_document,
        state=members_question.state,
        clock=Clock(
            members_question.first_due,
            members_question.due,
            members_question.limit.says,
            members_question.limit.law,
            members_question.days_waited,
            members_question.days_stopped,
            members_question.stopped_since,
            members_question.days_late,
        ),
        answer=steps[-1] if members_question.answer else None,
        follows=handle_of(members_question.follows) if members_question.follows else None,
        follow_ups=[handle_of(each.name) for each in among.follow_ups(members_question.name)],
        steps=steps,
        out_of_order=[refer(said) for said in members_question.progress.out_of_order],
    )


def _step(said: Statement, to: str) -> Step:
    return Step(said.step or "", to, said.first_day, said.said_by, said.says, refer(said))
