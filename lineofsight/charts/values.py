"""What a drawing is made from: plain dated values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Point:
    """One dated count by one counter.

    ``label`` is the number alone, as it is printed beside the dot: "383",
    "over 300". The drawing writes the counter after it where there is room.
    """

    day: date
    value: float
    series: str
    label: str
    href: str | None = None
    known: bool = True


@dataclass(frozen=True)
class Span:
    """One stretch of a lane. An ``end`` of None is still going on."""

    begin: date
    end: date | None
    text: str
    sure_begin: bool = True
    sure_end: bool = True
    tone: str = "holder"
    href: str | None = None


@dataclass(frozen=True)
class Lane:
    """A post, or anything else that is held by one after another."""

    name: str
    spans: Sequence[Span]


@dataclass(frozen=True)
class Mark:
    """A figure to compare with. ``shape`` is "england" or "neighbours"."""

    shape: str
    year: int
    value: float


@dataclass(frozen=True)
class Line:
    """One small chart: a value a year, None where the year is missing.

    ``unit`` "%" or "£" is written with each number of the chart; any other
    ("children") is written once, after the name.
    """

    name: str
    values: Mapping[int, float | None]
    marks: Sequence[Mark] = ()
    unit: str = ""
