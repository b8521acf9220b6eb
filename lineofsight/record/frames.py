"""The rules of `history` over lazy frames, on any engine."""

from __future__ import annotations

from typing import Any

import narwhals.stable.v2 as nw

from lineofsight.record.entry import OPERATION, Operation
from lineofsight.record.schema import Table
from lineofsight.vocabulary.moments import FOREVER

SOURCE = "_source"
DELIVERY = "_link"
POSITION = "_position"
ATTESTED_FROM = "_attested_from"
ATTESTED_TO = "_attested_to"
WITNESSED_FROM = "_witnessed_from"
WITNESSED_TO = "_witnessed_to"

Frame = nw.LazyFrame[Any]

TEXTS = (SOURCE, "child", "_worker", "_team", "_role")
"""The text columns of the small frames that the rules make. All other columns hold whole numbers."""


def key_columns(table: Table) -> list[str]:
    """The columns by which two entries are about the same row."""
    return [SOURCE, *table.key]


def with_ends(table: Table, entries: Frame) -> Frame:
    """Entries with the attested and witnessed moments at which the next entry with their key replaces them."""
    over = {"order_by": POSITION}
    return entries.with_columns(
        nw.col(ATTESTED_FROM)
        .shift(-1)
        .over(*key_columns(table), **over)
        .fill_null(FOREVER)
        .alias(ATTESTED_TO),
        nw.col(WITNESSED_FROM)
        .shift(-1)
        .over(*key_columns(table), **over)
        .fill_null(FOREVER)
        .alias(WITNESSED_TO),
    )


def spans(table: Table, entries: Frame) -> Frame:
    """Every version ever stated, with the span in which it is current."""
    return with_ends(table, entries).filter(nw.col(OPERATION) == Operation.STATED.value)


def known(rows: Frame, moment: int, *, witnessed: bool = False) -> Frame:
    """The versions known by a moment (inclusive), as attested or as witnessed."""
    begun, ended = (WITNESSED_FROM, WITNESSED_TO) if witnessed else (ATTESTED_FROM, ATTESTED_TO)
    return rows.filter((nw.col(begun) <= moment) & (nw.col(ended) > moment))


def holding(table: Table, rows: Frame, day: int) -> Frame:
    """The rows in force on a day, by their table's half-open range (counting rule 2)."""
    return on_day(rows, table.begins, table.ends, day)


def on_day(rows: Frame, begins: str | None, ends: str | None, day: int) -> Frame:
    """The rows that begin on or before a day and end after it, or not at all."""
    if begins:
        rows = rows.filter(nw.col(begins).is_null() | (nw.col(begins) <= day))
    if ends:
        rows = rows.filter(nw.col(ends).is_null() | (nw.col(ends) > day))
    return rows
