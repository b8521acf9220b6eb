"""What stands in the columns whose values are few: full-time equivalents, sex, yes and no; and numbers cut short."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from lineofsight.intake.cells import NUMBERS, full_time, is_shortened, sex, yes_or_no
from lineofsight.intake.finding import WARNING, Check, once
from lineofsight.record.schema import Table
from lineofsight.vocabulary.yes import YES

_YES_OR_NO = ("nfa", "agency", "cancelled", "other_authority")
"""Columns by which something is counted or not."""


_NOT_YET = (
    "open",
    "still open",
    "ongoing",
    "on going",
    "on-going",
    "current",
    "present",
    "to date",
    "active",
    "not closed",
    "not ended",
    "live",
)
"""What stands for the last day of something that is not over, in small letters."""


def is_not_yet(text: str) -> bool:
    """Whether what stands for a last day says that there is none yet."""
    return text.lower() in _NOT_YET


def _not_yet(ends: str) -> pl.Expr:
    return pl.when(~pl.col(ends).str.to_lowercase().is_in(_NOT_YET)).then(pl.col(ends)).alias(ends)


def read_values(table: Table, texts: pl.DataFrame) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """A frame of plain cells with these values as the record writes them, and a finding for those that it cannot."""
    findings = _shortened(table, texts)
    if "fte" in table.names:
        texts, found = _full_time(table, texts)
        findings += found
    if "sex" in table.names:
        texts, found = _sex(table, texts)
        findings += found
    if table.ends:
        texts = texts.with_columns(_not_yet(table.ends))
    for name in _YES_OR_NO:
        if name in table.names:
            texts, found = _yes_or_no(table, texts, name)
            findings += found
    return texts, findings


def _shortened(table: Table, texts: pl.DataFrame) -> list[pl.DataFrame]:
    findings = []
    for name in NUMBERS:
        if name in table.names and texts[name].str.contains_any(["E+", "e+"]).any():
            short = texts.filter(is_shortened(name))
            if short.height:
                says = (
                    f"{table.column(name).says.capitalize()}: a spreadsheet has shortened the number, as in 1.23E+11{{}}. "
                    "Different numbers may have become one."
                )
                do = "Export the column as text, without opening it in a spreadsheet."
                findings.append(once(table, short, Check("N01", WARNING, name, pl.lit(True), says, do)))
    return findings


def _read(texts: pl.DataFrame, name: str, reads: Callable[[str], str | None]) -> dict[str, str | None]:
    """Each different text of a column and what it is read as."""
    return {text: reads(text) for text in texts[name].drop_nulls().unique(maintain_order=True).to_list()}


def _strange(texts: pl.DataFrame, name: str, read: dict[str, str | None]) -> pl.DataFrame:
    return texts.filter(pl.col(name).is_in([text for text, value in read.items() if value is None]))


def _replaced(texts: pl.DataFrame, name: str, read: dict[str, str | None]) -> pl.DataFrame:
    changes = {text: value for text, value in read.items() if value is not None and value != text}
    return texts.with_columns(pl.col(name).replace(changes)) if changes else texts


def _full_time(table: Table, texts: pl.DataFrame) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    read = _read(texts, "fte", full_time)
    strange = _strange(texts, "fte", read)
    if not strange.height:
        return _replaced(texts, "fte", read), []
    says = "The full-time equivalent is not a number from 0 to 1.5{}. It was left out."
    do = "Give the share of full time, such as 0.8, not hours."
    finding = once(table, strange, Check("N02", WARNING, "fte", pl.lit(True), says, do))
    left_out = texts.with_columns(
        pl.when(~pl.col("fte").is_in(strange["fte"].unique())).then("fte").alias("fte")
    )
    return _replaced(left_out, "fte", read), [finding]


def _sex(table: Table, texts: pl.DataFrame) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    read = _read(texts, "sex", sex)
    strange = _strange(texts, "sex", read)
    says = "The sex is none of M, F and U, nor a word for one of them{}. It was kept as written."
    check = Check("N03", WARNING, "sex", pl.lit(True), says, "Write M, F or U.")
    return _replaced(texts, "sex", read), [once(table, strange, check)] if strange.height else []


def _yes_or_no(table: Table, texts: pl.DataFrame, name: str) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """Whatever is read as yes, as a word that figures take for yes (`vocabulary.yes`); a finding for what is neither."""
    read = _read(texts, name, yes_or_no)
    yes = {text: "Y" for text, value in read.items() if value == "Y" and text.lower() not in YES}
    texts = texts.with_columns(pl.col(name).replace(yes)) if yes else texts
    strange = _strange(texts, name, read)
    if not strange.height:
        return texts, []
    says = (
        f"{table.column(name).says.capitalize()}: the cell says neither yes nor no{{}}. It was taken for no."
    )
    return texts, [once(table, strange, Check("N04", WARNING, name, pl.lit(True), says, "Write Y or N."))]
