"""When a statement became known: the moment from which a picture as known then shows it.

The record asks two things of every statement: when was it public (*attested*), and when did this
record hear it (*witnessed*). This page is about the first.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from lineofsight.intake.delivery import Context
from lineofsight.record.entry import ATTESTED
from lineofsight.vocabulary.moments import FOREVER, microseconds, moment_of, read_moment, start_of
from tests.support.builders import RECEIVED_AT, a_statement, as_csv, as_yaml, codes_of, compared, read
from tests.support.drawn import drawn
from tests.support.record import ARecord

PUBLIC = drawn("""
    said_on    | source_date | known_from | because
    -----------+-------------+------------+-------------------------------------------------------------
    2018-10-17 |             | 2018-10-17 | no date of the source: the day it was said
    2018-10    |             | 2018-10-31 | somewhere in October: known for sure only on its last day
    2018       |             | 2018-12-31 | the same of a year
    2018-10-17 | 2018-10-20  | 2018-10-20 | said in a room, published three days later
    2018-10-17 | 2018-11     | 2018-11-30 | published some day in November
    2018-10-17 | 2019        | 2019-12-31 | published some day in 2019
    2018-10    | 2019        | 2019-12-31 | neither holds the other: the later
    2018-10-17 | 2018-10     | 2018-10-17 | a paper of October quoting the 17th: the day within the month
    2018-10-17 | 2018        | 2018-10-17 | the day within the year
    2018-10    | 2018        | 2018-10-31 | the month within the year
    2018-10    | 2018-10-17  | 2018-10-17 | the other way round: the source knows the day
    2018       | 2018-10     | 2018-10-31 | the source knows the month
    2018-10    | 2018-10     | 2018-10-31 | both the same month: its last day
    2018-10-17 | 2018-10-17  | 2018-10-17 | both the same day
    2018-10-17 | 2018-10-03  | 2018-10-17 | a source dated before the words: a warning, and the later day
    2016-02    |             | 2016-02-29 | a leap year's February
""")


@pytest.mark.parametrize("case", PUBLIC, ids=lambda case: case["because"])
def test_it_became_known_on_its_public_day(case: dict[str, str]) -> None:
    """Never before the last day it can have been published, so nothing is shown as known that may not have been.

    The hard case is a source less exact than the words it holds. "October 2018" for words of 17 October
    could mean that they were published on the 31st; but a source that quotes a speech of the 17th and
    bears the month's name is most often the speech itself, or a paper of the day after, and to hold
    everything back to the month's end would show leaders as not knowing what they had said. So where
    one period holds the other, the finer one is taken.
    """
    item = a_statement(said_on=case["said_on"], source_date=case["source_date"] or None)
    rows = read(as_csv([item])).rows["statement"]
    assert moment_of(rows[ATTESTED][0]) == start_of(date.fromisoformat(case["known_from"]))


@pytest.mark.parametrize(
    ("known_from", "day"),
    [("2019-10-16", "2019-10-16"), ("2019-10", "2019-10-31"), ("2019-09-30", "2019-09-30")],
)
def test_a_day_that_somebody_has_shown_stands_before_the_one_worked_out(known_from: str, day: str) -> None:
    """An undated letter of October is known from the first day on which somebody can be shown to have read it."""
    shown = {"known_from": known_from, "known_because": "A newspaper cites it."}
    item = a_statement(said_on="2019-10", source_date="2019-10", **shown)
    rows = read(as_csv([item])).rows["statement"]
    assert moment_of(rows[ATTESTED][0]) == start_of(date.fromisoformat(day))


def test_what_was_received_before_its_public_day_was_over_is_known_when_it_was_received() -> None:
    """Said some day in the month of receipt: this record held it, whatever day it was."""
    reading = read(as_csv([a_statement(said_on="2026-01")]))
    assert moment_of(reading.rows["statement"][ATTESTED][0]) == RECEIVED_AT
    # Comparing holds to it too, whatever moment a format gives.
    rows = reading.rows["statement"].with_columns(pl.lit(FOREVER).alias(ATTESTED))
    stated = compared(replace(reading, rows={"statement": rows})).entries
    assert moment_of(stated[ATTESTED][0]) == RECEIVED_AT


def test_the_public_day_begins_in_london() -> None:
    """In summer an hour before midnight in UTC: what was published on 1 July is known by the end of that
    London day, and was not by the end of the day before."""
    rows = read(as_yaml([a_statement(said_on="2019-07-01")])).rows["statement"]
    assert moment_of(rows[ATTESTED][0]) == datetime(2019, 6, 30, 23, tzinfo=UTC)
    assert rows[ATTESTED][0] <= microseconds(read_moment("2019-07-01"))
    assert rows[ATTESTED][0] > microseconds(read_moment("2019-06-30"))


@pytest.mark.parametrize(
    ("said_on", "received_at", "because"),
    [
        ("2026", RECEIVED_AT, "the year it was said in is not over"),
        ("2026-01", RECEIVED_AT, "nor the month"),
        ("2019-10", datetime(2019, 10, 9, 6, tzinfo=UTC), "a delivery backfilled to the middle of its month"),
    ],
)
def test_it_is_never_known_later_than_it_was_received(
    said_on: str, received_at: datetime, because: str
) -> None:
    """Whoever delivered it knew it: a period that has not ended is cut off at the receipt."""
    rows = read(as_csv([a_statement(said_on=said_on)]), context=Context(received_at)).rows["statement"]
    assert rows[ATTESTED][0] == microseconds(received_at), because


def test_a_source_dated_before_the_words_is_worth_a_look() -> None:
    reading = read(as_csv([a_statement(source_date="2018-10-03")]))
    assert codes_of(reading) == [("S09", 1, "source_date")]
    assert reading.rows["statement"].height == 1


# -- later versions --------------------------------------------------------------------------------

FIRST = datetime(2024, 3, 1, 9, tzinfo=UTC)
SECOND = datetime(2024, 6, 1, 9, tzinfo=UTC)


def at(day: str) -> datetime:
    return read_moment(day)


def test_a_statement_heard_for_the_first_time_is_known_from_its_own_day(tmp_path: Path) -> None:
    """A record begun in 2024 shows 2018 as it was known in 2018, and says by `witnessed` that it only heard of it later."""
    record = ARecord(tmp_path)
    record.deliver(as_csv([a_statement()]), at=FIRST)
    assert record.known(at("2018-10-16")) == {}
    assert record.known(at("2018-10-17")) == {"s-1": "The council said so."}
    assert record.known(at("2024-02-29"), witnessed=True) == {}
    assert record.known(FIRST, witnessed=True) == {"s-1": "The council said so."}


def test_a_revision_is_known_from_its_receipt(tmp_path: Path) -> None:
    """A row whose words are put right in June did not say so in March, whatever day it speaks of: else a
    correction could quietly change what a picture of the past shows."""
    record = ARecord(tmp_path)
    record.deliver(as_csv([a_statement(says="First.")]), at=FIRST)
    record.deliver(as_csv([a_statement(says="Put right.")]), at=SECOND)
    assert record.known(at("2018-10-17")) == {"s-1": "First."}
    assert record.known(at("2024-05-31")) == {"s-1": "First."}
    assert record.known(SECOND) == {"s-1": "Put right."}


def test_a_revision_of_the_day_it_was_said_does_not_move_the_past(tmp_path: Path) -> None:
    record = ARecord(tmp_path)
    record.deliver(as_csv([a_statement(said_on="2018-10-17")]), at=FIRST)
    record.deliver(as_csv([a_statement(said_on="2016-01-01")]), at=SECOND)
    assert record.known(at("2016-06-01")) == {}
    assert len(record.known(at("2018-10-17"))) == 1


def test_what_was_withdrawn_and_said_again_is_known_from_then(tmp_path: Path) -> None:
    """A full source that drops a statement and brings it back never said it in between."""
    record = ARecord(tmp_path)
    other = a_statement(id="other")
    record.deliver(as_csv([a_statement(), other]), at=FIRST, full=True)
    gone = record.deliver(as_csv([other]), at=SECOND, full=True)
    back = datetime(2024, 9, 1, tzinfo=UTC)
    record.deliver(as_csv([a_statement(), other]), at=back, full=True)
    assert gone.counts["withdrawn"] == 1
    assert "s-1" in record.known(at("2024-05-31"))
    assert "s-1" not in record.known(at("2024-08-01"))
    assert "s-1" in record.known(back)


def test_two_sources_tell_apart_what_each_said(tmp_path: Path) -> None:
    """The same id of another source is another statement; neither revises nor withdraws the other."""
    record = ARecord(tmp_path)
    record.deliver(as_csv([a_statement()]), source="one", full=True)
    other = record.deliver(as_csv([a_statement(says="Not so.")]), source="two", full=True)
    assert other.counts == {"received": 1, "accepted": 1, "unchanged": 0, "quarantined": 0, "withdrawn": 0}
    assert record.history().height == 2
