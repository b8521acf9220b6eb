"""The children behind the figure as a page lists them: within scope, narrowed, sorted, every one logged.

Worked out once for each state of the record, day and moment; what differs between people is cut
out of that afterwards, so nobody is given rows that were worked out for somebody else's scope.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, Protocol, TypeVar

import narwhals.stable.v2 as nw
from django.db import transaction

from lineofsight.allocation import states
from lineofsight.allocation.on_day import Day
from lineofsight.allocation.owners import worker_on
from lineofsight.allocation.register import Unallocated, unallocated
from lineofsight.record import frames
from lineofsight.service.access.answers import Asked, day_of_children
from lineofsight.service.access.scope import current_day, in_scope, known_on, last_teams, responsible_now
from lineofsight.service.access.scope import hands as in_hands
from lineofsight.service.access.sight import Sight, closed_to, looked
from lineofsight.service.store import chain

NEED, PROTECTION, LOOKED_AFTER = "child in need plan", "child protection plan", "looked after"
STANDINGS = {"need_plan": NEED, "protection_plan": PROTECTION, "care_episode": LOOKED_AFTER}
"""What a child may stand under, by the table that says so."""

BANDS = ((0, 1), (1, 7), (7, 28), (28, 91), (91, 182), (182, None))
"""Bands of days waited, from (in) and to (out)."""


@dataclass(frozen=True)
class Row:
    """One child nobody answers for, with what a list shows of them."""

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


class HasChild(Protocol):
    """A row about one child."""

    @property
    def child(self) -> str:
        """The child's number."""


R = TypeVar("R", bound=HasChild)
RowsOf = Callable[[Asked, date, int], Sequence[R]]
"""Everybody's rows of a day, known by a moment."""


@dataclass(frozen=True)
class Wanted:
    """What a list is narrowed to and how it is sorted; nothing narrows nothing."""

    state: str = ""
    reason: str = ""
    team: str = ""
    standing: str = ""
    days_from: int | None = None
    days_to: int | None = None
    sort: str = "-days"

    def keeps(self, row: Row) -> bool:
        """Whether a row is one of those asked for."""
        one, days = row.listed, row.listed.days
        return (
            self.state in ("", one.state)
            and self.reason in ("", one.reason or "")
            and self.team in ("", row.team)
            and (not self.standing or self.standing in row.standings or (self.standing == "none of these" and not row.standings))
            and (self.days_from is None or days is None or days >= self.days_from)
            and (self.days_to is None or (days is not None and days < self.days_to))
        )  # fmt: skip


SORTS: Mapping[str, Callable[[Row], Any]] = {
    "days": lambda row: row.listed.days if row.listed.days is not None else 10**9,
    "child": lambda row: row.child,
    "state": lambda row: (states.STATES.index(row.listed.state), row.listed.reason or ""),
    "team": lambda row: row.team,
    "last_worker": lambda row: row.last_worker_name,
    "episode_begun_on": lambda row: row.listed.episode_begun_on or 0,
}
"""What a list may be sorted by; a minus before it turns it round."""


@dataclass(frozen=True)
class Listing:
    """What one person may see of the list: the rows, and how many of it are out of scope or closed to them."""

    rows: tuple[Row, ...]
    out_of_scope: int = 0
    closed: int = 0
    restricted: frozenset[str] = field(default_factory=frozenset)


def listing(sight: Sight, asked: Asked, day: date, known_by: int) -> Listing:
    """Everybody unallocated whom this person may see; of the others only how many there are. Not yet logged."""
    everybody = as_seen(sight, asked, day, known_by, unallocated_rows)
    scope = in_scope(
        sight,
        (row.child for row in everybody),
        in_hands(sight.authority, day, known_by, witnessed=asked.witnessed),
    )
    within = [row for row in everybody if row.child in scope]
    shut = closed_to(sight)
    seen = tuple(row for row in within if row.child not in shut)
    return Listing(seen, len(everybody) - len(within), len(within) - len(seen))


def as_seen(sight: Sight, asked: Asked, day: date, known_by: int, rows_of: RowsOf[R]) -> list[R]:
    """A day's rows as this person may see them: of children they answer for no longer, as known at that day's end."""
    everybody = list(rows_of(asked, day, known_by))
    if sight.whole or day >= current_day(sight.authority, witnessed=asked.witnessed):
        return everybody
    now = responsible_now(sight, [row.child for row in everybody], witnessed=asked.witnessed)
    then = [row for row in rows_of(asked, day, min(known_by, known_on(day))) if row.child not in now]
    order = {row.child: at for at, row in enumerate(everybody)}
    return sorted(
        [row for row in everybody if row.child in now] + then,
        key=lambda row: order.get(row.child, len(order)),
    )


def narrowed(rows: Iterable[Row], wanted: Wanted) -> list[Row]:
    """The rows asked for, sorted; ties by child."""
    kept = sorted((row for row in rows if wanted.keeps(row)), key=SORTS["child"])
    sort = wanted.sort if wanted.sort.removeprefix("-") in SORTS else "-days"
    return sorted(kept, key=SORTS[sort.removeprefix("-")], reverse=sort.startswith("-"))


@transaction.atomic
def shown(sight: Sight, rows: Sequence[Row], door: str) -> Sequence[Row]:
    """The rows, once it is written that this person saw each of those children; nothing where that fails."""
    looked(sight, (row.child for row in rows), door)
    return rows


def unallocated_rows(asked: Asked, day: date, known_by: int) -> tuple[Row, ...]:
    """Everybody unallocated, longest first, whoever may see them."""
    one = day_of_children(asked, day, known_by)
    return _rows(asked, one.day, one.moment, chain.state())


@lru_cache(maxsize=24)
def _rows(asked: Asked, day: int, moment: int, _state: str) -> tuple[Row, ...]:
    one = day_of_children(asked, date.fromordinal(day), moment)
    found = unallocated(one, asked.definition)
    children = [row.child for row in found]
    standing, held_by = standings(one, children), hands(one, children)
    return tuple(
        Row(row, standing.get(row.child, frozenset()), *held_by.get(row.child, _NOBODY),
            worker_name(one, row.last_worker))
        for row in found
    )  # fmt: skip


_NOBODY: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset())


def worker_name(day: Day, worker: str | None) -> str:
    """A worker's name as it was known on a day, else their number, else nothing."""
    if not worker:
        return ""
    for source in {one.source for one in day.knowledge.said}:
        if versions := day.knowledge.workers.of(source, worker):
            return str(worker_on(versions, day.day, day.moment).cells.get("name") or worker)
    return worker


def standings(day: Day, children: Sequence[str]) -> dict[str, frozenset[str]]:
    """Which of those children have a plan running or are looked after, on a day and as known by its moment."""
    found: dict[str, set[str]] = {}
    for table, name in STANDINGS.items():
        rows = frames.known(day.knowledge.tables[table], day.moment, witnessed=day.knowledge.witnessed)
        running = frames.on_day(rows, "begun_on", "ended_on", day.day).filter(
            nw.col("child").is_in(list(children))
        )
        for row in day.knowledge.engine.rows(running.select("child").unique()):
            found.setdefault(row["child"], set()).add(name)
    return {child: frozenset(names) for child, names in found.items()}


def hands(day: Day, children: Sequence[str]) -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """The teams and workers in whose hands each child is on a day; where no team is, the last that was."""
    rows = day.knowledge.engine.rows(
        day.coded.filter(nw.col("child").is_in(list(children))).select("child", "team", "worker").unique()
    )
    found: dict[str, tuple[set[str], set[str]]] = {child: (set(), set()) for child in children}
    for row in rows:
        teams, workers = found[row["child"]]
        teams |= {row["team"]} - {None, ""}
        workers |= {row["worker"]} - {None, ""}
    left = [child for child, (teams, _) in found.items() if not teams]
    tellers = [one.source for one in day.knowledge.tellers(day.day, day.moment)]
    for child, team in last_teams(day.knowledge, tellers, day.day, day.moment, among=left).items():
        found[child][0].add(team)
    return {child: (frozenset(teams), frozenset(workers)) for child, (teams, workers) in found.items()}
