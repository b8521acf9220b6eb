"""What a pack follows up: claims, promises and directions, requests and questions, each with what became of it.

A standing is given twice: at the end of the period by what was public then, and by the pack's moment. Each
outcome has its own day.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from lineofsight.oversight import members_questions as members
from lineofsight.oversight import promises as promises_of
from lineofsight.oversight.statements import INVERSES, Statement
from lineofsight.queries.public_versions import Known
from lineofsight.vocabulary.moments import end_of, london_day, microseconds, moment_of
from lineofsight.vocabulary.refusal import Refused

_NUMBER = re.compile("[0-9]+")
SETTLED = (members.ANSWERED, members.REFUSED)
"""The standings of a request or question that waits for nobody."""
NO_ANSWER, ANSWERED = "no answer found", "answered"


@dataclass(frozen=True)
class PackQuery:
    """What a pack is asked for; `topics` empty means all, `known_by` None means all the record holds."""

    first: date
    last: date
    topics: tuple[str, ...] = ()
    known_by: datetime | None = None

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise Refused("The period ends before it begins; give the first day first.")

    def holds(self, day: date) -> bool:
        """Whether a day is one of the period."""
        return self.first <= day <= self.last

    def is_about(self, statement: Statement) -> bool:
        """Whether a statement has one of the topics asked for."""
        return not self.topics or not set(self.topics).isdisjoint(statement.topics)


@dataclass(frozen=True)
class Linked:
    """A statement that another links to, or that links to it: how, and the day from which that was public."""

    relation: str
    statement: Statement
    public_on: date


@dataclass(frozen=True)
class Followed:
    """A claim, promise or request, first public on a day, with its standing at the end of the period, by what was
    public then, and at the pack's moment.

    `outcomes` are what others say of it by the pack's moment, in the order in which they became public.
    """

    statement: Statement
    public_on: date
    standing_then: str
    standing: str
    outcomes: tuple[Linked, ...]


_BOTH_WAYS = ("contradicts", "counts_differently", "also_says")
_SAID_OF_A_CLAIM = (*_BOTH_WAYS, "answers", "corrects", "keeps", "breaks", "became_of")
"""Relations that tell what became of a claim; what is only its background is shown on its own page."""


# -- what became of it ----------------------------------------------------------------------------------


def _outcomes(now: Known, statement: Statement, relations: Sequence[str]) -> tuple[Linked, ...]:
    """What others say of a statement by these relations, those of `_BOTH_WAYS` also where it makes them."""
    found: dict[tuple[str, str], Linked] = {}
    for relation in relations:
        name = INVERSES[relation]
        for other in now.statements.to(statement, relation) if relation in _BOTH_WAYS else ():
            found[name, other.reference] = Linked(name, other, now.linked_since(statement, relation, other))
        for other in now.statements.of(statement, relation):
            found[name, other.reference] = Linked(name, other, now.linked_since(other, relation, statement))
    return tuple(sorted(found.values(), key=lambda each: (each.public_on, each.statement.reference)))


def _before(query: PackQuery, now: Known) -> Known:
    """What was known when the period began."""
    return Known(now.versions, min(microseconds(end_of(query.first - timedelta(days=1))), now.moment))


def place(each: Followed) -> tuple[date, str]:
    """The order of a list: by the day on which each became public, then by name, 2 before 10."""
    return each.public_on, _NUMBER.sub(lambda number: number[0].zfill(9), each.statement.reference)


# -- claims -----------------------------------------------------------------------------------------------


def claims(query: PackQuery, then: Known, now: Known) -> Iterator[Followed]:
    """The claims that became public in the period."""
    for claim in now.statements:
        first = now.first_public_on(claim)
        if claim.kind != "claim" or not query.is_about(claim) or not query.holds(first):
            continue
        outcomes = _outcomes(now, claim, _SAID_OF_A_CLAIM)
        by_then = then.current(claim.reference)
        said_then = _outcomes(then, by_then, _SAID_OF_A_CLAIM) if by_then else ()
        yield Followed(claim, first, _claim_standing(said_then), _claim_standing(outcomes), outcomes)


def _claim_standing(outcomes: Iterable[Linked]) -> str:
    how = {outcome.relation for outcome in outcomes}
    words = {
        "contradicted_by": "contradicted",
        "counted_differently_by": "counted differently",
        "corrected_by": "corrected",
        "answered_by": "answered",
    }
    return ", ".join(word for name, word in words.items() if name in how) or "nothing found that answers it"


# -- promises ---------------------------------------------------------------------------------------------


def promises(query: PackQuery, then: Known, now: Known) -> Iterator[Followed]:
    """Undertakings and directions public by the end of the period, unless settled before it began."""
    before = promises_of.promises(_before(query, now).statements, query.first)
    settled = {each.statement.reference for each in before if each.outcomes}
    as_at = london_day(moment_of(now.moment))
    by_now = {each.statement.reference: each for each in promises_of.promises(now.statements, as_at)}
    for promise in promises_of.promises(then.statements, min(query.last, as_at)):
        reference = promise.statement.reference
        if reference in settled or not query.is_about(promise.statement):
            continue
        later = by_now.get(reference, promise)
        yield Followed(
            later.statement,
            now.first_public_on(later.statement),
            promise.standing,
            later.standing,
            _outcomes(now, later.statement, ("keeps", "breaks", "became_of")),
        )


# -- requests and questions -------------------------------------------------------------------------------


def requests(query: PackQuery, then: Known, now: Known) -> Iterator[Followed]:
    """Requests and questions public by the end of the period, unless answered before it began."""
    answered = {
        each.statement.reference
        for each in promises_of.asked(_before(query, now).statements)
        if each.answered
    }
    by_now = {each.statement.reference: each for each in promises_of.asked(now.statements)}
    for request in promises_of.asked(then.statements):
        reference = request.statement.reference
        if reference in answered or not query.is_about(request.statement):
            continue
        later = by_now.get(reference, request)
        yield Followed(
            later.statement,
            now.first_public_on(later.statement),
            _answer(request),
            _answer(later),
            _outcomes(now, later.statement, ("answers",)),
        )
    yield from _members_questions(query, then, now)


def _answer(request: promises_of.Request) -> str:
    return ANSWERED if request.answered else NO_ANSWER


def _members_questions(query: PackQuery, then: Known, now: Known) -> Iterator[Followed]:
    """The same of the questions that elected members asked here; their outcomes are the steps after the asking."""
    as_at = london_day(moment_of(now.moment))
    before = members.members_questions(_before(query, now).statements, query.first - timedelta(days=1))
    closed = {each.name for each in before.questions if each.closed_on}
    by_now = members.members_questions(now.statements, as_at)
    for question in members.members_questions(then.statements, min(query.last, as_at)).questions:
        if question.name in closed or not query.is_about(question.asked):
            continue
        later = by_now.named(question.name) or question
        steps = (each for each in later.progress.taken if each.reference != later.asked.reference)
        yield Followed(
            later.asked,
            now.first_public_on(later.asked),
            question.state,
            later.state,
            tuple(Linked(INVERSES["answers"], each, now.first_public_on(each)) for each in steps),
        )
