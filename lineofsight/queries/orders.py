"""Government orders as the registers give them: an instrument, what it requires, and what became of that."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from lineofsight.oversight.directions import Instrument
from lineofsight.oversight.directions import Requirement as RequirementOf
from lineofsight.oversight.statements import Statement
from lineofsight.queries.statements import Brief, brief, briefs, full_reference


@dataclass(frozen=True)
class NotFound(Brief):
    """A statement that something was looked for in vain, and where."""

    looked_in: str | None


@dataclass(frozen=True)
class Requirement(Brief):
    """One thing a direction or order requires, of whom, where it stands, and what says that it was met or not."""

    says: str
    of: str
    due: str | None
    standing: str
    late_days: int | None
    shown_by: list[Brief]
    owner: str | None
    met_by: list[Brief]
    not_met_by: list[Brief]
    not_found: list[NotFound]


@dataclass(frozen=True)
class Appointment(Brief):
    """Somebody appointed under an instrument."""

    post: str
    holder: str | None


@dataclass(frozen=True)
class Conflict:
    """A statement of an instrument that cannot stand beside one of another."""

    says: Brief
    against: Brief
    of: str


@dataclass(frozen=True)
class Direction:
    """One direction, notice or order: who issued it, where it stands, what it requires.

    `ended_about` is the day, month or year of its end as the source gives it, and `stated_until` that of which the
    statement of its issue speaks; `known_until` is the last day up to which sources show it in force. `outstanding` are the references of the
    requirements that nothing has met yet, if it is in force.
    """

    subject: str
    issuer: str | None
    standing: str
    in_force: bool
    issued_on: date | None
    ended_on: date | None
    ended_about: str | None
    stated_until: str | None
    known_until: date | None
    replaces: list[str]
    replaced_by: list[str]
    requirements: list[Requirement]
    outstanding: list[str]
    appointed: list[Appointment]
    conflicts: list[Conflict]
    not_found: list[NotFound]
    statements: list[Brief]


def direction_of(each: Instrument) -> Direction:
    """An instrument as the register gives it."""
    return Direction(
        subject=each.subject,
        issuer=each.issuer,
        standing=each.standing,
        in_force=each.in_force,
        issued_on=each.issued_on,
        ended_on=each.ended_on,
        ended_about=(each.ended_by.about_from or each.ended_by.said_on) if each.ended_by else None,
        stated_until=each.stated_until,
        known_until=each.known_until,
        replaces=list(each.replaces),
        replaced_by=list(each.replaced_by),
        requirements=[requirement_of(required) for required in each.requirements],
        outstanding=[full_reference(required.statement) for required in each.outstanding],
        appointed=[
            Appointment(**vars(brief(told)), post=told.subject, holder=told.holder) for told in each.appointed
        ],
        conflicts=[Conflict(brief(own), brief(other), other.subject) for own, other in each.conflicts],
        not_found=_not_found(each.not_found),
        statements=briefs(each.statements),
    )


def requirement_of(each: RequirementOf) -> Requirement:
    """A requirement as the registers give it."""
    return Requirement(
        **vars(brief(each.statement)),
        says=each.statement.says,
        of=each.statement.subject,
        due=each.due_on,
        standing=each.standing,
        late_days=each.late_days,
        shown_by=briefs(each.shown_by),
        owner=each.statement.owner,
        met_by=briefs(each.met_by),
        not_met_by=briefs(each.not_met_by),
        not_found=_not_found(each.not_found),
    )


def _not_found(several: Iterable[Statement]) -> list[NotFound]:
    return [NotFound(**vars(brief(each)), looked_in=each.looked_in) for each in several]
