"""Everything promised by anyone, and everything asked, each on one page as at a day."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from lineofsight.oversight.obligations import KINDS, STANDINGS, Obligation
from lineofsight.oversight.questions import Gate, Question
from lineofsight.queries import obligations as promised
from lineofsight.queries import questions as asked_for
from lineofsight.queries.statements import handle_of, refer
from lineofsight.service.access.roles import Permission
from lineofsight.service.pages import render, shell, tables
from lineofsight.service.pages.improvement.forms import ObligationsFilters
from lineofsight.service.pages.tables import Column
from lineofsight.vocabulary.days import in_words

_LAST = "9999"
"""Where a day that nobody gave stands among days."""
_PROMISED: tuple[Column[Obligation], ...] = (
    Column("promised", "Promised", sort=lambda one: one.title.casefold()),
    Column("by", "Source and owner", sort=lambda one: (one.source, one.owner)),
    Column("since", "Promised on", sort=lambda one: one.said_on),
    Column("due", "Due", sort=lambda one: one.due or _LAST),
    Column("stands", "Status", sort=lambda one: STANDINGS.index(one.standing)),
    Column("before", "Same promise before"),
)
_ASKED: tuple[Column[Question], ...] = (
    Column("asked", "Question", sort=lambda one: one.asked.title.casefold()),
    Column(
        "by",
        "Asked by, and who has to answer",
        sort=lambda one: (one.asked.said_by, one.asked.asked_of or ""),
    ),
    Column("on", "Asked on", sort=lambda one: one.asked.said_on),
    Column("due", "Answer due", sort=lambda one: one.due or _LAST),
    Column("stands", "Status"),
    Column("days", "Days waiting", numeric=True),
)
_TONES = {
    "overdue": "red",
    "broken": "red",
    "due": "yellow",
    "kept": "green",
    "sustained": "green",
    "answered": "green",
    "none found": "yellow",
    "outcome told": "grey",
    "overtaken": "grey",
    "dropped": "grey",
    "withdrawn": "grey",
}


@require_safe
def obligations(request: HttpRequest, authority: str) -> HttpResponse:
    """The list, narrowed by kind, standing, source, owner and year."""
    asked = shell.asked_of(request, authority, Permission.OVERSIGHT)
    if render.wants_json(request):
        return render.json(asked, lambda: promised.obligations(asked.record, asked.view, asked.day))
    every = promised.known(asked.record, asked.view, asked.day)
    choices, filters = _choices(every), ObligationsFilters(request)
    table = tables.table(
        request,
        every,
        _PROMISED,
        label="Promises",
        keep=filters.chosen.items(),
        caption="What was promised, who promised it, when it is due, and its status",
        keeps=lambda one: all(str(getattr(one, name)) == value for name, value in filters.chosen.items()),
        link=lambda extra: asked.link("obligations", extra=extra),
    )
    counts, titles = Counter(one.standing for one in every), {one.name: one.title for one in every}
    return render.html(
        request,
        asked,
        "improvement/obligations.html",
        "obligations",
        {
            "table": table,
            "rows": [_obligation(one, titles) for one in table.page],
            "everything": len(every),
            "keep": table.keep,
            "narrowed_by": [
                {
                    "name": name,
                    "label": "Status" if name == "standing" else name.capitalize(),
                    "options": options,
                    "chosen": filters.each[name],
                }
                for name, options in choices.items()
            ],
            "counts": [(name, counts[name]) for name in STANDINGS if counts[name]],
        },
    )


def _choices(every: list[Obligation]) -> dict[str, list[str]]:
    return {
        "kind": list(KINDS),
        "standing": [name for name in STANDINGS if any(one.standing == name for one in every)],
        "source": sorted({one.source for one in every}),
        "owner": sorted({one.owner for one in every}),
        "year": sorted({str(one.year) for one in every}),
    }


def _obligation(obligation: Obligation, titles: dict[str, str]) -> dict[str, Any]:
    return {
        "one": obligation,
        "said": in_words(obligation.said_about),
        "due": in_words(obligation.due) if obligation.due else "",
        "tone": _TONES.get(obligation.standing, "blue"),
        "before": [titles.get(name, name) for name in obligation.before[:5]],
        "more": max(0, len(obligation.before) - 5),
        "statements": [refer(said) for said in obligation.statements],
    }


@require_safe
def questions(request: HttpRequest, authority: str) -> HttpResponse:
    """Questions with their clock, and the gates that wait for them."""
    asked = shell.asked_of(request, authority, Permission.OVERSIGHT)
    if render.wants_json(request):
        return render.json(asked, lambda: asked_for.questions(asked.record, asked.view, asked.day))
    found = asked_for.known(asked.record, asked.view, asked.day)
    table = tables.table(
        request,
        found,
        _ASKED,
        caption="Questions, and when their answers are due",
        label="Questions",
        link=lambda extra: asked.link("questions", extra=extra),
    )
    return render.html(
        request,
        asked,
        "improvement/questions.html",
        "questions",
        {
            "table": table,
            "rows": [_question(asked, one) for one in table.page],
            "overdue": sum(one.is_overdue(asked.day) for one in found),
            "open": sum(one.is_open for one in found),
            "gates": [_gate(asked, one) for one in asked_for.gates(asked.record, asked.view, asked.day)],
            "ask_href": asked.link("ask") if asked.viewer.may(Permission.IMPROVE) else "",
            "gate_href": asked.link("set-gate") if asked.viewer.may(Permission.SIGN_OFF) else "",
        },
    )


def _question(asked: shell.ServicePage, question: Question) -> dict[str, Any]:
    standing = question.shown_standing(asked.day)
    return {
        "one": question,
        "standing": standing,
        "step_href": asked.link("question-step", handle_of(question.name))
        if asked.viewer.may(Permission.IMPROVE)
        else "",
        "tone": _TONES.get(standing, "blue"),
        "due": in_words(question.due) if question.due else "",
        "on": in_words(question.asked.said_on),
        "days": question.days_waited(asked.day),
        "statements": [refer(said) for said in question.statements],
    }


def _gate(request: shell.ServicePage, gate: Gate) -> dict[str, Any]:
    signs = request.viewer.may(Permission.SIGN_OFF)
    return {
        "one": gate,
        "step_href": request.link("gate-step", handle_of(gate.name)) if signs else "",
        "waiting": [asked.asked.title for asked in gate.waiting_for],
        "tone": "red" if gate.open_when_passed else "blue",
        "open_when_passed": [asked.asked.title for asked in gate.open_when_passed],
        "waived": [
            (waiver.question.asked.title, waiver.statement.said_by, waiver.statement.says)
            for waiver in gate.waivers
        ],
        "statements": [refer(said) for said in gate.statements],
    }
