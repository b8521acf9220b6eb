"""Bank holidays proclaimed later: a table with a day and a name, such as `2031-05-05,Coronation`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from lineofsight.intake.checks.reading import refused_rows
from lineofsight.intake.days_as_written import read_written_day
from lineofsight.intake.delivery import Context, NamedBytes, Reading
from lineofsight.intake.finding import FILE, ROW
from lineofsight.intake.format import Format
from lineofsight.intake.formats.inspection_report import framed
from lineofsight.intake.sheets.layout import Expected
from lineofsight.intake.sheets.read import tables_of
from lineofsight.intake.sheets.table import Sheet
from lineofsight.intake.unpacking import TABLES
from lineofsight.record.entry import ATTESTED
from lineofsight.record.tables.holiday import HOLIDAY
from lineofsight.vocabulary.refusal import Refused

_HEADINGS = {"day": ("day", "date"), "name": ("name", "title", "holiday")}
_EXPECTED = Expected(
    "a list of bank holidays: a day and a name",
    lambda heading: any(heading.strip().lower() in names for names in _HEADINGS.values()),
    2,
)


def read(files: Sequence[NamedBytes], context: Context) -> Reading:
    """The holidays in these files; refuses a delivery in which a file is no list of them."""
    rows, findings, received = list[dict[str, Any]](), list[pl.DataFrame](), 0
    for file in files:
        for sheet in tables_of(file, _EXPECTED):
            given = _given(sheet)
            passed, found = refused_rows(HOLIDAY, given, file.name)
            findings += [*sheet.findings, *found]
            received += len(given)
            rows += [
                {**row, ATTESTED: context.received_us, FILE: file.name, ROW: at}
                for at, row in enumerate(passed, 1)
            ]
    made = framed(HOLIDAY, rows)
    name = HOLIDAY.name
    return Reading({name: made}, {name: [made.select(HOLIDAY.key)]}, received, received - len(rows), findings)


def _given(sheet: Sheet) -> list[dict[str, str]]:
    """The rows under our names, each day as ISO where it can be read."""
    columns = {ours: _column(sheet, names) for ours, names in _HEADINGS.items()}
    rows = sheet.rows.select(pl.col(theirs).alias(ours) for ours, theirs in columns.items()).to_dicts()
    return [{"day": _iso(row["day"] or ""), "name": row["name"] or ""} for row in rows]


def _column(sheet: Sheet, names: tuple[str, ...]) -> str:
    for heading in sheet.rows.columns:
        if heading.strip().lower() in names:
            return heading
    raise Refused(f"{sheet.file!r} has no column {names[0]!r}; a list of bank holidays has day and name.")


def _iso(text: str) -> str:
    day = read_written_day(text)
    return text if day is None else day.isoformat()


FORMAT = Format(name="holidays", title="Bank holidays", read=read, endings=TABLES, for_sources=False)
