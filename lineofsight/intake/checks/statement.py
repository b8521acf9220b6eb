"""The checks of a statement: that it has a source, that its days can be, and that it harms nobody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

from lineofsight.intake.checks.attribution import attribution_checks
from lineofsight.intake.delivery import Context
from lineofsight.intake.finding import REFUSED, WARNING, Check, found
from lineofsight.record.entry import ATTESTED
from lineofsight.record.schema import Column, Kind
from lineofsight.record.tables.statement import STATEMENT
from lineofsight.vocabulary.codes import code_set
from lineofsight.vocabulary.days import read_period
from lineofsight.vocabulary.moments import microseconds, start_of

CODED = tuple(column.name for column in STATEMENT.columns if column.codes)
"""The fields that take codes, whatever their letters' case."""

MOST_CHARACTERS = 4_000
"""The longest a field of a statement may be."""

WRITTEN_DAYS = tuple(column.name for column in STATEMENT.columns if column.kind is Kind.PERIOD)
"""The fields in which a day, a month or a year is written."""

_OPEN = "open"


def with_days(rows: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Rows with the days their written days mean, the days they speak about, and their attested moment.

    `about_from` empty means the day it was said; `about_to` empty means as far as `about_from`
    reaches; a month or a year means all of it. A statement became known on the day its source was
    published or, where that is less exact, the last day it can have been said (London).
    """
    rows = rows.with_columns(
        pl.col("confidence").fill_null("unconfirmed"),
        pl.when(pl.col("subject_kind") == "post")
        .then(pl.col("terms").fill_null("not stated"))
        .otherwise(pl.col("terms")),
    )
    for name in WRITTEN_DAYS:
        rows = _tabulated(rows, name)
    runs = (pl.col("about_to").str.to_lowercase() == _OPEN).fill_null(False)
    begun = pl.coalesce("_about_from_first", "_said_on_first")
    until = pl.coalesce("_about_to_last", "_about_from_last", "_said_on_last") + 1
    return rows.with_columns(
        begun.cast(pl.Int32).alias("begun_on"),
        pl.when(~runs).then(until).cast(pl.Int32).alias("ended_on"),
    ).pipe(_attested, context)


def _tabulated(rows: pl.DataFrame, name: str) -> pl.DataFrame:
    """A written day's first and last day, worked out once for each different text: few are written many times."""
    first, last = f"_{name}_first", f"_{name}_last"
    texts = rows[name].drop_nulls().unique().to_list()
    if not texts:
        return rows.with_columns(pl.lit(None, pl.Int32).alias(first), pl.lit(None, pl.Int32).alias(last))
    periods = [read_period(text) for text in texts]
    firsts = [period.first.toordinal() if period else None for period in periods]
    lasts = [period.last.toordinal() if period else None for period in periods]
    schema = {name: pl.String, first: pl.Int32, last: pl.Int32}
    table = pl.DataFrame({name: texts, first: firsts, last: lasts}, schema=schema)
    return rows.join(table, on=name, how="left", maintain_order="left")


def _attested(rows: pl.DataFrame, context: Context) -> pl.DataFrame:
    """The moment each statement became known: the start of its public day, never after its receipt.

    The public day is the last of `known_from`, where somebody has shown one. Else it is worked out.
    """
    said, source = pl.col("_said_on_last"), pl.col("_source_date_last")
    source_holds_said = (pl.col("_source_date_first") <= pl.col("_said_on_first")) & (source >= said)
    said_holds_source = (pl.col("_said_on_first") <= pl.col("_source_date_first")) & (said >= source)
    finer = pl.when(source_holds_said).then(said).when(said_holds_source).then(source)
    worked_out = finer.otherwise(pl.max_horizontal(said, source))
    public = pl.coalesce("_known_from_last", worked_out)
    rows = rows.with_columns(public.alias("_public"))
    days = rows["_public"].drop_nulls().unique()
    moments = [min(microseconds(start_of(date.fromordinal(day))), context.received_us) for day in days]
    table = pl.DataFrame(
        {"_public": days, ATTESTED: moments}, schema={"_public": pl.Int32, ATTESTED: pl.Int64}
    )
    return rows.join(table, on="_public", how="left", maintain_order="left").with_columns(
        pl.col(ATTESTED).fill_null(context.received_us)
    )


def check(rows: pl.DataFrame, context: Context) -> tuple[pl.DataFrame, int, list[pl.DataFrame]]:
    """The rows that pass, how many were refused, and every finding."""
    all_checks = [*_missing(), *_unknown_codes(), *_days(context), *attribution_checks(), *_harm(), *_links()]
    flags = rows.select(c.broken.fill_null(False).alias(str(at)) for at, c in enumerate(all_checks))
    findings = [
        found(c, rows.filter(flags[str(at)]), STATEMENT.name, pl.col("id"))
        for at, c in enumerate(all_checks)
        if flags[str(at)].any()
    ]
    refusing = [str(at) for at, c in enumerate(all_checks) if c.severity == REFUSED]
    refused = flags.select(pl.any_horizontal(refusing)).to_series()
    return rows.filter(~refused), int(refused.sum()), findings


def _missing() -> list[Check]:
    required = [c.name for c in STATEMENT.columns if c.required and c.name not in ("begun_on", "confidence")]
    missing = [
        Check("S01", REFUSED, n, pl.col(n).is_null(), f"This statement has no {n}.", _need(n))
        for n in required
    ]
    not_found = (pl.col("kind") == "not found") & pl.col("looked_in").is_null()
    no_address = ~pl.col("id").str.contains(r"^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$")
    too_long = [
        Check(
            "S04",
            REFUSED,
            column.name,
            pl.col(column.name).str.len_chars() > MOST_CHARACTERS,
            f"The {column.name} is longer than 4,000 characters.",
            "Shorten it. The source has the rest.",
        )
        for column in STATEMENT.columns
        if column.kind is not Kind.DAY
    ]
    return [
        *missing,
        Check(
            "S02",
            REFUSED,
            "looked_in",
            not_found,
            "This statement says that something was not found, but not where it was looked for.",
            "Say in looked_in where it was looked for.",
        ),
        Check(
            "S03",
            REFUSED,
            "id",
            no_address,
            "The id cannot be part of a web address.",
            "Use letters, digits, full stops, hyphens and underscores, 80 at most.",
        ),
        *too_long,
    ]


def _need(name: str) -> str:
    if name.startswith("source_"):
        return "Add its source: who published it and under what title. A statement without a source is not taken."
    return f"Add its {name}."


def _unknown_codes() -> list[Check]:
    checks = []
    for column in (STATEMENT.column(name) for name in CODED):
        codes = list(code_set(column.codes or ""))
        says, do = f"The {column.name} is not a known code.", f"Use one of: {', '.join(codes)}."
        checks.append(Check("S05", REFUSED, column.name, _not_in(column, codes), says, do))
    return checks


def _not_in(column: Column, codes: Sequence[str]) -> pl.Expr:
    """Whether a cell holds something other than the codes of its set."""
    if column.kind is Kind.LIST:
        parts = pl.col(column.name).str.split(column.separator)
        return ~parts.list.eval(pl.element().is_in(codes)).list.all()
    return ~pl.col(column.name).is_in(codes)


_NOT_AHEAD = {
    "said_on": "This was said on a day after the delivery was received.",
    "source_date": "The source is dated after the delivery was received.",
    "known_from": "This is known from a day after the delivery was received.",
    "noted_on": "The note is dated after the delivery was received.",
}


def _days(context: Context) -> list[Check]:
    received = context.received_on.toordinal()
    not_open = pl.col("about_to").str.to_lowercase() != _OPEN
    cannot = [
        Check(
            "S06",
            REFUSED,
            name,
            pl.col(name).is_not_null()
            & pl.col(f"_{name}_first").is_null()
            & (not_open if name == "about_to" else pl.lit(True)),
            f"The {name} cannot be read as a day, month or year.",
            "Write 2018-10-17, 2018-10 or 2018.",
        )
        for name in WRITTEN_DAYS
    ]
    return [
        *cannot,
        *(
            Check(
                "S07",
                REFUSED,
                n,
                pl.col(f"_{n}_first") > received,
                says,
                f"Correct {n}, or the time of receipt.",
            )
            for n, says in _NOT_AHEAD.items()
        ),
        Check(
            "S08",
            REFUSED,
            "about_to",
            pl.col("ended_on") <= pl.col("begun_on"),
            "This statement ends before it begins.",
            "Correct about_from or about_to.",
        ),
        Check(
            "S09",
            WARNING,
            "known_from",
            pl.col("_known_from_last") < pl.col("_said_on_first"),
            "This is known from a day before it was said.",
            "Check both dates.",
        ),
        Check(
            "S09",
            WARNING,
            "source_date",
            pl.col("_source_date_last") < pl.col("_said_on_first"),
            "The source is dated before this was said.",
            "Check both dates.",
        ),
    ]


_OWN_WORDS = tuple(column.name for column in STATEMENT.columns if column.own_words)
"""The fields in which somebody might be identified."""

# A code is one or two letters, or three capitals, and perhaps a number: three small letters may be a name.
_CODE = r"(?:Child |Family |Adult |Review |SCR |LCSPR )?(?:[A-Z][A-Za-z]?|[A-Z]{3})[0-9]{0,4}"
_REVIEW_CODE = rf"^{_CODE}(?:(?:, | and ){_CODE})*$"
_PRIVATE = (
    r"(?i)\b(?:date of birth|born on|nhs number|national insurance|upn)\b|\b\d{3}[ -]?\d{3}[ -]?\d{4}\b"
)
_ABOUT_A_FAMILY = r"(?i)\b(?:aged? (?:\d|one|two|three|four|five|six|seven)|\w+[- ](?:year|month|week)s?[- ]old|mother|father|step(?:father|mother|son|daughter|brother|sister|parent|child)|sibling|brother|sister|boyfriend|girlfriend|murder\w*|killed|baby|toddler|boy|girl|home address)\b"
_HEALTH = r"(?i)\b(?:illness|ill health|sick(?:ness)?|cancer|surgery|hospital|pregnan\w+|maternity|paternity|stress|depress\w+|divorce|bereave\w+|family reasons)\b"


def _harm() -> list[Check]:
    """Statements that would tell more of a person than the public has a right to (product: 'Never')."""
    words = pl.concat_str(_OWN_WORDS, separator=" ", ignore_nulls=True)
    money = pl.col("unit").str.starts_with("GBP").fill_null(False)  # whose sums are as long as an NHS number
    review = pl.col("subject_kind") == "review"
    post = (pl.col("subject_kind") == "post") | pl.col("holder").is_not_null()
    return [
        Check(
            "P01",
            REFUSED,
            "subject",
            ~pl.when(review).then(pl.col("subject")).str.contains(_REVIEW_CODE),
            "The subject of a review must be its public code and nothing else.",
            "Give the code, such as Child Ak, and nothing that identifies anyone.",
        ),
        Check(
            "P02",
            REFUSED,
            "says",
            pl.when(~money).then(words).str.contains(_PRIVATE),
            "This statement contains a number or a date that identifies a person.",
            "Remove it. A statement must not identify a child, parent or patient.",
        ),
        Check(
            "P03",
            REFUSED,
            "says",
            pl.when(review).then(words).str.contains(_ABOUT_A_FAMILY),
            "This statement says more about a reviewed case than its code.",
            "Say what was reviewed, decided or published, not who it was about.",
        ),
        Check(
            "P04",
            REFUSED,
            "says",
            pl.when(post).then(words).str.contains(_HEALTH),
            "This statement mentions an office-holder's health or private life.",
            "Say that they were absent, or leave the reason out.",
        ),
    ]


def _links() -> list[Check]:
    kept, broken = (pl.col(name).str.split(" ") for name in ("keeps", "breaks"))
    return [
        Check(
            "L01",
            WARNING,
            "keeps",
            kept.list.set_intersection(broken).list.len() > 0,
            "This statement says that the same promise was both kept and broken.",
            "Remove it from keeps or from breaks.",
        ),
    ]
