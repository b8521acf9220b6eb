"""What people say is wrong in the rows about a child, and what was decided, beside the rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import narwhals.stable.v2 as nw

from lineofsight.queries.record import Record
from lineofsight.record import frames
from lineofsight.record.schema import Kind, Table
from lineofsight.record.tables.correction import CORRECTION


@dataclass(frozen=True)
class Correction:
    """One correction as it stands. `row` names the row as `row_key` does."""

    about: str
    row: str
    part: str
    asked_by: str
    requested: str
    outcome: str
    why: str | None
    said_by: str
    said_on: date


def row_key(table: Table, cells: Mapping[str, Any]) -> str:
    """The cells of a row's key with strokes between them, days as ISO text: how a correction names its row."""
    return "/".join(_text(table, name, cells[name]) for name in table.key)


def _text(table: Table, name: str, value: Any) -> str:
    if value is None:
        return ""
    if table.column(name).kind is Kind.DAY and isinstance(value, int):
        return date.fromordinal(value).isoformat()
    return str(value)


def corrections_of(record: Record, child: str, moment: int, *, witnessed: bool = False) -> list[Correction]:
    """The corrections about a child known by a moment (microseconds), the latest first."""
    own = record.history(CORRECTION.name).filter(nw.col("child") == child)
    rows = record.engine.rows(frames.known(own, moment, witnessed=witnessed))
    return [
        Correction(
            row["about"],
            row["row"],
            row["part"],
            row["asked_by"],
            row["requested"],
            row["outcome"],
            row["why"],
            row["said_by"],
            date.fromordinal(row["said_on"]),
        )
        for row in sorted(rows, key=lambda row: -row[frames.POSITION])
    ]
