"""The story that the fictional county's two years tell, day by day. Nothing here happened to anybody."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date, timedelta

FIRST_NIGHT = date(2018, 4, 1)
LAST_NIGHT = date(2020, 3, 31)
MISSING_NIGHT = date(2018, 12, 25)
LATE_NIGHT = date(2019, 1, 7)
CUT_SHORT = date(2020, 4, 1)
"""The extract after the last: half its involvements are missing, so it waits for a named person's word."""

ENTERED_BEFORE_THE_VISIT = (date(2018, 10, 12), date(2018, 10, 15))
"""Two days on which allocations are entered that are said to have begun weeks before."""
BACKDATED_TO = (date(2018, 9, 10), date(2018, 10, 8))
VISIT = (date(2018, 10, 16), date(2018, 10, 17))
TAKEN_BACK = date(2018, 10, 24)
PARKED = date(2019, 2, 4)
LEAVER_LEFT = date(2019, 3, 29)
LEAVER_FOUND = date(2019, 6, 17)
PEAK = date(2019, 7, 19)
SPREE = (date(2019, 12, 9), date(2019, 12, 13))
ENTERED_AT_ONCE = date(2020, 2, 3)
"""From here on everything is entered on the day it happens."""
ZERO = date(2020, 2, 20)

BACKDATED_CHILDREN = 130
TAKEN_BACK_CHILDREN = 70
PARKED_CHILDREN = 40
LEAVER_CHILDREN = 20
SPREE_CHILDREN = 90

_WAITING: tuple[tuple[date, int], ...] = (
    (date(2018, 1, 1), 25),
    (FIRST_NIGHT, 30),
    (date(2018, 7, 1), 110),
    (date(2018, 9, 10), 250),
    (date(2018, 10, 11), 340),
    (date(2018, 10, 16), 200),
    (date(2018, 10, 23), 205),
    (date(2018, 10, 26), 265),
    (date(2018, 12, 20), 235),
    (date(2019, 1, 31), 225),
    (date(2019, 3, 28), 260),
    (date(2019, 5, 31), 390),
    (PEAK, 500),
    (date(2019, 9, 15), 450),
    (date(2019, 12, 8), 350),
    (date(2019, 12, 14), 250),
    (date(2020, 1, 15), 150),
    (date(2020, 2, 12), 40),
    (ZERO, 0),
    (date(2020, 3, 31), 0),
)
"""How many children wait for a worker on some days; between them in a straight line."""


def waiting_on(day: int) -> float:
    """How many children of the whole county wait for a worker on a day."""
    at = bisect_right(_WAITING, day, key=lambda one: one[0].toordinal())
    if at == len(_WAITING):
        return _WAITING[-1][1]
    (before, low), (after, high) = _WAITING[at - 1], _WAITING[at]
    share = (day - before.toordinal()) / (after - before).days
    return low + (high - low) * share


DAYS: tuple[tuple[date, str], ...] = (
    (FIRST_NIGHT, "the first extract"),
    (date(2018, 10, 1), "two weeks before the inspectors: later information changed the count"),
    (VISIT[1], "the inspectors’ visit"),
    (PARKED, "forty children put in one manager’s name"),
    (LEAVER_LEFT + timedelta(days=3), "twenty children in the name of a worker who has left"),
    (PEAK, "the most children waiting"),
    (date(2019, 12, 14), "after a week of closing without a reason"),
    (ZERO, "nobody waits"),
)
"""Days worth looking at, each with what happened."""
OPENS_ON = PEAK
"""The day its pages are as at where no other is asked for."""


def nights() -> tuple[date, ...]:
    """Every night of which there is an extract, but for the one cut short: 730."""
    every = (FIRST_NIGHT + timedelta(days=at) for at in range((LAST_NIGHT - FIRST_NIGHT).days + 1))
    return tuple(night for night in every if night != MISSING_NIGHT)


_TURNS = (
    "2018-10-01 2018-10-08 2018-10-11 2018-10-12 2018-10-15 2018-10-16 2018-10-17 2018-10-24 2019-02-03 2019-02-04 "
    "2019-03-28 2019-03-29 2019-04-01 2019-06-16 2019-06-17 2019-07-19 2019-12-06 2019-12-09 2019-12-10 2019-12-11 "
    "2019-12-12 2019-12-13 2020-02-14 2020-02-19 2020-02-20"
)


def demo_nights() -> tuple[date, ...]:
    """The nights that a demonstration loads: the first, each month's last, those at which the story turns."""
    turns = {date.fromisoformat(text) for text in _TURNS.split()}
    return tuple(
        night
        for night in nights()
        if night == FIRST_NIGHT or (night + timedelta(days=1)).day == 1 or night in turns
    )
