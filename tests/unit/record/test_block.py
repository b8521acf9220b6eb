"""Blocks: packed, unpacked, rows taken out, and what is left still under its seals."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lineofsight.record.arrow import entry_schema
from lineofsight.record.block import Block, pack, rows_that_break_their_seal, sealed_rows, unpack, without
from lineofsight.record.seal import SEAL_BYTES, row_text, seal
from tests.support.histories import STAY, stays


def entries(rows: list[dict[str, object]]) -> pa.Table:
    own = {"_operation": "stated", "_attested": 17}
    return pa.Table.from_pylist([{**own, **row} for row in rows], schema=entry_schema(STAY))


def block_of(body: bytes, change: dict[str, pa.Array]) -> bytes:
    """A block's bytes with some of its columns changed, as somebody with the database might."""
    held = unpack(body)
    for name, column in change.items():
        held = held.set_column(held.column_names.index(name), held.schema.field(name), column)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, held.schema) as writer:
        writer.write_table(held)
    return bytes(sink.getvalue())


ROWS = [
    {"child": "A", "place": "x"},
    {"child": "B", "place": "y", "begun_on": 5},
    {"child": "é", "place": "", "count": -1},
]


@given(st.lists(stays()))
def test_what_is_packed_comes_out(rows: list[dict[str, object]]) -> None:
    packed = pack(STAY, entries(rows))
    held = unpack(packed.body)
    assert held.select(list(STAY.names)).to_pylist() == rows
    assert held.column("_leaf").to_pylist() == list(range(len(rows)))
    assert packed.leaf_count == len(rows)
    assert rows_that_break_their_seal(packed.body, packed.seals) == []


def test_salts_are_never_the_same_twice() -> None:
    """Two deliveries of the same row must not have the same seal, or an erased row could be guessed from the other."""
    salts = [
        salt for _ in range(2) for salt in unpack(pack(STAY, entries(ROWS)).body).column("_salt").to_pylist()
    ]
    assert len(set(salts)) == 6
    assert pack(STAY, entries(ROWS)).root != pack(STAY, entries(ROWS)).root


@given(st.lists(stays(), max_size=8), st.data())
def test_rows_can_be_taken_out_and_the_rest_stays_sealed(
    rows: list[dict[str, object]], data: st.DataObject
) -> None:
    """Erasing keeps the place of what is left: a leaf is a place in the delivery, not in what remains of it.
    A leaf that is not there, or no longer, is no fault: an erasure may be done again."""
    gone = data.draw(st.sets(st.integers(0, 9)))
    packed = pack(STAY, entries(rows))
    left = without(packed.body, gone)
    held = unpack(left)
    stay = [leaf for leaf in range(len(rows)) if leaf not in gone]
    assert held.column("_leaf").to_pylist() == stay
    assert held.select(list(STAY.names)).to_pylist() == [rows[leaf] for leaf in stay]
    assert rows_that_break_their_seal(left, packed.seals) == []
    assert without(left, gone) == left


def test_the_bytes_of_an_erased_row_are_gone() -> None:
    name = "Marmaduke-the-unique"
    packed = pack(STAY, entries([{"child": name, "place": "x"}, *ROWS]))
    left = without(packed.body, [0])
    salt = unpack(packed.body).column("_salt").to_pylist()[0]
    assert name.encode() not in left
    assert salt not in unpack(left).column("_salt").to_pylist()


@pytest.mark.parametrize(
    "change",
    [
        {"child": pa.array(["A", "C", "é"], pa.large_string())},
        {"begun_on": pa.array([None, 6, None], pa.int32())},
        {"place": pa.array(["x", None, ""], pa.large_string())},
        {"_operation": pa.array(["stated", "withdrawn", "stated"], pa.large_string())},
        {"_attested": pa.array([17, 18, 17], pa.int64())},
    ],
)
def test_a_cell_changed_is_found(change: dict[str, pa.Array]) -> None:
    """Also the operation and the moment: a row made to look withdrawn, or known earlier, is a changed row."""
    packed = pack(STAY, entries(ROWS))
    assert rows_that_break_their_seal(block_of(packed.body, change), packed.seals) == [1]


def test_empty_text_is_not_nothing() -> None:
    packed = pack(STAY, entries(ROWS))
    changed = block_of(packed.body, {"place": pa.array(["x", "y", None], pa.large_string())})
    assert rows_that_break_their_seal(changed, packed.seals) == [2]


def test_two_rows_changed_round_and_a_row_put_in_are_found() -> None:
    packed = pack(STAY, entries(ROWS))
    swapped = block_of(packed.body, {"_leaf": pa.array([1, 0, 2], pa.int32())})
    assert rows_that_break_their_seal(swapped, packed.seals) == [1, 0]
    beyond = block_of(packed.body, {"_leaf": pa.array([0, 1, 3], pa.int32())})
    assert rows_that_break_their_seal(beyond, packed.seals) == [3]


@pytest.mark.parametrize(
    "body", [b"", b"nonsense", b"\xff" * 64], ids=["nothing", "text", "lengths below nothing"]
)
def test_other_bytes_are_no_block(body: bytes) -> None:
    with pytest.raises(pa.ArrowInvalid):
        unpack(body)


@given(st.integers(0, 10_000), st.integers(1, 255))
def test_a_byte_changed_in_a_block_never_ends_otherwise_than_in_a_refusal(at: int, change: int) -> None:
    """The hash of a block covers every byte of it; but who looks inside all the same is told, not killed."""
    body = bytearray(pack(STAY, entries(ROWS)).body)
    body[at % len(body)] ^= change
    try:
        unpack(bytes(body))
    except (pa.ArrowException, ValueError):
        pass


def test_a_block_says_what_it_commits_to() -> None:
    block = Block(b"body", b"\0" * 64)
    assert block.leaf_count == 2
    assert block.sha256 == "230d8358dc8e8890b4c58deeb62912ee2f20357ae92a5cc861b98e68fe31acb5"
    assert len(block.root) == 64


def test_entries_may_come_in_any_order_of_columns_and_in_pieces() -> None:
    whole = entries(ROWS)
    pieces = pa.concat_tables([whole.slice(0, 2), whole.slice(2)]).select(whole.column_names[::-1])
    packed = pack(STAY, pieces)
    assert unpack(packed.body).select(whole.column_names).to_pylist() == whole.to_pylist()
    assert rows_that_break_their_seal(packed.body, packed.seals) == []


def test_what_was_sealed_of_some_rows_is_given_so_that_anybody_can_seal_it_again() -> None:
    packed = pack(STAY, entries(ROWS))
    names, rows = sealed_rows(without(packed.body, [1]), [0, 1, 2])
    assert names == entry_schema(STAY).names
    assert [leaf for leaf, _, _ in rows] == [0, 2]
    for leaf, salt, cells in rows:
        own = packed.seals[leaf * SEAL_BYTES : (leaf + 1) * SEAL_BYTES]
        assert seal(bytes.fromhex(salt), row_text(cells).encode()) == own
