"""Completing or correcting the reading of a report, with the report's own words beside the form."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from lineofsight.intake.delivery import NamedBytes
from lineofsight.intake.formats.inspection_report import READING
from lineofsight.oversight.inspections import BY_HAND, Inspection
from lineofsight.queries import inspections
from lineofsight.queries.record import View
from lineofsight.service.access import kept_files
from lineofsight.service.access.roles import Permission
from lineofsight.service.access.viewer import require
from lineofsight.service.pages import render, shell
from lineofsight.service.pages.forms import at_field, posted
from lineofsight.service.pages.inspections.reading_form import ReadingForm, as_read, typed_of
from lineofsight.service.pages.inspections.views import one_of
from lineofsight.service.pages.public_record.asked import asked_of
from lineofsight.service.receive import recipe
from lineofsight.vocabulary.identifiers import authority_code, source_name
from lineofsight.vocabulary.refusal import Refused


@require_safe
def report(request: HttpRequest, authority: str, id: str) -> HttpResponse | FileResponse:
    """The report as it was delivered, to somebody signed in: not every licence lets it be handed on to all."""
    asked = asked_of(request, authority)
    inspection = one_of(asked, id)
    stream = kept_files.report(request.user, inspection)
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
    inspection = one_of(asked, id)
    form = _form(request, inspection)
    if form.is_bound and form.is_valid():
        by = request.user.get_username()
        try:
            _save([_reading(form, by)], authority, by)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "Saved. What was read from the report stays on record.")
            return redirect(asked.link(f"inspections/{id}"))
    at = asked.link(f"inspections/{id}/report")
    pages = [
        {"number": number, "words": words, "picture": asked.link(f"inspections/{id}/report/{number}")}
        for number, words in kept_files.words(request.user, inspection)
    ]
    context = {
        "one": inspection,
        "form": form,
        "pages": pages,
        "back": asked.link(f"inspections/{id}"),
        "report_href": at if kept_files.has_report(request.user, inspection) else "",
    }
    status = 422 if form.is_bound else 200
    return render.html(request, asked, "inspections/complete.html", "inspections", context, status=status)


def _form(
    request: HttpRequest, inspection: Inspection | None = None, filled: dict[str, str] | None = None
) -> ReadingForm:
    """The form as it was sent; where more lines were asked for, what was typed is shown again with more of them.

    `filled`: what it begins with, where no inspection is known.
    """
    if request.method == "POST" and "more" in request.POST:
        return ReadingForm(inspection=inspection, typed=typed_of(request.POST))
    return ReadingForm(*posted(request), inspection=inspection, typed=filled)


def _reading(form: ReadingForm, by: str, **more: str) -> NamedBytes:
    said = json.dumps(form.reading(by, **more), ensure_ascii=False)
    return NamedBytes(f"{form.id}{READING}", said.encode())


def _save(files: list[NamedBytes], authority: str, by: str) -> None:
    recipe.record_statement(files, authority_code(authority), source_name(BY_HAND), by=by)


# -- a report that could not be read, or that is on paper only ------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest, authority: str) -> HttpResponse:
    """The same form from nothing, for a report that could not be read: beside its pages, where it was delivered."""
    asked = shell.asked_of(request, authority, Permission.JUDGE)
    known = inspections.known(asked.record, View(None, asked.now))
    unnamed = kept_files.unnamed_reports(asked.viewer, known)
    report = _chosen(request, asked, known)
    words = kept_files.words_in(report) if report else ()
    form = _form(request, filled=as_read([text for _, text in words], report.name) if report else None)
    if form.is_bound and form.is_valid():
        by = asked.viewer.by
        try:
            with at_field("begun_on"):
                _check_new(form, known)
            more = {"report": report.sha256} if report else {}
            _save([_reading(form, by, **more), *([report] if report else [])], authority, by)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "Saved.")
            return redirect("inspection", authority, form.id)
    at = reverse("enter-report", args=[authority])
    context = {
        "form": form,
        "report": report,
        "pages": _pages_of(authority, report.sha256, words) if report else [],
        "unnamed": [{"name": one.name, "href": f"{at}?report={one.sha256}"} for one in unnamed],
        "load_href": reverse("deliver", args=[authority]) if asked.viewer.may(Permission.DELIVERIES) else "",
    }
    status = 422 if form.is_bound else 200
    return render.html(request, asked, "inspections/enter.html", "deliveries", context, status=status)


@require_safe
def unread_page(request: HttpRequest, authority: str, sha256: str, number: int) -> HttpResponse:
    """One page of a report that no inspection names, as a picture, to somebody who may enter it."""
    asked = shell.asked_of(request, authority, Permission.JUDGE)
    known = inspections.known(asked.record, View(None, asked.now))
    report = kept_files.unnamed_report(asked.viewer, known, sha256)
    picture = kept_files.picture_in(report, number) if report else None
    if picture is None:
        raise Http404
    return HttpResponse(picture, content_type="image/png")


def _chosen(request: HttpRequest, asked: shell.ServicePage, known: list[Inspection]) -> NamedBytes | None:
    """The report that the address names by its fingerprint; 404 where there is none of that fingerprint."""
    sha256 = request.GET.get("report", "")
    if not sha256:
        return None
    report = kept_files.unnamed_report(asked.viewer, known, sha256)
    if report is None:
        raise Http404
    return report


def _pages_of(authority: str, sha256: str, words: Iterable[tuple[int, str]]) -> list[dict[str, Any]]:
    """Every page of a report, as its picture and its words."""
    return [
        {"number": number, "words": text, "picture": reverse("unread-page", args=[authority, sha256, number])}
        for number, text in words
    ]


def _check_new(form: ReadingForm, known: list[Inspection]) -> None:
    if form.id in {one.id for one in known}:
        raise Refused("An inspection that began on this day is known already. Complete or correct that one.")
