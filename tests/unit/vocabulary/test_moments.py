"""Moments are UTC, days are London's, and the two meet at midnight in London."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lineofsight.vocabulary.moments import (
    end_of,
    known_then,
    london_day,
    microseconds,
    moment_of,
    read_moment,
    start_of,
    written,
)
from lineofsight.vocabulary.refusal import Refused


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type,misc]


@pytest.mark.parametrize(
    ("day", "begins", "ends"),
    [
        (date(2019, 1, 15), at(2019, 1, 15), at(2019, 1, 15, 23, 59, 59, 999999)),
        (date(2019, 7, 15), at(2019, 7, 14, 23), at(2019, 7, 15, 22, 59, 59, 999999)),
        (date(2019, 3, 31), at(2019, 3, 31), at(2019, 3, 31, 22, 59, 59, 999999)),
        (date(2019, 10, 27), at(2019, 10, 26, 23), at(2019, 10, 27, 23, 59, 59, 999999)),
        (date(1970, 7, 1), at(1970, 6, 30, 23), at(1970, 7, 1, 22, 59, 59, 999999)),
    ],
)
def test_a_london_day_in_utc(day: date, begins: datetime, ends: datetime) -> None:
    """In summer a London day begins an hour earlier. 31 March 2019 had 23 hours, 27 October 25; in 1970
    Britain kept summer time all year."""
    assert start_of(day) == begins
    assert end_of(day) == ends


@given(st.dates(min_value=date(1, 1, 2), max_value=date(9999, 12, 29)))
def test_days_follow_each_other_without_gap(day: date) -> None:
    assert end_of(day) + timedelta(microseconds=1) == start_of(day + timedelta(days=1))
    assert london_day(start_of(day)) == london_day(end_of(day)) == day


@pytest.mark.parametrize("day", [date(9999, 12, 30), date(9999, 12, 31)])
def test_the_last_days_of_the_calendar_are_refused(day: date) -> None:
    """The day after them cannot be written, so neither can their end; and as known then of the day before."""
    with pytest.raises(Refused, match="before the year 9999"):
        end_of(day)
    with pytest.raises(Refused, match="before the year 9999"):
        known_then(day)
    with pytest.raises(Refused, match="before the year 9999"):
        read_moment(day.isoformat())


def test_the_day_before_them_can_end() -> None:
    assert end_of(date(9999, 12, 29)) == at(9999, 12, 29, 23, 59, 59, 999999)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2019-10-09", at(2019, 10, 9, 22, 59, 59, 999999)),
        (" 2019-12-09 ", at(2019, 12, 9, 23, 59, 59, 999999)),
        ("2019-10-09T06:00:00Z", at(2019, 10, 9, 6)),
        ("2019-10-09T06:00:00", at(2019, 10, 9, 6)),
        ("2019-10-09 06:00", at(2019, 10, 9, 6)),
        ("2019-10-09T06:00:00+01:00", at(2019, 10, 9, 5)),
        ("2019-10-09T00:30+05:30", at(2019, 10, 8, 19)),
        ("2019-10-09T06:00:00.000001Z", at(2019, 10, 9, 6, 0, 0, 1)),
        ("0001-01-02T00:00Z", at(1, 1, 2)),
        ("9999-12-31T23:59:59Z", at(9999, 12, 31, 23, 59, 59)),
    ],
)
def test_moments_as_people_write_them(text: str, moment: datetime) -> None:
    """A day is the end of that London day; a time without a zone is UTC, in summer too."""
    assert read_moment(text) == moment
    assert read_moment(text).tzinfo is UTC


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2019",
        "2019-10",
        "2019-02-30",
        "yesterday",
        "06:00",
        "2019-10-09T",
        "2019-10-09T25:00",
        "2019-10-09T06:00 maybe",
        "0001-01-01T00:00Z",
        "0001-01-01T00:00+05:00",
        "9999-12-31T23:59-05:00",
        "２０１９-10-09T06:00",
    ],
)
def test_what_is_no_moment_is_refused_with_an_example(text: str) -> None:
    """A month is refused, not rounded. The first day of year 1 has no London day; a moment that a zone
    moves out of the calendar is none."""
    with pytest.raises(Refused, match="2019-10-09T06:00:00Z"):
        read_moment(text)


@given(st.datetimes(timezones=st.just(UTC), min_value=datetime(1, 1, 2)))  # noqa: DTZ001
def test_a_moment_survives_being_counted_and_written(moment: datetime) -> None:
    assert moment_of(microseconds(moment)) == moment
    assert read_moment(written(moment)) == moment


def test_a_moment_without_a_zone_is_not_one() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        microseconds(datetime(2019, 10, 9))  # noqa: DTZ001 - the very thing refused


def test_moments_are_written_in_utc_with_a_z() -> None:
    assert written(datetime(2019, 7, 1, 1, 0, tzinfo=timezone(timedelta(hours=1)))) == "2019-07-01T00:00:00Z"
    assert written(at(2019, 7, 1, 0, 0, 0, 5)) == "2019-07-01T00:00:00.000005Z"


def test_the_london_day_of_a_moment() -> None:
    """Half past eleven at night in UTC is tomorrow in a London summer."""
    assert london_day(at(2019, 7, 1, 23, 30)) == date(2019, 7, 2)
    assert london_day(at(2019, 1, 1, 23, 30)) == date(2019, 1, 1)
