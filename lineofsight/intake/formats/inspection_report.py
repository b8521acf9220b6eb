"""Inspection reports as Ofsted publishes them: PDFs of every layout since 2013, or a reading that a person wrote.

A report is read into its inspection, its grades and its weaknesses; what cannot be read is told in the
row's `unread` and as a finding, and a person completes it by delivering a reading (JSON) of the same
inspection, whose rows then take the place of those read. Publication days stand in few reports: one in
the file's name is taken, and says so.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from lineofsight.intake.checks.reading import refused_rows
from lineofsight.intake.delivery import Context, NamedBytes, Reading
from lineofsight.intake.finding import FILE, NOTE, REFUSED, ROW, WARNING, file_finding
from lineofsight.intake.format import Format
from lineofsight.intake.formats.pdf_text import is_pdf, pages_of
from lineofsight.intake.formats.report_days import one_day
from lineofsight.intake.formats.report_layouts import VISITS, Report
from lineofsight.intake.formats.report_reading import ReportReading, Unread, reading_of
from lineofsight.record.entry import ATTESTED
from lineofsight.record.schema import Kind, Table
from lineofsight.record.tables.inspections import INSPECTION, JUDGEMENT, RETURNED, WEAKNESS
from lineofsight.vocabulary.moments import microseconds, start_of
from lineofsight.vocabulary.refusal import Refused

TABLES = {table.name: table for table in (INSPECTION, JUDGEMENT, WEAKNESS, RETURNED)}
READING = ".reading.json"
"""How the file of a reading by hand is called, so that it is told from a file of statements."""
_POLARS = {Kind.DAY: pl.Int32, Kind.WHOLE: pl.Int64}

Row = dict[str, Any]


@dataclass
class Rows:
    """The rows read so far, by table, each with its attested moment, file and place; what was said of the files."""

    context: Context
    rows: dict[str, list[Row]] = field(default_factory=lambda: {name: [] for name in TABLES})
    findings: list[pl.DataFrame] = field(default_factory=list)
    lost: int = 0
    pdfs: frozenset[str] = frozenset()
    """The hashes of the PDFs that the same delivery brings: a reading may name no other as its report."""
    vouched: frozenset[str] = frozenset()
    """Of those, the ones that a reading in the same delivery names as its report: a person says what they are about."""

    def take(self, table: Table, file: str, row: Row, known_from: date | None) -> None:
        """One more row; it became known on a day, or when it was received."""
        held = self.rows[table.name]
        attested = microseconds(start_of(known_from)) if known_from else self.context.received_us
        own = {ATTESTED: min(attested, self.context.received_us), FILE: file, ROW: len(held) + 1}
        held.append({**{name: row.get(name) for name in table.names}, **own})

    def refuse(self, file: str, why: str, do: str) -> None:
        """A file of which nothing is taken: one row received, one in quarantine."""
        self.findings.append(file_finding("I00", REFUSED, file, why, do))
        self.lost += 1

    def note(self, file: str, code: str, severity: str, says: str, do: str) -> None:
        """Something to say of a file that was taken."""
        self.findings.append(file_finding(code, severity, file, says, do))

    def reading(self) -> Reading:
        """The reading of them all."""
        taken = {name: rows for name, rows in self.rows.items() if rows}
        made = {name: framed(TABLES[name], rows) for name, rows in taken.items()}
        present = {name: [rows.select(TABLES[name].key)] for name, rows in made.items()}
        received = sum(rows.height for rows in made.values()) + self.lost
        return Reading(made, present, received, self.lost, self.findings)


def framed(table: Table, rows: Sequence[Row]) -> pl.DataFrame:
    """Rows of a table as a frame in its types."""
    schema = {one.name: _POLARS.get(one.kind, pl.String) for one in table.columns}
    return pl.DataFrame(rows, schema={**schema, ATTESTED: pl.Int64, FILE: pl.String, ROW: pl.Int64})


def read(files: Sequence[NamedBytes], context: Context) -> Reading:
    """Every report and written reading among the files; refuses a delivery in which none can be read.

    A file that is refused stops none of the others. Where a reading names a report as its own, what the person wrote
    stands in place of what could be read of it.
    """
    rows = Rows(context, pdfs=frozenset(file.sha256 for file in files if is_pdf(file.beginning(1024))))
    rows.vouched = frozenset(sha256 for file in files if _is_reading(file) for sha256 in _reports_named(file))
    whys = list[str]()
    for file in files:
        try:
            if _is_reading(file):
                _written(file, rows)
            else:
                _report(file, rows)
        except Refused as refused:
            whys.append(str(refused))
            rows.refuse(file.name, whys[-1], "Download the report again, or enter its reading by hand.")
    if len(whys) == len(files):
        raise Refused(
            whys[0] if whys else "There is no report in this delivery; give a PDF as Ofsted publishes it."
        )
    return rows.reading()


# -- a report -----------------------------------------------------------------------------------


def _report(file: NamedBytes, rows: Rows) -> None:
    """Read a report; what should be there and was not read is told. One that a person's reading names is not read twice."""
    vouched = file.sha256 in rows.vouched
    try:
        read = reading_of(pages_of(file), file.name)
    except Refused:
        if vouched:
            return
        raise
    _check_whose(file, read.report, rows)
    if vouched:
        return
    _check_begun(file, read.begun_on, rows.context)
    _take(file, rows, read)
    say_unread(file.name, rows, read.unread)


def say_unread(file: str, rows: Rows, parts: Sequence[Unread]) -> None:
    """A finding for each part of a report that should be there and was not read."""
    for unread in parts:
        why = f": {unread.why}" if unread.why else ""
        do = "Open the inspection's page and fill it in from the report."
        rows.note(file, "I01", WARNING, f"The report's {unread.part} could not be read{why}.", do)


def say_unpublished(file: str, rows: Rows) -> None:
    """A finding where neither the report nor its file's name gives a day of publication."""
    says = "The report gives no date of publication, so it counts as known from the day it was received."
    do = "Load Ofsted's table of outcomes, which has the date, or enter it on the inspection's page."
    rows.note(file, "I02", NOTE, says, do)


def _check_whose(file: NamedBytes, report: Report, rows: Rows) -> None:
    """A report of another authority is not taken: its grades would stand under the wrong name.

    Nor is one of which nobody can tell whose it is, unless a person's reading in the same delivery names it as theirs.
    """
    authority, named = rows.context.authority, report.authorities
    if not authority or (not named and file.sha256 in rows.vouched):
        return
    if not named:
        raise Refused(
            f"{file.name!r} does not say in words that can be read which authority it is about. If it is about "
            f"{authority}, enter it by hand and attach this file."
        )
    if authority not in {one.code for one in named}:
        raise Refused(
            f"{file.name!r} is about {named[0].name} ({named[0].code}), and this delivery is of authority "
            f"{authority}; deliver it there."
        )


def _check_begun(file: NamedBytes, begun_on: date, context: Context) -> None:
    """A report of what has not begun is misread or misprinted; nothing is kept under such a day."""
    if begun_on > context.received_on:
        raise Refused(
            f"{file.name!r} gives {begun_on.isoformat()} as its first day of fieldwork, after it was received on "
            f"{context.received_on.isoformat()}."
        )


def _take(file: NamedBytes, rows: Rows, read: ReportReading) -> None:
    report, weak = read.report, read.weaknesses
    published, by, in_name = _published(file, report, rows)
    name = inspection_id(report.framework, read.begun_on, report.kind)
    areas = [one.area for one in read.judged]
    inspection = {
        "id": name,
        "kind": report.kind,
        "framework": report.framework,
        "body": report.body or None,
        "begun_on": read.begun_on.toordinal(),
        "ended_on": report.ended_on.toordinal() if report.ended_on else None,
        "days": report.days,
        "published_on": published.toordinal() if published else None,
        "published_by": by,
        "lead_inspector": report.lead_inspector or None,
        "theme": report.theme or None,
        "without_overall": without_overall(report.kind, report.framework, areas),
        "pages": read.pages,
        "report": file.sha256,
        "unread": "; ".join(one.part for one in read.unread) or None,
        "inspectors": "; ".join(report.inspectors) or None,
        "published_in_name": in_name.toordinal() if in_name else None,
        "graded": "; ".join(areas) or None,
        "listed": len(weak.items),
    }
    rows.take(INSPECTION, file.name, inspection, published)
    of_it = {"inspection": name, "begun_on": read.begun_on.toordinal()}
    for one in read.judged:
        judgement = {"area": one.area, "grade": one.grade, "printed": one.printed, "page": one.page}
        rows.take(JUDGEMENT, file.name, of_it | judgement, published)
    for item in weak.items:
        weakness = {
            "number": item.number,
            "label": item.label,
            "within": item.within,
            "section": item.section or None,
            "due": item.due or None,
            "says": item.says,
            "refers_to": item.refers_to or None,
            "national_framework": item.tag or None,
            "page": item.page,
        }
        rows.take(WEAKNESS, file.name, of_it | weakness, published)


def inspection_id(framework: str, begun_on: date, kind: str) -> str:
    """An inspection's name, the same from a report and from the official table."""
    if kind in VISITS:
        return f"{kind.replace(' ', '-')}-{begun_on.isoformat()}"
    family = {"single inspection framework": "sif", "looked-after 2013": "looked-after"}.get(
        framework, "ilacs"
    )
    return f"{family}-{begun_on.isoformat()}"


def without_overall(kind: str, framework: str, areas: Sequence[str]) -> str | None:
    """Why there is no overall grade; None where there is one."""
    if "overall effectiveness" in areas:
        return None
    if kind in VISITS:
        return "nothing is graded"
    return (
        "not given under this framework" if framework == "ILACS 2026" or kind == "board review" else "unread"
    )


def _published(file: NamedBytes, report: Report, rows: Rows) -> tuple[date | None, str | None, date | None]:
    """The day of publication as the report prints it, else as its file is named; and the name's, where it differs.

    No day counts that is before the fieldwork ended or after the report was received.
    """
    in_name = one_day(re.sub(r"[_.]", " ", file.name.rpartition("/")[2]))
    printed, named = (
        day
        if day and (report.ended_on is None or day >= report.ended_on) and day <= rows.context.received_on
        else None
        for day in (report.published_on, in_name)
    )
    if printed:
        return printed, "the report", named if named != printed else None
    if named:
        return named, "the file’s name", None
    say_unpublished(file.name, rows)
    return None, None, None


# -- a reading that a person wrote ----------------------------------------------------------------


def _is_reading(file: NamedBytes) -> bool:
    return file.name.lower().endswith(READING)


def _said(file: NamedBytes) -> dict[str, list[Any]]:
    """What a reading by hand says, table by table; raises Refused where it has another shape."""
    try:
        said = json.loads(file.content.decode("utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError):
        raise Refused(f"{file.name!r} is not JSON that can be read.") from None
    if not isinstance(said, Mapping) or not set(said) <= set(TABLES):
        raise Refused(f"{file.name!r} has to hold lists under {', '.join(TABLES)} and nothing else.")
    for name, many in said.items():
        if not isinstance(many, list):
            raise Refused(f"{file.name!r} holds no list under {name}.")
    return dict(said)


def _reports_named(file: NamedBytes) -> set[str]:
    """The hashes of the reports that a reading names as its own."""
    try:
        inspections = _said(file).get("inspection", [])
    except Refused:
        return set()
    return {str(row["report"]) for row in inspections if isinstance(row, Mapping) and row.get("report")}


def _written(file: NamedBytes, rows: Rows) -> None:
    """A reading by hand: `{"inspection": [...], "judgement": [...], "weakness": [...], "returned": [...]}`."""
    for name, many in _said(file).items():
        passed, findings = refused_rows(TABLES[name], many, file.name)
        rows.findings += findings
        rows.lost += len(many) - len(passed)
        for row in passed:
            if row.get("report") and row["report"] not in rows.pdfs:
                says = "The reading names a report that is not in this delivery."
                do = "Load the report's PDF with it. The rest of the reading was loaded."
                rows.note(file.name, "I05", WARNING, says, do)
                row = {**row, "report": None}
            rows.take(TABLES[name], file.name, row, None)


FORMAT = Format(
    name="inspection_report",
    title="Inspection reports",
    read=read,
    endings=(".pdf", READING),
    reads_pdf=True,
    recognised_by=(".pdf", READING),
)
