"""The form of the record: tables and columns, each declared once and used by everything else."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """The type of a column. Days are proleptic ordinals (`date.toordinal()`), so engines need no dates."""

    TEXT = "text"
    DAY = "day"
    WHOLE = "whole number"
    LIST = "list"
    """Codes or references in one text; `Column.separator` stands between them."""
    PERIOD = "day, month or year"
    """A day, a month or a year as somebody wrote it: `2018-10-17`, `2018-10`, `2018`."""


@dataclass(frozen=True)
class Column:
    """One column: its name, its type, and what it means in a sentence."""

    name: str
    says: str
    kind: Kind = Kind.TEXT
    required: bool = False
    codes: str | None = None
    """The code set its values come from (`vocabulary/codes`)."""
    separator: str = " "
    """What stands between the parts of a list: another where a part may hold a space."""
    own_words: bool = False
    """Whether people write sentences or names in it, so that checks look there for what identifies somebody."""


@dataclass(frozen=True)
class Table:
    """One table: its columns, the key by which a row is the same row, and the columns that begin and end it.

    `child` names the columns that identify a child, so that erasing a child finds every row.
    `settled` names the day on which a row without a range is over, such as a visit.
    """

    name: str
    says: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    begins: str | None = None
    ends: str | None = None
    child: tuple[str, ...] = ()
    settled: str | None = None

    def __post_init__(self) -> None:
        names = self.names
        if len(set(names)) != len(names):
            raise ValueError(f"{self.name}: a column is declared twice")
        for name in (*self.key, *self.child, *filter(None, (self.begins, self.ends, self.settled))):
            if name not in names:
                raise ValueError(f"{self.name}: {name} is not one of its columns")

    @property
    def over(self) -> str | None:
        """The column with the day on which a row was over, for a range or a single day."""
        return self.ends or self.settled

    @property
    def days(self) -> tuple[str, ...]:
        """The names of the columns that hold days."""
        return tuple(column.name for column in self.columns if column.kind is Kind.DAY)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its columns, in the order in which a row is sealed."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """The column with that name; raises KeyError if there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)
