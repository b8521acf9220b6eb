"""Completing or correcting the reading of a report, with the report's own words beside the form."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from lineofsight.intake.delivery import NamedBytes
from lineofsight.intake.formats.inspection_report import READING
from lineofsight.oversight.inspections import BY_HAND, Inspection
from lineofsight.service.access import kept_files
from lineofsight.service.access.roles import Permission
from lineofsight.service.access.sight import require
from lineofsight.service.pages.inspections.views import one_of, page
from lineofsight.service.pages.public_record.asked import Asked, asked_of
from lineofsight.service.receive import recipe
from lineofsight.vocabulary.codes import code_set
from lineofsight.vocabulary.identifiers import authority_code, source_name
from lineofsight.vocabulary.refusal import Refused

_CELLS = ("kind", "framework", "body", "begun_on", "ended_on", "published_on", "lead_inspector", "theme")
_SPARE = 3
"""Empty lines offered for areas for improvement that were not read."""


@require_safe
def report(request: HttpRequest, authority: str, id: str) -> HttpResponse | FileResponse:
    """The report as it was delivered, to somebody signed in: not every licence lets it be handed on to all."""
    asked = asked_of(request, authority)
    one = one_of(asked, id)
    stream = kept_files.report(request.user, one)
    if stream is None:
        raise Http404
    answer = FileResponse(stream, content_type="application/pdf", filename=f"{authority}-{id}.pdf")
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


@require_safe
def report_page(request: HttpRequest, authority: str, id: str, number: int) -> HttpResponse:
    """One page of the report as a picture, to somebody signed in."""
    found = kept_files.picture(request.user, one_of(asked_of(request, authority), id), number)
    if found is None:
        raise Http404
    return HttpResponse(found, content_type="image/png")


@require_http_methods(["GET", "HEAD", "POST"])
def complete(request: HttpRequest, authority: str, id: str) -> HttpResponse:
    """The form; what is sent is delivered as a reading by hand, beside what was read, which stays."""
    require(request.user, authority, Permission.JUDGE)
    asked = asked_of(request, authority)
    one = one_of(asked, id)
    given = request.POST if request.method == "POST" else _held(one)
    errors: list[dict[str, str]] = []
    if request.method == "POST":
        errors = _deliver(asked, one, given, request.user.get_username())
        if not errors:
            messages.success(request, "Saved. What was read from the report stays on record.")
            return redirect(asked.link(f"inspections/{id}"))
    return page(request, asked, "complete", "inspections", {
        "one": one, "errors": errors, "cells": [_field(name, given) for name in _CELLS],
        "areas": [_area(area, given) for area in code_set("judgement_area")], "items": _items(one, given),
        "pages": _pages(request, asked, one), "back": asked.link(f"inspections/{id}"),
        "report_href": asked.link(f"inspections/{id}/report") if kept_files.has_report(request.user, one) else "",
    }, status=422 if errors else 200)  # fmt: skip


def _pages(request: HttpRequest, asked: Asked, one: Inspection) -> list[dict[str, Any]]:
    """The report's first pages, each as its picture and its words."""
    return [{"number": number, "words": words, "picture": asked.link(f"inspections/{one.id}/report/{number}")}
            for number, words in kept_files.words(request.user, one)]  # fmt: skip


def _held(one: Inspection) -> dict[str, str]:
    """What is known now, as the form's fields."""
    days = {"begun_on", "ended_on", "published_on"}
    held = {name: one.cells.get(name) for name in _CELLS}
    fields = {
        name: date.fromordinal(value).isoformat() if name in days and value else str(value or "")
        for name, value in held.items()
    }
    fields |= {f"grade-{judged.area}": judged.grade for judged in one.judgements}
    for told in one.weaknesses:
        fields[f"says-{told.cells['number']}"] = told.cells["says"]
        fields[f"page-{told.cells['number']}"] = str(told.cells.get("page") or "")
    return fields


def _field(name: str, given: Mapping[str, str]) -> dict[str, Any]:
    codes = {"kind": "inspection_kind", "framework": "framework"}.get(name)
    return {"name": name, "label": name.replace("_on", " on").replace("_", " ").capitalize(), "value": given.get(name, ""),
            "options": list(code_set(codes)) if codes else [], "day": name.endswith("_on")}  # fmt: skip


def _area(area: str, given: Mapping[str, str]) -> dict[str, Any]:
    chosen = given.get(f"grade-{area}", "")
    return {
        "area": area,
        "name": f"grade-{area}",
        "options": [{"value": one, "selected": one == chosen} for one in code_set("grade")],
    }


def _items(one: Inspection, given: Mapping[str, str]) -> list[dict[str, Any]]:
    last = max((told.cells["number"] for told in one.weaknesses), default=0)
    return [
        {"number": n, "says": given.get(f"says-{n}", ""), "page": given.get(f"page-{n}", "")}
        for n in range(1, last + _SPARE + 1)
    ]


def _deliver(asked: Asked, one: Inspection, given: Mapping[str, str], by: str) -> list[dict[str, str]]:
    """Deliver what was given; the refusals, where there are any, and then nothing is kept."""
    said = _reading(one, given)
    file = NamedBytes(f"{one.id}{READING}", json.dumps(said, ensure_ascii=False).encode())
    code, source = authority_code(asked.authority), source_name(BY_HAND)
    refusals = [f"{finding['says']} {finding['do']}" for finding in recipe.refusals([file], code, source)]
    if not refusals:
        try:
            recipe.load([file], file.name, code, source, received_at=None, by=by)
        except Refused as refused:
            refusals = [str(refused)]
    return [{"text": text, "href": "#main-content"} for text in refusals]


def _reading(one: Inspection, given: Mapping[str, str]) -> dict[str, list[dict[str, str]]]:
    """The reading as the format takes it: only grades and lines that were filled in."""
    begun = given.get("begun_on", "")
    grades = [(area, given.get(f"grade-{area}", "")) for area in code_set("judgement_area")]
    numbers = [
        name.removeprefix("says-") for name in given if name.startswith("says-") and given[name].strip()
    ]
    overall = given.get("grade-overall effectiveness", "")
    without = {} if overall else {"without_overall": one.cells.get("without_overall") or "not judged"}
    return {
        "inspection": [{"id": one.id, **{name: given.get(name, "") for name in _CELLS}, **without}],
        "judgement": [{"inspection": one.id, "area": area, "grade": grade, "begun_on": begun} for area, grade in grades if grade],
        "weakness": [
            {"inspection": one.id, "number": n, "label": n, "says": given[f"says-{n}"], "page": given.get(f"page-{n}", ""), "begun_on": begun}
            for n in numbers
        ],
    }  # fmt: skip
