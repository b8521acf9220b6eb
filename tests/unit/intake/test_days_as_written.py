"""Days as databases, spreadsheets and people write them; what cannot be told is left unread."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from lineofsight.intake.days_as_written import day_meant, days_of, read_written_day

FIRST_OF_MARCH = date(2025, 3, 1)


@pytest.mark.parametrize(
    "written",
    [
        "2025-03-01",
        "2025-3-1",
        "2025/03/01",
        "20250301",
        "20250301000000",
        "01/03/2025",
        "1/3/25",
        "1.3.2025",
        "01-03-2025",
        "01-MAR-25",
        "01-MAR-25 12.00.00.000000000 AM",
        "01-MAR-25 12.00.00.000000 AM +00:00",
        "01-MAR-25 12.30.00.000000 PM +00:00",
        "1 March 2025",
        "Saturday, 1st of March 2025",
        "March 1, 2025",
        "Mar  1 2025 12:00AM",
        "2025-Mar-01",
        "Sat Mar 01 00:00:00 GMT 2025",
        "2025-03-01T00:00:00.000Z",
        "2025-03-01 00:00:00.0000000 +00:00",
        "2025-03-01 12:00:00+01",
        "2025-03-01 12:00:00-0500",
        "2025-03-01 00:00:00.000 Europe/London",
        "45717",
        "45717.0",
        "45717.75",
        "'01/03/2025",
        " 2025-03-01 ",
    ],
)
def test_the_first_of_march(written: str) -> None:
    assert read_written_day(written) == FIRST_OF_MARCH


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2025-06-01 23:30:00+00:00", date(2025, 6, 2)),
        ("2025-06-02 00:30:00+02:00", date(2025, 6, 1)),
        ("01-JUN-25 11.30.00.000000 PM +00:00", date(2025, 6, 2)),
        ("01-JUN-25 12.30.00.000000 AM +02:00", date(2025, 5, 31)),
    ],
)
def test_a_moment_with_its_zone_is_the_day_in_london(written: str, day: date) -> None:
    assert read_written_day(written) == day


@pytest.mark.parametrize(
    ("written", "year"), [("01/03/49", 2049), ("01/03/50", 1950), ("01/03/99", 1999), ("01/03/00", 2000)]
)
def test_two_digits_are_a_year_from_1950_to_2049(written: str, year: int) -> None:
    assert read_written_day(written) == date(year, 3, 1)


@pytest.mark.parametrize(
    "written",
    [
        "03/25/2025",
        "March 2025",
        "2025",
        "Q1 2025",
        "2025/26",
        "32/01/2025",
        "29/02/2025",
        "soon",
        "99999999",
        "1001",
        "",
        "12 Marching 2025",
        "2025-03-01-02",
    ],
)
def test_what_nobody_can_tell_is_unread(written: str) -> None:
    assert read_written_day(written) is None


@pytest.mark.parametrize(
    "written",
    [
        "1753-01-01",
        "30/12/1899",
        "1900-01-01",
        "31/12/2999",
        "31-DEC-4712",
        "9999-12-31",
        "9999-12-31 23:59:59.9999999",
    ],
)
def test_the_first_and_last_days_of_computers_are_no_days(written: str) -> None:
    days, unread, nothing = days_of(pl.Series([written]))
    assert (days.to_list(), unread.to_list(), nothing.to_list()) == ([None], [False], [True])
    assert day_meant(written) is None
