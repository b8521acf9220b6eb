"""An Annex A workbook, as kept ready for inspection: its lists 3 to 9 as rows of the record (counting rule 14).

A worker's cell carries no start. Whoever stands on lists 6 to 9 holds from the workbook's day, the
London day on which it was received, to the next workbook (docs/decisions/0020).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import polars as pl

from lineofsight.intake.case_rows import CaseRows, case_rows, refused_rows
from lineofsight.intake.delivery import Context, NamedBytes, Reading
from lineofsight.intake.finding import FILE, NOTE, REFUSED, ROW, WARNING, file_finding
from lineofsight.intake.format import Format
from lineofsight.intake.formats.annex_book import BookSheet, day_text, same_numbers, sheets_of
from lineofsight.intake.formats.annex_lists import READ_LISTS, WORKER_LISTS, columns_of, list_number
from lineofsight.intake.formats.annex_tables import table_rows
from lineofsight.intake.formats.spreadsheet_text import SHEETS, not_loaded
from lineofsight.intake.unpacking import BOOKS
from lineofsight.record.tables import TABLES
from lineofsight.vocabulary.refusal import Refused

_HEADING_WITHIN = 20
LATEST_ONLY = ("child", "need_visit", "protection_visit", "care_visit", "protection_review", "care_review")
"""Tables of which a workbook shows only the latest, or shows a child on whichever list: absence says nothing."""


@dataclass
class Lists:
    """The lists found in a delivery, as rows of our columns, and what was found on the way."""

    rows: dict[int, list[dict[str, str]]] = field(default_factory=dict)
    told: set[int] = field(default_factory=set)
    """Lists that have a column for the worker: of these the workbook says who answers."""
    findings: list[pl.DataFrame] = field(default_factory=list)


def read(files: Sequence[NamedBytes], context: Context) -> Reading:
    """Read every list there is; refuses a delivery in which none can be."""
    lists = Lists()
    refused: list[str] = []
    for file in files:
        try:
            for sheet in _sheets(file, lists):
                take(sheet, lists)
        except Refused as fault:
            refused.append(str(fault))
            lists.findings.append(not_loaded(file, fault))
    if not lists.rows:
        refused.append(
            "No sheet of this delivery can be read as one of lists 3 to 9. Name its sheets List 1 to List 11, "
            "each with a line of headings and a column Child Unique ID."
        )
        raise Refused(refused[0])
    _one_number_each(lists)
    lists.findings += _missing(lists)
    return _reading(lists, context)


def _sheets(file: NamedBytes, lists: Lists) -> list[BookSheet]:
    if FORMAT.takes(file):
        return list(sheets_of(file))
    says = "The file was stored but not read: it is not a workbook or a CSV file."
    lists.findings.append(file_finding("F03", NOTE, file.name, says, "Nothing, unless it holds a list."))
    return []


def take(sheet: BookSheet, lists: Lists) -> None:
    """Add one sheet's rows to its list; of one that is none, or lacks a column for the child, say so."""
    place, number = f"{sheet.file} {sheet.name}"[:120], list_number(sheet.name)

    def note(code: str, severity: str, says: str, do: str) -> None:
        lists.findings.append(file_finding(code, severity, place, says, do))

    if number is None or number not in READ_LISTS:
        if number is not None or any(any(row) for row in sheet.rows):
            do = "Nothing, unless it is one of these. If it is, name it List 3 to List 9."
            note("A01", NOTE, "The sheet was stored but not read: only lists 3 to 9 are read.", do)
        return
    heading = _heading(sheet, number)
    if heading is None:
        says = f"List {number} has no column Child Unique ID, so nothing in it was loaded or withdrawn."
        note("A02", REFUSED, says, "Name the column and load the workbook again.")
        return
    at, columns = heading
    if sheet.errors:
        count = "1 cell contains" if sheet.errors == 1 else f"{sheet.errors} cells contain"
        do = (
            "Correct the formulas. A child whose worker's cell contains an error is read as having no worker."
        )
        note("A05", WARNING, f"{count} an error, such as #N/A. Such cells were read as empty.", do)
    rows = lists.rows.setdefault(number, [])
    for line, row in enumerate(sheet.rows[at + 1 :], at + 2):
        if any(row):
            whole = row + [""] * (len(sheet.rows[at]) - len(row))
            cells = {name: whole[column] for name, column in columns.items()}
            rows.append(cells | {FILE: place, ROW: str(line)})
    if number in WORKER_LISTS and "worker" in columns:
        lists.told.add(number)
    elif number in WORKER_LISTS:
        says = f"List {number} has no column Allocated Worker, so it does not say who is allocated."
        note("A03", WARNING, says, "Add the column and load the workbook again.")


def _heading(sheet: BookSheet, number: int) -> tuple[int, dict[str, int]] | None:
    """The place of the line of headings, below whatever title stands over it, and our columns in it."""
    for at, row in enumerate(sheet.rows[:_HEADING_WITHIN]):
        columns = columns_of(number, row)
        if "child" in columns and len(columns) > 1:
            return at, columns
    return None


def _one_number_each(lists: Lists) -> None:
    """Where one list writes a child's number with its leading zeros and another lost them, the whole one stands."""
    every = [row["child"] for rows in lists.rows.values() for row in rows]
    whole = same_numbers(every)
    if not whole:
        return
    for number, rows in lists.rows.items():
        lost = [row for row in rows if row["child"] in whole]
        for row in lost:
            row["child"] = whole[row["child"]]
        if lost:
            says = (
                f"{len(lost)} of the child IDs on list {number} had lost leading zeros. "
                "The IDs were read as another list writes them."
            )
            place, line = lost[0][FILE], int(lost[0][ROW])
            do = "Store the column as text."
            lists.findings.append(file_finding("A06", WARNING, place, says, do, row=line))


def _missing(lists: Lists) -> list[pl.DataFrame]:
    return [
        file_finding(
            "A07",
            WARNING,
            "",
            f"List {number} is not in the workbook. Nothing was loaded or withdrawn for it.",
            "Load the whole workbook.",
        )
        for number in READ_LISTS
        if number not in lists.rows
    ]


def _reading(lists: Lists, context: Context) -> Reading:
    texts, findings = table_rows(lists.rows, lists.told, context)
    made: dict[str, CaseRows] = {}
    for name, rows in texts.items():
        table = TABLES[name]
        frame = pl.DataFrame(rows, schema=dict.fromkeys((*table.names, FILE, ROW), pl.String), orient="row")
        for column in table.days:
            frame = frame.with_columns(pl.col(column).map_elements(day_text, return_dtype=pl.String))
        made[name] = case_rows(
            table, frame.with_columns(pl.col(ROW).cast(pl.Int64)), context, inclusive=False
        )
    refused = sum(one.refused for one in made.values())
    return Reading(
        rows={name: one.rows for name, one in made.items()},
        present={name: one.present for name, one in made.items()},
        received=sum(one.rows.height for one in made.values()) + refused,
        quarantined=refused,
        findings=[
            *lists.findings,
            *findings,
            *(finding for one in made.values() for finding in one.findings),
        ],
        unlimited=frozenset(LATEST_ONLY),
        refused_rows=refused_rows(made, {}),
        lists=frozenset(f"list {number}" for number in lists.told),
    )


FORMAT = Format(
    name="annex_a",
    title="Annex A workbook",
    read=read,
    endings=(*BOOKS, *SHEETS),
    is_case=True,
    holds_until_next=True,
)
