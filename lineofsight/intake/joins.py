"""Numbers that one delivery writes in two ways: read as the table writes them that describes whom they belong to.

A number is taken for another only where it fits exactly one, and is none of the described numbers itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import polars as pl

from lineofsight.intake.finding import FILE, ROW, WARNING, file_finding
from lineofsight.intake.other_numbers import OWN, OtherNumbers, joined_by_other, kept_apart, other_numbers
from lineofsight.intake.report import JoinRead

DESCRIBED_IN = {
    "child": ("child", "episode"),
    "referral": ("episode",),
    "worker": ("worker",),
    "care": ("care_episode",),
    "need_plan": ("need_plan",),
    "protection_plan": ("protection_plan",),
}
"""For each number the tables that describe it; the first that a delivery has is taken."""
_CALLED = {
    "child": "child ID",
    "referral": "referral ID",
    "worker": "worker ID",
    "care": "care ID",
    "need_plan": "plan ID",
    "protection_plan": "plan ID",
}
_ALIKE = "_alike"
_WHOLE = "_whole"


@dataclass
class Joined:
    """Frames of plain cells with each number as its describing table writes it, what was changed, and how tables meet."""

    texts: dict[str, pl.DataFrame]
    findings: list[pl.DataFrame] = field(default_factory=list)
    met: list[JoinRead] = field(default_factory=list)


def joined_ids(texts: Mapping[str, pl.DataFrame]) -> Joined:
    """Join every table's numbers to the table that describes them."""
    joined = Joined(dict(texts))
    for column, tables in DESCRIBED_IN.items():
        describing = next((name for name in tables if name in texts and column in texts[name].columns), None)
        if describing is None:
            continue
        numbers = texts[describing].select(column).drop_nulls().unique()
        others = other_numbers(texts, numbers) if column == "child" else None
        for name, frame in texts.items():
            if name != describing and column in frame.columns and frame[column].null_count() < frame.height:
                _join(joined, name, column, numbers, describing, others)
    if "involvement" in texts and "episode" in texts:
        children = joined.texts["episode"].select("child").drop_nulls().unique()
        lost = _lost(joined.texts["involvement"], "child", children)
        joined.met.append(
            _met(joined.texts["involvement"], "involvement", "child", children, "episode", lost)
        )
    return joined


def _lost(frame: pl.DataFrame, column: str, numbers: pl.DataFrame) -> pl.DataFrame:
    """The numbers of a column that the describing table has not."""
    return frame.select(pl.col(column).unique()).drop_nulls().join(numbers, on=column, how="anti")


def _join(
    joined: Joined,
    name: str,
    column: str,
    numbers: pl.DataFrame,
    describing: str,
    others: OtherNumbers | None,
) -> None:
    frame = joined.texts[name]
    lost = _lost(frame, column, numbers)
    if lost.height and numbers.height:
        joined.texts[name], found = _joined(frame, lost, name, column, numbers, describing)
        if others is not None:
            found += _by_other_numbers(joined, name, numbers, describing, others)
        joined.findings += found
        lost = _lost(joined.texts[name], column, numbers) if found else lost
    joined.met.append(_met(frame, name, column, numbers, describing, lost))


def _by_other_numbers(
    joined: Joined, name: str, numbers: pl.DataFrame, describing: str, others: OtherNumbers
) -> list[pl.DataFrame]:
    """Read a table's rows under their children's own numbers where nobody has the number they name."""
    frame, findings = joined.texts[name], list[pl.DataFrame]()
    lost = _lost(frame, "child", numbers)
    known = others.of(lost)
    if known.height:
        changed = frame.join(known, on="child", how="left", maintain_order="left")
        findings.append(
            joined_by_other(changed.filter(pl.col(OWN).is_not_null()), frame.height, name, describing)
        )
        joined.texts[name] = changed.with_columns(pl.coalesce(OWN, "child").alias("child")).select(
            frame.columns
        )
    if apart := frame.join(others.apart, on="child", how="semi").height:
        findings.append(kept_apart(apart, name))
    return findings


def _met(
    frame: pl.DataFrame, name: str, column: str, numbers: pl.DataFrame, describing: str, lost: pl.DataFrame
) -> JoinRead:
    """How many rows of a table meet, and what the numbers look like on both sides."""
    rows = frame.height - frame[column].null_count()
    missed = frame.join(lost, on=column, how="semi").height if lost.height else 0
    return JoinRead(
        name, column, describing, rows, rows - missed, shape(frame[column]), shape(numbers[column])
    )


def shape(numbers: pl.Series) -> str:
    """What most of the first thousand numbers look like: 9 for a figure, A for a letter; empty where there are none."""
    first = numbers.drop_nulls().head(1_000)
    shapes = first.str.replace_all(r"\d", "9").str.replace_all(r"\p{L}", "A")
    return str(shapes.value_counts(sort=True)[numbers.name][0]) if len(shapes) else ""


def _joined(
    frame: pl.DataFrame, lost: pl.DataFrame, name: str, column: str, numbers: pl.DataFrame, describing: str
) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    known = _fitting(lost, numbers, column)
    if not known.height:
        return frame, []
    changed = frame.join(known, on=column, how="left", maintain_order="left")
    finding = _told(changed.filter(pl.col(_WHOLE).is_not_null()), frame.height, name, column, describing)
    whole = changed.with_columns(pl.coalesce(_WHOLE, column).alias(column)).select(frame.columns)
    return whole, [finding]


def _fitting(lost: pl.DataFrame, numbers: pl.DataFrame, column: str) -> pl.DataFrame:
    """Of numbers that are lost those that are alike to exactly one of those described, and how that is written."""
    wholes = numbers.select(number_alike(column).alias(_ALIKE), pl.col(column).alias(_WHOLE))
    single = (
        wholes.group_by(_ALIKE).agg(pl.col(_WHOLE).first(), pl.len().alias("_n")).filter(pl.col("_n") == 1)
    )
    return (
        lost.select(column, number_alike(column).alias(_ALIKE)).join(single, on=_ALIKE).select(column, _WHOLE)
    )


def with_zeros(numbers: Iterable[str]) -> dict[str, str]:
    """Where no table describes the numbers: those that lost their zeros in front, and how they are written with them."""
    frame = pl.DataFrame({"number": sorted(set(numbers))}, schema={"number": pl.String})
    padded = pl.col("number").str.starts_with("0")
    return dict(_fitting(frame.filter(~padded), frame.filter(padded), "number").rows())


def number_alike(column: str) -> pl.Expr:
    """A number without what people and spreadsheets change: capitals, blanks, zeros in front."""
    bare = pl.col(column).str.to_uppercase().str.replace_all(r"[\s\-_/]", "")
    return bare.str.replace(r"^0+(.)", "$1")


def _told(changed: pl.DataFrame, rows: int, name: str, column: str, describing: str) -> pl.DataFrame:
    says = (
        f"{changed.height} of {rows} {name.replace('_', ' ')} rows write the {_CALLED[column]} differently from the "
        f"{describing.replace('_', ' ')} rows: {_how(changed, column)}. They were read as written there."
    )
    first = changed.row(0, named=True)
    do = "Export the number in the same way in both tables, as text."
    return file_finding("J01", WARNING, str(first[FILE]), says, do, row=int(first[ROW]))


def _how(changed: pl.DataFrame, column: str) -> str:
    """In what the two ways of writing differ, as seen in the rows changed."""
    mine, other = pl.col(column), pl.col(_WHOLE)
    no_blanks = [one.str.replace_all(r"[\s\-_/]", "") for one in (mine, other)]
    differs = changed.select(
        zeros=no_blanks[0].str.len_chars() != no_blanks[1].str.len_chars(),
        blanks=(no_blanks[0] != mine) | (no_blanks[1] != other),
        capitals=no_blanks[0].str.contains("[a-z]") != no_blanks[1].str.contains("[a-z]"),
    ).select(pl.all().any())
    words = {
        "zeros": "zeros in front",
        "blanks": "blanks or dashes inside",
        "capitals": "capital and small letters",
    }
    return ", ".join(words[name] for name in differs.columns if differs[name][0]) or "signs"
