"""Entering a statement by hand. What is entered goes through the same door as any delivery."""

from __future__ import annotations

import json

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from lineofsight.intake.delivery import NamedBytes
from lineofsight.oversight.statements import MEMBER_QUESTION
from lineofsight.queries import statements as read
from lineofsight.queries import steps
from lineofsight.queries.record import View
from lineofsight.service.access.records import open_record
from lineofsight.service.access.roles import Permission
from lineofsight.service.access.view import present
from lineofsight.service.access.viewer import require
from lineofsight.service.pages.by_hand.forms import StatementForm
from lineofsight.service.pages.forms import RefusedAt, at_field, posted
from lineofsight.service.receive import recipe
from lineofsight.vocabulary.identifiers import authority_code, source_name
from lineofsight.vocabulary.refusal import Refused

BY_HAND = source_name("by-hand")
"""The source under which statements entered on the page are delivered."""


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, authority: str) -> HttpResponse:
    """A form for one statement; findings that refuse it are shown at their fields, and nothing is kept of it then."""
    require(request.user, authority, Permission.STATE)
    form = StatementForm(*posted(request))
    if form.is_bound and form.is_valid():
        try:
            address = _record(form.said(), authority, request.user.get_username())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "The statement was added.")
            return redirect(address)
    context = {"form": form, "authority": authority}
    return render(request, "by_hand/new.html", context, status=422 if form.is_bound else 200)


def _record(said: dict[str, str], authority: str, by: str) -> str:
    """Record the statement, and give its address."""
    file = NamedBytes("statement.json", json.dumps({"statements": [said]}, ensure_ascii=False).encode())
    code = authority_code(authority)
    recipe.record_statement([file], code, BY_HAND, by=by, check=lambda _: _check(said, authority))
    return f"/public-record/{authority}/statements/{BY_HAND}/{said['id']}"


def _check(said: dict[str, str], authority: str) -> None:
    """Refuses a step that cannot be entered here or cannot follow, and a short name that was used before."""
    kind, step = said.get("subject_kind", ""), said.get("step", "")
    record = open_record(authority)
    if kind == MEMBER_QUESTION:
        raise RefusedAt(
            "subject_kind", "A member asks on the page of questions, and the reply is given there."
        )
    with at_field("step"):
        if step and kind in ("action", "gate", "question"):
            raise Refused(
                "Record a step of an action, a question or a readiness check on its own page of the service."
            )
        steps.check_step(record, View(None, present()), kind, said.get("subject", ""), step)
    if read.versions(record, f"{BY_HAND}/{said.get('id', '')}"):
        raise RefusedAt("id", "Another statement already has this short name. Choose another name.")
