"""Other numbers of a child, as a delivery itself gives them: an earlier system's, and linked identifiers.

Rows under such a number are read under the child's own, where the number is nobody else's. The numbers of a child before
and after adoption are never joined: they are kept apart by law, and the old ones lead to the family of birth.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from lineofsight.intake.finding import FILE, NOTE, ROW, WARNING, file_finding

_OTHER = "_other"
OWN = "_own"
_ADOPTED = r"(?i)adopt|^\s*(?:E11|E12|RC1)\b"
_OTHER_ORDERS = r"(?i)guardian|sgo|arrangement|residence|cao"


@dataclass(frozen=True)
class OtherNumbers:
    """`pairs`: each other number of a child and the child's own. `apart`: those left out, since the child was adopted."""

    pairs: pl.DataFrame
    apart: pl.DataFrame

    def of(self, lost: pl.DataFrame) -> pl.DataFrame:
        """Of numbers that nobody describes, those that are another number of one child: `child` and `_own`."""
        return lost.join(self.pairs, left_on="child", right_on=_OTHER, how="inner")


def other_numbers(texts: Mapping[str, pl.DataFrame], numbers: pl.DataFrame) -> OtherNumbers:
    """The other numbers that a delivery's tables give to the children described; `numbers`: the children's own."""
    parts = [
        frame.select(pl.col(other).alias(_OTHER), pl.col("child").alias(OWN), kind.alias("_kind"))
        for name, other, kind in (
            ("child", "earlier_number", pl.lit("")),
            ("identifier", "value", pl.col("kind").fill_null("")),
        )
        if (frame := texts.get(name)) is not None and other in frame.columns
    ]
    schema = {_OTHER: pl.String, OWN: pl.String, "_kind": pl.String}
    given = pl.concat([pl.DataFrame(schema=schema), *parts]).drop_nulls()
    given = given.join(numbers, left_on=OWN, right_on="child", how="semi")
    given = given.join(numbers, left_on=_OTHER, right_on="child", how="anti")
    adopted = _adopted(texts)
    is_apart = (
        pl.col("_kind").str.contains("(?i)adopt") | pl.col(OWN).is_in(adopted) | pl.col(_OTHER).is_in(adopted)
    )
    apart = given.filter(is_apart).select(_OTHER).unique()
    pairs = given.join(apart, on=_OTHER, how="anti").select(_OTHER, OWN).unique()
    return OtherNumbers(pairs.filter(pairs[_OTHER].is_unique()), apart.rename({_OTHER: "child"}))


def _adopted(texts: Mapping[str, pl.DataFrame]) -> list[str]:
    """The numbers under which a delivery tells of a child's adoption, or of an order or placement that may be one."""
    found: set[str] = set()
    for name, column in (("care_episode", "ended_because"), ("episode", "close_reason")):
        if name in texts and column in texts[name].columns:
            said = texts[name].filter(pl.col(column).str.contains(_ADOPTED).fill_null(False))
            found |= set(said["child"].drop_nulls())
    if "permanence" in texts:
        other_order = pl.col("order").str.contains(_OTHER_ORDERS).fill_null(False)
        placed = pl.col("placed_on").is_not_null() | (pl.col("ordered_on").is_not_null() & ~other_order)
        found |= set(texts["permanence"].filter(placed)["child"].drop_nulls())
    return sorted(found)


def joined_by_other(changed: pl.DataFrame, rows: int, name: str, describing: str) -> pl.DataFrame:
    """The finding of a table whose rows were read under another number of their child."""
    first = changed.sort(FILE, ROW).row(0, named=True)
    says = (
        f"{changed.height} of {rows} {name.replace('_', ' ')} rows name a child by an earlier number or a linked identifier. "
        f"They were read under the number that the child has in the {describing.replace('_', ' ')} rows."
    )
    do = "Nothing, if the two are one child. Otherwise correct the earlier number or the linked identifier."
    return file_finding("J06", WARNING, str(first[FILE]), says, do, row=int(first[ROW]))


def kept_apart(lost: int, name: str) -> pl.DataFrame:
    """The note on rows whose number a delivery links to a child who was adopted."""
    says = (
        f"{lost} {name.replace('_', ' ')} rows stand under a number that is linked to a child who was adopted. They were not "
        "joined: what was recorded before an adoption and after it is kept apart."
    )
    return file_finding("J07", NOTE, "", says, "Nothing.")
