"""A live worklist: who is said to hold which child, a line each, its columns named in the source's settings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import polars as pl

from lineofsight.intake.blocks import with_blocks
from lineofsight.intake.case_rows import case_rows, reading_of
from lineofsight.intake.cells import cleaned
from lineofsight.intake.delivery import Context, NamedBytes, Reading
from lineofsight.intake.finding import FILE, NOTE, ROW, WARNING, file_finding
from lineofsight.intake.format import Format
from lineofsight.intake.formats.closed_cases import closed_in, without_closed
from lineofsight.intake.formats.usual_exports import in_words
from lineofsight.intake.formats.worklist_columns import COLUMNS, COSTS, chosen, is_known
from lineofsight.intake.order_of_days import in_one_order
from lineofsight.intake.report import FileRead, ReadingReport
from lineofsight.intake.sheets import said
from lineofsight.intake.sheets.choice import Part, choice
from lineofsight.intake.sheets.layout import Expected
from lineofsight.intake.sheets.read import Unread, each_table
from lineofsight.intake.sheets.reported import Told, file_read
from lineofsight.intake.sheets.table import Sheet
from lineofsight.intake.unpacking import TABLES
from lineofsight.intake.who import hands
from lineofsight.intake.workforce import with_workforce
from lineofsight.record.tables.workers import INVOLVEMENT
from lineofsight.vocabulary.refusal import Refused


@dataclass(frozen=True)
class _List:
    """One table of a worklist as read, and its columns under our names."""

    sheet: Sheet
    texts: pl.DataFrame
    findings: list[pl.DataFrame]
    report: FileRead


@with_workforce
def read(files: Sequence[NamedBytes], context: Context) -> Reading:
    """Read worklists; refuses a delivery in which no file is a table with a column for the child."""
    told = Told()
    whys: list[str] = []
    lists: list[_List] = []
    for file in files:
        if not FORMAT.takes(file):
            says = "The file was stored but not read: a worklist is a CSV file or a workbook."
            do = "Nothing, unless it holds a worklist."
            told.not_read(file.name, "F03", NOTE, says, do)
            continue
        for one in each_table(file, _expected(context), lambda sheet: _list(sheet, context)):
            if isinstance(one, Unread):
                whys.append(str(one.why))
                told.not_loaded(one.place, one.why)
            else:
                lists.append(one)
    if not lists:
        whys.append(
            "No file of this delivery is a table. A worklist is a CSV or a workbook with a line of headings."
        )
        raise Refused(whys[0])
    read_lists = list(_chosen(lists, told))
    cut_off = bool(whys) or any(one.sheet.cut_off for one in read_lists)
    return _reading(read_lists, told, context, cut_off=cut_off)


def _expected(context: Context) -> Expected:
    needs = 1 if len([theirs for theirs in context.columns.values() if theirs.strip()]) == 1 else 2
    wanted = context.columns.get("child", "child")[:40]
    return Expected(
        f"a worklist, such as {wanted!r} for the child",
        lambda heading: is_known(heading, context.columns),
        needs,
    )


def _list(sheet: Sheet, context: Context) -> _List:
    columns, guessed = chosen(sheet.rows.columns, context.columns)
    if "child" not in columns:
        wanted = context.columns.get("child", "child")
        raise Refused(
            f"{sheet.file!r} has no column {wanted[:40]!r} for the child; name theirs under [columns] in the source's settings."
        )
    if "worker" in context.columns and "worker" not in columns:
        raise Refused(
            f"{sheet.file!r} has no column {context.columns['worker'][:40]!r} for the worker, so it does not say who is allocated."
        )
    texts = sheet.rows.select(pl.col(theirs).alias(COLUMNS[ours]) for ours, theirs in columns.items())
    placed = texts.with_columns(pl.lit(sheet.file).alias(FILE), sheet.places.alias(ROW))
    placed, of_days = in_one_order(placed, INVOLVEMENT.days, sheet.file)
    placed, of_blocks = with_blocks(placed, sheet.file, left_out=sheet.left_out)
    closed = closed_in(sheet, context, {theirs for ours, theirs in columns.items() if ours != "end"})
    placed = without_closed(placed, closed.rows, context)
    found = [
        *sheet.findings,
        *_of_columns(sheet, columns, guessed, context),
        *of_days,
        *of_blocks,
        *closed.findings,
    ]
    every = {ours: columns.get(ours) for ours in COLUMNS}
    report = file_read(sheet, "worklist", every, guessed=guessed, costs=COSTS)
    of_closed = {in_words(name) for name in context.closed}
    report = replace(report, unknown=[name for name in report.unknown if in_words(name) not in of_closed])
    return _List(sheet, placed, found, report)


def _of_columns(
    sheet: Sheet, columns: dict[str, str], guessed: set[str], context: Context
) -> Iterator[pl.DataFrame]:
    """A finding for each column that was guessed, that is missing, or that is not read."""
    do = "Name it under [columns] in the source's settings, or remove it."
    for ours in sorted(guessed):
        says = f"The column {columns[ours][:40]!r} was read as the {ours} of the worklist: its source does not name one."
        sure = "Name the column under [columns] in the source's settings."
        yield file_finding("F14", NOTE, sheet.file, says, sure)
    named = {ours for ours, theirs in context.columns.items() if theirs.strip()}
    known = {in_words(name) for name in (*columns.values(), *context.closed)}
    for ours in sorted(named - set(columns)):
        says = (
            f"The file has no column {context.columns[ours][:40]!r}, which the settings name for the {ours}."
        )
        yield file_finding("F05", WARNING, sheet.file, says, "Correct the settings, or add the column.")
    for name in sheet.rows.columns:
        if in_words(name) not in known:
            yield said.unknown_column(sheet.file, name, "a worklist", do)


def _chosen(lists: Sequence[_List], told: Told) -> Iterator[_List]:
    """The tables that are read: of two that hold the same rows, one."""
    read = choice([_as_part(one) for one in lists])
    for at, one in enumerate(lists):
        if at in read.left:
            told.left(one.sheet.file, "worklist", read.left[at])
        else:
            told.findings += one.findings
            yield one


def _as_part(one: _List) -> Part:
    key = [column for column in ("child", "worker", "begun_on") if column in one.texts.columns]
    children = frozenset(one.texts["child"].to_list())
    return Part(one.sheet.file, one.sheet.hidden, frozenset(one.texts.select(key).rows()), children)


def _reading(lists: Sequence[_List], told: Told, context: Context, *, cut_off: bool) -> Reading:
    texts = cleaned(INVOLVEMENT, pl.concat([one.texts for one in lists], how="diagonal"))
    texts, of_workers = hands(texts, context)
    broken = [cells for one in lists for cells in one.sheet.broken]
    made = case_rows(INVOLVEMENT, texts, context, inclusive=context.ends_inclusive)
    return reading_of(
        {INVOLVEMENT.name: made},
        [*told.findings, *of_workers],
        broken={INVOLVEMENT.name: broken},
        unlimited=frozenset({INVOLVEMENT.name}) if cut_off else frozenset(),
        report=ReadingReport([*(one.report for one in lists), *told.files]),
    )


FORMAT = Format(name="worklist", title="Worklist", read=read, endings=TABLES, is_case=True, columns=COLUMNS)
