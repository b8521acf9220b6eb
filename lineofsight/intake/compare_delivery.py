"""A delivery beside what its source stated before: each table by the rules of its format about what absence means."""

from __future__ import annotations

import functools
from dataclasses import replace
from datetime import timedelta
from typing import Protocol

import polars as pl

from lineofsight.intake.compare import Compared
from lineofsight.intake.compare import compare as compare_rows
from lineofsight.intake.compare_versions import compare_versions
from lineofsight.intake.delivery import Context, Reading
from lineofsight.intake.formats import formats
from lineofsight.intake.formats.annex_spans import WINDOW_DAYS, continued, ending
from lineofsight.intake.settings import SourceSettings
from lineofsight.intake.withdrawals import withdrawn
from lineofsight.record.entry import OPERATION
from lineofsight.record.tables import TABLES


class SourceRows(Protocol):
    """The rows that the source of a delivery has stated."""

    def history(self, table: str) -> pl.DataFrame:
        """Every version of a table's rows that the source ever stated."""

    def standing(self, table: str) -> pl.DataFrame:
        """The rows of a table that the source has stated and not withdrawn."""


def compare_delivery(
    before: SourceRows, reading: Reading, context: Context, settings: SourceSettings
) -> dict[str, Compared]:
    """For each table of a reading what it adds to what is known of its source."""
    return {name: _compare(before, reading, name, context, settings) for name in reading.rows}


def _compare(
    before: SourceRows, reading: Reading, name: str, context: Context, settings: SourceSettings
) -> Compared:
    """Compare a table's rows, by the rules of the source's format about what absence means."""
    table, history, window_start = TABLES[name], before.history(name), settings.window_start
    if (
        OPERATION in reading.rows[name].columns
    ):  # a signed file says what each version does, and when it was known
        return compare_versions(table, reading.rows[name], history, context)
    if formats()[settings.format].holds_until_next:
        day = context.received_on
        if name == "involvement":  # whoever answers goes on or ends with the workbook (counting rule 14)
            rows = continued(reading.rows[name], before.standing(name))
            of_refused = [keys for keys in reading.present[name] if keys.columns != list(table.key)]
            reading = replace(
                reading,
                rows={**reading.rows, name: rows},
                present={**reading.present, name: [rows.select(table.key), *of_refused]},
            )
            ends = functools.partial(ending, lists=reading.lists)
            return compare_rows(table, reading, history, context, ends, ended_on=day.toordinal())
        window_start = window_start or day - timedelta(days=WINDOW_DAYS)
    withdraws = functools.partial(withdrawn, table, window_start=window_start, held=before.standing)
    return compare_rows(table, reading, history, context, withdraws if settings.withdraws else None)
