"""Entering a statement by hand. What is entered goes through the same door as any delivery."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from lineofsight.intake.delivery import NamedBytes
from lineofsight.service.access import registers
from lineofsight.service.access import statements as read
from lineofsight.service.access.roles import Permission
from lineofsight.service.access.sight import require
from lineofsight.service.pages.by_hand.forms import StatementForm
from lineofsight.service.receive import recipe
from lineofsight.vocabulary.identifiers import authority_code, source_name
from lineofsight.vocabulary.refusal import Refused

BY_HAND = source_name("by-hand")
"""The source under which statements entered on the page are delivered."""


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, authority: str) -> HttpResponse:
    """A form for one statement; findings that refuse it are shown at their fields, and nothing is kept of it then."""
    require(request.user, authority, Permission.STATE)
    form = StatementForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            address = _state(form, authority, request.user.get_username())
        except Refused as refused:
            form.add_error(None, str(refused))
            address = None
        if address:
            messages.success(request, "The statement was added.")
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
    if why := _impossible(said, authority):
        form.add_error("step", why)
        return None
    file = NamedBytes("statement.json", json.dumps({"statements": [said]}, ensure_ascii=False).encode())
    code = authority_code(authority)
    refusals = recipe.refusals([file], code, BY_HAND)
    if not refusals and _already(said.get("id", ""), authority):
        refusals = [
            {
                "column": "id",
                "says": "Another statement already has this short name.",
                "do": "Choose another name.",
            }
        ]
    for finding in refusals:
        text = f"{finding['says']} {finding['do']}"
        form.add_error(finding["column"] if finding["column"] in form.fields else None, text)
    if refusals:
        return None
    recipe.load([file], file.name, code, BY_HAND, received_at=None, by=by)
    return f"/public-record/{authority}/statements/{BY_HAND}/{said['id']}"


def _impossible(said: dict[str, str], authority: str) -> str:
    """Why the step that is told cannot be entered here; empty where it can."""
    kind, step = said.get("subject_kind", ""), said.get("step", "")
    if step and kind in ("action", "gate", "question"):
        return "Record a step of an action, a question or a readiness check on its own page of the service."
    try:
        registers.check_step(authority, kind, said.get("subject", ""), step)
    except Refused as refused:
        return str(refused)
    return ""


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
