"""A delivery as intake takes it, and the reading it makes of it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import polars as pl

from lineofsight.vocabulary.moments import london_day, microseconds


@dataclass(frozen=True)
class NamedBytes:
    """One file of a delivery: its name inside it, and its bytes."""

    name: str
    content: bytes

    @property
    def sha256(self) -> str:
        """The hash of its bytes, in hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True)
class Context:
    """What a reading may depend on beside the bytes: when it is said to have been received, and its source.

    `ends_inclusive`: the source's last days are included, so intake adds a day. `columns`: what the
    source calls the columns of a worklist, by our names.
    """

    received_at: datetime
    ends_inclusive: bool = False
    columns: Mapping[str, str] = field(default_factory=dict)
    authority: str = ""
    """Whose delivery it is, by its code."""
    workers_named: frozenset[str] = frozenset()
    """The workers that the source's settings name, as owners who do not count or placeholders."""

    @property
    def received_on(self) -> date:
        """The London day of receipt."""
        return london_day(self.received_at)

    @property
    def received_us(self) -> int:
        """The moment of receipt in microseconds."""
        return microseconds(self.received_at)


@dataclass(frozen=True)
class Reading:
    """What intake made of a delivery, before it is compared with what is already known.

    `rows`: for each table the rows that passed, in its columns and `_attested`, `_file`, `_row`.
    `quarantined` counts rows refused; `findings` says why, each in its place. `present`: for each
    table the keys of every row in the delivery, refused or not, since a refused row is not absent:
    frames of the key's columns or, where part of a key could not be read, of the rest of it; of a
    row that could not be split, every cell, since any may be its key. `unlimited` names the tables
    of which any row may be present, since their file was cut off.
    """

    rows: Mapping[str, pl.DataFrame]
    present: Mapping[str, Sequence[pl.DataFrame]]
    received: int
    quarantined: int
    findings: Sequence[pl.DataFrame]
    unlimited: frozenset[str] = frozenset()
    lists: frozenset[str] = frozenset()
    """Of a workbook, the lists that are in it and say who answers."""
