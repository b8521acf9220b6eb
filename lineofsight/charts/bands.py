"""Shaded bands behind the dots of a month that more than one counter counted, and their captions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from lineofsight.charts.labels import Box
from lineofsight.charts.markup import QUIET, ROW, WASH, tag, text, text_width
from lineofsight.charts.scales import day_words
from lineofsight.charts.values import Point


@dataclass(frozen=True)
class Band:
    """A month that more than one counter counted: the position of its band, and its caption."""

    left: float
    right: float
    count: int
    month: date
    words: str = ""
    words_at: float = 0.0
    row: int = 0


def bands_of(in_time: Sequence[tuple[Point, float]]) -> list[Band]:
    """A band for every month that more than one counter counted."""
    bands = []
    for (year, month, _), group in groupby(in_time, key=lambda placed: placed[0].month):
        together = list(group)
        if len({point.series for point, _ in together}) > 1:
            left, right = (end(x for _, x in together) for end in (min, max))
            bands.append(Band(left - 13, right + 13, len(together), date(year, month, 1)))
    return bands


def captions_of(bands: Sequence[Band], frame: Box, rule: float | None) -> list[Band]:
    """The bands with their captions, clear of the day's line and of each other; row 0 is the lowest."""
    captions: list[Band] = []
    for band in bands:
        words = f"{band.count} counts"
        if frame.right - frame.left > 500:
            words += f", {day_words(band.month, short=True)}"
        wide = text_width(words)
        taken: list[tuple[int | None, float, float]] = [
            (other.row, other.words_at - 12, other.words_at + text_width(other.words) + 12)
            for other in captions
        ]
        taken += [] if rule is None else [(None, rule - 6, rule + 6)]
        places = _caption_places((band.left + band.right - wide) / 2, wide, rule, frame, len(bands))
        clear = (
            (row, left)
            for row, left in places
            if all(left + wide <= begin or left >= end for at, begin, end in taken if at in (row, None))
        )
        row, left = next(clear, places[0])
        captions.append(replace(band, words=words, words_at=left, row=row))
    return captions


def _caption_places(
    left: float, wide: float, rule: float | None, frame: Box, rows: int
) -> list[tuple[int, float]]:
    """Where a caption may begin, best first: over its band, then beside the day's line, then a row higher."""
    lefts = [min(max(left, frame.left), frame.right - wide)]
    if rule is not None:
        sides = [at for at in (rule - 6 - wide, rule + 6) if frame.left <= at <= frame.right - wide]
        lefts += sorted(sides, key=lambda at: abs(at - left))
    return [(row, at) for row in range(rows) for at in lefts]


def draw_band(band: Band, frame: Box) -> str:
    """One shaded band and its caption."""
    body = tag(
        "rect",
        x=band.left,
        y=frame.top,
        width=band.right - band.left,
        height=frame.bottom - frame.top,
        fill=WASH,
    )
    return body + text(
        band.words_at, frame.top - 5 - ROW * band.row, band.words, fill=QUIET, class_="los-drawing__band"
    )
