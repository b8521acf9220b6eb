"""Rows as spans of days: from when until when what was known of them counts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import narwhals.stable.v2 as nw

from lineofsight.allocation.history import AllocationHistory, Frame, day_of, known_day
from lineofsight.allocation.owners import FIRST_DAY, NEVER
from lineofsight.record import frames


def with_days_known(knowledge: AllocationHistory, rows: Frame, moment: int | None) -> Frame:
    """Rows known by a moment, with the days `_lo` (included) to `_hi` (excluded) for which each row counts.

    For *as known then*, a version counts for a day if it was known by the end of the day after. A
    workbook's version counts from its own day until that of the workbook that replaced it.
    """
    if not knowledge.workbooks:
        return _known(knowledge, rows, moment)
    of_workbooks = nw.col(frames.SOURCE).is_in(sorted(knowledge.workbooks))
    others = _known(knowledge, rows.filter(~of_workbooks), moment)
    books = _known_of_workbooks(knowledge, rows.filter(of_workbooks), moment)
    return nw.concat([others, books])


def _known(knowledge: AllocationHistory, rows: Frame, moment: int | None) -> Frame:
    if moment is not None:
        known = frames.known(rows, moment, witnessed=knowledge.witnessed)
        return known.with_columns(
            nw.lit(FIRST_DAY).cast(nw.Int64).alias("_lo"), nw.lit(NEVER).cast(nw.Int64).alias("_hi")
        )
    begun = with_day(knowledge, rows, knowledge.known_from, known_day, "_lo")
    return with_day(knowledge, begun, knowledge.known_to, known_day, "_hi")


def _known_of_workbooks(knowledge: AllocationHistory, rows: Frame, moment: int | None) -> Frame:
    """A version that was replaced still counts until the day of the workbook that replaced it (rule 14)."""
    own = with_day(knowledge, rows, frames.ATTESTED_FROM, day_of, "_lo")
    own = with_day(knowledge, own, frames.ATTESTED_TO, day_of, "_hi")
    if moment is not None:
        stands = nw.col(knowledge.known_to) > moment
        until = nw.when(stands).then(nw.lit(NEVER)).otherwise(nw.col("_hi")).cast(nw.Int64)
        return own.filter(nw.col(knowledge.known_from) <= moment).with_columns(until.alias("_hi"))
    own = with_day(knowledge, own, knowledge.known_from, known_day, "_from")
    own = with_day(knowledge, own, knowledge.known_to, known_day, "_to")
    both = own.with_columns(
        nw.max_horizontal("_lo", "_from").alias("_lo"), nw.max_horizontal("_hi", "_to").alias("_hi")
    )
    return both.drop("_from", "_to")


def with_day(
    knowledge: AllocationHistory, rows: Frame, moments: str, day: Callable[[int], int], name: str
) -> Frame:
    """The rows with the day that belongs to their moment in the column `moments`; each moment is worked out once."""
    every = sorted({row[moments] for row in knowledge.engine.rows(rows.select(moments).unique())})
    days = knowledge.engine.table({moments: every, name: [day(one) for one in every]})
    return rows.join(days, on=moments, how="left")


def within(rows: Frame, begins: str | None, ends: str | None, first: int, last: int) -> Frame:
    """Rows as spans of days from `lo` (included) to `hi` (excluded), cut to `first` to `last`, without empty spans."""
    if first == last:  # lets an engine drop most rows before it works anything out
        rows = frames.on_day(rows, begins, ends, first)
    lo = _coalesced(begins, FIRST_DAY)
    hi = _coalesced(ends, NEVER)
    spans = rows.with_columns(
        nw.max_horizontal(lo, nw.col("_lo"), nw.lit(first)).alias("lo"),
        nw.min_horizontal(hi, nw.col("_hi"), nw.lit(last + 1)).alias("hi"),
    )
    return spans.filter(nw.col("lo") < nw.col("hi"))


def _coalesced(name: str | None, usual: int) -> Any:
    return nw.col(name).fill_null(usual).cast(nw.Int64) if name else nw.lit(usual)
