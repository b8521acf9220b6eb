"""Working days by England's bank holidays, and calendar months (the corresponding-date rule)."""

from __future__ import annotations

from datetime import date

import pytest

from lineofsight.vocabulary.calendar import (
    bank_holidays,
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


@pytest.mark.parametrize("day", [date(2028, 1, 5), date(2027, 12, 30), date(2011, 12, 30)])
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
    for year in range(2012, 2028):
        days = [day for day in bank_holidays() if day.year == year]
        assert len(days) >= 8 or (year == 2020 and len(days) == 8)
        assert all(day.weekday() < 5 for day in days)
        assert not any(is_working_day(day) for day in days)
