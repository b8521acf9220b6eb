"""A block: the entries of one delivery for one table, columnar and compressed, with their salts."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from lineofsight.record.arrow import block_schema, entry_schema, sealed_texts
from lineofsight.record.entry import ATTESTED, LEAF, OPERATION, SALT
from lineofsight.record.schema import Table
from lineofsight.record.seal import SALT_BYTES, SEAL_BYTES, root, seals

_WRITING = pa.ipc.IpcWriteOptions(compression=pa.Codec("zstd", 1))


@dataclass(frozen=True)
class Block:
    """A packed block: its bytes, the seals of all the rows it ever held, and the hashes that commit to them."""

    body: bytes
    seals: bytes

    @property
    def sha256(self) -> str:
        """The hash of its bytes, in hexadecimal."""
        return hashlib.sha256(self.body).hexdigest()

    @property
    def root(self) -> str:
        """The root of the tree over its rows' seals."""
        return root(self.seals)

    @property
    def leaf_count(self) -> int:
        """How many rows it held when it was made."""
        return len(self.seals) // SEAL_BYTES


def pack(table: Table, entries: pa.Table) -> Block:
    """Seal and pack entries given in `entry_schema`'s columns."""
    entries = entries.select(entry_schema(table).names).cast(entry_schema(table)).combine_chunks()
    salts = secrets.token_bytes(SALT_BYTES * entries.num_rows)
    sealed = seals(salts, sealed_texts(entries))
    leaves = pa.array(range(entries.num_rows), pa.int32())
    salt_column = pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(SALT_BYTES), entries.num_rows, [None, pa.py_buffer(salts)]
    )
    whole = entries.append_column(LEAF, leaves).append_column(SALT, salt_column)
    return Block(_bytes_of(whole.cast(block_schema(table))), sealed)


def unpack(body: bytes) -> pa.Table:
    """The entries of a block, with `_leaf` and `_salt`; raises pyarrow.ArrowInvalid if the bytes are not a block."""
    try:
        with pa.ipc.open_stream(pa.py_buffer(body)) as reader:
            return reader.read_all()
    except OSError as fault:
        raise pa.ArrowInvalid(f"these bytes are not a block: {fault}") from fault


def without(body: bytes, leaves: Collection[int]) -> bytes:
    """The block's bytes without the rows at these leaves and their salts."""
    held = unpack(body)
    gone = set(leaves)
    kept = [leaf.as_py() not in gone for leaf in held.column(LEAF)]
    return _bytes_of(held.filter(pa.array(kept, pa.bool_())).combine_chunks())


def rows_that_break_their_seal(body: bytes, sealed: bytes) -> list[int]:
    """The leaves whose row no longer matches its seal from when the block was made."""
    held = unpack(body)
    salts = b"".join(held.column(SALT).to_pylist())
    found = seals(salts, sealed_texts(held.select(_sealed_names(held))))
    pairs = enumerate(held.column(LEAF).to_pylist())
    return [leaf for at, leaf in pairs if _nth(found, at) != _nth(sealed, leaf)]


def sealed_rows(body: bytes, leaves: Collection[int]) -> tuple[list[str], list[tuple[int, str, list[Any]]]]:
    """What was sealed of the rows at these leaves, so that anybody can seal it again: the names of the cells in
    their order, and for each row its leaf, its salt in hexadecimal and its cells. Erased rows are left out."""
    held = unpack(body)
    names = _sealed_names(held)
    own = held.filter(pa.array([leaf.as_py() in leaves for leaf in held.column(LEAF)], pa.bool_()))
    columns = [own.column(name).to_pylist() for name in (LEAF, SALT, *names)]
    return names, [(leaf, salt.hex(), list(cells)) for leaf, salt, *cells in zip(*columns, strict=True)]


def _sealed_names(held: pa.Table) -> list[str]:
    return [OPERATION, ATTESTED, *(name for name in held.column_names if not name.startswith("_"))]


def _nth(joined: bytes, at: int) -> bytes:
    return joined[at * SEAL_BYTES : (at + 1) * SEAL_BYTES]


def _bytes_of(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema, options=_WRITING) as writer:
        writer.write_table(table)
    written: bytes = sink.getvalue().to_pybytes()
    return written
