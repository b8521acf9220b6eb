"""What is not exact about a count, drawn: the days it may be of, and the numbers it may mean."""

from __future__ import annotations

from collections.abc import Sequence

from lineofsight.charts.labels import Box
from lineofsight.charts.markup import QUIET, level, stroke, upright
from lineofsight.charts.values import Point

REACH = 22  # how far a line goes up or down from its dot, in pixels
CAP = 5  # half the height of the small line at each end of a period
_EDGE = 9  # a dot is this wide on each side, so a shorter line would not be seen

UP, DOWN, BOTH = "up", "down", "both"
_WAYS = {"at least": UP, "more than": UP, "at most": DOWN, "fewer than": DOWN, "about": BOTH}
_WORDS = {
    UP: "Arrow up: this number, or more",
    DOWN: "Arrow down: this number, or fewer",
    BOTH: "Dotted up and down: about this number",
}


def way_of(bound: str) -> str:
    """Where the true number may be, by a code of ``value_bound``: up, down, both; empty if it is exact."""
    return _WAYS.get(bound, "")


def days_box(x: float, y: float, left: float, right: float) -> Box:
    """The area of a line over the days that a count at ``x`` may be of: all of them, and seen beside its dot."""
    return Box(min(left, x - _EDGE), y - CAP, max(right, x + _EDGE), y + CAP)


def draw_days(box: Box, colour: str) -> str:
    """A horizontal line over the days, with a small line at each end."""
    y = (box.top + box.bottom) / 2
    ends = "".join(upright(x, box.top, box.bottom, colour, 2) for x in (box.left, box.right))
    return level(box.left, box.right, y, colour, 2) + ends


def draw_bound(bound: str, x: float, y: float, colour: str, floor: float) -> str:
    """An arrow up or down from a dot for a bound, or a dotted line both ways; nothing goes below ``floor``."""
    way = way_of(bound)
    up, down = y - REACH, min(y + REACH, floor)
    if way == BOTH:
        return upright(x, up, down, colour, 3, "2 3")
    if way == UP:
        return upright(x, y, up, colour, 2) + stroke(f"M{x - 4:.1f} {up + 5:.1f}l4 -5l4 5", colour, 2)
    if way == DOWN and down - y > 8:
        return upright(x, y, down, colour, 2) + stroke(f"M{x - 4:.1f} {down - 5:.1f}l4 5l4 -5", colour, 2)
    return ""


def bound_box(bound: str, x: float, y: float, floor: float) -> Box:
    """The area of what `draw_bound` draws, so that a label can keep clear of it."""
    way = way_of(bound)
    top = y - REACH if way in (UP, BOTH) else y
    return Box(x - 4, top, x + 4, min(y + REACH, floor) if way in (DOWN, BOTH) else y)


def inexact_key(points: Sequence[Point]) -> list[tuple[str, str]]:
    """The rows of the key for what these points use."""
    rows = []
    if any(point.last > point.day for point in points):
        rows.append(
            (draw_days(Box(-8, -CAP, 8, CAP), QUIET), "Line across: the month or months, no day given")
        )
    ways = {way_of(point.bound) for point in points}
    swatch = {UP: ("at least", 8.0), DOWN: ("at most", -10.0), BOTH: ("about", 0.0)}
    for way in (way for way in _WORDS if way in ways):
        bound, y = swatch[way]
        rows.append((draw_bound(bound, 0, y, QUIET, 12.0), _WORDS[way]))
    return rows
