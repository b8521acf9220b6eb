"""History is one rule: plain Python, Polars and DuckDB give the same rows for every generated history."""

from __future__ import annotations

from typing import Any

import duckdb
import narwhals.stable.v2 as nw
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lineofsight.record import frames, history
from lineofsight.record.entry import Entry
from lineofsight.record.schema import Table
from tests.support.histories import KEYLESS, STAY, as_entries, histories

ENGINES = ("polars", "duckdb")
MOMENTS = st.integers(-1, 45)


def opened(engine: str, entries: pa.Table) -> frames.Frame:
    """Entries as the engine holds them. DuckDB gets them shuffled: nothing may rest on the order they come in."""
    if engine == "polars":
        return nw.from_native(pl.DataFrame(pl.from_arrow(entries)).lazy())
    shuffled = entries.take(pa.array(range(entries.num_rows)[::-1], pa.int64()))
    return nw.from_native(duckdb.from_arrow(shuffled, connection=duckdb.connect()))


def collected(frame: frames.Frame, *names: str) -> list[tuple[Any, ...]]:
    """A frame's rows in the order of their positions, only the columns named."""
    rows = frame.select(frames.POSITION, *names).collect("pyarrow").to_arrow().to_pylist()
    return [tuple(row.values()) for row in sorted(rows, key=lambda row: row[frames.POSITION])]


@pytest.mark.parametrize("engine", ENGINES)
@given(entries=histories())
@example(entries=[])
def test_spans(engine: str, entries: list[Entry]) -> None:
    """Every version with the moments at which the next of its key took over, attested and witnessed."""
    plain = [(s.entry.position, s.attested_to, s.witnessed_to) for s in history.spans(STAY, entries)]
    framed = frames.spans(STAY, opened(engine, as_entries(entries)))
    assert collected(framed, frames.ATTESTED_TO, frames.WITNESSED_TO) == sorted(plain)


@pytest.mark.parametrize("engine", ENGINES)
@given(entries=histories(), moment=MOMENTS, witnessed=st.booleans(), day=st.integers(0, 13))
def test_rows_known_and_holding(
    engine: str, entries: list[Entry], moment: int, witnessed: bool, day: int
) -> None:
    """Known by a moment, and of those the rows that hold on a day."""
    spans = frames.spans(STAY, opened(engine, as_entries(entries)))
    known = frames.known(spans, moment, witnessed=witnessed)
    holding = frames.holding(STAY, known, day)
    for frame, on in ((known, None), (holding, day)):
        plain = history.rows_known(STAY, entries, moment, witnessed=witnessed, day=on)
        assert _sorted(row[1:] for row in collected(frame, *STAY.names)) == _sorted(
            tuple(row.values()) for row in plain
        )


def _sorted(rows: Any) -> list[Any]:
    return sorted(rows, key=repr)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_table_without_days_is_left_whole(engine: str) -> None:
    frame = opened(engine, pa.table({frames.POSITION: [1, 2], "id": ["a", None]}))
    assert collected(frames.holding(KEYLESS, frame, 5), "id") == [(1, "a"), (2, None)]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_key_may_hold_nothing(engine: str) -> None:
    """A key cell that is null is one value like others, on every engine: not a row of its own each time."""
    table = Table("t", "", STAY.columns, key=("child", "place"))
    rows = [{"child": "A", "place": None, "count": count} for count in (1, 2)]
    own = {"_source": "one", "_link": 1, "_operation": "stated"}
    entries = pa.Table.from_pylist(
        [
            {**own, "_position": at, "_attested_from": at, "_witnessed_from": at, **row}
            for at, row in enumerate(rows, 1)
        ],
        schema=as_entries([]).schema,
    )
    assert collected(frames.known(frames.spans(table, opened(engine, entries)), 9), "count") == [(2, 2)]
