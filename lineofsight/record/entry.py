"""An entry: one statement about one row, its source, and when it became known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

Value = str | int | None
"""The value of a cell: text, a whole number (days are ordinals), or None."""

OPERATION = "_operation"
ATTESTED = "_attested"
LEAF = "_leaf"
SALT = "_salt"
"""The columns of entries and blocks beside their table's own. They stand here, since whoever only reads needs no Arrow."""


class Operation(Enum):
    """What an entry does to its row."""

    STATED = "stated"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Entry:
    """One statement about one row of one table.

    `attested_at`: when, according to the source, it became known; `witnessed_at`: when this record
    received it. Both are microseconds since 1970 UTC. `position` is the entry's place in the ledger.
    For one source and key, later positions never have an earlier attested moment.
    """

    position: int
    source: str
    operation: Operation
    row: Mapping[str, Value]
    attested_at: int
    witnessed_at: int
