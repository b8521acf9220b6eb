"""One clock, and a chain of them: each begins where the one before it was met. Days are ordinals."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from lineofsight.clocks.catalogue import Kind
from lineofsight.vocabulary.calendar import Calendar
from lineofsight.vocabulary.limits import Limit, due_on

State = Literal["running", "due_soon", "overdue", "met", "met_late", "ended", "cannot_tell"]
STATES: tuple[State, ...] = ("running", "due_soon", "overdue", "met", "met_late", "ended", "cannot_tell")

ChooseLimit = Callable[[int, Sequence[Limit], int], Limit]
"""Chooses a limit by the number of the step, the kind's limits and the day the step begins."""

SOON_WORKING_DAYS = 10
"""A clock is due soon where no more working days than this are left."""


@dataclass(frozen=True)
class Clock:
    """One clock of a child, as the record knew it. `ended_on`: the day it was met, or on which what it is about ended."""

    kind: Kind
    child: str
    begun_on: int
    due_on: int
    limit: Limit
    source: str
    """The source whose row began it."""
    met: bool = False
    ended_on: int | None = None
    can_tell: bool = True
    """Whether that source ever delivered the table that would end it."""
    notes: tuple[str, ...] = ()

    @property
    def identity(self) -> tuple[str, str, int, int]:
        """Clocks alike in these are one clock."""
        return self.child, self.kind.code, self.begun_on, self.due_on

    def breached_on(self, as_at: int) -> int | None:
        """The day after the due day, where it was not kept by then."""
        if not self.can_tell:
            return None
        last = as_at if self.ended_on is None else self.ended_on
        return self.due_on + 1 if last > self.due_on else None

    def state(self, as_at: int, calendar: Calendar) -> State:
        """Its state on a day."""
        if not self.can_tell:
            return "cannot_tell"
        if self.met and self.ended_on is not None:
            return "met" if self.ended_on <= self.due_on else "met_late"
        if self.ended_on is not None:
            return "ended"
        if as_at > self.due_on:
            return "overdue"
        return "due_soon" if self.working_days_left(as_at, calendar) <= SOON_WORKING_DAYS else "running"

    def working_days_left(self, as_at: int, calendar: Calendar) -> int:
        """Working days after a day, up to and with the due day."""
        return calendar.working_days_between(date.fromordinal(as_at), date.fromordinal(self.due_on))


@dataclass(frozen=True)
class Rules:
    """What clocks are worked out by, beside a child's rows.

    `has_table`: whether a source had ever delivered a table. `local_limits`: an authority's own, by source and code.
    """

    as_at: int
    calendar: Calendar
    has_table: Callable[[str, str], bool]
    local_limits: Mapping[tuple[str, str], Limit] = field(default_factory=dict)
    tables_since: frozenset[int] = frozenset()
    """The moments (microseconds) at which a source first delivered a table."""

    def limits_of(self, kind: Kind, source: str) -> tuple[Limit, ...]:
        """A kind's limits, step by step; empty where the authority has not set its own for a source."""
        if kind.whose == "national":
            return kind.limits
        own = self.local_limits.get((source, kind.code))
        return (own,) if own else ()

    def due(self, kind: Kind, limit: Limit, begun: int) -> int:
        """The due day of a limit from a day."""
        return due_on(limit, date.fromordinal(begun), self.calendar, kind.convention).toordinal()


@dataclass(frozen=True)
class Anchor:
    """What a clock is about: an episode, a plan, a placement. It lasts from its first day to the day it ended."""

    child: str
    source: str
    begun_on: int
    ended_on: int | None
    notes: tuple[str, ...] = ()

    def closed_by(self, as_at: int) -> int | None:
        """The day it ended, where that is not after a day."""
        return self.ended_on if self.ended_on is not None and self.ended_on <= as_at else None


def chain(
    rules: Rules,
    kind: Kind,
    anchor: Anchor,
    events: Iterable[int],
    limit_from: ChooseLimit | None = None,
) -> list[Clock]:
    """The clocks of an anchor, each begun by the event that met the one before.

    An event on the anchor's last day meets a clock, and none begins on that day. `limit_from` chooses the limit
    of a step where it is not simply that of its number.
    """
    limits = rules.limits_of(kind, anchor.source)
    if not limits or anchor.begun_on > rules.as_at or _holds_on_no_day(anchor):
        return []
    ended = anchor.closed_by(rules.as_at)
    last = rules.as_at if ended is None else ended
    days = sorted({day for day in events if anchor.begun_on <= day <= last})
    found, begun = list[Clock](), anchor.begun_on
    for step, day in enumerate([*days, None]):
        limit = limit_from(step, limits, begun) if limit_from else limits[min(step, len(limits) - 1)]
        found.append(_clock(rules, kind, anchor, begun, limit, day, ended))
        if day is None or day == ended:
            break
        begun = day
    return found


def _holds_on_no_day(anchor: Anchor) -> bool:
    return anchor.ended_on is not None and anchor.ended_on <= anchor.begun_on


def _clock(
    rules: Rules, kind: Kind, anchor: Anchor, begun: int, limit: Limit, met_on: int | None, ended: int | None
) -> Clock:
    return Clock(
        kind,
        anchor.child,
        begun,
        rules.due(kind, limit, begun),
        limit,
        anchor.source,
        met=met_on is not None,
        ended_on=ended if met_on is None else met_on,
        can_tell=met_on is not None or rules.has_table(anchor.source, kind.ends_in),
        notes=(*anchor.notes, kind.note) if kind.note else anchor.notes,
    )


def single(rules: Rules, kind: Kind, anchor: Anchor, met_on: int | None) -> list[Clock]:
    """The one clock of an anchor that a single event ends; none where the anchor begins after the day asked for."""
    limits = rules.limits_of(kind, anchor.source)
    if not limits or anchor.begun_on > rules.as_at:
        return []
    return [_clock(rules, kind, anchor, anchor.begun_on, limits[0], met_on, anchor.closed_by(rules.as_at))]
