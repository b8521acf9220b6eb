"""Ofsted's official tables of outcomes (an OpenDocument workbook): the rows of the delivery's own authority.

The same workbook serves every authority: rows of others are not this delivery's, and a note says how many
there were. An inspection may stand in several of its sheets; they are read together, the fullest first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from lineofsight.intake.cells import clean_text
from lineofsight.intake.days_as_written import read_written_day
from lineofsight.intake.delivery import Context, NamedBytes, Reading
from lineofsight.intake.finding import NOTE, WARNING
from lineofsight.intake.format import Format
from lineofsight.intake.formats.inspection_report import Rows, inspection_id, without_overall
from lineofsight.intake.formats.report_judgements import GRADES
from lineofsight.intake.formats.report_layouts import CARE_LEAVERS_APART, NO_OVERALL
from lineofsight.intake.order_of_days import in_one_order
from lineofsight.intake.sheets.layout import Expected
from lineofsight.intake.sheets.read import tables_of
from lineofsight.intake.unpacking import TABLES
from lineofsight.record.tables.inspections import INSPECTION, JUDGEMENT
from lineofsight.vocabulary.authorities import authorities, authorities_named
from lineofsight.vocabulary.refusal import Refused

_HEADS = {
    "local authority area code": "gss",
    "local authority name": "body",
    "inspection date": "begun_on",
    "inspection/visit date": "begun_on",
    "publication date": "published_on",
    "inspection type": "kind",
    "inspection/visit type": "kind",
    "visit theme": "theme",
    "overall effectiveness": "overall effectiveness",
    "the impact of leaders on social work practice with children and families": "impact of leaders",
    "the experiences and progress of children who need help and protection": "help and protection",
    "the experiences and progress of children in care": "in care",
    "the experiences and progress of care leavers": "care leavers",
}
"""What the tables call their columns."""
_AREAS = ("overall effectiveness", "impact of leaders", "help and protection", "in care", "care leavers")
_KINDS = {
    "ilacs standard inspection": "standard inspection",
    "ilacs short inspection": "short inspection",
    "ilacs focused visit": "focused visit",
    "la monitoring visit": "monitoring visit",
}


@dataclass(frozen=True)
class _Row:
    """One row by our names of its columns: every cell is text, days ISO."""

    cells: Mapping[str, str]
    sheet: str

    def text(self, name: str) -> str:
        return self.cells.get(name, "")

    def day(self, name: str) -> date | None:
        return read_written_day(self.text(name))


def read(files: Sequence[NamedBytes], context: Context) -> Reading:
    """The inspections of the authority that delivers; refuses files in which no such table is found."""
    rows = Rows(context)
    for file in files:
        found = list(_rows(file, rows))
        if not found:
            raise Refused(
                f"{file.name!r} holds no table of inspection outcomes; give the workbook Ofsted publishes."
            )
        own = [row for row in found if context.authority in _codes(row)]
        if not own:
            raise Refused(
                f"{file.name!r} tells of no inspection of authority {context.authority}; check the code."
            )
        _tell_others(file, rows, found, own)
        _take(file, rows, own)
    return rows.reading()


_EXPECTED = Expected("a table of inspection outcomes", lambda heading: heading.lower() in _HEADS, needs=2)


_DAYS = ("begun_on", "published_on")


def _rows(file: NamedBytes, rows: Rows) -> Iterator[_Row]:
    for sheet in tables_of(file, _EXPECTED):
        heads = [_HEADS.get(heading.lower()) for heading in sheet.rows.columns]
        if {"body", "begun_on"} <= set(heads):
            of_days = [name for name, head in zip(sheet.rows.columns, heads, strict=True) if head in _DAYS]
            lines, findings = in_one_order(sheet.rows, of_days, sheet.file)
            rows.findings += [*sheet.findings, *findings]
            for line in lines.iter_rows():
                cells = zip(heads, map(clean_text, line), strict=True)
                yield _Row({head: cell for head, cell in cells if head and cell}, sheet.name or "table")


def _codes(row: _Row) -> set[str]:
    by_area = {one.code for one in authorities().values() if one.gss and one.gss == row.text("gss")}
    return by_area or {one.code for one in authorities_named(row.text("body"))}


def _tell_others(file: NamedBytes, rows: Rows, found: Sequence[_Row], own: Sequence[_Row]) -> None:
    unknown = [row for row in found if not _codes(row)]
    others = len(found) - len(own) - len(unknown)
    if others:
        says = f"Rows about other authorities were not loaded: {others}."
        do = "Nothing. Load the same file for each authority whose outcomes you need."
        rows.note(file.name, "I03", NOTE, says, do)
    for row in unknown:
        why = f"A row of the sheet {row.sheet} does not name a known authority."
        rows.refuse(file.name, why, "Check the name. A new authority is added to the table of authorities.")


def _take(file: NamedBytes, rows: Rows, own: Sequence[_Row]) -> None:
    """Each inspection once, however many sheets tell of it; a cell that two sheets tell otherwise is a finding."""
    held: dict[date, _Row] = {}
    for row in own:
        begun = row.day("begun_on")
        if begun is None:
            rows.refuse(
                file.name, f"A row of the sheet {row.sheet} has no day of inspection.", "Correct the row."
            )
        elif begun in held:
            _compare(file, rows, held[begun], row)
            held[begun] = _Row({**row.cells, **held[begun].cells}, held[begun].sheet)
        else:
            held[begun] = row
    for begun, row in sorted(held.items()):
        _inspection(file, rows, row, begun)


def _compare(file: NamedBytes, rows: Rows, one: _Row, other: _Row) -> None:
    for name in _AREAS:
        if one.text(name) and other.text(name) and one.text(name) != other.text(name):
            says = f"Two sheets give different grades for {name}. The first was used."
            rows.note(file.name, "I04", WARNING, says, "Ask Ofsted which is right.")


def _inspection(file: NamedBytes, rows: Rows, row: _Row, begun: date) -> None:
    kind = _KINDS.get(row.text("kind").lower(), "full inspection")
    framework = (
        "ILACS 2026" if begun >= NO_OVERALL else "ILACS 2023" if begun >= CARE_LEAVERS_APART else "ILACS 2018"
    )
    published = row.day("published_on")
    grades = {area: grade for area in _AREAS if (grade := GRADES.get(row.text(area).lower()))}
    if begun < CARE_LEAVERS_APART and "in care" in grades:
        grades["in care and care leavers"] = grades.pop("in care")
    name = inspection_id(framework, begun, kind)
    inspection = {
        "id": name,
        "kind": kind,
        "framework": framework,
        "body": row.text("body"),
        "begun_on": begun.toordinal(),
        "published_on": published.toordinal() if published else None,
        "published_by": "the official table" if published else None,
        "theme": row.text("theme") or None,
        "without_overall": without_overall(kind, framework, list(grades)),
    }
    rows.take(INSPECTION, file.name, inspection, published)
    for area, grade in grades.items():
        judgement = {
            "inspection": name,
            "area": area,
            "grade": grade,
            "printed": f"{row.sheet}: {row.text(area) or row.text('in care')}",
            "begun_on": begun.toordinal(),
        }
        rows.take(JUDGEMENT, file.name, judgement, published)


FORMAT = Format(
    name="inspection_outcomes",
    title="Ofsted's table of inspection outcomes",
    read=read,
    endings=TABLES,
    recognised_by=(".ods",),
)
