"""What a reading adds to what is already known: new, changed, unchanged, withdrawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from lineofsight.intake.delivery import Context, Reading
from lineofsight.intake.finding import REFUSED, Check, found
from lineofsight.record import frames
from lineofsight.record.arrow import entry_schema
from lineofsight.record.entry import ATTESTED, OPERATION, Operation
from lineofsight.record.schema import Table
from lineofsight.vocabulary.moments import FOREVER

_HELD = "_held"


@dataclass(frozen=True)
class Compared:
    """One table's entries to append, the findings of comparing, and how its rows were counted."""

    entries: pl.DataFrame
    findings: list[pl.DataFrame]
    accepted: int
    unchanged: int
    quarantined: int
    withdrawn: int
    differing: pl.DataFrame
    """The rows refused because an earlier one of their key says something else."""


Withdrawn = Callable[[pl.DataFrame], pl.DataFrame]
"""Of the rows held and absent from a delivery, those that it withdraws."""


def compare(
    table: Table,
    reading: Reading,
    history: pl.DataFrame,
    context: Context,
    withdrawn: Withdrawn | None,
    *,
    ended_on: int | None = None,
) -> Compared:
    """Compare a table's rows with the versions of one source in `history` (every version ever stated).

    A row whose key the source never stated before keeps the moment its format attests; a later version of a key,
    and a withdrawal, become known when the delivery was received: history is corrected, not changed.
    `withdrawn` None: absence says nothing. `ended_on`: what is absent was true until that day, so it
    is stated again as ended then, and not withdrawn (counting rule 14).
    """
    key = list(table.key)
    firsts, repeats, differing = _repeats(table, reading.rows[table.name])
    held = history.filter(pl.col(frames.WITNESSED_TO) == FOREVER).select(table.names)
    same = _same(table, firsts, held)
    fresh = firsts.filter(~same)
    ever = history.select(key).unique()
    gone = _gone(table, held, reading, withdrawn)
    entries = _entries(table, fresh, gone, ever, context, ended_on)
    twice = [found(_DIFFERS, differing, table.name, pl.concat_str(key, separator="/", ignore_nulls=True))]
    unchanged = int(same.sum()) + repeats
    return Compared(entries, twice, fresh.height, unchanged, differing.height, gone.height, differing)


_DIFFERS = Check(
    "K01",
    REFUSED,
    "",
    pl.lit(True),
    "Another row of this delivery has the same key and says something else. The earlier row was loaded or, of two episodes, "
    "the one that is open.",
    "Give each row its own key.",
)


_OPEN_FIRST = ("episode",)
"""Tables of which, where two rows have one key, the one without an end stands: a child must not be lost to an old row."""


def _repeats(table: Table, rows: pl.DataFrame) -> tuple[pl.DataFrame, int, pl.DataFrame]:
    """The first row of each key, how many later ones repeat it exactly, and those that differ."""
    key = list(table.key)
    first = rows.select(pl.struct(key).is_first_distinct()).to_series()
    if first.all():
        return rows, 0, rows.clear()
    if table.name in _OPEN_FIRST and table.ends:
        rows = rows.sort(pl.col(table.ends).is_not_null(), maintain_order=True)
        first = rows.select(pl.struct(key).is_first_distinct()).to_series()
    firsts, later = rows.filter(first), rows.filter(~first)
    same = _same(table, later, firsts.select(table.names))
    return firsts, int(same.sum()), later.filter(~same)


def _same(table: Table, rows: pl.DataFrame, held: pl.DataFrame) -> pl.Series:
    """For each row, whether `held` has one of its key that says the same in every column."""
    if not held.height or not rows.height:
        return pl.repeat(False, rows.height, dtype=pl.Boolean, eager=True)
    others = [name for name in table.names if name not in table.key]
    right = held.rename({name: _HELD + name for name in others}).with_columns(pl.lit(True).alias(_HELD))
    joined = rows.select(table.names).join(
        right, on=list(table.key), how="left", maintain_order="left", nulls_equal=True
    )
    equal = [pl.col(name).eq_missing(pl.col(_HELD + name)) for name in others]
    return joined.select(pl.all_horizontal(pl.col(_HELD).fill_null(False), *equal)).to_series()


def _gone(table: Table, held: pl.DataFrame, reading: Reading, withdrawn: Withdrawn | None) -> pl.DataFrame:
    if withdrawn is None or table.name in reading.unlimited or not held.height:
        return held.clear()
    for present in reading.present[table.name]:
        held = held.join(present, on=present.columns, how="anti", nulls_equal=True)
    return withdrawn(held) if held.height else held


def _entries(
    table: Table,
    fresh: pl.DataFrame,
    gone: pl.DataFrame,
    ever: pl.DataFrame,
    context: Context,
    ended_on: int | None,
) -> pl.DataFrame:
    received = pl.lit(context.received_us, pl.Int64)
    known = fresh.join(
        ever.with_columns(pl.lit(True).alias(_HELD)),
        on=list(table.key),
        how="left",
        maintain_order="left",
        nulls_equal=True,
    )
    stated = known.with_columns(
        pl.lit(Operation.STATED.value).alias(OPERATION),
        pl.when(pl.col(_HELD))
        .then(received)
        .otherwise(pl.min_horizontal(ATTESTED, received))
        .alias(ATTESTED),
    )
    operation = Operation.WITHDRAWN if ended_on is None else Operation.STATED
    withdrawn = gone.with_columns(pl.lit(operation.value).alias(OPERATION), received.alias(ATTESTED))
    if ended_on is not None and table.ends:
        withdrawn = withdrawn.with_columns(pl.lit(ended_on, pl.Int32).alias(table.ends))
    names = entry_schema(table).names
    return pl.concat([stated.select(names), withdrawn.select(names)])
