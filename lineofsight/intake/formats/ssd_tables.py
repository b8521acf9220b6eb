"""The Standard Safeguarding Dataset as tables, one a file or a sheet, in a zip, a folder or a workbook
(docs/how-to/deliver-case-records.md)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import polars as pl

from lineofsight.intake.blocks import with_blocks
from lineofsight.intake.case_rows import CaseRows, case_rows, reading_of
from lineofsight.intake.cells import cleaned
from lineofsight.intake.delivery import Context, NamedBytes, Reading
from lineofsight.intake.finding import FILE, NOTE, ROW, WARNING, file_finding
from lineofsight.intake.format import Format
from lineofsight.intake.formats.ssd_columns import COSTS, SSD_TABLES, UNREAD_FILES, SsdTable, bare
from lineofsight.intake.joins import joined_ids
from lineofsight.intake.order_of_days import in_one_order
from lineofsight.intake.report import FileRead, ReadingReport
from lineofsight.intake.sheets import said
from lineofsight.intake.sheets.book import is_book, sheets_of, table_of
from lineofsight.intake.sheets.choice import Part, choice
from lineofsight.intake.sheets.delimited import read_csv
from lineofsight.intake.sheets.layout import Expected
from lineofsight.intake.sheets.named import bare_name
from lineofsight.intake.sheets.read import Unread
from lineofsight.intake.sheets.reported import Told, file_read
from lineofsight.intake.sheets.table import Sheet
from lineofsight.intake.unpacking import TABLES as ENDINGS
from lineofsight.intake.unsure import UNSURE
from lineofsight.intake.who import entries_for_nobody, hands
from lineofsight.intake.whose import NAMED_BY, with_children
from lineofsight.intake.workforce import with_workforce
from lineofsight.record.tables import TABLES
from lineofsight.record.tables.workers import INVOLVEMENT
from lineofsight.vocabulary.refusal import Refused

_BY_NAME = {name: one for one in SSD_TABLES for name in one.files}


@dataclass
class _Part:
    """What the files of one table hold."""

    ssd: SsdTable
    texts: list[pl.DataFrame] = field(default_factory=list)
    broken: list[list[str]] = field(default_factory=list)
    cut_off: bool = False
    unusual: bool = False


@dataclass(frozen=True)
class _Found:
    """One file or sheet that is a table, and its columns under our names."""

    ssd: SsdTable
    sheet: Sheet
    texts: pl.DataFrame
    findings: list[pl.DataFrame]


@dataclass(frozen=True)
class _Lost(Unread):
    """A file or sheet that cannot be read, and the table it would be; None for a workbook, which may hold any."""

    ssd: SsdTable | None


def table_named(name: str) -> SsdTable | None:
    """The table whose file or sheet bears that name: whatever its folder, schema, date, copy or letters' case."""
    return _BY_NAME.get(bare_name(name))


@with_workforce
def read(files: Sequence[NamedBytes], context: Context) -> Reading:
    """Read every file that is one of the dataset's tables; refuses a delivery in which none can be read."""
    told = Told()
    found = _found(files, told)
    parts = _parts(found, told)
    if not parts:
        refused = next((one.why for one in found if isinstance(one, _Lost)), None)
        raise refused or Refused(
            "No file of this delivery can be read as a table of the Standard Safeguarding Dataset; give CSVs named as "
            "its tables are, such as ssd_involvements.csv, in a folder or a zip."
        )
    lost = {one.ssd.table if one.ssd else None for one in found if isinstance(one, _Lost)}
    unlimited = frozenset(name for name in parts if parts[name].cut_off or not lost.isdisjoint({name, None}))
    return _reading(parts, told, context, unlimited)


# -- files to texts under our names ---------------------------------------------------------------


def _found(files: Sequence[NamedBytes], told: Told) -> list[_Found | _Lost]:
    """Every file and sheet that is a table, in the order of the files."""
    texts: list[tuple[NamedBytes, SsdTable]] = []
    found: list[_Found | _Lost] = []
    for file in files:
        ssd = table_named(file.name) if file.name.lower().endswith(ENDINGS) else None
        if is_book(file):
            found += _of_book(file, ssd, told)
        elif ssd is None:
            _not_read(file, told)
        else:
            texts.append((file, ssd))
    with ThreadPoolExecutor(max_workers=2) as two:  # splitting lets go of the interpreter
        found += two.map(lambda one: _of_text(*one), texts)
    return found


def _of_text(file: NamedBytes, ssd: SsdTable) -> _Found | _Lost:
    try:
        sheet = read_csv(file, _expected(ssd))
    except Refused as refused:
        return _Lost(file.name, refused, ssd)
    return _of_sheet(sheet, ssd)


def _of_book(file: NamedBytes, named: SsdTable | None, told: Told) -> Iterator[_Found | _Lost]:
    """A workbook of tables, each on the sheet that bears its name, or a single table under the file's name."""
    try:
        sheets = list(sheets_of(file))
    except Refused as why:
        yield _Lost(file.name, why, None)
        return
    for book_sheet in sheets:
        ssd = table_named(book_sheet.name) or named
        sheet = table_of(book_sheet, _expected(ssd)) if ssd else None
        if ssd and sheet:
            yield _of_sheet(sheet, ssd)
        elif any(map(any, book_sheet.rows)):
            place = f"{file.name} {book_sheet.name}"[:120]
            no_table = "it has no line of headings of a table of the dataset"
            _stored(place, "sheet", no_table, "Nothing, unless it holds a table.", told)


def _of_sheet(sheet: Sheet, ssd: SsdTable) -> _Found | _Lost:
    """A table as it is read, or why it cannot be: a sheet's fault is that sheet's own, as a file's is the file's."""
    try:
        ordered, of_days = in_one_order(_named(sheet, ssd), TABLES[ssd.table].days, sheet.file)
        texts, of_blocks = (
            with_blocks(ordered, sheet.file) if ssd.table == INVOLVEMENT.name else (ordered, [])
        )
        if UNSURE in texts.columns:
            raise Refused(
                f"{sheet.file!r} names each worker only on the first row of a block, so it does not say who answers for "
                "the rows beneath. Write the worker on every row."
            )
    except Refused as refused:
        return _Lost(sheet.file, refused, ssd)
    return _Found(ssd, sheet, texts, [*of_days, *of_blocks])


def _expected(ssd: SsdTable) -> Expected:
    return Expected(f"the table {ssd.files[-1]}", lambda heading: bare(heading) in ssd.headings)


def _not_read(file: NamedBytes, told: Told) -> None:
    """Say of a file that is no table why it was not read."""
    why, do = (
        "its name is not the name of a table",
        "Nothing, unless it holds a table. If it does, name it as the dataset does.",
    )
    if bare_name(file.name) in UNREAD_FILES:
        why, do = "the record has no table for this table of the dataset", "Nothing."
    _stored(file.name, "file", why, do, told)


def _stored(place: str, what: str, why: str, do: str, told: Told) -> None:
    says = f"The {what} was stored but not read: {why}."
    told.not_read(place, "F03", NOTE, says, do, f"{why[:1].upper()}{why[1:]}.")


def _named(sheet: Sheet, ssd: SsdTable) -> pl.DataFrame:
    """The columns under our names; refuses a table without the column that says whose its rows are."""
    chosen = ssd.chosen(sheet.rows.columns)
    if ssd.table == "involvement":
        key: tuple[str, ...] = ("child", "referral")
    elif ssd.table in NAMED_BY:
        key = ("child", NAMED_BY[ssd.table][0])
    else:
        key = TABLES[ssd.table].key[:1]
    if not any(chosen[name] for name in key):
        wanted = " or ".join(ssd.columns[name][0] for name in key)
        raise Refused(f"{sheet.file!r} has no column {wanted}, so its rows cannot be told apart.")
    if ssd.table == "involvement" and not chosen["worker"]:
        raise Refused(
            f"{sheet.file!r} has no column {ssd.columns['worker'][0]}, so it does not say who is allocated."
        )
    texts = sheet.rows.select(
        _one_of(ssd.columns_for(ours, sheet.rows.columns)).alias(ours) for ours in chosen if chosen[ours]
    )
    return texts.with_columns(pl.lit(sheet.file).alias(FILE), sheet.places.alias(ROW))


def _one_of(headings: Sequence[str]) -> pl.Expr:
    """The cell of the first column in which something stands, of several that a table may have for one of ours."""
    cells = [pl.when(pl.col(heading).str.strip_chars() != "").then(pl.col(heading)) for heading in headings]
    return pl.coalesce(*cells, pl.lit("")) if len(headings) > 1 else pl.col(headings[0])


# -- one table from its files ---------------------------------------------------------------------


def _parts(found: Sequence[_Found | _Lost], told: Told) -> dict[str, _Part]:
    """What was read of each table, and what there is to say of its files."""
    by_table: dict[str, list[_Found]] = defaultdict(list)
    for one in found:
        if isinstance(one, _Lost):
            told.not_loaded(one.place, one.why)
        else:
            by_table[one.ssd.table].append(one)
    return {name: _part(name, many, told) for name, many in sorted(by_table.items())}


def _part(name: str, many: Sequence[_Found], told: Told) -> _Part:
    read = choice([_as_part(name, one) for one in many]) if len(many) > 1 else None
    part = _Part(many[0].ssd)
    for at, one in enumerate(many):
        if read and at in read.left:
            told.left(one.sheet.file, name.replace("_", " "), read.left[at])
        else:
            _take(one, part, told.findings)
            told.files.append(_reported(one.sheet, one.ssd))
    return part


def _as_part(name: str, one: _Found) -> Part:
    """A file for choosing between it and another of the same table: its rows by their keys."""
    key = [column for column in TABLES[name].key if column in one.texts.columns]
    children = frozenset(one.texts["child"].to_list()) if "child" in one.texts.columns else frozenset()
    return Part(one.sheet.file, one.sheet.hidden, frozenset(one.texts.select(key).rows()), children)


def _take(one: _Found, part: _Part, findings: list[pl.DataFrame]) -> None:
    sheet = one.sheet
    part.texts.append(one.texts)
    part.broken += sheet.broken
    part.cut_off = part.cut_off or sheet.cut_off
    part.unusual = part.unusual or sheet.unusual
    findings += [*sheet.findings, *_columns(sheet, one.ssd), *one.findings]
    if sheet.cut_off:
        says = (
            "The last line has too few cells, so the file may have been cut off. "
            "No row was withdrawn for being absent from it."
        )
        findings.append(file_finding("F08", WARNING, sheet.file, says, "Load the whole file."))


def _reported(sheet: Sheet, ssd: SsdTable) -> FileRead:
    costs = {ours: cost for (table, ours), cost in COSTS.items() if table == ssd.table}
    return file_read(sheet, ssd.table, ssd.chosen(sheet.rows.columns), costs=costs)


def _columns(sheet: Sheet, ssd: SsdTable) -> Iterator[pl.DataFrame]:
    """A finding for each column that is not one of the table's, and for each that is missing."""
    for name in sheet.rows.columns:
        if bare(name) not in ssd.headings:
            yield said.unknown_column(sheet.file, name, "this table")
    for ours, theirs in ssd.chosen(sheet.rows.columns).items():
        if theirs is None and ours != "left_on":
            cost = COSTS.get((ssd.table, ours))
            rest = f"so {cost}." if cost else "so the record has nothing for it."
            says = f"The file has no column {ssd.columns[ours][0]}, {rest}"
            do = "Nothing, if the system does not hold it. Otherwise add the column."
            yield file_finding("F05", WARNING if cost else NOTE, sheet.file, says, do)


# -- rows of the record ---------------------------------------------------------------------------


def _reading(parts: dict[str, _Part], told: Told, context: Context, unlimited: frozenset[str]) -> Reading:
    """`unlimited`: tables of which rows may be in a file that could not be read, or was cut off."""
    joined = joined_ids(
        {
            name: cleaned(TABLES[name], pl.concat(part.texts, how="diagonal"), unusual=part.unusual)
            for name, part in parts.items()
        }
    )
    texts, unplaced = with_children(joined.texts)
    told.findings += joined.findings + _of_workers(texts, context)
    made: dict[str, CaseRows] = {}
    for name, part in parts.items():
        made[name] = case_rows(TABLES[name], texts.pop(name), context, inclusive=context.ends_inclusive)
        part.texts = []
    return reading_of(
        made,
        told.findings,
        broken={name: part.broken for name, part in parts.items()},
        unlimited=unplaced | unlimited,
        report=ReadingReport(told.files, joined.met),
    )


def _of_workers(texts: dict[str, pl.DataFrame], context: Context) -> list[pl.DataFrame]:
    """Teams put where teams stand in the involvements, and what was found where workers should stand."""
    findings: list[pl.DataFrame] = []
    if "involvement" in texts:
        texts["involvement"], findings = hands(texts["involvement"], context)
    if "worker" in texts:
        findings = findings + entries_for_nobody(texts["worker"], context.workers_named)
    return findings


FORMAT = Format(
    name="ssd_tables",
    title="Standard Safeguarding Dataset",
    read=read,
    endings=ENDINGS,
    is_case=True,
    file_a_table=True,
)
