"""From workbook to workbook: a cell that says the same goes on, one that is gone ends on the new workbook's day."""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

_SAME = ("child", "referral", "worker", "team", "role")
WINDOW_DAYS = 184
"""Lists look back six months: what was over before that may be missing without being withdrawn."""


def continued(rows: pl.DataFrame, held: pl.DataFrame) -> pl.DataFrame:
    """The rows of a new workbook, those that say what a held one says under its first day."""
    going_on = held.filter(pl.col("ended_on").is_null()).select(*_SAME, pl.col("begun_on").alias("_since"))
    first = going_on.group_by(_SAME).agg(pl.col("_since").min())
    joined = rows.join(first, on=list(_SAME), how="left", nulls_equal=True, maintain_order="left")
    return joined.with_columns(pl.coalesce("_since", "begun_on").alias("begun_on")).drop("_since")


def ending(absent: pl.DataFrame, lists: Collection[str]) -> pl.DataFrame:
    """Of the rows a workbook lacks, those that end with it: of lists that are in it, and not over already."""
    return absent.filter(pl.col("ended_on").is_null() & pl.col("referral").is_in(list(lists)))
