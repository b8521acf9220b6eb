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

    Each label takes the best place among the labels already placed. Then each may
    move again until none can improve. The order matters, so several orders are
    tried and the best is used.
    """
    if not dots_at:
        return []
    dots = [_dot(x, y) for x, y, _ in dots_at]
    choices = [_choices(place, dots, thin, frame) for place in dots_at]
    given = list(range(len(dots_at)))
    widest = sorted(given, key=lambda number: -dots_at[number][2])
    tried = [_settled(choices, order) for order in (given, given[::-1], widest)]
    return min(tried, key=lambda found: found[0])[1]


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
    """The cost of a place: covering something or leaving the frame costs most, then being near another dot."""
    away = box.gap(own)
    gaps = [box.gap(dot) for dot in dots if dot != own]
    covers = sum(box.shared(dot) for dot in dots) + box.outside(frame)
    nearer, as_near = sum(gap < away - 1 for gap in gaps), sum(gap < away + 2 for gap in gaps)
    close = sum(max(0.0, 5 - gap) for gap in gaps)
    crossed = sum(box.shared(other) for other in thin)
    return 1000 * covers + 300 * nearer + 400 * as_near + 20 * close + 5 * away + 0.5 * crossed


def _settled(choices: Sequence[list[tuple[float, Box]]], order: Sequence[int]) -> tuple[float, list[Box]]:
    """The labels placed in that order until none moves, and the total cost."""
    placed: dict[int, tuple[float, Box]] = {}
    for _ in range(1 + ROUNDS):
        before = dict(placed)
        for number in order:
            others = [box for other, (_, box) in placed.items() if other != number]
            placed[number] = _best(choices[number], others)
        if placed == before:
            break
    found = [placed[number] for number in range(len(choices))]
    return sum(cost for cost, _ in found), [box for _, box in found]


def _best(choices: Sequence[tuple[float, Box]], labels: Sequence[Box]) -> tuple[float, Box]:
    """The choice with the lowest cost beside these labels, and its cost."""
    best = (math.inf, choices[0][1])
    for cost, box in choices:
        if cost >= best[0]:
            break
        wider = Box(box.left - SPACE, box.top, box.right + SPACE, box.bottom)
        cost += 1000 * sum(wider.shared(label) for label in labels)
        best = min(best, (cost, box), key=lambda choice: choice[0])
    return best
