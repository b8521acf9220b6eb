"""Directions, notices and orders: their issuers, what replaces what, and what each requires.

A statutory direction is given under section 497A of the Education Act 1996, which section 50 of the Children Act
2004 extends to children's social care; best-value directions under section 15 of the Local Government Act 1999.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from lineofsight.oversight.statements import Statement, Statements
from lineofsight.oversight.steps import by_subject, in_order, in_step_order, steps_of
from lineofsight.oversight.transitions import BEGIN, Machine, Progress, Transition, progress_of
from lineofsight.vocabulary.days import read_period

IN_FORCE = "in force"
INSTRUMENT = Machine(
    "instrument",
    (
        Transition("issued", (BEGIN,), IN_FORCE, "It is in force from the day it was issued."),
        Transition("varied", (IN_FORCE,), IN_FORCE, "It was changed and remains the same instrument."),
        Transition("replaced", (IN_FORCE,), "replaced", "Another instrument replaced it."),
        Transition("lifted", (IN_FORCE,), "lifted", "Its issuer withdrew it."),
        Transition("expired", (IN_FORCE,), "expired", "It reached its end date."),
    ),
)
REQUIREMENT = Machine(
    "requirement",
    (
        Transition("required", (BEGIN, "dropped"), "open", "The instrument requires it."),
        Transition("met", ("open", "not met"), "met", "It was done."),
        Transition("not met", ("open",), "not met", "Its due day passed and it was not done."),
        Transition("requirement dropped", ("open", "not met"), "dropped", "It is no longer required."),
    ),
)
NEVER_SAID = "no end was found"
_TEXT = re.compile(r"\btext\b", re.IGNORECASE)
_REPORTED_BY = ", as reported by "
OVERDUE = "overdue"
"""The standing of a requirement whose due day has passed, if no source says whether it was met."""
OUTSTANDING = ("open", "not met", OVERDUE)
"""The standings of a requirement that nothing has met yet."""
MET_AND_NOT = "met and not met, by different accounts"
"""The standing of a requirement of which one source says that it was met and another that it was not."""


@dataclass(frozen=True)
class Requirement:
    """One thing an instrument requires: its statement, due day, standing on a day, and evidence.

    `met_by` and `not_met_by` are the part of the evidence that says it was done, or was not; `not_found` are the
    statements that its outcome was looked for in vain.
    """

    statement: Statement
    standing: str
    due_on: str | None
    shown_by: tuple[Statement, ...]
    met_by: tuple[Statement, ...] = ()
    not_met_by: tuple[Statement, ...] = ()
    not_found: tuple[Statement, ...] = ()

    @property
    def late_days(self) -> int | None:
        """How many days after its due day it was met; None if it was not met or has no due day."""
        due = read_period(self.due_on or "")
        met = [one.first_day for one in self.shown_by if one.step == "met"]
        return max(0, (met[0] - due.last).days) if due and met and self.standing == "met" else None


@dataclass(frozen=True)
class Instrument:
    """One instrument on a day: who issued it, its standing, what it requires, who was appointed under it."""

    subject: str
    issuer: str | None
    progress: Progress[Statement]
    issued_on: date | None
    ended_on: date | None
    replaces: tuple[str, ...]
    replaced_by: tuple[str, ...]
    requirements: tuple[Requirement, ...]
    appointed: tuple[Statement, ...]
    conflicts: tuple[tuple[Statement, Statement], ...]
    end_not_found: tuple[Statement, ...]
    ended_by: Statement | None
    statements: tuple[Statement, ...]

    day: date

    @property
    def standing(self) -> str:
        """Its standing; NEVER_SAID after the days stated at its issue, or once its end was looked for in vain."""
        if self.progress.standing != IN_FORCE:
            return self.progress.standing
        issue = next((one for one in self.progress.taken if one.step == "issued"), None)
        if issue is None:
            return IN_FORCE
        known = issue.speaks_of(self.day) and not any(one.speaks_of(self.day) for one in self.end_not_found)
        return IN_FORCE if known else NEVER_SAID

    @property
    def in_force(self) -> bool:
        """Whether it is in force, as far as the sources show."""
        return self.standing == IN_FORCE

    @property
    def outstanding(self) -> tuple[Requirement, ...]:
        """What nothing has met yet of what it requires; nothing if it is not in force."""
        return tuple(each for each in self.requirements if self.in_force and each.standing in OUTSTANDING)

    @property
    def not_found(self) -> tuple[Statement, ...]:
        """The statements that something about it was looked for in vain."""
        own = (one for one in self.statements if one.kind == "not found")
        return tuple({one.reference: one for one in (*own, *self.end_not_found)}.values())

    @property
    def stated_until(self) -> str | None:
        """The last day, month or year of which the statement of its issue speaks; None if it has no end."""
        issue = next((one for one in self.progress.taken if one.step == "issued"), None)
        return (issue.about_to or issue.about_from or issue.said_on) if issue and issue.ended_on else None

    @property
    def known_until(self) -> date | None:
        """The last day up to which sources show it in force; None if it has no known end."""
        if self.ended_on:
            return self.ended_on
        issue = next((one for one in self.progress.taken if one.step == "issued"), None)
        looked = [one.first_day for one in self.end_not_found]
        return (issue.last_day if issue else None) or min(looked, default=None)


def instruments(statements: Statements, day: date) -> list[Instrument]:
    """Every instrument issued by a day, in order of issue."""
    told = by_subject(statements, "direction", day)
    made = [
        _instrument(subject, own, told, statements, day) for subject, own in told.items() if steps_of(own)
    ]
    return sorted(made, key=lambda one: (one.issued_on or date.max, one.subject))


def _instrument(
    subject: str, own: list[Statement], every: dict[str, list[Statement]], statements: Statements, day: date
) -> Instrument:
    after = _replacing(subject, own, every, statements)
    steps = steps_of(own)
    issue = next((one for one in steps if one.step == "issued"), None)
    ends = [other for other in after if other.step == "issued"]
    standing = progress_of(INSTRUMENT, _with_replacement(steps, ends), over_gaps=True)
    end = next((one for one, to in standing.reached if to != IN_FORCE), None)
    return Instrument(
        subject,
        _issuer(issue),
        standing,
        issue.first_day if issue else None,
        end.first_day if end else None,
        _replaces(issue, statements),
        tuple(one.subject for one in ends),
        tuple(requirement(one, statements, day) for one in own if requires(one)),
        tuple(
            one
            for one in in_order((one for one in statements if one.event in ("appointed", "in post")), day)
            if one.subject_kind == "post" and _under(one, own)
        ),
        _conflicts(own, statements),
        tuple(one for one in statements.of(issue, "answers") if one.kind == "not found") if issue else (),
        end,
        tuple(own),
        day,
    )


def without_their_text(statements: Statements) -> set[str]:
    """The instruments whose text was looked for in vain: what they require is known only from other sources."""
    return {
        one.subject
        for one in statements
        if one.subject_kind == "direction" and one.kind == "not found" and _TEXT.search(one.says)
    }


def issued_by(statements: Statements, subject: str) -> str | None:
    """Who issued an instrument; None if no source names them."""
    told = (one for one in statements if one.subject_kind == "direction" and one.subject == subject)
    return next((who for one in told if one.step == "issued" and (who := _issuer(one))), None)


def _issuer(issue: Statement | None) -> str | None:
    """Who issued it: the author of its record, or whom a report names before ", as reported by"."""
    if issue is None or not (issue.kind == "official record" or _REPORTED_BY in issue.said_by):
        return None
    return issue.said_by


def _with_replacement(steps: list[Statement], issues: list[Statement]) -> list[Statement]:
    """The steps, with the issue of the replacement as step `replaced` if no statement has that step."""
    if not issues or any(one.step == "replaced" for one in steps):
        return steps
    return [*steps, replace(issues[0], step="replaced")]


def _replacing(
    subject: str, own: list[Statement], every: dict[str, list[Statement]], statements: Statements
) -> list[Statement]:
    """Statements of other instruments that say what happened to this one."""
    names = {one.reference for one in own}
    return [
        one
        for other, told in every.items()
        if other != subject
        for one in told
        if names & {before.reference for before in statements.to(one, "became_of")}
    ]


def _replaces(issue: Statement | None, statements: Statements) -> tuple[str, ...]:
    """The instruments that an issue replaces."""
    before = statements.to(issue, "became_of") if issue else []
    return tuple(
        dict.fromkeys(
            one.subject
            for one in before
            if one.subject_kind == "direction" and issue and one.subject != issue.subject
        )
    )


def requires(statement: Statement) -> bool:
    """Whether a statement of an instrument is of one thing that it requires."""
    return statement.step == "required" or (statement.due_on is not None and statement.step is None)


def requirement(statement: Statement, statements: Statements, day: date) -> Requirement:
    """One thing that an instrument requires, by what its sources tell of the time up to a day."""
    kept, broken = statements.of(statement, "keeps"), statements.of(statement, "breaks")
    told = [
        other
        for other in (*kept, *broken, *statements.of(statement, "became_of"))
        if other.begun_on <= day.toordinal()
    ]
    shown = tuple(other for other in told if other.kind != "not found")
    sought = [other for other in statements.of(statement, "answers") if other.begun_on <= day.toordinal()]
    return Requirement(
        statement,
        _standing(statement, shown, kept, broken, day),
        statement.due_on,
        shown,
        met_by=tuple(other for other in shown if other in kept or other.step == "met"),
        not_met_by=tuple(other for other in shown if other in broken or other.step == "not met"),
        not_found=tuple(other for other in (*told, *sought) if other.kind == "not found"),
    )


def _standing(
    statement: Statement,
    shown: tuple[Statement, ...],
    kept: list[Statement],
    broken: list[Statement],
    day: date,
) -> str:
    if any(other.step in REQUIREMENT.steps for other in shown):
        return stands(shown)
    met, undone = (any(other in shown for other in told) for told in (kept, broken))
    if met or undone:
        return MET_AND_NOT if met and undone else "met" if met else "not met"
    due = read_period(statement.due_on or "")
    return OVERDUE if due and due.last < day else "open"


def stands(told: Iterable[Statement]) -> str:
    """The standing of a requirement by its steps; before the first step it was open."""
    return progress_of(REQUIREMENT, in_step_order(REQUIREMENT, told), "open").standing


def _under(statement: Statement, own: list[Statement]) -> bool:
    """Whether somebody was appointed under an instrument, by a link of either to the other.

    If a statement only says that somebody is in post, it must link to the instrument itself.
    """
    names = {other.reference for other in own}
    if statement.event == "appointed" and any(
        statement.reference in other.links("bears_on") for other in own
    ):
        return True
    linked = {to for relation in ("bears_on", "keeps", "answers") for to in statement.links(relation)}
    return bool(names & linked)


_THOUGHT = ("claim", "reason")


def _conflicts(own: list[Statement], statements: Statements) -> tuple[tuple[Statement, Statement], ...]:
    """What sets this instrument against another, whichever of the two it is about.

    Two statements that contradict each other, or somebody's account of one instrument that bears on the other: that
    two are in tension is said of both, and neither is untrue for it.
    """
    return tuple(
        (one, other)
        for one in own
        for other in [*statements.contradictions(one), *_in_tension(one, statements)]
        if other.subject_kind == "direction" and other.subject != one.subject
    )


def _in_tension(statement: Statement, statements: Statements) -> list[Statement]:
    told = [other for other in statements.of(statement, "bears_on") if other.kind in _THOUGHT]
    return [*told, *(statements.to(statement, "bears_on") if statement.kind in _THOUGHT else [])]
