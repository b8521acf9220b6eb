"""What the rows of a signed file add: each is one version, with the moment at which the service's record knew it."""

from __future__ import annotations

from typing import Any

import polars as pl

from lineofsight.intake.compare import Compared
from lineofsight.intake.delivery import Context
from lineofsight.record import frames
from lineofsight.record.arrow import entry_schema
from lineofsight.record.entry import ATTESTED, OPERATION, Operation
from lineofsight.record.schema import Table
from lineofsight.vocabulary.moments import FOREVER

WHOLE = "_whole"
"""A column that says of each row whether its file holds every version there is, and not only those since another file."""


def compare_versions(table: Table, rows: pl.DataFrame, history: pl.DataFrame, context: Context) -> Compared:
    """Compare versions, in their order, with those of one source in `history` (every version ever stated).

    Each keeps its own moment, but none is known after it was received here, or before the version it follows. A row
    that says what stands already, or withdraws what does not stand, adds nothing; nor does a version of a whole file
    that an earlier file brought.
    """
    names = list(table.names)
    standing, latest, brought = _standing(table, history)
    known_until = dict(latest)
    kept, attested, accepted, unchanged, withdrawn = [], [], 0, 0, 0
    for at, row in enumerate(rows.select(*names, WHOLE, OPERATION, ATTESTED).iter_rows()):
        cells, whole, operation, moment = row[: len(names)], *row[-3:]
        key = tuple(cells[names.index(name)] for name in table.key)
        is_stated = operation == Operation.STATED.value
        now = cells if is_stated else None
        is_repeat = moment < known_until.get(key, 0) or (key, now, moment) in brought
        if standing.get(key) == now or (whole and is_repeat):
            unchanged += is_stated
            continue
        accepted += is_stated
        withdrawn += not is_stated
        standing[key] = now
        latest[key] = max(min(moment, context.received_us), latest.get(key, 0))
        kept.append(at)
        attested.append(latest[key])
    chosen = rows[pl.Series(kept, dtype=pl.UInt32)]
    entries = chosen.with_columns(pl.Series(ATTESTED, attested, pl.Int64))
    return Compared(
        entries.select(entry_schema(table).names), [], accepted, unchanged, 0, withdrawn, rows.clear()
    )


Key = tuple[Any, ...]


def _standing(
    table: Table, history: pl.DataFrame
) -> tuple[dict[Key, Any], dict[Key, int], set[tuple[Key, Any, int]]]:
    """What stands under each key, None where it was withdrawn; the latest moment known of each; and every version."""
    names = list(table.names)
    standing: dict[Key, Any] = {}
    latest: dict[Key, int] = {}
    brought: set[tuple[Key, Any, int]] = set()
    for row in history.sort(frames.POSITION).to_dicts():
        key = tuple(row[name] for name in table.key)
        stands = row[frames.WITNESSED_TO] == FOREVER
        cells = tuple(row[name] for name in names)
        standing[key] = cells if stands else None
        until = row[frames.ATTESTED_TO]
        latest[key] = row[frames.ATTESTED_FROM] if until == FOREVER else until
        brought |= {(key, cells, row[frames.ATTESTED_FROM]), (key, None, until)}
    return standing, latest, brought
