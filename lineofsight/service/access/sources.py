"""The sources of an authority: what each is, how often it delivers, and whether it is late."""

from __future__ import annotations

import json
import statistics
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import polars as pl

from lineofsight.intake.settings import CASE_FORMATS, EXPECTED
from lineofsight.record import frames
from lineofsight.service.models import Link
from lineofsight.service.store import chain, picture
from lineofsight.vocabulary.moments import FOREVER

_FEW = 4
"""Deliveries it takes before a habit can be told from them."""
_LAST = 12
_GRACE = {"nightly": timedelta(hours=12), "weekly": timedelta(days=2)}
_USUAL_GRACE = timedelta(days=7)


@dataclass(frozen=True)
class Source:
    """One source as it stands at a moment. `expected` None: nothing says, and nothing shows, how often it delivers."""

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
    def tells_who_answers(self) -> bool:
        """Whether it delivers case records."""
        return self.format in CASE_FORMATS


def sources(authority: str, now: datetime) -> list[Source]:
    """Every described source of an authority, as at a moment."""
    received = _received(authority, now)
    return [_source(said, received[name], now) for name, said in sorted(_described(authority).items())]


def late_sources(authority: str, now: datetime) -> list[Source]:
    """Those that should have delivered by now and have not, the latest first."""
    late = [one for one in sources(authority, now) if one.late_by is not None]
    return sorted(late, key=lambda one: one.late_by or timedelta(), reverse=True)


def _described(authority: str) -> dict[str, dict[str, Any]]:
    """What each source says of itself, by the latest settings."""
    rows = picture.history(authority, "source")
    present = rows.filter(pl.col(frames.WITNESSED_TO) == FOREVER).sort(
        pl.col("valid_from").fill_null(0), frames.POSITION
    )
    return {row["name"]: json.loads(row["settings"]) for row in present.iter_rows(named=True)}


def _received(authority: str, now: datetime) -> dict[str, list[datetime]]:
    """When each source was heard up to a moment, repeats too: bytes that come again are a delivery on time."""
    found: dict[str, list[datetime]] = defaultdict(list)
    for link in Link.objects.filter(
        authority=authority, kind__in=(chain.RECEIVED, chain.READ, chain.RECEIVED_AGAIN)
    ):
        moment = chain.received_at(link)
        if moment <= now:
            found[link.source].append(moment)
    return defaultdict(list, {name: sorted(set(moments)) for name, moments in found.items()})


def _source(said: dict[str, Any], received: list[datetime], now: datetime) -> Source:
    stated = said.get("expected")
    expected = stated or _habit(received)
    last = received[-1] if received else None
    due = last + timedelta(days=EXPECTED[expected]) + _grace(said, expected) if last and expected else None
    late = now - due if due and now > due else None
    return Source(
        said["name"], said["format"], said, len(received), last, expected, stated is None, due, late
    )


def _grace(said: dict[str, Any], expected: str) -> timedelta:
    hours = said.get("grace_hours")
    return _GRACE.get(expected, _USUAL_GRACE) if hours is None else timedelta(hours=hours)


def _habit(received: list[datetime]) -> str | None:
    """The rhythm nearest above the usual gap between the last deliveries; None where there are too few."""
    last = received[-_LAST:]
    if len(last) < _FEW:
        return None
    usual = statistics.median((after - before).total_seconds() for before, after in pairwise(last)) / 86_400
    return next((name for name, days in EXPECTED.items() if usual <= days * 1.5), None)
