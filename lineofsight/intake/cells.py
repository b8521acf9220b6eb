"""Cells as sources write them, made plain before anything is asked of their meaning. Every format uses this.

What stands for nothing is nothing; signs that cannot be seen are gone; a number is the number that was meant,
whatever a spreadsheet did to it. Days are read by `days_as_written`, words for nobody by `vocabulary.nobody`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

import polars as pl

from lineofsight.record.schema import Table
from lineofsight.vocabulary.yes import YES

NOTHING = (
    "",
    "null",
    "(null)",
    "<null>",
    "[null]",
    "none",
    "(none)",
    "nan",
    "nat",
    "n/a",
    "n.a.",
    "n/k",
    "nil",
    "?",
    ".",
    "(blank)",
    "#n/a",
    "#n/d",
    "#null!",
    "#ref!",
    "#value!",
    "#name?",
    "#div/0!",
    "\\n",
    "-",
    "--",
    "–",
    "—",
)
"""What case systems, spreadsheets and scripts write where there is nothing, in small letters."""
_NOTHING_IN_NAMES = ("", "null", "(null)", "<null>", "[null]", "#n/a")
"""Somebody may be called None or Nan."""


def _in_any_letters(words: Sequence[str]) -> list[str]:
    """Words in small letters, in capitals and with a capital: comparing is quicker than changing every cell."""
    return sorted(
        {form for word in words for form in (word, word.upper(), word.capitalize(), word.title())}
        | {"NaN", "NaT"}
    )


_WRITTEN = _in_any_letters(NOTHING)
_WRITTEN_IN_NAMES = [word for word in _in_any_letters(_NOTHING_IN_NAMES) if word not in ("NaN", "NaT")]
NAMES = ("forename", "surname", "name")
NUMBERS = (
    "child",
    "referral",
    "care",
    "need_plan",
    "protection_plan",
    "family",
    "mother",
    "adopter",
    "adoptive_family",
    "limit",
    "worker",
    "staff_id",
    "registration",
    "upn",
    "earlier_number",
    "value",
    "urn",
)
"""The columns that identify or count: spreadsheets dress them as amounts."""

_UNSEEN = ("\u200b", "\u200c", "\u200d", "\u200e", "\u200f", "\u2060", "\ufeff", "\u00ad")
_UNUSUAL = (*_UNSEEN, "\u00a0", "\u202f", "\u2007", "\u3000")
_UNSEEN_PATTERN = "[" + "".join(_UNSEEN) + "]"
_SPACE_PATTERN = "[\u00a0\u202f\u2007\u3000]"
_SHORTENED = r"^\d(?:[.,]\d+)?[eE]\+?\d{1,3}$"


def cleaned(table: Table, texts: pl.DataFrame, *, unusual: bool = True) -> pl.DataFrame:
    """A frame of texts with every column of the table, each cell plain, and null where it says nothing."""
    missing = [pl.lit(None, pl.String).alias(name) for name in table.names if name not in texts.columns]
    return plain_cells(texts, table.names, unusual=unusual).with_columns(*missing)


def plain_cells(texts: pl.DataFrame, names: Sequence[str], *, unusual: bool = True) -> pl.DataFrame:
    """A frame of texts with the cells of those columns plain, and null where they say nothing.

    `unusual`: whether any cell may hold a sign that cannot be seen, or a space of another kind.
    """
    there = [name for name in names if name in texts.columns]
    dressed = {name for name in there if name in NUMBERS and _may_be_dressed(texts[name])}
    return texts.with_columns(_plain(name, unusual=unusual, dressed=name in dressed) for name in there)


def blank_cells(cells: pl.Series) -> pl.Series:
    """In which cells as written nothing at all stands; `NULL` or `-` is something that says nothing."""
    blank = [text for text in cells.drop_nulls().unique() if not _seen(text)]
    return cells.is_in(blank).fill_null(True)


def _seen(text: str) -> str:
    """A text without signs that cannot be seen and without blanks around it."""
    return re.sub(_SPACE_PATTERN, " ", re.sub(_UNSEEN_PATTERN, "", text)).strip()


def is_unusual(text: str) -> bool:
    """Whether a text holds a sign that cannot be seen, or a space of another kind."""
    return any(sign in text for sign in _UNUSUAL)


def clean_text(text: str) -> str:
    """One cell as `plain_cells` makes it; empty where it says nothing."""
    seen = _seen(text)
    return "" if seen.lower() in NOTHING else seen


def _plain(name: str, *, unusual: bool, dressed: bool) -> pl.Expr:
    cell = pl.col(name)
    if unusual:
        cell = cell.str.replace_all(_UNSEEN_PATTERN, "").str.replace_all(_SPACE_PATTERN, " ")
    cell = cell.str.strip_chars()
    if dressed:
        cell = _number(cell)
    said = ~cell.is_in(_WRITTEN_IN_NAMES if name in NAMES else _WRITTEN)
    return pl.when(said).then(cell).alias(name)


def _may_be_dressed(cells: pl.Series) -> bool:
    return bool(cells.str.contains_any([".0", ",", "'", "’", '="']).any())


def _number(cell: pl.Expr) -> pl.Expr:
    """A number without the apostrophe, the fraction or the commas that a spreadsheet gave it."""
    bare = (
        cell.str.replace(r"^=\"(.*)\"$", "$1")
        .str.replace(r"^['’](\S.*)$", "$1")
        .str.replace(r"^(\d+)\.0+$", "$1")
    )
    thousands = bare.str.contains(r"^\d{1,3}(?:,\d{3})+$")
    return pl.when(thousands).then(bare.str.replace_all(",", "", literal=True)).otherwise(bare)


def is_shortened(column: str) -> pl.Expr:
    """Whether a spreadsheet has shortened a long number, as in 1.23457E+11: several may have become one."""
    return pl.col(column).str.contains(_SHORTENED).fill_null(False)


# -- amounts, yes and no, sex ---------------------------------------------------------------------

_MOST_FULL_TIME = Decimal("1.5")


def full_time(text: str) -> str | None:
    """A full-time equivalent from 0 to 1.5, as a decimal; None where it is no such number.

    `80%` and `0,8` are 0.8. `37` is hours a week, of which nobody says how many are full time.
    """
    said = re.sub(r"\s*(fte|wte)$", "", text.strip().lower()).replace(",", ".")
    try:
        value = Decimal(said.removesuffix("%").strip()) / (100 if said.endswith("%") else 1)
    except InvalidOperation:
        return None
    if not value.is_finite() or not 0 <= value <= _MOST_FULL_TIME:
        return None
    as_written = said == text.strip() and not said.endswith("%")
    return said if as_written else format(value.normalize(), "f")


_NO = ("no", "n", "0", "0.0", "false", "f")
_YES = (*YES, "t", "-1", "1.0")


def yes_or_no(text: str) -> str | None:
    """`Y` or `N`, empty where nothing is said; None where it is neither."""
    said = without_choice(text).strip().lower()
    if said in NOTHING:
        return ""
    return "Y" if said in _YES else "N" if said in _NO else None


_SEXES = {
    "M": ("m", "male", "boy", "man", "1"),
    "F": ("f", "female", "girl", "woman", "2"),
    "U": ("u", "unknown", "not known", "indeterminate", "not stated", "not specified", "neither", "other", "x", "0", "9", "unborn", "i"),
}  # fmt: skip
_SEX_BY_WORD = {word: sex for sex, words in _SEXES.items() for word in words}


def sex(text: str) -> str | None:
    """`M`, `F` or `U`, empty where nothing is said; None where it is none of these."""
    said = without_choice(text).strip().lower()
    return "" if said in NOTHING else _SEX_BY_WORD.get(said)


def without_choice(text: str) -> str:
    """A cell without the letter of its choice: `b) Female` and `b. Female` are `Female`."""
    return re.sub(r"^[a-z]{1,2}[).:]\s*(?=\S)", "", text)
