"""The record as queries read it: one session for each request, opened once, in one state."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import polars as pl
from django.db.models import Max

from lineofsight.engines.local import Polars, lazy
from lineofsight.queries.record import ERASED, ChainLink, cached_by_state
from lineofsight.record import frames
from lineofsight.record.block import unpack
from lineofsight.service.models import Block, Link
from lineofsight.service.store import picture

_POLARS = Polars()


@dataclass(frozen=True)
class StoredRecord:
    """One authority's record in one state.

    `head` is the hash of the chain's newest link when the session was opened; `state` the hash of the newest
    link of this authority, so that another authority's delivery makes nothing be worked out anew.
    """

    authority: str
    state: str
    head: str

    def __eq__(self, other: object) -> bool:
        """Two sessions of one authority in the same state hold the same."""
        if not isinstance(other, StoredRecord):
            return NotImplemented
        return (self.authority, self.state) == (other.authority, other.state)

    def __hash__(self) -> int:
        """As equality has it."""
        return hash((self.authority, self.state))

    @property
    def engine(self) -> Polars:
        """What opens and collects frames."""
        return _POLARS

    def of(self, authority: str) -> StoredRecord:
        """Another authority's record in the same state of the chain."""
        return self if authority == self.authority else _session(authority, self.head)

    def authorities(self, table: str) -> list[str]:
        """The authorities of which a table holds anything, in order."""
        return sorted({authority for authority, name in _newest_links(self.head) if name == table})

    def history(self, table: str) -> frames.Frame:
        """Every version ever stated of a table's rows, with its spans and the link that brought it."""
        return lazy(_history(self, table))

    def newest_moment(self, *tables: str) -> int:
        """The last moment, in microseconds, at which anything of these tables became known; 0 where nothing did."""
        moments = {link.number: link.witnessed_at for link in self.links()}
        return max((moments.get(self.newest_link(table), 0) for table in tables), default=0)

    def newest_link(self, table: str) -> int:
        """The number of the newest link that changed a table; 0 where none did. An erasure may change any table."""
        erased = max((link.number for link in self.links() if link.kind == ERASED), default=0)
        return max(_newest_links(self.head).get((self.authority, table), 0), erased)

    def links(self) -> tuple[ChainLink, ...]:
        """The authority's links, in the order of the chain."""
        return _links(self.authority, self.state)

    def brought(self, link: int, table: str) -> list[dict[str, Any]]:
        """The rows that one link brought to a table, in their order; none where they were erased."""
        block = Block.objects.filter(link_id=link, table=table).first()
        if block is None:
            return []
        return pl.DataFrame(pl.from_arrow(unpack(bytes(block.body)))).to_dicts()


@dataclass(frozen=True, eq=False)
class PassingRecord(StoredRecord):
    """The same record for one question: its history is opened and let go of.

    A reader that runs for weeks would otherwise hold the files of many nights open.
    """

    def history(self, table: str) -> frames.Frame:
        """Every version ever stated of a table's rows, with its spans and the link that brought it."""
        return lazy(_opened(self, table))


def open_passing(authority: str) -> PassingRecord:
    """A session for one question on an authority's record as it stands now."""
    session = open_record(authority)
    return PassingRecord(session.authority, session.state, session.head)


def open_record(authority: str) -> StoredRecord:
    """A session on an authority's record as it stands now: one look at the chain's head."""
    return _session(authority, state())


def open_records() -> list[StoredRecord]:
    """A session on the record of every authority, in order."""
    head = state()
    return [_session(authority, head) for authority in sorted(_newest_of_each(head))]


def state() -> str:
    """The state of the whole record: the newest link's hash, or nothing where there is none yet."""
    return Link.objects.order_by("-number").values_list("hash", flat=True).first() or ""


def _session(authority: str, head: str) -> StoredRecord:
    return StoredRecord(authority, _newest_of_each(head).get(authority, ""), head)


@lru_cache(maxsize=8)
def _newest_of_each(_head: str) -> dict[str, str]:
    """The hash of each authority's newest link."""
    own = Link.objects.exclude(
        authority=""
    )  # links about the whole home, such as of its signing key, are no authority's
    newest = own.values("authority").annotate(number=Max("number")).values("number")
    return dict(Link.objects.filter(number__in=newest).values_list("authority", "hash"))


@lru_cache(maxsize=8)
def _newest_links(_head: str) -> dict[tuple[str, str], int]:
    """The number of the newest link that brought anything to each authority's tables."""
    found = Block.objects.values("authority", "table").annotate(newest=Max("link_id"))
    return {(row["authority"], row["table"]): row["newest"] for row in found}


@cached_by_state(256)
def _history(record: StoredRecord, table: str) -> pl.DataFrame:
    return _opened(record, table)


def _opened(record: StoredRecord, table: str) -> pl.DataFrame:
    hashes = {link.number: link.hash for link in record.links()}
    return picture.history_at(record.authority, table, record.newest_link(table), hashes)


_read: dict[str, tuple[ChainLink, ...]] = {}
"""The links of each authority that were read last. A new state adds to them, so that states share their links:
each reading all of them anew would take time and memory that grow with the square of their number."""


@lru_cache(maxsize=64)
def _links(authority: str, state: str) -> tuple[ChainLink, ...]:
    known = _read.get(authority, ())
    # The last one known is read again: after a restore it may be of another chain.
    found = _links_from(authority, known[-1].number if known else 0)
    if not known or (found and found[0].hash == known[-1].hash):
        found = (*known[:-1], *found)
    else:
        found = _links_from(authority, 0)
    _read[authority] = found
    # Another process may have appended since the session was opened.
    last = next((at for at in range(len(found), 0, -1) if found[at - 1].hash == state), len(found))
    return found[:last]


def _links_from(authority: str, number: int) -> tuple[ChainLink, ...]:
    found = Link.objects.filter(authority=authority, number__gte=number).order_by("number")
    return tuple(
        ChainLink(
            link.number,
            link.kind,
            link.source,
            link.delivery,
            link.witnessed_at,
            link.hash,
            json.loads(link.body),
        )
        for link in found.iterator()
    )
