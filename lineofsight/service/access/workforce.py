"""Every worker in post with how many children they answer for: those with none too, for they have room."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any

import polars as pl

from lineofsight.allocation.caseload import WorkerLoad
from lineofsight.allocation.caseload import caseload as caseload_of
from lineofsight.allocation.knowledge import day_of
from lineofsight.allocation.on_day import Day
from lineofsight.allocation.owners import code_of, worker_on
from lineofsight.allocation.states import COUNTS
from lineofsight.service.access import answers
from lineofsight.service.access.answers import Asked, day_of_children
from lineofsight.service.store import chain, picture

_SHARE_OF_A_TITLE = 0.2
"""A job title is one of case holders where at least this share of those who have it has a child."""


def caseload(asked: Asked, day: date, known_by: int) -> dict[str, Any]:
    """The answer of `caseload`, worked out once for each state of the record."""
    one = day_of_children(asked, day, known_by)
    return _caseload(asked, one.day, one.moment, chain.state())


@lru_cache(maxsize=8)
def _caseload(asked: Asked, day: int, moment: int, _state: str) -> dict[str, Any]:
    return answers.caseload(asked, date.fromordinal(day), moment)


def workers(asked: Asked, day: date, known_by: int) -> list[dict[str, Any]]:
    """Each worker with children or in post: name, title, teams, full-time equivalent, children, held, whether they count."""
    one = day_of_children(asked, day, known_by)
    return _workers(asked, one.day, one.moment, chain.state())


@lru_cache(maxsize=8)
def _workers(asked: Asked, day: int, moment: int, _state: str) -> list[dict[str, Any]]:
    one = day_of_children(asked, date.fromordinal(day), moment)
    loads, _ = caseload_of(one)
    have = {(load.source, load.worker) for load in loads}
    rest = [row for row in _in_post(asked, one) if (row["source"], row["worker"]) not in have]
    return _with_holders([_loaded(one, load) for load in loads] + rest)


def _with_holders(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Whether each holds cases: has a child, or has the job title and department of many who have."""
    titles: dict[str, list[bool]] = {}
    for row in rows:
        titles.setdefault(row["job_title"], []).append(row["children"] > 0)
    holding = {title for title, has in titles.items() if sum(has) >= _SHARE_OF_A_TITLE * len(has)}
    departments = {row["department"] for row in rows if row["children"] > 0}
    return [row | {"holds": row["children"] > 0 or (
        row["counts"] and row["job_title"] in holding and row["department"] in departments)} for row in rows]  # fmt: skip


def _loaded(day: Day, load: WorkerLoad) -> dict[str, Any]:
    return _row(day, load.source, load, sorted(load.teams))


def _row(day: Day, source: str, load: WorkerLoad, teams: list[str]) -> dict[str, Any]:
    cells, fte = load.on.cells, load.fte
    return {
        "worker": load.worker, "source": source, "name": str(cells.get("name") or load.worker),
        "job_title": str(cells.get("job_title") or ""), "teams": teams or [str(cells.get("department") or "")],
        "agency": str(cells.get("agency") or ""), "department": str(cells.get("department") or ""), "fte": None if fte is None else float(fte), "children": len(load.allocated),
        "held": len(load.held), "reasons": sorted(load.reasons), "left": load.on.left, "known": load.known,
        "per_fte": round(len(load.allocated) / float(fte), 1) if fte else None, "counts": _counts(day, source, load),
    }  # fmt: skip


def _counts(day: Day, source: str, load: WorkerLoad) -> bool:
    """Whether a child given to this worker, in a role that counts, would be allocated."""
    said = day.knowledge.said_on(source, day.day)
    if said is None:
        return False
    role = min(said.roles, default="") if said.roles else ""
    return code_of(said, load.on, worker=load.worker, team=None, role=role) == COUNTS


def _in_post(asked: Asked, day: Day) -> list[dict[str, Any]]:
    """The workers a roster names who have no child, had been named by the day after it, and had not left.

    A roster states no first day, so who is first named later is not said to have had room before.
    """
    known_from, known_to = day.knowledge.known_from, day.knowledge.known_to
    history = picture.history(asked.authority, "worker")
    names = history.filter((history[known_from] <= day.moment) & (history[known_to] > day.moment))
    found, firsts = [], _first_rosters(day, history)
    for source, worker in names.select("_source", "worker").iter_rows():
        versions = day.knowledge.workers.of(source, worker)
        on = worker_on(versions, day.day, day.moment)
        named_by = max(day.day + 1, firsts.get(source, 0))
        if not on.left and any(one.stated_on <= named_by for one in versions):
            found.append(_row(day, source, WorkerLoad(worker, source, on, known=True), []))
    return found


def _first_rosters(day: Day, history: pl.DataFrame) -> dict[str, int]:
    """The day of the first roster of each source: whom it names holds for all days before (counting rule 12)."""
    firsts = history.group_by("_source").agg(pl.col(day.knowledge.known_from).min().alias("first"))
    return {source: day_of(first) for source, first in firsts.iter_rows()}


def team_names(asked: Asked, known_by: int) -> dict[str, str]:
    """What each team is called, as known by a moment, by the number involvements give it."""
    return _team_names(
        asked.authority, asked.witnessed, min(known_by, asked.held().latest() or known_by), chain.state()
    )


@lru_cache(maxsize=8)
def _team_names(authority: str, witnessed: bool, moment: int, _state: str) -> dict[str, str]:
    rows = picture.known(authority, "team", moment, witnessed=witnessed)
    return {row["team"]: row["name"] for row in rows.iter_rows(named=True) if row["name"]}
