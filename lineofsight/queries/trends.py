"""What a director asks every morning, worked out once for each state: the last year day by day, and who was not seen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from lineofsight.allocation.history import known_day
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
    known = known_from(record, query) or first
    return [(row.as_at, row.unallocated if row.as_at >= known else None) for row in now.days], [
        (row.as_at, row.unallocated) for row in then.days
    ]


def known_from(record: Record, query: FigureQuery) -> date | None:
    """The first day that the sources know of the year to the query's day; None where they know all of it.

    Worklists count only who is on them. Whoever left before the first one came is on none, so the days before it
    are not known, although the rows that stand have begun earlier.
    """
    knowledge = query.history(record).knowledge
    as_at = query.as_at.toordinal()
    if knowledge.states_episodes(as_at, query.known_by):
        return None
    lists = set(knowledge.worklists(as_at))
    days = [
        known_day(one.moment)
        for one in knowledge.receipts
        if one.source in lists and one.moment <= query.known_by
    ]
    if not days or min(days) <= as_at - TREND_DAYS:
        return None
    return date.fromordinal(min(days))


def not_seen_counts(record: Record, query: FigureQuery) -> NotSeen:
    """Children allocated whom nobody has seen as they should: how many, and why; no child is named."""
    return replace(_not_seen(record, query.settled(record)), children=[])


@cached_by_state(24)
def _not_seen(record: Record, query: FigureQuery) -> NotSeen:
    return not_seen(record, query)
