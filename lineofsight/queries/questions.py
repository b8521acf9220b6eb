"""Questions with how long each has waited, and the readiness checks that wait for their answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lineofsight.oversight import questions as rules
from lineofsight.queries.improvement import WorkHead, head
from lineofsight.queries.record import Record, View
from lineofsight.queries.statements import Reference, refer, statements


@dataclass(frozen=True)
class Step:
    """A step of a question and the statement that took it."""

    step: str | None
    statement: Reference


@dataclass(frozen=True)
class StepReached(Step):
    """A step and where it led."""

    standing: str


@dataclass(frozen=True)
class Question:
    """One question. `standing` is shown as at the day; `stands` leaves out that it is overdue."""

    name: str
    title: str
    asked_by: str
    asked_of: str | None
    asked_on: str
    due: str | None
    standing: str
    stands: str
    overdue: bool
    days_waited: int
    looked_in: list[str]
    steps: list[StepReached]
    out_of_order: list[Step]
    statements: list[Reference]


@dataclass(frozen=True)
class Waiver:
    """A question that a readiness check no longer waits for, and why."""

    question: str
    why: str
    statement: Reference


@dataclass(frozen=True)
class Gate:
    """One readiness check: the questions it waits for."""

    name: str
    standing: str
    questions: list[str]
    waiting_for: list[str]
    waived: list[Waiver]
    open_when_passed: list[str]
    statements: list[Reference]


@dataclass(frozen=True)
class Questions(WorkHead):
    """Every question and readiness check as at a day."""

    count: int
    questions: list[Question]
    gates: list[Gate]


def known(record: Record, view: View, day: date) -> list[rules.Question]:
    """Every question asked by a day."""
    return rules.questions(statements(record, view), day)


def gates(record: Record, view: View, day: date) -> list[rules.Gate]:
    """Every readiness check set by a day."""
    return rules.gates(statements(record, view), day)


def questions(record: Record, view: View, day: date) -> Questions:
    """The answer of `questions --json`."""
    found = known(record, view, day)
    return Questions(
        **vars(head(record, view, day)),
        count=len(found),
        questions=[_question(each, day) for each in found],
        gates=[_gate(each) for each in gates(record, view, day)],
    )


def _question(each: rules.Question, day: date) -> Question:
    return Question(
        name=each.name,
        title=each.asked.title,
        asked_by=each.asked.said_by,
        asked_of=each.asked.asked_of,
        asked_on=each.asked.said_on,
        due=each.due,
        standing=each.shown_standing(day),
        stands=each.standing,
        overdue=each.is_overdue(day),
        days_waited=each.days_waited(day),
        looked_in=each.looked_in,
        steps=[StepReached(step.step, refer(step.statement), to) for step, to in each.progress.reached],
        out_of_order=[Step(step.step, refer(step.statement)) for step in each.progress.out_of_order],
        statements=[refer(stated) for stated in each.statements],
    )


def _gate(each: rules.Gate) -> Gate:
    return Gate(
        name=each.name,
        standing=each.standing,
        questions=[question.name for question in each.questions],
        waiting_for=[question.name for question in each.waiting_for],
        waived=[
            Waiver(waiver.question.name, waiver.statement.says, refer(waiver.statement))
            for waiver in each.waivers
        ],
        open_when_passed=[question.name for question in each.open_when_passed],
        statements=[refer(stated) for stated in each.statements],
    )
