"""Rows as versions: each with the first night whose extract has it, and the first whose extract has it no more."""

from __future__ import annotations

from typing import Any

import polars as pl

from lineofsight.record.schema import Table
from lineofsight.record.tables import TABLES

FROM, TO = "_from", "_to"
ALWAYS = 3_000_000
_EPOCH = 719_163
"""1 January 1970 as an ordinal."""


class Versions:
    """One table's versions, as the story is told."""

    def __init__(self, table: str, *columns: str) -> None:
        self.table: Table = TABLES[table]
        self._columns = columns
        self._rows: list[tuple[Any, ...]] = []

    def state(self, entered: int, *cells: Any, until: int = ALWAYS) -> None:
        """A row in every extract from the night `entered` to the one before `until`."""
        if entered < until:
            self._rows.append((entered, until, *cells))

    def frame(self) -> pl.DataFrame:
        """All versions: days as dates, all else as text."""
        names = (FROM, TO, *self._columns)
        cells = zip(*self._rows, strict=True) if self._rows else ([] for _ in names)
        return pl.DataFrame(
            [self._series(name, list(column)) for name, column in zip(names, cells, strict=True)]
        )

    def _series(self, name: str, column: list[Any]) -> pl.Series:
        if name in (FROM, TO):
            return pl.Series(name, column, dtype=pl.Int32)
        if name in self.table.days:
            return (pl.Series(name, column, dtype=pl.Int32) - _EPOCH).cast(pl.Date)
        return pl.Series(name, column, dtype=pl.String)
