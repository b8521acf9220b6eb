"""The record with deliveries appended in memory: each version ends when the next of its source's row begins, once."""

from __future__ import annotations

import polars as pl

from lineofsight.engines.local import collect
from lineofsight.engines.memory import NothingYet
from lineofsight.engines.proposed import Appended, ProposedRecord
from lineofsight.queries.record import Record
from lineofsight.record import frames
from lineofsight.record.arrow import entry_schema
from lineofsight.record.entry import ATTESTED, OPERATION, Operation
from lineofsight.record.tables import TABLES
from lineofsight.vocabulary.moments import FOREVER

WORKER = TABLES["worker"]


def appended(record: Record, source: str, at: int, name: str) -> ProposedRecord:
    """The record once a source has stated the name of its worker W1 at a moment."""
    row = {OPERATION: Operation.STATED.value, ATTESTED: at, "worker": "W1", "name": name}
    schema = pl.from_arrow(entry_schema(WORKER).empty_table()).schema  # type: ignore[union-attr]
    entries = pl.DataFrame([row], schema=schema)
    return ProposedRecord(record, Appended(source, f"{source} {at}", at, at + 5), {"worker": entries}, {})


def versions(record: Record) -> list[tuple[object, ...]]:
    names = [
        frames.SOURCE,
        "name",
        frames.POSITION,
        frames.ATTESTED_FROM,
        frames.ATTESTED_TO,
        frames.WITNESSED_TO,
    ]
    return collect(record.history("worker")).sort(frames.POSITION).select(names).rows()


def test_a_version_that_has_ended_keeps_its_end() -> None:
    record: Record = NothingYet("999", "nothing")
    for at, name in ((10, "Ada"), (20, "Ada Byron"), (30, "Ada Lovelace")):
        record = appended(record, "one", at, name)
    assert versions(record) == [
        ("one", "Ada", 1, 10, 20, 25),
        ("one", "Ada Byron", 2, 20, 30, 35),
        ("one", "Ada Lovelace", 3, 30, FOREVER, FOREVER),
    ]


def test_another_sources_row_of_the_same_key_stands() -> None:
    record = appended(appended(NothingYet("999", "nothing"), "one", 10, "Ada"), "two", 20, "Ben")
    assert versions(record) == [
        ("one", "Ada", 1, 10, FOREVER, FOREVER),
        ("two", "Ben", 2, 20, FOREVER, FOREVER),
    ]
