"""The pages of a public record. Open to anybody; every one also answers `?format=json`."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render as draw
from django.views.decorators.http import require_safe

from lineofsight.oversight.statements import Statement, Statements
from lineofsight.record.tables.statement import RELATIONS
from lineofsight.service.access import keeping
from lineofsight.service.access.roles import Permission
from lineofsight.service.access.viewer import authorities_of
from lineofsight.service.pages import render, tables
from lineofsight.service.pages.filters import local_time
from lineofsight.service.pages.public_record import answers
from lineofsight.service.pages.public_record.asked import asked_of
from lineofsight.service.pages.public_record.forms import StatementsFilters
from lineofsight.service.pages.public_record.presenters import (
    shown,
)
from lineofsight.vocabulary.codes import code_set
from lineofsight.vocabulary.days import read_period
from lineofsight.vocabulary.moments import written

_FILTERS: dict[str, Callable[[Statement, str], bool]] = {
    "kind": lambda one, value: one.kind == value,
    "topic": lambda one, value: value in one.topics,
    "theme": lambda one, value: value in one.themes,
    "subject": lambda one, value: one.subject == value,
    "document": lambda one, value: one.document == value,
    "linked": lambda one, value: any(value in one.links(relation) for relation in RELATIONS),
    "said_from": lambda one, value: _on_or_after(one, value),
    "said_to": lambda one, value: _on_or_before(one, value),
}


def _on_or_after(one: Statement, value: str) -> bool:
    period = read_period(value)
    return period is None or one.said_last >= period.first


def _on_or_before(one: Statement, value: str) -> bool:
    period = read_period(value)
    return period is None or one.said_first <= period.last


@login_not_required
@require_safe
def statements(request: HttpRequest, authority: str) -> HttpResponse:
    """Every statement, searched and narrowed; the state is in the address so that it can be sent."""
    asked = asked_of(request, authority)
    among = asked.statements()
    chosen = StatementsFilters(request).chosen
    found = _found(among, chosen)
    if render.wants_json(request):
        return answers.json(asked, lambda: answers.listed(asked, found, among))
    table = tables.table(
        request,
        found,
        caption="Statements",
        keep=chosen.items(),
        link=lambda extra: asked.link("statements", extra),
    )
    extra = list(chosen.items())
    return render.html(
        request,
        asked,
        "public_record/statements.html",
        "statements",
        {
            "table": table,
            "chosen": chosen,
            "statements": [shown(asked, one, among) for one in table.page],
            "kinds": list(code_set("statement_kind")),
            "topics": list(code_set("topic").values()),
            "among": len(among),
            "narrowed": [
                {
                    "name": name.replace("_", " "),
                    "value": value,
                    "href": asked.link("statements", [pair for pair in extra if pair[0] != name]),
                }
                for name, value in extra
            ],
            "keep": extra,
            "may_state": authority in authorities_of(request.user, Permission.STATE),
        },
    )


def _found(among: Statements, chosen: dict[str, str]) -> list[Statement]:
    found = among.search(chosen["about"]) if "about" in chosen else list(among)
    for name, keeps in _FILTERS.items():
        if name in chosen:
            found = [one for one in found if keeps(one, chosen[name])]
    return found


@login_not_required
@require_safe
def head(request: HttpRequest) -> HttpResponse:
    """The record's head, what verifying it found, and how anybody can check it."""
    kept = keeping.kept()
    if render.wants_json(request):
        return JsonResponse(
            {**kept.verified.as_json(), "verified_at": written(kept.at)},
            json_dumps_params={"indent": 2},
        )
    more = {"kept": kept, "links": kept.verified.link_count, "at": local_time(kept.at)}
    return draw(request, "public_record/head.html", more)


@login_not_required
@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """What this is, how to read it, and what it never does."""
    kinds = code_set("statement_kind").values()
    return draw(
        request, "public_record/about.html", {"kinds": kinds, "confidences": code_set("confidence").values()}
    )
