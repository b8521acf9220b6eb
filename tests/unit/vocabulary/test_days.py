"""Days, months and years as people write them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lineofsight.vocabulary.days import Period, days_in_words, in_words, read_day, read_period


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2018", date(2018, 1, 1), date(2018, 12, 31)),
        ("2018-10", date(2018, 10, 1), date(2018, 10, 31)),
        ("2018-10-17", date(2018, 10, 17), date(2018, 10, 17)),
        (" 2018-10-17 ", date(2018, 10, 17), date(2018, 10, 17)),
        ("2016-02", date(2016, 2, 1), date(2016, 2, 29)),
        ("2100-02", date(2100, 2, 1), date(2100, 2, 28)),
        ("0001", date(1, 1, 1), date(1, 12, 31)),
        ("9999-12-31", date(9999, 12, 31), date(9999, 12, 31)),
    ],
)
def test_a_month_means_all_its_days_and_a_year_all_of_its(text: str, first: date, last: date) -> None:
    """Nothing finer is made up. 2016 was a leap year; 2100 will not be, for centuries are not."""
    assert read_period(text) == Period(first, last)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2018-02-30",
        "2019-02-29",
        "2018-04-31",
        "2018-13",
        "2018-00",
        "2018-00-01",
        "2018-01-00",
        "0000",
        "18",
        "17/10/2018",
        "2018-1-7",
        "2018-10-17T00:00",
        "2018-10-",
        "open",
        "October 2018",
        "2018/10",
        "2018-10-17\n2019",
        "２０１８",
        "٢٠١٨-١٠",
    ],
)
def test_what_is_no_day_is_none(text: str) -> None:
    """A day that cannot be is not mended: 30 February is not 2 March. Digits of other scripts are digits
    to Python's `\\d`, but a reader of the record would not find that year again."""
    assert read_period(text) is None
    assert read_day(text) is None


@pytest.mark.parametrize("text", ["2018", "2018-10"])
def test_a_month_or_a_year_is_not_a_day(text: str) -> None:
    assert read_day(text) is None


@given(st.dates())
def test_every_day_is_read_back_as_itself(day: date) -> None:
    assert read_day(day.isoformat()) == day
    assert read_period(day.isoformat()) == Period(day, day)


def test_a_period_of_one_day_knows_it() -> None:
    assert Period(date(2018, 1, 1), date(2018, 1, 1)).is_one_day
    assert not Period(date(2018, 1, 1), date(2018, 1, 2)).is_one_day


def test_a_period_cannot_end_before_it_begins() -> None:
    with pytest.raises(ValueError, match="before it begins"):
        Period(date(2018, 1, 2), date(2018, 1, 1))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2018-10-07", "7 October 2018"),
        ("2018-10", "October 2018"),
        (" 2018 ", "2018"),
        ("open", "open"),
        ("2018-02-30", "2018-02-30"),
    ],
)
def test_days_in_words(text: str, words: str) -> None:
    """What is no day is shown as it was written, for it is what somebody wrote."""
    assert in_words(text) == words


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [
        ("2018-10-17", "2018-10-17", "17 October 2018"),
        ("2018-10-01", "2018-10-31", "October 2018"),
        ("2020-02-01", "2020-02-28", "1 February 2020 to 28 February 2020"),  # a leap year: no whole month
        ("2018-01-01", "2018-12-31", "2018"),
        ("2014-01-01", "2019-12-31", "2014 to 2019"),
        ("2018-05-01", "2018-07-31", "May to July 2018"),
        ("2018-10-01", "2019-03-31", "October 2018 to March 2019"),
        ("2018-10-17", "2018-10-31", "17 October 2018 to 31 October 2018"),
    ],
)
def test_days_are_told_no_sharper_than_they_are(first: str, last: str, told: str) -> None:
    assert days_in_words(date.fromisoformat(first), date.fromisoformat(last)) == told
