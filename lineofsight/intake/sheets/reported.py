"""What there is to tell of a delivery's files: of a table that was read, and of a file that was not and why."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import polars as pl

from lineofsight.intake.finding import file_finding
from lineofsight.intake.report import ColumnRead, FileRead, How
from lineofsight.intake.sheets import said
from lineofsight.intake.sheets.layout import DELIMITERS
from lineofsight.intake.sheets.table import Sheet
from lineofsight.vocabulary.refusal import Refused


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


@dataclass
class Told:
    """The findings about a delivery's files, and of each file what was read or why it was not."""

    findings: list[pl.DataFrame] = field(default_factory=list)
    files: list[FileRead] = field(default_factory=list)

    def not_read(
        self, place: str, code: str, severity: str, says: str, do: str, why: str | None = None
    ) -> None:
        """A file or sheet was stored and not read. `why`: the reason in the report, where it is not what the finding says."""
        self.findings.append(file_finding(code, severity, place, says, do))
        self.files.append(_unread(place, why or says))

    def not_loaded(self, place: str, refused: Refused) -> None:
        """A file or sheet could not be read: it says nothing, and takes nothing away."""
        self.findings.append(said.not_loaded(place, refused))
        self.files.append(_unread(place, str(refused)))

    def left(self, file: str, what: str, why: str) -> None:
        """A file or sheet was not read, since another one holds the same table."""
        self.findings.append(said.left_for_another(file, what, why))
        self.files.append(_unread(file, f"It {why}."))


def _unread(file: str, why: str) -> FileRead:
    return FileRead(file, None, why, None, None, None, 0, 0, 0)
