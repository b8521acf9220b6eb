"""Rows of one child in a few words, for tests of clocks.

A line is a table, then `column=value` cells; a value that is written as a day is one. Two short forms: `2019-01-07..`
or `2019-01-07..2019-05-01` are the first and the last day of what lasts, and `@2019-03-01` is the day of what happens.
"""

from __future__ import annotations

from typing import Any

from lineofsight.record import frames
from lineofsight.record.tables import TABLES
from lineofsight.vocabulary.days import read_day
from lineofsight.vocabulary.moments import FOREVER

HAPPENS = {
    "conference": "held_on",
    "protection_review": "held_on",
    "care_review": "held_on",
    "protection_visit": "visited_on",
    "need_visit": "visited_on",
    "care_visit": "visited_on",
    "care_leaver": "plan_review_on",
}
_LASTS = {"episode": ("begun_on", "closed_on"), "assessment": ("begun_on", "authorised_on")}


def ordinal(text: str) -> int | None:
    """The number of a written day; None for no day."""
    day = read_day(text)
    return None if day is None else day.toordinal()


def rows_of(text: str) -> dict[str, list[dict[str, Any]]]:
    """The rows by table, of the child A, known always, from the source `one` unless a cell says another."""
    found: dict[str, list[dict[str, Any]]] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        table, *cells = line.split()
        row: dict[str, Any] = dict.fromkeys(TABLES[table].names)
        row |= {"child": "A", frames.SOURCE: "one", frames.ATTESTED_FROM: 0, frames.ATTESTED_TO: FOREVER}
        for cell in cells:
            row |= _cell(table, cell)
        found.setdefault(table, []).append(row)
    return found


def _cell(table: str, cell: str) -> dict[str, Any]:
    if cell.startswith("@"):
        return {HAPPENS[table]: ordinal(cell[1:])}
    if ".." in cell:
        begins, ends = _LASTS.get(table, ("begun_on", "ended_on"))
        first, _, last = cell.partition("..")
        return {begins: ordinal(first), ends: ordinal(last)}
    name, _, value = cell.partition("=")
    if name in ("from", "to"):
        name = {"from": frames.ATTESTED_FROM, "to": frames.ATTESTED_TO}[name]
        return {name: int(value)}
    if name == "source":
        return {frames.SOURCE: value}
    day = ordinal(value)
    return {name: value if day is None else day}
