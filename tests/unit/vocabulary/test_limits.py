"""Limits as they are written, and the days on which they end."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from lineofsight.vocabulary.calendar import england
from lineofsight.vocabulary.limits import Convention, Limit, because, due_at, due_on, read_limit
from lineofsight.vocabulary.refusal import Refused


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("45 working days", Limit(45, "working days")),
        (" 1  Working day", Limit(1, "working days")),
        ("7 days", Limit(7, "days")),
        ("6 weeks", Limit(6, "weeks")),
        ("3 calendar months", Limit(3, "months")),
        ("72 hours", Limit(72, "hours")),
    ],
)
def test_a_limit_is_read_as_people_write_it(text: str, limit: Limit) -> None:
    assert read_limit(text) == limit


@pytest.mark.parametrize(
    "text", ["", "45", "days", "4 fortnights", "-1 days", "1.5 days", "99999 days", "5000 months"]
)
def test_anything_else_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(Refused, match=r"\.$"):
        read_limit(text)


@pytest.mark.parametrize(
    ("text", "begun", "convention", "due"),
    [
        ("45 working days", "2019-10-08", 0, "2019-12-10"),
        ("45 working days", "2019-10-08", 1, "2019-12-09"),
        ("1 working day", "2019-10-08", 1, "2019-10-08"),
        ("1 working day", "2019-10-12", 1, "2019-10-14"),  # a Saturday is no day one
        ("1 working day", "2019-10-12", 0, "2019-10-14"),
        ("7 days", "2019-10-08", 0, "2019-10-15"),
        ("7 days", "2019-10-08", 1, "2019-10-14"),
        ("26 weeks", "2019-10-08", 1, "2020-04-06"),
        ("6 months", "2019-08-31", 0, "2020-02-29"),
        ("3 months", "2018-11-30", 0, "2019-02-28"),
    ],
)
def test_when_a_limit_ends(text: str, begun: str, convention: int, due: str) -> None:
    found = due_on(read_limit(text), date.fromisoformat(begun), england(), Convention(convention))
    assert found == date.fromisoformat(due)


def test_hours_run_over_the_change_of_clocks() -> None:
    begun = datetime(2019, 10, 26, 12, tzinfo=UTC)
    assert due_at(Limit(72, "hours"), begun) == datetime(2019, 10, 29, 12, tzinfo=UTC)


def test_what_a_unit_cannot_do_is_refused() -> None:
    for text, convention in (("72 hours", 0), ("3 months", 1)):
        with pytest.raises(Refused):
            due_on(read_limit(text), date(2019, 10, 8), england(), Convention(convention))
    with pytest.raises(Refused):
        due_on(Limit(1200, "months"), date(9990, 1, 1), england(), Convention.NOT_COUNTED)


def test_the_sentence_names_the_holidays_and_says_what_is_provisional() -> None:
    def said(begun: date) -> str:
        limit = Limit(10, "working days")
        due = due_on(limit, begun, england(), Convention.NOT_COUNTED)
        return because(limit, begun, due, england(), Convention.NOT_COUNTED)

    assert "(25 December 2019, 26 December 2019, 1 January 2020)" in said(date(2019, 12, 20))
    assert "Provisional" not in said(date(2019, 12, 20))
    assert "Provisional" in said(date(2028, 12, 20))
