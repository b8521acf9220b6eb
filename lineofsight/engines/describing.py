"""What a person is shown who describes a source by its files: columns, roles and owners, and the figure they would give.

Nothing is kept. Answers are small, so that a page shows them whole; the numbers of children in `leave_out` never
stand in one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import polars as pl

from lineofsight.engines.list_doubts import Repeated, doubts, repeated
from lineofsight.engines.owners_found import OwnersFound, owners_in
from lineofsight.engines.preview import ToPreview, preview
from lineofsight.engines.worklist_sheet import sheet_of, statuses
from lineofsight.intake import reader
from lineofsight.intake.delivery import Context, NamedBytes
from lineofsight.intake.formats.closed_cases import StatusColumn, closed_in
from lineofsight.intake.formats.usual_exports import system_of
from lineofsight.intake.formats.worklist_columns import COLUMNS, COSTS, Match, matches
from lineofsight.intake.guess import WORKLIST, guessed_format
from lineofsight.intake.report import ReadingReport
from lineofsight.intake.settings import SourceSettings
from lineofsight.intake.sheets.beginning import Beginning
from lineofsight.intake.sheets.table import Sheet
from lineofsight.intake.unpacking import opened
from lineofsight.queries.figures import Caseload, Figure, RegisterRow
from lineofsight.queries.preview import Cause, PreviewedDelivery, causes
from lineofsight.vocabulary.nobody import as_one_name

_DAY = re.compile(r"\d{1,4}[-/. ]\w{1,9}[-/. ]\d{2,4}( \d.*)?")
_NUMBER = re.compile(r"[A-Za-z]{0,4}[-/ ]?\d{2,12}")
_SAMPLES = 3
_LETTERS = 60
_ROWS_SHOWN = 10
_TEAMS_SHOWN = 30


@dataclass(frozen=True)
class LineFound:
    """One of the first lines of a file: its number, and its cells in one text."""

    number: int
    text: str


@dataclass(frozen=True)
class HeadingFound:
    """A heading of the file, and the first values under it that differ."""

    heading: str
    values: list[str]


@dataclass(frozen=True)
class ColumnFound:
    """One of our columns: the heading that was taken for it and why, and what it costs where there is none."""

    column: str
    heading: str | None
    why: str
    costs: str | None


@dataclass(frozen=True)
class ColumnsFound:
    """How files can be read: the format they look like, the line of headings, and which heading fills which column.

    Only a worklist has `lines`, `headings` and `columns`; of other formats `report` says what was read.
    """

    format: str
    guessed_format: str
    file: str = ""
    rows: int = 0
    line: int | None = None
    lines: list[LineFound] = field(default_factory=list)
    headings: list[HeadingFound] = field(default_factory=list)
    columns: list[ColumnFound] = field(default_factory=list)
    system: str | None = None
    statuses: list[StatusColumn] = field(default_factory=list)
    """The columns of a worklist that tell how a case stands."""
    report: ReadingReport = field(default_factory=ReadingReport)


def columns_found(
    files: Sequence[NamedBytes],
    context: Context,
    *,
    kind: str | None,
    line: int | None,
    leave_out: Collection[str],
    by_shape: bool,
) -> ColumnsFound:
    """How files can be read. `kind` (the format) and `line` (of the headings) are a person's choice; None where nobody chose.

    `by_shape`: whether a line none of whose headings is known may be taken for the headings. Refuses files
    that cannot be read.
    """
    inside = opened(files)
    guessed = guessed_format(inside)
    if (kind or guessed) != WORKLIST:
        read = reader.read(kind or guessed, files, context)
        return ColumnsFound(kind or guessed, guessed, rows=read.received, report=read.report)
    sheet, begins = sheet_of(inside, context.columns, line, by_shape=by_shape)
    names = [name for name in sheet.rows.columns if name]
    matched = {**by_values(sheet.rows, names, context.columns), **matches(names, context.columns)}
    columns = [
        ColumnFound(
            ours,
            matched[ours].heading if ours in matched else None,
            matched[ours].why if ours in matched else "no heading looks like it",
            None if ours in matched else COSTS.get(ours),
        )
        for ours in COLUMNS
    ]
    return ColumnsFound(
        kind or guessed,
        guessed,
        sheet.file,
        sheet.rows.height,
        sheet.line,
        _lines(begins, sheet.line, leave_out),
        _headings(sheet, names, leave_out),
        columns,
        system_of(names),
        statuses(sheet.rows.select(names), context.columns),
    )


def _lines(begins: Beginning, headings: int, leave_out: Collection[str]) -> list[LineFound]:
    """The lines about that of the headings; one that names a child who is left out stands without its text."""
    found = []
    for line in begins.lines:
        if line.number <= headings + _SAMPLES:
            cells = [cell.strip() for cell in line.cells if cell.strip()]
            text = "" if set(cells) & set(leave_out) else " | ".join(cells)
            found.append(LineFound(line.number, _cut(text)))
    return found


def _headings(sheet: Sheet, names: Sequence[str], leave_out: Collection[str]) -> list[HeadingFound]:
    closed = set(leave_out)
    rows = [row for row in sheet.rows.head(2000).select(names).iter_rows() if not closed & set(row)]
    found = []
    for at, name in enumerate(names):
        values = dict.fromkeys(cell.strip() for row in rows if (cell := row[at] or "").strip())
        found.append(HeadingFound(name, [_cut(value) for value in list(values)[:_SAMPLES]]))
    return found


def by_values(rows: pl.DataFrame, names: Sequence[str], named: Mapping[str, str]) -> dict[str, Match]:
    """Columns told by what stands under them, where no heading is known: numbers that differ, and days.

    Only proposals for somebody who sees them: a reading without settings never takes a column so.
    """
    if named or matches(names, {}):
        return {}
    values = {name: [cell.strip() for cell in rows[name].head(2000) if cell.strip()] for name in names}
    days = [name for name in names if values[name] and all(map(_DAY.fullmatch, values[name]))]
    numbers = [
        name
        for name in names
        if values[name] and all(map(_NUMBER.fullmatch, values[name])) and name not in days
    ]
    differing = [name for name in numbers if len(set(values[name])) > len(values[name]) * 0.9]
    found = {}
    if differing:
        found["child"] = Match(
            differing[0], guessed=True, why="nearly every line has a number of its own there"
        )
    if len(days) == 1:
        found["start"] = Match(days[0], guessed=True, why="it is the only column of days")
    return found


def _cut(text: str) -> str:
    return text if len(text) <= _LETTERS else f"{text[: _LETTERS - 1]}…"


def owners_found(files: Sequence[NamedBytes], kind: str, context: Context) -> OwnersFound:
    """The roles and owners that the files name, with how many children each has now."""
    read = reader.read(kind, files, context)
    if kind != WORKLIST:
        return owners_in(read, context, Counter())
    sheet, _ = sheet_of(opened(files), context.columns, None, by_shape=False)
    closed = closed_in(sheet, context, ()).rows
    sheet = replace(sheet, rows=sheet.rows.filter(~closed), places=sheet.places.filter(~closed))
    found = owners_in(read, context, _raw_workers(sheet, context))
    return replace(found, doubts=doubts(sheet.rows, context.columns))


def _raw_workers(sheet: Sheet, context: Context) -> Counter[str]:
    """Every name in the worker column of a worklist as it stands, and in how many rows."""
    matched = matches(sheet.rows.columns, context.columns)
    if "worker" not in matched:
        return Counter()
    return Counter(cell.strip() for cell in sheet.rows[matched["worker"].heading].to_list() if cell.strip())


def children_named(files: Sequence[NamedBytes], kind: str, context: Context) -> list[str]:
    """The children whom the files name: for the service, which compares them with its record. No page shows them."""
    read = reader.read(kind, files, context)
    columns = [rows["child"].drop_nulls() for rows in read.rows.values() if "child" in rows.columns]
    return sorted({child for column in columns for child in column.to_list()})


@dataclass(frozen=True)
class PersonTaken:
    """A name that somebody said is a person's, and the children who count as allocated to it."""

    name: str
    children: int


@dataclass(frozen=True)
class TeamCount:
    """A team, None where none is named, and its children without an allocated worker."""

    team: str | None
    children: int


@dataclass(frozen=True)
class FigureFound:
    """The figure that the files give by their settings, and what it rests on."""

    figure: Figure
    teams: list[TeamCount]
    children: list[RegisterRow]
    left_out: int
    """Children without an allocated worker who are not in `children`."""
    reading: PreviewedDelivery
    causes: list[Cause]
    people: list[PersonTaken]
    doubts: list[str]
    """What looks wrong in the columns of a worklist as they were chosen."""
    repeated: Repeated
    closed: int = 0
    """The rows of a worklist that are left out because their case is closed."""


def figure_found(
    files: Sequence[NamedBytes],
    name: str,
    settings: SourceSettings,
    day: date,
    leave_out: Collection[str],
) -> FigureFound:
    """The figure by these files alone, received on that day."""
    found = preview([ToPreview(name, files, day)], settings)
    teams = Counter(child.team for child in found.register.children)
    shown = [one for one in found.register.children if one.child not in set(leave_out)][:_ROWS_SHOWN]
    rows, closed = None, 0
    if settings.format == WORKLIST:
        sheet = sheet_of(files, settings.columns, None, by_shape=False)[0]
        is_closed = closed_in(sheet, ToPreview(name, files, day).context(settings), ()).rows
        rows, closed = sheet.rows.filter(~is_closed), int(is_closed.sum())
    return FigureFound(
        found.figure,
        [TeamCount(team, count) for team, count in teams.most_common(_TEAMS_SHOWN)],
        shown,
        len(found.register.children) - len(shown),
        found.reading[-1],
        causes(found.findings),
        _people(found.caseload, settings),
        [] if rows is None else doubts(rows, settings.columns),
        Repeated() if rows is None else repeated(rows, settings.columns),
        closed,
    )


def _people(caseload: Caseload, settings: SourceSettings) -> list[PersonTaken]:
    children: Counter[str] = Counter()
    for one in caseload.workers:
        for name in {as_one_name(text) for text in (one.worker, one.name) if text}:
            children[name] += one.children
    stated = settings.said.get("allocation", {}).get("people", [])
    return [PersonTaken(name, children[as_one_name(name)]) for name in stated]


Answer = dict[str, Any]
"""What the functions above found, as plain lists, dicts, texts and numbers."""
