"""Dated counts by who counted, without lines between them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from lineofsight.charts.bands import bands_of, captions_of, draw_band
from lineofsight.charts.inexact import bound_box, days_box, draw_bound, draw_days, inexact_key
from lineofsight.charts.labels import Box, all_clear, place_labels
from lineofsight.charts.markup import (
    QUIET,
    ROW,
    RULE,
    WIDTHS,
    clean,
    identity_of,
    level,
    linked,
    stroke,
    svg,
    tag,
    text,
    text_width,
    upright,
)
from lineofsight.charts.scales import (
    TimeScale,
    day_rule,
    nice_top,
    number_words,
    quarter_of,
    time_axis,
)
from lineofsight.charts.shapes import LOOKS, draw_key, marker
from lineofsight.charts.values import Point
from lineofsight.vocabulary.days import days_in_words

FAR = 20  # a label further away has a line to its dot
MOST_LABELS = 60  # more labels have no room, and the search for places takes too long


@dataclass(frozen=True)
class _Dot:
    """A point with its position and look, and the area of the line over the days it may be of, if it has none."""

    point: Point
    x: float
    y: float
    days: Box | None = None
    look: tuple[str, str, str] = field(default=LOOKS[0])


def dots(
    points: Sequence[Point],
    *,
    title: str,
    description: str,
    day: date,
    width: int = WIDTHS["middle"],
    height: int = 320,
    key: str = "",
) -> str:
    """Dated counts by counter, without lines between them.

    Each dot has its label beside it, and its counter too if the drawing is
    wide enough for all counters; a zero has its number alone. Counts for one month by different counters
    are on one shaded band. A point that is not ``known`` is
    hollow. A count without a day has a line across the month or year it may be
    of, and one with a bound an arrow or a dotted line. The drawing is as high as ``height`` and its key, and higher if
    the captions of bands need another row. ``key`` distinguishes two similar
    drawings on a page.
    """
    identity = identity_of("dots", title, width, key)
    if not points:
        return svg(identity, width, 40, title, description, text(0, 24, "No figure is recorded."))
    looks = {name: LOOKS[n % len(LOOKS)] for n, name in enumerate(dict.fromkeys(p.series for p in points))}
    top, step = nice_top(max(point.value for point in points))
    frame = Box(12 + text_width(number_words(top)), 46, width - 12, height - 44)
    time = _dots_time(points, day, frame)
    in_time = _in_time(points, time)
    rule = time.at(day) if time.holds(day) else None
    captions = captions_of(bands_of(in_time), frame, rule)
    more = ROW * max((caption.row for caption in captions), default=0)
    frame = replace(frame, top=frame.top + more, bottom=frame.bottom + more)
    rise = (frame.bottom - frame.top) / top
    placed = [_dot(point, x, frame.bottom - point.value * rise, time, looks) for point, x in in_time]
    body = _value_grid(top, step, frame) + "".join(draw_band(caption, frame) for caption in captions)
    body += day_rule(time, day, 20, frame.bottom)
    body += "".join(upright(dot.x, dot.y, frame.bottom, dot.look[1], 1.5, dot.look[2]) for dot in placed)
    body += "".join(draw_days(dot.days, dot.look[1]) for dot in placed if dot.days)
    body += "".join(draw_bound(d.point.bound, d.x, d.y, d.look[1], frame.bottom) for d in placed)
    body += time_axis(time, frame.bottom) + _labelled(placed, frame, rule)
    legend, bottom = draw_key(_dots_key(points, looks), 4, height + more, width - 8)
    return svg(identity, width, bottom, title, description, body + legend)


def _dot(
    point: Point, x: float, y: float, time: TimeScale, looks: Mapping[str, tuple[str, str, str]]
) -> _Dot:
    exact = point.last == point.day
    days = None if exact else days_box(x, y, time.at(point.day), time.at(point.last + timedelta(days=1)))
    return _Dot(point, x, y, days, looks[point.series])


def _dots_time(points: Sequence[Point], day: date, frame: Box) -> TimeScale:
    """From the quarter before the first point to the quarter after the last, including ``day`` if it is near."""
    days = [day for point in points for day in (point.day, point.last)]
    reach = max((max(days) - min(days)) // 3, timedelta(days=200))
    if min(days) - reach <= day <= max(days) + reach:
        days.append(day)
    first, last = quarter_of(min(days) - timedelta(days=30)), quarter_of(max(days) + timedelta(days=30), 1)
    return TimeScale(first, last, frame.left, frame.right)


def _in_time(points: Sequence[Point], time: TimeScale) -> list[tuple[Point, float]]:
    """Each point and its position along the axis, in order: at its day, or in the middle of the days it may be of.

    No point is moved to make room for another: a count would stand at a month in which nobody counted it.
    """
    ordered = sorted(points, key=lambda point: (point.month, point.middle, -point.value))
    return [(point, time.at(point.middle)) for point in ordered]


def _value_grid(top: float, step: float, frame: Box) -> str:
    """Horizontal lines from zero up, each with its number."""
    body = ""
    for count in range(round(top / step) + 1):
        y = frame.bottom - count * step / top * (frame.bottom - frame.top)
        body += level(frame.left, frame.right, y, RULE)
        body += text(frame.left - 6, y + 5, number_words(count * step), text_anchor="end", fill=QUIET)
    return body


def _labelled(placed: Sequence[_Dot], frame: Box, rule: float | None) -> str:
    """The dots with their labels, and with the counters' names if all of them have room.

    If there are too many dots for labels, each still shows its label when somebody points at it.
    """
    if len(placed) > MOST_LABELS:
        return "".join(_one_dot(dot, None, False) for dot in placed)
    within = Box(frame.left, frame.top - 2, frame.right + 10, frame.bottom - 1)
    thin = [Box(dot.x - 3, dot.y, dot.x + 3, frame.bottom) for dot in placed]
    thin += [dot.days for dot in placed if dot.days]
    thin += [bound_box(dot.point.bound, dot.x, dot.y, frame.bottom) for dot in placed]
    thin += [] if rule is None else [Box(rule - 3, frame.top, rule + 3, frame.bottom)] * 2
    for named in (True, False) if frame.right - frame.left > 500 else (False,):
        places = [(dot.x, dot.y, _label_width(dot.point, named)) for dot in placed]
        boxes = place_labels(places, within, thin)
        if all_clear(places, boxes, within):
            break
    together = list(zip(placed, boxes, strict=True))
    leaders = "".join(_leader(dot, box) for dot, box in together)
    return leaders + "".join(_one_dot(dot, box, named) for dot, box in together)


def _label_width(point: Point, named: bool) -> float:
    return text_width(point.label, bold=True) + text_width(_name_of(point, named))


def _name_of(point: Point, named: bool) -> str:
    """The counter after the number. None at a zero: its long label would lie on the axis, away from its dot."""
    return f" {point.series}" if named and point.value else ""


def _one_dot(dot: _Dot, box: Box | None, named: bool) -> str:
    point = dot.point
    told = f"{point.label}, {point.series}, {days_in_words(point.day, point.last)}" + (
        "" if point.known else ", not known by then"
    )
    body = tag("title", clean(told)) + _target(dot.x, dot.y)
    body += marker(dot.look, dot.x, dot.y, point.known)
    body += _label(point, box, named) if box else ""
    return linked(point.href, tag("g", body))


def _label(point: Point, box: Box, named: bool) -> str:
    words = tag("tspan", clean(point.label), font_weight=700)
    words += clean(_name_of(point, named))
    halo = {"paint_order": "stroke", "stroke": "#fff", "stroke_width": 4, "stroke_linejoin": "round"}
    return tag("text", words, x=box.left, y=box.bottom - 4, class_="los-drawing__value", **halo)


def _leader(dot: _Dot, box: Box) -> str:
    """A thin line from a dot to its label, if the label had to move away."""
    x, y = min(max(dot.x, box.left), box.right), min(max(dot.y, box.top + 3), box.bottom - 3)
    if math.hypot(x - dot.x, y - dot.y) < FAR:
        return ""
    return stroke(f"M{dot.x:.1f} {dot.y:.1f}L{x:.1f} {y:.1f}", QUIET)


def _target(x: float, y: float) -> str:
    """The area that a finger hits and that shows focus."""
    return tag(
        "rect",
        x=x - 12,
        y=y - 12,
        width=24,
        height=24,
        fill="none",
        pointer_events="all",
        class_="los-drawing__target",
    )


def _dots_key(points: Sequence[Point], looks: Mapping[str, tuple[str, str, str]]) -> list[tuple[str, str]]:
    rows = [(marker(look, 0, 0), name) for name, look in looks.items()]
    if not all(point.known for point in points):
        rows.append((marker(("circle", QUIET, ""), 0, 0, filled=False), "Hollow: not known by then"))
    return rows + inexact_key(points)
