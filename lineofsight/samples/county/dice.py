"""What is drawn by chance: the same for the same seed, on every machine."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import accumulate
from typing import TypeVar

T = TypeVar("T")


class Weighted:
    """Outcomes with their weights, ready to be drawn from."""

    def __init__(self, outcomes: dict[str, float]) -> None:
        self.names = tuple(outcomes)
        self.until = tuple(accumulate(outcomes.values()))


class Dice:
    """Draws; only the plain random number of Python's generator is used, which no version has ever changed."""

    def __init__(self, seed: int) -> None:
        self._next = random.Random(seed).random  # noqa: S311 - a story, not a secret

    def chance(self, share: float) -> bool:
        """True in that share of the draws."""
        return self._next() < share

    def whole(self, low: int, high: int) -> int:
        """A whole number from `low` up to and including `high`."""
        return low + int(self._next() * (high - low + 1))

    def of(self, values: Sequence[T]) -> T:
        """One of some values."""
        return values[int(self._next() * len(values))]

    def weighted(self, outcomes: Weighted) -> str:
        """One of some outcomes, by their weights."""
        point = self._next() * outcomes.until[-1]
        return next(name for name, until in zip(outcomes.names, outcomes.until, strict=True) if point < until)

    def rounded(self, number: float) -> int:
        """A whole number whose mean is `number`: 2.3 is 2 or, three times in ten, 3."""
        return int(number) + self.chance(number - int(number))
