"""Undertakings and directions with their outcomes; requests and questions with their replies."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from lineofsight.oversight.statements import MEMBER_QUESTION, Statement, Statements
from lineofsight.vocabulary.days import read_period

KEPT = "kept"
BROKEN = "broken"
DISPUTED = "kept and broken, by different accounts"
ENDED_OTHERWISE = "overtaken"
LATE = "due, with no outcome found"
OPEN = "no outcome found"


@dataclass(frozen=True)
class Promise:
    """An undertaking or a direction, its standing on a day, and the statements behind it."""

    statement: Statement
    standing: str
    kept_by: list[Statement]
    broken_by: list[Statement]
    became: list[Statement]

    @property
    def outcomes(self) -> list[Statement]:
        """Every statement about its outcome, in order of the day it was said."""
        every = {one.reference: one for one in (*self.kept_by, *self.broken_by, *self.became)}
        return sorted(every.values(), key=lambda one: (one.said_first, one.reference))


def promises(statements: Statements, day: date) -> list[Promise]:
    """Every undertaking and direction, with its standing on a day, oldest first."""
    return [promise for one in statements if (promise := promise_of(statements, one, day))]


def promise_of(statements: Statements, statement: Statement, day: date) -> Promise | None:
    """An undertaking or a direction with its standing on a day; None where a statement is neither."""
    required = statement.subject_kind == "direction" and (
        statement.due_on is not None or statement.step == "required"
    )
    if statement.kind != "undertaking" and not required:
        return None
    kept, broken = statements.of(statement, "keeps"), statements.of(statement, "breaks")
    became = statements.of(statement, "became_of")
    return Promise(statement, _standing(statement, kept, broken, became, day), kept, broken, became)


def _standing(
    statement: Statement, kept: list[Statement], broken: list[Statement], became: list[Statement], day: date
) -> str:
    if kept or broken:
        return DISPUTED if kept and broken else KEPT if kept else BROKEN
    if became:
        return ENDED_OTHERWISE
    due = read_period(statement.due_on or "")
    return LATE if due and due.last < day else OPEN


@dataclass(frozen=True)
class Request:
    """A request or a question with its replies, and the statements that a reply was looked for and not found."""

    statement: Statement
    replies: list[Statement]
    not_found: list[Statement]

    @property
    def answered(self) -> bool:
        """Whether any reply is known."""
        return bool(self.replies)


def asked(statements: Statements) -> list[Request]:
    """Every request and question with its replies, oldest first; members' questions are apart (`members_questions`)."""
    every = (request_of(statements, one) for one in statements if one.subject_kind != MEMBER_QUESTION)
    return [request for request in every if request]


def request_of(statements: Statements, statement: Statement) -> Request | None:
    """A request or a question with its replies; None where a statement is neither."""
    if statement.kind not in ("request", "question"):
        return None
    answers = statements.of(statement, "answers")
    said, sought = _parted(answers)
    return Request(statement, said, sought)


def _parted(answers: Iterable[Statement]) -> tuple[list[Statement], list[Statement]]:
    answers = list(answers)
    return [a for a in answers if a.kind != "not found"], [a for a in answers if a.kind == "not found"]
