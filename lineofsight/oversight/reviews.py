"""Reviews of serious incidents, by code: two regimes, their time limits, and decisions about publishing.

Before 29 June 2018 a safeguarding board held reviews (Local Safeguarding Children Boards Regulations 2006, reg. 5).
From 2013 it put any decision not to publish before a national panel of independent experts. From 29 June 2018
safeguarding partners hold reviews, and the Child Safeguarding Practice Review Panel is notified (Children Act 2004,
ss. 16A to 16E; SI 2018/789, transition from 29 June 2018). Nothing here shows who a review was about.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from lineofsight.oversight.statements import Statement, Statements
from lineofsight.oversight.steps import in_order, steps_of
from lineofsight.oversight.transitions import BEGIN, Machine, Progress, Transition, progress_of
from lineofsight.vocabulary.calendar import months_after, working_days_after, working_days_before
from lineofsight.vocabulary.days import read_period

CHANGED_ON = date(2018, 6, 29)
"""The first day of the present regime (SI 2018/789)."""
BOARDS_ENDED_ON = date(2020, 9, 29)
"""The last day on which a board could finish its own reviews: general knowledge, unconfirmed."""

_DONE, _SHOWN, _SEEN = "completed", "with the Panel", "acknowledged by the Panel"
_UNSHOWN, _SENT, _REASONED = (
    "withheld, Panel not shown",
    "withheld, sent to the Panel",
    "withheld with reasons",
)
_TO_PUBLISH, _TO_REDACT, _TO_LEARN = "to be published", "to be published redacted", "learning to be published"
_WITHHELD = (_UNSHOWN, _SENT, _REASONED)

_REVIEWED = (
    Transition("review begun", ("to be reviewed",), "under review", "The review begins."),
    Transition("review completed", ("under review",), _DONE, "Its report is finished."),
)
_PUBLISHING = (
    Transition("sent to the panel", (_DONE,), _SHOWN, "The report goes to the Panel before publication."),
    Transition(
        "sent to the panel", (_UNSHOWN,), _SENT, "The report, which is already withheld, goes to the Panel."
    ),
    Transition(
        "not received by the panel",
        (_SHOWN,),
        _DONE,
        "The Panel, or a minister, says that the report has not arrived.",
    ),
    Transition(
        "not received by the panel",
        (_UNSHOWN, _SENT),
        _UNSHOWN,
        "The withheld report has not arrived at the Panel.",
    ),
    Transition("acknowledged by the panel", (_SHOWN,), _SEEN, "The Panel has the report."),
    Transition("acknowledged by the panel", (_SENT,), _REASONED, "The Panel has the withheld report."),
    Transition(
        "decided to publish", (_SEEN, *_WITHHELD), _TO_PUBLISH, "The report is to be published in full."
    ),
    Transition(
        "decided to publish redacted",
        (_SEEN, *_WITHHELD),
        _TO_REDACT,
        "The report is to be published in part.",
    ),
    Transition(
        "decided to publish learning only",
        (_SEEN, *_WITHHELD),
        _TO_LEARN,
        "Only the learning is to be published.",
    ),
    Transition(
        "decided to withhold",
        (_DONE, _SHOWN),
        _UNSHOWN,
        "The report is not to be published, and the Panel has not seen it.",
    ),
    Transition(
        "decided to withhold",
        (_SEEN, _TO_PUBLISH, _TO_REDACT, _TO_LEARN),
        _REASONED,
        "The report is not to be published.",
    ),
    Transition("published", (_TO_PUBLISH,), "published", "The report is public."),
    Transition("published redacted", (_TO_REDACT,), "published redacted", "The report is public in part."),
    Transition(
        "learning published",
        (_TO_LEARN,),
        "learning published",
        "The learning is public, and the report is not.",
    ),
)

BEFORE = Machine(
    "serious case review",
    (
        Transition("incident", (BEGIN,), "known", "A serious incident becomes known."),
        Transition("decided to review", ("known",), "to be reviewed", "The board decides to hold a review."),
        Transition(
            "decided not to review", ("known",), "not reviewed", "The board decides not to hold a review."
        ),
        *_REVIEWED,
        *_PUBLISHING,
        Transition(
            "decided to publish",
            (_DONE, _SHOWN),
            _TO_PUBLISH,
            "Publishing did not need the panel of experts.",
        ),
    ),
)

PRESENT = Machine(
    "practice review",
    (
        Transition("incident", (BEGIN,), "known", "A serious incident becomes known."),
        Transition(
            "notified",
            ("known",),
            "notified",
            "The authority notifies the Panel (Children Act 2004, s. 16C).",
        ),
        Transition(
            "rapid review held",
            ("notified",),
            "rapidly reviewed",
            "The partners review the incident quickly.",
        ),
        Transition(
            "decided to review", ("rapidly reviewed",), "to be reviewed", "A local review is to be held."
        ),
        Transition(
            "decided not to review", ("rapidly reviewed",), "not reviewed", "No local review is to be held."
        ),
        *_REVIEWED,
        *_PUBLISHING,
    ),
)

PANEL = {
    "sent to the panel": "sent to it",
    "not received by the panel": "no",
    "acknowledged by the panel": "yes",
}
"""The steps that say whether the national panel had a report, each with what it says of that."""

PUBLISHED = {
    "published": "published",
    "published redacted": "redacted",
    "learning published": "learning only",
}


@dataclass(frozen=True)
class Clock:
    """A time limit on a review: from which step to which, how long, its source, and how well that is known."""

    code: str
    says: str
    begins: str
    ends: str
    limit: str
    due: Callable[[date], date | None]
    source: str
    confidence: str
    """A code of `confidence`. A limit whose text was not read is unconfirmed, and pages say so."""
    regimes: tuple[Machine, ...] = (PRESENT,)


CLOCKS: tuple[Clock, ...] = (
    Clock("C1", "the Panel is notified", "incident", "notified", "5 working days", lambda day: working_days_after(day, 5),
          "Working Together, as local procedures give it; some count from the incident, others from becoming aware", "partial"),
    Clock("C2", "the rapid review is held", "notified", "rapid review held", "15 working days", lambda day: working_days_after(day, 15),
          "Panel guidance, as a partnership's procedure gives it: an expectation, not a rule of law", "partial"),
    Clock("C3", "the review is published", "decided to review", "published", "6 months", lambda day: months_after(day, 6),
          "Working Together, chapter 5, as a local page gives it; the regulation was not read", "unconfirmed"),
    Clock("C5", "the board's review is finished", "decided to review", "review completed", "about 6 months", lambda day: months_after(day, 6),
          "a board's chair in 2013, as reported: about half a year", "partial", (BEFORE,)),
    Clock("C4", "the Panel has the report before it is published", "published", "sent to the panel", "7 working days before",
          lambda day: working_days_before(day, 7), "SI 2018/789 as generally told; the number was not read", "unconfirmed"),
)  # fmt: skip
"""The time limits on a review. None is shown as law unless the law was read."""


@dataclass(frozen=True)
class Timed:
    """One time limit of one review on a day: when it began, when it is due, and whether it was met."""

    clock: Clock
    begun_on: date | None
    due_on: date | None
    ended_on: date | None
    state: str


@dataclass(frozen=True)
class Review:
    """One review by its code, with its standing, publication, time limits and statements on a day."""

    code: str
    regime: Machine
    progress: Progress[Statement]
    publication: str
    clocks: tuple[Timed, ...]
    statements: tuple[Statement, ...]
    decision: Statement | None
    """The latest statement of a decision about publishing."""

    @property
    def look_again_on(self) -> str | None:
        """The day for looking at the decision again, if one was stated."""
        return self.decision.due_on if self.decision else None

    @property
    def grounds(self) -> list[Statement]:
        """The reasons given about it."""
        return [told for told in self.statements if told.kind == "reason"]

    @property
    def panel(self) -> Statement | None:
        """The latest statement whether the national panel had the report; None if no source says."""
        return next((told for told in reversed(steps_of(self.statements)) if told.step in PANEL), None)


_CODE = re.compile(r"(?:Child |Family |Adult )?(?:[A-Z][A-Za-z]?|[A-Z]{3})[0-9]{0,4}")
_NAMED = re.compile(rf"\breview ({_CODE.pattern})$")


def codes_of(statement: Statement) -> list[str]:
    """The codes of the reviews a statement is about. A decision about a review has the code at its end."""
    if statement.subject_kind == "review":
        return [code for code in re.split(r", | and ", statement.subject) if _CODE.fullmatch(code)]
    found = _NAMED.search(statement.subject) if statement.subject_kind == "decision" else None
    return [found.group(1)] if found else []


def reviews(statements: Statements, day: date) -> list[Review]:
    """Every review that statements mention by a day, in order of first mention."""
    found: dict[str, list[Statement]] = {}
    for statement in in_order(statements, day):
        for code in codes_of(statement):
            found.setdefault(code, []).append(statement)
    return [
        _review(code, told, day)
        for code, told in found.items()
        if any(one.kind != "not found" for one in told)
    ]


def _review(code: str, told: list[Statement], day: date) -> Review:
    steps = steps_of(told)
    first = next((one.first_day for one in steps or told if one.kind != "not found"), day)
    regime = _regime(first, told)
    standing = progress_of(regime, steps, over_gaps=True)
    decisions = [
        one for one in steps if (one.step or "").startswith("decided to ") and one.step != "decided to review"
    ]
    over = standing.standing in PUBLISHED
    clocks = tuple(_timed(clock, steps, day, over=over) for clock in CLOCKS if regime in clock.regimes)
    decision = decisions[-1] if decisions else None
    return Review(code, regime, standing, publication(standing), clocks, tuple(told), decision)


def _regime(first: date, told: list[Statement]) -> Machine:
    """The regime: a board's until 29 June 2018 or, if a board made a statement about it, until boards ended."""
    of_a_board = any("safeguarding children board" in one.said_by.lower() for one in told)
    return BEFORE if first < CHANGED_ON or (first <= BOARDS_ENDED_ON and of_a_board) else PRESENT


def publication(standing: Progress[Statement]) -> str:
    """The decision about publishing: published, redacted, learning only, withheld (and whether the Panel saw it), or none."""
    if standing.standing in PUBLISHED:
        return PUBLISHED[standing.standing]
    return (
        standing.standing
        if standing.standing in (*_WITHHELD, _TO_PUBLISH, _TO_REDACT, _TO_LEARN)
        else "no decision known"
    )


def _timed(clock: Clock, steps: list[Statement], day: date, *, over: bool) -> Timed:
    """A time limit on a day. After publication, a step without a date is not overdue but not known."""
    begun, ended = _day_of(steps, clock.begins), _day_of(steps, clock.ends)
    due = clock.due(begun) if begun else None
    state = "cannot be told" if over and ended is None else _state(due, ended, day)
    return Timed(clock, begun, due, ended, state)


def _day_of(steps: list[Statement], step: str) -> date | None:
    """The exact day of a step; None if only a month or a year is known, because a time limit counts days."""
    for taken in steps:
        period = read_period(taken.about_from or taken.said_on) if taken.step == step else None
        if period and period.is_one_day:
            return period.first
    return None


def _state(due: date | None, ended: date | None, day: date) -> str:
    if due is None:
        return "cannot be told"
    if ended is not None:
        return "met" if ended <= due else f"late by {(ended - due).days} days"
    return "running" if day <= due else f"overdue by {(day - due).days} days"
