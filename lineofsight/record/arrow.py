"""The one translation from columns to Arrow types, and the sealed text of many rows at once."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from lineofsight.record.entry import ATTESTED, LEAF, OPERATION, SALT
from lineofsight.record.schema import Kind, Table

_TYPES: dict[Kind, pa.DataType] = {
    Kind.TEXT: pa.large_string(),
    Kind.LIST: pa.large_string(),
    Kind.PERIOD: pa.large_string(),
    Kind.DAY: pa.int32(),
    Kind.WHOLE: pa.int64(),
}


def table_schema(table: Table) -> pa.Schema:
    """The Arrow schema of a table's own columns."""
    return pa.schema([pa.field(column.name, _TYPES[column.kind]) for column in table.columns])


def entry_schema(table: Table) -> pa.Schema:
    """The Arrow schema of a table's entries before sealing: operation, attested moment, columns."""
    own = [pa.field(OPERATION, pa.large_string()), pa.field(ATTESTED, pa.int64())]
    return pa.schema([*own, *table_schema(table)])


def block_schema(table: Table) -> pa.Schema:
    """The Arrow schema of a block: an entry's cells, its place among the block's leaves, its salt."""
    own = [pa.field(LEAF, pa.int32()), pa.field(SALT, pa.binary(16))]
    return pa.schema([*entry_schema(table), *own])


def sealed_texts(entries: pa.Table) -> list[bytes]:
    """The same texts as `seal.row_text` gives for each row of entries (in entry_schema's columns), all at once."""
    pieces = [piece for column in entries.columns for piece in _pieces(column.combine_chunks())]
    if not any(isinstance(piece, pa.Array) for piece in pieces):
        return ["".join(piece.as_py() for piece in pieces).encode()] * entries.num_rows
    joined = pc.binary_join_element_wise(*pieces, _text(""))
    texts: list[bytes] = joined.cast(pa.large_binary()).to_pylist()
    return texts


def _text(value: str) -> pa.Scalar:
    return pa.scalar(value, pa.large_string())


def _pieces(column: pa.Array) -> list[pa.Array | pa.Scalar]:
    """The parts of each row's text for one column. An empty column needs no work."""
    if column.null_count == len(column):
        return [_text("-")]
    text = column if pa.types.is_large_string(column.type) else column.cast(pa.large_string())
    lengths = pc.binary_length(text).cast(pa.large_string())
    if column.null_count == 0:
        return [lengths, _text(":"), text]
    cells = pc.binary_join_element_wise(lengths, text, _text(":"))
    return [pc.fill_null(cells, _text("-"))]
