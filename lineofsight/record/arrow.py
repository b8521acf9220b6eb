"""Column → Arrow type: the one translation, and the sealed text of many rows at once."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from lineofsight.record.schema import Kind, Table

_TYPES: dict[Kind, pa.DataType] = {
    Kind.TEXT: pa.large_string(),
    Kind.LIST: pa.large_string(),
    Kind.DAY: pa.int32(),
    Kind.WHOLE: pa.int64(),
}

OPERATION = "_operation"
ATTESTED = "_attested"
LEAF = "_leaf"
SALT = "_salt"


def table_schema(table: Table) -> pa.Schema:
    """The Arrow schema of a table's own columns."""
    return pa.schema([pa.field(column.name, _TYPES[column.kind]) for column in table.columns])


def entry_schema(table: Table) -> pa.Schema:
    """The Arrow schema of a table's entries before they are sealed: operation, attested moment, columns."""
    own = [pa.field(OPERATION, pa.large_string()), pa.field(ATTESTED, pa.int64())]
    return pa.schema([*own, *table_schema(table)])


def block_schema(table: Table) -> pa.Schema:
    """The Arrow schema of a block: an entry's cells, its place among the block's leaves, its salt."""
    own = [pa.field(LEAF, pa.int32()), pa.field(SALT, pa.binary(16))]
    return pa.schema([*entry_schema(table), *own])


def sealed_texts(entries: pa.Table) -> list[bytes]:
    """What `seal.row_text` gives for each row of entries (in entry_schema's columns), all at once."""
    cells = [_cell_texts(column.combine_chunks()) for column in entries.columns]
    joined = pc.binary_join_element_wise(*cells, pa.scalar("", pa.large_string()))
    texts: list[bytes] = joined.cast(pa.large_binary()).to_pylist()
    return texts


def _cell_texts(column: pa.Array) -> pa.Array:
    text = column if pa.types.is_large_string(column.type) else column.cast(pa.large_string())
    lengths = pc.binary_length(text).cast(pa.large_string())
    cells = pc.binary_join_element_wise(lengths, text, pa.scalar(":", pa.large_string()))
    return pc.fill_null(cells, pa.scalar("-", pa.large_string()))
