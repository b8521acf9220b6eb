"""Rows of Annex A lists under our names of their columns, before they become rows of the record's tables."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from lineofsight.intake.finding import FILE, ROW, WARNING, file_finding
from lineofsight.intake.formats.annex_lists import OF_ADOPTERS
from lineofsight.intake.joins import with_zeros

Row = dict[str, str]
"""One row of a list: plain cells by our names of the columns, empty where nothing is said, and its place."""


@dataclass
class Lists:
    """The rows of each list that was read."""

    rows: dict[int, list[Row]] = field(default_factory=dict)
    told: set[int] = field(default_factory=set)
    """Lists that have a column for the worker: of these the workbook says who answers."""
    broken: int = 0
    """Rows that could not be split into cells."""


def one_number_each(lists: Lists) -> list[pl.DataFrame]:
    """Where one list writes a child's number with its leading zeros and another lost them, the whole one stands."""
    of_children = {number: rows for number, rows in lists.rows.items() if number != OF_ADOPTERS}
    every = [row["child"] for rows in of_children.values() for row in rows]
    whole, findings = with_zeros(every), list[pl.DataFrame]()
    for number, rows in of_children.items():
        lost = [row for row in rows if row["child"] in whole]
        for row in lost:
            row["child"] = whole[row["child"]]
        if lost:
            says = (
                f"{len(lost)} of the child IDs on list {number} had lost leading zeros. "
                "The IDs were read as another list writes them."
            )
            place, line = lost[0][FILE], int(lost[0][ROW])
            do = "Store the column as text."
            findings.append(file_finding("A06", WARNING, place, says, do, row=line))
    return findings
