"""The input of drawings: plain dated values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Point:
    """One dated count by one counter.

    ``label`` is the number alone, as printed beside the dot: "383",
    "over 300". The drawing adds the counter if there is room.
    """

    day: date
    value: float
    series: str
    label: str
    href: str | None = None
    known: bool = True


@dataclass(frozen=True)
class Span:
    """One stretch of a lane. ``end`` is None if it still continues."""

    begin: date
    end: date | None
    text: str
    sure_begin: bool = True
    sure_end: bool = True
    tone: str = "holder"
    href: str | None = None


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
