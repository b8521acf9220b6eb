"""The plain rule of history, by which the frames are measured."""

from __future__ import annotations

from hypothesis import given

from lineofsight.record.entry import Entry, Operation
from lineofsight.record.history import Span, holds, rows_known, spans
from lineofsight.vocabulary.moments import FOREVER
from tests.support.histories import KEYLESS, STAY, histories


def said(
    position: int, at: int, *, source: str = "one", gone: bool = False, child: str = "A", **cells: object
) -> Entry:
    row = {"child": child, "place": "x", "begun_on": None, "ended_on": None, "count": None, **cells}
    operation = Operation.WITHDRAWN if gone else Operation.STATED
    return Entry(position, source, operation, row, at, 100 + position)  # type: ignore[arg-type]


def counts(entries: list[Entry], moment: int, **how: object) -> list[object]:
    return [row["count"] for row in rows_known(STAY, entries, moment, **how)]  # type: ignore[arg-type]


CORRECTED = [said(1, 10, count=1), said(2, 20, count=2)]


def test_a_correction_takes_over_at_its_own_moment() -> None:
    """Known by is inclusive: at the very moment of the correction it is the correction that is known."""
    assert counts(CORRECTED, 9) == []
    assert counts(CORRECTED, 10) == [1]
    assert counts(CORRECTED, 19) == [1]
    assert counts(CORRECTED, 20) == [2]


def test_attested_and_witnessed_are_two_histories() -> None:
    """What was backfilled had been said then, but this record only heard it later."""
    assert counts(CORRECTED, 100, witnessed=True) == []
    assert counts(CORRECTED, 101, witnessed=True) == [1]
    assert counts(CORRECTED, 102, witnessed=True) == [2]


def test_a_withdrawn_row_is_not_known_after_and_still_was_before() -> None:
    entries = [said(1, 10, count=1), said(2, 20, gone=True)]
    assert counts(entries, 19) == [1]
    assert counts(entries, 20) == []
    assert list(spans(STAY, entries)) == [Span(entries[0], 20, 102)]


def test_a_row_can_come_back() -> None:
    entries = [said(1, 10, count=1), said(2, 20, gone=True), said(3, 30, count=3)]
    assert counts(entries, 25) == []
    assert counts(entries, 30) == [3]


def test_two_sources_are_two_rows() -> None:
    """One source's correction never takes away what the other said, whatever the key."""
    entries = [said(1, 10, count=1), said(2, 20, source="two", count=2)]
    assert counts(entries, 30) == [1, 2]


def test_of_two_versions_of_one_moment_the_later_position_is_known() -> None:
    """Ties go by position (counting rule 1); the first was known at no moment, yet stays in history."""
    entries = [said(1, 10, count=1), said(2, 10, count=2)]
    assert counts(entries, 10) == [2]
    assert len(list(spans(STAY, entries))) == 2


def test_entries_may_come_in_any_order() -> None:
    assert counts(CORRECTED[::-1], 30) == [2]


def test_begin_is_in_and_end_is_out() -> None:
    entries = [
        said(1, 10, begun_on=5, ended_on=8, count=1),
        said(2, 10, child="B", begun_on=5, ended_on=5, count=2),
    ]
    assert [counts(entries, 10, day=day) for day in (4, 5, 7, 8)] == [[], [1], [1], []]


def test_a_table_without_days_holds_on_every_day() -> None:
    assert holds(KEYLESS, {"id": "a"}, 1)


@given(histories())
def test_a_key_has_one_version_known_at_a_time(entries: list[Entry]) -> None:
    for moment in (0, 1, 5, 20, FOREVER - 1):
        for witnessed in (False, True):
            live = [span for span in spans(STAY, entries) if span.known(moment, witnessed=witnessed)]
            keys = [(span.entry.source, span.entry.row["child"], span.entry.row["place"]) for span in live]
            assert len(set(keys)) == len(keys)
