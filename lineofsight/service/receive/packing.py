"""The entries of a link as the blocks that are stored."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import polars as pl

from lineofsight.intake.delivery import Context
from lineofsight.record.arrow import entry_schema
from lineofsight.record.block import Block, pack
from lineofsight.record.entry import ATTESTED, OPERATION, Operation
from lineofsight.record.tables import TABLES


def finding_entries(findings: pl.DataFrame, context: Context) -> pl.DataFrame:
    """The entries that state findings."""
    return findings.with_columns(
        pl.lit(Operation.STATED.value).alias(OPERATION), pl.lit(context.received_us, pl.Int64).alias(ATTESTED)
    ).select(entry_schema(TABLES["finding"]).names)


def packed(entries: Mapping[str, pl.DataFrame]) -> dict[str, Block]:
    """The blocks of a link by table, from its entries by table; a table without entries has no block."""

    def one(name: str) -> Block:
        rows = entries[name].to_arrow(compat_level=pl.CompatLevel.oldest())
        return pack(TABLES[name], rows.cast(entry_schema(TABLES[name])))

    names = [name for name, frame in sorted(entries.items()) if frame.height]
    with ThreadPoolExecutor(max_workers=2) as pool:  # Arrow and the hashes let go of the interpreter
        return dict(zip(names, pool.map(one, names), strict=True))
