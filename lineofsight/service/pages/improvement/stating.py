"""Proposing an action and recording its steps: one statement each, checked first, through the door of any delivery."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods

from lineofsight.intake.delivery import NamedBytes
from lineofsight.intake.evidence import MOST_BYTES, check_evidence
from lineofsight.intake.unpacking import EVIDENCE
from lineofsight.oversight.held import read_test
from lineofsight.oversight.improvement import ACTION, Action, check_sign_off, check_sustained
from lineofsight.oversight.transitions import BEGIN
from lineofsight.service.access import improvement as read
from lineofsight.service.access import kept_files
from lineofsight.service.access.roles import Permission
from lineofsight.service.access.view import View, day_said
from lineofsight.service.pages import shell
from lineofsight.service.pages.improvement.views import action_of, handle_of
from lineofsight.service.pages.public_record.asked import authority_name
from lineofsight.service.receive import recipe
from lineofsight.vocabulary.codes import code_set
from lineofsight.vocabulary.days import in_words
from lineofsight.vocabulary.identifiers import authority_code, source_name
from lineofsight.vocabulary.moments import london_day
from lineofsight.vocabulary.refusal import Refused

BY_HAND = source_name("by-hand")
SIGNING = ("signed off", "sustained", "reopened")
"""The steps of those who watch over a plan; the others are of those who carry it out."""

_SUBJECT = "action"
WORDS: dict[str, tuple[str, str]] = {
    "name": ("Short name", "It cannot be changed later. For example: no child waits for a worker"),
    "headline": ("What is to be done", ""),
    "step": ("Step", ""),
    "says": ("Details", "What was done or decided. Do not include anything that could identify a child, a parent or somebody’s private life"),
    "said_by": ("Stated by", "The office or body that states it, for example: director of children’s services"),
    "on": ("Day", "For example 2019-10-08. It cannot be before the previous step"),
    "owner": ("Owner", "A post, not a person. This record shows who holds the post"),
    "due_on": ("Due", "A day, month or year, for example 2020-03-31 or 2020-03"),
    "test": ("Test", "How you will know that the change lasted: unallocated under 10 for 13 weeks, or allocated but not seen: none for 4 weeks"),
    "theme": ("Area of practice", ""),
    "bears_on": ("Finding it is about", "The reference of its statement, for example public-record/ofsted-267"),
    "evidence": ("Where the evidence is", "Or upload a file below. Do not upload a file about a child"),
    "source_title": ("Title of the source", "The minutes, plan or letter that shows it"),
    "source_publisher": ("Publisher", ""),
    "asked_of": ("Who has to answer", "The office or body that has to answer"),
    "looked_in": ("Where you searched", "Needed if no answer was found"),
    "question": ("Question", "The question to waive"),
}  # fmt: skip
_NEW = (
    "name",
    "headline",
    "step",
    "says",
    "theme",
    "bears_on",
    "owner",
    "due_on",
    "test",
    "on",
    "said_by",
    "source_title",
    "source_publisher",
)
_STEP = (
    "step",
    "says",
    "on",
    "said_by",
    "owner",
    "due_on",
    "test",
    "evidence",
    "source_title",
    "source_publisher",
)
_NEEDED = {
    "agreed": ("owner", "due_on"),
    "due date moved": ("due_on",),
    "owner changed": ("owner",),
    "evidence given": ("evidence",),
}


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, authority: str) -> HttpResponse:
    """A form for an action, proposed or agreed."""
    asked = shell.asked_of(request, authority, Permission.IMPROVE)
    given = given_of(request, _NEW)
    refused = ""
    if request.method == "POST":
        try:
            return _kept(request, asked, given["name"], _state_new(request, asked, given))
        except Refused as why:
            refused = str(why)
    return form_page(
        request,
        asked,
        "Add an action",
        fields_of(asked, _NEW, given, ["proposed", "agreed"]),
        refused,
        asked.link("improvement"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, authority: str, action: str) -> HttpResponse:
    """A form for the next step of an action; a step that cannot follow is refused, and nothing is kept of it."""
    asked = shell.asked_of(request, authority, Permission.OVERSIGHT)
    if not (asked.sight.may(Permission.IMPROVE) or asked.sight.may(Permission.SIGN_OFF)):
        raise PermissionDenied
    one = action_of(replace(asked, view=View(london_day(asked.now), asked.now)), action)
    given, refused = given_of(request, _STEP), ""
    if request.method == "POST":
        try:
            return _kept(request, asked, one.name, _state_step(request, asked, one.name, given))
        except Refused as why:
            refused = str(why)
    steps = [name for name in ACTION.possible(one.standing) if asked.sight.may(_permission(name))]
    back = asked.link("action", action)
    return form_page(
        request,
        asked,
        f"Record a step: {one.title}",
        fields_of(asked, _STEP, given, steps),
        refused,
        back,
        one,
    )


def _permission(step: str) -> Permission:
    return Permission.SIGN_OFF if step in SIGNING else Permission.IMPROVE


def given_of(request: HttpRequest, names: tuple[str, ...]) -> dict[str, str]:
    return {name: str(request.POST.get(name, "")).strip() for name in names}


def _kept(request: HttpRequest, asked: shell.Asked, name: str, day: date) -> HttpResponse:
    messages.success(request, "The step was saved.")
    place = asked.link("action", handle_of(name)).partition("?")[0]
    return redirect(f"{place}?as_at={day.isoformat()}")


# -- checks, before anything is kept ----------------------------------------------------------------


def _state_new(request: HttpRequest, asked: shell.Asked, given: Mapping[str, str]) -> date:
    if not given["name"] or not given["headline"]:
        raise Refused("Enter a short name, and what is to be done.")
    day = day_given(asked, given["on"])
    now = View(london_day(asked.now), asked.now)
    held = (one.name.casefold() for one in read.actions(asked.authority, now, london_day(asked.now)))
    if given["name"].casefold() in held:
        raise Refused(
            "There is already an action with that name. Record a step for it, or choose another name."
        )
    _check_cells(BEGIN, given)
    deliver(request, asked, given["name"], given, day)
    return day


def _state_step(request: HttpRequest, asked: shell.Asked, name: str, given: dict[str, str]) -> date:
    if given["step"] in ACTION.steps and not asked.sight.may(_permission(given["step"])):
        raise PermissionDenied
    day = day_given(asked, given["on"])
    today = View(london_day(asked.now), asked.now)
    if uploaded := request.FILES.get("file"):
        given["evidence"] = given["evidence"] or uploaded.name or ""
    latest = read.action(asked.authority, today, london_day(asked.now), name)
    one = read.action(asked.authority, today, day, name)
    last = max((said.first_day for said in latest.statements), default=day) if latest else day
    if one is None or day < last:
        raise Refused(f"Its last step was on {in_words(last.isoformat())}; give that day or a later one.")
    _check_cells(one.standing, given)
    _check_who(asked, one, given)
    deliver(request, asked, name, given, day)
    return day


def day_given(asked: shell.Asked, text: str) -> date:
    """The day somebody gave, which has come."""
    day = day_said(text, "on which it was done")
    if day > london_day(asked.now):
        raise Refused("That day is in the future. Enter the day on which it was done.")
    return day


def _check_cells(standing: str, given: Mapping[str, str]) -> None:
    """That the step can follow, and has what it needs."""
    if given["step"] not in ACTION.steps:
        raise Refused("Choose the step.")
    ACTION.check_step(standing, given["step"])
    for name in _NEEDED.get(given["step"], ()):
        if not given.get(name):
            raise Refused(f"{WORDS[name][0]} is needed for this step.")
    if given["test"]:
        read_test(given["test"])


def _check_who(asked: shell.Asked, one: Action, given: Mapping[str, str]) -> None:
    if given["step"] == "signed off":
        check_sign_off(one, [given["said_by"], asked.sight.by], read.said_done_by(one))
    if given["step"] == "sustained":
        check_sustained(one)


# -- delivering -------------------------------------------------------------------------------------


def deliver(
    request: HttpRequest, asked: shell.Asked, name: str, given: Mapping[str, str], day: date, **more: str
) -> None:
    """Deliver one statement, and the file beside it; refuses what intake refuses, and then nothing is kept."""
    files, evidence = _file(request)
    said = {cell: text for cell, text in given.items() if text and cell not in ("name", "on")}
    said |= {"id": f"{slugify(name)[:40] or 'action'}-{slugify(given['step'])}-{secrets.token_hex(4)}",
             "subject_kind": _SUBJECT, "subject": name, "kind": "undertaking" if given["step"] == "agreed" else "official record",
             "said_on": day.isoformat(), "confidence": "read", **more}  # fmt: skip
    if evidence:
        said["evidence"] = evidence
    body = json.dumps({"statements": [said]}, ensure_ascii=False).encode()
    files = [NamedBytes("statement.json", body), *files]
    code = authority_code(asked.authority)
    if refusals := recipe.refusals(files, code, BY_HAND):
        raise Refused(" ".join(f"{one['says']} {one['do']}" for one in refusals))
    recipe.load(files, "statement.json", code, BY_HAND, received_at=None, by=asked.sight.by)


def _file(request: HttpRequest) -> tuple[list[NamedBytes], str]:
    """The file of evidence under its hash: the name a person gave it might tell of somebody."""
    uploaded = request.FILES.get("file")
    if uploaded is None:
        return [], ""
    content = uploaded.read(MOST_BYTES + 1)
    check_evidence(content)
    sha256 = hashlib.sha256(content).hexdigest()
    if kept_files.holds_children(sha256):
        raise Refused("That file holds a case system’s rows about children. It cannot be used as evidence.")
    return [NamedBytes(f"{sha256}{EVIDENCE}", content)], sha256


# -- the form ---------------------------------------------------------------------------------------


def fields_of(
    asked: shell.Asked,
    names: tuple[str, ...],
    given: Mapping[str, str],
    steps: list[str],
    waiting: Iterable[str] = (),
) -> list[dict[str, Any]]:
    usual = {
        "on": london_day(asked.now).isoformat(),
        "source_publisher": authority_name(asked.authority),
    }
    choices = {"step": steps, "theme": ["", *code_set("theme")], "question": list(waiting)}
    return [
        {"name": name, "label": WORDS[name][0], "hint": WORDS[name][1], "value": given[name] or usual.get(name, ""),
         "choices": choices.get(name), "long": name == "says", "file": name == "evidence"}
        for name in names
    ]  # fmt: skip


def form_page(
    request: HttpRequest, asked: shell.Asked, heading: str, fields: list[dict[str, Any]], refused: str, back: str,
    one: Action | None = None, current: str = "improvement",
) -> HttpResponse:  # fmt: skip
    return shell.page(request, asked, "improvement/form.html", current, {
        "heading": heading, "fields": fields, "refused": refused, "back": back, "one": one,
    }, status=422 if refused else 200)  # fmt: skip
