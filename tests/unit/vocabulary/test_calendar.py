"""Working days by England's bank holidays, and calendar months (the corresponding-date rule)."""

from __future__ import annotations

from datetime import date, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lineofsight.vocabulary.calendar import (
    KNOWN_FROM,
    KNOWN_TO,
    bank_holidays,
    england,
    information_rights,
    is_working_day,
    months_after,
    working_days_after,
    working_days_before,
)


@pytest.mark.parametrize(
    ("day", "count", "due"),
    [
        ("2019-06-10", 5, "2019-06-17"),
        ("2019-04-17", 2, "2019-04-23"),  # over Easter
        ("2022-05-31", 3, "2022-06-07"),  # two days for the jubilee
        ("2022-09-16", 1, "2022-09-20"),  # the state funeral
        ("2023-05-05", 1, "2023-05-09"),  # the coronation
        ("2020-05-07", 1, "2020-05-11"),  # early May moved to a Friday
        ("2020-12-24", 1, "2020-12-29"),
        ("2019-06-08", 1, "2019-06-10"),  # a Saturday does not count
    ],
)
def test_the_day_begun_does_not_count_nor_do_weekends_and_holidays(day: str, count: int, due: str) -> None:
    assert working_days_after(date.fromisoformat(day), count) == date.fromisoformat(due)


def test_days_before_are_counted_back() -> None:
    assert working_days_before(date(2019, 6, 5), 7) == date(2019, 5, 24)


@pytest.mark.parametrize("day", [date(2029, 1, 5), date(2028, 12, 28), date(1999, 12, 20)])
def test_outside_the_years_known_nothing_is_told(day: date) -> None:
    assert working_days_after(day, 5) is None


@pytest.mark.parametrize(
    ("day", "count", "due"),
    [
        ("2018-11-30", 3, "2019-02-28"),
        ("2019-11-30", 3, "2020-02-29"),
        ("2019-08-31", 6, "2020-02-29"),
        ("2019-01-15", 6, "2019-07-15"),
        ("2019-12-31", 12, "2020-12-31"),
    ],
)
def test_months_run_to_the_corresponding_day_or_the_months_last(day: str, count: int, due: str) -> None:
    assert months_after(date.fromisoformat(day), count) == date.fromisoformat(due)


def test_every_year_has_its_eight_holidays_on_weekdays() -> None:
    for year in range(2000, 2029):
        days = [day for day in bank_holidays() if day.year == year]
        assert len(days) >= 8
        assert all(day.weekday() < 5 for day in days)
        assert not any(is_working_day(day) for day in days)


def test_the_holidays_are_those_of_a_library_that_others_keep() -> None:
    theirs = holidays.country_holidays("GB", subdiv="ENG", years=range(KNOWN_FROM.year, KNOWN_TO.year + 1))
    assert set(bank_holidays()) == {day for day in theirs if day.weekday() < 5}


@pytest.mark.parametrize(
    "day",
    [
        *("2002-06-03", "2002-06-04", "2011-04-29", "2012-06-05", "2020-05-08", "2022-06-03", "2022-09-19"),
        *("2023-05-08", "2015-12-28", "2021-12-27", "2022-01-03", "2026-12-28", "2027-12-28", "2028-01-03"),
    ],
)
def test_extra_and_substitute_days_are_there(day: str) -> None:
    assert date.fromisoformat(day) in bank_holidays()


@pytest.mark.parametrize("day", ["2020-05-04", "2022-05-30", "2002-05-27", "2012-05-28"])
def test_days_that_were_moved_are_not(day: str) -> None:
    assert date.fromisoformat(day) not in bank_holidays()


def test_a_holiday_counts_from_the_day_it_was_announced() -> None:
    funeral = date(2022, 9, 19)
    assert england(date(2022, 9, 9)).is_working_day(funeral)
    assert not england(date(2022, 9, 10)).is_working_day(funeral)
    assert not england(proclaimed={date(2031, 3, 4): "Jubilee"}).is_working_day(date(2031, 3, 4))


@given(st.dates(date(1970, 1, 1), date(2090, 1, 1)), st.integers(-120, 120))
def test_the_table_counts_as_fingers_do(day: date, count: int) -> None:
    calendar, found, left = england(), day, abs(count)
    while left:
        found += timedelta(days=1 if count > 0 else -1)
        left -= calendar.is_working_day(found)
    assert calendar.working_day_after(day, count) == found
    if count > 0:
        assert calendar.working_days_between(day, found) == count


def test_requests_for_information_wait_for_scotland_too() -> None:
    assert not information_rights().is_working_day(date(2019, 8, 5))
    assert england().is_working_day(date(2019, 8, 5))
