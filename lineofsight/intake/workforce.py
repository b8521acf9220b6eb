"""A workforce list: when workers leave, are absent, are newly qualified, and how many cases they may have.

Any source of case records may bring one beside its own files, or alone: a file called `workforce`, a line for each
worker and for each further absence or limit (docs/decisions/0041).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import wraps

import polars as pl

from lineofsight.intake.case_rows import CaseRows, case_rows, reading_of
from lineofsight.intake.cells import cleaned
from lineofsight.intake.delivery import Context, NamedBytes, Reading
from lineofsight.intake.finding import FILE, NOTE, ROW, file_finding
from lineofsight.intake.order_of_days import in_one_order
from lineofsight.intake.report import FileRead, ReadingReport
from lineofsight.intake.sheets import said
from lineofsight.intake.sheets.choice import Part, choice
from lineofsight.intake.sheets.layout import Expected, letters_of
from lineofsight.intake.sheets.named import bare_name
from lineofsight.intake.sheets.read import Unread, each_table
from lineofsight.intake.sheets.reported import Told, file_read
from lineofsight.intake.sheets.table import Sheet
from lineofsight.intake.unpacking import TABLES
from lineofsight.record.schema import Table
from lineofsight.record.tables.workforce import ABSENCE, CASE_LIMIT, EMPLOYMENT
from lineofsight.vocabulary.refusal import Refused

COLUMNS = {
    "worker": r"(prof|social|case|key)?(worker|professional|practitioner|staff|employee)s?(id|identifier|number|no|ref|reference|name)?",
    "left_on": r"(professional|employment|contract)?(leaving|leave|left|leaver|end|termination)(date|day|on)|dateleft|dateofleaving",
    "absent_from": r"absen(t|ce)(from|start|started|begins?|began|since)(date|day|on)?|(firstday|start)ofabsence",
    "absent_to": r"absen(t|ce)(to|until|till|end|ends|ended)(date|day|on)?|(lastday|end)ofabsence|(expected)?return(date|on)",
    "fte": r"(prof)?(fte|wte|(full|whole)timeequivalen(t|cy))",
    "limit": r"(case(load|s)?)?(limit|cap|maximum|max)(of)?(case(load|s)?|children)?|(most|max|maximum)(case(load|s)?|children)",
    "limit_from": r"(case(load|s)?)?(limit|cap)(from|start|since)(date|day|on)?",
    "limit_to": r"(case(load|s)?)?(limit|cap)(to|until|till|end)(date|day|on)?",
    "newly_qualified_until": r"(newlyqualified|nqsw|asye)(until|till|to|end|ends|complete(d)?|completion)(date|day|on)?",
}  # fmt: skip
"""Our columns of the list, each with a pattern over the letters and digits of a heading."""

COSTS = {
    "left_on": "workers leave only with the first roster that lacks them",
    "absent_from": "nobody is shown as absent",
    "limit": "no worker's cases are measured against a limit",
}
"""What it costs where the list lacks one of these columns."""

_IN_EACH = ("left_on", "fte", "newly_qualified_until")
_FILLS: tuple[tuple[Table, dict[str, str]], ...] = (
    (ABSENCE, {"begun_on": "absent_from", "ended_on": "absent_to"}),
    (CASE_LIMIT, {"limit": "limit", "begun_on": "limit_from", "ended_on": "limit_to"}),
)
Read = Callable[[Sequence[NamedBytes], Context], Reading]


def is_workforce(file: NamedBytes) -> bool:
    """Whether the name of a file says that it is a workforce list."""
    return file.name.lower().endswith(TABLES) and bare_name(file.name) in ("workforce", "workforce_list")


def with_workforce(read: Read) -> Read:
    """The reader of a format of case records, which takes a workforce list beside its own files or alone."""

    @wraps(read)
    def both(files: Sequence[NamedBytes], context: Context) -> Reading:
        lists = [file for file in files if is_workforce(file)]
        if not lists:
            return read(files, context)
        workforce = read_workforce(lists, context, refuse=len(lists) == len(files))
        others = [file for file in files if file not in lists]
        return _together(read(others, context), workforce) if others else workforce

    return both


def read_workforce(files: Sequence[NamedBytes], context: Context, *, refuse: bool) -> Reading:
    """Read workforce lists. With `refuse` a delivery in which none can be read is refused, else it is only found."""
    told = Told()
    whys: list[Refused] = []
    sheets: list[tuple[Sheet, pl.DataFrame]] = []
    of_days: list[pl.DataFrame] = []
    for file in files:
        for one in each_table(file, _EXPECTED, _texts):
            if isinstance(one, Unread):
                whys.append(one.why)
                told.not_loaded(one.place, one.why)
            else:
                sheets.append(one[:2])
                of_days += one[2]
    if not sheets and refuse:
        raise whys[0]
    if not sheets:
        return Reading({}, {}, 0, 0, told.findings, report=ReadingReport(told.files))
    whole = not told.files and not any(sheet.cut_off or sheet.broken for sheet, _ in sheets)
    read = choice([Part(sheet.file, sheet.hidden, frozenset(text["worker"])) for sheet, text in sheets])
    for at, why_not in read.left.items():
        told.left(sheets[at][0].file, "workforce", why_not)
    sheets = [one for at, one in enumerate(sheets) if at not in read.left]
    for sheet, _ in sheets:
        told.files.append(_reported(sheet))
        told.findings += [*sheet.findings, *_of_columns(sheet)]
    told.findings += of_days
    made = _rows(pl.concat([text for _, text in sheets], how="diagonal"), context)
    return reading_of(
        made,
        told.findings,
        unsplit=sum(len(sheet.broken) for sheet, _ in sheets),
        unlimited=frozenset() if whole else frozenset(made),
        report=ReadingReport(told.files),
    )


def _reported(sheet: Sheet) -> FileRead:
    chosen = columns_of(sheet.rows.columns)
    return file_read(sheet, "workforce", {name: chosen.get(name) for name in COLUMNS}, costs=COSTS)


def _of_columns(sheet: Sheet) -> Iterator[pl.DataFrame]:
    """A finding for each column that is not read, and for each whose lack costs something."""
    chosen = columns_of(sheet.rows.columns)
    for name in sheet.rows.columns:
        if name not in chosen.values():
            yield said.unknown_column(sheet.file, name, "a workforce list")
    for ours, cost in COSTS.items():
        if ours not in chosen:
            says = f"The list has no column {ours.replace('_', ' ')}, so {cost}."
            yield file_finding(
                "F05", NOTE, sheet.file, says, "Nothing, unless it is known. Otherwise add the column."
            )


def columns_of(headings: Sequence[str]) -> dict[str, str]:
    """For each of our columns the heading that fills it."""
    found: dict[str, str] = {}
    for heading in headings:
        for name, pattern in COLUMNS.items():
            if name not in found and re.fullmatch(pattern, letters_of(heading)):
                found[name] = heading
                break
    return found


_EXPECTED = Expected("a workforce list", lambda heading: bool(columns_of([heading])), needs=2)


_DAYS = ("left_on", "absent_from", "absent_to", "limit_from", "limit_to", "newly_qualified_until")


def _texts(sheet: Sheet) -> tuple[Sheet, pl.DataFrame, list[pl.DataFrame]]:
    """A sheet, its columns under our names, and what was found of its days."""
    columns = columns_of(sheet.rows.columns)
    if "worker" not in columns:
        raise Refused(f"{sheet.file!r} has no column for the worker, such as worker or staff ID.")
    texts = sheet.rows.select(pl.col(theirs).alias(ours) for ours, theirs in columns.items())
    placed = texts.with_columns(pl.lit(sheet.file).alias(FILE), sheet.places.alias(ROW))
    return (sheet, *in_one_order(placed, _DAYS, sheet.file))


def _rows(texts: pl.DataFrame, context: Context) -> dict[str, CaseRows]:
    """The rows of each table that the list fills."""
    missing = [pl.lit(None, pl.String).alias(name) for name in COLUMNS if name not in texts.columns]
    texts = texts.with_columns(missing)
    made = {EMPLOYMENT.name: case_rows(EMPLOYMENT, _employment(texts), context, inclusive=False)}
    for table, columns in _FILLS:
        rows = texts.select("worker", FILE, ROW, **{ours: pl.col(theirs) for ours, theirs in columns.items()})
        plain = cleaned(table, rows)
        stated = plain.filter(pl.any_horizontal(pl.col(name).is_not_null() for name in columns))
        made[table.name] = case_rows(table, stated, context, inclusive=context.ends_inclusive)
    return made


def _employment(texts: pl.DataFrame) -> pl.DataFrame:
    """A row for each worker. What a line leaves empty another line of the worker states; one that differs stays a row."""
    plain = cleaned(EMPLOYMENT, texts.select("worker", *_IN_EACH, FILE, ROW))
    first = [pl.col(name).drop_nulls().first().over("worker") for name in _IN_EACH]
    whole = plain.with_columns(
        pl.coalesce(name, of_worker).alias(name) for name, of_worker in zip(_IN_EACH, first, strict=True)
    )
    return whole.unique(("worker", *_IN_EACH), keep="first", maintain_order=True)


def _together(reading: Reading, workforce: Reading) -> Reading:
    return replace(
        reading,
        rows={**reading.rows, **workforce.rows},
        present={**reading.present, **workforce.present},
        received=reading.received + workforce.received,
        quarantined=reading.quarantined + workforce.quarantined,
        findings=[*reading.findings, *workforce.findings],
        unlimited=reading.unlimited | workforce.unlimited,
        report=replace(reading.report, files=[*reading.report.files, *workforce.report.files]),
    )
