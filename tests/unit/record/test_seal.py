"""Seals: exactly the bytes described, so that anybody can check them without this program."""

from __future__ import annotations

import hashlib

import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lineofsight.record.arrow import sealed_texts
from lineofsight.record.entry import Value
from lineofsight.record.seal import (
    FIRST_PREVIOUS,
    cell_text,
    link_hash,
    link_text,
    root,
    row_text,
    seal,
    seals,
)

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
"""Any text there can be; a lone half of a character is none, and intake refuses it."""

TRICKY = st.one_of(st.none(), TEXT, st.text("0123456789:-", max_size=6))
ROWS = st.lists(st.tuples(TRICKY, TRICKY, st.one_of(st.none(), st.integers(-(2**31), 2**31 - 1))))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "-"),
        ("", "0:"),
        ("-", "1:-"),
        ("é", "2:é"),
        ("3:abc", "5:3:abc"),
        (0, "1:0"),
        (-7, "2:-7"),
        ("𝄞", "4:𝄞"),
    ],
)
def test_a_cell_is_its_length_in_bytes_a_colon_and_its_text(value: Value, text: str) -> None:
    """Nothing and empty text differ; a dash that is text is not nothing; length is of bytes, not letters."""
    assert cell_text(value) == text


@given(st.lists(TRICKY), st.lists(TRICKY))
@example(["a", "1:b"], ["a1:", "b"])
@example([None, ""], ["", None])
def test_two_rows_are_sealed_alike_only_if_they_are_the_same(one: list[Value], other: list[Value]) -> None:
    assert (row_text(one) == row_text(other)) == (one == other)


@given(ROWS)
@example([])
@example([("", None, 0), ("1:", ":", -1), ("٣", "e\u0301", None), ("\x00", "\n", 2**31 - 1)])
def test_the_seals_of_many_rows_at_once_are_those_of_each(rows: list[tuple[Value, ...]]) -> None:
    """The fast form over Arrow gives, byte for byte, what the plain one gives."""
    schema = pa.schema([("a", pa.large_string()), ("b", pa.large_string()), ("c", pa.int32())])
    table = pa.Table.from_pylist([dict(zip("abc", row, strict=True)) for row in rows], schema=schema)
    assert sealed_texts(table) == [row_text(row).encode() for row in rows]


def test_a_table_in_chunks_is_sealed_as_a_whole_one_is() -> None:
    """Frames come in pieces and slices; offsets inside them must not be sealed."""
    whole = pa.table(
        {"a": pa.array(["x", None, "yy", "é"], pa.large_string()), "b": pa.array([1, 2, None, 4])}
    )
    pieces = pa.concat_tables([whole.slice(0, 1), whole.slice(1, 3)])
    assert sealed_texts(pieces) == sealed_texts(whole)
    assert sealed_texts(whole.slice(2)) == sealed_texts(whole)[2:]


def test_a_seal_is_sha256_over_salt_and_text() -> None:
    salt = bytes(range(16))
    assert seal(salt, b"3:abc") == hashlib.sha256(salt + b"3:abc").digest()


@given(st.lists(st.tuples(st.binary(min_size=16, max_size=16), st.binary())))
def test_each_row_has_its_own_salt(rows: list[tuple[bytes, bytes]]) -> None:
    joined = seals(b"".join(salt for salt, _ in rows), [text for _, text in rows])
    assert joined == b"".join(seal(salt, text) for salt, text in rows)


def test_a_row_without_a_salt_is_a_fault() -> None:
    with pytest.raises(ValueError, match="longer"):
        seals(b"\0" * 16, [b"a", b"b"])


def _leaf(number: int) -> bytes:
    return hashlib.sha256(str(number).encode()).digest()


def _sha(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()


@pytest.mark.parametrize("count", [0, 1])
def test_the_root_of_no_row_and_of_one(count: int) -> None:
    joined = b"".join(map(_leaf, range(count)))
    assert root(joined) == _sha(b"root" + joined).hex()


@pytest.mark.parametrize("count", [2, 1023, 1024])
def test_up_to_1024_rows_make_one_node(count: int) -> None:
    joined = b"".join(map(_leaf, range(count)))
    assert root(joined) == _sha(b"root" + _sha(b"node" + joined)).hex()


def test_one_row_more_makes_a_second_node() -> None:
    """Its node holds one seal alone; it is hashed as a node all the same, so no seal stands where a node belongs."""
    leaves = [_leaf(number) for number in range(1025)]
    below = [_sha(b"node" + b"".join(leaves[:1024])), _sha(b"node" + leaves[1024])]
    assert root(b"".join(leaves)) == _sha(b"root" + _sha(b"node" + b"".join(below))).hex()


def test_a_million_rows_are_three_levels() -> None:
    """1,024 nodes of 1,024 seals fill two levels; one seal more needs a third."""
    joined = b"".join([_leaf(1)] * (1024 * 1024 + 1))
    full, single = _sha(b"node" + _leaf(1) * 1024), _sha(b"node" + _leaf(1))
    second = [_sha(b"node" + full * 1024), _sha(b"node" + single)]
    assert root(joined) == _sha(b"root" + _sha(b"node" + b"".join(second))).hex()


@given(st.lists(st.integers(0, 5), min_size=2, max_size=40), st.data())
def test_order_and_every_row_matter(numbers: list[int], data: st.DataObject) -> None:
    other = data.draw(st.permutations(numbers))
    made, remade = (b"".join(map(_leaf, some)) for some in (numbers, other))
    assert (root(made) == root(remade)) == (numbers == other)
    assert root(made[:-32]) != root(made)


def test_a_node_cannot_be_passed_off_as_a_row() -> None:
    leaves = b"".join(map(_leaf, range(2)))
    assert root(_sha(b"node" + leaves)) == root(leaves), "a single node is its own level …"
    assert len(leaves) != 32, "… so the chain commits to how many rows there are beside the root"


def test_a_link_is_canonical_json() -> None:
    """Keys in order, no spaces, nothing escaped: the same body has the same hash on every machine."""
    assert link_text({"b": "é", "a": [1, None]}) == '{"a":[1,null],"b":"é"}'
    assert link_hash(FIRST_PREVIOUS, "{}") == hashlib.sha256(b"0" * 64 + b"\n{}").hexdigest()
