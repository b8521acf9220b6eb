"""The Standard Safeguarding Dataset as CSVs, one a table, in a zip or a folder (docs/how-to/deliver-case-records.md)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import polars as pl

from lineofsight.intake.case_rows import CaseRows, broken_keys, case_rows, refused_rows
from lineofsight.intake.delivery import Context, NamedBytes, Reading
from lineofsight.intake.finding import FILE, NOTE, ROW, WARNING, file_finding
from lineofsight.intake.format import Format
from lineofsight.intake.formats.spreadsheet_text import SHEETS, Sheet, not_loaded, read_csv, unknown_column
from lineofsight.intake.formats.ssd_columns import SSD_TABLES, SsdTable
from lineofsight.record.tables import TABLES
from lineofsight.vocabulary.refusal import Refused

_BY_NAME = {name: one for one in SSD_TABLES for name in one.files}


@dataclass
class _Part:
    """What the files of one table hold."""

    ssd: SsdTable
    texts: list[pl.DataFrame] = field(default_factory=list)
    broken: list[list[str]] = field(default_factory=list)
    cut_off: bool = False
    keyless: bool = False


def table_of(name: str) -> SsdTable | None:
    """The table whose file bears that name: whatever its folder, schema, date or letters' case."""
    stem = re.split(r"[/\\]", name)[-1].lower()
    if not stem.endswith(SHEETS):
        return None
    stem = stem.rpartition(".")[0].rpartition(".")[2].strip().replace("-", "_").replace(" ", "_")
    stem = re.sub(r"_?\d[\d_t]*$", "", re.sub(r"^.*?ssd_", "", stem))
    return _BY_NAME.get(stem)


def read(files: Sequence[NamedBytes], context: Context) -> Reading:
    """Read every file that is one of the dataset's tables; refuses a delivery in which none can be read."""
    parts: dict[str, _Part] = {}
    ours = [(file, ssd) for file in files if (ssd := table_of(file.name))]
    findings = [_not_read(file) for file in files if table_of(file.name) is None]
    with ThreadPoolExecutor(max_workers=2) as two:  # splitting lets go of the interpreter
        for (file, ssd), sheet in zip(ours, two.map(_sheet, (file for file, _ in ours)), strict=True):
            findings += _take(file, sheet, parts.setdefault(ssd.table, _Part(ssd)))
    read_parts = {name: part for name, part in sorted(parts.items()) if part.texts}
    if not read_parts:
        raise Refused(
            "No file of this delivery can be read as a table of the Standard Safeguarding Dataset; give CSVs named as "
            "its tables are, such as ssd_involvements.csv, in a folder or a zip."
        )
    return _reading(read_parts, findings, context)


def _not_read(file: NamedBytes) -> pl.DataFrame:
    says = "The file was stored but not read: its name is not the name of a table."
    do = "Nothing, unless it holds a table. If it does, name it as the dataset does."
    return file_finding("F03", NOTE, file.name, says, do)


def _sheet(file: NamedBytes) -> Sheet | Refused:
    try:
        return read_csv(file)
    except Refused as refused:
        return refused


def _take(file: NamedBytes, sheet: Sheet | Refused, part: _Part) -> list[pl.DataFrame]:
    """Add a file to its table; one that cannot be split says nothing and takes nothing away."""
    if isinstance(sheet, Refused):
        return [not_loaded(file, sheet)]
    named, said = _named(file, sheet, part.ssd)
    part.texts.append(named.with_columns(pl.lit(file.name).alias(FILE), sheet.places.alias(ROW)))
    part.broken += sheet.broken
    part.cut_off = part.cut_off or sheet.cut_off
    findings = [*sheet.findings, *said]
    if sheet.cut_off:
        says = (
            "The last line has too few cells, so the file may have been cut off. "
            "No row was withdrawn for being absent from it."
        )
        findings.append(file_finding("F08", WARNING, file.name, says, "Load the whole file."))
    return findings


def _named(file: NamedBytes, sheet: Sheet, ssd: SsdTable) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """The file's columns under our names, and a finding for each that is not one of the table's or is missing."""
    theirs = {name.strip().lower(): name for name in reversed(sheet.rows.columns)}
    chosen = {
        ours: next((theirs[name] for name in names if name in theirs), None)
        for ours, names in ssd.columns.items()
    }
    texts = sheet.rows.select(pl.col(name).alias(ours) for ours, name in chosen.items() if name)
    known = {name for names in ssd.columns.values() for name in names} | set(ssd.unread)
    findings = [
        unknown_column(file, name, "this table")
        for name in sheet.rows.columns
        if name.strip().lower() not in known
    ]
    for ours, name in chosen.items():
        if name is None and ours != "left_on":
            says = f"The file has no column {ssd.columns[ours][0]}, so the record has nothing for it."
            do = "Nothing, if the system does not hold it. Otherwise add the column."
            findings.append(file_finding("F05", NOTE, file.name, says, do))
    return texts, findings


def _reading(parts: dict[str, _Part], findings: list[pl.DataFrame], context: Context) -> Reading:
    made: dict[str, CaseRows] = {}
    for name, part in parts.items():
        texts = pl.concat(part.texts, how="diagonal")
        part.keyless = not set(TABLES[name].key[:1]) & set(texts.columns) and name != "involvement"
        made[name] = case_rows(TABLES[name], texts, context, inclusive=context.ends_inclusive)
        part.texts = []
        if part.broken:
            made[name].present.extend(broken_keys(TABLES[name], part.broken))
    rows = _with_children({name: one.rows for name, one in made.items()})
    broken = sum(len(part.broken) for part in parts.values())
    refused = sum(one.refused for one in made.values())
    passed = sum(frame.height for frame in rows.values())
    everything = frozenset(name for name, part in parts.items() if part.cut_off or part.keyless)
    return Reading(
        rows=rows,
        present={name: one.present for name, one in made.items()},
        received=passed + refused + broken,
        quarantined=refused + broken,
        findings=[*findings, *(finding for one in made.values() for finding in one.findings)],
        unlimited=everything,
        refused_rows=refused_rows(made, {name: len(part.broken) for name, part in parts.items()}),
    )


def _with_children(rows: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Reviews and placements name a period of care; where the same delivery says whose it is, so do they."""
    if "care_episode" not in rows:
        return rows
    whose = (
        rows["care_episode"]
        .filter(pl.col("care").is_not_null())
        .select("care", pl.col("child").alias("_whose"))
    )
    whose = whose.unique("care", keep="first", maintain_order=True)
    for name in ("care_review", "placement"):
        if name in rows:
            order = rows[name].columns
            joined = rows[name].join(whose, on="care", how="left", maintain_order="left")
            rows[name] = joined.with_columns(pl.coalesce("child", "_whose").alias("child")).select(order)
    return rows


FORMAT = Format(
    name="ssd_tables",
    title="Standard Safeguarding Dataset",
    read=read,
    endings=SHEETS,
    is_case=True,
    file_a_table=True,
)
