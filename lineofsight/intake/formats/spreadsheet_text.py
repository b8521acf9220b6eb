"""CSV as people and spreadsheets write it: any common encoding, comma, semicolon or tab, all text."""

from __future__ import annotations

import io
from dataclasses import dataclass

import polars as pl
import pyarrow as pa
import pyarrow.csv as pa_csv

from lineofsight.intake.delivery import NamedBytes
from lineofsight.intake.finding import FILE, REFUSED, ROW, WARNING, file_finding
from lineofsight.vocabulary.refusal import Refused


@dataclass(frozen=True)
class Sheet:
    """A CSV as read: its rows as text with `_file` and `_row`, rows that could not be split, findings."""

    rows: pl.DataFrame
    broken: int
    findings: list[pl.DataFrame]


def read_csv(file: NamedBytes) -> Sheet:
    """Read a CSV whose first line is its heading. Rows with too few or too many cells become findings."""
    text, findings = _text(file)
    heading = _heading(file, text)
    broken: list[pa_csv.InvalidRow] = []
    rows = _rows(file, text, heading, broken)
    frame = pl.DataFrame(pl.from_arrow(rows))
    places = _places(frame.height, [row.number for row in broken])
    findings += [_broken_row(file, row) for row in broken]
    frame = frame.with_columns(pl.lit(file.name).alias(FILE), pl.Series(ROW, places, pl.Int64))
    return Sheet(frame, len(broken), findings)


def _text(file: NamedBytes) -> tuple[bytes, list[pl.DataFrame]]:
    """The file as UTF-8 bytes with plain line ends, and a finding where its encoding had to be guessed."""
    content = file.content
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        content = _decoded(file, "utf-16").encode()
    if b"\x00" in content:
        raise Refused(f"{file.name!r} is not a text file; save it as CSV UTF-8 and load that.")
    content = content.removeprefix(b"\xef\xbb\xbf")
    findings = []
    try:
        content.decode()
    except UnicodeDecodeError:
        content = content.decode("cp1252", "replace").encode()
        findings.append(_GUESSED(file.name))
    return content.replace(b"\r\n", b"\n").replace(b"\r", b"\n"), findings


def _decoded(file: NamedBytes, encoding: str) -> str:
    try:
        return file.content.decode(encoding)
    except UnicodeDecodeError:
        raise Refused(f"{file.name!r} is not a text file; save it as CSV UTF-8 and load that.") from None


def _GUESSED(name: str) -> pl.DataFrame:  # noqa: N802 - a finding of this module, written once
    return file_finding(
        "F01", WARNING, name, "The file is not in UTF-8; it was read as Windows-1252.", "Save it as CSV UTF-8."
    )


def _heading(file: NamedBytes, text: bytes) -> list[str]:
    first = text.split(b"\n", 1)[0].decode()
    names = [cell.strip().strip('"').strip() for cell in first.split(_delimiter(first))]
    if not first.strip():
        raise Refused(f"{file.name!r} is empty; it needs a line of headings and the rows under it.")
    if len(set(names)) != len(names):
        raise Refused(f"{file.name!r} names a column twice in its heading; take one of them out.")
    return names


def _delimiter(first: str) -> str:
    return max((",", ";", "\t"), key=first.count)


def _rows(file: NamedBytes, text: bytes, heading: list[str], broken: list[pa_csv.InvalidRow]) -> pa.Table:
    def keep(row: pa_csv.InvalidRow) -> str:
        broken.append(row)
        return "skip"

    first, _, body = text.partition(b"\n")
    if not body.strip():
        return pa.table({name: pa.array([], pa.string()) for name in heading})
    try:
        return pa_csv.read_csv(
            io.BytesIO(body),
            read_options=pa_csv.ReadOptions(column_names=heading, use_threads=False, block_size=1 << 26),
            parse_options=pa_csv.ParseOptions(
                delimiter=_delimiter(first.decode()), newlines_in_values=True, invalid_row_handler=keep
            ),
            convert_options=pa_csv.ConvertOptions(
                column_types={name: pa.large_string() for name in heading}, strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid:
        raise Refused(
            f"{file.name!r} cannot be split into rows; a quotation mark is not closed, or it is not a CSV."
        ) from None


def _places(height: int, broken: list[int | None]) -> list[int]:
    """Each row's number in the file, given the numbers of those left out between them."""
    gone = {number for number in broken if number is not None}
    places = (number for number in range(1, height + len(gone) + 1) if number not in gone)
    return list(places)


def _broken_row(file: NamedBytes, row: pa_csv.InvalidRow) -> pl.DataFrame:
    says = f"The row has {row.actual_columns} cells where the heading has {row.expected_columns}."
    do = "Put text that holds a comma in quotation marks, and send the row again."
    return file_finding("F02", REFUSED, file.name, says, do, row=row.number or 0)
