"""A record in memory, to which deliveries are appended one after another and of which nothing is stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from lineofsight.engines.local import Polars, collect, empty_history, lazy
from lineofsight.queries.record import ChainLink, Record
from lineofsight.record import frames
from lineofsight.record.tables import TABLES
from lineofsight.vocabulary.moments import FOREVER


@dataclass(frozen=True)
class NothingYet:
    """An authority's record before anything was delivered."""

    authority: str
    state: str
    """Names it apart from every other: what was worked out for one is kept."""

    @property
    def engine(self) -> Polars:
        """What opens and collects frames."""
        return Polars()

    def of(self, authority: str) -> Record:
        """Another authority's record, which holds nothing either."""
        return NothingYet(authority, self.state)

    def authorities(self, table: str) -> list[str]:  # noqa: ARG002
        """The authorities of which a table holds anything: none."""
        return []

    def history(self, table: str) -> frames.Frame:
        """Every version stated of a table's rows: none."""
        return lazy(empty_history(TABLES[table]))

    def newest_moment(self, *tables: str) -> int:  # noqa: ARG002
        """The last moment at which anything became known: none."""
        return 0

    def links(self) -> tuple[ChainLink, ...]:
        """The authority's links: none."""
        return ()

    def brought(self, link: int, table: str) -> list[dict[str, Any]]:  # noqa: ARG002
        """The rows that one link brought: none."""
        return []


@dataclass(frozen=True)
class RowsOf:
    """The rows that one source has stated in a record in memory."""

    record: Record
    source: str

    def history(self, table: str) -> pl.DataFrame:
        """Every version of a table's rows that the source ever stated."""
        return collect(self.record.history(table)).filter(pl.col(frames.SOURCE) == self.source)

    def standing(self, table: str) -> pl.DataFrame:
        """The rows of a table that the source has stated and not withdrawn."""
        return self.history(table).filter(pl.col(frames.WITNESSED_TO) == FOREVER)
