"""Proposing an action and recording its steps: one statement each, checked and appended together."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods

from lineofsight.intake.delivery import NamedBytes
from lineofsight.oversight.improvement import ACTION, Action, check_sign_off, check_sustained
from lineofsight.oversight.transitions import BEGIN
from lineofsight.queries import improvement as read
from lineofsight.queries.record import View
from lineofsight.queries.statements import handle_of
from lineofsight.service.access.records import open_record
from lineofsight.service.access.roles import Permission
from lineofsight.service.pages import render, shell
from lineofsight.service.pages.forms import RefusedAt, at_field, posted
from lineofsight.service.pages.improvement.forms import ActionStepForm, NewActionForm, StatingForm
from lineofsight.service.pages.improvement.views import action_of
from lineofsight.service.receive import recipe
from lineofsight.vocabulary.days import in_words
from lineofsight.vocabulary.identifiers import authority_code, source_name
from lineofsight.vocabulary.moments import london_day
from lineofsight.vocabulary.refusal import Refused

BY_HAND = source_name("by-hand")
SIGNING = ("signed off", "sustained", "reopened")
"""The steps of those who watch over a plan; the others are of those who carry it out."""


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, authority: str) -> HttpResponse:
    """A form for an action, proposed or agreed."""
    asked = shell.asked_of(request, authority, Permission.IMPROVE)
    form = NewActionForm(*posted(request), **usual(asked), offered=["proposed", "agreed"])

    def record() -> HttpResponse:
        name = form.cleaned_data["name"]

        def check(moment: datetime) -> None:
            today = london_day(moment)
            actions = read.actions(open_record(asked.authority), View(today, moment), today)
            if any(action.name.casefold() == name.casefold() for action in actions):
                says = (
                    "There is already an action with that name. Record a step for it, or choose another name."
                )
                raise RefusedAt("name", says)
            with at_field("step"):
                ACTION.check_step(BEGIN, form.cleaned_data["step"])

        return _recorded(request, asked, form, name, check)

    return answer(request, asked, form, record, "Add an action", asked.link("improvement"))


@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, authority: str, action: str) -> HttpResponse:
    """A form for the next step of an action; a step that cannot follow is refused, and nothing is kept of it."""
    asked = shell.asked_of(request, authority, Permission.OVERSIGHT)
    if not (asked.viewer.may(Permission.IMPROVE) or asked.viewer.may(Permission.SIGN_OFF)):
        raise PermissionDenied
    found = action_of(replace(asked, view=View(london_day(asked.now), asked.now)), action)
    steps = [name for name in ACTION.possible(found.standing) if asked.viewer.may(_permission(name))]
    form = ActionStepForm(*posted(request), **usual(asked), offered=steps)
    if form.is_bound:
        form.is_valid()  # whatever else is wrong, whose step it is comes first
        if (taken := form.cleaned_data.get("step")) and not asked.viewer.may(_permission(taken)):
            raise PermissionDenied

    def record() -> HttpResponse:
        def check(moment: datetime) -> None:
            _check_step(asked, found.name, form, moment)

        return _recorded(request, asked, form, found.name, check)

    heading, back = f"Record a step: {found.title}", asked.link("action", action)
    return answer(request, asked, form, record, heading, back, found)


def _permission(step: str) -> Permission:
    return Permission.SIGN_OFF if step in SIGNING else Permission.IMPROVE


def _check_step(asked: shell.ServicePage, name: str, form: StatingForm, moment: datetime) -> None:
    """Refuses a step that cannot follow where the action stands by a moment, or that somebody else has to take."""
    now, step = View(london_day(moment), moment), form.cleaned_data["step"]
    record = open_record(asked.authority)
    latest = read.action(record, now, london_day(moment), name)
    found = read.action(record, now, form.day, name)
    last = max((said.first_day for said in latest.statements), default=form.day) if latest else form.day
    if found is None or form.day < last:
        says = f"Its last step was on {in_words(last.isoformat())}; give that day or a later one."
        raise RefusedAt("on", says)
    with at_field("step"):
        ACTION.check_step(found.standing, step)
        if step == "sustained":
            check_sustained(found)
    if step == "signed off":
        with at_field("said_by"):
            check_sign_off(
                found,
                [form.cleaned_data["said_by"], asked.viewer.by],
                read.reported_complete_by(record, found),
            )


def _recorded(
    request: HttpRequest, asked: shell.ServicePage, form: StatingForm, name: str, check: recipe.Check
) -> HttpResponse:
    kind = "undertaking" if form.cleaned_data["step"] == "agreed" else "official record"
    deliver(asked, form, check, {"subject_kind": "action", "subject": name, "kind": kind}, name)
    messages.success(request, "The step was saved.")
    place = asked.link("action", handle_of(name)).partition("?")[0]
    return redirect(f"{place}?as_at={form.day.isoformat()}")


# -- what every form of a statement does --------------------------------------------------------------


def usual(asked: shell.ServicePage) -> dict[str, Any]:
    """What a form of a statement is filled in with before anything is typed."""
    return {"today": london_day(asked.now), "publisher": asked.profile.name}


def answer(
    request: HttpRequest,
    asked: shell.ServicePage,
    form: StatingForm,
    record: Callable[[], HttpResponse],
    heading: str,
    back: str,
    action: Action | None = None,
    current: str = "improvement",
) -> HttpResponse:
    """Record what was sent, or show the form, with what is wrong where something was."""
    if form.is_bound and form.is_valid():
        try:
            return record()
        except Refused as refused:
            form.refuse(refused)
    more = {"heading": heading, "form": form, "back": back, "one": action}
    status = 422 if form.is_bound else 200
    return render.html(request, asked, "improvement/form.html", current, more, status=status)


def deliver(
    asked: shell.ServicePage, form: StatingForm, check: recipe.Check, more: dict[str, str], name: str
) -> None:
    """Record one statement, and the file beside it; refuses what intake or the check refuses, and keeps nothing then."""
    said = {**form.cells(), **more}
    said |= {
        "id": f"{slugify(name)[:40] or 'action'}-{slugify(said['step'])}-{secrets.token_hex(4)}",
        "said_on": form.day.isoformat(),
        "confidence": "read",
    }
    file = form.cleaned_data.get("file")
    body = json.dumps({"statements": [said]}, ensure_ascii=False).encode()
    files = [NamedBytes("statement.json", body), *([file] if file else [])]
    recipe.record_statement(files, authority_code(asked.authority), BY_HAND, by=asked.viewer.by, check=check)
