"""Undertakings and orders with their outcomes; requests and questions with their replies.

An undertaking counts from the day it was given, and what an order requires from the day the order is about. Only
outcomes of the time up to a day count on it, so that a requirement stands here as it does among the orders.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from lineofsight.oversight import directions
from lineofsight.oversight.statements import MEMBER_QUESTION, Statement, Statements
from lineofsight.vocabulary.days import read_period

KEPT = "kept"
BROKEN = "broken"
DISPUTED = "kept and broken, by different accounts"
OVERTAKEN = "overtaken"
"""Somebody says that it was replaced or given up."""
TOLD = "outcome told"
"""Somebody tells what became of it, but not whether that keeps or breaks it."""
LATE = "due, with no outcome found"
OPEN = "no outcome found"
KEPT_LATE = "kept late"
"""Met, as a source says, but only after the day it was due. Only of orders: there a source gives the day."""
AFTERWARDS = "open on this day"
"""No outcome by the day, but one that came later is known."""


_OF_REQUIREMENTS = {
    "met": KEPT,
    "not met": BROKEN,
    directions.MET_AND_NOT: DISPUTED,
    "dropped": OVERTAKEN,
    directions.OVERDUE: LATE,
}
_OF_ORDERS = {
    KEPT: "met",
    KEPT_LATE: "met late",
    BROKEN: "not met",
    DISPUTED: directions.MET_AND_NOT,
    OVERTAKEN: "dropped",
}
_IN_A_COUNT = {
    KEPT: "kept or met",
    KEPT_LATE: "kept or met late",
    BROKEN: "broken or not met",
    DISPUTED: "both, by different accounts",
    OVERTAKEN: "overtaken or dropped",
    TOLD: "with another outcome told",
    AFTERWARDS: "with an outcome only after this day",
    OPEN: "with no outcome found",
}
_GIVEN_UP = ("replaced", "dropped")
"""The steps that say that something was replaced or given up."""


@dataclass(frozen=True)
class Promise:
    """An undertaking or a requirement of an order, its standing on a day, and the statements behind it."""

    statement: Statement
    standing: str
    kept_by: list[Statement]
    broken_by: list[Statement]
    became: list[Statement]
    later: tuple[Statement, ...] = ()
    """What is known of its outcome from the time after the day."""

    @property
    def outcomes(self) -> list[Statement]:
        """Every statement about its outcome, in order of the day it was said."""
        every = {one.reference: one for one in (*self.kept_by, *self.broken_by, *self.became)}
        return sorted(every.values(), key=lambda one: (one.said_first, one.reference))

    @property
    def ordered(self) -> bool:
        """Whether an order requires it: then whoever said it is not whoever has to do it."""
        return _is_ordered(self.statement)

    @property
    def status(self) -> str:
        """Its standing in words: what an order requires is met or not, and nobody breaks it who only ordered it."""
        return _OF_ORDERS.get(self.standing, self.standing) if self.ordered else self.standing

    @property
    def made_about(self) -> str:
        """The day, month or year it was made: when it was said, or for an order the day the order is about."""
        return (self.ordered and self.statement.about_from) or self.statement.said_on


def promises(statements: Statements, day: date) -> list[Promise]:
    """Every undertaking and requirement made by a day, with its standing on it, oldest first."""
    found = [promise for one in statements if (promise := promise_of(statements, one, day))]
    made = [(_made_on(promise), promise) for promise in found]
    return [promise for on, promise in sorted(made, key=lambda one: one[0]) if on <= day]


def counted(found: Iterable[Promise]) -> list[tuple[str, int]]:
    """How many promises have each outcome, as every page counts them; those past their day have none found too."""
    counts = Counter(OPEN if one.standing == LATE else one.standing for one in found)
    return [(words, counts[standing]) for standing, words in _IN_A_COUNT.items() if counts[standing]]


def _made_on(promise: Promise) -> date:
    return promise.statement.first_day if promise.ordered else promise.statement.said_first


def promise_of(statements: Statements, statement: Statement, day: date) -> Promise | None:
    """An undertaking or a requirement with its standing on a day; None where a statement is neither."""
    ordered = _is_ordered(statement)
    if statement.kind != "undertaking" and not ordered:
        return None
    every = {how: statements.of(statement, how) for how in ("keeps", "breaks", "became_of")}
    kept, broken, became = (
        [told for told in several if told.begun_on <= day.toordinal()] for several in every.values()
    )
    later = tuple(
        told
        for told in {one.reference: one for several in every.values() for one in several}.values()
        if told.begun_on > day.toordinal() and told.kind != "not found"
    )
    if ordered:
        requirement = directions.requirement(statement, statements, day)
        standing = _OF_REQUIREMENTS.get(requirement.standing) or OPEN
        standing = KEPT_LATE if standing == KEPT and requirement.late_days else standing
    else:
        standing = _standing(statement, kept, broken, day)
    if standing in (OPEN, LATE) and became:
        given_up = any(one.step in _GIVEN_UP for one in became)
        standing = OVERTAKEN if given_up and not ordered else TOLD
    if standing == OPEN and later:
        standing = AFTERWARDS
    return Promise(statement, standing, kept, broken, became, later)


def _is_ordered(statement: Statement) -> bool:
    return statement.subject_kind == "direction" and directions.requires(statement)


def _standing(statement: Statement, kept: list[Statement], broken: list[Statement], day: date) -> str:
    if kept or broken:
        return DISPUTED if kept and broken else KEPT if kept else BROKEN
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


def asked(statements: Statements, day: date | None = None) -> list[Request]:
    """Every request and question put by a day, or ever, with its replies, oldest first.

    Members' questions are apart (`members_questions`).
    """
    every = (request_of(statements, one) for one in statements if one.subject_kind != MEMBER_QUESTION)
    return [request for request in every if request and (day is None or request.statement.said_first <= day)]


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
