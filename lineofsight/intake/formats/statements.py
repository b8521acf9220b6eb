"""Statements as a person can write them: YAML, CSV, JSON or JSON Lines (docs/how-to/write-statements.md)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from lineofsight.intake.cells import plain_cells
from lineofsight.intake.checks import statement as checks
from lineofsight.intake.days_as_written import read_written_day
from lineofsight.intake.delivery import Context, NamedBytes, Reading
from lineofsight.intake.evidence import check_evidence
from lineofsight.intake.finding import FILE, NOTE, REFUSED, ROW, WARNING, file_finding
from lineofsight.intake.format import Format
from lineofsight.intake.formats.pdf_text import is_pdf
from lineofsight.intake.formats.written_lists import NotText, Twice, fields_of, read_list
from lineofsight.intake.limits import LISTS
from lineofsight.intake.order_of_days import in_one_order
from lineofsight.intake.sheets.delimited import read_csv
from lineofsight.intake.sheets.layout import Expected
from lineofsight.intake.unpacking import EVIDENCE
from lineofsight.record.entry import ATTESTED
from lineofsight.record.schema import Kind
from lineofsight.record.tables.statement import STATEMENT
from lineofsight.vocabulary.codes import code_set
from lineofsight.vocabulary.refusal import Refused

WORKED_OUT = STATEMENT.days
"""Columns that intake works out and nobody writes."""

WRITTEN = tuple(name for name in STATEMENT.names if name not in WORKED_OUT)
"""The fields a person writes."""

_AS_IT_STANDS = r"^\d{4}(?:-\d{2}(?:-\d{2})?)?$|^\d+(?:\.\d+)?$|^\d{1,2}[/.-]\d{1,2}[/.-]\d{2}\b"
"""A day, a month or a year as the record writes them; and what a statement may not leave to guessing: a year of
two figures, or a bare number."""
_AS_SAID = ("headline", "says", "value", "unit", "definition", "area", "quotation", "known_because", "note")
"""Fields that are kept to the letter: a value such as `-`, `c` or `n/a` says something of its own."""

_FIELDS = frozenset(WRITTEN)
_SEPARATORS = {column.name: column.separator for column in STATEMENT.columns if column.kind is Kind.LIST}
"""The fields that hold lists, and what stands between their parts."""


def read(files: Sequence[NamedBytes], context: Context) -> Reading:
    """Read the statements of a delivery; refuses one in which no file can hold any."""
    ours = [file for file in files if FORMAT.takes(file)]
    if not ours:
        name = files[0].name if files else "The delivery"
        raise Refused(
            f"{name!r} is not a statements file; give YAML, CSV, JSON or JSON Lines (ending .yaml, .csv, …)."
        )
    others = [_not_read(file) for file in files if not FORMAT.takes(file)]
    parts = [_sheet(file) if file.name.lower().endswith(".csv") else _list(file) for file in ours]
    return _reading(parts, others, context)


def _not_read(file: NamedBytes) -> pl.DataFrame:
    do = "Nothing, unless it holds statements."
    if file.name.lower().endswith(EVIDENCE):
        try:
            check_evidence(file.content)
        except Refused as refused:
            return file_finding(
                "F09",
                WARNING,
                file.name,
                "The file was stored, but it cannot be used as evidence.",
                str(refused),
            )
    if is_pdf(file.beginning(1024)):
        do = "Nothing, if it is evidence. An inspection report is read when it is loaded without statements."
    return file_finding("F03", NOTE, file.name, "The file was stored but not read.", do)


@dataclass(frozen=True)
class _Part:
    """What one file holds: its rows as text, how many never became one, which keys and kinds of subject those may bear,
    and what was found."""

    rows: pl.DataFrame
    broken: int
    keys: list[str]
    findings: list[pl.DataFrame]
    kinds: list[str]
    unusual: bool = True


def _name(heading: str) -> str:
    return re.sub("[ -]", "_", heading.strip().lower())


_EXPECTED = Expected("a statements file", lambda heading: _name(heading) in _FIELDS)


def _sheet(file: NamedBytes) -> _Part:
    sheet = read_csv(file, _EXPECTED)
    names = list(map(_name, sheet.rows.columns))
    known = _known(file, names)
    rows = sheet.rows.select(pl.nth(names.index(name)).alias(name) for name in known)
    placed = rows.with_columns(pl.lit(file.name).alias(FILE), sheet.places.alias(ROW))
    unknown = [_unknown(file, name) for name in names if name not in WRITTEN]
    placed, of_days = in_one_order(placed, checks.WRITTEN_DAYS, file.name)
    # A row that could not be split is in the delivery all the same, and any of its cells may be its key.
    keys = [cell for cells in sheet.broken for cell in cells]
    findings = [*sheet.findings, *unknown, *of_days]
    return _Part(placed, len(sheet.broken), keys, findings, keys, sheet.unusual)


def _known(file: NamedBytes, names: Sequence[str]) -> list[str]:
    known = [name for name in WRITTEN if name in names]
    if not {"id", "says"} <= set(known):
        raise Refused(
            f"{file.name!r} has no columns id and says, so it is not a statements file; see the heading it needs."
        )
    if any(names.count(name) > 1 for name in known):
        raise Refused(f"{file.name!r} names a column twice in its heading; take one of them out.")
    return known


def _unknown(file: NamedBytes, name: str) -> pl.DataFrame:
    says = f"The field {name[:40]!r} is not a field of a statement. It was stored but not read."
    return file_finding("F04", WARNING, file.name, says, "Correct its name, or remove it.")


def _list(file: NamedBytes) -> _Part:
    items = read_list(file, "statements")
    rows, keys, kinds, findings, strange = [], list[str](), list[str](), [], dict[str, None]()
    for number, item in enumerate(items, 1):
        try:
            said = fields_of(item, _SEPARATORS)
        except NotText as fault:
            id, kind = _field_of(item, "id"), _field_of(item, "subject_kind")
            keys += [id] if isinstance(id, str) else []
            kinds += [text for text in (kind if isinstance(kind, list) else [kind]) if isinstance(text, str)]
            findings.append(_not_a_statement(file, number, fault.says))
        else:
            strange.update(dict.fromkeys(said.keys() - _FIELDS))
            rows.append([*map(said.get, WRITTEN), number])
    findings += [_unknown(file, name) for name in sorted(strange)]
    schema = {**dict.fromkeys(WRITTEN, pl.String), ROW: pl.Int64}
    frame = pl.DataFrame(rows, schema=schema, orient="row").with_columns(pl.lit(file.name).alias(FILE))
    frame, of_days = in_one_order(frame, checks.WRITTEN_DAYS, file.name)
    return _Part(frame, len(items) - len(rows), keys, [*findings, *of_days], kinds)


def _field_of(item: Any, name: str) -> Any:
    """A field of an item that is no statement: it is in the delivery all the same."""
    said = item.first if isinstance(item, Twice) else item
    return said.get(name) if isinstance(said, dict) else None


def _not_a_statement(file: NamedBytes, number: int, says: str) -> pl.DataFrame:
    return file_finding(
        "F05", REFUSED, file.name, says, "Write it as `- id: …`, each field once.", row=number
    )


def _normal(rows: pl.DataFrame, *, unusual: bool) -> pl.DataFrame:
    """Every written field present, edge spaces off, empty cells nothing, lists parted by single spaces."""
    missing = [pl.lit(None, pl.String).alias(name) for name in WRITTEN if name not in rows.columns]
    plain = plain_cells(rows, [name for name in WRITTEN if name not in _AS_SAID], unusual=unusual)
    whole = plain.with_columns(missing)
    as_said = [pl.col(name).str.strip_chars().alias(name) for name in _AS_SAID]
    lists = [
        pl.col(name).str.replace_all(r"[,;\s]+", " ").str.strip_chars()
        if separator == " "
        else pl.col(name).str.replace_all(r"\s*;\s*", separator).str.strip_chars(separator)
        for name, separator in _SEPARATORS.items()
        if whole[name].null_count() < whole.height
    ]
    codes = [pl.col(name).str.to_lowercase() for name in checks.CODED]
    changed = (*_AS_SAID, *_SEPARATORS)
    empty = [pl.when(pl.col(name) != "").then(pl.col(name)).alias(name) for name in changed]
    clean = whole.with_columns(*as_said, *lists).with_columns(codes).with_columns(empty)
    return clean.with_columns(_as_iso(clean[name]) for name in checks.WRITTEN_DAYS)


def _as_iso(written: pl.Series) -> pl.Series:
    """Days as spreadsheets and systems write them, as ISO days; anything else as it stands (counting rule 1)."""
    others = written.filter(~written.str.contains(_AS_IT_STANDS).fill_null(True)).unique().to_list()
    days = {text: day.isoformat() for text in others if (day := read_written_day(text))}
    return written.replace(days) if days else written


def _reading(parts: list[_Part], others: list[pl.DataFrame], context: Context) -> Reading:
    unusual = any(part.unusual for part in parts)
    rows = _normal(pl.concat([part.rows for part in parts], how="diagonal"), unusual=unusual)
    broken = sum(part.broken for part in parts)
    keys = pl.Series("id", [key.strip() for part in parts for key in part.keys], pl.String)
    timed = checks.with_days(rows, context)
    passed, refused, said = checks.check(timed, context)
    names = [*STATEMENT.names, ATTESTED, FILE, ROW]
    kinds = {kind.strip().lower() for part in parts for kind in part.kinds} | set(rows["subject_kind"])
    return Reading(
        rows={STATEMENT.name: passed.select(names)},
        present={STATEMENT.name: [pl.concat([rows["id"], keys]).drop_nulls().unique().to_frame()]},
        received=rows.height + broken,
        quarantined=refused + broken,
        findings=[*others, *(finding for part in parts for finding in part.findings), *said],
        subject_kinds=frozenset(kinds.intersection(code_set("subject_kind"))),
    )


FORMAT = Format(name="statements", title="Statements", read=read, endings=(*LISTS, ".csv"))
