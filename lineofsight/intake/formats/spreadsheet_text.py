"""CSV as people and spreadsheets write it: any common encoding, comma, semicolon or tab, all text.

Where a quotation mark occurs, Python's own reader reads it, strictly: faster ones take one that is
never closed for the beginning of a long cell, and the rows after it are gone without a word.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from lineofsight.intake.delivery import NamedBytes
from lineofsight.intake.finding import REFUSED, WARNING, file_finding
from lineofsight.vocabulary.refusal import Refused

# A cell of any length is read: the checks refuse its row, where the reader's limit would refuse the file.
csv.field_size_limit(2**31 - 1)

SHEETS = (".csv", ".txt")
"""How the names of the files this module reads end."""

_NEEDLESS = re.compile(r'(?:(?<=[,;\t\n])|\A)"([^"\n,;\t]*)"(?=[,;\t\n]|\Z)')
"""A quoted cell that holds nothing that needs quoting: without its quotes it is the same cell."""

_Row = tuple[int, list[str]]
"""A row's number in the file (the first after the heading is 1, blank lines count) and its cells."""


@dataclass(frozen=True)
class Sheet:
    """A CSV as read: its rows as text, each one's number in the file, and what was found.

    `broken` holds the cells of the rows that have too few or too many of them.
    """

    rows: pl.DataFrame
    places: pl.Series
    broken: list[list[str]]
    findings: list[pl.DataFrame]
    cut_off: bool = False
    """Whether the last line has too few cells, so that the file may have been cut off."""


def read_csv(file: NamedBytes) -> Sheet:
    """Read a CSV whose first line is its heading. Rows with too few or too many cells become findings."""
    text, findings = _text(file)
    bare = _NEEDLESS.sub(r"\1", text) if '"' in text else text
    if '"' not in bare:
        return _unquoted(file, bare, findings)
    rows = _rows(file, text)
    heading = [name.strip() for name in next(rows, (0, []))[1]]
    _check_heading(file, heading)
    whole: list[_Row] = []
    broken: list[_Row] = []
    for row in rows:
        (whole if len(row[1]) == len(heading) else broken).append(row)
    findings += [_broken_row(file, row, len(heading)) for row in broken]
    frame, nameless = _frame(file, heading, whole)
    places = pl.Series([number for number, _ in whole], dtype=pl.Int64)
    last = max(whole[-1:] + broken[-1:], default=(0, heading))
    cut_off = len(last[1]) < len(heading)
    return Sheet(frame, places, [cells for _, cells in broken], [*findings, *nameless], cut_off)


def _unquoted(file: NamedBytes, text: str, findings: list[pl.DataFrame]) -> Sheet:
    """A CSV without a quotation mark, in which every line is a row and every delimiter parts two cells."""
    delimiter = _delimiter(text.lstrip("\n"))
    lines = pl.Series(text.lstrip("\n").split("\n"), dtype=pl.String)
    heading = [name.strip() for name in lines[0].split(delimiter)]
    _check_heading(file, heading)
    places = pl.int_range(len(lines), dtype=pl.Int64, eager=True)
    filled = (lines != "") & (places > 0)
    fits = filled & (lines.str.count_matches(delimiter, literal=True) == len(heading) - 1)
    misfits = [(at, lines[at].split(delimiter)) for at in places.filter(filled & ~fits).to_list()]
    kept = len(lines) - 1 - (1 if lines[-1] == "" else 0)
    whole = text.lstrip("\n").partition("\n")[2] if fits.sum() == kept else None
    frame = _split(lines.filter(fits), delimiter, heading, whole)
    named = {name: frame.to_series(at) for at, name in enumerate(heading) if name}
    nameless = [
        _nameless(file, at + 1)
        for at, name in enumerate(heading)
        if not name and bool((frame.to_series(at) != "").any())
    ]
    broken = [_broken_row(file, row, len(heading)) for row in misfits]
    found = [*findings, *broken, *nameless]
    last = places.filter(filled).max()
    cut_off = bool(misfits) and misfits[-1][0] == last and len(misfits[-1][1]) < len(heading)
    return Sheet(pl.DataFrame(named), places.filter(fits), [cells for _, cells in misfits], found, cut_off)


def _split(lines: pl.Series, delimiter: str, heading: list[str], whole: str | None) -> pl.DataFrame:
    """Lines split into one column for each name, all text, empty cells as empty text.

    `whole` is the text they come from where it holds nothing else, which saves putting it together again.
    """
    if not len(lines):
        return pl.DataFrame([pl.Series(f"{at}", [], dtype=pl.String) for at in range(len(heading))])
    text = (whole if whole is not None else "\n".join(lines.to_list())).encode()
    rows = pl.read_csv(
        io.BytesIO(text), has_header=False, separator=delimiter, quote_char=None, infer_schema=False
    )
    return rows.fill_null("")


def _text(file: NamedBytes) -> tuple[str, list[pl.DataFrame]]:
    """The file as text with plain line ends, and a finding where its encoding had to be guessed."""
    findings = []
    if file.content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = _utf16(file)
    else:
        try:
            text = file.content.decode("utf-8-sig")
        except UnicodeDecodeError as fault:
            text = _windows(file, fault)
            findings.append(_guessed(file))
    if "\x00" in text:
        raise Refused(f"{file.name!r} is not a text file; save it as CSV UTF-8 and load that.")
    return text.replace("\r\n", "\n").replace("\r", "\n"), findings


def _utf16(file: NamedBytes) -> str:
    try:
        return file.content.decode("utf-16")
    except UnicodeDecodeError:
        raise Refused(f"{file.name!r} is not a text file; save it as CSV UTF-8 and load that.") from None


def _windows(file: NamedBytes, fault: UnicodeDecodeError) -> str:
    """The file read as Windows-1252, unless it is UTF-8 that was cut off."""
    was_utf8_so_far = not file.content[: fault.start].isascii()
    if was_utf8_so_far and fault.reason == "unexpected end of data":
        raise Refused(f"{file.name!r} ends in the middle of a character; it was cut off. Deliver it whole.")
    return file.content.decode("cp1252", "replace")


def _guessed(file: NamedBytes) -> pl.DataFrame:
    says = "The file is not UTF-8. It was read as Windows-1252."
    return file_finding("F01", WARNING, file.name, says, "Save it as CSV UTF-8.")


def _rows(file: NamedBytes, text: str) -> Iterator[_Row]:
    """The heading as row 0, then every row that is not blank; refuses a file that cannot be split."""
    filled = text.lstrip("\n")
    above = len(text) - len(filled)
    reader = csv.reader(io.StringIO(filled, newline="\n"), delimiter=_delimiter(filled), strict=True)
    begun = above + 1
    try:
        for number, cells in enumerate(reader):
            begun = above + reader.line_num + 1
            if cells:
                yield number, cells
    except csv.Error:
        raise Refused(
            f"{file.name!r} cannot be split into rows from line {begun} on: a quotation mark is not closed or has "
            "text after it. Correct that line and load the file again."
        ) from None


def _delimiter(text: str) -> str:
    return max((",", ";", "\t"), key=text.partition("\n")[0].count)


def _check_heading(file: NamedBytes, heading: list[str]) -> None:
    named = [name for name in heading if name]
    if not named:
        raise Refused(f"{file.name!r} is empty; it needs a line of headings and the rows under it.")
    if len(set(named)) != len(named):
        raise Refused(f"{file.name!r} names a column twice in its heading; take one of them out.")


def _frame(file: NamedBytes, heading: list[str], rows: list[_Row]) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """The named columns, and a finding for each column without a name in which something stands."""
    columns = list(zip(*(cells for _, cells in rows), strict=True)) or [()] * len(heading)
    named = {
        name: pl.Series(cells, dtype=pl.String) for name, cells in zip(heading, columns, strict=True) if name
    }
    nameless = [at for at, name in enumerate(heading, 1) if not name and any(columns[at - 1])]
    return pl.DataFrame(named), [_nameless(file, at) for at in nameless]


def _nameless(file: NamedBytes, at: int) -> pl.DataFrame:
    says = f"Column {at} has no name. It was stored but not read."
    return file_finding("F04", WARNING, file.name, says, "Give it a name, or remove it.")


def _broken_row(file: NamedBytes, row: _Row, expected: int) -> pl.DataFrame:
    number, cells = row
    says = f"This row has {len(cells)} cells, but the heading has {expected}."
    do = "Put text that contains a comma in quotation marks, and load the row again."
    return file_finding("F02", REFUSED, file.name, says, do, row=number)


# -- what formats of tables have to say of a file ----------------------------------------------------


def not_loaded(file: NamedBytes, refused: Refused) -> pl.DataFrame:
    """A finding for a file that cannot be split: it says nothing, and takes nothing away."""
    says = f"{refused} Nothing in this file was loaded or withdrawn."
    return file_finding("F06", REFUSED, file.name, says, "Correct the file and load it again.")


def unknown_column(
    file: NamedBytes, name: str, of: str, do: str = "Correct its name, or remove it."
) -> pl.DataFrame:
    """A finding for a column that is not one of those read."""
    says = f"The column {name[:40]!r} is not a column of {of}. It was stored but not read."
    return file_finding("F04", WARNING, file.name, says, do)
