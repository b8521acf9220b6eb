"""A count over days, as one or more lines on one scale from zero."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from lineofsight.charts.markup import (
    QUIET,
    ROW,
    RULE,
    WIDTHS,
    identity_of,
    level,
    stroke,
    svg,
    text,
    text_width,
)
from lineofsight.charts.scales import TimeScale, day_rule, nice_top, number_words, time_axis
from lineofsight.charts.shapes import draw_key

HEIGHT = 190
STEP = 2.0  # pixels between two points of a line: no eye sees a finer line
LOOKS = (("#12436d", 2.5, ""), ("#b8400f", 2.0, "5 4"), ("#1a7f76", 2.0, "2 3"))
"""How each line looks: colour, thickness, dash. The first is the one that matters most."""


@dataclass(frozen=True)
class OverDays:
    """One line: a value for each day in order, None if it is not known."""

    name: str
    days: Sequence[tuple[date, int | None]]


@dataclass(frozen=True)
class _Frame:
    time: TimeScale
    top: float
    bottom: float
    highest: float

    def y(self, value: float) -> float:
        return self.bottom - value / self.highest * (self.bottom - self.top)


def over_days(
    lines: Sequence[OverDays],
    *,
    title: str,
    description: str,
    day: date,
    width: int = WIDTHS["middle"],
    key: str = "",
) -> str:
    """Counts over days as lines, with a gap for a day without a count and a vertical line at the day asked."""
    identity = identity_of("over days", title, width, key)
    told = [(at, value) for line in lines for at, value in line.days if value is not None]
    if not told:
        return svg(
            identity, width, 40, title, description, text(0, 24, "No figure can be told of these days.")
        )
    highest, step = nice_top(max(value for _, value in told))
    left = 10 + text_width(number_words(highest))
    every = [at for line in lines for at, _ in line.days]
    frame = _Frame(TimeScale(min(every), max(every), left, width - 8.0), 40, 40 + HEIGHT, highest)
    body = _grid(frame, step) + "".join(
        _line(line, look, frame) for line, look in reversed(list(zip(lines, LOOKS, strict=False)))
    )
    body += day_rule(frame.time, day, 24, frame.bottom) + time_axis(frame.time, frame.bottom)
    swatches = [(stroke("M-10 0H10", *look), line.name) for line, look in zip(lines, LOOKS, strict=False)]
    legend, bottom = draw_key(swatches, left, frame.bottom + 2 * ROW + 6, width - left)
    return svg(identity, width, bottom, title, description, body + legend)


def _grid(frame: _Frame, step: float) -> str:
    count = round(frame.highest / step)
    values = [step * at for at in range(count + 1)]
    lines = "".join(level(frame.time.left, frame.time.right, frame.y(value), RULE) for value in values[1:])
    return lines + "".join(
        text(frame.time.left - 6, frame.y(value) + 5, number_words(value), fill=QUIET, text_anchor="end")
        for value in values
    )


def _line(line: OverDays, look: tuple[str, float, str], frame: _Frame) -> str:
    """The line, broken where the count is not known, with its last value beside its end."""
    path, drawn, x_before = "", False, -10.0
    for number, (day, value) in enumerate(line.days):
        x = frame.time.at(day)
        if value is None:
            drawn = False
        elif not drawn or x - x_before >= STEP or number == len(line.days) - 1:
            path += f"{'L' if drawn else 'M'}{x:.0f} {frame.y(value):.1f}"
            drawn, x_before = True, x
    return stroke(path, *look) if path else ""
