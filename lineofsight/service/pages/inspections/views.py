"""An authority's inspections through the years, drawn as a grid of grades, and each with what it found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from lineofsight.intake.formats.report_reading import AREAS
from lineofsight.oversight.inspections import (
    BY_HAND,
    CARE_LEAVERS_JUDGED_FROM,
    NO_OVERALL_FROM,
    Inspection,
    succession,
)
from lineofsight.queries import inspections as read
from lineofsight.queries.as_json import to_json
from lineofsight.service.access import kept_files
from lineofsight.service.pages import render
from lineofsight.service.pages.public_record.asked import PublicPage, asked_of
from lineofsight.service.pages.public_record.inspected import grades_of
from lineofsight.vocabulary.authorities import authorities, followers_of
from lineofsight.vocabulary.codes import code_set
from lineofsight.vocabulary.days import in_words

_COLOURS = {
    "outstanding": "turquoise",
    "good": "green",
    "requires improvement": "yellow",
    "adequate": "yellow",
    "inadequate": "red",
    "not judged": "grey",
}


@login_not_required
@require_safe
def inspections(request: HttpRequest, authority: str) -> HttpResponse:
    """Every inspection known by the moment and begun by the day, the latest first, with a grid of grades."""
    asked = asked_of(request, authority)
    if render.wants_json(request):
        return render.json(asked, lambda: _answer(asked))
    found = read.known(asked.record, asked.view)
    stated = to_json(_answer(asked))["told_by_statements"]
    return render.html(
        request,
        asked,
        "inspections/inspections.html",
        "inspections",
        {
            "inspections": [_row(asked, one) for one in reversed(found)],
            "grid": _grid(asked, found),
            "grades": grades_of(asked, asked.statements()),
            "told": [{**one, "day": in_words(one["begun_on"])} for one in stated],
            "follows": [
                {
                    "name": name,
                    "href": f"/public-record/{code}/inspections?{asked.query}",
                    "held": code in read.authorities(asked.record),
                }
                for code, name in succession(authority)
            ],
            "followed_by": [
                follower.name
                for follower in (authorities()[code] for code in followers_of(authority))
                if follower.begun_on is None or follower.begun_on <= asked.day
            ],
            "care_leavers_judged": asked.day >= CARE_LEAVERS_JUDGED_FROM,
            "overall_given": asked.day < NO_OVERALL_FROM,
        },
    )


def _answer(asked: PublicPage) -> read.Inspections:
    return read.inspections(asked.record, asked.view, kept_files.report_hash)


def _row(asked: PublicPage, inspection: Inspection) -> dict[str, Any]:
    published = inspection.published_on
    return {
        "title": inspection.title,
        "framework": inspection.cells["framework"],
        "href": asked.link(f"inspections/{inspection.id}"),
        "id": inspection.id,
        "begun": in_words(inspection.begun_on.isoformat()),
        "published": in_words(published.isoformat()) if published else "",
        "grades": [
            _grade(judged.area, judged.grade, disputed=judged.disputed) for judged in inspection.judgements
        ],
        "areas_counted": _areas_counted(inspection),
        "no_report": _no_report(inspection),
        "unread": inspection.unread,
        "without_overall": inspection.cells.get("without_overall") or "",
        "theme": inspection.cells.get("theme") or "",
    }


def _no_report(inspection: Inspection) -> bool:
    """Whether only grades were loaded, as the official table gives them, and nothing of the report itself."""
    return (
        not inspection.weaknesses
        and AREAS not in inspection.unread
        and inspection.cells.get("listed") is None
    )


def _areas_counted(inspection: Inspection) -> str:
    """How many areas for improvement a report lists; a 0 only where a report was read and lists none."""
    if inspection.weaknesses:
        return str(len(inspection.weaknesses))
    if AREAS in inspection.unread:
        return "not read"
    return "not loaded" if _no_report(inspection) else "0"


def _grade(area: str, grade: str, *, disputed: bool = False) -> dict[str, Any]:
    return {"area": area, "grade": grade, "colour": _COLOURS[grade], "disputed": disputed}


def _grid(asked: PublicPage, found: Sequence[Inspection]) -> dict[str, Any] | None:
    """Areas down, inspections across: the same grades as in the list, to be seen at once."""
    graded = [one for one in found if one.judgements]
    if not graded:
        return None
    areas = [
        area
        for area in code_set("judgement_area")
        if any(judged.area == area for one in graded for judged in one.judgements)
    ]
    heads = [
        {
            "text": f"{one.begun_on:%b %Y}",
            "framework": one.cells["framework"],
            "href": asked.link(f"inspections/{one.id}"),
        }
        for one in graded
    ]
    rows = []
    for area in areas:
        by_id = {one.id: next((j for j in one.judgements if j.area == area), None) for one in graded}
        rows.append(
            {
                "area": area.capitalize(),
                "cells": [_grade(area, j.grade, disputed=j.disputed) if j else None for j in by_id.values()],
            }
        )
    return {"heads": heads, "rows": rows}


def one_of(asked: PublicPage, id: str) -> Inspection:
    """One inspection in the view; 404 where it is not known by then."""
    for inspection in read.known(asked.record, asked.view):
        if inspection.id == id:
            return inspection
    raise Http404


@login_not_required
@require_safe
def inspection(request: HttpRequest, authority: str, id: str) -> HttpResponse:
    """One inspection: its grades by area with who gives them, what it found, and what could not be read."""
    asked = asked_of(request, authority)
    stated = one_of(asked, id)
    found = to_json(read.inspection(asked.record, stated, kept_files.report_hash))
    head = to_json(read.head(asked.record, asked.view))
    del head["position"]
    if render.wants_json(request):
        return render.json(asked, lambda: {**head, **found})
    return render.html(
        request,
        asked,
        "inspections/inspection.html",
        "inspections",
        {
            "one": {
                **found,
                "row": _row(asked, stated),
                "ended": in_words(found["ended_on"]) if found["ended_on"] else "",
                "published_otherwise": [
                    {**other, "on": in_words(other["on"])} for other in found["published_otherwise"]
                ],
            },
            "judgements": [
                {
                    **judged,
                    "printed": _printed(judged["printed"], judged["page"]),
                    "colour": _COLOURS[judged["grade"]],
                    "others": [{**other, "colour": _COLOURS[other["grade"]]} for other in judged["others"]],
                }
                for judged in found["judgements"]
            ],
            "sections": _sections(found["areas_for_improvement"]),
            "nothing_listed": _nothing_listed(stated),
            "by_hand": BY_HAND,
            "entered_by": next((told["by"] for told in found["sources"] if told["by"]), ""),
            "complete_href": asked.link(f"inspections/{id}/complete"),
            "report_href": asked.link(f"inspections/{id}/report")
            if kept_files.has_report(request.user, stated)
            else "",
        },
    )


def _printed(printed: str | None, page: int | None) -> str:
    """A grade as it was printed. The official table has no pages: it names the sheet before the grade."""
    sheet, colon, grade = (printed or "").partition(": ")
    return (
        f"{grade}, in the sheet “{sheet}” of the official table" if colon and page is None else printed or ""
    )


def _nothing_listed(inspection: Inspection) -> str:
    """Why no area for improvement is shown."""
    if AREAS in inspection.unread:
        return "What needs to improve could not be read from the report. Complete it by hand, or open the report."
    if inspection.cells.get("listed") is not None:
        return "The report does not list anything that needs to improve."
    return "No area for improvement has been loaded for this inspection. Load its report."


def _sections(items: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The areas for improvement under the headings and days by which they were due, in their order."""
    found: list[dict[str, Any]] = []
    for item in items:
        head = " · ".join(filter(None, (item["section"], (item["due"] or "").capitalize())))
        if not found or found[-1]["head"] != head:
            found.append({"head": head, "items": []})
        found[-1]["items"].append(item)
    return found
