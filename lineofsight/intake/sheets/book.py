"""A workbook as sheets of text: numbers without a fraction, days as ISO, errors as nothing."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import polars as pl
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from lineofsight.intake.delivery import NamedBytes
from lineofsight.intake.sheets import said
from lineofsight.intake.sheets.asides import is_aside
from lineofsight.intake.sheets.layout import MOST_ABOVE, Expected, heading
from lineofsight.intake.sheets.table import Sheet, named_columns
from lineofsight.intake.sheets.text import may_be_text
from lineofsight.intake.unpacking import BOOKS, TABLES, ZIP, check_sizes, holds_a_book, is_whole_zip
from lineofsight.vocabulary.refusal import Refused

_ERROR_CELL = re.compile(rb'<c [^>]*\bt="e"')
_PLACED_CELL = re.compile(rb"""<(?:\w+:)?c\s(?:[^>]*\s)?r=["']([A-Za-z]+)([0-9]+)["'](?:[^>]*[^/>])?>""")
"""A cell that says where it is and has something in it; one that is only coloured closes itself."""
_UNPLACED_CELL = re.compile(rb"""<(?:\w+:)?c(?:\s(?![^>]*\br=)[^>]*[^/>])?>""")
_PLACED_ROW = re.compile(rb"""<(?:\w+:)?row\s(?:[^>]*\s)?r=["']([0-9]+)["']""")
_MOST_CELLS = 5_000_000
"""More cells than lists can be: a sheet takes the memory of all cells up to its last, whether or not anything is in them."""


@dataclass(frozen=True)
class BookSheet:
    """One sheet: its name, its file, its rows of text as they stand (the first is row 1), and how many cells hold an error."""

    name: str
    file: str
    rows: list[list[str]]
    errors: int = 0
    hidden: bool = False
    merged: list[tuple[int, int, int]] = field(default_factory=list)
    """Cells that are one over several rows: the first row, the last and the column, counted from 0."""


OLD_BOOK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How workbooks of the old kind begin, and those that are locked with a password."""


def is_book(file: NamedBytes) -> bool:
    """Whether a file is a workbook, by what its bytes are: some texts are called .xls, and some workbooks .csv.

    Only of files that are called a table of either kind. What is neither is taken for what it is called.
    """
    name = file.name.lower()
    if not name.endswith(TABLES):
        return False
    if file.beginning(len(OLD_BOOK)) == OLD_BOOK or holds_a_book(file):
        return True
    return name.endswith(BOOKS) and (file.beginning(len(ZIP)) == ZIP or not may_be_text(file))


def sheets_of(file: NamedBytes, most_rows: int | None = None) -> Iterator[BookSheet]:
    """The sheets of a workbook, hidden ones too, each with its first rows if not all are asked for.

    Refuses what cannot be opened.
    """
    errors = _errors(file)
    book = _opened(file)
    for at, about in enumerate(book.sheets_metadata):
        try:
            sheet = book.get_sheet_by_index(at)
            cells, merged = sheet.to_python(skip_empty_area=False, nrows=most_rows), _merged(sheet)
        except (CalamineError, ValueError):  # a chart's sheet, or one that is damaged, holds no list
            cells, merged = [], []
        rows = [[_text(cell) for cell in row] for row in cells]
        hidden = about.visible != SheetVisibleEnum.Visible
        yield BookSheet(about.name, file.name, rows, errors[at] if at < len(errors) else 0, hidden, merged)


def _merged(sheet: CalamineSheet) -> list[tuple[int, int, int]]:
    """The cells of a sheet that are one over several rows."""
    return [
        (first[0], last[0], first[1]) for first, last in sheet.merged_cell_ranges or () if last[0] > first[0]
    ]


def table_of(sheet: BookSheet, expected: Expected) -> Sheet | None:
    """The table on a sheet, below whatever stands above its headings; None where no line is one of headings."""
    at = heading_of(sheet, expected)
    if at is None:
        return None
    headings = [heading(cell) for cell in sheet.rows[at]]
    filled = _filled_down(sheet, at)
    rows, places, asides = rows_below(sheet, at)
    width = len(headings)
    columns = (
        list(zip(*(row[:width] + [""] * (width - len(row)) for row in rows), strict=True)) or [()] * width
    )
    frame = pl.DataFrame([pl.Series(f"{n}", cells, dtype=pl.String) for n, cells in enumerate(columns)])
    place = f"{sheet.file} {sheet.name}"[:120]
    named, nameless = named_columns(place, headings, frame)
    above = sum(any(row) for row in sheet.rows[:at])
    is_called_one = sheet.file.lower().endswith(BOOKS)
    findings = [
        *([] if is_called_one else [said.called_otherwise(place, "text", "a workbook")]),
        *said.dress(place, above=above, asides=asides, surplus=0),
        *nameless,
        *([said.merged(place, filled)] if filled else []),
    ]
    return Sheet(
        file=place,
        rows=named,
        places=pl.Series(places, dtype=pl.Int64),
        findings=findings,
        name=sheet.name,
        hidden=sheet.hidden,
        line=at + 1,
        encoding="workbook",
        left_out=asides,
    )


def _filled_down(sheet: BookSheet, at: int) -> int:
    """Write into each row below the headings what its merged cells say; gives the number of rows that this fills."""
    filled = set[int]()
    for first, last, column in sheet.merged:
        if first <= at or first >= len(sheet.rows) or column >= len(sheet.rows[first]):
            continue
        for row in range(first + 1, min(last + 1, len(sheet.rows))):
            if any(sheet.rows[row]) and not sheet.rows[row][column] and sheet.rows[first][column]:
                sheet.rows[row][column] = sheet.rows[first][column]
                filled.add(row)
    return len(filled)


def heading_of(sheet: BookSheet, expected: Expected) -> int | None:
    """The place of the line of headings: the one that names most of those known."""
    known = [expected.known(row) for row in sheet.rows[: MOST_ABOVE + 1]]
    most = max(known, default=0)
    return known.index(most) if most >= expected.needs else None


def rows_below(sheet: BookSheet, at: int) -> tuple[list[list[str]], list[int], int]:
    """The rows below the headings, the number of each in the sheet, and how many lines were no rows."""
    rows, places, asides = list[list[str]](), list[int](), 0
    for line, row in enumerate(sheet.rows[at + 1 :], at + 2):
        if is_aside(row, sheet.rows[at]):
            asides += any(row)
        else:
            rows.append(row)
            places.append(line)
    return rows, places, asides


def _opened(file: NamedBytes) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(file.content))
    except (CalamineError, OSError, ValueError) as fault:
        if file.beginning(len(ZIP)) == ZIP and is_whole_zip(file):
            raise Refused(
                f"{file.name!r} is a zip of files, not a workbook. Call it .zip and load it again."
            ) from fault
        locked = file.beginning(len(OLD_BOOK)) == OLD_BOOK
        why = "it is locked with a password, or of an old kind" if locked else "it is cut off, or no workbook"
        raise Refused(
            f"{file.name!r} cannot be opened: {why}. Save it again as .xlsx without a password."
        ) from fault


def _errors(file: NamedBytes) -> list[int]:
    """How many cells of each sheet hold an error, in the order of their parts; checks what it would unpack to first."""
    if file.beginning(4) != b"PK\x03\x04":
        return []
    try:
        with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
            check_sizes(file.name, archive.infolist())
            parts = [
                name for name in archive.namelist() if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", name)
            ]
            parts.sort(key=lambda name: int(re.sub(r"\D", "", name)))
            _check_reach(file.name, archive)
            return [len(_ERROR_CELL.findall(archive.read(name))) for name in parts]
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError, ValueError):
        raise Refused(
            f"{file.name!r} cannot be opened: it is cut off, or no workbook. Save it again as .xlsx."
        ) from None


def _check_reach(name: str, archive: zipfile.ZipFile) -> None:
    """Refuse a workbook with a cell so far out that the reader would end for want of memory."""
    for part in archive.namelist():
        if (
            part.startswith("xl/")
            and part.endswith(".xml")
            and _cells_up_to_last(archive.read(part)) > _MOST_CELLS
        ):
            raise Refused(
                f"{name!r} has something in a cell far below or beside its lists. Delete the rows and columns after "
                "the last child, and save it again."
            )


def _cells_up_to_last(sheet: bytes) -> int:
    """How many cells there are from the first to the last of a sheet in which there is something."""
    placed = set(_PLACED_CELL.findall(sheet))
    rows = [int(row) for row in {row for _, row in placed}]
    if _UNPLACED_CELL.search(sheet):
        rows += map(int, _PLACED_ROW.findall(sheet))
    columns = max((_column(letters) for letters in {letters for letters, _ in placed}), default=1)
    return max(rows, default=0) * columns


def _column(letters: bytes) -> int:
    """The number of a column: 1 for A, 27 for AA."""
    number = 0
    for letter in letters[:9].upper():
        number = number * 26 + letter - 64
    return number


def _text(cell: Any) -> str:
    """A cell as text: a whole number without its fraction, a day as ISO, spaces of every kind as one."""
    if isinstance(cell, bool):
        return "Yes" if cell else "No"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime | date):
        return cell.isoformat()[:10]
    return re.sub(r"\s+", " ", str(cell)).strip()
