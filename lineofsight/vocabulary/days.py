"""Days and the periods people write: a day, a month or a year.

All days are Europe/London days, whatever the server's time zone.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

_WRITTEN = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


@dataclass(frozen=True, order=True)
class Period:
    """The days from `first` to `last`, both included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"a period cannot end ({self.last}) before it begins ({self.first})")

    @property
    def is_one_day(self) -> bool:
        """Whether the period is a single day."""
        return self.first == self.last


@lru_cache(maxsize=4096)  # a register reads the same few hundred days some ten thousand times
def read_period(text: str) -> Period | None:
    """The days that `2018`, `2018-10` or `2018-10-17` covers; None if there is no such day.

    A month means all its days and a year all its days. No more exact day is made up.
    """
    match = _WRITTEN.fullmatch(text.strip())
    if match is None:
        return None
    try:
        return _period(*(int(part) for part in match.groups() if part))
    except ValueError:
        return None


def _period(year: int, month: int | None = None, day: int | None = None) -> Period:
    if month is None:
        return Period(date(year, 1, 1), date(year, 12, 31))
    if day is None:
        return Period(date(year, month, 1), date(year, month, monthrange(year, month)[1]))
    return Period(date(year, month, day), date(year, month, day))


def read_day(text: str) -> date | None:
    """The day of `2018-10-17`; None for anything else."""
    period = read_period(text)
    return period.first if period and len(text.strip()) == 10 else None


MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def days_in_words(first: date, last: date) -> str:
    """Days in words, no sharper than they are: `17 October 2018`, `October 2018`, `2018`, `May to July 2018`.

    A whole month or year is named as that; days that are neither are given from the first to the last.
    """
    if first == last:
        return in_words(first.isoformat())
    if first.day != 1 or last.day != monthrange(last.year, last.month)[1]:
        return f"{in_words(first.isoformat())} to {in_words(last.isoformat())}"
    if (first.month, last.month) == (1, 12):
        return f"{first.year}" if first.year == last.year else f"{first.year} to {last.year}"
    if first.year != last.year:
        return f"{in_words(first.isoformat()[:7])} to {in_words(last.isoformat()[:7])}"
    begun = "" if first.month == last.month else f"{MONTHS[first.month - 1]} to "
    return begun + in_words(last.isoformat()[:7])


def in_words(text: str) -> str:
    """A written day, month or year as people say it: `17 October 2018`, `October 2018`, `2018`."""
    period = read_period(text)
    if period is None:
        return text
    parts = text.strip().split("-")
    words = [parts[0]]
    if len(parts) > 1:
        words.insert(0, MONTHS[int(parts[1]) - 1])
    if len(parts) > 2:
        words.insert(0, str(int(parts[2])))
    return " ".join(words)
