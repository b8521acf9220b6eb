"""The ledger: append to the chain, read its blocks, erase from them. Only this module and `restore` write to it."""

from __future__ import annotations

import functools
import hashlib
import json
import operator
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.db.models import Max, Q, QuerySet

from lineofsight.engines.local import ReceivedBlock
from lineofsight.record import block as blocks
from lineofsight.record.seal import FIRST_PREVIOUS, link_hash, link_text
from lineofsight.service.models import Block, ErasedBlock, Link
from lineofsight.service.store import anchor, sealing
from lineofsight.vocabulary.moments import microseconds, moment_of, read_moment, written

# What a link records. The values are stored in the chain, so they never change.
RECEIVED = "received"
RECEIVED_AGAIN = "heard"
"""The source delivered again the files that it delivered last; nothing was added (counting rule 5)."""
READ = "read"
AWAITING_CONFIRMATION = "held"
"""The delivery would withdraw so many rows that a named person has to confirm it first (counting rule 6)."""
SET_ASIDE = "set aside"
"""The delivery will not be read: a person said so, or reading it failed. It does not count as received."""
ERASED = "erased"
RELEASED = "released"
"""Stored files were deleted because the policy by which they are kept had passed; no row was."""
RETENTION = "retention"
"""Somebody set how long something is kept, or held it back from being deleted."""
SIGNING_KEY = "signing key"
"""The service made the key with which it signs what it makes public."""
MADE_PUBLIC = "made public"
"""The service made a signed file of what is public."""
TRUSTED = "trusted"
"""Somebody said whose signed files are loaded here."""

_NO_END = 2**62
_NAMING_CHILDREN = (
    "service_look",
    "service_restriction",
    "service_brokenglass",
    "service_erasurerequest",
)
_HASHES_A_QUERY = 100
_LOCK = 7_032_019
"""The number of PostgreSQL's advisory lock: any, so long as all workers use the same."""


@dataclass(frozen=True)
class NewLink:
    """What is to be appended. `says` is its text beside what `append` adds; `blocks` are its rows, by table."""

    kind: str
    authority: str
    source: str
    delivery: str
    says: Mapping[str, Any]
    blocks: Mapping[str, blocks.Block] = field(default_factory=dict)


@contextmanager
def writing() -> Iterator[None]:
    """A transaction in which nobody else can append: on SQLite by its own lock, on PostgreSQL by a named one."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        if outermost and (newest := head()):
            anchor.settle(newest.number, newest.hash)
        yield


@contextmanager
def reading() -> Iterator[None]:
    """A transaction that sees the ledger as it stood at one moment, and keeps nobody from appending."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")  # Django's own would take the writers' lock
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")


def append(new: NewLink, *, by: str, at: datetime) -> Link:
    """Append a link and its blocks inside `writing()`. `by` and `at` have no default, so that nobody forgets them.

    `at` is when this record received it. Where the clock has gone back, the moment is moved to just
    after the link before, so that witnessed moments follow the chain.
    """
    last = Link.objects.order_by("-number").first()
    at_us = max(microseconds(at), last.witnessed_at + 1 if last else 0)
    body = {
        **new.says,
        "kind": new.kind,
        "authority": new.authority,
        "source": new.source,
        "delivery": new.delivery,
        "by": by,
        "witnessed_at": written(moment_of(at_us)),
        "blocks": {
            table: {"rows": block.leaf_count, "root": block.root, "sha256": block.sha256}
            for table, block in new.blocks.items()
        },
        "first_position": next_position(last),
        "entries": sum(block.leaf_count for block in new.blocks.values()),
    }
    if access := sealing.head():
        body["access"] = {"number": access.number, "hash": access.hash}
    number, previous = (last.number + 1, last.hash) if last else (1, FIRST_PREVIOUS)
    text = link_text({**body, "number": number})
    link = Link(
        number=number,
        kind=new.kind,
        delivery=new.delivery,
        authority=new.authority,
        source=new.source,
        witnessed_at=at_us,
        body=text,
        previous=previous,
        hash=link_hash(previous, text),
    )
    anchor.mean(link.number, link.hash)
    link.save(force_insert=True)
    _insert_blocks(link, new.blocks)
    transaction.on_commit(lambda: anchor.note(link.number, link.hash))
    return link


def next_position(last: Link | None) -> int:
    """The position the next entry will have: positions run from 1 without gaps."""
    if last is None:
        return 1
    says = body_of(last)
    return int(says["first_position"]) + int(says["entries"])


def _insert_blocks(link: Link, packed: Mapping[str, blocks.Block]) -> None:
    for number, (table, block) in enumerate(sorted(packed.items()), _next_number(Block)):
        Block.objects.create(
            number=number,
            link=link,
            table=table,
            authority=link.authority,
            sha256=block.sha256,
            body=block.body,
            seals=block.seals,
        )


def _next_number(model: type[Block] | type[ErasedBlock]) -> int:
    return (model.objects.aggregate(at=Max("number"))["at"] or 0) + 1


def state() -> str:
    """The state of the record: the newest link's hash; empty where there is none yet."""
    return Link.objects.order_by("-number").values_list("hash", flat=True).first() or ""


def head() -> Link | None:
    """The newest link, or None in an empty record."""
    return Link.objects.order_by("-number").first()


def links(kind: str, authority: str | None = None, source: str | None = None) -> QuerySet[Link]:
    """The links of a kind in the order of the chain."""
    links = Link.objects.filter(kind=kind).order_by("number")
    if authority is not None:
        links = links.filter(authority=authority)
    return links if source is None else links.filter(source=source)


def body_of(link: Link) -> dict[str, Any]:
    """What a link says."""
    says: dict[str, Any] = json.loads(link.body)
    return says


def newest(authority: str, table: str) -> int:
    """The number of the newest link that changed a table of an authority; 0 where none did."""
    stated = Block.objects.filter(authority=authority, table=table).aggregate(at=Max("link_id"))["at"] or 0
    erased = Link.objects.filter(authority=authority, kind=ERASED).aggregate(at=Max("number"))["at"] or 0
    return max(stated, erased)


def chain_id() -> str:
    """What tells this chain from another: the hash of its first link."""
    first = Link.objects.filter(number=1).first()
    return first.hash if first else ""


@lru_cache(maxsize=4096)
def _delivery(_chain: str, number: int) -> str:
    return Link.objects.values_list("delivery", flat=True).get(number=number)


def delivery_of(number: int) -> str:
    """The id of the delivery that a link read."""
    return _delivery(chain_id(), number)


def names_bytes(sha256: str) -> bool:
    """Whether the chain names bytes of that hash as stored: brought by a delivery and not released since."""
    return bool(named_hashes([sha256]))


def named_hashes(hashes: Iterable[str]) -> set[str]:
    """Those of these hashes whose bytes the chain names as stored: brought by a delivery and not released since."""
    wanted, named = sorted(set(hashes)), set[str]()
    if len(wanted) > _HASHES_A_QUERY:
        return stored_hashes() & set(
            wanted
        )  # reading each link once costs less than searching them all again
    for first in range(0, len(wanted), _HASHES_A_QUERY):
        asked_for = wanted[first : first + _HASHES_A_QUERY]
        is_named = functools.reduce(operator.or_, (Q(body__contains=sha256) for sha256 in asked_for))
        stored = set[str]()
        for link in Link.objects.filter(is_named).order_by("number"):
            says = body_of(link)
            stored -= set(says.get("released", []))
            stored |= {file["sha256"] for file in says.get("kept", [])}
        named |= stored.intersection(asked_for)  # of others not every link was read
    return named


def stored_hashes() -> set[str]:
    """The hashes of all files that the chain names as stored."""
    return stored_by(
        map(json.loads, Link.objects.order_by("number").values_list("body", flat=True).iterator())
    )


def stored_by(bodies: Iterable[dict[str, Any]]) -> set[str]:
    """The hashes of the files that links, by their texts in order, name as stored."""
    hashes: set[str] = set()
    for says in bodies:
        hashes |= {file["sha256"] for file in says.get("kept", [])}
        hashes -= set(says.get("released", []))
    return hashes


def erased_since(authority: str, table: str, number: int) -> bool:
    """Whether any row of an authority's table was erased after that link."""
    changed = ErasedBlock.objects.filter(block__authority=authority, block__table=table)
    return changed.filter(link_id__gt=number).exists()


def received_blocks(
    authority: str, table: str, after: int = 0, until: int = _NO_END
) -> Iterator[ReceivedBlock]:
    """A table's blocks in the order of the chain, from after one link until another."""
    yield from (block for _, block in received_blocks_of(authority, (table,), after, until))


def received_blocks_of(
    authority: str, tables: Sequence[str], after: int = 0, until: int = _NO_END
) -> Iterator[tuple[str, ReceivedBlock]]:
    """The blocks of several tables, each with its table's name, in the order of the chain and of the tables' names."""
    rows = Block.objects.filter(authority=authority, table__in=tables, link_id__gt=after, link_id__lte=until)
    for row in rows.order_by("link_id", "table").select_related("link").iterator(chunk_size=16):
        says = body_of(row.link)
        # The entries of a delivery are numbered through its tables, which follow each other by name.
        before = sum(block["rows"] for name, block in says["blocks"].items() if name < row.table)
        yield (
            row.table,
            ReceivedBlock(
                link=row.link_id,
                source=row.link.source,
                first_position=says["first_position"] + before,
                witnessed_at=row.link.witnessed_at,
                entries=blocks.unpack(bytes(row.body)),
            ),
        )


def received_at(link: Link) -> datetime:
    """The moment a delivery is said to have been received."""
    return read_moment(body_of(link)["received_at"])


@dataclass(frozen=True)
class Erasing:
    """One block to be rewritten: which, the leaves that go, and its bytes without them."""

    block: Block
    leaves: Sequence[int]
    body: bytes

    @property
    def after(self) -> str:
        """The hash of the block once they are gone."""
        return hashlib.sha256(self.body).hexdigest()

    def as_json(self) -> dict[str, object]:
        """What the chain states of it."""
        return {
            "link": self.block.link.number,
            "delivery": self.block.link.delivery,
            "table": self.block.table,
            "leaves": list(self.leaves),
            "before": self.block.sha256,
            "after": self.after,
        }


def erase(
    authority: str,
    ground: str,
    what: str,
    choose: Callable[[], tuple[list[Erasing], list[str]]],
    also: Callable[[Link], None] = lambda _: None,
    *,
    by: str,
    at: datetime,
) -> Link | None:
    """Take rows and their salts out of their blocks, leave their seals, and state it in the chain.

    `choose`, called with the ledger locked, gives the blocks to rewrite and the hashes of the stored
    files that go with them; `also` does the rest in the same transaction. Returns None where there is
    nothing to erase.
    """
    with writing():
        erasing, released = choose()
        if not erasing and not released:
            return None
        says = {
            "ground": ground,
            "what": what,
            "erased": [change.as_json() for change in erasing],
            "released": released,
        }
        link = append(NewLink(ERASED, authority, "", "", says), by=by, at=at)
        for number, change in enumerate(erasing, _next_number(ErasedBlock)):
            _rewrite(link, number, change)
        also(link)
    return link


def _rewrite(link: Link, number: int, change: Erasing) -> None:
    block = change.block
    ErasedBlock.objects.create(number=number, link=link, block=block, before=block.sha256, after=change.after)
    Block.objects.filter(pk=block.pk).update(body=change.body, sha256=change.after)


def scrub() -> bool:
    """Make the database overwrite what was erased; False where another reader kept it from doing so.

    On SQLite neither the file nor its write-ahead log holds it afterwards. PostgreSQL frees the pages to
    be written over; its own logs and backups expire as whoever runs it has set.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            names = _NAMING_CHILDREN if settings.HOLDS_CHILDREN else ()  # a public record has no such tables
            cursor.execute(f"VACUUM {', '.join(('service_block', *names))}")
            return True
        try:
            cursor.execute("VACUUM")
            busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        except OperationalError:
            return False
        return not busy
