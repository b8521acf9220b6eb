"""Questions that elected members asked: public, each with its clock, its answer and the questions that follow it.

They are statements about a subject of kind `member question`. A question that somebody wrote down from a
published source, or that the authority asked itself, is none of them (`lineofsight.oversight.questions`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from lineofsight.oversight.statements import MEMBER_QUESTION, Statement, Statements
from lineofsight.oversight.steps import in_step_order
from lineofsight.oversight.transitions import BEGIN, Machine, Progress, Transition, progress_of
from lineofsight.vocabulary.days import read_period

WAITING = "waiting"
OVERDUE = "overdue"
STOPPED = "clarification asked"
ANSWERED = "answered"
REFUSED = "refused"
STATES = (OVERDUE, WAITING, STOPPED, ANSWERED, REFUSED)
"""How a question can stand on a day, what needs work first. `overdue` is `waiting` after its due day."""

_OPEN = (WAITING, STOPPED)

MEMBERS_QUESTION = Machine(
    "member’s question",
    (
        Transition("asked", (BEGIN,), WAITING, "An elected member asks it; its clock starts."),
        Transition(
            "followed up", (BEGIN,), WAITING, "A member asks further about an answer; a clock of its own."
        ),
        Transition(
            "clarification asked", (WAITING,), STOPPED, "It is not clear what is asked; the clock stops."
        ),
        Transition("clarified", (STOPPED,), WAITING, "The member says what is meant; the clock goes on."),
        Transition("answered", _OPEN, ANSWERED, "It is answered, or the document is given."),
        Transition(
            "answer refused", _OPEN, REFUSED, "The answer or the document is refused, with the reason."
        ),
    ),
)
"""Which step may follow which for a member's question."""

CLEAR_DAYS = 10


@dataclass(frozen=True)
class Limit:
    """What sets the day by which an answer is due: a law with its place, or nobody but the member who asks."""

    says: str
    law: str | None = None


DOCUMENT = Limit(
    "ten clear days: neither the day it was asked nor the day it is due is counted, weekends are",
    "SI 2012/2089, regulation 17",
)
"""A member of a scrutiny committee asks for a document of the executive (regulation 17(2); reasons in writing: 17(4)).

"Clear" is read as between two days with neither of them counted: no answer is called late that is in time on
another reading. The regulation says nothing of a clock that stops; that is the rule of this page.
"""
ASKED_FOR = Limit("the day that the member asked for; no law sets it")
NO_LIMIT = Limit("no day was asked for, and no law sets one")


def clear_days_after(day: date, count: int) -> date:
    """The day before which there are `count` clear days since a day."""
    return day + timedelta(days=count + 1)


@dataclass(frozen=True)
class Stop:
    """One time for which the clock stood: from the day of the question back, to the day it went on, if it has."""

    since: date
    until: date | None

    def days_by(self, day: date) -> int:
        """For how many days it had stood by a day."""
        return max(0, (min(self.until or day, day) - self.since).days)


@dataclass(frozen=True)
class MembersQuestion:
    """One question as at a day, from every statement about it up to then."""

    name: str
    statements: tuple[Statement, ...]
    progress: Progress[Statement]
    day: date
    follows: str | None = None
    """The name of the question that it follows up, where it does."""

    @property
    def asked(self) -> Statement:
        """The statement that asked it."""
        return self.progress.taken[0]

    @property
    def asked_on(self) -> date:
        """The day on which its clock started."""
        return self.asked.first_day

    @property
    def is_document(self) -> bool:
        """Whether it asks for a document for scrutiny."""
        return self.asked.kind == "request"

    @property
    def limit(self) -> Limit:
        """The rule that gives its due day."""
        return DOCUMENT if self.is_document else ASKED_FOR if self.asked.due_on else NO_LIMIT

    @property
    def first_due(self) -> date | None:
        """The day it was due when it was asked, before any stop of its clock."""
        if self.is_document:
            return clear_days_after(self.asked_on, CLEAR_DAYS)
        period = read_period(self.asked.due_on or "")
        return period.last if period else None

    @property
    def stops(self) -> tuple[Stop, ...]:
        """The times for which its clock stood."""
        found: list[Stop] = []
        for statement, to in self.progress.reached:
            if found and found[-1].until is None:
                found[-1] = Stop(found[-1].since, statement.first_day)
            if to == STOPPED:
                found.append(Stop(statement.first_day, None))
        return tuple(found)

    @property
    def closed_on(self) -> date | None:
        """The day on which it was answered or refused."""
        return None if self.progress.standing in _OPEN else self.progress.taken[-1].first_day

    @property
    def stopped_since(self) -> date | None:
        """Since when its clock stands; None where it runs or has ended."""
        return self.stops[-1].since if self.progress.standing == STOPPED else None

    @property
    def days_stopped(self) -> int:
        """For how many days its clock stood."""
        return sum(stop.days_by(self.day) for stop in self.stops)

    @property
    def days_waited(self) -> int:
        """For how many days its clock ran, to its end or the day it is shown as at."""
        return ((self.closed_on or self.day) - self.asked_on).days - self.days_stopped

    @property
    def due(self) -> date | None:
        """The day it is due: put off by as many days as its clock stood."""
        return self.first_due and self.first_due + timedelta(days=self.days_stopped)

    @property
    def days_late(self) -> int:
        """By how many days its due day has passed, or had passed when it ended; 0 where it had not."""
        return max(0, ((self.closed_on or self.day) - self.due).days) if self.due else 0

    @property
    def state(self) -> str:
        """How it stands, one of `STATES`."""
        late = self.progress.standing == WAITING and self.days_late
        return OVERDUE if late else self.progress.standing

    @property
    def answer(self) -> Statement | None:
        """The statement that answered it or refused the answer."""
        return self.progress.taken[-1] if self.closed_on else None


@dataclass(frozen=True)
class MembersQuestions:
    """Every question by a day, and the statements about questions that nobody is known to have asked."""

    questions: tuple[MembersQuestion, ...]
    not_asked: tuple[Statement, ...]

    def named(self, name: str) -> MembersQuestion | None:
        """The question of a name."""
        return next((one for one in self.questions if one.name == name), None)

    def follow_ups(self, name: str) -> list[MembersQuestion]:
        """The questions that follow one directly, in the order they were asked."""
        return [one for one in self.questions if one.follows == name]


def members_questions(statements: Statements, day: date) -> MembersQuestions:
    """Every question asked by a day, as at that day: the latest first, each before those that follow it up."""
    rows: dict[str, list[Statement]] = {}
    for statement in in_step_order(MEMBERS_QUESTION, statements):
        if statement.subject_kind == MEMBER_QUESTION and statement.first_day <= day:
            rows.setdefault(statement.subject, []).append(statement)
    of_reference = {one.reference: name for name, said in rows.items() for one in said}
    found, not_asked = list[MembersQuestion](), list[Statement]()
    for name, said in rows.items():
        at = progress_of(MEMBERS_QUESTION, said)
        if not at.taken:
            not_asked += said
            continue
        follows = (of_reference.get(to) for to in at.taken[0].links("bears_on"))
        before = next((one for one in follows if one not in (None, name)), None)
        found.append(MembersQuestion(name, tuple(said), at, day, before))
    return MembersQuestions(tuple(_threaded(found)), tuple(not_asked))


def _threaded(found: Iterable[MembersQuestion]) -> list[MembersQuestion]:
    """The latest asked first, and after each those that follow it, the earliest first."""
    every = sorted(found, key=lambda one: (one.asked_on, one.asked.link, one.name))
    under: dict[str | None, list[MembersQuestion]] = {}
    known = {one.name for one in every}
    for question in every:
        under.setdefault(question.follows if question.follows in known else None, []).append(question)
    ordered: list[MembersQuestion] = []
    waiting = list(under.pop(None, []))
    while waiting:
        ordered.append(question := waiting.pop())
        waiting += reversed(under.pop(question.name, []))
    # What follows itself in a circle, which only a file can say, comes last and is not lost.
    return [*ordered, *(one for rest in under.values() for one in rest)]
