"""Everybody a list of children may show, with what it shows of each. Who may see which is decided in `service.access`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals.stable.v2 as nw

from lineofsight.allocation import states
from lineofsight.allocation.on_day import Day
from lineofsight.allocation.owners import worker_on
from lineofsight.allocation.register import Unallocated, unallocated
from lineofsight.allocation.seen import last_seen
from lineofsight.queries.figures import FigureQuery, day_of_children
from lineofsight.queries.holders import held_by
from lineofsight.queries.record import Record, cached_by_state
from lineofsight.record import frames

NEED, PROTECTION, LOOKED_AFTER = "child in need plan", "child protection plan", "looked after"
STANDINGS = {"need_plan": NEED, "protection_plan": PROTECTION, "care_episode": LOOKED_AFTER}
"""What a child may stand under, by the table that states it."""

BANDS = ((0, 1), (1, 7), (7, 28), (28, 91), (91, 182), (182, None))
"""Bands of days waited, from (in) and to (out)."""


# -- children without an allocated worker -------------------------------------------------------------


@dataclass(frozen=True)
class UnallocatedRow:
    """One child without an allocated worker, with what a list shows of them."""

    listed: Unallocated
    standings: frozenset[str]
    teams: frozenset[str]
    """The teams that hold the child that day; where none does, the last that did."""
    workers: frozenset[str]
    last_worker_name: str

    @property
    def child(self) -> str:
        """The child's number."""
        return self.listed.child

    @property
    def team(self) -> str:
        """The team that holds the child, or the last that did."""
        return self.listed.team or min(self.teams, default="")


@dataclass(frozen=True)
class RegisterFilter:
    """Which rows of the list are asked for; an empty field asks for all."""

    state: str = ""
    reason: str = ""
    team: str = ""
    standing: str = ""
    days_from: int | None = None
    days_to: int | None = None

    def keeps(self, row: UnallocatedRow) -> bool:
        """Whether a row is one of those asked for."""
        listed, days = row.listed, row.listed.days
        without = self.standing == "none of these" and not row.standings
        return (
            self.state in ("", listed.state)
            and self.reason in ("", listed.reason or "")
            and self.team in ("", row.team)
            and (not self.standing or self.standing in row.standings or without)
            and (self.days_from is None or (days is not None and days >= self.days_from))
            and (self.days_to is None or (days is not None and days < self.days_to))
        )


SORTS: Mapping[str, Callable[[UnallocatedRow], Any]] = {
    "days": lambda row: row.listed.days if row.listed.days is not None else 10**9,
    "child": lambda row: row.child,
    "state": lambda row: (states.STATES.index(row.listed.state), row.listed.reason or ""),
    "team": lambda row: row.team,
    "last_worker": lambda row: row.last_worker_name,
    "episode_begun_on": lambda row: row.listed.episode_begun_on or 0,
}
"""What the list may be sorted by."""


def unallocated_rows(record: Record, query: FigureQuery) -> tuple[UnallocatedRow, ...]:
    """Every child without an allocated worker, longest first, whoever may see them."""
    return _unallocated_rows(record, query.settled(record))


@cached_by_state(24)
def _unallocated_rows(record: Record, query: FigureQuery) -> tuple[UnallocatedRow, ...]:
    day = day_of_children(record, query)
    found = unallocated(day, query.definition)
    children = [row.child for row in found]
    standing, holding = standings(day, children), held_by(day, children)
    nobody: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset())
    return tuple(
        UnallocatedRow(
            row,
            standing.get(row.child, frozenset()),
            *holding.get(row.child, nobody),
            worker_name(day, row.last_worker),
        )
        for row in found
    )


def waits(record: Record, query: FigureQuery) -> list[tuple[int, int | None, int]]:
    """How many have waited how long, by bands of days: from (in), to (out), children. Waits not known are in none."""
    rows = [row.listed.days for row in unallocated_rows(record, query)]
    return [(low, high, sum(1 for days in rows if _is_within(days, low, high))) for low, high in BANDS]


def _is_within(days: int | None, low: int, high: int | None) -> bool:
    return days is not None and low <= days and (high is None or days < high)


def waits_not_known(record: Record, query: FigureQuery) -> int:
    """How many children wait since a day that is not known."""
    return sum(1 for row in unallocated_rows(record, query) if row.listed.days is None)


# -- every child counted ----------------------------------------------------------------------------


@dataclass(frozen=True)
class ChildRow:
    """One child counted on a day: the state, workers, teams, plans, and when last seen (an ordinal)."""

    child: str
    state: str
    workers: tuple[str, ...]
    teams: tuple[str, ...]
    standings: frozenset[str]
    last_seen_on: int | None


def child_rows(record: Record, query: FigureQuery) -> tuple[ChildRow, ...]:
    """Every child counted, those unseen for longest first, whoever may see them."""
    return _child_rows(record, query.settled(record))


@cached_by_state(8)
def _child_rows(record: Record, query: FigureQuery) -> tuple[ChildRow, ...]:
    day = day_of_children(record, query)
    stated = day.states()
    children = sorted(stated)
    plans, holding, seen = standings(day, children), held_by(day, children), last_seen(day)
    rows = [
        ChildRow(
            child=child,
            state=stated[child],
            workers=tuple(sorted(worker_name(day, worker) for worker in holding[child][1])),
            teams=tuple(sorted(holding[child][0])),
            standings=plans.get(child, frozenset()),
            last_seen_on=seen.get(child),
        )
        for child in children
    ]
    return tuple(sorted(rows, key=lambda row: (row.last_seen_on or 0, row.child)))


def worker_name(day: Day, worker: str | None) -> str:
    """A worker's name as it was known on a day, else their number, else nothing."""
    if not worker:
        return ""
    for source in {each.source for each in day.knowledge.settings}:
        if versions := day.knowledge.workers.of(source, worker):
            return str(worker_on(versions, day.day, day.moment).cells.get("name") or worker)
    return worker


def standings(day: Day, children: Sequence[str]) -> dict[str, frozenset[str]]:
    """Which of those children have a plan running or are looked after, on a day and as known by its moment."""
    found: dict[str, set[str]] = {}
    for table, name in STANDINGS.items():
        rows = frames.known(day.knowledge.tables[table], day.moment, witnessed=day.knowledge.witnessed)
        running = frames.on_day(rows, "begun_on", "ended_on", day.day)
        own = running.filter(nw.col("child").is_in(list(children))).select("child").unique()
        for row in day.knowledge.engine.rows(own):
            found.setdefault(row["child"], set()).add(name)
    return {child: frozenset(names) for child, names in found.items()}
