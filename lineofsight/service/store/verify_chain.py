"""Verify the links of the chain, and gather what they commit to for the checks of blocks and files."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from lineofsight.record.seal import FIRST_PREVIOUS, link_hash, link_text
from lineofsight.retention.files import FilePolicy
from lineofsight.service.models import Link
from lineofsight.service.store import chain, releasing
from lineofsight.vocabulary.moments import london_day, microseconds, read_moment
from lineofsight.vocabulary.refusal import Refused

_HASH = re.compile(r"[0-9a-f]{64}")
_DELIVERY = re.compile(r"[0-9a-f]{16}")
_LINK = ("number", "kind", "delivery", "authority", "source", "witnessed_at", "body", "previous", "hash")
_NUMBERS = ("number", "witnessed_at")
_REPEATED = ("number", "kind", "delivery", "authority", "source")
"""The columns that repeat what the link's text states."""


@dataclass(frozen=True)
class Failure:
    """One thing that does not hold: the delivery it belongs to (empty: none), the part of it, and why."""

    delivery: str
    part: str
    why: str


@dataclass(frozen=True)
class ExpectedBlock:
    """What the chain commits to of one block: whose it is, its rows and root, and its hash after any erasures."""

    delivery: str
    authority: str
    rows: int
    root: str
    sha256: str
    erased: bool = False


@dataclass(frozen=True)
class BlockChange:
    """A change of one block, by its link and table, that an erasure in the chain allows."""

    link: int
    of: tuple[int, str]
    delivery: str
    before: str
    after: str


@dataclass(frozen=True)
class Release:
    """Files deleted under a policy: by which link, on which London day, how many, of how many deliveries."""

    link: int
    authority: str
    on: date
    policy: FilePolicy
    deliveries: int
    files: int


@dataclass
class Walk:
    """What has been gathered so far along the chain, and what failed."""

    failures: list[Failure] = field(default_factory=list)
    hashes: dict[int, str] = field(default_factory=dict)
    """The hash of each link, by its number."""
    names: dict[int, str] = field(default_factory=dict)
    """What failures call each link: its delivery, or its number."""
    previous: str = FIRST_PREVIOUS
    number: int = 0
    position: int = 1
    witnessed_at: int = -1
    expected: dict[tuple[int, str], ExpectedBlock] = field(default_factory=dict)
    """The blocks that links commit to, by link and table."""
    blocks: dict[tuple[int, str], int] = field(default_factory=dict)
    """The numbers of the blocks that are there, by link and table."""
    changes: list[BlockChange] = field(default_factory=list)
    files: dict[str, list[str]] = field(default_factory=dict)
    """The deliveries that brought each stored file, by its hash."""
    released: dict[str, int] = field(default_factory=dict)
    """The erasure, or release under a policy, (its link) that released a stored file, by its hash."""
    releases: list[Release] = field(default_factory=list)
    """What was released under policies on how long files are kept, in the order of the chain."""
    access: dict[int, tuple[int, str]] = field(default_factory=dict)
    """The head of the access chain that each link names."""
    erasures: dict[int, str] = field(default_factory=dict)
    """The authority of each erasure, by its link."""

    def fails(self, delivery: str, part: str, why: str) -> None:
        """Note something that does not hold."""
        self.failures.append(Failure(delivery, part, why))

    def fails_anywhere(self, part: str, why: str) -> None:
        """Note something that does not hold and belongs to no delivery."""
        self.fails("", part, why)


def check_links(walk: Walk) -> None:
    """Check every link, in the order of the chain."""
    for row in Link.objects.order_by("number").values_list(*_LINK).iterator(chunk_size=500):
        _check_link(walk, dict(zip(_LINK, row, strict=True)))


def _check_link(walk: Walk, link: Mapping[str, Any]) -> None:
    # 1. Its columns hold what a link can hold, and it follows the link before it.
    wrong = [name for name in _LINK if type(link[name]) is not (int if name in _NUMBERS else str)]
    number = link["number"] if "number" not in wrong else walk.number + 1
    says = None if "body" in wrong else _parsed(link["body"])
    name = _name(link, says, number)
    walk.names[number] = name
    for column in wrong:
        walk.fails(name, "chain", f"its column {column} holds nothing that a link can hold")
    if number != walk.number + 1:
        walk.fails(name, "chain", f"link {walk.number + 1} is missing before link {number}")
    if link["previous"] != walk.previous:
        why = "it does not give the hash of the link before it: one of the two was changed or moved"
        walk.fails(name, "chain", why)
    # 2. Its hash is that of its text.
    if not wrong and link["hash"] != _hash_of(link):
        walk.fails(name, "chain", "its hash is not that of its own text")
    walk.number, walk.previous = number, link["hash"] if "hash" not in wrong else ""
    if "hash" not in wrong:
        walk.hashes[number] = link["hash"]
    # 3. Its text is that of a link, and its columns repeat it.
    stated = _Stated.of(says)
    if says is None or stated is None or link_text(says) != link["body"]:
        walk.fails(name, "chain", "its text cannot be read")
    if says is None or stated is None:
        return
    _check_columns(walk, link, says, name)
    # 4. What it states of blocks, files, erasures and the access chain is gathered for the other checks.
    authority = str(says["authority"])
    _gather(walk, stated, name, number, authority)
    if isinstance(named := says.get("access"), dict):
        walk.access[number] = (named.get("number", 0), str(named.get("hash")))
    if says.get("kind") == chain.ERASED:
        walk.erasures[number] = authority
    elif says.get("kind") == chain.RELEASED:
        _gather_release(walk, says, number, authority, name)


def _gather_release(walk: Walk, says: Mapping[str, Any], number: int, authority: str, name: str) -> None:
    """Note a release; it fails where it does not state under which policy files were deleted."""
    try:
        on = london_day(read_moment(str(says["witnessed_at"])))
        release = Release(
            number, authority, on, releasing.policy_of(says), len(says["deliveries"]), len(says["released"])
        )
    except (AttributeError, KeyError, Refused, TypeError, ValueError):
        walk.fails(name, "chain", "it releases files and does not say under which policy")
        return
    walk.releases.append(release)


def _parsed(body: str) -> dict[str, Any] | None:
    try:
        says = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return says if isinstance(says, dict) else None


def _name(link: Mapping[str, Any], says: Mapping[str, Any] | None, number: int) -> str:
    """The delivery's id as the link's text gives it, else as its column does, else the link's number."""
    for cells in (says or {}, link):
        delivery = cells.get("delivery")
        if isinstance(delivery, str) and _DELIVERY.fullmatch(delivery):
            return delivery
    stated = (says or {}).get("number")
    return f"link {stated if type(stated) is int and abs(stated) < 2**63 else number}"


def _hash_of(link: Mapping[str, Any]) -> str | None:
    try:
        return link_hash(link["previous"], link["body"])
    except UnicodeEncodeError:
        return None


@dataclass(frozen=True)
class _Stated:
    """What a link's text states that other parts are checked against."""

    first_position: int
    entries: int
    blocks: dict[str, tuple[int, str, str]]
    """By table: rows, root and hash."""
    files: list[str]
    erased: list[tuple[int, str, str, str, str]]
    """Link, table, delivery, hash before and hash after of each block that an erasure changes."""
    released: list[str]

    @classmethod
    def of(cls, says: Mapping[str, Any] | None) -> _Stated | None:
        """What a text states; None where it is not the text of a link."""
        if says is None:
            return None
        try:
            blocks = {
                table: (_whole(block["rows"]), _hash(block["root"]), _hash(block["sha256"]))
                for table, block in says["blocks"].items()
            }
            erased = [
                (
                    _whole(block["link"]),
                    str(block["table"]),
                    str(block["delivery"]),
                    _hash(block["before"]),
                    _hash(block["after"]),
                )
                for block in says.get("erased", [])
            ]
            files = [_hash(file["sha256"]) for file in says.get("kept", [])]
            released = [_hash(sha256) for sha256 in says.get("released", [])]
            return cls(
                _whole(says["first_position"]), _whole(says["entries"]), blocks, files, erased, released
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


def _check_columns(walk: Walk, link: Mapping[str, Any], says: Mapping[str, Any], name: str) -> None:
    for column in _REPEATED:
        if says.get(column) != link[column]:
            walk.fails(name, "chain", f"its column {column} is not what its text says")
    try:
        moment = microseconds(read_moment(str(says.get("witnessed_at"))))
    except Refused:
        moment = None
    if moment != link["witnessed_at"]:
        walk.fails(name, "chain", "its column witnessed_at is not what its text says")
    elif link["witnessed_at"] <= walk.witnessed_at:
        walk.fails(name, "chain", "its moment does not follow that of the link before it")
    else:
        walk.witnessed_at = link["witnessed_at"]


def _gather(walk: Walk, stated: _Stated, name: str, number: int, authority: str) -> None:
    rows_of_blocks = sum(rows for rows, _, _ in stated.blocks.values())
    if stated.first_position != walk.position or stated.entries != rows_of_blocks:
        walk.fails(name, "chain", "its positions do not follow those of the link before it")
    walk.position = stated.first_position + stated.entries
    for table, (rows, root, sha256) in stated.blocks.items():
        walk.expected[number, table] = ExpectedBlock(name, authority, rows, root, sha256)
    for sha256 in stated.files:
        walk.released.pop(sha256, None)
        deliveries = walk.files.setdefault(sha256, [])
        if name not in deliveries:
            deliveries.append(name)
    walk.released.update(dict.fromkeys(stated.released, number))
    for link, table, delivery, before, after in stated.erased:
        expected = walk.expected.get((link, table))
        if expected is None or expected.sha256 != before:
            walk.fails(name, "erasures", "it erases from a block that was not as it says")
        else:
            walk.expected[link, table] = replace(expected, sha256=after, erased=True)
        walk.changes.append(BlockChange(number, (link, table), delivery, before, after))
