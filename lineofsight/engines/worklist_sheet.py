"""The table of a worklist among the files of a delivery, for whoever looks at it before anything is loaded."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import polars as pl

from lineofsight.intake.delivery import NamedBytes
from lineofsight.intake.formats.closed_cases import StatusColumn, status_columns
from lineofsight.intake.formats.usual_exports import in_words
from lineofsight.intake.formats.worklist_columns import is_known, matches
from lineofsight.intake.settings import SourceSettings
from lineofsight.intake.sheets.beginning import Beginning, beginning
from lineofsight.intake.sheets.layout import Expected
from lineofsight.intake.sheets.read import tables_of
from lineofsight.intake.sheets.table import Sheet
from lineofsight.intake.unpacking import TABLES, opened
from lineofsight.vocabulary.refusal import Refused


def sheet_of(
    files: Sequence[NamedBytes], named: Mapping[str, str], line: int | None, *, by_shape: bool
) -> tuple[Sheet, Beginning]:
    """The first table of a worklist, and the beginning of its file. Refuses files that hold none.

    `line`: that of the headings, None where nobody chose one. `by_shape`: whether a line none of whose headings is known
    may be taken for the headings.
    """
    whys: list[str] = []
    for file in files:
        if not file.name.lower().endswith(TABLES):
            continue
        try:
            begins = beginning(file)
            sheets = _tables(file, begins, named, line, by_shape=by_shape)
            return max(sheets, key=lambda sheet: (not sheet.hidden, sheet.rows.height)), begins
        except Refused as refused:
            whys.append(str(refused))
    raise Refused(next(iter(whys), "None of these files is a table."))


def _tables(
    file: NamedBytes, begins: Beginning, named: Mapping[str, str], line: int | None, *, by_shape: bool
) -> list[Sheet]:
    if line is not None:
        return list(tables_of(file, begins.expected(line)))
    try:
        return list(tables_of(file, Expected("a worklist", lambda one: is_known(one, named), 2)))
    except Refused:
        if not by_shape:
            raise
    return list(tables_of(file, begins.expected(begins.likeliest)))


def closed_columns(files: Sequence[NamedBytes], settings: SourceSettings) -> list[StatusColumn]:
    """The columns of a worklist with values that probably mean closed, of which its settings say nothing."""
    sheet, _ = sheet_of(opened(files), settings.columns, None, by_shape=False)
    return [
        one for one in statuses(sheet.rows, settings.columns) if one.closed and not _is_settled(one, settings)
    ]


def statuses(rows: pl.DataFrame, named: Mapping[str, str]) -> list[StatusColumn]:
    """The columns of a worklist that tell how a case stands. `named`: our columns, as settings name them."""
    found = matches(rows.columns, named)
    return status_columns(rows, {one.heading for ours, one in found.items() if ours != "end"})


def _is_settled(column: StatusColumn, settings: SourceSettings) -> bool:
    return in_words(column.heading) in {in_words(name) for name in settings.closed}


def with_closed(settings: SourceSettings, columns: Collection[StatusColumn]) -> SourceSettings:
    """Settings that leave out what probably means closed, to show what that would change."""
    closed = {**settings.closed, **{one.heading: one.closed for one in columns}}
    whole = json.dumps({**settings.said, "closed": closed}, sort_keys=True, ensure_ascii=False)
    return replace(settings, whole=whole)
