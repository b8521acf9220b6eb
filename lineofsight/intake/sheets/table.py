"""A table as read from a text or from a sheet of a workbook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import polars as pl

from lineofsight.intake.sheets import said


@dataclass(frozen=True)
class Sheet:
    """A table as read: its rows as text under the file's own headings, and each one's number.

    Rows are numbered from the line below the headings, which is 1; blank lines count. `broken` holds
    the cells of the rows that have too few or too many of them.
    """

    file: str
    rows: pl.DataFrame
    places: pl.Series
    broken: list[list[str]] = field(default_factory=list)
    findings: list[pl.DataFrame] = field(default_factory=list)
    cut_off: bool = False
    """Whether the last line has too few cells, so that the file may have been cut off."""
    name: str = ""
    """The sheet's name in its workbook; empty for a text."""
    hidden: bool = False
    unusual: bool = True
    """Whether it may hold signs that cannot be seen, or spaces of another kind."""
    line: int = 1
    """The line of the headings."""
    delimiter: str = ""
    """What parts the cells; empty in a workbook."""
    encoding: str = ""
    left_out: int = 0
    """Lines that are no rows."""


def named_columns(
    file: str, headings: Sequence[str], rows: pl.DataFrame
) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """The columns of rows under their headings, and a finding for each without one in which something stands.

    Of two columns with the same heading the second is called after its place: nobody asks for it.
    """
    named: dict[str, pl.Series] = {}
    nameless = []
    for at, heading in enumerate(headings):
        column = rows.to_series(at)
        if heading:
            named[heading if heading not in named else f"{heading} ({at + 1})"] = column
        elif bool((column != "").any()):
            nameless.append(said.nameless(file, at + 1))
    return pl.DataFrame(named), nameless
