"""Rows of which it cannot be told who answers, though they can be read: they are refused, and never say that nobody does.

A format marks such a row with the reason in a column `UNSURE`. Of the tables that count a child the row is refused
(counting rule 8), so figures say that they lack it; what was known of the child before stands.
"""

from __future__ import annotations

import polars as pl

from lineofsight.intake.finding import REFUSED, Check
from lineofsight.record.schema import Table
from lineofsight.record.tables.refused_row import COUNTING_TABLES

UNSURE = "_unsure"
BENEATH = "beneath"
"""The row stands beneath one that names a worker, in a list that names each worker only once."""
END_UNREAD = "end unread"
"""The row ends on a day that cannot be read, so it may be over."""
_KEY = ("child", "referral")


def is_marked(table: Table, rows: pl.DataFrame) -> bool:
    """Whether rows of a table may be refused for this reason."""
    return UNSURE in rows.columns and table.name in COUNTING_TABLES


def checks_of(table: Table, rows: pl.DataFrame) -> list[Check]:
    """The checks that refuse marked rows."""
    if not is_marked(table, rows):
        return []
    return [
        Check(
            "N13",
            REFUSED,
            "worker",
            pl.col(UNSURE) == BENEATH,
            "This row has no worker. The list names each worker only once, on the first row of a block, so it cannot be "
            "told whether that worker answers for this child too, or nobody does.",
            "Write the worker on every row, or Unallocated where there is nobody, and load the list again.",
        ),
        Check(
            "D05",
            REFUSED,
            table.over or "",
            pl.col(UNSURE) == END_UNREAD,
            "The row ends on a day that cannot be read, so it cannot be told whether its worker still answers.",
            "Write the day as 2019-10-08 or 08/10/2019, and load the list again.",
        ),
    ]


def keys_left(table: Table, rows: pl.DataFrame) -> list[pl.DataFrame]:
    """Of the marked involvements as much of the key as is sure: what was known of the child under it is not absent."""
    if not is_marked(table, rows) or table.name != "involvement":
        return []
    return [rows.filter(pl.col(UNSURE).is_not_null()).select(_KEY).unique()]
