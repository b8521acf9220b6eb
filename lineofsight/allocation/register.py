"""The children behind a figure: since when each is unallocated, why, and the last worker (counting rule 16)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import narwhals.stable.v2 as nw

from lineofsight.allocation import states
from lineofsight.allocation.involvements import coded_spans
from lineofsight.allocation.on_day import Day
from lineofsight.allocation.owners import FIRST_DAY
from lineofsight.allocation.population import population_spans
from lineofsight.allocation.states import Definition, State
from lineofsight.allocation.sweep import segments
from lineofsight.record import frames

_LISTED = tuple(states.STATES.index(state) for state in states.UNALLOCATED)


@dataclass(frozen=True)
class Unallocated:
    """One unallocated child. Days are ordinals; `since` is None if the first day is not known."""

    child: str
    state: State
    reason: str | None
    team: str | None
    since: int | None
    days: int | None
    episode_begun_on: int | None
    last_worker: str | None
    differs: bool


def unallocated(day: Day, definition: Definition) -> list[Unallocated]:
    """The children unallocated on a day: longest wait first, then by child."""
    rows = day.knowledge.engine.rows(
        day.children.filter((nw.col("code") > states.COUNTS) & (nw.col("code") < states.UNKNOWN))
    )
    names = [row["child"] for row in rows]
    if not names:
        return []
    since = _since(day, definition, names)
    begun = _episodes_begun(day, definition, names)
    won = _winning_rows(day, names)
    last = _last_workers(day, since)
    found = [_one(day, row, since, begun, won, last) for row in rows]
    return sorted(found, key=lambda one: (-(one.days if one.days is not None else 10**9), one.child))


def _one(
    day: Day,
    row: dict[str, Any],
    since: dict[str, int],
    begun: dict[str, int | None],
    won: dict[tuple[str, str], dict[str, Any]],
    last: dict[str, str],
) -> Unallocated:
    child, code = row["child"], row["code"]
    said = day.sources[row["teller"]].settings
    first = since[child] if since[child] > FIRST_DAY else None
    winner = won.get((child, said.source), {})
    return Unallocated(
        child,
        states.state_of(code),
        said.why(code),
        winner.get("team"),
        first,
        None if first is None else day.day - first,
        begun.get(child),
        last.get(child),
        bool(row["differs"]),
    )


def _since(day: Day, definition: Definition, children: list[str]) -> dict[str, int]:
    """The first day of each child's present unbroken time as counted and unallocated."""
    found = segments(day.knowledge, definition, FIRST_DAY, day.day, day.moment, children)
    runs = found.filter(nw.col("state").is_in(_LISTED)).select("child", "lo", "hi")
    rows = sorted(day.knowledge.engine.rows(runs), key=lambda row: (row["child"], -row["lo"]))
    return {child: _run_begun(group, day.day) for child, group in groupby(rows, key=lambda row: row["child"])}


def _run_begun(latest_first: Iterable[dict[str, Any]], day: int) -> int:
    begun = day + 1
    for row in latest_first:
        if row["hi"] < begun:
            break
        begun = min(begun, row["lo"])
    return begun


def _episodes_begun(day: Day, definition: Definition, children: list[str]) -> dict[str, int | None]:
    """The first day of each child's earliest open episode; None if any of them has no first day."""
    episodes, _ = population_spans(day.knowledge, definition, day.day, day.day, day.moment)
    own = episodes.filter(nw.col("child").is_in(children)).select("child", "begun_on")
    found: dict[str, int | None] = {}
    for row in day.knowledge.engine.rows(own):
        held = found.get(row["child"], row["begun_on"])
        known = held is not None and row["begun_on"] is not None
        found[row["child"]] = min(held, row["begun_on"]) if known else None
    return found


def _winning_rows(day: Day, children: list[str]) -> dict[tuple[str, str], dict[str, Any]]:
    """For each child and source, the row that gives the state: the best code, then the latest first day."""
    rows = day.knowledge.engine.rows(day.coded.filter(nw.col("child").is_in(children)))
    rows.sort(key=lambda row: (-row["code"], row["begun_on"] or 0, row[frames.POSITION]))
    return {(row["child"], row[frames.SOURCE]): row for row in rows}


def _last_workers(day: Day, since: dict[str, int]) -> dict[str, str]:
    """The last worker who counted for each child before the child became unallocated."""
    spans = coded_spans(day.knowledge.only(list(since)), FIRST_DAY, day.day, day.moment)
    counted = spans.filter((nw.col("code") == states.COUNTS) & nw.col("child").is_in(list(since)))
    rows = [row for row in day.knowledge.engine.rows(counted) if row["lo"] < since[row["child"]]]
    rows.sort(
        key=lambda row: (min(row["hi"], since[row["child"]]), row["begun_on"] or 0, row[frames.POSITION])
    )
    return {row["child"]: row["worker"] for row in rows}
