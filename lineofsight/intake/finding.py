"""What a check has to say, and the frame in which a delivery's findings are kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from lineofsight.record.schema import Table
from lineofsight.record.tables.finding import FINDING

FILE = "_file"
ROW = "_row"
REFUSED = "refused"
WARNING = "warning"
NOTE = "note"


@dataclass(frozen=True)
class Check:
    """One check of a table: its code, what it looks at, and what it says where its rule is broken.

    `broken` is an expression true for the rows that break it; a null counts as not broken. `says`
    never repeats the value, which may be somebody's name.
    """

    code: str
    severity: str
    column: str
    broken: pl.Expr
    says: str
    do: str


_SCHEMA = {name: pl.Int64 if name in ("number", "row") else pl.String for name in FINDING.names}


def no_findings() -> pl.DataFrame:
    """A frame of findings without any."""
    return pl.DataFrame(schema=_SCHEMA)


def found(check: Check, rows: pl.DataFrame, table: str, key: pl.Expr) -> pl.DataFrame:
    """One finding for each of the rows, which broke the check. `rows` has `_file` and `_row`."""
    return rows.select(
        pl.lit(0, pl.Int64).alias("number"),
        pl.lit(check.code).alias("code"),
        pl.lit(check.severity).alias("severity"),
        pl.col(FILE).alias("file"),
        pl.col(ROW).cast(pl.Int64).alias("row"),
        pl.lit(table).alias("table"),
        key.cast(pl.String).alias("key"),
        pl.lit(check.column).alias("column"),
        pl.lit(check.says).alias("says"),
        pl.lit(check.do).alias("do"),
    )


def once(table: Table, rows: pl.DataFrame, check: Check) -> pl.DataFrame:
    """One finding for all rows of a file that share a small fault, at the first of them.

    The check's sentence says with `{}` where the number of rows belongs.
    """
    counts = rows.group_by(FILE, maintain_order=True).agg(pl.len().alias("_n"))
    first = rows.unique(FILE, keep="first", maintain_order=True).join(counts, on=FILE)
    key = pl.concat_str(
        [pl.col(name).cast(pl.String) for name in table.key], separator="/", ignore_nulls=True
    )
    where = ["" if n == 1 else f" in {n} rows, beginning with this one" for n in first["_n"]]
    says = pl.Series("says", [check.says.format(rows) for rows in where], pl.String)
    return found(check, first, table.name, key).with_columns(says)


def file_finding(code: str, severity: str, file: str, says: str, do: str, *, row: int = 0) -> pl.DataFrame:
    """One finding about a file, or about a row that never became one of a table."""
    values = [0, code, severity, file, row, None, None, None, says, do]
    return pl.DataFrame([dict(zip(FINDING.names, values, strict=True))], schema=_SCHEMA)


def numbered(findings: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """All findings in the order of file, row and code, numbered from 1."""
    whole = pl.concat([no_findings(), *findings]).sort("file", "row", "code", maintain_order=True)
    return whole.with_columns(pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias("number"))
