"""Working days by England's bank holidays, and calendar months: from first day to due day.

Holidays are data and not a formula, because some are proclaimed (5 June 2012, 19 September 2022, 8 May 2023).
"""

from __future__ import annotations

import calendar
import csv
from datetime import date, timedelta
from functools import cache
from importlib import resources


@cache
def bank_holidays() -> dict[date, str]:
    """England's bank holidays with their names, 2012 to 2027."""
    text = resources.files(__package__).joinpath("holidays.csv").read_text("utf-8")
    return {date.fromisoformat(row["day"]): row["name"] for row in csv.DictReader(text.splitlines())}


@cache
def known_years() -> tuple[int, int]:
    """The first and last year with known holidays. Working days outside them are not known."""
    years = {day.year for day in bank_holidays()}
    return min(years), max(years)


def is_working_day(day: date) -> bool:
    """Whether a day is neither on a weekend nor a bank holiday."""
    return day.weekday() < 5 and day not in bank_holidays()


def working_days_after(day: date, count: int) -> date | None:
    """The working day `count` working days after a day, which itself does not count; None outside the known years."""
    found = day
    while count:
        found += timedelta(days=1)
        if not _known(found):
            return None
        count -= is_working_day(found)
    return found if _known(day) else None


def working_days_before(day: date, count: int) -> date | None:
    """The working day `count` working days before a day, which itself does not count; None outside the known years."""
    found = day
    while count:
        found -= timedelta(days=1)
        if not _known(found):
            return None
        count -= is_working_day(found)
    return found if _known(day) else None


def _known(day: date) -> bool:
    first, last = known_years()
    return first <= day.year <= last


def months_after(day: date, count: int) -> date:
    """The same day `count` months later, or the month's last day if it has no such day."""
    month = day.month - 1 + count
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
