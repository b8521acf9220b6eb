"""Rows of a case system's table: text → cells, days and keys, with a finding for whatever does not fit.

What is refused is in quarantine and yet present: the last accepted row of its key stands (rule 8).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from lineofsight.intake import unsure
from lineofsight.intake.days_as_written import days_of, written_early
from lineofsight.intake.delivery import Context, Reading
from lineofsight.intake.finding import FILE, NOTE, REFUSED, ROW, WARNING, Check, found, once
from lineofsight.intake.report import ReadingReport
from lineofsight.intake.values import read_values
from lineofsight.intake.whose import NAMED_BY
from lineofsight.record.entry import ATTESTED
from lineofsight.record.schema import Kind, Table
from lineofsight.record.tables import TABLES
from lineofsight.record.tables.refused_row import COUNTING_TABLES


def _no_rows() -> pl.DataFrame:
    return pl.DataFrame(schema={"child": pl.String, FILE: pl.String, ROW: pl.Int64})


@dataclass(frozen=True)
class CaseRows:
    """One table's rows as read: those that passed, what else is present, how many were refused, what was found."""

    rows: pl.DataFrame
    present: list[pl.DataFrame]
    refused: int
    findings: list[pl.DataFrame] = field(default_factory=list)
    refused_rows: pl.DataFrame = field(default_factory=_no_rows)
    """Of a table that counts children, the refused rows: their child where there is one, and their place."""


def case_rows(table: Table, texts: pl.DataFrame, context: Context, *, inclusive: bool) -> CaseRows:
    """Rows from a frame of plain cells (`cells.cleaned`) in the table's columns, with `_file` and `_row`."""
    texts, findings = read_values(table, texts)
    rows, bad = _with_days(table, texts)
    findings += _of_days(table, rows, bad)
    rows = _completed(table, rows)
    checks = [*_checks(table, bad), *unsure.checks_of(table, rows)]
    flags = rows.select(check.broken.fill_null(False).alias(str(at)) for at, check in enumerate(checks))
    key = pl.concat_str(table.key, separator="/", ignore_nulls=True)
    findings += [
        found(check, rows.filter(flags[str(at)]), table.name, key)
        for at, check in enumerate(checks)
        if flags[str(at)].any()
    ]
    refused = (
        flags.select(pl.any_horizontal(pl.all())).to_series()
        if checks
        else pl.repeat(False, rows.height, eager=True)
    )
    present = [*_present(table, rows, refused, bad), *unsure.keys_left(table, rows)]
    passed = rows.filter(~refused)
    if inclusive and table.ends:
        passed = passed.with_columns(pl.col(table.ends) + 1)
    passed = passed.with_columns(pl.lit(context.received_us, pl.Int64).alias(ATTESTED))
    whose = rows.filter(refused).select("child", FILE, ROW) if table.name in COUNTING_TABLES else _no_rows()
    return CaseRows(
        passed.select(*table.names, ATTESTED, FILE, ROW), present, int(refused.sum()), findings, whose
    )


_NOTHING = "_nothing_"
_FIRST = "_first_"


def _with_days(table: Table, rows: pl.DataFrame) -> tuple[pl.DataFrame, dict[str, pl.Series]]:
    """Rows with their days as ordinals, and for each column of days which could not be read."""
    bad = {}
    for name in table.days:
        days, unread, nothing = days_of(rows[name])
        first = nothing & written_early(rows[name]) if nothing.any() else nothing
        rows = rows.with_columns(
            days.cast(pl.Int32).alias(name), nothing.alias(_NOTHING + name), first.alias(_FIRST + name)
        )
        if unread.any():
            bad[name] = unread
    whole = [pl.col(c.name).cast(pl.Int64, strict=False) for c in table.columns if c.kind is Kind.WHOLE]
    return rows.with_columns(whole), bad


def _decides(table: Table) -> set[str]:
    """The columns of days without which a row cannot be placed."""
    return {name for name in (*table.key, table.begins, table.over) if name in table.days}


_READABLE = "Write it as 2019-10-08 or 08/10/2019."


def _of_days(table: Table, rows: pl.DataFrame, bad: dict[str, pl.Series]) -> list[pl.DataFrame]:
    """Findings about days that are no reason to refuse a row: one a column and file, with how many rows share it."""
    findings = []
    for name in table.days:
        meaning = table.column(name).says.capitalize()
        if rows[_NOTHING + name].any():
            says = (
                f"{meaning} is the first or last day that a computer knows, such as 1 January 1900 or 31 December 9999{{}}. "
                "It was read as no day."
            )
            severity = WARNING if name == table.over and bool(rows[_FIRST + name].any()) else NOTE
            check = Check("D02", severity, name, pl.lit(True), says, "Nothing, unless a real day was meant.")
            findings.append(once(table, rows.filter(_NOTHING + name), check))
        if name in bad and name not in _decides(table):
            says = f"{meaning} cannot be read as a day{{}}. It was left out."
            check = Check("D03", WARNING, name, pl.lit(True), says, _READABLE)
            findings.append(once(table, rows.filter(bad[name]), check))
    return findings


def _completed(table: Table, rows: pl.DataFrame) -> pl.DataFrame:
    """What a table works out for itself from its own cells."""
    if table.name == "involvement":
        return rows.with_columns(pl.when(pl.col("worker").is_null()).then(pl.col("team")).alias("team_alone"))
    if table.name == "episode":
        made = pl.concat_str("child", pl.lit("@"), pl.col("begun_on").cast(pl.String).fill_null(""))
        return rows.with_columns(pl.coalesce("referral", made).alias("referral"))
    return rows


def _checks(table: Table, bad: dict[str, pl.Series]) -> list[Check]:
    checks = []
    for name in (column.name for column in table.columns if column.required):
        says, do = f"This row has no {name} ID.", f"Add the {name} ID and load the row again."
        if table.name in NAMED_BY and name == "child":
            says = "This row has no child ID, and nothing in this delivery says whose plan or period of care it belongs to."
        elif table.name in NAMED_BY:
            says = (
                "This row has no care ID, and its day is in no period of care of its child in this delivery."
            )
        checks.append(Check("C01", REFUSED, name, pl.col(name).is_null(), says, do))
    if table.name in ("involvement", "placement"):
        other = "referral" if table.name == "involvement" else "care"
        nobody = pl.col("child").is_null() & pl.col(other).is_null()
        says = f"This row has neither a child ID nor a {other} ID."
        checks.append(Check("C02", REFUSED, "child", nobody, says, "Add one of the two."))
    if table.name == "case_limit":
        says = "This row has no limit of cases that is a whole number."
        do = "Write how many cases the worker may have, such as 12."
        checks.append(Check("C03", REFUSED, "limit", pl.col("limit").is_null(), says, do))
    for name, unread in bad.items():
        if name in _decides(table):
            says = f"{table.column(name).says.capitalize()} cannot be read as a day."
            checks.append(Check("D01", REFUSED, name, pl.lit(unread), says, _READABLE))
    if table.begins and table.ends:
        backwards = pl.col(table.ends) < pl.col(table.begins)
        says = "This row ends before it begins."
        checks.append(Check("D04", REFUSED, table.ends, backwards, says, "Correct one of the two dates."))
    return checks


def _present(
    table: Table, rows: pl.DataFrame, refused: pl.Series, bad: dict[str, pl.Series]
) -> list[pl.DataFrame]:
    """The keys of all rows; where part of a refused row's key could not be read, what is left of the key."""
    unreadable = [name for name in table.key if name in bad]
    whole = (
        pl.Series([True]).new_from_index(0, rows.height) if rows.height else pl.Series([], dtype=pl.Boolean)
    )
    for name in unreadable:
        whole = whole & ~bad[name]
    keys = [(rows if whole.all() else rows.filter(whole)).select(table.key)]
    left = [name for name in table.key if name not in unreadable]
    if unreadable and left:
        keys.append(rows.filter(~whole & refused).select(left).unique())
    return keys


def reading_of(
    made: Mapping[str, CaseRows],
    findings: Sequence[pl.DataFrame],
    *,
    broken: Mapping[str, Sequence[Sequence[str]]] | None = None,
    unsplit: int = 0,
    unlimited: frozenset[str] = frozenset(),
    report: ReadingReport | None = None,
    lists: frozenset[str] = frozenset(),
) -> Reading:
    """The reading that tables' rows make. `findings`: those about the files; each table brings those about its rows.

    `broken`: by table the cells of the rows that could not be split; `unsplit`: how many more could not be,
    of which no table can be told.
    """
    broken = broken or {}
    refused = sum(one.refused for one in made.values()) + sum(map(len, broken.values())) + unsplit
    return Reading(
        rows={name: one.rows for name, one in made.items()},
        present={
            name: [*one.present, *_broken_keys(TABLES[name], broken.get(name, ()))]
            for name, one in made.items()
        },
        received=sum(one.rows.height for one in made.values()) + refused,
        quarantined=refused,
        findings=[*findings, *(finding for one in made.values() for finding in one.findings)],
        unlimited=unlimited,
        refused_rows=_refused_rows(made, broken),
        lists=lists,
        report=report or ReadingReport(),
    )


def _refused_rows(
    made: Mapping[str, CaseRows], broken: Mapping[str, Sequence[Sequence[str]]]
) -> dict[str, pl.DataFrame]:
    """The refused rows of each table that counts children; of the rows that could not be split, nothing but how many."""
    found = {}
    for name in sorted(COUNTING_TABLES & made.keys()):
        unsplit = pl.DataFrame({"child": [None] * len(broken.get(name, ()))}, schema={"child": pl.String})
        found[name] = pl.concat([made[name].refused_rows, unsplit], how="diagonal")
    return found


def _broken_keys(table: Table, broken: Sequence[Sequence[str]]) -> list[pl.DataFrame]:
    """Of rows that could not be split any cell may be the key: rows of whatever they name are present."""
    cells = sorted({cell.strip() for row in broken for cell in row if cell.strip()})
    names = (table.key[0], "referral") if table.name == "involvement" else (table.key[0],)
    return [pl.DataFrame({name: cells}, schema={name: pl.String}) for name in names] if cells else []
