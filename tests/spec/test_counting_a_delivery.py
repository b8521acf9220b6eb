"""How a delivery is counted (counting rules 5, 7 and 8): every row received is accepted, unchanged or quarantined."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lineofsight.intake.delivery import NamedBytes
from lineofsight.record import frames
from lineofsight.vocabulary.moments import FOREVER
from tests.support.builders import (
    a_statement,
    as_csv,
    as_json,
    as_json_lines,
    as_yaml,
    compared,
    findings_of,
    read,
)
from tests.support.drawn import drawn
from tests.support.record import ARecord

WRITERS = [as_csv, as_yaml, as_json, as_json_lines]

# Each row of the drawing is one statement: `a1` is the first version of statement a, `a2` another;
# `a!` is one that a check refuses. Nights follow each other, parted by a semicolon.
NIGHTS = drawn("""
    roster  | nights         | received | accepted | unchanged | quarantined | withdrawn
    --------+----------------+----------+----------+-----------+-------------+----------
    partial | a1 b1          | 2        | 2        | 0         | 0           | 0
    partial | a1; a1         | 1        | 0        | 1         | 0           | 0
    partial | a1; a2         | 1        | 1        | 0         | 0           | 0
    partial | a1; a2; a1     | 1        | 1        | 0         | 0           | 0
    partial | a1 b1; a1      | 1        | 0        | 1         | 0           | 0
    full    | a1 b1; a1      | 1        | 0        | 1         | 0           | 1
    full    | a1 b1;         | 0        | 0        | 0         | 0           | 2
    full    | a1 b1; a1; a1  | 1        | 0        | 1         | 0           | 0
    full    | a1 b1; b1; a1  | 1        | 1        | 0         | 0           | 1
    partial | a1 a1          | 2        | 1        | 1         | 0           | 0
    partial | a1 a1 a1       | 3        | 1        | 2         | 0           | 0
    partial | a1 a2          | 2        | 1        | 0         | 1           | 0
    partial | a1 a2 a1       | 3        | 1        | 1         | 1           | 0
    partial | a1; a2 a1      | 2        | 1        | 0         | 1           | 0
    partial | a1; a1 a2      | 2        | 0        | 1         | 1           | 0
    partial | a!             | 1        | 0        | 0         | 1           | 0
    partial | a1; a!         | 1        | 0        | 0         | 1           | 0
    full    | a1; a!         | 1        | 0        | 0         | 1           | 0
    full    | a1 b1; a!      | 1        | 0        | 0         | 1           | 1
    partial | a! a1          | 2        | 1        | 0         | 1           | 0
""")


def _night(text: str) -> list[dict[str, Any]]:
    return [_one(word) for word in text.split()]


def _one(word: str) -> dict[str, Any]:
    return a_statement(
        id=word[0], said_on="nonsense" if word[1] == "!" else "2018-10-17", says=f"Version {word[1]}."
    )


# JSON Lines cannot say that there is nothing: an empty file of them is refused.
CASES = [
    (write, case)
    for case in NIGHTS
    for write in WRITERS
    if case["received"] != "0" or write is not as_json_lines
]


@pytest.mark.parametrize(
    ("write", "case"),
    CASES,
    ids=[f"{case['roster']}: {case['nights']} {write.__name__}" for write, case in CASES],
)
def test_the_last_night_is_counted(write: Any, case: dict[str, str], tmp_path: Any) -> None:
    """The hard ones: a differing repeat of a key within a delivery is quarantined and the first stands, even where
    the repeat is what the record already held; a quarantined row counts as present, so a full roster does not
    withdraw it, and the last accepted row of its key stands."""
    record = ARecord(tmp_path)
    nights = case["nights"].split(";")
    if write is as_csv:
        files = [as_csv(_night(night) or [a_statement()]) for night in nights]
        files = [
            file if night.strip() else _only_heading(file) for file, night in zip(files, nights, strict=True)
        ]
    else:
        files = [write(_night(night)) for night in nights]
    for file in files:
        delivered = record.deliver(file, full=case["roster"] == "full")
    assert delivered.counts == {name: int(case[name]) for name in delivered.counts}


def _only_heading(file: Any) -> Any:
    return NamedBytes(file.name, file.content.splitlines(keepends=True)[0])


def test_a_differing_repeat_is_found_where_it_stands() -> None:
    reading = read(as_csv(_night("a1 b1 a2")))
    (found,) = compared(reading).findings
    assert found.select("code", "row", "key", "severity").rows() == [("K01", 3, "a", "refused")]


def test_a_broken_row_counts_as_present() -> None:
    """A comma too many must not withdraw a statement: which of its cells was the key cannot be told, so any may be."""
    heading = b"id,subject_kind,subject,says,said_by,said_on,kind,source_title,source_publisher\n"
    whole = b"a,service,s,x,c,2018,claim,t,p\n"
    reading = read(NamedBytes("f.csv", heading + whole + b"b,service,s,x,y,c,2018,claim,t,p\n"))
    assert {"a", "b"} <= set(reading.present["statement"][0]["id"])
    assert (reading.received, reading.quarantined) == (2, 1)


def test_an_item_that_is_no_statement_counts_as_present() -> None:
    """Whether it gives a field twice or puts fields where text belongs: its id is in the delivery."""
    text = b"statements:\n- {id: a, says: x, says: y}\n- {id: b, says: {deep: {deeper: z}}}\n- {id: [c], says: {a: {b: c}}}\n- text\n"
    reading = read(NamedBytes("f.yaml", text))
    assert set(reading.present["statement"][0]["id"]) == {"a", "b"}
    assert (reading.received, reading.quarantined) == (4, 4)


_SOME = st.sampled_from(["a1", "a2", "a!", "b1", "b2", "c1", "d!"])
_NIGHTS = st.lists(st.lists(_SOME, max_size=6), min_size=1, max_size=5)
_FILES = st.sampled_from([as_yaml, as_json])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(nights=_NIGHTS, write=_FILES, full=st.booleans())
def test_every_row_received_is_counted_once(
    nights: Any, write: Any, full: bool, tmp_path_factory: Any
) -> None:
    """Whatever a run of nights holds: the sum, a finding for each quarantined row, and what is known afterwards
    is what plain reading of the nights gives."""
    record = ARecord(tmp_path_factory.mktemp("record"))
    known: dict[str, str] = {}
    for night in nights:
        delivered = record.deliver(write([_one(word) for word in night]), full=full)
        counts = delivered.counts
        assert counts["received"] == len(night)
        assert counts["received"] == counts["accepted"] + counts["unchanged"] + counts["quarantined"]
        refused = [one for one in findings_of(delivered.reading) if one["severity"] == "refused"]
        refused += [row for frame in delivered.compared.findings for row in frame.to_dicts()]
        assert len({one["row"] for one in refused}) == counts["quarantined"]
        known = _after(known, night, full)
        held = record.history().filter(pl.col(frames.ATTESTED_TO) == FOREVER)
        assert dict(held.select("id", "says").iter_rows()) == known


def _after(known: dict[str, str], night: list[str], full: bool) -> dict[str, str]:
    """The rule in plain Python: the first good row of a key stands; what a full roster lacks is gone."""
    firsts: dict[str, str] = {}
    for word in night:
        if word[1] != "!":
            firsts.setdefault(word[0], f"Version {word[1]}.")
    present = {word[0] for word in night}
    return {key: says for key, says in known.items() if not full or key in present} | firsts


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(night=st.lists(_SOME, min_size=1, max_size=6), write=_FILES)
def test_the_same_night_again_adds_nothing(night: Any, write: Any, tmp_path_factory: Any) -> None:
    record = ARecord(tmp_path_factory.mktemp("record"))
    first = record.deliver(write([_one(word) for word in night]), full=True)
    again = record.deliver(write([_one(word) for word in night]), full=True)
    assert again.counts["accepted"] == again.counts["withdrawn"] == 0
    assert again.counts["quarantined"] == first.counts["quarantined"]
    assert again.compared.entries.height == 0
