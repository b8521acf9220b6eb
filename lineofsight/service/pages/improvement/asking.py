"""Putting questions, recording what became of them, and the gates that wait: checked first, one statement each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import TypeVar

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from lineofsight.oversight.questions import GATE, QUESTION, Gate, Question, check_pass, check_waive
from lineofsight.queries import questions as read
from lineofsight.queries.record import View
from lineofsight.service.access.records import open_record
from lineofsight.service.access.roles import Permission
from lineofsight.service.pages import shell
from lineofsight.service.pages.improvement import stating
from lineofsight.service.pages.improvement.views import handle_of
from lineofsight.vocabulary.days import in_words
from lineofsight.vocabulary.moments import london_day
from lineofsight.vocabulary.refusal import Refused

_SOURCE = ("says", "on", "said_by", "source_title", "source_publisher")
_KINDS = {"asked": "question", "followed up": "question", "none found": "not found"}

Given = dict[str, str]
Check = Callable[[Given, datetime], tuple[str, Given]]
"""Refuses what cannot follow what is known by a moment; gives the statement's subject and its other cells."""
Named = TypeVar("Named", Question, Gate)


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, authority: str) -> HttpResponse:
    """Put a question."""
    asked = shell.asked_of(request, authority, Permission.IMPROVE)

    def check(given: Given, moment: datetime) -> tuple[str, Given]:
        if any(one.name.casefold() == given["name"].casefold() for one in _questions(asked, moment)):
            raise Refused("There is a question of that name; choose another.")
        return given["name"], {"subject_kind": "question", "step": QUESTION.steps[0]}

    names = ("name", "headline", "asked_of", "due_on", "bears_on", *_SOURCE)
    return _answer(request, asked, "Put a question", names, [], check)


@require_http_methods(["GET", "HEAD", "POST"])
def set_gate(request: HttpRequest, authority: str) -> HttpResponse:
    """Put a named step behind questions."""
    asked = shell.asked_of(request, authority, Permission.SIGN_OFF)

    def check(given: Given, moment: datetime) -> tuple[str, Given]:
        if any(one.name.casefold() == given["name"].casefold() for one in _gates(asked, moment)):
            raise Refused("That step stands behind questions already.")
        return given["name"], {"subject_kind": "gate", "step": GATE.steps[0]}

    names = ("name", "headline", "owner", "bears_on", *_SOURCE)
    return _answer(request, asked, "Put a step behind questions", names, [], check)


@require_http_methods(["GET", "HEAD", "POST"])
def question_step(request: HttpRequest, authority: str, question: str) -> HttpResponse:
    """Record that a question was answered, in part, not at all, put again or withdrawn."""
    asked = shell.asked_of(request, authority, Permission.IMPROVE)
    one = _named(_questions(asked, asked.now), question)

    def check(given: Given, moment: datetime) -> tuple[str, Given]:
        latest = _named(_questions(asked, moment), question)
        _check_after(given, latest.statements[-1].first_day, asked)
        if given["step"] not in QUESTION.steps:
            raise Refused("Choose what became of it.")
        QUESTION.check_step(latest.standing, given["step"])
        return latest.name, _reply_to(latest)

    steps = QUESTION.possible(one.standing)
    names = ("step", "due_on", "looked_in", *_SOURCE)
    return _answer(request, asked, f"What became of it: {one.asked.title}", names, steps, check)


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
    one = _named(_gates(asked, asked.now), gate)

    def check(given: Given, moment: datetime) -> tuple[str, Given]:
        latest = _named(_gates(asked, moment), gate)
        _check_after(given, latest.statements[-1].first_day, asked)
        return latest.name, {"subject_kind": "gate", **_checked_gate(latest, given)}

    steps, waiting = GATE.possible(one.stood.standing), [asked.name for asked in one.waiting_for]
    return _answer(
        request, asked, f"Take a step: {one.name}", ("step", "question", *_SOURCE), steps, check, waiting
    )


def _checked_gate(one: Gate, given: Given) -> Given:
    if given["step"] not in GATE.steps:
        raise Refused("Choose the step that was taken.")
    GATE.check_step(one.stood.standing, given["step"])
    if given["step"] == "passed":
        check_pass(one)
    if given["step"] != "waived":
        return {}
    question = next((its for its in one.questions if its.name == given["question"]), None)
    if question is None:
        raise Refused("Choose the question that is waived.")
    check_waive(one, question, given["says"])
    return {"bears_on": question.asked.reference}


def _check_after(given: Given, last: date, asked: shell.Asked) -> None:
    if stating.day_given(asked, given["on"]) < last:
        raise Refused(f"Its last step was on {in_words(last.isoformat())}; give a day that is not before it.")


def _answer(
    request: HttpRequest, asked: shell.Asked, heading: str, names: tuple[str, ...], steps: list[str],
    check: Check, waiting: list[str] | None = None,
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


def _kept(request: HttpRequest, asked: shell.Asked, given: Given, check: Check) -> HttpResponse:
    """Check, record, and show the list as at the day of the step."""
    day = stating.day_given(asked, given["on"])
    if "name" in given and not given["name"]:
        raise Refused("Give it a short name, which stays the same.")
    name, more = check(given, asked.now)
    step = given.get("step") or more["step"]
    cells = {cell: text for cell, text in given.items() if cell != "question"} | {"step": step}
    more = {"kind": _KINDS.get(step, "official record"), **more}

    def check_again(moment: datetime) -> None:
        check(given, moment)

    stating.deliver(request, asked, name, cells, day, check_again, **more)
    messages.success(request, "It is in the record.")
    return redirect(f"{asked.link('questions').partition('?')[0]}?as_at={day.isoformat()}")


def _questions(asked: shell.Asked, moment: datetime) -> list[Question]:
    today = london_day(moment)
    return read.known(open_record(asked.authority), View(today, moment), today)


def _gates(asked: shell.Asked, moment: datetime) -> list[Gate]:
    today = london_day(moment)
    return read.gates(open_record(asked.authority), View(today, moment), today)


def _named(among: Iterable[Named], handle: str) -> Named:
    """The question or gate that a handle stands for; 404 where there is none."""
    for one in among:
        if handle_of(one.name) == handle:
            return one
    raise Http404
