"""Entering a statement by hand. What is entered goes through the same door as any delivery."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from lineofsight.intake.delivery import NamedBytes
from lineofsight.service import flow
from lineofsight.service.access import deliveries
from lineofsight.service.access import statements as read
from lineofsight.service.pages.by_hand.forms import StatementForm
from lineofsight.vocabulary.identifiers import authority_code, source_name
from lineofsight.vocabulary.refusal import Refused

BY_HAND = source_name("by-hand")
"""The source under which statements entered on the page are delivered."""


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, authority: str) -> HttpResponse:
    """A form for one statement; findings that refuse it are shown at their fields, and nothing is kept of it then."""
    form = StatementForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            address = _state(form, authority, request.user.get_username())
        except Refused as refused:
            form.add_error(None, str(refused))
            address = None
        if address:
            messages.success(request, "The statement is in the record.")
            return redirect(address)
    status = 422 if request.method == "POST" else 200
    return render(
        request,
        "by_hand/new.html",
        {"form": form, "authority": authority, "errors": _errors(form)},
        status=status,
    )


def _state(form: StatementForm, authority: str, by: str) -> str | None:
    """Deliver the statement; its address, or None where it was refused (the form then says why)."""
    said = form.said()
    file = NamedBytes("statement.json", json.dumps({"statements": [said]}, ensure_ascii=False).encode())
    code = authority_code(authority)
    refusals = flow.refusals([file], code, BY_HAND)
    if not refusals and _already(said.get("id", ""), authority):
        refusals = [
            {
                "column": "id",
                "says": "Another statement by hand has this short name.",
                "do": "Choose another.",
            }
        ]
    for finding in refusals:
        text = f"{finding['says']} {finding['do']}"
        form.add_error(finding["column"] if finding["column"] in form.fields else None, text)
    if refusals:
        return None
    flow.load([file], file.name, code, BY_HAND, received_at=None, by=by)
    return f"/public-record/{authority}/statements/{BY_HAND}/{said['id']}"


def _already(id: str, authority: str) -> bool:
    return authority in read.authorities() and bool(read.versions(authority, f"{BY_HAND}/{id}"))


def _errors(form: StatementForm) -> list[dict[str, Any]]:
    """The errors for the summary, each with the field it is about."""
    found = []
    for name, errors in form.errors.items():
        label = form.fields[name].label if name in form.fields else ""
        href = f"#id_{name}" if name in form.fields else "#main-content"
        found += [{"text": f"{label}: {error}" if label else error, "href": href} for error in errors]
    return found


def list_deliveries(request: HttpRequest) -> HttpResponse:
    """Every delivery and how its rows were counted."""
    found = deliveries.deliveries()
    if request.GET.get("format") == "json":
        return JsonResponse(found, safe=False, json_dumps_params={"indent": 2})
    return render(request, "by_hand/deliveries.html", {"deliveries": list(reversed(found))})


def delivery(request: HttpRequest, id: str) -> HttpResponse:
    """One delivery with its findings."""
    try:
        found = deliveries.details(id)
    except Refused as refused:
        return render(request, "404.html", {"why": str(refused)}, status=404)
    if request.GET.get("format") == "json":
        return JsonResponse(deliveries.findings(id), safe=False, json_dumps_params={"indent": 2})
    return render(
        request, "by_hand/delivery.html", {"one": found, "findings": deliveries.findings(id)[:1000]}
    )
