"""Verify: that nothing the ledger took in has been changed, taken out, put in or moved.

Covers every cell of the chain, its blocks, the kept bytes and the anchor. It cannot see a chain
rewritten whole together with the anchor: whoever holds an old head can (`verify --head`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from lineofsight.record.block import rows_that_break_their_seal
from lineofsight.record.seal import FIRST_PREVIOUS, link_hash, link_text, root
from lineofsight.service import anchor, kept
from lineofsight.service.models import Block, ErasedBlock, Link
from lineofsight.vocabulary.moments import microseconds, read_moment
from lineofsight.vocabulary.refusal import Refused


@dataclass(frozen=True)
class Failure:
    """One thing that does not hold: the delivery it belongs to, the part of it, and why."""

    delivery: str
    part: str
    why: str


@dataclass(frozen=True)
class Verified:
    """Whether the record holds, its newest and first hashes, how much was looked at, what failed."""

    head: str | None
    first: str | None
    link_count: int
    failures: list[Failure]

    @property
    def holds(self) -> bool:
        """Whether nothing failed."""
        return not self.failures

    def as_json(self) -> dict[str, Any]:
        """The answer of `verify --json`."""
        failures = [vars(failure) for failure in self.failures]
        return {"holds": self.holds, "head": self.head, "first": self.first, "failures": failures}


@dataclass
class _Walk:
    """What has been gathered so far along the chain."""

    hashes: dict[int, str] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)
    previous: str = FIRST_PREVIOUS
    number: int = 0
    position: int = 1
    witnessed_at: int = -1
    expected: dict[tuple[int, str], dict[str, Any]] = field(default_factory=dict)
    erasures: dict[tuple[int, str], dict[str, Any]] = field(default_factory=dict)
    changes: list[tuple[int, int, str, str, str]] = field(default_factory=list)
    released: dict[str, int] = field(default_factory=dict)
    kept: dict[str, str] = field(default_factory=dict)

    def fails(self, delivery: str, part: str, why: str) -> None:
        """Note something that does not hold."""
        self.failures.append(Failure(delivery, part, why))


def verify(head: str | None = None, *, each_row: bool = False) -> Verified:
    """Verify the whole record and, where a head is given, that it is still part of the chain.

    With `each_row` every row is hashed again against its own seal, which the hash of its block
    already covers: slower, and worth it once after a restore or before an inquiry.
    """
    walk = _Walk()
    for link in Link.objects.order_by("number").iterator(chunk_size=500):
        _check_link(walk, link)
    _check_blocks(walk, each_row)
    _check_erased_rows(walk)
    _check_kept(walk)
    _check_anchor(walk)
    if head is not None:
        _check_head(walk, head)
    numbers = sorted(walk.hashes)
    ends = (walk.hashes[numbers[-1]], walk.hashes[numbers[0]]) if numbers else (None, None)
    return Verified(*ends, len(numbers), walk.failures)


def _check_link(walk: _Walk, link: Link) -> None:
    says, name = _says(walk, link), link.delivery or f"link {link.number}"
    if link.number != walk.number + 1:
        walk.fails(name, "chain", f"a link is missing before link {link.number}")
    if link.previous != walk.previous:
        walk.fails(name, "chain", "its hash of the link before it is not that link's: one of the two was changed or moved")
    if link.hash != link_hash(link.previous, link.body):
        walk.fails(name, "chain", "its hash is not that of its own text")
    walk.hashes[link.number], walk.previous, walk.number = link.hash, link.hash, link.number
    if says is not None:
        _check_says(walk, link, says, name)


def _says(walk: _Walk, link: Link) -> dict[str, Any] | None:
    try:
        says = json.loads(link.body)
    except ValueError:
        says = None
    if not isinstance(says, dict) or link_text(says) != link.body or "blocks" not in says:
        walk.fails(link.delivery or f"link {link.number}", "chain", "its text cannot be read")
        return None
    return says


def _check_says(walk: _Walk, link: Link, says: dict[str, Any], name: str) -> None:
    for column in ("number", "kind", "delivery", "authority", "source"):
        if says.get(column) != getattr(link, column):
            walk.fails(says.get("delivery") or name, "chain", f"its column {column} is not what its text says")
    if _moment(says) != link.witnessed_at:
        walk.fails(name, "chain", "its column witnessed_at is not what its text says")
    if link.witnessed_at <= walk.witnessed_at or says.get("first_position") != walk.position:
        walk.fails(name, "chain", "its moment or its first position does not follow the link before it")
    walk.position, walk.witnessed_at = walk.position + int(says.get("entries", 0)), link.witnessed_at
    for table, commitment in says["blocks"].items():
        walk.expected[link.number, table] = {**commitment, "delivery": name}
    for file in says.get("kept", []):
        walk.kept.setdefault(file["sha256"], name)
    for one in says.get("erased", []):
        walk.erasures[one["link"], one["table"]] = one
        walk.changes.append((link.number, one["link"], one["table"], one["before"], one["after"]))
    walk.released.update(dict.fromkeys(says.get("released", []), link.number))


def _moment(says: dict[str, Any]) -> int | None:
    try:
        return microseconds(read_moment(str(says.get("witnessed_at"))))
    except Refused:
        return None


def _check_blocks(walk: _Walk, each_row: bool) -> None:
    seen = set()
    for one in Block.objects.order_by("link_id", "table").iterator(chunk_size=8):
        at = (one.link_id, one.table)
        expected = walk.expected.get(at)
        if expected is None:
            walk.fails(f"link {one.link_id}", f"block {one.table}", "no link of the chain commits to it")
            continue
        seen.add(at)
        for why in _wrong_with(one, expected, walk.erasures.get(at), each_row):
            walk.fails(expected["delivery"], f"block {one.table}", why)
    for at in walk.expected.keys() - seen:
        walk.fails(walk.expected[at]["delivery"], f"block {at[1]}", "it is missing")


def _wrong_with(one: Block, expected: dict[str, Any], erased: dict[str, Any] | None, each_row: bool) -> Iterator[str]:
    body, sealed = bytes(one.body), bytes(one.seals)
    should_be = erased["after"] if erased else expected["sha256"]
    found = hashlib.sha256(body).hexdigest()
    if one.authority != one.link.authority:
        yield "its authority is not its delivery's"
    if root(sealed) != expected["root"] or len(sealed) != 32 * expected["rows"]:
        yield "the seals of its rows are not those the chain commits to"
    if found != should_be or one.sha256 != should_be:
        yield "its rows are not those the chain commits to"
    elif erased or each_row:
        yield from _broken_rows(body, sealed)


def _broken_rows(body: bytes, sealed: bytes) -> Iterator[str]:
    """Rows that an erasure left behind must still be what they were sealed as."""
    try:
        broken = rows_that_break_their_seal(body, sealed)
    except (pa.ArrowInvalid, OSError):
        yield "its rows cannot be read"
        return
    if broken:
        yield f"{len(broken)} of its rows break their seal, the first of them row {broken[0] + 1}"


def _check_erased_rows(walk: _Walk) -> None:
    found = ErasedBlock.objects.order_by("id").values_list("link_id", "block__link_id", "block__table", "before", "after")
    if sorted(found) != sorted(walk.changes):
        walk.fails("", "erasures", "the changes that erasures allow are not those the chain names")


def _check_kept(walk: _Walk) -> None:
    for sha256, delivery in walk.kept.items():
        found = kept.hash_of(sha256)
        if sha256 in walk.released:
            if found is not None:
                walk.fails(delivery, "kept bytes", f"released under erasure {walk.released[sha256]}, yet still there")
        elif found is None:
            walk.fails(delivery, "kept bytes", "they are missing")
        elif found != sha256:
            walk.fails(delivery, "kept bytes", "they are not what was received")


def _check_anchor(walk: _Walk) -> None:
    for number, hash in anchor.heads().items():
        if walk.hashes.get(number) != hash:
            why = "the chain no longer has the head noted there" if number else "a line of it is not a head"
            walk.fails("", "anchor", f"link {number}: {why}")


def _check_head(walk: _Walk, head: str) -> None:
    if head.strip().lower() not in walk.hashes.values():
        walk.fails("", "head", "that head is not part of this chain: the chain was cut or rewritten since it was noted")


def summary(verified: Verified) -> list[str]:
    """What a person reads at the terminal."""
    if verified.head is None:
        return ["The record is empty: there is nothing to verify yet."]
    if verified.holds:
        return [f"The record holds: {verified.link_count} links, head {verified.head}"]
    return ["The record does not hold."] + [f"  {f.delivery or 'record'} · {f.part} · {f.why}" for f in verified.failures]


