"""Limits as law and guidance write them: 45 working days, 3 months, 72 hours. From a first day to the day due.

Sources disagree whether the first day counts (`Convention`), so each limit says which holds for it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import IntEnum
from typing import Literal

from lineofsight.vocabulary.calendar import KNOWN_FROM, KNOWN_TO, Calendar, months_after
from lineofsight.vocabulary.days import in_words
from lineofsight.vocabulary.refusal import Refused

Unit = Literal["working days", "days", "weeks", "months", "hours"]

_UNITS: dict[str, Unit] = {
    "working day": "working days",
    "day": "days",
    "calendar day": "days",
    "week": "weeks",
    "month": "months",
    "calendar month": "months",
    "hour": "hours",
}
_WRITTEN = re.compile(r"([0-9]{1,4}) +([a-z]+(?: [a-z]+)?)")
SET_LOCALLY = ("protection-visit", "need-visit")
"""The clocks of which law and guidance give no number, so that an authority sets its own."""
_MOST = {"working days": 9999, "days": 9999, "weeks": 1500, "months": 1200, "hours": 9999}


class Convention(IntEnum):
    """Whether the first day counts."""

    NOT_COUNTED = 0
    """The first day is day 0."""
    DAY_ONE = 1
    """The first day is day 1: for working days only if it is one."""


@dataclass(frozen=True)
class Limit:
    """A number of units."""

    count: int
    unit: Unit

    def __str__(self) -> str:
        return f"{self.count} {self.unit[:-1] if self.count == 1 else self.unit}"


def read_limit(text: str) -> Limit:
    """Parse `45 working days`, `3 months`, `72 hours`, or refuse with a sentence."""
    match = _WRITTEN.fullmatch(" ".join(text.lower().split()))
    unit = _UNITS.get(match[2].removesuffix("s")) if match else None
    if match is None or unit is None:
        raise Refused(
            "Write a limit as a number and a unit: working days, days, weeks, months or hours, such as "
            f"'45 working days'; {text[:40]!r} is not."
        )
    limit = Limit(int(match[1]), unit)
    if limit.count > _MOST[unit]:
        raise Refused(f"A limit of {limit} is too long; give {_MOST[unit]} {unit} at most.")
    return limit


def due_on(limit: Limit, begun: date, calendar: Calendar, convention: Convention) -> date:
    """The last day on which the limit is kept. Refuses hours, which need a moment, and months that count the first day.

    Months end on the corresponding day, or on the month's last day where it has no such day.
    """
    if limit.unit == "hours":
        raise Refused("Hours run from a moment; give one, such as 2019-10-08T09:30.", command="It is --from.")
    if limit.unit == "months" and convention:
        raise Refused(
            "Months run from the first day to the corresponding day, whatever the convention.",
            command="Give --convention 0.",
        )
    try:
        return _due(limit, begun, calendar, convention)
    except (OverflowError, ValueError):
        raise Refused("The due day is after the end of the calendar; give a shorter limit.") from None


def _due(limit: Limit, begun: date, calendar: Calendar, convention: Convention) -> date:
    if limit.unit == "months":
        return months_after(begun, limit.count)
    if limit.unit == "working days":
        counts = convention == Convention.DAY_ONE and calendar.is_working_day(begun)
        return calendar.working_day_after(begun, max(limit.count - counts, 0))
    days = limit.count * (7 if limit.unit == "weeks" else 1)
    return begun + timedelta(days=max(days - convention, 0))


def due_at(limit: Limit, begun: datetime) -> datetime:
    """The moment at which a limit of hours ends, an hour being an hour whatever clocks are changed in between."""
    try:
        return begun + timedelta(hours=limit.count)
    except OverflowError:
        raise Refused("The due moment is after the end of the calendar; give a shorter limit.") from None


def because(limit: Limit, begun: date, due: date, calendar: Calendar, convention: Convention) -> str:
    """How the due day was worked out, in a sentence or two."""
    said = f"{limit} from {in_words(begun.isoformat())}"
    if limit.unit == "months":
        said += ", to the corresponding day"
        if due.day != begun.day:
            said += f" (the month has no day {begun.day}, so to its last)"
    elif convention == Convention.DAY_ONE:
        no_working_day = limit.unit == "working days" and not calendar.is_working_day(begun)
        said += (
            ", which is no working day and does not count" if no_working_day else ", which counts as day 1"
        )
    else:
        said += ", which does not count"
    said += _without_holidays(limit, begun, due, calendar)
    return f"{said}.{provisional(begun, due, calendar, limit)}"


def provisional(begun: date, due: date, calendar: Calendar, limit: Limit) -> str:
    """A sentence that begins with a space where the working days are not all known; empty where they are."""
    if limit.unit != "working days" or not calendar.is_provisional(begun, due):
        return ""
    first, last = in_words(KNOWN_FROM.isoformat()), in_words(KNOWN_TO.isoformat())
    return f" Provisional: bank holidays are known from {first} to {last}."


def _without_holidays(limit: Limit, begun: date, due: date, calendar: Calendar) -> str:
    if limit.unit != "working days":
        return ""
    between = sorted(day for day in calendar.holidays if begun <= day <= due and day.weekday() < 5)
    if not between:
        return f"; no bank holiday of {calendar.name} falls in between"
    named = ", ".join(in_words(day.isoformat()) for day in between)
    return f"; without weekends and bank holidays ({named})"
