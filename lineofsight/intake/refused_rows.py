"""The rows that a delivery has refused, as rows of the record: a figure says how many it lacks (counting rule 8)."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from lineofsight.intake.compare import Compared
from lineofsight.intake.delivery import Context, Reading
from lineofsight.intake.finding import FILE, ROW
from lineofsight.record.arrow import entry_schema
from lineofsight.record.entry import ATTESTED, OPERATION, Operation
from lineofsight.record.tables.refused_row import COUNTING_TABLES, REFUSED_ROW


def refused_rows(reading: Reading, compared: Mapping[str, Compared], context: Context) -> pl.DataFrame:
    """An entry for each row of a table that counts children which the reading or the comparison refused."""
    parts = [
        rows.select(
            pl.lit(name).alias("table"),
            pl.col("child").cast(pl.String),
            pl.col(FILE).cast(pl.String).alias("file"),
            pl.col(ROW).cast(pl.Int64).alias("row"),
        )
        for name in sorted(COUNTING_TABLES & compared.keys())
        for rows in (reading.refused_rows.get(name), compared[name].differing)
        if rows is not None and rows.height
    ]
    schema = {"table": pl.String, "child": pl.String, "file": pl.String, "row": pl.Int64}
    whole = pl.concat([pl.DataFrame(schema=schema), *parts]).sort("table", "file", "row", maintain_order=True)
    return whole.with_columns(
        pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias("number"),
        pl.lit(Operation.STATED.value).alias(OPERATION),
        pl.lit(context.received_us, pl.Int64).alias(ATTESTED),
    ).select(entry_schema(REFUSED_ROW).names)
