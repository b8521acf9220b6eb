"""Who is referred, and when: thirteen years of which the extracts hold what is left, and two years in full."""

from __future__ import annotations

import heapq
from collections import deque
from datetime import date, timedelta

from lineofsight.samples.county import published
from lineofsight.samples.county.cases import (
    ADULT,
    CARE,
    NFA,
    PATHS,
    Case,
    Child,
    a_case,
    a_child,
    path_days,
    weekend,
)
from lineofsight.samples.county.dice import Dice

CHILDREN = 30_000
"""How many children the whole county has ever known."""

_BEGINNING = date(2005, 4, 1)
IN_FULL_FROM = date(2018, 1, 1)
"""From here on every day is told."""
_LAST = date(2020, 4, 1).toordinal()
_AGAIN_WITHIN = 365
_KNOWN_LONG_AGO = 0.20
_LEFT_OUT_AFTER_DAYS = 365
"""After that long half of the cases that were closed have left the extracts, and so on."""


class Arrivals:
    """Draws the children and their cases, in the order in which they were referred."""

    def __init__(self, dice: Dice, scale: float) -> None:
        self._dice = dice
        self._scale = scale
        self._ending: list[tuple[int, int, Child]] = []
        self._ended: deque[tuple[int, Child]] = deque()
        self._long_ago: list[Child] = []
        self._open_until: dict[int, int] = {}
        self.children: list[Child] = []
        self.cases: list[Case] = []

    def drawn(self) -> list[Case]:
        """Every case of the county."""
        day = _BEGINNING
        while day.toordinal() <= _LAST:
            for _ in range(self._dice.rounded(_referrals_on(day) * self._scale)):
                self._referred(day.toordinal(), in_full=day >= IN_FULL_FROM)
            day += timedelta(days=1)
        return self.cases

    def _referred(self, day: int, *, in_full: bool) -> None:
        path = self._dice.weighted(PATHS)
        days = path_days(self._dice, path)
        if not in_full and not self._still_held(path, day, days):
            return
        child = self._child(day, path)
        case = a_case(self._dice, len(self.cases) + 1, child, day, path, days)
        if not in_full and case.closed < _FULL and not self._kept(case.closed):
            case.closed = max(case.closed, _FULL - self._dice.whole(0, _LEFT_OUT_AFTER_DAYS))
        case.detailed = case.acted and case.closed > _FULL
        self.cases.append(case)
        self._open_until[child.number] = case.closed
        heapq.heappush(self._ending, (case.closed, case.number, child))

    def _still_held(self, path: str, day: int, days: int) -> bool:
        """Whether a case that begins on a day of the past is in the extracts at all."""
        if path == NFA:
            return _FULL - day < 2 * _AGAIN_WITHIN and self._kept(day)
        return day + days + 45 > _FULL or self._kept(day + days)

    def _kept(self, closed: int) -> bool:
        return self._dice.chance(max(0.5 ** ((_FULL - closed) / _LEFT_OUT_AFTER_DAYS), 0.075))

    def _child(self, day: int, path: str) -> Child:
        """Somebody who was known before, lately or long ago, or a child nobody knew."""
        again = self._dice.chance(published.REFERRED_AGAIN + _KNOWN_LONG_AGO)
        lately = self._dice.chance(published.REFERRED_AGAIN / (published.REFERRED_AGAIN + _KNOWN_LONG_AGO))
        found = self._known(day, path, lately=lately) if again else None
        if found is None:
            found = a_child(self._dice, len(self.children) + 1, day, path)
            self.children.append(found)
        return found

    def _known(self, day: int, path: str, *, lately: bool) -> Child | None:
        while self._ending and self._ending[0][0] < day:
            closed, _, child = heapq.heappop(self._ending)
            self._ended.append((closed, child))
        while self._ended and self._ended[0][0] < day - _AGAIN_WITHIN:
            self._long_ago.append(self._ended.popleft()[1])
        for _ in range(6):
            pool = len(self._ended) if lately else len(self._long_ago)
            if not pool:
                return None
            at = self._dice.whole(0, pool - 1)
            child = self._ended[at][1] if lately else self._long_ago[at]
            oldest = ADULT - (400 if path == CARE else 90)
            if self._open_until[child.number] < day - 1 and day - child.born < oldest:
                return child
        return None


_FULL = IN_FULL_FROM.toordinal()
_OF_MONTH = tuple(number / sum(published.BY_MONTH) * 12 for number in published.BY_MONTH)


def _referrals_on(day: date) -> float:
    """How many referrals the whole county has on such a day."""
    share = 0.12 if weekend(day.toordinal()) else 1.35
    return published.REFERRALS / 365.25 * share * _OF_MONTH[day.month - 1]
