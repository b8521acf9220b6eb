"""Verify: that nothing the ledger took in has been changed, taken out, put in or moved.

Covers every cell of the chain, its blocks, the kept bytes, the access chain with all it seals, and
the anchors. It cannot see a chain rewritten whole, or cut at its end, together with its anchor:
whoever holds an old head can (`verify --head`). Nothing that lies in the database or beside it makes this raise: it fails, and
says what and where.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
from django.db import DatabaseError, connection

from lineofsight.record.block import rows_that_break_their_seal
from lineofsight.record.seal import FIRST_PREVIOUS, SEAL_BYTES, link_hash, link_text, root
from lineofsight.service.models import Block, ErasedBlock, Link
from lineofsight.service.store import anchor, blobs, chain, verify_access
from lineofsight.vocabulary.moments import microseconds, read_moment
from lineofsight.vocabulary.refusal import Refused

_HASH = re.compile(r"[0-9a-f]{64}")
_LINK = ("number", "kind", "delivery", "authority", "source", "witnessed_at", "body", "previous", "hash")
_BLOCK = ("number", "link_id", "table", "authority", "sha256", "body", "seals")
_ERASED_BLOCK = ("number", "link_id", "block_id", "before", "after")
_REPEATED = ("number", "kind", "delivery", "authority", "source")
"""What a link's columns repeat of its text."""


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


@dataclass(frozen=True)
class _Expected:
    """What the chain commits to of one block: whose it is, its rows and root, and its hash after any erasures."""

    delivery: str
    authority: str
    rows: int
    root: str
    sha256: str
    erased: bool = False


@dataclass(frozen=True)
class _Change:
    """One block's change that an erasure in the chain allows."""

    link: int
    of: tuple[int, str]
    delivery: str
    before: str
    after: str


@dataclass
class _Walk:
    """What has been gathered so far along the chain."""

    failures: list[Failure] = field(default_factory=list)
    hashes: dict[int, str] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    previous: str = FIRST_PREVIOUS
    number: int = 0
    position: int = 1
    witnessed_at: int = -1
    expected: dict[tuple[int, str], _Expected] = field(default_factory=dict)
    blocks: dict[tuple[int, str], int] = field(default_factory=dict)
    changes: list[_Change] = field(default_factory=list)
    kept: dict[str, list[str]] = field(default_factory=dict)
    released: dict[str, int] = field(default_factory=dict)
    access: dict[int, tuple[int, str]] = field(default_factory=dict)
    """The head of the access chain that each link names."""
    access_hashes: set[str] = field(default_factory=set)
    erasures: dict[int, str] = field(default_factory=dict)
    """The authority of each erasure, by its link."""

    def fails(self, delivery: str, part: str, why: str) -> None:
        """Note something that does not hold."""
        self.failures.append(Failure(delivery, part, why))


def verify(head: str | None = None, *, each_row: bool = False) -> Verified:
    """Verify the whole record and, where a head is given, that it is still part of the chain.

    With `each_row` every row is hashed again against its own seal, which the hash of its block
    already covers: slower, and worth it once after a restore or before an inquiry.
    """
    walk = _Walk()
    try:
        with chain.reading(), _any_text():
            _check_database(walk, each_row)
    except DatabaseError as fault:
        walk.fails(
            "", "database", f"it cannot be read to its end ({type(fault).__name__}): its file is damaged"
        )
    _check_kept(walk)
    _check_anchor(walk)
    if head is not None:
        _check_head(walk, head)
    numbers = sorted(walk.hashes)
    newest, first = (walk.hashes[numbers[-1]], walk.hashes[numbers[0]]) if numbers else (None, None)
    return Verified(newest, first, len(numbers), walk.failures)


@contextmanager
def _any_text() -> Iterator[None]:
    """Text in SQLite that is not UTF-8 is read all the same, to be found wrong and not to stop the reading."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    handle: Any = connection.connection
    usual = handle.text_factory
    handle.text_factory = lambda content: content.decode("utf-8", "surrogateescape")
    try:
        yield
    finally:
        handle.text_factory = usual


def _check_database(walk: _Walk, each_row: bool) -> None:
    for row in Link.objects.order_by("number").values_list(*_LINK).iterator(chunk_size=500):
        _check_link(walk, dict(zip(_LINK, row, strict=True)))
    _check_blocks(walk, each_row)
    _check_erased_blocks(walk)
    walk.access_hashes = verify_access.check(
        lambda part, why: walk.fails("", part, why), walk.access, walk.erasures
    )


# -- the chain ----------------------------------------------------------------------------------


def _check_link(walk: _Walk, link: Mapping[str, Any]) -> None:
    wrong = [
        name for name in _LINK if type(link[name]) is not (int if name in ("number", "witnessed_at") else str)
    ]
    number = link["number"] if "number" not in wrong else walk.number + 1
    says = None if "body" in wrong else _parsed(link["body"])
    name = _name(link, says, number)
    walk.names[number] = name
    for column in wrong:
        walk.fails(name, "chain", f"its column {column} holds nothing that a link can hold")
    if number != walk.number + 1:
        walk.fails(name, "chain", f"link {walk.number + 1} is missing before link {number}")
    if link["previous"] != walk.previous:
        walk.fails(
            name,
            "chain",
            "its hash of the link before it is not that link's: one of the two was changed or moved",
        )
    if not wrong and link["hash"] != _hash_of(link):
        walk.fails(name, "chain", "its hash is not that of its own text")
    walk.number, walk.previous = number, link["hash"] if "hash" not in wrong else ""
    if "hash" not in wrong:
        walk.hashes[number] = link["hash"]
    told = _Told.of(says)
    if says is None or told is None or link_text(says) != link["body"]:
        walk.fails(name, "chain", "its text cannot be read")
    if told is not None and says is not None:
        _check_columns(walk, link, says, name)
        _gather(walk, told, name, number, str(says["authority"]))
        walk.access |= _access_named(says, number)
        walk.erasures |= {number: str(says["authority"])} if says.get("kind") == chain.ERASED else {}


def _access_named(says: Mapping[str, Any], number: int) -> dict[int, tuple[int, str]]:
    """The head of the access chain that a link names; nothing where it was written before there was one."""
    named = says.get("access")
    if not isinstance(named, dict):
        return {}
    return {number: (named.get("number", 0), str(named.get("hash")))}


def _parsed(body: str) -> dict[str, Any] | None:
    try:
        says = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return says if isinstance(says, dict) else None


def _name(link: Mapping[str, Any], says: Mapping[str, Any] | None, number: int) -> str:
    """The delivery's id as the link's text gives it, else as its column does, else the link's number."""
    for told in (says or {}, link):
        delivery = told.get("delivery")
        if isinstance(delivery, str) and re.fullmatch("[0-9a-f]{16}", delivery):
            return delivery
    told_number = (says or {}).get("number")
    return f"link {told_number if type(told_number) is int and abs(told_number) < 2**63 else number}"


def _hash_of(link: Mapping[str, Any]) -> str | None:
    try:
        return link_hash(link["previous"], link["body"])
    except UnicodeEncodeError:
        return None


@dataclass(frozen=True)
class _Told:
    """What a link's text tells that other parts are held to."""

    first_position: int
    entries: int
    blocks: dict[str, tuple[int, str, str]]
    kept: list[str]
    erased: list[tuple[int, str, str, str, str]]
    released: list[str]

    @classmethod
    def of(cls, says: Mapping[str, Any] | None) -> _Told | None:
        """What a text tells; None where it is not the text of a link."""
        if says is None:
            return None
        try:
            return cls(
                _whole(says["first_position"]),
                _whole(says["entries"]),
                {
                    table: (_whole(one["rows"]), _hash(one["root"]), _hash(one["sha256"]))
                    for table, one in says["blocks"].items()
                },
                [_hash(file["sha256"]) for file in says.get("kept", [])],
                [
                    (
                        _whole(one["link"]),
                        str(one["table"]),
                        str(one["delivery"]),
                        _hash(one["before"]),
                        _hash(one["after"]),
                    )
                    for one in says.get("erased", [])
                ],
                [_hash(sha256) for sha256 in says.get("released", [])],
            )
        except (AttributeError, KeyError, TypeError, ValueError):
            return None


def _whole(value: Any) -> int:
    if type(value) is not int:
        raise TypeError
    return value


def _hash(value: Any) -> str:
    if not isinstance(value, str) or not _HASH.fullmatch(value):
        raise ValueError
    return value


def _check_columns(walk: _Walk, link: Mapping[str, Any], says: Mapping[str, Any], name: str) -> None:
    for column in _REPEATED:
        if says.get(column) != link[column]:
            walk.fails(name, "chain", f"its column {column} is not what its text says")
    if _moment(says) != link["witnessed_at"]:
        walk.fails(name, "chain", "its column witnessed_at is not what its text says")
    elif link["witnessed_at"] <= walk.witnessed_at:
        walk.fails(name, "chain", "its moment does not follow that of the link before it")
    else:
        walk.witnessed_at = link["witnessed_at"]


def _moment(says: Mapping[str, Any]) -> int | None:
    try:
        return microseconds(read_moment(str(says.get("witnessed_at"))))
    except Refused:
        return None


def _gather(walk: _Walk, told: _Told, name: str, number: int, authority: str) -> None:
    if told.first_position != walk.position or told.entries != sum(
        rows for rows, _, _ in told.blocks.values()
    ):
        walk.fails(name, "chain", "its positions do not follow those of the link before it")
    walk.position = told.first_position + told.entries
    for table, (rows, root_, sha256) in told.blocks.items():
        walk.expected[number, table] = _Expected(name, authority, rows, root_, sha256)
    for sha256 in told.kept:
        walk.released.pop(sha256, None)
        walk.kept.setdefault(sha256, [])
        if name not in walk.kept[sha256]:
            walk.kept[sha256].append(name)
    walk.released.update(dict.fromkeys(told.released, number))
    for link, table, delivery, before, after in told.erased:
        expected = walk.expected.get((link, table))
        if expected is None or expected.sha256 != before:
            walk.fails(name, "erasures", "it erases from a block that was not as it says")
        else:
            now = _Expected(
                expected.delivery, expected.authority, expected.rows, expected.root, after, erased=True
            )
            walk.expected[link, table] = now
        walk.changes.append(_Change(number, (link, table), delivery, before, after))


# -- blocks -------------------------------------------------------------------------------------


def _check_blocks(walk: _Walk, each_row: bool) -> None:
    last: tuple[int, str] = (0, "")
    number = 0
    for row in Block.objects.order_by("number").values_list(*_BLOCK).iterator(chunk_size=8):
        one = dict(zip(_BLOCK, row, strict=True))
        name = walk.names.get(one["link_id"]) if type(one["link_id"]) is int else None
        name = name or f"link {str(one['link_id'])[:20]}"
        part = f"block {str(one['table'])[:40]}"
        whole = type(one["number"]) is type(one["link_id"]) is int and type(one["table"]) is str
        if not whole or walk.expected.get((one["link_id"], one["table"])) is None:
            walk.fails(name, part, "no link of the chain commits to it")
            continue
        at = (one["link_id"], one["table"])
        if one["number"] != number + 1 or at <= last:
            walk.fails(name, part, "its number does not follow that of the block before it")
        number, last = one["number"], at
        if at in walk.blocks:
            walk.fails(name, part, "it is there twice")
        walk.blocks[at] = one["number"]
        for why in _wrong_with(one, walk.expected[at], each_row):
            walk.fails(name, part, why)
    for at in walk.expected.keys() - walk.blocks.keys():
        walk.fails(walk.expected[at].delivery, f"block {at[1]}", "it is missing")


def _wrong_with(one: Mapping[str, Any], expected: _Expected, each_row: bool) -> Iterator[str]:
    if one["authority"] != expected.authority:
        yield "its authority is not its delivery's"
    body, sealed = _bytes(one["body"]), _bytes(one["seals"])
    if sealed is None or len(sealed) != SEAL_BYTES * expected.rows or root(sealed) != expected.root:
        yield "the seals of its rows are not those the chain commits to"
    found = None if body is None else hashlib.sha256(body).hexdigest()
    if found != expected.sha256 or one["sha256"] != expected.sha256:
        yield "its rows are not those the chain commits to"
    elif body is not None and sealed is not None and (expected.erased or each_row):
        yield from _broken_rows(body, sealed)


def _bytes(value: Any) -> bytes | None:
    return bytes(value) if isinstance(value, bytes | bytearray | memoryview) else None


def _broken_rows(body: bytes, sealed: bytes) -> Iterator[str]:
    """Rows that an erasure left behind must still be what they were sealed as."""
    try:
        broken = rows_that_break_their_seal(body, sealed)
    except (pa.ArrowException, OSError, KeyError, TypeError, ValueError):
        yield "its rows cannot be read"
        return
    if broken:
        yield f"{len(broken)} of its rows break their seal, the first of them row {broken[0] + 1}"


def _check_erased_blocks(walk: _Walk) -> None:
    found = list(ErasedBlock.objects.order_by("number").values_list(*_ERASED_BLOCK))
    for number, change in enumerate(walk.changes, 1):
        said = (number, change.link, walk.blocks.get(change.of), change.before, change.after)
        same = next(
            (row for row in found if row == said and type(row[0]) is type(row[1]) is type(row[2]) is int),
            None,
        )
        if same is not None:
            found.remove(same)
        else:
            why = f"what erasure {change.link} allows of block {change.of[1]} was changed or taken out"
            walk.fails(change.delivery, "erasures", why)
    names = {number: walk.names[at] for (at, _), number in walk.blocks.items()}
    for row in found:
        name = names.get(row[2], "") if type(row[2]) is int else ""
        walk.fails(name, "erasures", "it allows a change that the chain does not name")


# -- kept bytes ---------------------------------------------------------------------------------


def _check_kept(walk: _Walk) -> None:
    arriving = blobs.arriving_hashes()
    for sha256, deliveries in walk.kept.items():
        why = _wrong_with_kept(walk, sha256, arriving)
        if why:
            for delivery in deliveries:
                walk.fails(delivery, "kept bytes", why)
    for sha256 in sorted(blobs.hashes() - walk.kept.keys() - arriving):
        if not _named_since(walk, sha256) and blobs.path_of(sha256).exists():
            walk.fails("", "kept bytes", f"{sha256} lies there, and no delivery brought it")
    walk.failures += [
        Failure("", "kept bytes", "a file lies there that is not kept bytes") for _ in blobs.strays()
    ]


def _wrong_with_kept(walk: _Walk, sha256: str, arriving: set[str]) -> str | None:
    found = blobs.hash_of(sha256)
    if sha256 in walk.released:
        there = found is not None and sha256 not in arriving and not _named_since(walk, sha256)
        return (
            f"they were released under erasure {walk.released[sha256]}, yet they are still there"
            if there
            else None
        )
    if found is None:
        return None if _named_since(walk, sha256) else "they are missing"
    return None if found == sha256 else "they are not what was received"


def _named_since(walk: _Walk, sha256: str) -> bool:
    """Whether a link appended since the walk along the chain names those bytes."""
    try:
        return Link.objects.filter(number__gt=walk.number, body__contains=sha256).exists()
    except DatabaseError:
        return False


# -- the anchor and an old head -----------------------------------------------------------------


def _check_anchor(walk: _Walk) -> None:
    try:
        found = anchor.read()
    except OSError:
        walk.fails("", "anchor", "its file cannot be read")
        return
    for number, hash in found.noted:
        if walk.hashes.get(number) != hash and not _appended_since(walk, number, hash):
            walk.fails(
                walk.names.get(number, ""),
                "anchor",
                f"the chain no longer has the head of link {number} noted there",
            )
    noted = {number for number, _ in found.noted}
    if (walk.number, walk.hashes.get(walk.number, "")) in found.meant:
        noted.add(walk.number)  # committed; whoever meant to note it was killed, or is about to
    gone = sorted(walk.names.keys() - noted)
    if gone:
        name = walk.names[gone[0]] if len(gone) == 1 else ""
        heads = "the head" if len(gone) == 1 else f"{len(gone)} heads, the first"
        walk.fails(
            name,
            "anchor",
            f"{heads} of link {gone[0]}, is not noted there: it was cut, or the link put in beside it",
        )
    lines = {f"{number} {hash}" for number, hash in walk.hashes.items()}
    for line in found.broken:
        if not any(whole.startswith(line.removeprefix("~")) for whole in lines):  # a power cut tears a line
            walk.fails("", "anchor", "a line of it is not a head")


def _appended_since(walk: _Walk, number: int, hash: str) -> bool:
    try:
        return number > walk.number and Link.objects.filter(number=number, hash=hash).exists()
    except DatabaseError:
        return False


def _check_head(walk: _Walk, head: str) -> None:
    if head.strip().lower() not in {*walk.hashes.values(), *walk.access_hashes}:
        walk.fails(
            "",
            "head",
            "that head is not part of this chain: the chain was cut or rewritten since it was noted",
        )


def summary(verified: Verified) -> list[str]:
    """What a person reads at the terminal."""
    if verified.failures:
        failures = [f"  {one.delivery or 'record'} · {one.part} · {one.why}" for one in verified.failures]
        return ["The record does not hold.", *failures]
    if verified.head is None:
        return ["The record is empty: there is nothing to verify yet."]
    return [f"The record holds: {verified.link_count} links, head {verified.head}"]
