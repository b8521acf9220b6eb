"""Checks that nothing stands under a name that the name did not say, and nothing is known before it was.

They read the words that a collector wrote. They cannot prove that a sentence is fair to its source: they
point at the ones that a second person should read again.
"""

from __future__ import annotations

import polars as pl

from lineofsight.intake.finding import REFUSED, WARNING, Check

_WORDS = pl.concat_str("headline", "says", "definition", separator=" ", ignore_nulls=True)
_YEAR = r"\b((?:19|20)[0-9]{2})\b"
_AHEAD = ("undertaking", "request", "question")
"""Kinds that speak of days to come by their nature."""

_BOUNDED = (
    "more than",
    "over",
    "at least",
    "about",
    "around",
    "approximately",
    "nearly",
    "almost",
    "fewer than",
    "less than",
    "under",
    "up to",
    "some",
)
"""Words before a number that say it is not exact."""


def attribution_checks() -> list[Check]:
    """Every check of who said what, and when they can have known it. Rows have `_public`, their public day."""
    return [*_hindsight(), *_kinds(), *_numbers(), *_findings(), *_notes()]


def _hindsight() -> list[Check]:
    ends_later = pl.col("_about_to_first") > pl.col("_public")
    named = _WORDS.str.contains(pl.col("about_to").str.slice(0, 4), literal=True)
    latest = _WORDS.str.extract_all(_YEAR).list.eval(pl.element().cast(pl.Int32)).list.max()
    reached = pl.max_horizontal("_public", "_about_to_last", "_due_on_last")
    return [
        Check(
            "S10",
            WARNING,
            "about_to",
            ends_later & ~named & ~pl.col("kind").is_in(_AHEAD),
            "This ends after the day on which it became known, and its words do not announce that end.",
            "If the end was announced, say so in its words. If it is known from later, write a second statement.",
        ),
        Check(
            "S11",
            WARNING,
            "says",
            latest > _year_of(reached),
            "The words name a year after the day on which this became known.",
            "If that was announced, give the day in due_on or about_to. If not, write a second statement or a note.",
        ),
    ]


def _year_of(day: pl.Expr) -> pl.Expr:
    """The year of a day that is counted from 1 January of the year 1."""
    epoch = 719_163
    return (day - epoch).cast(pl.Int32).cast(pl.Date).dt.year()


def _kinds() -> list[Check]:
    official = pl.col("kind") == "official record"
    at_second_hand = pl.col("said_by").str.contains(r"(?i)\bas (?:reported|told|quoted) by\b")
    return [
        Check(
            "S12",
            WARNING,
            "kind",
            official & at_second_hand,
            "This is called an official record, but somebody else reported it.",
            "Use the kind `reported`, or find the document itself.",
        ),
        Check(
            "S12",
            WARNING,
            "confidence",
            official & pl.col("confidence").is_in(["inferred", "unconfirmed"]),
            "This is called an official record, but the document was not read.",
            "Read the document, or use the kind `reported`.",
        ),
    ]


def _numbers() -> list[Check]:
    number = pl.col("value").str.contains(r"^[0-9][0-9,.]*$") & pl.col("bound").is_null()
    said = [
        _WORDS.str.to_lowercase().str.contains(
            pl.concat_str(pl.lit(f"{words} "), pl.lit(sign), "value"), literal=True
        )
        for words in _BOUNDED
        for sign in ("", "£")
    ]
    return [
        Check(
            "S13",
            WARNING,
            "bound",
            number & pl.any_horizontal(said),
            "The words say that the number is not exact, and the value does not.",
            "Give in bound how it is meant: at least, more than, about, at most or fewer than.",
        )
    ]


def _findings() -> list[Check]:
    judged = pl.col("subject_kind").is_in(["inspection", "review"]) & pl.col("theme").is_not_null()
    return [
        Check(
            "S14",
            WARNING,
            "found",
            judged & pl.col("found").is_null(),
            "This gives subjects of a finding, but not whether it was a strength or a weakness. It is not counted.",
            "Give in found: strength, weakness or mixed.",
        )
    ]


_TOGETHER = (
    ("note", "noted_on", "A note has no date.", "Give in noted_on the day it was written."),
    ("our_finding", "note", "A finding of ours has no reason.", "Give the reason in note."),
    ("quotation", "source_place", "A quotation has no place.", "Give its page or paragraph in source_place."),
    (
        "known_from",
        "known_because",
        "Nothing says why this was public from then.",
        "Say it in known_because.",
    ),
)


def _notes() -> list[Check]:
    return [
        Check("S15", REFUSED, needed, pl.col(name).is_not_null() & pl.col(needed).is_null(), says, do)
        for name, needed, says, do in _TOGETHER
    ]
