"""A workforce list: beside the files of every format of case records, or alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime

import polars as pl
import pytest

from lineofsight.intake.delivery import Context, NamedBytes, Reading
from lineofsight.intake.finding import numbered
from lineofsight.intake.formats import formats
from lineofsight.intake.workforce import is_workforce
from lineofsight.vocabulary.refusal import Refused
from tests.unit.intake.test_annex_a import LIST_6, book, six

CONTEXT = Context(datetime(2026, 3, 16, 9, tzinfo=UTC))
HEAD = "Staff ID,Leaving date,Absent from,Absent to,FTE,Case limit,Limit from,Limit to,Newly qualified until"
BESIDE = {
    "ssd_tables": NamedBytes("ssd_involvements.csv", b"invo_person_id,invo_professional_id\nC1,W1\n"),
    "worklist": NamedBytes("list.csv", b"Client ID,Allocated worker\nC1,W1\n"),
    "annex_a": book({"List 6": [LIST_6, six("1")]}),
}


def workforce(*lines: str, head: str = HEAD, name: str = "workforce.csv") -> NamedBytes:
    return NamedBytes(name, "\n".join([head, *lines, ""]).encode())


def read(*files: NamedBytes, of: str = "ssd_tables", inclusive: bool = False) -> Reading:
    context = Context(CONTEXT.received_at, ends_inclusive=inclusive)
    return formats()[of].read(list(files), context)


def found(reading: Reading) -> list[tuple[str, str]]:
    return numbered(reading.findings).select("code", "severity").rows()


def day(text: str) -> int:
    return date.fromisoformat(text).toordinal()


LINES: Sequence[str] = (
    "W1,2026-05-01,2026-01-05,2026-01-19,80%,12,2026-01-01,2026-07-01,2026-09-01",
    "W1,,2026-03-02,,,16,2026-07-01,,",
    "W2,,,,1,,,,",
)


@pytest.mark.parametrize("of", BESIDE)
def test_it_is_read_beside_the_files_of_every_format(of: str) -> None:
    reading = read(BESIDE[of], workforce(*LINES), of=of)
    assert reading.rows["employment"].drop("_attested", "_file", "_row").rows() == [
        ("W1", day("2026-05-01"), "0.8", day("2026-09-01")),
        ("W2", None, "1", None),
    ]
    assert reading.rows["absence"].select("begun_on", "ended_on").rows() == [
        (day("2026-01-05"), day("2026-01-19")),
        (day("2026-03-02"), None),
    ]
    assert reading.rows["case_limit"].select("begun_on", "ended_on", "limit").rows() == [
        (day("2026-01-01"), day("2026-07-01"), 12),
        (day("2026-07-01"), None, 16),
    ]
    assert "involvement" in reading.rows
    assert reading.quarantined == 0
    assert reading.received == sum(rows.height for rows in reading.rows.values())
    assert [file.read_as for file in reading.report.files][-1] == "workforce"


def test_alone_it_says_nothing_of_children() -> None:
    reading = read(workforce("W1,,,,,,,,"))
    assert set(reading.rows) == {"employment", "absence", "case_limit"}
    assert reading.rows["absence"].height == reading.rows["case_limit"].height == 0
    assert reading.rows["employment"].height == 1


def test_last_days_that_are_included_are_moved_and_a_leaving_day_is_not() -> None:
    reading = read(workforce(LINES[0]), inclusive=True)
    assert reading.rows["absence"]["ended_on"].to_list() == [day("2026-01-20")]
    assert reading.rows["case_limit"]["ended_on"].to_list() == [day("2026-07-02")]
    assert reading.rows["employment"]["left_on"].to_list() == [day("2026-05-01")]


def test_lines_that_give_one_worker_two_leaving_days_stay_two_rows() -> None:
    """Comparing keeps the first and refuses the other (K01)."""
    reading = read(workforce("W1,2026-05-01,,,,,,,", "W1,2026-06-01,,,,,,,", "W1,,,,1,,,,"))
    assert reading.rows["employment"].select("left_on", "fte").rows() == [
        (day("2026-05-01"), "1"),
        (day("2026-06-01"), "1"),
    ]


def test_what_cannot_be_read_is_found_and_refused_only_where_it_decides() -> None:
    lines = ("W1,soon,,,37,,,,", "W2,,2026-02-30,,,,,,", "W3,,,,,about ten,,,", ",,,,1,,,,")
    reading = read(workforce(*lines))
    assert reading.rows["employment"]["worker"].to_list() == ["W1", "W2", "W3"]
    assert {
        ("D03", "warning"),
        ("N02", "warning"),
        ("D01", "refused"),
        ("C03", "refused"),
        ("C01", "refused"),
    } == set(found(reading))
    assert reading.quarantined == 3
    assert reading.received == 3 + 3


def test_a_list_that_cannot_be_read_leaves_the_others_as_they_are() -> None:
    broken = workforce("W1,2026-05-01", head="Team,Budget")
    reading = read(BESIDE["ssd_tables"], broken)
    assert set(reading.rows) == {"involvement"}
    assert ("F06", "refused") in found(reading)
    with pytest.raises(Refused, match="workforce"):
        read(broken)


def test_a_list_without_workers_is_not_loaded() -> None:
    with pytest.raises(Refused, match="no column for the worker"):
        read(workforce("2026-05-01,1", head="Leaving date,FTE"))


def test_a_cut_off_list_takes_nothing_for_absent() -> None:
    reading = read(workforce("W1,2026-05-01,,,,,,,", "W2,2026"))
    assert reading.unlimited == {"employment", "absence", "case_limit"}
    assert reading.received == reading.quarantined + sum(rows.height for rows in reading.rows.values())


def test_columns_not_known_and_those_missing_are_told() -> None:
    reading = read(workforce("W1,1,x", head="Worker,WTE,Shoe size"))
    assert found(reading).count(("F05", "note")) == 3
    assert ("F04", "warning") in found(reading)


def test_of_two_dated_lists_the_newer_is_read() -> None:
    old = workforce("W1,2026-05-01,,,,,,,", name="workforce_20260101.csv")
    new = workforce("W1,2026-06-01,,,,,,,", name="workforce_20260201.csv")
    reading = read(old, new)
    assert reading.rows["employment"]["left_on"].to_list() == [day("2026-06-01")]
    assert ("F13", "warning") in found(reading)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Workforce.xlsx", True),
        ("hr/Workforce list 2026-03-01.csv", True),
        ("workforce (2).csv", True),
        ("workforce allocations.csv", False),
        ("workforce.pdf", False),
    ],
)
def test_it_is_known_by_its_name(name: str, expected: bool) -> None:
    assert is_workforce(NamedBytes(name)) is expected


def test_every_row_says_where_it_stands() -> None:
    reading = read(workforce(*LINES))
    assert pl.concat(rows.select("_file", "_row") for rows in reading.rows.values())["_row"].to_list() == [
        1,
        3,
        1,
        2,
        1,
        2,
    ]
