"""What the tables of one delivery say of each other: worth a finding, never a refusal (counting rules 9 and 10)."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from lineofsight.intake.delivery import Context, Reading
from lineofsight.intake.finding import FILE, NOTE, ROW, WARNING, Check, found

Held = Callable[[str], pl.DataFrame]
"""Gives the rows of a table that the source has stated and not withdrawn."""

OLDEST_YEARS = 25
_TRUE = ("yes", "y", "1", "true")


def references(reading: Reading, held: Held, context: Context) -> list[pl.DataFrame]:
    """Findings of rows that name what no row describes."""
    rows = reading.rows
    day = context.received_on.toordinal()

    def all_of(name: str) -> pl.DataFrame:
        """A table as it is now known: as delivered or, where its file is absent, as held."""
        return rows[name] if name in rows else held(name)

    findings: list[pl.DataFrame] = []
    if "involvement" in rows:
        findings += _unknown_workers(rows["involvement"], all_of("worker"), day)
    for name in ("need_plan", "protection_plan", "care_episode"):
        if name in rows:
            findings += _without_episode(name, rows[name], all_of("episode"), day)
    if "episode" in rows:
        findings += _about_children(rows["episode"], all_of("child"), day)
    return findings


def _running(rows: pl.DataFrame, begins: str, ends: str, day: int) -> pl.DataFrame:
    begun = pl.col(begins).is_null() | (pl.col(begins) <= day)
    return rows.filter(begun & (pl.col(ends).is_null() | (pl.col(ends) > day)))


def _unknown_workers(involvements: pl.DataFrame, workers: pl.DataFrame, day: int) -> list[pl.DataFrame]:
    if not workers.height:
        return []
    running = _running(involvements, "begun_on", "ended_on", day).filter(pl.col("worker").is_not_null())
    lost = running.join(workers.select("worker"), on="worker", how="anti")
    check = Check("R01", WARNING, "worker", pl.lit(True), "It names a worker of whom there is no row; the involvement counts.",
                  "Add the worker, or correct the number.")  # fmt: skip
    return _told(
        check, lost, "involvement", pl.concat_str("child", "worker", separator="/", ignore_nulls=True)
    )


def _without_episode(name: str, rows: pl.DataFrame, episodes: pl.DataFrame, day: int) -> list[pl.DataFrame]:
    running = _running(rows, "begun_on", "ended_on", day)
    acted = episodes.filter(~pl.col("nfa").fill_null("").str.to_lowercase().is_in(_TRUE))
    lost = running.join(_running(acted, "begun_on", "closed_on", day).select("child"), on="child", how="anti")
    check = Check("R02", WARNING, "child", pl.lit(True), "It is running, and the child has no open episode: so nobody counts the child.",
                  "Open the episode again, or end the plan.")  # fmt: skip
    return _told(check, lost, name, pl.col("child"))


def _about_children(episodes: pl.DataFrame, children: pl.DataFrame, day: int) -> list[pl.DataFrame]:
    if not children.height:
        return []
    running = _running(episodes, "begun_on", "closed_on", day)
    joined = running.join(
        children.select("child", "born_on", "died_on", pl.lit(True).alias("_there")), on="child", how="left"
    )
    checks = (
        Check("R03", WARNING, "child", pl.col("_there").is_null(), "No row describes the child of this open episode; the child is counted.",
              "Add the child's row."),
        Check("R04", NOTE, "child", pl.col("died_on") <= day, "The episode is open though the child has died; the child is counted.",
              "Close the episode, where that is right."),
        Check("R05", NOTE, "child", pl.col("born_on") <= day - OLDEST_YEARS * 365 - OLDEST_YEARS // 4,
              "The episode is open though the person is over 25; they are counted.", "Close the episode, where that is right."),
    )  # fmt: skip
    return [
        one
        for check in checks
        for one in _told(check, joined.filter(check.broken), "episode", pl.col("child"))
    ]


def _told(check: Check, rows: pl.DataFrame, table: str, key: pl.Expr) -> list[pl.DataFrame]:
    return [found(check, rows.sort(FILE, ROW), table, key)] if rows.height else []
