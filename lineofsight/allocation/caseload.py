"""How many children, not involvements, each worker and team answers for."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

import narwhals.stable.v2 as nw

from lineofsight.allocation import states
from lineofsight.allocation.on_day import Day
from lineofsight.allocation.owners import WorkerOn, worker_on
from lineofsight.record import frames


@dataclass
class WorkerLoad:
    """One worker: `allocated` children, for whom the worker counts, and `held` children, for whom the worker does not."""

    worker: str
    source: str
    on: WorkerOn
    known: bool
    teams: set[str] = field(default_factory=set)
    allocated: set[str] = field(default_factory=set)
    held: set[str] = field(default_factory=set)
    reasons: set[str] = field(default_factory=set)

    @property
    def fte(self) -> Decimal | None:
        """Full-time equivalent; None if it is missing or not a number."""
        try:
            value = Decimal(str(self.on.cells.get("fte") or ""))
        except InvalidOperation:
            return None
        return value if value.is_finite() else None


@dataclass
class TeamLoad:
    """One team: its children by state, and the workers who answer for them."""

    team: str
    allocated: set[str] = field(default_factory=set)
    held: set[str] = field(default_factory=set)
    team_only: set[str] = field(default_factory=set)
    workers: set[tuple[str, str]] = field(default_factory=set)


def caseload(day: Day) -> tuple[list[WorkerLoad], list[TeamLoad]]:
    """Workers and teams with their children, largest caseload first.

    Only counted children are included, each by the source that decides for that child.
    """
    teller = {
        row["child"]: day.sources[row["teller"]].source
        for row in day.knowledge.engine.rows(day.children.filter(nw.col("teller") >= 0))
    }
    rows = [
        row for row in day.knowledge.engine.rows(day.coded) if teller.get(row["child"]) == row[frames.SOURCE]
    ]
    workers: dict[tuple[str, str], WorkerLoad] = {}
    teams: dict[str, TeamLoad] = {}
    answered = {row["child"] for row in rows if row["code"] == states.COUNTS}
    for row in rows:
        _count(day, row, workers, teams, answered)
    return (
        sorted(workers.values(), key=lambda one: (-len(one.allocated), -len(one.held), one.worker)),
        sorted(teams.values(), key=lambda one: (-len(one.allocated), one.team)),
    )


def _count(
    day: Day,
    row: dict[str, Any],
    workers: dict[tuple[str, str], WorkerLoad],
    teams: dict[str, TeamLoad],
    answered: set[str],
) -> None:
    child, state = row["child"], states.state_of(row["code"])
    team = teams.setdefault(row["team"], TeamLoad(row["team"])) if row["team"] else None
    if state in (states.ALLOCATED, states.HELD):
        load = _worker(day, row, workers)
        (load.allocated if state == states.ALLOCATED else load.held).add(child)
        if row["team"]:
            load.teams.add(row["team"])
        if state == states.HELD:
            load.reasons.add(_why(day, row) or "")
    if team is None:
        return
    if state == states.ALLOCATED:
        team.allocated.add(child)
        team.workers.add((row[frames.SOURCE], row["worker"]))
    elif child not in answered:
        (team.held if state == states.HELD else team.team_only).add(child)


def _worker(day: Day, row: dict[str, Any], workers: dict[tuple[str, str], WorkerLoad]) -> WorkerLoad:
    key = (row[frames.SOURCE], row["worker"])
    if key not in workers:
        on = worker_on(day.knowledge.workers.of(*key), day.day, day.moment)
        workers[key] = WorkerLoad(row["worker"], key[0], on, day.knowledge.workers.knows(row["worker"]))
    return workers[key]


def _why(day: Day, row: dict[str, Any]) -> str | None:
    said = day.knowledge.settings_on(row[frames.SOURCE], day.day)
    return said.why(row["code"]) if said else None


def by_reason(day: Day) -> dict[str, int]:
    """Held children, counted by why their holder does not count: managers, duty trays, leavers."""
    rows = day.knowledge.engine.rows(
        day.children.filter((nw.col("code") > states.COUNTS) & (nw.col("code") < states.BY_TEAM))
        .group_by("code", "teller")
        .agg(nw.len().alias("n"))
    )
    found: dict[str, int] = defaultdict(int)
    for row in rows:
        found[day.sources[row["teller"]].settings.why(row["code"]) or ""] += row["n"]
    return dict(sorted(found.items()))
