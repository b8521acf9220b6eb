"""What a director asks of a morning, worked out once for each state of the record."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from lineofsight.allocation.knowledge import day_of
from lineofsight.service.access import answers
from lineofsight.service.access.answers import Asked
from lineofsight.service.access.listing import BANDS, unallocated_rows
from lineofsight.service.store import chain

TREND_DAYS = 365

Counts = list[tuple[date, int | None]]
"""For each day in order how many children had nobody, None where it cannot be told."""


def _settled(asked: Asked, known_by: int) -> int:
    """The moment, or the latest hearing: nothing is known after it that was not known by it."""
    return min(known_by, asked.held().latest() or known_by)


def trends(asked: Asked, first: date, last: date, known_by: int) -> tuple[Counts, Counts]:
    """Each day's count as known by a moment, and as known then: (day, unallocated or None) in order."""
    return _trends(asked, first, last, _settled(asked, known_by), chain.state())


@lru_cache(maxsize=24)
def _trends(asked: Asked, first: date, last: date, settled: int, _state: str) -> tuple[Counts, Counts]:
    return _counts(answers.trend(asked, first, last, settled)), _counts(
        answers.trend(asked, first, last, None)
    )


def _counts(trend: dict[str, Any]) -> Counts:
    return [(date.fromisoformat(row["as_at"]), row["unallocated"]) for row in trend["days"]]


def not_seen(asked: Asked, day: date, known_by: int) -> dict[str, Any]:
    """Children allocated whom nobody has seen as they should: how many, and why; no child is named."""
    return _not_seen(asked, day, _settled(asked, known_by), chain.state())


@lru_cache(maxsize=24)
def _not_seen(asked: Asked, day: date, settled: int, _state: str) -> dict[str, Any]:
    found = answers.not_seen(asked, day, settled)
    return {name: found[name] for name in ("allocated_not_seen", "reasons")}


def changed(asked: Asked, day: date, known_by: int) -> dict[str, Any] | None:
    """How the figure moved since the delivery before the latest; None where there is no such delivery."""
    moments = sorted({one.moment for one in asked.held().knowledge.heard if one.moment <= known_by})
    if len(moments) < 2:
        return None
    before = moments[-2]
    first = min(date.fromordinal(day_of(before) - 1), day - timedelta(days=1))
    return bridge(asked, first, day, before, moments[-1])


def bridge(asked: Asked, first: date, last: date, from_known_by: int | None, known_by: int) -> dict[str, Any]:
    """How one day's figure became another's: counts by way in and out. Children are listed, not yet logged."""
    return _bridge(asked, first, last, from_known_by, _settled(asked, known_by), chain.state())


@lru_cache(maxsize=24)
def _bridge(
    asked: Asked, first: date, last: date, from_known_by: int | None, known_by: int, _state: str
) -> dict[str, Any]:
    return answers.bridge(asked, first, last, from_known_by, known_by)


def waits(asked: Asked, day: date, known_by: int) -> list[tuple[int, int | None, int]]:
    """How many have waited how long, by bands of days: from (in), to (out), children."""
    rows = [row.listed.days for row in unallocated_rows(asked, day, known_by)]
    return [(low, high, sum(1 for days in rows if _within(days, low, high))) for low, high in BANDS]


def _within(days: int | None, low: int, high: int | None) -> bool:
    return high is None if days is None else low <= days and (high is None or days < high)
