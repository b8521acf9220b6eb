"""What a full roster withdraws: the rows it lacks, but for those that rolled out of its window (counting rule 6)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

import polars as pl

from lineofsight.record.schema import Table
from lineofsight.record.tables import CASE_TABLES

Held = Callable[[str], pl.DataFrame]
"""Gives the rows of a table that the source has stated and not withdrawn."""


def withdrawn(table: Table, absent: pl.DataFrame, window_start: date | None, held: Held) -> pl.DataFrame:
    """Of the rows absent from a file that is present, those that the delivery withdraws."""
    if window_start is None:
        return absent
    start = window_start.toordinal()
    if table.over is not None:
        return absent.filter(~(pl.col(table.over) < start).fill_null(False))
    if not table.child or table.begins is not None:
        return absent
    return absent.join(_rolled_children(start, held), on=table.child[0], how="anti")


def _rolled_children(start: int, held: Held) -> pl.DataFrame:
    """The children that have dated rows, all of which ended before the window."""
    parts = [
        held(table.name).select("child", (pl.col(table.over) < start).fill_null(False).alias("rolled"))
        for table in CASE_TABLES
        if table.over is not None and table.child
    ]
    dated = pl.concat(parts).filter(pl.col("child").is_not_null())
    return dated.group_by("child").agg(pl.col("rolled").all()).filter("rolled").select("child")


def absent_files(brought: Mapping[str, object], delivered_before: set[str]) -> list[str]:
    """The tables the source has delivered before and of which no file came: nothing is known of them."""
    return sorted(delivered_before - set(brought))
