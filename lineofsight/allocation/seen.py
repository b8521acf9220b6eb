"""Allocated but not seen: a child has a worker on paper, and nobody has seen the child."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import narwhals.stable.v2 as nw

from lineofsight.allocation import states
from lineofsight.allocation.history import Frame
from lineofsight.allocation.on_day import Day
from lineofsight.record import frames
from lineofsight.vocabulary.yes import YES

VISITS = ("need_visit", "protection_visit", "care_visit")


@dataclass(frozen=True)
class NotSeen:
    """An allocated child whom nobody has seen in time. Days are ordinals."""

    child: str
    worker: str
    since: int | None
    """The first day of the present worker."""
    last_seen_on: int | None
    why: str
    """`not since the worker took over` or `not within the weeks allowed`."""


def visits_known(day: Day) -> bool:
    """Whether any source had delivered visits by then; without visits there is no answer."""
    return any(one.moment <= day.moment and one.tables & set(VISITS) for one in day.knowledge.receipts)


def allocated_not_seen(day: Day) -> list[NotSeen] | None:
    """Children allocated on a day whom nobody has seen since the worker took over, or within the weeks allowed.

    None if no visits are known at all. A visit at which the child was not seen does not count.
    """
    if not visits_known(day):
        return None
    seen = last_seen(day)
    found = [unseen for row in _allocated(day) if (unseen := _judged(day, row, seen.get(row["child"])))]
    return sorted(found, key=lambda one: (one.last_seen_on or 0, one.child))


def _allocated(day: Day) -> list[dict[str, Any]]:
    """For each allocated child, the present worker who has had the child longest."""
    counting = day.children.filter(nw.col("code") == states.COUNTS).select("child", "teller")
    own = day.coded.filter(nw.col("code") == states.COUNTS).join(counting, on="child", how="inner")
    rows = [
        row
        for row in day.knowledge.engine.rows(own)
        if day.sources[row["teller"]].source == row[frames.SOURCE]
    ]
    rows.sort(key=lambda row: -(row["begun_on"] or 0))
    return list({row["child"]: row for row in rows}.values())


def _judged(day: Day, row: dict[str, Any], last: int | None) -> NotSeen | None:
    since: int | None = row["begun_on"]
    weeks = day.sources[row["teller"]].settings.seen_within_weeks
    if last is None or (since is not None and last < since):
        why = "not since the worker took over"
    elif weeks is not None and last < day.day - 7 * weeks:
        why = "not within the weeks allowed"
    else:
        return None
    return NotSeen(row["child"], row["worker"], since, last, why)


def last_seen(day: Day) -> dict[str, int]:
    """The last known day on which each child was seen."""
    parts = [_sights(day, name) for name in VISITS if name in day.knowledge.tables]
    last = nw.concat(parts).group_by("child").agg(nw.col("visited_on").max().alias("last"))
    return {row["child"]: row["last"] for row in day.knowledge.engine.rows(last)}


def _sights(day: Day, table: str) -> Frame:
    known = frames.known(day.knowledge.tables[table], day.moment, witnessed=day.knowledge.witnessed)
    said = nw.col("seen").fill_null("").str.strip_chars().str.to_lowercase()
    sights = known.filter(said.is_in(YES) & (nw.col("visited_on") <= day.day))
    return sights.select("child", nw.col("visited_on").cast(nw.Int64))
