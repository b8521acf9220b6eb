"""Which days a statement speaks about, and on which it holds (counting rules 2 and 3)."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from lineofsight.record.history import holds
from lineofsight.record.tables.statement import STATEMENT
from lineofsight.vocabulary.moments import known_then, read_moment
from tests.support.builders import a_statement, as_csv, codes_of, read
from tests.support.drawn import drawn

ABOUT = drawn("""
    said_on    | about_from | about_to   | first      | last       | because
    -----------+------------+------------+------------+------------+----------------------------------------
    2018-10-17 |            |            | 2018-10-17 | 2018-10-17 | nothing said: the day it was said
    2018-10    |            |            | 2018-10-01 | 2018-10-31 | the month it was said in
    2018-10-17 | 2018-03-31 |            | 2018-03-31 | 2018-03-31 | a day before it was said
    2018-10-17 | 2018       |            | 2018-01-01 | 2018-12-31 | a year means all of it
    2018-10-17 | 2017-04    | 2018-03    | 2017-04-01 | 2018-03-31 | from the first to the last day of both
    2018-10-17 | 2017-04    | open       | 2017-04-01 |            | it still runs
    2018-10-17 | 2017-04    | OPEN       | 2017-04-01 |            | however it is written
    2018-10-17 |            | 2018-12    | 2018-10-17 | 2018-12-31 | from the day it was said
    2018-10-17 |            | open       | 2018-10-17 |            | from the day it was said, and it runs
    2018-10-17 | 2019-01-01 | 2019-01-01 | 2019-01-01 | 2019-01-01 | a day to come may be spoken about
    2018-10-17 | 2016-02    | 2016-02    | 2016-02-01 | 2016-02-29 | a leap year
    2018-10-17 | 9999       | 9999-12-31 | 9999-01-01 | 9999-12-31 | the calendar's last day has a day after it
""")


def _row(case: dict[str, str]) -> dict[str, int | None]:
    written = {name: case[name] or None for name in ("said_on", "about_from", "about_to")}
    return read(as_csv([a_statement(**written)])).rows["statement"].to_dicts()[0]


@pytest.mark.parametrize("case", ABOUT, ids=lambda case: case["because"])
def test_from_its_first_day_to_its_last(case: dict[str, str]) -> None:
    """People write the last day; the record keeps the day after it, since its ranges are half-open."""
    row = _row(case)
    assert row["begun_on"] == date.fromisoformat(case["first"]).toordinal()
    last = date.fromisoformat(case["last"]).toordinal() if case["last"] else None
    assert row["ended_on"] == (None if last is None else last + 1)


HOLDS = drawn("""
    begun      | ended      | day        | holds
    -----------+------------+------------+------
    2018-10-17 | 2018-10-20 | 2018-10-16 | no
    2018-10-17 | 2018-10-20 | 2018-10-17 | yes
    2018-10-17 | 2018-10-20 | 2018-10-19 | yes
    2018-10-17 | 2018-10-20 | 2018-10-20 | no
    2018-10-17 | 2018-10-17 | 2018-10-17 | no
    2018-10-17 |            | 2050-01-01 | yes
               | 2018-10-20 | 1900-01-01 | yes
               |            | 1900-01-01 | yes
""")


@pytest.mark.parametrize("case", HOLDS, ids=lambda case: " ".join(case.values()))
def test_ranges_are_half_open(case: dict[str, str]) -> None:
    """begin ≤ day < end. A range that begins and ends on one day holds on none (rule 2)."""
    ordinals = {
        name: date.fromisoformat(case[name]).toordinal() if case[name] else None
        for name in ("begun", "ended", "day")
    }
    row = {"begun_on": ordinals["begun"], "ended_on": ordinals["ended"]}
    assert holds(STATEMENT, row, ordinals["day"] or 0) is (case["holds"] == "yes")


BACKWARDS = drawn("""
    about_from | about_to   | taken
    -----------+------------+------
    2018-10-17 | 2018-10-16 | no
    2018-10-17 | 2018-10-17 | yes
    2018-10-17 | 2018-09    | no
    2018-10-17 | 2018-10    | yes
    2018-10    | 2018-10-17 | yes
    2018       | 2018-01    | yes
    2018-02    | 2017       | no
""")


@pytest.mark.parametrize("case", BACKWARDS, ids=lambda case: f"{case['about_from']} to {case['about_to']}")
def test_what_ends_before_it_begins_is_quarantined(case: dict[str, str]) -> None:
    """Only where no reading of the two can be right: from the 17th to "October" may well be to the 31st."""
    reading = read(as_csv([a_statement(about_from=case["about_from"], about_to=case["about_to"])]))
    assert codes_of(reading) == ([] if case["taken"] == "yes" else [("S08", 1, "about_to")])
    assert reading.quarantined == (0 if case["taken"] == "yes" else 1)


KNOWN_THEN = drawn("""
    day        | known_by
    -----------+---------------------------
    2019-01-15 | 2019-01-16T23:59:59.999999
    2019-07-15 | 2019-07-16T22:59:59.999999
    2019-03-30 | 2019-03-31T22:59:59.999999
    2019-03-31 | 2019-04-01T22:59:59.999999
    2019-10-26 | 2019-10-27T23:59:59.999999
    2019-12-31 | 2020-01-01T23:59:59.999999
    2020-02-28 | 2020-02-29T23:59:59.999999
""")


@pytest.mark.parametrize("case", KNOWN_THEN, ids=lambda case: case["day"])
def test_as_known_then_is_by_the_end_of_the_day_after(case: dict[str, str]) -> None:
    """Rule 3, in London days: a nightly extract of a day arrives in the morning of the next."""
    expected = datetime.fromisoformat(case["known_by"]).replace(tzinfo=UTC)
    assert known_then(date.fromisoformat(case["day"])) == expected


def test_a_day_alone_means_known_by_its_end() -> None:
    assert read_moment("2019-07-15") == datetime(2019, 7, 15, 22, 59, 59, 999999, tzinfo=UTC)
