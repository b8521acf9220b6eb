"""What the tables of one delivery say of each other: worth a finding, never a refusal (counting rules 9 and 10)."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from lineofsight.intake.delivery import Context, Reading
from lineofsight.intake.finding import FILE, NOTE, ROW, WARNING, Check, found
from lineofsight.intake.unmet import running, unmet
from lineofsight.vocabulary.nobody import stands_for_nobody
from lineofsight.vocabulary.trees import in_circles
from lineofsight.vocabulary.yes import YES

Held = Callable[[str], pl.DataFrame]
"""Gives the rows of a table that the source has stated and not withdrawn."""

OLDEST_YEARS = 25


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
        findings += unmet(rows["involvement"], all_of("episode"), day)
    if "team" in rows:
        findings += _tree(rows["team"])
    for name in ("need_plan", "protection_plan", "care_episode"):
        if name in rows:
            findings += _without_episode(name, rows[name], all_of("episode"), day)
    if "episode" in rows:
        findings += _about_children(rows["episode"], all_of("child"), day)
    return findings


def _unknown_workers(involvements: pl.DataFrame, workers: pl.DataFrame, day: int) -> list[pl.DataFrame]:
    if not workers.height:
        return []
    named = running(involvements, "begun_on", "ended_on", day).filter(pl.col("worker").is_not_null())
    missing = named.join(workers.select("worker"), on="worker", how="anti")
    nobody = [name for name in missing["worker"].unique() if stands_for_nobody(name)]
    lost = missing.filter(~pl.col("worker").is_in(nobody))
    says = "This involvement names a worker who is not in the list of workers. It still counts."
    check = Check("R01", WARNING, "worker", pl.lit(True), says, "Add the worker, or correct the worker ID.")
    key = pl.concat_str("child", "worker", separator="/", ignore_nulls=True)
    return _findings(check, lost, "involvement", key)


def _tree(teams: pl.DataFrame) -> list[pl.DataFrame]:
    """Teams whose parents make a circle, and parents that nothing describes."""
    parents = {team: parent for team, parent in teams.select("team", "parent").rows() if team and parent}
    circled = pl.col("team").is_in(sorted(in_circles(parents)))
    unknown = pl.col("parent").is_not_null() & ~pl.col("parent").is_in(teams["team"].to_list())
    checks = (
        Check(
            "R08",
            WARNING,
            "parent",
            circled,
            "By its parents this team is above itself, so it counts as below no other team.",
            "Correct one of the parents.",
        ),
        Check(
            "R09",
            NOTE,
            "parent",
            unknown & pl.col("parent_name").is_null(),
            "No row describes the parent of this team, and it has no name.",
            "Add the parent's row or name, or correct it.",
        ),
    )
    return [
        finding
        for check in checks
        for finding in _findings(check, teams.filter(check.broken), "team", pl.col("team"))
    ]


def _without_episode(name: str, rows: pl.DataFrame, episodes: pl.DataFrame, day: int) -> list[pl.DataFrame]:
    now = running(rows, "begun_on", "ended_on", day)
    acted = episodes.filter(~pl.col("nfa").fill_null("").str.to_lowercase().is_in(YES))
    lost = now.join(running(acted, "begun_on", "closed_on", day).select("child"), on="child", how="anti")
    what = "period of care" if name == "care_episode" else "plan"
    says = f"This {what} is running, but the child has no open episode, so the child is not counted."
    check = Check("R02", WARNING, "child", pl.lit(True), says, f"Open the episode again, or end the {what}.")
    return _findings(check, lost, name, pl.col("child"))


def _about_children(episodes: pl.DataFrame, children: pl.DataFrame, day: int) -> list[pl.DataFrame]:
    if not children.height:
        return []
    now = running(episodes, "begun_on", "closed_on", day)
    joined = now.join(
        children.select("child", "born_on", "died_on", pl.lit(True).alias("_there")), on="child", how="left"
    )
    checks = (
        Check(
            "R03",
            WARNING,
            "child",
            pl.col("_there").is_null(),
            "This episode is open, but there is no row for the child. The child is counted.",
            "Add the child's row.",
        ),
        Check(
            "R04",
            NOTE,
            "child",
            pl.col("died_on") <= day,
            "This episode is open although the child has died. The child is counted.",
            "Close the episode if that is right.",
        ),
        Check(
            "R05",
            NOTE,
            "child",
            pl.col("born_on") <= day - OLDEST_YEARS * 365 - OLDEST_YEARS // 4,
            "This episode is open although the person is over 25. The person is counted.",
            "Close the episode if that is right.",
        ),
    )
    return [
        finding
        for check in checks
        for finding in _findings(check, joined.filter(check.broken), "episode", pl.col("child"))
    ]


def _findings(check: Check, rows: pl.DataFrame, table: str, key: pl.Expr) -> list[pl.DataFrame]:
    return [found(check, rows.sort(FILE, ROW), table, key)] if rows.height else []
