"""An Annex A workbook, as kept ready for inspection: its lists as rows of the record (counting rule 14).

A worker's cell carries no start. Whoever stands on lists 6 to 9 holds from the workbook's day, the
London day on which it was received, to the next workbook (docs/decisions/0020).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import polars as pl

from lineofsight.intake.blocks import with_blocks
from lineofsight.intake.case_rows import CaseRows, case_rows, reading_of
from lineofsight.intake.cells import cleaned, plain_cells
from lineofsight.intake.delivery import Context, NamedBytes, Reading
from lineofsight.intake.finding import FILE, NOTE, REFUSED, ROW, WARNING, file_finding
from lineofsight.intake.format import Format
from lineofsight.intake.formats.annex_lists import (
    CASE_LISTS,
    COSTS,
    READ_LISTS,
    WORKER_LISTS,
    columns_of,
    is_heading,
    list_number,
    named_by,
    wanted,
)
from lineofsight.intake.formats.annex_rows import Lists, Row, one_number_each
from lineofsight.intake.formats.annex_tables import table_rows
from lineofsight.intake.order_of_days import in_one_order
from lineofsight.intake.report import FileRead, ReadingReport
from lineofsight.intake.sheets.book import BookSheet, is_book, sheets_of, table_of
from lineofsight.intake.sheets.choice import Part, choice
from lineofsight.intake.sheets.delimited import read_csv
from lineofsight.intake.sheets.layout import Expected, NoHeadings
from lineofsight.intake.sheets.reported import Told, file_read
from lineofsight.intake.sheets.table import Sheet
from lineofsight.intake.sheets.text import text_of
from lineofsight.intake.unpacking import TABLES as ENDINGS
from lineofsight.intake.unsure import UNSURE
from lineofsight.intake.workforce import with_workforce
from lineofsight.record.tables import TABLES
from lineofsight.vocabulary.refusal import Refused

LATEST_ONLY = (
    "child",
    "need_visit",
    "protection_visit",
    "care_visit",
    "protection_review",
    "care_review",
    "permanence",
    "adopter",
)
"""Tables of which a workbook shows only the latest, or the past year: absence says nothing."""


@dataclass
class Found(Told):
    """The sheets that hold lists, by the list's number, and what was found on the way."""

    sheets: dict[int, list[Sheet]] = field(default_factory=lambda: defaultdict(list))
    refused: list[str] = field(default_factory=list)


@with_workforce
def read(files: Sequence[NamedBytes], context: Context) -> Reading:
    """Read every list there is; refuses a delivery in which none can be."""
    found = Found()
    for file in files:
        try:
            _find(file, found, context)
        except Refused as fault:
            found.refused.append(str(fault))
            found.not_loaded(file.name, fault)
    if not found.sheets:
        found.refused.append(
            "No sheet of this delivery can be read as one of the lists of Annex A. Name its sheets List 1 to List 11, "
            "each with a line of headings and a column Child Unique ID."
        )
        raise Refused(found.refused[0])
    lists = Lists()
    for number in sorted(found.sheets):
        _take(number, found, lists)
    found.findings += [*one_number_each(lists), *_missing(lists)]
    return _reading(lists, found, context)


# -- files to sheets ------------------------------------------------------------------------------


def _find(file: NamedBytes, found: Found, context: Context) -> None:
    """Add the sheets of a file that are lists."""
    if is_book(file):
        for sheet in sheets_of(file):
            number = list_number(sheet.name) or list_number(_stem(file.name))
            if _is_wanted(number, f"{file.name} {sheet.name}"[:120], found, context):
                find_in_sheet(sheet, number, found)
    elif FORMAT.takes(file):
        if _is_wanted(list_number(_stem(file.name)), file.name, found, context):
            _find_in_text(file, found)
    else:
        says = "The file was stored but not read: it is not a workbook or a CSV file."
        found.not_read(file.name, "F03", NOTE, says, "Nothing, unless it holds a list.")


def _is_wanted(number: int | None, place: str, found: Found, context: Context) -> bool:
    """Whether a list is read: those that no figure is worked out from only where the settings say so."""
    if number is None or number in CASE_LISTS or context.other_lists:
        return True
    do = "Nothing, or say other_lists = true in the source's settings."
    says = f"List {number} was stored but not read: no figure is worked out from it."
    found.not_read(place, "A01", NOTE, says, do, "No figure is worked out from this list.")
    return False


def _stem(name: str) -> str:
    return name.replace("\\", "/").rpartition("/")[2].rpartition(".")[0]


def _expected(number: int) -> Expected:
    return Expected(f"list {number}", lambda heading: is_heading(number, heading), needs=2)


def _find_in_text(file: NamedBytes, found: Found) -> None:
    number = list_number(_stem(file.name))
    if number is None:
        text_of(file)
        _not_one(file.name, found)
        return
    try:
        sheet = read_csv(file, _expected(number))
    except NoHeadings:
        _without_number(number, file.name, found)
        return
    _add(number, sheet, found)


def find_in_sheet(sheet: BookSheet, number: int | None, found: Found) -> None:
    """Add a sheet of a workbook to its list; of one that is none, or lacks a column for the child, say so."""
    place = f"{sheet.file} {sheet.name}"[:120]
    if number is None:
        if any(map(any, sheet.rows)):
            _not_one(place, found)
        return
    table = table_of(sheet, _expected(number))
    if table is None:
        _without_number(number, place, found)
        return
    _add(number, table, found)
    if sheet.errors:
        count = "1 cell contains" if sheet.errors == 1 else f"{sheet.errors} cells contain"
        do = (
            "Correct the formulas. A child whose worker's cell contains an error is read as having no worker."
        )
        says = f"{count} an error, such as #N/A. Such cells were read as empty."
        found.findings.append(file_finding("A05", WARNING, place, says, do))


def _add(number: int, sheet: Sheet, found: Found) -> None:
    if named_by(number)[0] in columns_of(number, sheet.rows.columns):
        found.sheets[number].append(sheet)
    else:
        _without_number(number, sheet.file, found)


def _not_one(place: str, found: Found) -> None:
    do = "Nothing, unless it is one of these. If it is, name it List 1 to List 11."
    says = "The sheet was stored but not read: it is none of lists 1 to 11."
    found.not_read(place, "A01", NOTE, says, do, "It is none of lists 1 to 11.")


def _without_number(number: int, place: str, found: Found) -> None:
    says = f"List {number} has no column {named_by(number)[1]}, so nothing in it was loaded or withdrawn."
    found.refused.append(f"{says} Its headings were looked for in its first lines.")
    found.not_read(place, "A02", REFUSED, says, "Name the column and load the workbook again.")


# -- sheets to rows of lists ----------------------------------------------------------------------


def _take(number: int, found: Found, lists: Lists) -> None:
    """The rows of a list from the sheets that hold it; of two that hold the same rows, one is read."""
    sheets = found.sheets[number]
    texts, of_rows = zip(*(_under_our_names(number, sheet) for sheet in sheets), strict=True)
    read = choice(
        [
            Part(sheet.file, sheet.hidden, frozenset(text[named_by(number)[0]].to_list()))
            for sheet, text in zip(sheets, texts, strict=True)
        ]
    )
    rows = lists.rows.setdefault(number, [])
    for at, sheet in enumerate(sheets):
        if at in read.left:
            found.left(sheet.file, f"list {number}", read.left[at])
            continue
        found.files.append(_reported(number, sheet))
        found.findings += [*sheet.findings, *_of_columns(number, sheet), *of_rows[at]]
        if number in WORKER_LISTS and "worker" in columns_of(number, sheet.rows.columns):
            lists.told.add(number)
        lists.broken += len(sheet.broken)
        rows += _rows(texts[at])


def _reported(number: int, sheet: Sheet) -> FileRead:
    columns = columns_of(number, sheet.rows.columns)
    costs = {name: cost for (of, name), cost in COSTS.items() if of == number}
    return file_read(
        sheet, f"list {number}", {name: columns.get(name) for name in wanted(number)}, costs=costs
    )


def _under_our_names(number: int, sheet: Sheet) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """A sheet's columns under our names, its cells plain, and what there is to tell of its rows."""
    columns = columns_of(number, sheet.rows.columns)
    texts = sheet.rows.select(pl.col(theirs).alias(ours) for ours, theirs in columns.items())
    placed = texts.with_columns(pl.lit(sheet.file).alias(FILE), sheet.places.cast(pl.String).alias(ROW))
    days = [name for name in columns if name.endswith("_on")]
    placed, findings = in_one_order(placed, days, sheet.file)
    if number in WORKER_LISTS:
        placed, of_blocks = with_blocks(placed, sheet.file, left_out=sheet.left_out)
        findings += of_blocks
    return plain_cells(placed, list(columns)), findings


def _rows(texts: pl.DataFrame) -> Iterator[Row]:
    for row in texts.fill_null("").iter_rows(named=True):
        if any(cell for name, cell in row.items() if name not in (FILE, ROW, UNSURE)):
            yield row


def _of_columns(number: int, sheet: Sheet) -> Iterator[pl.DataFrame]:
    """A finding for each column whose lack costs something."""
    columns = columns_of(number, sheet.rows.columns)
    if number in WORKER_LISTS and "worker" not in columns:
        says = f"List {number} has no column Allocated Worker, so it does not say who is allocated."
        yield file_finding("A03", WARNING, sheet.file, says, "Add the column and load the workbook again.")
    for (of, name), cost in COSTS.items():
        if of == number and name not in columns:
            what = name.replace("_on", "").replace("ended", "ceased or ended")
            says = f"List {number} has no column for the day {what} that could be found: {cost}."
            do = "Give the column the heading of Annex A and load the workbook again."
            yield file_finding("A09", WARNING, sheet.file, says, do)


def _missing(lists: Lists) -> list[pl.DataFrame]:
    return [
        file_finding(
            "A07",
            WARNING if number in CASE_LISTS else NOTE,
            "",
            f"List {number} is not in the workbook. Nothing was loaded or withdrawn for it.",
            "Load the whole workbook.",
        )
        for number in READ_LISTS
        if number not in lists.rows
    ]


# -- rows of lists to rows of the record ----------------------------------------------------------


def _reading(lists: Lists, told: Told, context: Context) -> Reading:
    texts, said_of_rows = table_rows(lists.rows, lists.told, context)
    made: dict[str, CaseRows] = {}
    for name, rows in texts.items():
        table = TABLES[name]
        names = (*table.names, UNSURE, FILE, ROW)
        frame = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
        plain = cleaned(table, frame).with_columns(pl.col(ROW).cast(pl.Int64))
        made[name] = case_rows(table, plain, context, inclusive=False)
    return reading_of(
        made,
        [*told.findings, *said_of_rows],
        unsplit=lists.broken,
        unlimited=frozenset(LATEST_ONLY) | (frozenset(made) if lists.broken else frozenset()),
        report=ReadingReport(told.files),
        lists=frozenset(f"list {number}" for number in lists.told),
    )


FORMAT = Format(
    name="annex_a",
    title="Annex A workbook",
    read=read,
    endings=ENDINGS,
    is_case=True,
    holds_until_next=True,
)
