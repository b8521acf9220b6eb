"""An entry: one statement about one row, who said it and when it became known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

Value = str | int | None
"""What a cell may hold: text, a whole number (days are ordinals), or nothing."""


class Operation(Enum):
    """What an entry does to its row."""

    STATED = "stated"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Entry:
    """One statement about one row of one table.

    `attested_at`: when somebody says it became known; `witnessed_at`: when this record took it in.
    Both are microseconds since 1970 UTC. `position` is the entry's place in the ledger. For one
    source and key, later positions never have an earlier attested moment.
    """

    position: int
    source: str
    operation: Operation
    row: Mapping[str, Value]
    attested_at: int
    witnessed_at: int
