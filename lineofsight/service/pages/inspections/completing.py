"""Completing or correcting the reading of a report, with the report's own words beside the form."""

from __future__ import annotations

import json
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
from lineofsight.service.access.viewer import require
from lineofsight.service.pages import render
from lineofsight.service.pages.forms import posted
from lineofsight.service.pages.inspections.forms import ReadingForm
from lineofsight.service.pages.inspections.views import one_of
from lineofsight.service.pages.public_record.asked import PublicPage, asked_of
from lineofsight.service.receive import recipe
from lineofsight.vocabulary.identifiers import authority_code, source_name
from lineofsight.vocabulary.refusal import Refused


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
    form = ReadingForm(*posted(request), one=one)
    if form.is_bound and form.is_valid():
        file = NamedBytes(f"{one.id}{READING}", json.dumps(form.reading(), ensure_ascii=False).encode())
        code, by = authority_code(authority), request.user.get_username()
        try:
            recipe.record_statement([file], code, source_name(BY_HAND), by=by)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "Saved. What was read from the report stays on record.")
            return redirect(asked.link(f"inspections/{id}"))
    return render.html(
        request,
        asked,
        "inspections/complete.html",
        "inspections",
        {
            "one": one,
            "form": form,
            "pages": _pages(request, asked, one),
            "back": asked.link(f"inspections/{id}"),
            "report_href": asked.link(f"inspections/{id}/report")
            if kept_files.has_report(request.user, one)
            else "",
        },
        status=422 if form.is_bound else 200,
    )


def _pages(request: HttpRequest, asked: PublicPage, one: Inspection) -> list[dict[str, Any]]:
    """The report's first pages, each as its picture and its words."""
    return [
        {"number": number, "words": words, "picture": asked.link(f"inspections/{one.id}/report/{number}")}
        for number, words in kept_files.words(request.user, one)
    ]
