"""What a director asks every morning, worked out once for each state: the last year day by day, and who was not seen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from lineofsight.queries.figures import FigureQuery, NotSeen, not_seen, trend
from lineofsight.queries.record import Record, cached_by_state

TREND_DAYS = 365

Counts = list[tuple[date, int | None]]
"""For each day in order how many children had no allocated worker, None where it cannot be told."""


def last_year(record: Record, query: FigureQuery) -> tuple[Counts, Counts]:
    """Each day's count of the year to the query's day: as known by its moment, and as known then."""
    return _last_year(record, query.settled(record))


@cached_by_state(24)
def _last_year(record: Record, query: FigureQuery) -> tuple[Counts, Counts]:
    first = query.as_at - timedelta(days=TREND_DAYS)
    now, then = (trend(record, query, first, as_known_then=each) for each in (False, True))
    return [(row.as_at, row.unallocated) for row in now.days], [
        (row.as_at, row.unallocated) for row in then.days
    ]


def not_seen_counts(record: Record, query: FigureQuery) -> NotSeen:
    """Children allocated whom nobody has seen as they should: how many, and why; no child is named."""
    return replace(_not_seen(record, query.settled(record)), children=[])


@cached_by_state(24)
def _not_seen(record: Record, query: FigureQuery) -> NotSeen:
    return not_seen(record, query)
