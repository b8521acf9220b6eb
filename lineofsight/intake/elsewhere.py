"""The children of a list that describes none itself, beside those whom other sources of the authority describe.

A list whose numbers are written in another way meets nobody: it says nothing of any child that is counted.
"""

from __future__ import annotations

import polars as pl

from lineofsight.intake.delivery import Reading
from lineofsight.intake.finding import FILE, NOTE, ROW, WARNING, file_finding
from lineofsight.intake.joins import number_alike, shape
from lineofsight.intake.report import JoinRead
from lineofsight.record import frames
from lineofsight.vocabulary.moments import FOREVER

_MOST = 0.5
"""The share of children from which on so many are not met that the numbers themselves are probably wrong."""
_DO = "Check that the list writes the child ID as the other source does, and load it again."


def meets_others(
    source: str, reading: Reading, episodes: pl.DataFrame
) -> tuple[list[JoinRead], list[pl.DataFrame]]:
    """How the children of a list meet those of other sources' episodes, and a finding where some do not.

    `episodes`: every version of every source's. Nothing is told of a delivery with episodes of its own, nor where
    no other source has any.
    """
    rows = reading.rows.get("involvement")
    if rows is None or "episode" in reading.rows:
        return [], []
    others = episodes.filter((pl.col(frames.SOURCE) != source) & (pl.col(frames.WITNESSED_TO) == FOREVER))
    known = others.select("child").drop_nulls().unique()
    own = rows.filter(pl.col("child").is_not_null())
    children = own.select("child").unique()
    if not known.height or not children.height:
        return [], []
    lost = children.join(known, on="child", how="anti")
    missed = own.join(lost, on="child", how="semi")
    looks_like, expected = shape(children["child"]), shape(known["child"])
    met = JoinRead(
        "involvement",
        "child",
        "episodes of other sources",
        own.height,
        own.height - missed.height,
        looks_like,
        expected,
    )
    if not lost.height:
        return [met], []
    share = lost.height / children.height
    says = (
        f"{lost.height} of {children.height} children on this list have no episode from another source, so they are not "
        f"counted. The other sources have episodes of {known.height} children."
    )
    if lost.height == children.height:
        says = f"The list says nothing of any child counted: {says}"
    if looks_like != expected and share > _MOST:
        says += f" Its IDs look like {looks_like}, theirs like {expected}."
    alike = _alike(lost, known)
    if alike:
        says += f" {alike} of {lost.height} differ only by zeros in front, blanks or capitals."
    first = missed.sort(FILE, ROW).row(0, named=True)
    severity = WARNING if share > _MOST or alike else NOTE
    return [met], [file_finding("J04", severity, str(first[FILE]), says, _DO, row=int(first[ROW]))]


def _alike(lost: pl.DataFrame, known: pl.DataFrame) -> int:
    """How many of the numbers that are not met would be, if only their zeros in front, blanks and capitals differed."""
    theirs = known.select(number_alike("child")).unique()
    return lost.select(number_alike("child")).join(theirs, on="child", how="semi").height
