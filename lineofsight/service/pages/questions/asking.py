"""Asking, following up, clarifying and answering: one statement each, checked and appended in one transaction."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from lineofsight.intake.delivery import NamedBytes
from lineofsight.oversight.members_questions import MEMBERS_QUESTION, MembersQuestion
from lineofsight.oversight.statements import MEMBER_QUESTION
from lineofsight.queries import members_questions as read
from lineofsight.queries.record import Record, View, author_of, delivery_of
from lineofsight.queries.statements import handle_of
from lineofsight.service.access.findings import names_a_child
from lineofsight.service.access.records import open_record
from lineofsight.service.access.roles import Permission
from lineofsight.service.pages import render, shell
from lineofsight.service.pages.forms import RefusedAt, posted
from lineofsight.service.pages.questions.forms import (
    AskForm,
    ClarifyForm,
    FollowUpForm,
    PublicForm,
    ReplyForm,
)
from lineofsight.service.pages.questions.presenters import shown
from lineofsight.service.receive import recipe
from lineofsight.vocabulary.identifiers import authority_code, source_name
from lineofsight.vocabulary.moments import london_day
from lineofsight.vocabulary.refusal import Refused

SOURCE = source_name("members-questions")
"""The source under which questions and replies are recorded."""

_LETTERS = "bcdfghjkmnpqrstvwxz"
"""No vowels: a question's name spells nothing."""

_SHORT_NUMBER = re.compile(r"(?<![\w/-])[0-9]{1,4}(?![\w/-])")
"""Years and counts, which some case system also gives to a child: without them no question could be asked."""


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, authority: str) -> HttpResponse:
    """Ask a question, in three fields."""
    asked = shell.asked_of(request, authority, Permission.ASK)
    form = AskForm(*posted(request), **_usual(asked))
    name = _new_name()

    def record() -> HttpResponse:
        _record(asked, {**form.cells(), **_asked(asked, name), "step": "asked"}, lambda _: None)
        return redirect("question-receipt", authority, handle_of(name))

    return _answer(request, asked, form, record, "Ask a question", "Ask in public")


@require_safe
def receipt(request: HttpRequest, authority: str, question: str) -> HttpResponse:
    """That a question was received, and its clock."""
    asked = shell.asked_of(request, authority, Permission.ASK)
    found = read.members_questions(open_record(authority), _today(asked.now))
    found_question = next((one for one in found.questions if one.name == question), None)
    if found_question is None:
        raise Http404
    more = {"one": shown(found_question, found, asked.viewer.permissions), "day": found.as_at}
    return render.html(request, asked, "questions/receipt.html", "members-questions", more)


@require_http_methods(["GET", "HEAD", "POST"])
def follow_up(request: HttpRequest, authority: str, question: str) -> HttpResponse:
    """Ask further about an answer: a question of its own, of the same office, with its own clock."""
    asked = shell.asked_of(request, authority, Permission.ASK)
    before = _named(asked, question, asked.now)
    form = FollowUpForm(*posted(request), **_usual(asked))
    name = _new_name()

    def check(moment: datetime) -> None:
        if _named(asked, question, moment).answer is None:
            raise Refused("It has no answer yet. You can ask further when it is answered or refused.")

    def record() -> HttpResponse:
        to = before.answer or before.asked
        more = {"step": "followed up", "asked_of": before.asked.asked_of or "", "bears_on": to.reference}
        _record(asked, {**form.cells(), **_asked(asked, name), **more}, check)
        return redirect("question-receipt", authority, handle_of(name))

    return _answer(request, asked, form, record, "Ask a follow-up question", "Ask in public", before)


@require_http_methods(["GET", "HEAD", "POST"])
def clarify(request: HttpRequest, authority: str, question: str) -> HttpResponse:
    """Say what was meant, as the member who asked: the clock goes on."""
    asked = shell.asked_of(request, authority, Permission.ASK)
    found = _named(asked, question, asked.now)
    if not asked_by(asked.viewer.by, found, asked.record):
        raise PermissionDenied
    form = ClarifyForm(*posted(request), **_usual(asked))

    def record() -> HttpResponse:
        cells = {
            "kind": "claim",
            "says": form.cleaned_data["says"],
            "said_by": found.asked.said_by,
            "step": "clarified",
        }
        return _step(asked, found, cells)

    return _answer(request, asked, form, record, "Say what you mean", "Save in public", found)


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, authority: str, question: str) -> HttpResponse:
    """Answer a question, ask what it means, which stops its clock, or refuse it with a reason."""
    asked = shell.asked_of(request, authority, Permission.ANSWER)
    found = _named(asked, question, asked.now)
    offered = MEMBERS_QUESTION.possible(found.progress.standing)
    initial = {"said_by": found.asked.asked_of or ""}
    form = ReplyForm(*posted(request), **_usual(asked), offered=offered, initial=initial)

    def record() -> HttpResponse:
        given = form.cleaned_data
        cells = {
            "kind": "official record",
            "says": given["says"],
            "said_by": given["said_by"],
            "step": given["step"],
        }
        if given["step"] == "answered":
            cells["answers"] = found.asked.reference
        return _step(asked, found, cells)

    return _answer(request, asked, form, record, "Reply to a question", "Publish", found)


def asked_by(name: str, members_question: MembersQuestion, record: Record) -> bool:
    """Whether a person of that name is the one who asked a question."""
    return bool(name) and author_of(record, delivery_of(record, members_question.asked.link)) == name


def _usual(asked: shell.ServicePage) -> dict[str, Any]:
    def names(text: str) -> bool:
        return names_a_child(asked.record, _SHORT_NUMBER.sub("", text))

    return {"today": london_day(asked.now), "names_a_child": names}


def _today(moment: datetime) -> View:
    return View(london_day(moment), moment)


def _named(asked: shell.ServicePage, handle: str, moment: datetime) -> MembersQuestion:
    """The question that a handle stands for, as it stands at a moment; 404 where there is none."""
    view = _today(moment)
    found = read.known(open_record(asked.authority), view, view.as_at)
    for question in found.questions:
        if handle_of(question.name) == handle:
            return question
    raise Http404


def _new_name() -> str:
    return "question-" + "".join(secrets.choice(_LETTERS) for _ in range(10))


def _asked(asked: shell.ServicePage, name: str) -> dict[str, str]:
    """Who asks: the office and never the name, for the sign-in's name says nothing that the public needs."""
    return {"subject": name, "said_by": f"elected member of {asked.name}"}


def _step(asked: shell.ServicePage, members_question: MembersQuestion, cells: dict[str, str]) -> HttpResponse:
    """Record the next step of a question, where it still can follow, and show the question as at today."""

    def check(moment: datetime) -> None:
        standing = _named(asked, handle_of(members_question.name), moment).progress.standing
        try:
            MEMBERS_QUESTION.check_step(standing, cells["step"])
        except Refused as refused:
            raise RefusedAt("step", str(refused)) from None

    _record(asked, {**cells, "subject": members_question.name}, check)
    return _public(asked, handle_of(members_question.name))


def _public(asked: shell.ServicePage, handle: str) -> HttpResponse:
    day = london_day(asked.now).isoformat()
    return redirect(f"{read.address_of(asked.authority, handle)}?as_at={day}")


def _record(asked: shell.ServicePage, cells: dict[str, str], check: recipe.Check) -> None:
    said = {
        "id": f"{cells['subject'][:60]}-{secrets.token_hex(4)}",
        "subject_kind": MEMBER_QUESTION,
        "said_on": london_day(asked.now).isoformat(),
        "source_title": "Members’ questions",
        "source_publisher": asked.name,
        "confidence": "read",
        **{name: cell for name, cell in cells.items() if cell},
    }
    body = json.dumps({"statements": [said]}, ensure_ascii=False).encode()
    file = NamedBytes("statement.json", body)
    recipe.record_statement([file], authority_code(asked.authority), SOURCE, by=asked.viewer.by, check=check)


def _answer(
    request: HttpRequest,
    asked: shell.ServicePage,
    form: PublicForm,
    record: Callable[[], HttpResponse],
    heading: str,
    button: str,
    about: MembersQuestion | None = None,
) -> HttpResponse:
    """Record what was sent, or show the form, with what is wrong where something was."""
    if form.is_bound and form.is_valid():
        try:
            done = record()
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "Saved. Anybody can now read it.")
            return done
    more = {"heading": heading, "button": button, "form": form, "about": about}
    status = 422 if form.is_bound else 200
    return render.html(request, asked, "questions/form.html", "members-questions", more, status=status)
