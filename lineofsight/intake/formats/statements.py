"""Statements as a person can write them: YAML, CSV, JSON or JSON Lines (docs/how-to/write-statements.md)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from lineofsight.intake.checks import statement as checks
from lineofsight.intake.delivery import Context, NamedBytes, Reading
from lineofsight.intake.finding import FILE, NOTE, REFUSED, ROW, WARNING, file_finding
from lineofsight.intake.formats.spreadsheet_text import read_csv
from lineofsight.intake.formats.written_lists import ENDINGS, as_text, cells, read_list
from lineofsight.record.arrow import ATTESTED
from lineofsight.record.tables.statement import RELATIONS, STATEMENT
from lineofsight.vocabulary.refusal import Refused

WORKED_OUT = ("begun_on", "ended_on")
"""Columns that intake works out and nobody writes."""

WRITTEN = tuple(name for name in STATEMENT.names if name not in WORKED_OUT)
"""The fields a person writes."""

_JOINERS = {"theme": "; "}
_LISTS = ("topic", *RELATIONS)


def reads(file: NamedBytes) -> bool:
    """Whether a file, by its name, may hold statements."""
    return file.name.lower().rpartition(".")[2] in (*ENDINGS, "csv")


def read(files: Sequence[NamedBytes], context: Context) -> Reading:
    """Read the statements of a delivery; refuses one in which no file can hold any."""
    ours = [file for file in files if reads(file)]
    if not ours:
        name = files[0].name if files else "The delivery"
        raise Refused(f"{name!r} is not a statements file; give YAML, CSV, JSON or JSON Lines (ending .yaml, .csv, …).")
    others = [_not_read(file) for file in files if not reads(file)]
    parts = [_sheet(file) if file.name.lower().endswith(".csv") else _list(file) for file in ours]
    rows = pl.concat([part for part, _, _ in parts], how="diagonal")
    broken = sum(count for _, count, _ in parts)
    findings = [*others, *(finding for _, _, some in parts for finding in some)]
    return _reading(_normal(rows), broken, findings, context)


def _not_read(file: NamedBytes) -> pl.DataFrame:
    return file_finding("F03", NOTE, file.name, "The file was kept but not read.", "Nothing, unless it held statements.")


_Part = tuple[pl.DataFrame, int, list[pl.DataFrame]]
"""One file's rows as text, how many of its rows never became one, and what was found."""


def _sheet(file: NamedBytes) -> _Part:
    sheet = read_csv(file)
    names = {name: _field(name) for name in sheet.rows.columns if not name.startswith("_")}
    rows = sheet.rows.rename(names)
    known, findings = _known(file, rows.columns)
    return rows.select(*known, FILE, ROW), sheet.broken, [*sheet.findings, *findings]


def _field(name: str) -> str:
    return name.strip().lower().replace(" ", "_").replace("-", "_")


def _known(file: NamedBytes, names: Sequence[str]) -> tuple[list[str], list[pl.DataFrame]]:
    known = [name for name in WRITTEN if name in names]
    if not {"id", "says"} <= set(known):
        raise Refused(f"{file.name!r} has no columns id and says, so it is not a statements file; see the heading it needs.")
    return known, [_unknown(file, name) for name in names if name not in WRITTEN and not name.startswith("_")]


def _unknown(file: NamedBytes, name: str) -> pl.DataFrame:
    says = f"The field {name[:40]!r} is not one of a statement; it was kept in the delivery but not read."
    return file_finding("F04", WARNING, file.name, says, "Correct its name, or take it out.")


def _list(file: NamedBytes) -> _Part:
    items = read_list(file, "statements")
    rows, findings, strange = [], [], dict[str, None]()
    for number, item in enumerate(items, 1):
        if isinstance(item, dict):
            rows.append(_row(item, number, strange))
        else:
            findings.append(_not_a_statement(file, number))
    findings += [_unknown(file, name) for name in strange]
    schema = {**dict.fromkeys(WRITTEN, pl.String), ROW: pl.Int64}
    frame = pl.DataFrame(rows, schema=schema, orient="row").with_columns(pl.lit(file.name).alias(FILE))
    return frame, len(items) - len(rows), findings


def _row(item: dict[Any, Any], number: int, strange: dict[str, None]) -> list[str | int | None]:
    said = {name: as_text(value, _JOINERS.get(name, " ")) for name, value in cells(item)}
    strange.update(dict.fromkeys(name for name in said if name not in WRITTEN))
    return [*(said.get(name) for name in WRITTEN), number]


def _not_a_statement(file: NamedBytes, number: int) -> pl.DataFrame:
    return file_finding(
        "F05", REFUSED, file.name, "This item is not a statement with fields.", "Write it as `- id: …`.", row=number
    )


def _normal(rows: pl.DataFrame) -> pl.DataFrame:
    """Every written field present, edge spaces off, empty cells nothing, lists parted by single spaces."""
    missing = [pl.lit(None, pl.String).alias(name) for name in WRITTEN if name not in rows.columns]
    whole = rows.with_columns(missing)
    text = [pl.col(name).str.strip_chars().alias(name) for name in WRITTEN]
    lists = [pl.col(name).str.replace_all(r"[,;\s]+", " ").str.strip_chars() for name in _LISTS]
    codes = [pl.col(name).str.to_lowercase() for name in checks.CODED]
    empty = [pl.when(pl.col(name) != "").then(pl.col(name)).alias(name) for name in WRITTEN]
    return whole.with_columns(text).with_columns(lists).with_columns(codes).with_columns(empty)


def _reading(rows: pl.DataFrame, broken: int, findings: list[pl.DataFrame], context: Context) -> Reading:
    timed = checks.with_days(rows, context)
    passed, refused, said = checks.check(timed, context)
    names = [*STATEMENT.names, ATTESTED, FILE, ROW]
    return Reading(
        rows={STATEMENT.name: passed.select(names)},
        present={STATEMENT.name: rows.select("id").unique()},
        received=rows.height + broken,
        quarantined=refused + broken,
        findings=[*findings, *said],
    )
