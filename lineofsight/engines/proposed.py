"""The record as it would stand once a delivery is appended: worked out in memory, and never stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from lineofsight.allocation.history import Engine
from lineofsight.engines.local import collect, lazy
from lineofsight.queries.record import READ, ChainLink, Record
from lineofsight.record import frames
from lineofsight.record.entry import ATTESTED, OPERATION, Operation
from lineofsight.record.schema import Table
from lineofsight.record.tables import TABLES
from lineofsight.vocabulary.moments import FOREVER

_TOUCHED = "_touched"


@dataclass(frozen=True)
class Appended:
    """A delivery to be appended: its source, its id, when it was received and when it is appended (microseconds)."""

    source: str
    id: str
    received_us: int
    now_us: int


class ProposedRecord:
    """The record `before` with one delivery more. `entries`: what it appends, by table; `says`: what its link states.

    Each is equal to itself alone. `forget` lets go of the entries, whoever still remembers the record.
    """

    def __init__(
        self,
        before: Record,
        delivery: Appended,
        entries: Mapping[str, pl.DataFrame],
        says: Mapping[str, Any],
    ) -> None:
        self._before = before
        self._entries = dict(entries)
        self._now = delivery.now_us
        self._received_us = delivery.received_us
        self._position = max((link.last_position for link in before.links() if link.kind == READ), default=0)
        appended = {
            "first_position": self._position + 1,
            "entries": sum(frame.height for frame in entries.values()),
            "blocks": {},
        }
        number = max((link.number for link in before.links()), default=0) + 1
        self._link = ChainLink(
            number, READ, delivery.source, delivery.id, self._now, "", {**says, **appended}
        )
        self.authority = before.authority
        self.state = f"{before.state} and {delivery.id}"

    @property
    def engine(self) -> Engine:
        """What opens and collects frames."""
        return self._before.engine

    def of(self, authority: str) -> Record:
        """Another authority's record, which the delivery does not change."""
        return self if authority == self.authority else self._before.of(authority)

    def authorities(self, table: str) -> list[str]:
        """The authorities of which a table holds anything, in order."""
        own = {self.authority} if table in self._entries else set()
        return sorted({*self._before.authorities(table), *own})

    def history(self, table: str) -> frames.Frame:
        """Every version stated of a table's rows, those of the delivery among them."""
        history, entries = self._before.history(table), self._entries.get(table)
        if entries is None or not entries.height:
            return history
        return lazy(self._appended(TABLES[table], collect(history), entries))

    def _appended(self, table: Table, history: pl.DataFrame, entries: pl.DataFrame) -> pl.DataFrame:
        keys = list(table.key)
        touched = entries.select(keys).unique().with_columns(pl.lit(True).alias(_TOUCHED))
        marked = history.join(touched, on=keys, how="left", nulls_equal=True, maintain_order="left")
        ends = (
            pl.col(_TOUCHED)
            & (pl.col(frames.SOURCE) == self._link.source)
            & (pl.col(frames.WITNESSED_TO) == FOREVER)
        )
        closed = marked.with_columns(
            pl.when(ends).then(moment).otherwise(pl.col(name)).alias(name)
            for name, moment in ((frames.ATTESTED_TO, self._received_us), (frames.WITNESSED_TO, self._now))
        )
        stated = entries.filter(pl.col(OPERATION) == Operation.STATED.value)
        stated = stated.rename({ATTESTED: frames.ATTESTED_FROM}).with_columns(
            pl.lit(self._link.source).alias(frames.SOURCE),
            pl.lit(self._link.number, pl.Int32).alias(frames.DELIVERY),
            pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias(frames.POSITION) + self._position,
            pl.lit(self._now, pl.Int64).alias(frames.WITNESSED_FROM),
            pl.lit(FOREVER, pl.Int64).alias(frames.ATTESTED_TO),
            pl.lit(FOREVER, pl.Int64).alias(frames.WITNESSED_TO),
        )
        return pl.concat([closed.select(history.columns), stated.select(history.columns)])

    def newest_moment(self, *tables: str) -> int:
        """The last moment, in microseconds, at which anything of these tables became known."""
        return self._now if set(tables) & set(self._entries) else self._before.newest_moment(*tables)

    def links(self) -> tuple[ChainLink, ...]:
        """The authority's links, the delivery's last."""
        return (*self._before.links(), self._link)

    def brought(self, link: int, table: str) -> list[dict[str, Any]]:
        """The rows that one link brought to a table, in their order."""
        if link != self._link.number:
            return self._before.brought(link, table)
        return self._entries[table].to_dicts() if table in self._entries else []

    def forget(self) -> None:
        """Let go of the entries: nothing more is asked of this record."""
        self._entries.clear()
