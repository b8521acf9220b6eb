"""The input of drawings: plain dated values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Point:
    """One dated count by one counter.

    ``label`` is the number alone, as printed beside the dot: "383",
    "over 300". The drawing adds the counter if there is room. ``until`` is the
    last day that the count may be of, if its source gives no day: the end of
    "October 2019" or of "2018". ``bound`` is how the number is meant if it is
    not exact: a code of ``value_bound``, such as "more than".
    """

    day: date
    value: float
    series: str
    label: str
    href: str | None = None
    known: bool = True
    until: date | None = None
    bound: str = ""

    @property
    def last(self) -> date:
        """The last day that the count may be of."""
        return max(self.day, self.until or self.day)

    @property
    def middle(self) -> date:
        """The day in the middle of those the count may be of, where its mark stands."""
        return self.day + timedelta(days=(self.last - self.day).days // 2)

    @property
    def month(self) -> tuple[int, int, date]:
        """The same for all counts of one month; for one that is less exact than a month, its own days."""
        within = (self.day.year, self.day.month) == (self.last.year, self.last.month)
        return self.day.year, self.day.month, self.day.replace(day=1) if within else self.last


@dataclass(frozen=True)
class Span:
    """One stretch of a lane. ``end`` is None if it still continues.

    ``begin`` and ``end`` are the first and the last possible day. ``begin_by`` and ``end_from`` are the last day on
    which it can have begun, and the first on which it can have ended, if the source names only a month or a year.
    """

    begin: date
    end: date | None
    text: str
    sure_begin: bool = True
    sure_end: bool = True
    tone: str = "holder"
    href: str | None = None
    begin_by: date | None = None
    end_from: date | None = None


@dataclass(frozen=True)
class Lane:
    """A post, or anything else with one holder after another."""

    name: str
    spans: Sequence[Span]


@dataclass(frozen=True)
class Mark:
    """A figure for comparison. ``shape`` is "england" or "neighbours"."""

    shape: str
    year: int
    value: float


@dataclass(frozen=True)
class Line:
    """One small chart: a value for each year, None if the year is missing.

    ``unit`` "%" or "£" is written with each number of the chart. Any other unit
    ("children") is written once, after the name.
    """

    name: str
    values: Mapping[int, float | None]
    marks: Sequence[Mark] = ()
    unit: str = ""
