"""What is read of a report's pages, and what of it is told unread: nothing is guessed, and no part goes missing silently."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from lineofsight.intake.formats.pdf_text import Line, lines_in
from lineofsight.intake.formats.report_judgements import Judged, disputed_areas, judgements_of, required_areas
from lineofsight.intake.formats.report_layouts import Report, report_of
from lineofsight.intake.formats.report_letters import is_letterhead
from lineofsight.intake.formats.report_weaknesses import Weaknesses, weaknesses_of
from lineofsight.vocabulary.refusal import Refused

BODY, LEAD, AREAS = "body inspected", "lead inspector", "areas for improvement"
_GRADE, _PAGE = "grade of ", "page "
LONGEST_DAYS = 183
"""The longest fieldwork of any report, in two parts, took 108 days; more is a misprint or a misreading."""
_OTHERS = (
    (r"joint targeted area inspection", "a joint targeted area inspection"),
    (
        r"area send|special educational needs",
        "an inspection of services for special educational needs (SEND)",
    ),
    (r"joint area review|progress made in the provision", "a joint area review"),
    (r"safeguarding and looked after children services", "an inspection of before August 2013"),
)
"""Other kinds of report about an authority's area: each has its own questions, and none of our grades."""


@dataclass(frozen=True)
class Unread:
    """A part of a report that should be there and was not read, and why where that is known."""

    part: str
    why: str = ""


@dataclass(frozen=True)
class ReportReading:
    """A report as it was read; `begun_on` is its first day of fieldwork."""

    report: Report
    begun_on: date
    judged: tuple[Judged, ...]
    weaknesses: Weaknesses
    unread: tuple[Unread, ...]
    pages: int


def reading_of(pages: Sequence[str], name: str) -> ReportReading:
    """What the texts of a report's pages say. Raises Refused, naming the file, where it is no report that can be read."""
    lines = lines_in(pages)
    report = report_of(lines)
    if report is None:
        raise Refused(f"{name!r} {_why_no_report(lines)}")
    begun = report.begun_on
    if begun is None:
        raise Refused(f"{name!r} gives no day of fieldwork that can be read.")
    if report.ended_on and (report.ended_on - begun).days > LONGEST_DAYS:
        raise Refused(
            f"{name!r} gives {report.days} as its days of fieldwork, over half a year apart. Enter it by hand with the right days."
        )
    if report.is_visit:
        lines = [line for line in lines if not is_letterhead(line)]
    judged = judgements_of(report, lines)
    disputed = disputed_areas(report, lines, judged)
    sure = tuple(one for one in judged if one.area not in disputed)
    weak = weaknesses_of(report, lines)
    unread = (*_unread(report, lines, sure, disputed, weak), *_wordless(pages))
    return ReportReading(report, begun, sure, weak, unread, len(pages))


def _why_no_report(lines: Sequence[Line]) -> str:
    if not lines:
        return "holds no words. Its pages may be pictures: enter the report by hand."
    opening = " ".join(line.text for line in lines[:60])
    found = [
        (at.start(), kind) for words, kind in _OTHERS if (at := re.search(words, opening, re.IGNORECASE))
    ]
    if found:
        return f"is a report of {min(found)[1]}, which is not read here."
    return "is no inspection report of a layout that is known."


def _unread(
    report: Report,
    lines: Sequence[Line],
    judged: Sequence[Judged],
    disputed: frozenset[str],
    weak: Weaknesses,
) -> list[Unread]:
    """The parts that the report's framework requires and that were not read."""
    found = {one.area for one in judged}
    parts = []
    if not report.authorities:
        parts.append(Unread(BODY))
    if not report.lead_inspector and not report.inspectors:
        parts.append(Unread(LEAD))
    for area in required_areas(report, lines, found | disputed):
        if area not in found:
            why = "the report gives it twice, and differently" if area in disputed else ""
            parts.append(Unread(f"{_GRADE}{area}", why))
    if weak.unread:
        parts.append(Unread(AREAS, weak.unread))
    return parts


def _wordless(pages: Sequence[str]) -> list[Unread]:
    """The pages of which no word could be read: pictures, damaged, or blank; only looking tells which."""
    return [Unread(f"{_PAGE}{number}") for number, text in enumerate(pages, 1) if not text or text.isspace()]


def grade_of(area: str) -> str:
    """What the grade of an area is called among the unread parts."""
    return f"{_GRADE}{area}"
