"""Moments in UTC, to the microsecond. One way to write them avoids disputes about the record."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from lineofsight.vocabulary.days import read_day
from lineofsight.vocabulary.refusal import Refused

LONDON = ZoneInfo("Europe/London")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}.*")

_EARLIEST = datetime(1, 1, 2, tzinfo=UTC)
"""An earlier moment may have no London day, because the calendar begins on 1 January of the year 1."""

FOREVER = 2**63 - 1
"""The end of a span that has not ended: a microsecond after every moment."""


def microseconds(moment: datetime) -> int:
    """A moment as whole microseconds since 1970-01-01 UTC; the moment must have a time zone."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone is not a moment")
    return (moment - _EPOCH) // _TICK


def moment_of(value: int) -> datetime:
    """The moment from a number of microseconds since 1970-01-01 UTC."""
    return _EPOCH + value * _TICK


def written(moment: datetime) -> str:
    """A moment as ISO 8601 in UTC with a final Z, and microseconds only if there are any."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def start_of(day: date) -> datetime:
    """The first moment of a London day, in UTC."""
    return datetime.combine(day, time.min, LONDON).astimezone(UTC)


def end_of(day: date) -> datetime:
    """The last microsecond of a London day, in UTC; refuses the last days of the calendar."""
    if day >= date(9999, 12, 30):
        raise Refused("A day so far ahead cannot be used; give a day before the year 9999.")
    return start_of(day + timedelta(days=1)) - _TICK


def known_then(day: date) -> datetime:
    """The moment that *as known then* means for a day: the end of the next London day (counting rule 3)."""
    return end_of(min(day, date(9999, 12, 30)) + timedelta(days=1))


def london_day(moment: datetime) -> date:
    """The London day on which a moment falls."""
    return moment.astimezone(LONDON).date()


def read_moment(text: str) -> datetime:
    """The moment a person wrote, in UTC, or a refusal.

    `2019-10-09` means the end of that London day; a time without a zone is UTC.
    """
    text = text.strip()
    day = read_day(text)
    if day is not None:
        return end_of(day)
    try:
        if not _MOMENT.fullmatch(text):
            raise ValueError
        moment = datetime.fromisoformat(text)
        moment = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
        if moment < _EARLIEST:
            raise ValueError
        return moment
    except (ValueError, OverflowError):
        raise Refused(
            f"A moment is written 2019-10-09T06:00:00Z, or 2019-10-09 for the end of that day; {text[:40]!r} is not."
        ) from None
