"""The tables of a file, whether it is a text or a workbook."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from lineofsight.intake.delivery import NamedBytes
from lineofsight.intake.sheets.book import is_book, sheets_of, table_of
from lineofsight.intake.sheets.delimited import read_csv
from lineofsight.intake.sheets.layout import Expected
from lineofsight.intake.sheets.table import Sheet
from lineofsight.vocabulary.refusal import Refused


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


Read = TypeVar("Read")


@dataclass(frozen=True)
class Unread:
    """A file or sheet that cannot be read, and why."""

    place: str
    why: Refused


def each_table(
    file: NamedBytes, expected: Expected, read: Callable[[Sheet], Read]
) -> Iterator[Read | Unread]:
    """What `read` makes of each table of a file, or why it cannot be read: a sheet's fault is that sheet's own."""
    try:
        sheets = list(tables_of(file, expected))
    except Refused as why:
        yield Unread(file.name, why)
        return
    for sheet in sheets:
        try:
            yield read(sheet)
        except Refused as why:
            yield Unread(sheet.file, why)
