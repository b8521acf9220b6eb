"""Links of statements that lead to nothing in the record: worth a finding, never a refusal.

What they lead to may be delivered tomorrow, so the statement is taken as it was written.
"""

from __future__ import annotations

import polars as pl

from lineofsight.intake.finding import FILE, ROW, WARNING, Check, found
from lineofsight.record import frames
from lineofsight.record.tables.statement import RELATIONS, STATEMENT

_TO = "_to"


def links_to_nothing(source: str, rows: pl.DataFrame, history: pl.DataFrame) -> list[pl.DataFrame]:
    """A finding for each link of `rows` to a statement that neither they nor `history` hold.

    A link is an id of the same source, or `source/id` of another of the same authority.
    """
    own = rows.select(pl.lit(f"{source}/").add(pl.col("id")).alias(_TO))
    held = history.select(pl.concat_str(frames.SOURCE, pl.lit("/"), "id").alias(_TO))
    every = pl.concat([own, held]).unique()
    return [finding for name in RELATIONS for finding in _of_relation(name, source, rows, every)]


def _of_relation(name: str, source: str, rows: pl.DataFrame, every: pl.DataFrame) -> list[pl.DataFrame]:
    linked = rows.filter(pl.col(name).is_not_null())
    if not linked.height:
        return []
    to = pl.col(name).str.split(" ")
    links = linked.select("id", FILE, ROW, to.alias(_TO)).explode(_TO)
    full = (
        pl.when(pl.col(_TO).str.contains("/")).then(pl.col(_TO)).otherwise(pl.lit(f"{source}/") + pl.col(_TO))
    )
    lost = links.with_columns(full.alias(_TO)).join(every, on=_TO, how="anti")
    says = "This statement links to a statement that is not in this record."
    do = "Check the ID. If that statement will be loaded later, do nothing."
    check = Check("L02", WARNING, name, pl.lit(True), says, do)
    return [found(check, lost, STATEMENT.name, pl.col("id"))] if lost.height else []
