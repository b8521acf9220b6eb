"""Putting questions, recording what became of them, and the gates that wait: one statement each, checked and appended together."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TypeVar

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from lineofsight.oversight.questions import GATE, QUESTION, Gate, Question, check_pass, check_waive
from lineofsight.queries import questions as read
from lineofsight.queries.record import View
from lineofsight.queries.statements import handle_of
from lineofsight.service.access.records import open_record
from lineofsight.service.access.roles import Permission
from lineofsight.service.pages import shell
from lineofsight.service.pages.forms import RefusedAt, at_field, posted
from lineofsight.service.pages.improvement import stating
from lineofsight.service.pages.improvement.forms import (
    GateForm,
    GateStepForm,
    QuestionForm,
    QuestionStepForm,
    StatingForm,
)
from lineofsight.service.receive import recipe
from lineofsight.vocabulary.days import in_words
from lineofsight.vocabulary.moments import london_day

_KINDS = {"asked": "question", "followed up": "question", "none found": "not found"}

Named = TypeVar("Named", Question, Gate)


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, authority: str) -> HttpResponse:
    """Put a question."""
    asked = shell.asked_of(request, authority, Permission.IMPROVE)
    form = QuestionForm(*posted(request), **stating.usual(asked))

    def check(moment: datetime) -> None:
        _check_name(
            form,
            _questions(asked, moment),
            "There is already a question with that name. Choose another name.",
        )

    def record() -> HttpResponse:
        name = form.cleaned_data["name"]
        more = {"subject_kind": "question", "subject": name, "step": QUESTION.steps[0]}
        return _recorded(request, asked, form, check, more, name)

    return _answer(request, asked, form, record, "Ask a question")


@require_http_methods(["GET", "HEAD", "POST"])
def set_gate(request: HttpRequest, authority: str) -> HttpResponse:
    """Put a named step behind questions."""
    asked = shell.asked_of(request, authority, Permission.SIGN_OFF)
    form = GateForm(*posted(request), **stating.usual(asked))

    def check(moment: datetime) -> None:
        _check_name(
            form,
            _gates(asked, moment),
            "There is already a readiness check with that name. Choose another name.",
        )

    def record() -> HttpResponse:
        name = form.cleaned_data["name"]
        more = {"subject_kind": "gate", "subject": name, "step": GATE.steps[0]}
        return _recorded(request, asked, form, check, more, name)

    return _answer(request, asked, form, record, "Add a readiness check")


@require_http_methods(["GET", "HEAD", "POST"])
def question_step(request: HttpRequest, authority: str, question: str) -> HttpResponse:
    """Record that a question was answered, in part, not at all, put again or withdrawn."""
    asked = shell.asked_of(request, authority, Permission.IMPROVE)
    found = _named(_questions(asked, asked.now), question)
    steps = QUESTION.possible(found.standing)
    form = QuestionStepForm(*posted(request), **stating.usual(asked), offered=steps)

    def check(moment: datetime) -> None:
        latest = _named(_questions(asked, moment), question)
        _check_day(form, latest)
        with at_field("step"):
            QUESTION.check_step(latest.standing, form.cleaned_data["step"])

    def record() -> HttpResponse:
        # A reply speaks of the same subject as what was asked, and says which statement it answers.
        about = {"subject_kind": found.asked.subject_kind, "subject": found.asked.subject}
        return _recorded(request, asked, form, check, about | {"answers": found.asked.reference}, found.name)

    return _answer(request, asked, form, record, f"What became of it: {found.asked.title}")


@require_http_methods(["GET", "HEAD", "POST"])
def gate_step(request: HttpRequest, authority: str, gate: str) -> HttpResponse:
    """Waive a question, hold the step back, or pass it, which cannot be while a question is open."""
    asked = shell.asked_of(request, authority, Permission.SIGN_OFF)
    found = _named(_gates(asked, asked.now), gate)
    form = GateStepForm(
        *posted(request),
        **stating.usual(asked),
        offered=GATE.possible(found.progress.standing),
        questions=[its.name for its in found.questions],
        waiting=[its.name for its in found.waiting_for],
    )

    def check(moment: datetime) -> None:
        _check_gate(form, _named(_gates(asked, moment), gate))

    def record() -> HttpResponse:
        more = {"subject_kind": "gate", "subject": found.name}
        if form.cleaned_data["step"] == "waived" and (waived := _waived(form, found)):
            more["bears_on"] = waived.asked.reference
        return _recorded(request, asked, form, check, more, found.name)

    return _answer(request, asked, form, record, f"Record a step: {found.name}")


def _check_gate(form: StatingForm, gate: Gate) -> None:
    """Refuses a step that cannot follow where the gate stands, and passing or waiving what cannot be."""
    _check_day(form, gate)
    step = form.cleaned_data["step"]
    with at_field("step"):
        GATE.check_step(gate.progress.standing, step)
        if step == "passed":
            check_pass(gate)
    if step == "waived":
        question = _waived(form, gate)
        if question is None:
            raise RefusedAt("question", "Choose the question to waive.")
        with at_field("says"):
            check_waive(gate, question, form.cleaned_data["says"])


def _waived(form: StatingForm, gate: Gate) -> Question | None:
    chosen = form.cleaned_data["question"]
    return next((its for its in gate.questions if its.name == chosen), None)


def _check_name(form: StatingForm, among: Iterable[Named], says: str) -> None:
    if any(one.name.casefold() == form.cleaned_data["name"].casefold() for one in among):
        raise RefusedAt("name", says)


def _check_day(form: StatingForm, subject: Question | Gate) -> None:
    last = subject.statements[-1].first_day
    if form.day < last:
        says = f"Its last step was on {in_words(last.isoformat())}; give that day or a later one."
        raise RefusedAt("on", says)


def _answer(
    request: HttpRequest,
    asked: shell.ServicePage,
    form: StatingForm,
    record: Callable[[], HttpResponse],
    heading: str,
) -> HttpResponse:
    return stating.answer(request, asked, form, record, heading, asked.link("questions"), current="questions")


def _recorded(
    request: HttpRequest,
    asked: shell.ServicePage,
    form: StatingForm,
    check: recipe.Check,
    more: dict[str, str],
    name: str,
) -> HttpResponse:
    """Record the statement, and show the list as at the day of the step."""
    step = more.get("step") or form.cleaned_data["step"]
    stating.deliver(asked, form, check, {"kind": _KINDS.get(step, "official record"), **more}, name)
    messages.success(request, "Saved.")
    return redirect(f"{asked.link('questions').partition('?')[0]}?as_at={form.day.isoformat()}")


def _questions(asked: shell.ServicePage, moment: datetime) -> list[Question]:
    today = london_day(moment)
    return read.known(open_record(asked.authority), View(today, moment), today)


def _gates(asked: shell.ServicePage, moment: datetime) -> list[Gate]:
    today = london_day(moment)
    return read.gates(open_record(asked.authority), View(today, moment), today)


def _named(among: Iterable[Named], handle: str) -> Named:
    """The question or gate that a handle stands for; 404 where there is none."""
    for subject in among:
        if handle_of(subject.name) == handle:
            return subject
    raise Http404
