"""What was read of each file of a delivery and what was not: the part of a reading that people look at first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

How = Literal["found", "guessed", "missing"]


@dataclass(frozen=True)
class ColumnRead:
    """One column that a format expects: the heading it was found under, and what its lack costs where it is missing."""

    column: str
    heading: str | None
    how: How
    costs: str | None


@dataclass(frozen=True)
class FileRead:
    """One file or sheet: what it was read as, where its headings stand and what parts its cells, and its rows.

    `read_as` is None where it was stored but not read, and `why` says so. `broken`: rows that could not be
    split; `left_out`: lines that are no rows. `unknown`: headings that are not read.
    """

    file: str
    read_as: str | None
    why: str | None
    heading_line: int | None
    delimiter: str | None
    encoding: str | None
    rows: int
    broken: int
    left_out: int
    columns: list[ColumnRead] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class JoinRead:
    """How a number in one table meets that in the table that describes it: rows, those that meet, and their shapes.

    A shape has 9 for a figure and A for a letter; the most frequent one is given.
    """

    table: str
    column: str
    described_in: str
    rows: int
    met: int
    looks_like: str
    expected: str


@dataclass(frozen=True)
class ReadingReport:
    """What was read of a delivery: by file, and how its tables meet."""

    files: list[FileRead] = field(default_factory=list)
    joins: list[JoinRead] = field(default_factory=list)

    def says(self) -> dict[str, Any]:
        """The report as it is kept."""
        return asdict(self)

    @classmethod
    def of(cls, said: Mapping[str, Any] | None) -> ReadingReport:
        """The report that was kept; an empty one for a delivery read before reports were."""
        if not said:
            return cls()
        files = [
            FileRead(**{**one, "columns": [ColumnRead(**column) for column in one["columns"]]})
            for one in said["files"]
        ]
        return cls(files, [JoinRead(**one) for one in said["joins"]])
