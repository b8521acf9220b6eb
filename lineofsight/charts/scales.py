"""Days and numbers: in words, and their positions along an axis."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta

from lineofsight.charts.markup import INK, QUIET, level, text, text_width, upright

_WEEKS, _MONTHS = 45, 200
"""The most days for an axis with weeks, and with months."""


def day_words(day: date, *, short: bool = False) -> str:
    """31 January 2019, or Jan 2019."""
    return f"{day:%b %Y}" if short else f"{day.day} {day:%B %Y}"


def quarter_of(day: date, step: int = 0) -> date:
    """The first day of the day's quarter, or of the quarter ``step`` quarters later."""
    quarters = day.year * 4 + (day.month - 1) // 3 + step
    return date(quarters // 4, quarters % 4 * 3 + 1, 1)


@dataclass(frozen=True)
class TimeScale:
    """Days laid out from ``left`` to ``right``."""

    begin: date
    end: date
    left: float
    right: float

    def at(self, day: date) -> float:
        """The position of a day; a day outside the scale is at the nearer end."""
        share = (day - self.begin).days / max(1, (self.end - self.begin).days)
        return self.left + min(1.0, max(0.0, share)) * (self.right - self.left)

    def holds(self, day: date) -> bool:
        """Whether the day is on the scale."""
        return self.begin <= day <= self.end

    def quarters(self) -> list[date]:
        """The first day of every quarter on the scale."""
        count = (self.end.year - self.begin.year) * 4 + 5
        return [q for q in (quarter_of(self.begin, step) for step in range(count)) if self.holds(q)]

    def marks(self) -> list[date]:
        """The days with a tick: Mondays for a few weeks, months for half a year, otherwise quarters."""
        length = (self.end - self.begin).days
        if length > _MONTHS:
            return self.quarters()
        days = (self.begin + timedelta(days=step) for step in range(length + 1))
        return [day for day in days if (day.weekday() == 0 if length <= _WEEKS else day.day == 1)]

    def years(self) -> list[date]:
        """The first day of each year on the axis: 1 January, or the beginning of the axis."""
        return [max(date(year, 1, 1), self.begin) for year in range(self.begin.year, self.end.year + 1)]


def time_axis(time: TimeScale, y: float) -> str:
    """A line with ticks, a tall tick for each year, the ticks' names if there is room, and the years."""
    room = (time.right - time.left) / max(1, len(time.marks()))
    ticks = "".join(
        upright(time.at(mark), y, y + (14 if (mark.month, mark.day) == (1, 1) else 5), INK)
        for mark in time.marks()
        if room >= 5 or mark.month == 1
    )
    months = _month_words(time, y + 18) if room >= 40 else ""
    years = _year_words(time, y + (36 if months else 22))
    return level(time.left, time.right, y, INK) + ticks + months + years


def _month_words(time: TimeScale, y: float) -> str:
    few = (time.end - time.begin).days <= _WEEKS
    return "".join(
        text(time.at(mark) + 4, y, f"{mark.day} {mark:%b}" if few else f"{mark:%b}", fill=QUIET)
        for mark in time.marks()
        if time.at(mark) + (48 if few else 30) <= time.right
    )


def _year_words(time: TimeScale, y: float) -> str:
    """Each year's number where its part of the axis begins, if there is room."""
    words, taken = "", 0.0
    for begin in time.years():
        x = time.at(begin) + 4
        after = time.at(date(begin.year + 1, 1, 1)) if begin.year < 9999 else time.right
        if x >= taken and (after - x >= 34 or begin.month == 1) and x + 34 <= time.right + 14:
            words += text(x, y, str(begin.year), font_weight=600)
            taken = x + 40
    return words


def day_rule(time: TimeScale, day: date, top: float, bottom: float) -> str:
    """A vertical line at the chosen day with its date above; an arrow at the edge if the day is outside."""
    x, words = time.at(day), day_words(day)
    if not time.holds(day):
        words = f"\u2190 {words}" if day < time.begin else f"{words} \u2192"
    half = text_width(words, bold=True) / 2
    middle = min(max(x, time.left + half), time.right - half)
    label = text(middle, top - 5, words, text_anchor="middle", font_weight=600, class_="los-drawing__day")
    return label + (upright(x, top, bottom, INK, 2) if time.holds(day) else "")


def nice_top(highest: float) -> tuple[float, float]:
    """A round top for an axis from zero up to at least ``highest``, and the step of its grid."""
    if highest <= 0:
        return 1.0, 1.0
    rough = highest / 4
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * by for by in (1, 2, 2.5, 5, 10) if power * by >= rough * 0.999)
    step = max(step, 1.0) if highest >= 3 else step
    return math.ceil(max(highest, step) / step) * step, step


def number_words(value: float, unit: str = "") -> str:
    """1,234 or 12.5, with the unit against the number if it is % or £."""
    words = f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"
    return f"{words}%" if unit == "%" else f"\u00a3{words}" if unit == "\u00a3" else words
