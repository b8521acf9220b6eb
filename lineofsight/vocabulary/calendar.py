"""Working days by bank holidays, and calendar months: from first day to due day.

Holidays are data and not a formula, because some are proclaimed (5 June 2012, 19 September 2022, 8 May 2023).
"""

from __future__ import annotations

import calendar
import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, cached_property
from importlib import resources
from itertools import accumulate

KNOWN_FROM = date(2000, 1, 1)
"""The first day for which bank holidays are listed."""
KNOWN_TO = date(2028, 12, 31)
"""The last day for which the government has published them. Those after it are the usual ones, and may still change."""

_TABLED_FROM, _TABLED_TO = date(1985, 1, 1), date(2075, 12, 31)


@dataclass(frozen=True)
class Holiday:
    """A bank holiday. `where`: `england`, or the only part of the United Kingdom that has it beside England's.

    `announced_on`: the day from which an extra holiday could be known; None for those that are there every year.
    """

    day: date
    name: str
    where: str
    announced_on: date | None


@dataclass(frozen=True)
class Calendar:
    """Working days: neither Saturday nor Sunday nor a holiday of these."""

    name: str
    holidays: frozenset[date]

    def is_working_day(self, day: date) -> bool:
        """Whether a day is neither on a weekend nor a bank holiday."""
        return day.weekday() < 5 and day not in self.holidays

    def is_provisional(self, first: date, last: date) -> bool:
        """Whether a span reaches days for which no holidays have been published."""
        return first < KNOWN_FROM or last > KNOWN_TO

    def working_day_after(self, day: date, count: int) -> date:
        """The working day `count` working days after a day (before it, if negative), which itself does not count.

        With a count of 0 it is the day itself. Raises OverflowError beyond the calendar's ends.
        """
        if count == 0:
            return day
        counted, days = self._table
        at = (day - _TABLED_FROM).days
        if 0 <= at < len(counted):
            number = counted[at] + count if count > 0 else counted[at] - self.is_working_day(day) + count + 1
            if 1 <= number <= len(days):
                return days[number - 1]
        return self._step_by_step(day, count)

    def working_days_between(self, after: date, to: date) -> int:
        """How many working days there are after a day, up to and with another: 0 where that is not later."""
        counted, _ = self._table
        first, last = (after - _TABLED_FROM).days, (to - _TABLED_FROM).days
        if 0 <= first <= last < len(counted):
            return counted[last] - counted[first]
        days = range(after.toordinal() + 1, to.toordinal() + 1)
        return sum(self.is_working_day(date.fromordinal(day)) for day in days)

    @cached_property
    def _table(self) -> tuple[list[int], list[date]]:
        """For each day since `_TABLED_FROM` how many working days there have been, and those working days."""
        span = range(_TABLED_FROM.toordinal(), _TABLED_TO.toordinal() + 1)
        every = [date.fromordinal(ordinal) for ordinal in span]
        working = [self.is_working_day(day) for day in every]
        return list(accumulate(working)), [day for day, counts in zip(every, working, strict=True) if counts]

    def _step_by_step(self, day: date, count: int) -> date:
        step = timedelta(days=1 if count > 0 else -1)
        left = abs(count)
        while left:
            day += step
            left -= self.is_working_day(day)
        return day


@cache
def listed_holidays() -> tuple[Holiday, ...]:
    """Every bank holiday of the United Kingdom on a weekday from 2000, in order of days."""
    text = resources.files(__package__).joinpath("holidays.csv").read_text("utf-8")
    return tuple(
        Holiday(
            date.fromisoformat(row["day"]),
            row["name"],
            row["where"],
            date.fromisoformat(row["announced_on"]) if row["announced_on"] else None,
        )
        for row in csv.DictReader(text.splitlines())
    )


def england(known_on: date | None = None, proclaimed: Mapping[date, str] | None = None) -> Calendar:
    """England's working days with the holidays that could be known on a day (None: all of them).

    `proclaimed`: holidays that were delivered to this record beside those it ships with.
    """
    return _england(known_on, frozenset(proclaimed or ()))


@cache
def _england(known_on: date | None, proclaimed: frozenset[date]) -> Calendar:
    listed = {
        holiday.day
        for holiday in listed_holidays()
        if holiday.where == "england"
        and (known_on is None or holiday.announced_on is None or holiday.announced_on <= known_on)
    }
    return Calendar("England", frozenset(listed | proclaimed))


@cache
def information_rights() -> Calendar:
    """Working days of requests for information: a bank holiday in any part of the United Kingdom does not count.

    General knowledge, not read in the Act: no limit that this product ships rests on it.
    """
    return Calendar("United Kingdom", frozenset(holiday.day for holiday in listed_holidays()))


# -- England's holidays as they are listed, for rules that look at no other --------------------------


@cache
def bank_holidays() -> dict[date, str]:
    """England's bank holidays with their names, as far as they have been published."""
    return {
        holiday.day: holiday.name
        for holiday in listed_holidays()
        if holiday.where == "england" and holiday.day <= KNOWN_TO
    }


def is_working_day(day: date) -> bool:
    """Whether a day is neither on a weekend nor one of England's bank holidays."""
    return england().is_working_day(day)


def working_days_after(day: date, count: int) -> date | None:
    """The working day `count` working days after a day, which itself does not count; None outside the known years."""
    return _known(day, england().working_day_after(day, count))


def working_days_before(day: date, count: int) -> date | None:
    """The working day `count` working days before a day, which itself does not count; None outside the known years."""
    return _known(day, england().working_day_after(day, -count))


def _known(asked: date, found: date) -> date | None:
    return None if england().is_provisional(min(asked, found), max(asked, found)) else found


def months_after(day: date, count: int) -> date:
    """The same day `count` months later, or the month's last day if it has no such day."""
    month = day.month - 1 + count
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
