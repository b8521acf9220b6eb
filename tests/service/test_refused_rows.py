"""A child whom only refused rows name is counted as one of whom nobody can tell, and figures say how many rows they lack (rule 8)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lineofsight.service.access.records import open_record
from lineofsight.service.store import verify
from lineofsight.vocabulary.moments import microseconds
from tests.service.homes import Home, filled_once
from tests.support import answers
from tests.support.answers import Asked
from tests.support.cases import AUTHORITY, describe, moment, night

ASKED = Asked(AUTHORITY)
STAFF = "W1, s1, Social Worker, SW1, 1.0,"
GOOD = {
    "cin_episodes": "R1, C1, 2019-01-01, N,,",
    "involvements": "1, C1, W1, CW, T1, 2019-01-05,, R1",
    "professionals": STAFF,
}
SPOILT = {**GOOD, "cin_episodes": "R1, C1, 2019-01-01, N,,\nR2, C2, soon, N,,"}
NOW = "2019-12-01"


@pytest.fixture(autouse=True)
@filled_once
def _described(home: Home) -> None:
    describe()


def figure(known_by: str = NOW, day: str = "2019-10-08") -> dict[str, Any]:
    return answers.figure(ASKED, date.fromisoformat(day), microseconds(moment(known_by)))


def numbers(found: dict[str, Any]) -> tuple[int, int, int, bool]:
    return found["population"], found["states"]["cannot_tell"], found["refused_rows"], found["complete"]


def test_a_child_known_only_from_a_refused_row_is_counted_and_nobody_can_tell() -> None:
    night("2019-10-01", SPOILT)
    assert numbers(figure()) == (2, 1, 1, False)
    assert figure()["unallocated"] == 0
    trend = answers.trend(ASKED, date(2019, 10, 7), date(2019, 10, 8), microseconds(moment(NOW)))["days"]
    assert [row["states"]["cannot_tell"] for row in trend] == [1, 1]


def test_a_child_known_from_an_accepted_row_is_not_counted_by_a_refused_one() -> None:
    closed = "R1, C1, 2019-01-01, N,,\nR2, C2, 2018-01-01, N, 2018-06-01, RC1\nR3, C2, soon, N,,"
    night("2019-10-01", {**GOOD, "cin_episodes": closed})
    assert numbers(figure()) == (1, 0, 1, False)


def test_rows_of_other_tables_do_not_count() -> None:
    night("2019-10-01", {**GOOD, "person": ", 2010-01-01,"})
    assert numbers(figure()) == (1, 0, 0, True)


def test_only_the_latest_delivery_of_each_source_counts() -> None:
    night("2019-10-01", SPOILT)
    night("2019-10-02", GOOD)
    assert numbers(figure()) == (1, 0, 0, True)
    assert numbers(figure("2019-10-01")) == (2, 1, 1, False), "as it was known before"
    then = answers.trend(ASKED, date(2019, 9, 29), date(2019, 10, 2), None)["days"]
    assert [row["states"]["cannot_tell"] for row in then] == [0, 1, 0, 0]
    describe("other")
    night("2019-10-03", {"cin_episodes": "R9, C9, never, N,,\nR9, C9, never, N,,"}, "other")
    assert numbers(figure()) == (2, 1, 2, False)


def test_a_delivery_without_a_table_takes_back_nothing_of_it() -> None:
    night("2019-10-01", SPOILT)
    night("2019-10-02", {"professionals": STAFF})
    assert numbers(figure()) == (2, 1, 1, False)


def test_a_repeat_that_differs_and_a_row_that_cannot_be_split_are_refused_rows() -> None:
    twice = "R1, C1, 2019-01-01, N,,\nR1, C1, 2019-02-01, N,,\nR2, C2"
    night("2019-10-01", {**GOOD, "cin_episodes": twice + "\nR4, C4, 2019-01-01, N,,"})
    found = figure()
    assert (found["population"], found["refused_rows"]) == (2, 2)


def test_an_episode_that_vanished_is_unexplained_although_a_refused_row_keeps_the_child() -> None:
    night("2019-10-01", {**GOOD, "involvements": ""})
    night("2019-10-05", {**GOOD, "cin_episodes": "R7, C1, soon, N,,", "involvements": ""}, confirmed=True)
    found = answers.bridge(
        ASKED, date(2019, 10, 2), date(2019, 10, 8), None, microseconds(moment("2019-10-09"))
    )
    assert found["children"] == [{"child": "C1", "move": "unexplained"}]
    assert found["to"]["states"]["cannot_tell"] == 1


def test_refused_rows_are_sealed_like_any_other_and_hold_no_more_than_they_need(home: Home) -> None:
    night("2019-10-01", SPOILT)
    record = open_record(AUTHORITY)
    (row,) = record.engine.rows(record.history("refused_row").select("number", "table", "child", "row"))
    assert row == {"number": 1, "table": "episode", "child": "C2", "row": 2}
    link = next(link for link in record.links() if "refused_row" in link.says.get("blocks", {}))
    assert link.says["blocks"]["refused_row"]["rows"] == 1
    assert verify.verify().holds


def test_the_child_of_a_refused_row_can_be_opened_and_erased(home: Home) -> None:
    night("2019-10-01", SPOILT)
    found = home.answer("child", "C2", "--authority", AUTHORITY, "--as-at", "2019-10-08", "--by", "tests")
    assert [one["state"] for one in found["answered"]] == ["cannot_tell"]
    home.run("erase", "--authority", AUTHORITY, "--child", "C2", "--ground", "article 17", "--by", "tests")
    assert numbers(figure()) == (1, 0, 0, True)
    assert verify.verify().holds
