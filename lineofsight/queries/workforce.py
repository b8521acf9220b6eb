"""Every worker in post with how many children they have: those with none too, for they have room."""

from __future__ import annotations

from dataclasses import dataclass, replace

from lineofsight.allocation.caseload import WorkerLoad
from lineofsight.allocation.caseload import caseload as caseload_of
from lineofsight.allocation.history import day_of
from lineofsight.allocation.on_day import Day
from lineofsight.allocation.owners import code_of, worker_on
from lineofsight.allocation.states import COUNTS
from lineofsight.queries.figures import FigureQuery, day_of_children
from lineofsight.queries.history import moment_columns
from lineofsight.queries.record import Record, cached_by_state, rows_known
from lineofsight.record import frames

_SHARE_OF_A_TITLE = 0.2
"""A job title is one of case holders where at least this share of those who have it has a child."""


@dataclass(frozen=True)
class Worker:
    """One worker on a day. `counts`: a child given to them would be allocated; `holds`: they hold cases."""

    worker: str
    source: str
    name: str
    job_title: str
    teams: list[str]
    agency: str
    department: str
    fte: float | None
    children: int
    held: int
    reasons: list[str]
    left: bool
    known: bool
    per_fte: float | None
    counts: bool
    holds: bool = False


def workers(record: Record, query: FigureQuery) -> list[Worker]:
    """Every worker with children or in post."""
    return _workers(record, query.settled(record))


@cached_by_state(8)
def _workers(record: Record, query: FigureQuery) -> list[Worker]:
    day = day_of_children(record, query)
    loads, _ = caseload_of(day)
    with_children = {(load.source, load.worker) for load in loads}
    rest = [row for row in _in_post(record, day) if (row.source, row.worker) not in with_children]
    return _with_holders([_worker(day, load, sorted(load.teams)) for load in loads] + rest)


def _with_holders(rows: list[Worker]) -> list[Worker]:
    """Whether each holds cases: has a child, or has the job title and department of many who have."""
    titles: dict[str, list[bool]] = {}
    for row in rows:
        titles.setdefault(row.job_title, []).append(row.children > 0)
    holding = {title for title, has in titles.items() if sum(has) >= _SHARE_OF_A_TITLE * len(has)}
    departments = {row.department for row in rows if row.children > 0}
    return [
        replace(
            row,
            holds=row.children > 0
            or (row.counts and row.job_title in holding and row.department in departments),
        )
        for row in rows
    ]


def _worker(day: Day, load: WorkerLoad, teams: list[str]) -> Worker:
    cells, fte = load.on.cells, load.fte
    department = str(cells.get("department") or "")
    return Worker(
        worker=load.worker,
        source=load.source,
        name=str(cells.get("name") or load.worker),
        job_title=str(cells.get("job_title") or ""),
        teams=teams or [department],
        agency=str(cells.get("agency") or ""),
        department=department,
        fte=None if fte is None else float(fte),
        children=len(load.allocated),
        held=len(load.held),
        reasons=sorted(load.reasons),
        left=load.on.left,
        known=load.known,
        per_fte=round(len(load.allocated) / float(fte), 1) if fte else None,
        counts=_counts(day, load),
    )


def _counts(day: Day, load: WorkerLoad) -> bool:
    """Whether a child given to this worker, in a role that counts, would be allocated."""
    settings = day.knowledge.settings_on(load.source, day.day)
    if settings is None:
        return False
    role = min(settings.roles, default="") if settings.roles else ""
    return code_of(settings, load.on, worker=load.worker, team=None, role=role) == COUNTS


def _in_post(record: Record, day: Day) -> list[Worker]:
    """The workers a roster names who have no child, had been named by the day after it, and had not left.

    A roster states no first day, so a worker who is first named later is not taken to have had room before.
    """
    known_from, known_to = moment_columns(witnessed=day.knowledge.witnessed)
    every = record.engine.rows(record.history("worker").select(frames.SOURCE, "worker", known_from, known_to))
    firsts: dict[str, int] = {}
    for row in every:
        first = day_of(row[known_from])
        firsts[row[frames.SOURCE]] = min(first, firsts.get(row[frames.SOURCE], first))
    found = []
    for row in every:
        if not row[known_from] <= day.moment < row[known_to]:
            continue
        source, worker = row[frames.SOURCE], row["worker"]
        versions = day.knowledge.workers.of(source, worker)
        on = worker_on(versions, day.day, day.moment)
        named_by = max(day.day + 1, firsts[source])
        if not on.left and any(version.stated_on <= named_by for version in versions):
            found.append(_worker(day, WorkerLoad(worker, source, on, known=True), []))
    return found


def team_names(record: Record, query: FigureQuery) -> dict[str, str]:
    """What each team is called, as known by the query's moment, by the number involvements give it."""
    return _team_names(record, query.settled(record).known_by, query.witnessed)


@cached_by_state(8)
def _team_names(record: Record, moment: int, witnessed: bool) -> dict[str, str]:
    rows = rows_known(record, "team", moment, witnessed=witnessed)
    return {row["team"]: row["name"] for row in rows if row["name"]}
