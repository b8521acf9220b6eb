"""What there is to report of a table that was read, and of a file that was not."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from lineofsight.intake.report import ColumnRead, FileRead, How
from lineofsight.intake.sheets.layout import DELIMITERS
from lineofsight.intake.sheets.table import Sheet


def file_read(
    sheet: Sheet,
    read_as: str,
    columns: Mapping[str, str | None],
    *,
    guessed: Collection[str] = (),
    costs: Mapping[str, str] | None = None,
) -> FileRead:
    """The report of a table that was read. `columns`: for each of ours the heading that fills it, None if missing."""
    known = {heading for heading in columns.values() if heading}
    return FileRead(
        file=sheet.file,
        read_as=read_as,
        why=None,
        heading_line=sheet.line,
        delimiter=DELIMITERS.get(sheet.delimiter, sheet.delimiter) or None,
        encoding=sheet.encoding,
        rows=sheet.rows.height,
        broken=len(sheet.broken),
        left_out=sheet.left_out,
        columns=[_column(ours, theirs, guessed, costs or {}) for ours, theirs in columns.items()],
        unknown=[heading for heading in sheet.rows.columns if heading not in known],
    )


def _column(ours: str, theirs: str | None, guessed: Collection[str], costs: Mapping[str, str]) -> ColumnRead:
    how: How = "missing" if theirs is None else "guessed" if ours in guessed else "found"
    return ColumnRead(ours, theirs, how, costs.get(ours) if theirs is None else None)


def file_not_read(file: str, why: str) -> FileRead:
    """The report of a file or sheet that was stored and not read."""
    return FileRead(file, None, why, None, None, None, 0, 0, 0)
