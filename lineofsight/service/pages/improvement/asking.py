"""Putting questions, recording what became of them, and the gates that wait: checked first, one statement each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from lineofsight.oversight.questions import GATE, QUESTION, Gate, Question, check_pass, check_waive
from lineofsight.service.access import questions as read
from lineofsight.service.access.roles import Permission
from lineofsight.service.access.view import View
from lineofsight.service.pages import shell
from lineofsight.service.pages.improvement import stating
from lineofsight.service.pages.improvement.views import handle_of
from lineofsight.vocabulary.days import in_words
from lineofsight.vocabulary.moments import london_day
from lineofsight.vocabulary.refusal import Refused

_SOURCE = ("says", "on", "said_by", "source_title", "source_publisher")
_KINDS = {"asked": "question", "followed up": "question", "none found": "not found"}

Given = dict[str, str]


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, authority: str) -> HttpResponse:
    """Put a question."""
    asked = shell.asked_of(request, authority, Permission.IMPROVE)

    def check(given: Given) -> tuple[str, Given]:
        if any(one.name.casefold() == given["name"].casefold() for one in _questions(asked)):
            raise Refused("There is already a question with that name. Choose another name.")
        return given["name"], {"subject_kind": "question", "step": QUESTION.steps[0]}

    names = ("name", "headline", "asked_of", "due_on", "bears_on", *_SOURCE)
    return _answer(request, asked, "Ask a question", names, [], check)


@require_http_methods(["GET", "HEAD", "POST"])
def set_gate(request: HttpRequest, authority: str) -> HttpResponse:
    """Put a named step behind questions."""
    asked = shell.asked_of(request, authority, Permission.SIGN_OFF)

    def check(given: Given) -> tuple[str, Given]:
        if any(one.name.casefold() == given["name"].casefold() for one in _gates(asked)):
            raise Refused("There is already a readiness check with that name. Choose another name.")
        return given["name"], {"subject_kind": "gate", "step": GATE.steps[0]}

    names = ("name", "headline", "owner", "bears_on", *_SOURCE)
    return _answer(request, asked, "Add a readiness check", names, [], check)


@require_http_methods(["GET", "HEAD", "POST"])
def question_step(request: HttpRequest, authority: str, question: str) -> HttpResponse:
    """Record that a question was answered, in part, not at all, put again or withdrawn."""
    asked = shell.asked_of(request, authority, Permission.IMPROVE)
    one = next((one for one in _questions(asked) if handle_of(one.name) == question), None)
    if one is None:
        raise Http404

    def check(given: Given) -> tuple[str, Given]:
        _check_after(given, one.statements[-1].first_day, asked)
        if given["step"] not in QUESTION.steps:
            raise Refused("Choose what happened.")
        QUESTION.check_step(one.standing, given["step"])
        return one.name, _reply_to(one)

    steps = QUESTION.possible(one.standing)
    names = ("step", "due_on", "looked_in", *_SOURCE)
    return _answer(request, asked, f"Record what happened: {one.asked.title}", names, steps, check)


def _reply_to(one: Question) -> Given:
    """A reply speaks of the same subject as what was asked, and says which statement it answers."""
    return {
        "subject_kind": one.asked.subject_kind,
        "subject": one.asked.subject,
        "answers": one.asked.reference,
    }


@require_http_methods(["GET", "HEAD", "POST"])
def gate_step(request: HttpRequest, authority: str, gate: str) -> HttpResponse:
    """Waive a question, hold the step back, or pass it, which cannot be while a question is open."""
    asked = shell.asked_of(request, authority, Permission.SIGN_OFF)
    one = next((one for one in _gates(asked) if handle_of(one.name) == gate), None)
    if one is None:
        raise Http404

    def check(given: Given) -> tuple[str, Given]:
        _check_after(given, one.statements[-1].first_day, asked)
        return one.name, {"subject_kind": "gate", **_checked_gate(one, given)}

    steps, waiting = GATE.possible(one.stood.standing), [asked.name for asked in one.waiting_for]
    return _answer(
        request, asked, f"Record a step: {one.name}", ("step", "question", *_SOURCE), steps, check, waiting
    )


def _checked_gate(one: Gate, given: Given) -> Given:
    if given["step"] not in GATE.steps:
        raise Refused("Choose the step.")
    GATE.check_step(one.stood.standing, given["step"])
    if given["step"] == "passed":
        check_pass(one)
    if given["step"] != "waived":
        return {}
    question = next((its for its in one.questions if its.name == given["question"]), None)
    if question is None:
        raise Refused("Choose the question to waive.")
    check_waive(one, question, given["says"])
    return {"bears_on": question.asked.reference}


def _check_after(given: Given, last: date, asked: shell.Asked) -> None:
    if stating.day_given(asked, given["on"]) < last:
        raise Refused(f"Its last step was on {in_words(last.isoformat())}; give that day or a later one.")


def _answer(
    request: HttpRequest, asked: shell.Asked, heading: str, names: tuple[str, ...], steps: list[str],
    check: Callable[[Given], tuple[str, Given]], waiting: list[str] | None = None,
) -> HttpResponse:  # fmt: skip
    given, refused = stating.given_of(request, names), ""
    if request.method == "POST":
        try:
            return _kept(request, asked, given, check)
        except Refused as why:
            refused = str(why)
    fields = stating.fields_of(asked, names, given, steps, waiting or [])
    back = asked.link("questions")
    return stating.form_page(request, asked, heading, fields, refused, back, current="questions")


def _kept(
    request: HttpRequest, asked: shell.Asked, given: Given, check: Callable[[Given], tuple[str, Given]]
) -> HttpResponse:
    """Check, deliver, and show the list as at the day of the step."""
    day = stating.day_given(asked, given["on"])
    if "name" in given and not given["name"]:
        raise Refused("Give it a short name. The name cannot be changed later.")
    name, more = check(given)
    step = given.get("step") or more["step"]
    cells = {cell: text for cell, text in given.items() if cell != "question"} | {"step": step}
    kind = _KINDS.get(step, "official record")
    stating.deliver(request, asked, name, cells, day, **{"kind": kind, **more})
    messages.success(request, "Saved.")
    return redirect(f"{asked.link('questions').partition('?')[0]}?as_at={day.isoformat()}")


def _now(asked: shell.Asked) -> tuple[str, View, date]:
    """What is checked against: all that is known now."""
    today = london_day(asked.now)
    return asked.authority, View(today, asked.now), today


def _questions(asked: shell.Asked) -> list[Question]:
    return read.questions(*_now(asked))


def _gates(asked: shell.Asked) -> list[Gate]:
    return read.gates(*_now(asked))
