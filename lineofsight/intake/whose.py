"""Whose a row is that names no child: that of its plan or its period of care, where the same delivery describes it.

Case systems leave the child out of visits, reviews and placements, since the plan or the period of care has it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

import polars as pl

from lineofsight.intake.days_as_written import days_of

NAMED_BY = {
    "need_visit": ("need_plan", "need_plan"),
    "protection_visit": ("protection_plan", "protection_plan"),
    "protection_review": ("protection_plan", "protection_plan"),
    "care_visit": ("care", "care_episode"),
    "care_review": ("care", "care_episode"),
    "placement": ("care", "care_episode"),
}
"""For each table the number by which a row names its child, and the table that says whose the number is."""
_WHOSE = "_whose"


def with_children(texts: Mapping[str, pl.DataFrame]) -> tuple[dict[str, pl.DataFrame], frozenset[str]]:
    """Frames of plain cells with the child filled in, and the tables in which rows are left that nobody can place.

    Of such a table no row may be taken for absent: the key of a row that lacks its child is not known.
    """
    filled, unplaced = dict(texts), set[str]()
    for name, (number, describing) in NAMED_BY.items():
        if name not in texts:
            continue
        if describing in texts:
            filled[name] = _filled(filled[name], texts[describing], number)
        if name == "care_review":
            filled[name] = _with_periods(filled[name], texts.get(describing))
        key = ("child", "care") if name == "care_review" else ("child",)
        if any(filled[name][column].null_count() for column in key):
            unplaced.add(name)
    return filled, frozenset(unplaced)


def _filled(frame: pl.DataFrame, describing: pl.DataFrame, number: str) -> pl.DataFrame:
    """A number that two children have says nothing."""
    if not frame["child"].null_count():
        return frame
    whose = describing.select(number, pl.col("child").alias(_WHOSE)).drop_nulls().unique()
    single = whose.filter(whose[number].is_unique())
    joined = frame.join(single, on=number, how="left", maintain_order="left")
    return joined.with_columns(pl.coalesce("child", _WHOSE).alias("child")).drop(_WHOSE)


def _with_periods(reviews: pl.DataFrame, episodes: pl.DataFrame | None) -> pl.DataFrame:
    """A review without a number belongs to the child's period of care in which it was held or, if it was not, due."""
    lost = reviews["care"].is_null() & reviews["child"].is_not_null()
    if episodes is None or not lost.any():
        return reviews
    children = reviews.filter(lost)["child"].unique().to_list()
    periods = _periods(episodes.filter(pl.col("child").is_in(children)))
    held, due = days_of(reviews["held_on"])[0], days_of(reviews["due_on"])[0]
    found = [
        care if care is not None or child is None else _period_on(periods[child], held or due)
        for care, child, held, due in zip(reviews["care"], reviews["child"], held, due, strict=True)
    ]
    return reviews.with_columns(pl.Series("care", found, dtype=pl.String))


_Period = tuple[int, int | None, str]


def _periods(episodes: pl.DataFrame) -> defaultdict[str, list[_Period]]:
    """For each child the episodes of care as first day, day of ending and number.

    Where there is no number, episodes that touch share one made of the child and their first day.
    """
    begun, ended = days_of(episodes["begun_on"])[0], days_of(episodes["ended_on"])[0]
    rows = zip(episodes["child"], begun, ended, episodes["care"], strict=True)
    periods = defaultdict[str, list[_Period]](list)
    placed = (row for row in rows if row[0] is not None and row[1] is not None)
    for child, first, last, care in sorted(placed, key=lambda row: row[:2]):
        before = periods[child][-1] if periods[child] else None
        touches = before is not None and (before[1] is None or before[1] >= first)
        number = care or (before[2] if before and touches else f"{child}@{date.fromordinal(first)}")
        periods[child].append((first, last, number))
    return periods


def _period_on(periods: list[_Period], day: int | None) -> str | None:
    """The number of the latest period that holds on a day; a review on the last day belongs to it."""
    if day is None:
        return None
    holding = [one for one in periods if one[0] <= day and (one[1] is None or day <= one[1])]
    return holding[-1][2] if holding else None
