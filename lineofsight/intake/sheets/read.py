"""The tables of a file, whether it is a text or a workbook."""

from __future__ import annotations

from collections.abc import Iterator

from lineofsight.intake.delivery import NamedBytes
from lineofsight.intake.sheets.book import is_book, sheets_of, table_of
from lineofsight.intake.sheets.delimited import SHEETS, read_csv
from lineofsight.intake.sheets.layout import Expected
from lineofsight.intake.sheets.table import Sheet
from lineofsight.intake.unpacking import BOOKS
from lineofsight.vocabulary.refusal import Refused

TABLES = (*SHEETS, *BOOKS)
"""How the names of the files end that may hold a table."""


def tables_of(file: NamedBytes, expected: Expected) -> Iterator[Sheet]:
    """Each table that is one of those expected; refuses a file that cannot be read, or in which none is."""
    if not is_book(file):
        yield read_csv(file, expected)
        return
    read = 0
    for sheet in sheets_of(file):
        table = table_of(sheet, expected)
        if table is not None:
            read += 1
            yield table
    if not read:
        raise Refused(
            f"{file.name!r} has no sheet with a line of headings that is known: none names a column of {expected.what}."
        )
