"""Bank holidays as the record knew them: those it ships with, and those proclaimed since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lineofsight.queries.as_json import Moment
from lineofsight.queries.record import Record, cached_by_state, rows_known
from lineofsight.record.tables.holiday import HOLIDAY, NATIONAL
from lineofsight.vocabulary.calendar import Calendar, england
from lineofsight.vocabulary.moments import london_day, moment_of


@dataclass(frozen=True)
class DueDay:
    """When a limit in days, weeks, months or working days ends."""

    due_on: date
    because: str


@dataclass(frozen=True)
class DueMoment:
    """When a limit in hours ends."""

    due_at: Moment
    because: str


def calendar_by(record: Record, moment: int, *, witnessed: bool = False) -> Calendar:
    """England's working days with the holidays known by a moment (microseconds)."""
    return _calendar(record.of(NATIONAL), moment, witnessed)


@cached_by_state(256)
def _calendar(national: Record, moment: int, witnessed: bool) -> Calendar:
    rows = rows_known(national, HOLIDAY.name, moment, witnessed=witnessed)
    proclaimed = {date.fromordinal(row["day"]): str(row["name"]) for row in rows if row["day"]}
    return england(london_day(moment_of(moment)), proclaimed)
