"""Generated histories: entries of several sources with corrections and withdrawals, in ledger order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pyarrow as pa
from hypothesis import strategies as st

from lineofsight.engines.local import ReceivedBlock
from lineofsight.record.arrow import block_schema, entry_schema, table_schema
from lineofsight.record.block import pack, unpack
from lineofsight.record.entry import ATTESTED, OPERATION, Entry, Operation
from lineofsight.record.frames import ATTESTED_FROM, DELIVERY, POSITION, SOURCE, WITNESSED_FROM
from lineofsight.record.schema import Column, Kind, Table

STAY = Table(
    "stay",
    "Who stayed where: a table with a key of two columns, for tests.",
    (
        Column("child", "who", required=True),
        Column("place", "where", required=True),
        Column("begun_on", "from which day", Kind.DAY),
        Column("ended_on", "until which day", Kind.DAY),
        Column("count", "a number", Kind.WHOLE),
    ),
    key=("child", "place"),
    begins="begun_on",
    ends="ended_on",
    child=("child",),
)

KEYLESS = Table("note", "A table whose rows have no days.", (Column("id", "its name"),), key=("id",))

_DAYS = st.one_of(st.none(), st.integers(1, 12))


@st.composite
def stays(draw: st.DrawFn) -> dict[str, Any]:
    """One row of STAY, from few keys and few days so that they meet."""
    cells = (draw(st.sampled_from("AB")), draw(st.sampled_from("xy")), draw(_DAYS), draw(_DAYS), draw(_DAYS))
    return dict(zip(STAY.names, cells, strict=True))


@st.composite
def histories(draw: st.DrawFn, most: int = 14) -> list[Entry]:
    """Entries in ledger order. For each source the attested moments never go back, as the ledger has it;
    between sources they do as they like, and several entries may share a moment (one delivery)."""
    attested = dict.fromkeys(("one", "two"), 0)
    witnessed, found = 0, list[Entry]()
    for position in range(1, draw(st.integers(0, most)) + 1):
        source = draw(st.sampled_from(sorted(attested)))
        attested[source] += draw(st.integers(0, 3))
        witnessed += draw(st.integers(0, 2))
        operation = draw(st.sampled_from([Operation.STATED, Operation.STATED, Operation.WITHDRAWN]))
        found.append(Entry(position, source, operation, draw(stays()), attested[source], witnessed))
    return found


def as_entries(entries: Iterable[Entry], table: Table = STAY) -> pa.Table:
    """Entries as history frames take them: a table's columns with source, link, position and moments."""
    own = {
        SOURCE: pa.large_string(),
        DELIVERY: pa.int32(),
        POSITION: pa.int64(),
        OPERATION: pa.large_string(),
        ATTESTED_FROM: pa.int64(),
        WITNESSED_FROM: pa.int64(),
    }
    schema = pa.schema([*(pa.field(name, kind) for name, kind in own.items()), *table_schema(table)])
    return pa.Table.from_pylist([_history_row(entry) for entry in entries], schema=schema)


def _history_row(entry: Entry) -> dict[str, Any]:
    own = (
        entry.source,
        entry.position,
        entry.position,
        entry.operation.value,
        entry.attested_at,
        entry.witnessed_at,
    )
    names = (SOURCE, DELIVERY, POSITION, OPERATION, ATTESTED_FROM, WITNESSED_FROM)
    return {**dict(zip(names, own, strict=True)), **entry.row}


def as_blocks(entries: Sequence[Entry], table: Table = STAY) -> list[ReceivedBlock]:
    """Each entry as a delivery of its own, packed and unpacked as the ledger does it."""
    return [_block(entry, table) for entry in entries]


def _block(entry: Entry, table: Table) -> ReceivedBlock:
    row = {OPERATION: entry.operation.value, ATTESTED: entry.attested_at, **entry.row}
    packed = pack(table, pa.Table.from_pylist([row], schema=entry_schema(table)))
    return ReceivedBlock(
        entry.position, entry.source, entry.position, entry.witnessed_at, unpack(packed.body)
    )


def an_empty_block(link: int, table: Table = STAY) -> ReceivedBlock:
    """A block all of whose rows have been erased."""
    return ReceivedBlock(link, "one", link, link, block_schema(table).empty_table())
