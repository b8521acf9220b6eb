"""The rows of one child that clocks are worked out from, as they were known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from lineofsight.record import frames
from lineofsight.vocabulary.yes import NO, YES

Row = Mapping[str, Any]
Rows = Mapping[str, Sequence[Row]]
"""By table, the rows of one child. Days are ordinals."""

TABLES = (
    "episode",
    "assessment",
    "enquiry",
    "conference",
    "need_plan",
    "need_visit",
    "protection_plan",
    "protection_visit",
    "protection_review",
    "care_episode",
    "placement",
    "legal_status",
    "care_visit",
    "care_review",
    "care_leaver",
)
"""The tables that clocks read."""


def says_yes(cell: object) -> bool:
    """Whether a cell says yes."""
    return str(cell or "").strip().lower() in YES


def says_no(cell: object) -> bool:
    """Whether a cell says no; an empty one does not."""
    return str(cell or "").strip().lower() in NO


def source_of(row: Row) -> str:
    """The source that stated a row."""
    return str(row[frames.SOURCE])


def days_of(rows: Iterable[Row], column: str, as_at: int) -> list[int]:
    """The days in a column that are not after a day."""
    return [row[column] for row in rows if row[column] is not None and row[column] <= as_at]


def days_seen(rows: Iterable[Row], as_at: int) -> list[int]:
    """The days of visits, without those at which the child was stated as not seen."""
    return days_of((row for row in rows if not says_no(row["seen"])), "visited_on", as_at)
