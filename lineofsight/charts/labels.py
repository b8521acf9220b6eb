"""Positions for labels, so that none covers another label or a dot."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from lineofsight.charts.markup import ROW

SPACE = 6  # between two labels of one row, so that "0" and "0" do not read as "00"
REACH = 40  # how far a label may be from its dot and still clearly belong to it
ROUNDS = 4  # how many times the labels may move again


@dataclass(frozen=True)
class Box:
    """A rectangle that something covers."""

    left: float
    top: float
    right: float
    bottom: float

    def shared(self, other: Box) -> float:
        """The area that both cover."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        high = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(0.0, wide) * max(0.0, high)

    def gap(self, other: Box) -> float:
        """How far apart the two are."""
        wide = max(other.left - self.right, self.left - other.right, 0.0)
        high = max(other.top - self.bottom, self.top - other.bottom, 0.0)
        return math.hypot(wide, high)

    def outside(self, other: Box) -> float:
        """How far this box extends outside the other."""
        out = (
            other.left - self.left,
            self.right - other.right,
            other.top - self.top,
            self.bottom - other.bottom,
        )
        return sum(max(0.0, by) for by in out)


def _candidates(x: float, y: float, wide: float, away: float = 10.0) -> Iterable[Box]:
    """Places for a label near a dot: beside it, above and below it, at the corners, then further away."""
    for lift in (0, *(sign * by for by in range(ROW, 7 * ROW, ROW) for sign in (-1, 1))):
        top = y - ROW / 2 + lift
        for left in (x + away, x - away - wide):
            yield Box(left, top, left + wide, top + ROW)
        top += math.copysign(away + 8, lift or -1)
        for share in (0.5, 0.25, 0.75, 0.0, 1.0):
            yield Box(x - wide * share, top, x + wide * (1 - share), top + ROW)


def place_labels(
    dots_at: Sequence[tuple[float, float, float]], frame: Box, thin: Sequence[Box] = ()
) -> list[Box]:
    """A box for each (x, y, label width) that clears all dots, the other labels and, if it can, ``thin``.

    The widest label is placed first. Then each may move again until none can improve.
    """
    dots = [_dot(x, y) for x, y, _ in dots_at]
    choices = [_choices(place, dots, thin, frame) for place in dots_at]
    placed: dict[int, Box] = {}
    for _ in range(1 + ROUNDS):
        before = dict(placed)
        for number in sorted(range(len(dots_at)), key=lambda number: -dots_at[number][2]):
            others = [box for other, box in placed.items() if other != number]
            placed[number] = _best(choices[number], others)
        if placed == before:
            break
    return [placed[number] for number in range(len(dots_at))]


def all_clear(dots_at: Sequence[tuple[float, float, float]], placed: Sequence[Box], frame: Box) -> bool:
    """Whether no label leaves the frame, covers a dot or another label, or is far from its dot."""
    dots = [_dot(x, y) for x, y, _ in dots_at]
    return not (
        any(one.shared(other) for one, other in combinations(placed, 2))
        or any(box.shared(dot) for box in placed for dot in dots)
        or any(box.outside(frame) for box in placed)
        or any(box.gap(own) > REACH for box, own in zip(placed, dots, strict=True))
    )


def _dot(x: float, y: float) -> Box:
    """The box that a dot covers."""
    return Box(x - 8, y - 8, x + 8, y + 8)


def _choices(
    place: tuple[float, float, float], dots: Sequence[Box], thin: Sequence[Box], frame: Box
) -> list[tuple[float, Box]]:
    """Every place for one label with its cost, lowest first, without regard to other labels."""
    x, y, wide = place
    own = _dot(x, y)
    costs = ((_cost(box, own, dots, thin, frame), box) for box in _candidates(x, y, wide))
    return sorted(costs, key=lambda choice: choice[0])


def _cost(box: Box, own: Box, dots: Sequence[Box], thin: Sequence[Box], frame: Box) -> float:
    """The cost of a place: covering a dot or leaving the frame costs most, then being as near to another dot."""
    away = box.gap(own)
    nearer = sum(box.gap(dot) < away + 2 for dot in dots if dot != own)
    covers = sum(box.shared(dot) for dot in dots) + box.outside(frame)
    crossed = sum(box.shared(other) for other in thin)
    return 1000 * covers + 500 * nearer + 5 * away + 0.5 * crossed


def _best(choices: Sequence[tuple[float, Box]], labels: Sequence[Box]) -> Box:
    """The place with the lowest cost beside these labels. ``choices`` has the lowest first."""
    lowest, best = math.inf, choices[0][1]
    for alone, box in choices:
        if alone >= lowest:
            break
        wider = Box(box.left - SPACE, box.top, box.right + SPACE, box.bottom)
        cost = alone + 1000 * sum(wider.shared(label) for label in labels)
        if cost < lowest:
            lowest, best = cost, box
    return best
