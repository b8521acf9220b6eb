"""A live worklist: who is said to hold which child, a line each, its columns named in the source's settings."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from lineofsight.intake.case_rows import broken_keys, case_rows, refused_rows
from lineofsight.intake.delivery import Context, NamedBytes, Reading
from lineofsight.intake.finding import FILE, NOTE, ROW, file_finding
from lineofsight.intake.format import Format
from lineofsight.intake.formats.spreadsheet_text import SHEETS, Sheet, not_loaded, read_csv, unknown_column
from lineofsight.record.tables.workers import INVOLVEMENT
from lineofsight.vocabulary.refusal import Refused


def read(files: Sequence[NamedBytes], context: Context) -> Reading:
    """Read worklists; refuses a delivery in which no file is a CSV with a column for the child."""
    findings: list[pl.DataFrame] = []
    texts: list[pl.DataFrame] = []
    broken: list[list[str]] = []
    whys: list[str] = []
    cut_off = False
    for file in files:
        if not FORMAT.takes(file):
            says = "The file was stored but not read: a worklist is a CSV file."
            findings.append(
                file_finding("F03", NOTE, file.name, says, "Nothing, unless it holds a worklist.")
            )
            continue
        try:
            sheet = read_csv(file)
            texts.append(_named(file, sheet, context))
        except Refused as refused:
            whys.append(str(refused))
            findings.append(not_loaded(file, refused))
            cut_off = True
            continue
        findings += [*sheet.findings, *_unknown_columns(file, sheet, context)]
        broken += sheet.broken
        cut_off = cut_off or sheet.cut_off
    if not texts:
        whys.append("No file of this delivery is a CSV. A worklist is a CSV with a line of headings.")
        raise Refused(whys[0])
    return _reading(texts, broken, findings, context, cut_off=cut_off)


def _mapping(context: Context) -> dict[str, str]:
    """Their name in small letters → our column."""
    mapped = context.columns
    return {mapped.get(ours, ours).strip().lower(): column for ours, column in FORMAT.columns.items()}


def _named(file: NamedBytes, sheet: Sheet, context: Context) -> pl.DataFrame:
    mapping = _mapping(context)
    columns = {
        mapping[name.strip().lower()]: name
        for name in reversed(sheet.rows.columns)
        if name.strip().lower() in mapping
    }
    if "child" not in columns:
        wanted = context.columns.get("child", "child")
        raise Refused(
            f"{file.name!r} has no column {wanted[:40]!r} for the child; name theirs under [columns] in the source's settings."
        )
    named = sheet.rows.select(pl.col(theirs).alias(ours) for ours, theirs in columns.items())
    return named.with_columns(pl.lit(file.name).alias(FILE), sheet.places.alias(ROW))


def _unknown_columns(file: NamedBytes, sheet: Sheet, context: Context) -> list[pl.DataFrame]:
    mapping, do = _mapping(context), "Name it under [columns] in the source's settings, or remove it."
    return [
        unknown_column(file, name, "a worklist", do)
        for name in sheet.rows.columns
        if name.strip().lower() not in mapping
    ]


def _reading(
    texts: list[pl.DataFrame],
    broken: list[list[str]],
    findings: list[pl.DataFrame],
    context: Context,
    *,
    cut_off: bool,
) -> Reading:
    made = case_rows(INVOLVEMENT, pl.concat(texts, how="diagonal"), context, inclusive=context.ends_inclusive)
    present = [*made.present, *broken_keys(INVOLVEMENT, broken)]
    return Reading(
        rows={INVOLVEMENT.name: made.rows},
        present={INVOLVEMENT.name: present},
        received=made.rows.height + made.refused + len(broken),
        quarantined=made.refused + len(broken),
        findings=[*findings, *made.findings],
        unlimited=frozenset({INVOLVEMENT.name}) if cut_off else frozenset(),
        refused_rows=refused_rows({INVOLVEMENT.name: made}, {INVOLVEMENT.name: len(broken)}),
    )


FORMAT = Format(
    name="worklist",
    title="Worklist",
    read=read,
    endings=SHEETS,
    is_case=True,
    columns={
        "child": "child",
        "worker": "worker",
        "team": "team",
        "role": "role",
        "start": "begun_on",
        "end": "ended_on",
        "referral": "referral",
    },
)
