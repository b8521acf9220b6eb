"""A preview as a page or a workbook that stands by itself: everything in one file, nothing fetched."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter
from django.template.loader import render_to_string

from lineofsight.intake.formats import formats
from lineofsight.queries.figures import RegisterRow
from lineofsight.queries.preview import Preview, causes

STATES = {
    "allocated": "a named worker who counts",
    "held": "held in a name that does not count",
    "team_only": "a team only",
    "none": "nobody",
    "cannot_tell": "not known from this data",
}
"""The states of a child in words (counting rule 11)."""
_WIDEST = 420
_MOST_SHOWN = 500


@dataclass(frozen=True)
class Bar:
    """One line of a drawing with its number: `width` in units of the drawing."""

    label: str
    count: int
    width: int


def written_html(found: Preview) -> bytes:
    """The preview as one page."""
    by_team = Counter(child.team or "no team named" for child in found.register.children)
    context = {
        "found": found,
        "figure": found.figure,
        "last": found.reading[-1],
        "format": formats()[found.reading[-1].format].title,
        "states": bars((STATES[state], count) for state, count in found.figure.states.items()),
        "teams": bars(by_team.most_common(40)),
        "reasons": Counter(_reason(child) for child in found.register.children).most_common(),
        "children": found.register.children[:_MOST_SHOWN],
        "more": max(0, len(found.register.children) - _MOST_SHOWN),
        "workers": sorted(found.caseload.workers, key=lambda worker: -worker.children)[:_MOST_SHOWN],
        "causes": causes(found.findings),
    }
    return render_to_string("preview/report.html", context).encode()


def bars(counts: Iterable[tuple[str, int]]) -> list[Bar]:
    """Counts as bars, the largest as wide as the drawing."""
    rows = list(counts)
    most = max((count for _, count in rows), default=0)
    return [Bar(label, count, round(_WIDEST * count / most) if most else 0) for label, count in rows]


def _reason(child: RegisterRow) -> str:
    return child.reason or STATES[child.state]


# -- a workbook -------------------------------------------------------------------------------------


def written_xlsx(found: Preview) -> bytes:
    """The preview as a workbook: a sheet each for the figure, the children, the workers, the reading, the findings."""
    made = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(made, options) as book:
        bold = book.add_format({"bold": True, "bottom": 1})
        for name, headings, rows in _sheets(found):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, headings, bold)
            for at, row in enumerate(rows, 1):
                sheet.write_row(at, 0, [str(cell) if _is_day(cell) else cell for cell in row])
            sheet.freeze_panes(1, 0)
            sheet.autofilter(0, 0, max(1, len(rows)), len(headings) - 1)
            sheet.autofit(600)
    return made.getvalue()


def _is_day(cell: Any) -> bool:
    return cell is not None and not isinstance(cell, str | int | float | bool)


_Sheet = tuple[str, list[str], list[Sequence[Any]]]


def _sheets(found: Preview) -> list[_Sheet]:
    figure = found.figure
    counts: list[Sequence[Any]] = [
        ("As at", figure.as_at),
        ("Children counted", figure.population),
        ("Without an allocated worker", figure.unallocated),
        ("Complete", "yes" if figure.complete else "no"),
        ("Rows refused that may count a child", figure.refused_rows),
        *((STATES[state], count) for state, count in figure.states.items()),
    ]
    sheets: list[_Sheet] = [
        ("Figure", ["What", "Count"], counts),
        (
            "Without a worker",
            ["Child", "State", "Reason", "Team", "Since", "Days", "Episode begun", "Last worker"],
            [
                (
                    one.child,
                    STATES[one.state],
                    one.reason,
                    one.team,
                    one.since,
                    one.days,
                    one.episode_begun_on,
                    one.last_worker,
                )
                for one in found.register.children
            ],
        ),
        (
            "Workers",
            ["Worker", "Name", "Job title", "Teams", "Full-time equivalent", "Children", "Held"],
            [
                (one.worker, one.name, one.job_title, ", ".join(one.teams), one.fte, one.children, one.held)
                for one in found.caseload.workers
            ],
        ),
        (
            "Reading",
            ["File", "Read as", "Rows", "Column", "Heading", "How", "What its lack costs"],
            list(_read(found)),
        ),
        (
            "Findings",
            ["Code", "Severity", "File", "Row", "What was found", "What to do"],
            [(one.code, one.severity, one.file, one.row, one.says, one.do) for one in found.findings],
        ),
    ]
    if found.changes:
        moves: list[Sequence[Any]] = [
            (one.child, one.before or "not counted", one.after or "not counted")
            for one in found.changes.children
        ]
        sheets.insert(2, ("Changes", ["Child", "Before", "Now"], moves))
    return sheets


def _read(found: Preview) -> Iterable[Sequence[Any]]:
    for file in found.reading[-1].report.files:
        if file.read_as is None:
            yield file.file, "not read", None, None, None, None, file.why
        for column in file.columns:
            yield file.file, file.read_as, file.rows, column.column, column.heading, column.how, column.costs
        for heading in file.unknown:
            yield file.file, file.read_as, file.rows, None, heading, "not read", None
