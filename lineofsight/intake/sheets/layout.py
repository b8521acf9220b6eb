"""Where a table begins: its line of headings, below whatever stands above it, and what parts its cells."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from lineofsight.vocabulary.refusal import Refused

MOST_ABOVE = 25
"""How many lines may stand above the headings."""
_LETTERS_LOOKED_AT = 400_000
_MOST_LINES_OF_ONE = 6
"""Over how many lines the headings may run, where they hold line ends."""
DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "pipes"}
"""What may part cells, and what it is called; of two that fit equally the earlier is taken."""
_SEPARATOR_LINE = re.compile(r"\ufeff?\"?sep=(.)\"?[,;\t|]*\n?", re.IGNORECASE)


@dataclass(frozen=True)
class Expected:
    """What a format expects a table to be: what it is called, and which headings it knows."""

    what: str
    """As in "is not a column of …": `this table`, `a worklist`."""
    knows: Callable[[str], bool]
    """Whether a heading, as it is written, is one of those known."""
    needs: int = 1
    """How many of its headings a line must name to be the line of headings."""

    def known(self, line: Sequence[str]) -> int:
        """How many different cells of a line are headings that are known."""
        return sum(map(self.knows, {heading(cell) for cell in line} - {""}))


class NoHeadings(Refused):
    """A text in which no line is one of the headings that a format knows."""


@dataclass(frozen=True)
class Layout:
    """How a text is laid out: the delimiter, the headings, the lines above them, and where the rows begin."""

    delimiter: str
    headings: list[str]
    above: int
    """Lines above the headings in which something stands."""
    line: int
    """The line of the headings in the file; the first line is 1."""
    begins: int
    """The place in the text after the line of headings."""


def heading(cell: str) -> str:
    """A heading as it is compared: without marks that cannot be seen, line ends as spaces."""
    return " ".join(cell.replace("\ufeff", "").replace("\u200b", "").replace("\u00a0", " ").split())


def letters_of(heading: str) -> str:
    """What a heading says without blanks and signs, in small letters."""
    return re.sub(r"[^a-z0-9]", "", heading.lower())


def layout_of(name: str, text: str, expected: Expected | None) -> Layout:
    """Find the headings of a text; refuses one in which no line is one.

    Without `expected`, the first line in which something stands holds the headings.
    """
    marked = _SEPARATOR_LINE.match(text)
    start = marked.end() if marked else 0
    first = text[start : start + _LETTERS_LOOKED_AT]
    if not first.strip(' \n\t,;|"'):
        raise _empty(name)
    said = [marked[1]] if marked else []
    if expected is None:
        return _plainest(name, text, start, first, said)
    best: tuple[int, Layout] | None = None
    for delimiter in dict.fromkeys([*said, *DELIMITERS]):
        for layout in _lines(text, start, first, delimiter):
            known = expected.known(layout.headings)
            if known >= expected.needs and (best is None or known > best[0]):
                best = known, layout
    if best is None:
        raise NoHeadings(
            f"{name!r} has no line of headings that is known: none of its first lines names a column of "
            f"{expected.what}. Give it a line of headings, its cells parted by commas, semicolons, tabs or pipes."
        )
    return best[1]


def _plainest(name: str, text: str, start: int, first: str, said: Sequence[str]) -> Layout:
    """The first line with something in it, parted by whatever stands in it most often."""
    line = first.lstrip("\n").partition("\n")[0]
    delimiter = next(iter(said), max((",", ";", "\t", "|"), key=line.count))
    for layout in _lines(text, start, first, delimiter):
        return layout
    raise _empty(name)


def _empty(name: str) -> Refused:
    return Refused(f"{name!r} is empty; it needs a line of headings and the rows under it.")


def _lines(text: str, start: int, first: str, delimiter: str) -> Iterator[Layout]:
    """Each of the first lines as if it held the headings; a line may hold line ends within quotation marks."""
    lines = first.split("\n", MOST_ABOVE * _MOST_LINES_OF_ONE)
    before = text.count("\n", 0, start)
    at, place, above = 0, start, 0
    while at < len(lines) and above < MOST_ABOVE:
        whole = _whole_line(lines, at)
        cells = _cells(whole, delimiter)
        place += len(whole) + 1
        if any(map(str.strip, cells)):
            yield Layout(delimiter, [heading(cell) for cell in cells], above, before + at + 1, place)
            above += 1
        at += whole.count("\n") + 1


def _whole_line(lines: Sequence[str], at: int) -> str:
    """A line and those that belong to it, where a quotation mark is closed on a later one."""
    for count in range(1, _MOST_LINES_OF_ONE + 1):
        whole = "\n".join(lines[at : at + count])
        if whole.count('"') % 2 == 0:
            return whole
    return lines[at]


def _cells(line: str, delimiter: str) -> list[str]:
    """The cells of a line; one whose quotation marks fit nothing is parted at every delimiter."""
    try:
        return next(csv.reader(io.StringIO(line, newline=""), delimiter=delimiter, strict=True), [])
    except csv.Error:
        return line.split(delimiter)


def likeliest_headings(lines: Sequence[Sequence[str]]) -> int:
    """The place of the line that looks most like headings, where none is known: the first that is as wide as the
    table, holds no numbers and no cell twice. The widest line where none is so."""
    widths = [sum(bool(cell.strip()) for cell in line) for line in lines]
    widest = max(widths, default=0)
    for width in (widest, widest - 1):  # one column may have no heading
        for at, line in enumerate(lines):
            cells = [heading(cell) for cell in line if cell.strip()]
            is_plain = len(set(cells)) == len(cells) and not any(map(_is_a_value, cells))
            if is_plain and len(cells) >= max(2, width):
                return at
    return widths.index(widest) if widths else 0


def _is_a_value(cell: str) -> bool:
    return bool(re.fullmatch(r"[\d\s./:,-]+", cell))


def first_lines(text: str) -> list[Layout]:
    """The first lines of a text in which something stands, parted by what parts most of them into as many cells."""
    marked = _SEPARATOR_LINE.match(text)
    start = marked.end() if marked else 0
    first = text[start : start + _LETTERS_LOOKED_AT]
    best: tuple[int, list[Layout]] = (-1, [])
    for delimiter in [marked[1]] if marked else DELIMITERS:
        lines = list(_lines(text, start, first, delimiter))
        widths = [len(line.headings) for line in lines if len(line.headings) > 1]
        alike = max(map(widths.count, widths), default=0)
        if alike > best[0]:
            best = alike, lines
    return best[1]
