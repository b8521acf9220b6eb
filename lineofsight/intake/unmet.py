"""Involvements that meet no episode: of a child whom no episode names, or of another child's referral.

One finding tells of all rows of a delivery that miss, how many of how many, and what the numbers look like
beside those expected, without repeating any.
"""

from __future__ import annotations

import polars as pl

from lineofsight.intake.finding import FILE, NOTE, ROW, WARNING, file_finding
from lineofsight.intake.joins import shape

_MOST = 0.5
"""The share of rows from which on so many miss that the numbers themselves are probably wrong."""


def running(rows: pl.DataFrame, begins: str, ends: str, day: int) -> pl.DataFrame:
    """The rows that hold on a day: begun by it and not ended."""
    begun = pl.col(begins).is_null() | (pl.col(begins) <= day)
    return rows.filter(begun & (pl.col(ends).is_null() | (pl.col(ends) > day)))


def unmet(involvements: pl.DataFrame, episodes: pl.DataFrame, day: int) -> list[pl.DataFrame]:
    """Findings about the involvements that run on a day and meet no episode; none where no episode is known."""
    now = running(involvements, "begun_on", "ended_on", day).filter(pl.col("child").is_not_null())
    if not now.height or not episodes.height:
        return []
    children = episodes.select("child").unique()
    nobody_s = now.join(children, on="child", how="anti")
    return [*_without_episode(nobody_s, now.height, children), *_of_another(now, episodes)]


def _without_episode(lost: pl.DataFrame, of: int, children: pl.DataFrame) -> list[pl.DataFrame]:
    if not lost.height:
        return []
    share = lost.height / of
    says = (
        f"{lost.height} of {of} running involvements are of children with no episode{_places(lost)}. "
        "These children are not counted."
    )
    mine, theirs = shape(lost["child"]), shape(children["child"])
    if share > _MOST and mine != theirs:
        says += f" Their IDs look like {mine}, those of the episodes like {theirs}."
    do = "Check that both tables write the child ID in the same way, and that no episode is missing."
    return [_finding("J03", WARNING if share > _MOST else NOTE, lost, says, do)]


def _of_another(now: pl.DataFrame, episodes: pl.DataFrame) -> list[pl.DataFrame]:
    """Involvements whose referral is known as another child's: the child may have an old number and a new one."""
    whose = episodes.select("referral", pl.col("child").alias("_whose"))
    known = now.join(whose.select("referral").unique(), on="referral", how="semi")
    own = whose.rename({"_whose": "child"})
    lost = known.join(own, on=["referral", "child"], how="anti")
    if not lost.height:
        return []
    says = (
        f"{lost.height} of {now.height} running involvements name a referral that is another child's{_places(lost)}. "
        "Two numbers may be one child's, an old and a new one. Each was read as it stands."
    )
    return [_finding("J02", WARNING, lost, says, "Put the records of the child together in the case system.")]


def _places(rows: pl.DataFrame) -> str:
    first = [str(row) for row in rows.sort(FILE, ROW)[ROW].head(3)]
    return f" (row {first[0]})" if len(first) == 1 else f" (the first in rows {', '.join(first)})"


def _finding(code: str, severity: str, rows: pl.DataFrame, says: str, do: str) -> pl.DataFrame:
    first = rows.sort(FILE, ROW).row(0, named=True)
    return file_finding(code, severity, str(first[FILE]), says, do, row=int(first[ROW]))
