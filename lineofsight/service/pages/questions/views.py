"""Members' questions as anybody reads them: the list, also as CSV and JSON, and each question with its steps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from lineofsight.oversight import promises
from lineofsight.queries import members_questions as read
from lineofsight.queries.members_questions import MembersQuestion, MembersQuestions
from lineofsight.queries.statements import handle_of
from lineofsight.service.access.roles import Permission
from lineofsight.service.access.viewer import authorities_of
from lineofsight.service.pages import render, tables
from lineofsight.service.pages.public_record.asked import PublicPage, asked_of
from lineofsight.service.pages.questions import asking
from lineofsight.service.pages.questions.forms import QuestionsFilters
from lineofsight.service.pages.questions.presenters import shown
from lineofsight.service.pages.tables import Column
from lineofsight.vocabulary.moments import london_day, written

_CURRENT = "questions"


def _cell(give: Callable[[MembersQuestion], Any]) -> Callable[[MembersQuestion], Any]:
    return lambda one: "" if (found := give(one)) is None else found


_COLUMNS: tuple[Column[MembersQuestion], ...] = (
    Column("question", "Question", lambda one: one.says),
    Column("asked_by", "Asked by, and who has to answer", lambda one: one.asked_by),
    Column("asked_on", "Asked on", lambda one: one.asked_on),
    Column("due", "Answer due, and the rule", _cell(lambda one: one.clock.due)),
    Column("state", "Status", lambda one: one.state),
)
_CSV: tuple[Column[MembersQuestion], ...] = (
    Column("name", cell=lambda one: one.name),
    *_COLUMNS[:2],
    Column("asked_of", cell=_cell(lambda one: one.asked_of)),
    *_COLUMNS[2:4],
    Column("first_due", cell=_cell(lambda one: one.clock.first_due)),
    Column("rule", cell=lambda one: one.clock.rule),
    Column("law", cell=_cell(lambda one: one.clock.law)),
    _COLUMNS[4],
    Column("days_late", cell=lambda one: one.clock.days_late),
    Column("days_waited", cell=lambda one: one.clock.days_waited),
    Column("days_stopped", cell=lambda one: one.clock.days_stopped),
    Column("stopped_since", cell=_cell(lambda one: one.clock.stopped_since)),
    Column("document", cell=lambda one: "yes" if one.document else "no"),
    Column("follows", cell=_cell(lambda one: one.follows)),
    Column("answered_on", cell=_cell(lambda one: one.answer and one.answer.on)),
    Column("answer", cell=_cell(lambda one: one.answer and one.answer.says)),
    Column("address", cell=lambda one: one.address),
)


@login_not_required
@require_safe
def questions(request: HttpRequest, authority: str) -> HttpResponse:
    """Every question by the day, narrowed by how it stands; the same rows as CSV and as JSON."""
    asked = asked_of(request, authority, before_any=True)
    found, filters = read.members_questions(asked.record, asked.view), QuestionsFilters(request)
    state = filters.chosen.get("state", "")
    kept = [one for one in found.questions if state in ("", one.state)]
    if render.wants_json(request):
        return render.json(asked, lambda: replace(found, questions=kept))
    if tables.wants_csv(request):
        rests = {"as_at": asked.day, "known_by": written(asked.view.known_by), "authority": authority}
        return render.csv(asked, f"members-questions-{authority}-{asked.day}", _CSV, kept, rests=rests)
    table = tables.table(
        request,
        kept,
        _COLUMNS,
        caption="Members’ questions, and when their answers are due",
        label="Members’ questions",
        keep=filters.chosen.items(),
        link=lambda extra: asked.link("questions", extra),
    )
    may, mine = _may(request, authority), _mine(request, asked)
    more = {
        "table": table,
        "rows": [shown(one, found, may, mine=one.name in mine) for one in table.page],
        "found": found,
        "state": state,
        "states": list(found.states.items()),
        "may_ask": Permission.ASK in may,
        # A public record shows questions that were loaded; in it nobody asks, because nobody there could answer.
        "ask_href": reverse("ask-as-member", args=[authority]) if settings.HOLDS_CHILDREN else "",
        "today_href": f"{asked.path('questions')}?as_at={london_day(asked.now)}",
        "before": len(promises.asked(asked.statements(), asked.day)),
        "before_href": asked.link("requests"),
    }
    return render.html(request, asked, "questions/questions.html", _CURRENT, more)


@login_not_required
@require_safe
def question(request: HttpRequest, authority: str, question: str) -> HttpResponse:
    """One question with its clock and its steps; as at today where the usual day is before it was asked."""
    asked = asked_of(request, authority)
    found, found_question = _one(asked, question)
    if found_question is None and not any(name.startswith("as_at") for name in request.GET):
        asked = replace(asked, view=replace(asked.view, day=london_day(asked.now)))
        found, found_question = _one(asked, question)
    if found_question is None:
        raise Http404
    if render.wants_json(request):
        alone = replace(found, questions=[found_question])
        return render.json(asked, lambda: alone)
    mine = found_question.name in _mine(request, asked)
    row = shown(found_question, found, _may(request, authority), mine=mine)
    more = {**row, "asked_row": row, "back": asked.link("questions")}
    return render.html(request, asked, "questions/question.html", _CURRENT, more)


def _one(asked: PublicPage, handle: str) -> tuple[MembersQuestions, MembersQuestion | None]:
    found = read.members_questions(asked.record, asked.view)
    return found, next((one for one in found.questions if one.name == handle), None)


def _may(request: HttpRequest, authority: str) -> set[Permission]:
    asks = (Permission.ASK, Permission.ANSWER)
    return {one for one in asks if authority in authorities_of(request.user, one)}


def _mine(request: HttpRequest, asked: PublicPage) -> set[str]:
    """The handles of the questions that the viewer asked; only a member can have asked any."""
    if Permission.ASK not in _may(request, asked.authority):
        return set()
    known = read.known(asked.record, asked.view, asked.day).questions
    by = request.user.get_username()
    return {handle_of(one.name) for one in known if asking.asked_by(by, one, asked.record)}
