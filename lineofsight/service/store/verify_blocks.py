"""Verify the blocks against what the chain commits to, and the changes that erasures allow of them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

import pyarrow as pa

from lineofsight.record.block import rows_that_break_their_seal
from lineofsight.record.seal import SEAL_BYTES, root
from lineofsight.service.models import Block, ErasedBlock
from lineofsight.service.store.verify_chain import ExpectedBlock, Walk

_BLOCK = ("number", "link_id", "table", "authority", "sha256", "body", "seals")
_ERASED_BLOCK = ("number", "link_id", "block_id", "before", "after")


def check_blocks(walk: Walk, *, each_row: bool) -> None:
    """Check that the blocks are those the chain commits to; with `each_row`, every row against its seal."""
    last: tuple[int, str] = (0, "")
    number = 0
    for row in Block.objects.order_by("number").values_list(*_BLOCK).iterator(chunk_size=8):
        block = dict(zip(_BLOCK, row, strict=True))
        name = walk.names.get(block["link_id"]) if type(block["link_id"]) is int else None
        name = name or f"link {str(block['link_id'])[:20]}"
        part = f"block {str(block['table'])[:40]}"
        readable = type(block["number"]) is type(block["link_id"]) is int and type(block["table"]) is str
        if not readable or walk.expected.get((block["link_id"], block["table"])) is None:
            walk.fails(name, part, "no link of the chain commits to it")
            continue
        at = (block["link_id"], block["table"])
        if block["number"] != number + 1 or at <= last:
            walk.fails(name, part, "its number does not follow that of the block before it")
        number, last = block["number"], at
        if at in walk.blocks:
            walk.fails(name, part, "it is there twice")
        walk.blocks[at] = block["number"]
        for why in _wrong_with(block, walk.expected[at], each_row):
            walk.fails(name, part, why)
    for at in walk.expected.keys() - walk.blocks.keys():
        walk.fails(walk.expected[at].delivery, f"block {at[1]}", "it is missing")


def _wrong_with(block: Mapping[str, Any], expected: ExpectedBlock, each_row: bool) -> Iterator[str]:
    if block["authority"] != expected.authority:
        yield "its authority is not its delivery's"
    body, seals = _bytes(block["body"]), _bytes(block["seals"])
    if seals is None or len(seals) != SEAL_BYTES * expected.rows or root(seals) != expected.root:
        yield "the seals of its rows are not those the chain commits to"
    sha256 = None if body is None else hashlib.sha256(body).hexdigest()
    if sha256 != expected.sha256 or block["sha256"] != expected.sha256:
        yield "its rows are not those the chain commits to"
        return
    # The rows that an erasure left behind must still be those that were sealed.
    if body is None or seals is None or not (expected.erased or each_row):
        return
    try:
        broken = rows_that_break_their_seal(body, seals)
    except (pa.ArrowException, OSError, KeyError, TypeError, ValueError):
        yield "its rows cannot be read"
        return
    if broken:
        yield f"{len(broken)} of its rows break their seal, the first of them row {broken[0] + 1}"


def _bytes(value: Any) -> bytes | None:
    return bytes(value) if isinstance(value, bytes | bytearray | memoryview) else None


def check_erased_blocks(walk: Walk) -> None:
    """Check that the changes allowed of blocks are those that erasures in the chain name."""
    rows = list(ErasedBlock.objects.order_by("number").values_list(*_ERASED_BLOCK))
    for number, change in enumerate(walk.changes, 1):
        expected = (number, change.link, walk.blocks.get(change.of), change.before, change.after)
        same = next(
            (row for row in rows if row == expected and type(row[0]) is type(row[1]) is type(row[2]) is int),
            None,
        )
        if same is not None:
            rows.remove(same)
        else:
            why = f"what erasure {change.link} allows of block {change.of[1]} was changed or taken out"
            walk.fails(change.delivery, "erasures", why)
    names = {number: walk.names[at] for (at, _), number in walk.blocks.items()}
    for row in rows:
        name = names.get(row[2], "") if type(row[2]) is int else ""
        walk.fails(name, "erasures", "it allows a change that the chain does not name")
