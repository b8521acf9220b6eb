"""The beginning of a file that holds a table: its first lines, and the line of headings that a person may choose."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from lineofsight.intake.delivery import NamedBytes
from lineofsight.intake.sheets.book import is_book, sheets_of
from lineofsight.intake.sheets.layout import MOST_ABOVE, Expected, first_lines, heading, likeliest_headings
from lineofsight.intake.sheets.text import text_of
from lineofsight.vocabulary.refusal import Refused


@dataclass(frozen=True)
class FirstLine:
    """One of the first lines: its number in the file, from 1, and its cells."""

    number: int
    cells: list[str]


@dataclass(frozen=True)
class Beginning:
    """The first lines of a file, and which of them most looks like headings."""

    lines: list[FirstLine]
    likeliest: int
    """The number of the line."""

    def expected(self, number: int) -> Expected:
        """A table whose headings stand in the line of that number; refuses a number that is none of these lines."""
        line = next((one for one in self.lines if one.number == number), None)
        if line is None:
            raise Refused("Choose one of the lines shown as the line of headings.")
        counts = Counter(heading(cell) for cell in line.cells)
        once = {cell for cell, count in counts.items() if cell and count == 1}
        if not once:
            raise Refused("That line holds no headings. Choose another line.")
        return Expected("this table", once.__contains__, len(once))


def beginning(file: NamedBytes) -> Beginning:
    """The first lines of a text, or of the first sheet of a workbook that has two; refuses an empty file."""
    lines = _of_book(file) if is_book(file) else _of_text(file)
    if not lines:
        raise Refused(f"{file.name!r} is empty; it needs a line of headings and the rows under it.")
    return Beginning(lines, lines[likeliest_headings([one.cells for one in lines])].number)


def _of_text(file: NamedBytes) -> list[FirstLine]:
    return [FirstLine(one.line, one.headings) for one in first_lines(text_of(file).text)]


def _of_book(file: NamedBytes) -> list[FirstLine]:
    best: Sequence[FirstLine] = []
    for sheet in sorted(sheets_of(file, MOST_ABOVE + 1), key=lambda one: one.hidden):
        rows = enumerate(sheet.rows, 1)
        lines = [FirstLine(number, list(row)) for number, row in rows if any(cell.strip() for cell in row)]
        if len(lines) > 1:
            return lines
        best = best or lines
    return list(best)
