"""The sources of an authority: what each is, how often it delivers, and whether it is late."""

from __future__ import annotations

import json
import statistics
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from lineofsight.intake.formats import is_case_format
from lineofsight.intake.settings import EXPECTED
from lineofsight.queries.record import READ, RECEIVED, RECEIVED_AGAIN, SET_ASIDE, Record
from lineofsight.record import frames
from lineofsight.vocabulary.moments import FOREVER, moment_of

_FEW = 4
"""Deliveries it takes before a habit can be read from them."""
_LAST = 12
_GRACE = {"nightly": timedelta(hours=12), "weekly": timedelta(days=2)}
_USUAL_GRACE = timedelta(days=7)


@dataclass(frozen=True)
class Source:
    """One source as it stands at a moment. `expected` None: nothing states or shows how often it delivers."""

    name: str
    format: str
    settings: dict[str, Any]
    deliveries: int
    last_received: datetime | None
    expected: str | None
    inferred: bool
    due: datetime | None
    """When the next delivery is late, its grace over."""
    late_by: timedelta | None

    @property
    def states_who_answers(self) -> bool:
        """Whether it delivers case records."""
        return is_case_format(self.format)


def sources(record: Record, now: datetime) -> list[Source]:
    """Every described source of an authority, as at a moment."""
    received = _received(record, now)
    return [_source(settings, received[name], now) for name, settings in sorted(_described(record).items())]


def late_sources(record: Record, now: datetime) -> list[Source]:
    """The sources that should have delivered by now and have not, the latest first."""
    late = [source for source in sources(record, now) if source.late_by is not None]
    return sorted(late, key=lambda source: source.late_by or timedelta(), reverse=True)


def _described(record: Record) -> dict[str, dict[str, Any]]:
    """What each source is, by its latest settings."""
    rows = record.engine.rows(record.history("source"))
    present = [row for row in rows if row[frames.WITNESSED_TO] == FOREVER]
    present.sort(key=lambda row: (row["valid_from"] or 0, row[frames.POSITION]))
    return {row["name"]: json.loads(row["settings"]) for row in present}


def _received(record: Record, now: datetime) -> dict[str, list[datetime]]:
    """When each source delivered up to a moment. Repeats count: bytes that come again are a delivery on time.

    A delivery that was set aside does not count: what was wrong with it is still to come.
    """
    found: dict[str, set[datetime]] = defaultdict(set)
    aside = {link.delivery for link in record.links() if link.kind == SET_ASIDE}
    for link in record.links():
        if link.kind not in (RECEIVED, READ, RECEIVED_AGAIN) or link.delivery in aside:
            continue
        moment = moment_of(link.received_at)
        if moment <= now:
            found[link.source].add(moment)
    return defaultdict(list, {name: sorted(moments) for name, moments in found.items()})


def _source(settings: dict[str, Any], received: list[datetime], now: datetime) -> Source:
    stated = settings.get("expected")
    expected = stated or _habit(received)
    last = received[-1] if received else None
    due = (
        last + timedelta(days=EXPECTED[expected]) + _grace(settings, expected) if last and expected else None
    )
    return Source(
        name=settings["name"],
        format=settings["format"],
        settings=settings,
        deliveries=len(received),
        last_received=last,
        expected=expected,
        inferred=stated is None,
        due=due,
        late_by=now - due if due and now > due else None,
    )


def _grace(settings: dict[str, Any], expected: str) -> timedelta:
    hours = settings.get("grace_hours")
    return _GRACE.get(expected, _USUAL_GRACE) if hours is None else timedelta(hours=hours)


def _habit(received: list[datetime]) -> str | None:
    """The rhythm nearest above the usual gap between the last deliveries; None where there are too few."""
    last = received[-_LAST:]
    if len(last) < _FEW:
        return None
    usual = statistics.median((after - before).total_seconds() for before, after in pairwise(last)) / 86_400
    return next((name for name, days in EXPECTED.items() if usual <= days * 1.5), None)
