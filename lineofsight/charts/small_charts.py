"""Small charts over years, each on its own scale from zero."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from lineofsight.charts.labels import Box
from lineofsight.charts.markup import (
    QUIET,
    ROW,
    RULE,
    WIDTHS,
    clean,
    halo,
    identity_of,
    level,
    stroke,
    svg,
    tag,
    text,
    text_width,
    wrapped,
)
from lineofsight.charts.scales import nice_top, number_words
from lineofsight.charts.shapes import draw_key, marker
from lineofsight.charts.values import Line, Mark

PANEL = 132  # height of one small chart
SIGNS = ("%", "£")  # units written with each number
NOTE = "Each chart has its own scale from zero"
EMPTY = "No figure is recorded."
MARKS = {"england": ("diamond", "#3d3d3d", ""), "neighbours": ("square", "#1a7f76", "")}
MARK_WORDS = {"england": "England", "neighbours": "Statistical neighbours"}


@dataclass(frozen=True)
class _Panel:
    """The position of one small chart, the years that all charts share, and its own scale and unit."""

    frame: Box
    first: int
    last: int
    top: float
    unit: str

    def x(self, year: int) -> float:
        share = (year - self.first) / max(1, self.last - self.first)
        return self.frame.left + share * (self.frame.right - self.frame.left)

    def y(self, value: float) -> float:
        return self.frame.bottom - value / self.top * (self.frame.bottom - self.frame.top)


def lines(
    series: Sequence[Line],
    *,
    title: str,
    description: str,
    width: int = WIDTHS["middle"],
    key: str = "",
) -> str:
    """Small charts over the same years, each on its own scale; a missing year is a gap.

    A chart's scale goes from zero to a round number above its own values
    and marks, so that a rate of 16 per cent is readable beside 17,000
    referrals. So compare heights within one chart, not between two. If
    the scales differ, the drawing says so above the charts ("Each chart
    has its own scale from zero").
    """
    identity = identity_of("lines", title, width, key)
    if not any(_figures(line) for line in series):
        return svg(identity, width, 40, title, description, text(0, 24, EMPTY))
    columns = math.ceil(len(series) / math.ceil(len(series) / max(1, width // 215)))
    rows = max(len(wrapped(_name(line), width / columns - 20)) for line in series)
    high = PANEL + 34 + (rows - 1) * ROW
    head = ROW + 6 if len({(_ceiling(line), line.unit) for line in series if _figures(line)}) > 1 else 0
    body = text(4, 14, NOTE, fill=QUIET) if head else ""
    body += _panels(series, Box(0, head, width / columns, high), columns)
    bottom = head + math.ceil(len(series) / columns) * high
    used = [shape for shape in MARKS if any(mark.shape == shape for line in series for mark in line.marks)]
    legend, end = draw_key(
        [(marker(MARKS[shape], 0, 0, r=4), MARK_WORDS[shape]) for shape in used], 4, bottom, width - 8
    )
    return svg(identity, width, end if used else bottom, title, description, body + legend)


def _figures(line: Line) -> list[float]:
    """Every number of one chart: its values and its marks."""
    return [value for value in line.values.values() if value is not None] + [m.value for m in line.marks]


def _ceiling(line: Line) -> float:
    """The top of a chart's own scale."""
    return nice_top(max(_figures(line), default=0.0))[0]


def _name(line: Line) -> str:
    """A chart's name, with its unit unless the numbers already have it."""
    return f"{line.name} ({line.unit})" if line.unit and line.unit not in SIGNS else line.name


def _panels(series: Sequence[Line], cell: Box, columns: int) -> str:
    """All charts, row by row. ``cell``: where the first begins, and each chart's width and height."""
    years = [year for line in series for year in (*line.values, *(mark.year for mark in line.marks))]
    wide, high, room, body = cell.right, cell.bottom, 22 + _widest(series), ""
    for number, line in enumerate(series):
        left, upper = number % columns * wide, cell.top + number // columns * high
        frame = Box(left + 8, upper + high - PANEL + 12, left + wide - room, upper + high - 34)
        body += _panel(line, _Panel(frame, min(years), max(years), _ceiling(line), line.unit), wide - 20)
    return body


def _widest(series: Sequence[Line]) -> float:
    """The room for the widest number, so that the years are at the same place in all charts."""
    numbers = [number_words(value, line.unit) for line in series for value in _figures(line)]
    return max(text_width(words, bold=True) for words in numbers)


def _panel(line: Line, panel: _Panel, room: float) -> str:
    """One small chart: its name, its floor and ceiling, the line, the marks and the last values."""
    frame = panel.frame
    body = "".join(
        text(frame.left - 4, frame.top - 28 - up * ROW, row, font_weight=600)
        for up, row in enumerate(reversed(wrapped(_name(line), room)))
    )
    if not _figures(line):
        return body + text(frame.left - 4, (frame.top + frame.bottom) / 2, EMPTY, fill=QUIET)
    body += "".join(level(frame.left, frame.right, panel.y(value), RULE) for value in (0.0, panel.top))
    body += text(frame.left - 4, frame.top - 6, number_words(panel.top, panel.unit), fill=QUIET)
    body += text(frame.left - 4, frame.bottom + 18, str(panel.first), fill=QUIET)
    body += text(frame.right + 4, frame.bottom + 18, str(panel.last), fill=QUIET, text_anchor="end")
    body += "".join(_compared(mark, panel) for mark in line.marks)
    return body + _runs(line, panel) + _last_values(line, panel)


def _compared(mark: Mark, panel: _Panel) -> str:
    look = MARKS.get(mark.shape, MARKS["neighbours"])
    told = tag(
        "title",
        clean(
            f"{MARK_WORDS.get(mark.shape, mark.shape)}, {mark.year}: {number_words(mark.value, panel.unit)}"
        ),
    )
    return tag("g", told + marker(look, panel.x(mark.year), panel.y(mark.value), r=3.5))


def runs(values: Mapping[int, float | None]) -> list[list[tuple[int, float]]]:
    """The stretches of consecutive years with a value."""
    known = [(year, value) for year, value in sorted(values.items()) if value is not None]
    parts = [known[:1]] if known else []
    for before, after in pairwise(known):
        if after[0] == before[0] + 1:
            parts[-1].append(after)
        else:
            parts.append([after])
    return parts


def _runs(line: Line, panel: _Panel) -> str:
    """The line, broken where a year is missing, with a dot at each year with a value."""
    body = ""
    for part in runs(line.values):
        places = [f"{panel.x(year):.1f} {panel.y(value):.1f}" for year, value in part]
        body += stroke("M" + "L".join(places), "#12436d", 2.5)
        for year, value in part:
            told = tag("title", clean(f"{year}: {number_words(value, panel.unit)}"))
            dot = tag("circle", told, cx=panel.x(year), cy=panel.y(value), r=3, fill="#12436d")
            body += dot
    return body


def _last_values(line: Line, panel: _Panel) -> str:
    """The latest values: at the right if they are for the last year, otherwise above their dot."""
    latest = {mark.shape: (mark.year, mark.value) for mark in sorted(line.marks, key=lambda mark: mark.year)}
    known = [(year, value) for year, value in sorted(line.values.items()) if value is not None]
    latest |= {"": known[-1]} if known else {}
    rows = [
        (panel.y(value) + 5, value, shape) for shape, (year, value) in latest.items() if year == panel.last
    ]
    body, floor = "", -math.inf
    for y, value, shape in sorted(rows):
        floor = max(y, floor + 16)
        body += _last_value(panel.frame.right + 8, floor, number_words(value, panel.unit), shape)
    if known and known[-1][0] != panel.last:
        year, value = known[-1]
        words = number_words(value, panel.unit)
        body += halo(
            panel.x(year), _beside(panel, year, value, words), words, text_anchor="middle", font_weight=700
        )
    return body


def _beside(panel: _Panel, year: int, value: float, words: str) -> float:
    """The height of words above a dot, or below it if they would touch the number at the top."""
    ceiling = panel.frame.left + text_width(number_words(panel.top, panel.unit))
    meets = panel.x(year) - text_width(words, bold=True) / 2 < ceiling + 4
    return panel.y(value) + (20 if meets and panel.y(value) - 22 < panel.frame.top else -8)


def _last_value(x: float, y: float, words: str, shape: str) -> str:
    """One value: bold for the line itself; after its mark for a comparison."""
    if not shape:
        return text(x, y, words, font_weight=700, class_="los-drawing__last")
    mark = marker(MARKS.get(shape, MARKS["neighbours"]), x + 3, y - 5, r=3.5)
    return mark + text(x + 11, y, words, class_="los-drawing__last")
