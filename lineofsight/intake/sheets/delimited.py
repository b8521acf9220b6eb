"""A text of delimited cells as a table: rows of text, each with its number, and a finding for whatever is no row.

Where a quotation mark occurs, Python's own reader reads it, strictly: faster ones take one that is
never closed for the beginning of a long cell, and the rows after it are gone without a word.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from lineofsight.intake.cells import is_unusual
from lineofsight.intake.delivery import NamedBytes
from lineofsight.intake.sheets import said
from lineofsight.intake.sheets.asides import is_aside, looks_like_a_row, may_be_aside
from lineofsight.intake.sheets.layout import Expected, Layout, layout_of
from lineofsight.intake.sheets.table import Sheet, named_columns
from lineofsight.intake.sheets.text import text_of
from lineofsight.vocabulary.refusal import Refused

# A cell of any length is read: the checks refuse its row, where the reader's limit would refuse the file.
csv.field_size_limit(2**31 - 1)

_NEEDLESS = re.compile(r'"(?<![^,;\t|\n]")([^"\n,;\t|]*)"(?![^,;\t|\n])')
"""A quoted cell that holds nothing that needs quoting: without its quotes it is the same cell.

The pattern begins with the quotation mark itself, so that the engine leaps from one to the next.
"""

_Row = tuple[int, list[str]]
"""A row's number below the heading (the first line there is 1, blank lines count) and its cells."""


@dataclass
class _Lines:
    """The lines below the headings, sorted out: rows, and those that are none or cannot be one."""

    rows: pl.DataFrame
    places: pl.Series
    broken: list[_Row]
    asides: int
    surplus: int
    """Rows that had empty cells too many, which were left out."""
    last: int
    """The number of the last line in which something stands."""


def read_csv(file: NamedBytes, expected: Expected | None = None) -> Sheet:
    """Read a table from delimited text. Rows with too few or too many cells become findings."""
    read = text_of(file)
    layout = layout_of(file.name, read.text, expected)
    _check_headings(file, layout, expected)
    body = read.text[layout.begins :]
    if '"' in body:
        body = "".join(_NEEDLESS.split(body))  # `sub` would do the same, and expand each match in Python
    lines = _quoted(file, read.text, layout) if '"' in body else _unquoted(body, layout)
    width = len(layout.headings)
    columns, nameless = named_columns(file.name, layout.headings, lines.rows)
    findings = [
        *read.findings,
        *said.dress(file.name, above=layout.above, asides=lines.asides, surplus=lines.surplus),
        *(said.broken_row(file.name, number, len(cells), width) for number, cells in lines.broken),
        *nameless,
    ]
    last_broken = lines.broken[-1] if lines.broken else (0, layout.headings)
    return Sheet(
        file=file.name,
        rows=columns,
        places=lines.places,
        broken=[cells for _, cells in lines.broken],
        findings=findings,
        cut_off=last_broken[0] == lines.last and len(last_broken[1]) < width,
        line=layout.line,
        delimiter=layout.delimiter,
        encoding=read.encoding,
        left_out=lines.asides,
        unusual=is_unusual(read.text),
    )


def _check_headings(file: NamedBytes, layout: Layout, expected: Expected | None) -> None:
    named = Counter(name for name in layout.headings if name)
    if not named:
        raise Refused(f"{file.name!r} is empty; it needs a line of headings and the rows under it.")
    twice = [
        name for name, count in named.items() if count > 1 and (expected is None or expected.knows(name))
    ]
    if twice:
        raise Refused(f"{file.name!r} names a column twice in its heading; take one of them out.")


# -- without a quotation mark ---------------------------------------------------------------------


def _unquoted(body: str, layout: Layout) -> _Lines:
    """Lines without a quotation mark: every line is a row and every delimiter parts two cells."""
    delimiter, width = layout.delimiter, len(layout.headings)
    lines = pl.Series(body.split("\n"), dtype=pl.String)
    places = pl.int_range(1, len(lines) + 1, dtype=pl.Int64, eager=True)
    filled = lines != ""
    fits = filled & (lines.str.count_matches(delimiter, literal=True) == width - 1)
    lines, fits, broken, asides, surplus = _misfits(lines, filled & ~fits, fits, layout)
    none = _asides(
        lines, fits & (lines.str.contains(may_be_aside(delimiter, layout.headings)) | (places <= 3)), layout
    )
    if none:
        fits = fits & ~places.is_in(none)
    kept = len(lines) - (1 if lines[-1] == "" else 0)
    rows = _split(lines.filter(fits), delimiter, width, body if fits.sum() == kept and not surplus else None)
    last = places.filter(filled).max()
    return _Lines(
        rows, places.filter(fits), broken, asides + len(none), surplus, last if isinstance(last, int) else 0
    )


def _asides(lines: pl.Series, doubtful: pl.Series, layout: Layout) -> list[int]:
    """The numbers of the lines, among those doubtful, that have as many cells as the headings and are no rows."""
    none = []
    for at, line in zip(doubtful.arg_true().to_list(), lines.filter(doubtful).to_list(), strict=True):
        cells = line.split(layout.delimiter)
        if not looks_like_a_row(at + 1, cells, layout.headings) and is_aside(cells, layout.headings):
            none.append(at + 1)
    return none


def _misfits(
    lines: pl.Series, misfit: pl.Series, fits: pl.Series, layout: Layout
) -> tuple[pl.Series, pl.Series, list[_Row], int, int]:
    """Lines with too few or too many cells: mended where the cells too many are empty, left out where they are no rows."""
    width, broken, asides, mended = len(layout.headings), list[_Row](), 0, dict[int, str]()
    for at in misfit.arg_true().to_list():
        cells = lines[at].split(layout.delimiter)
        if is_aside(cells, layout.headings):
            asides += any(map(str.strip, cells))
        elif len(cells) > width and not any(map(str.strip, cells[width:])):
            mended[at] = layout.delimiter.join(cells[:width])
        else:
            broken.append((at + 1, cells))
    if mended:
        lines = lines.scatter(list(mended), list(mended.values()))
        fits = fits.scatter(list(mended), True)
    return lines, fits, broken, asides, len(mended)


def _split(lines: pl.Series, delimiter: str, width: int, whole: str | None) -> pl.DataFrame:
    """Lines split into so many columns, all text, empty cells as empty text.

    `whole` is the text they come from where it holds nothing else, which saves putting it together again.
    """
    if not len(lines):
        return pl.DataFrame([pl.Series(f"{at}", [], dtype=pl.String) for at in range(width)])
    text = (whole if whole is not None else "\n".join(lines.to_list())).encode()
    rows = pl.read_csv(
        io.BytesIO(text), has_header=False, separator=delimiter, quote_char=None, infer_schema=False
    )
    return rows.fill_null("")


# -- with quotation marks -------------------------------------------------------------------------


def _quoted(file: NamedBytes, text: str, layout: Layout) -> _Lines:
    width, headings = len(layout.headings), layout.headings
    whole, broken, asides, surplus, last = list[_Row](), list[_Row](), 0, 0, 0
    for number, cells in _rows(file, text, layout):
        if looks_like_a_row(number, cells, headings):
            last = number
            whole.append((number, cells))
            continue
        filled = any(map(str.strip, cells))
        last = number if filled else last
        if is_aside(cells, headings):
            asides += filled
        elif len(cells) > width and not any(map(str.strip, cells[width:])):
            surplus += 1
            whole.append((number, cells[:width]))
        else:
            (whole if len(cells) == width else broken).append((number, cells))
    places = pl.Series([number for number, _ in whole], dtype=pl.Int64)
    return _Lines(_columns([cells for _, cells in whole], width), places, broken, asides, surplus, last)


def _rows(file: NamedBytes, text: str, layout: Layout) -> Iterator[_Row]:
    """Every row below the headings that is not blank; refuses a file that cannot be split."""
    body = io.StringIO(text[layout.begins :], newline="\n")
    above = text.count("\n", 0, layout.begins)
    reader = csv.reader(body, delimiter=layout.delimiter, strict=True)
    begun = above + 1
    try:
        for number, cells in enumerate(reader, 1):
            begun = above + reader.line_num + 1
            if cells:
                yield number, cells
    except csv.Error:
        raise Refused(
            f"{file.name!r} cannot be split into rows from line {begun} on: a quotation mark is not closed or has "
            "text after it. Correct that line and load the file again."
        ) from None


def _columns(rows: Sequence[Sequence[str]], width: int) -> pl.DataFrame:
    columns = list(zip(*rows, strict=True)) or [()] * width
    return pl.DataFrame([pl.Series(f"{at}", cells, dtype=pl.String) for at, cells in enumerate(columns)])
