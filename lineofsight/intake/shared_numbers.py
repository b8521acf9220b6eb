"""Numbers that two sources of one authority give to children of different IDs: they may be one child, counted twice.

Each source answers for the IDs it names, and nothing here joins them. But somebody has to be told.
"""

from __future__ import annotations

import polars as pl

from lineofsight.intake.finding import WARNING, Check, once
from lineofsight.record import frames
from lineofsight.record.tables.people import CHILD
from lineofsight.vocabulary.moments import FOREVER

_NUMBER, _OTHER = "_number", "_other_child"
_DO = "Find out whether they are one child. If so, close the episodes under the ID that is no longer used."


def shared_numbers(source: str, rows: pl.DataFrame, history: pl.DataFrame) -> list[pl.DataFrame]:
    """Findings of children that another source holds under another ID. `rows` are of the table of children."""
    others = history.filter((pl.col(frames.SOURCE) != source) & (pl.col(frames.WITNESSED_TO) == FOREVER))
    if not others.height:
        return []
    pupil = _shared(_numbers(rows, "upn"), _numbers(others, "upn"))
    own, theirs = _numbers(rows, "child"), _numbers(others, "child")
    earlier, their_earlier = _numbers(rows, "earlier_number"), _numbers(others, "earlier_number")
    former = pl.concat(
        [_shared(earlier, pl.concat([theirs, their_earlier])), _shared(own, their_earlier)]
    ).unique()
    says = "Another source has this child's {} under another child ID"
    return [
        *_found("R06", "upn", says.format("pupil number (UPN)"), rows, pupil),
        *_found("R07", "earlier_number", says.format("earlier number"), rows, former),
    ]


def _numbers(rows: pl.DataFrame, column: str) -> pl.DataFrame:
    """`child` and the number in a column, however its letters are written."""
    number = pl.col(column).str.strip_chars().str.to_uppercase()
    return rows.select("child", number.alias(_NUMBER)).filter(pl.col(_NUMBER).fill_null("") != "")


def _shared(own: pl.DataFrame, others: pl.DataFrame) -> pl.DataFrame:
    """The children with a number that another source gives to a child of another ID."""
    met = own.join(others.rename({"child": _OTHER}), on=_NUMBER, how="inner")
    return met.filter(pl.col("child") != pl.col(_OTHER)).select("child").unique()


def _found(
    code: str, column: str, says: str, rows: pl.DataFrame, children: pl.DataFrame
) -> list[pl.DataFrame]:
    shared = rows.join(children, on="child", how="semi", maintain_order="left")
    check = Check(
        code, WARNING, column, pl.lit(True), says + "{}. They may be one child, counted twice.", _DO
    )
    return [once(CHILD, shared, check)] if shared.height else []
