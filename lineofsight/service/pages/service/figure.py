"""One figure with everything needed to argue about it: definitions, what was known when, sources, the bridge."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from lineofsight.allocation.history import moment_for
from lineofsight.allocation.states import DEFINITIONS, STATES, Definition
from lineofsight.queries import bridges, figures
from lineofsight.queries.as_json import to_json
from lineofsight.queries.figures import Figure
from lineofsight.service.access.roles import Permission
from lineofsight.service.access.view import day_said
from lineofsight.service.pages import render, shell
from lineofsight.service.pages.service import labels, presenters
from lineofsight.service.pages.service.forms import BridgeFilters
from lineofsight.vocabulary.refusal import Refused

_USUAL_DAYS = 28
_TODAY, _THEN = "information available today", "information available on that day"
_SHORT = {"open-episodes": "Open episodes", "need-a-worker": "Past assessment"}


@require_safe
def figure(request: HttpRequest, authority: str) -> HttpResponse:
    """The page; somebody who may see the headline only is given that with its definition."""
    asked = shell.asked_of(request, authority, Permission.HEADLINE)
    if not asked.has_case_records:
        return render.html(request, asked, "service/nothing.html", "figure", {})
    found = figures.figure(asked.record, asked.figure_query)
    if not asked.viewer.may(Permission.COUNTS):
        return presenters.headline(request, asked, found, "figure")
    first, refused = _first(request, asked)
    moved = bridges.bridge(asked.record, asked.figure_query, first, None)
    if render.wants_json(request):
        counts = {name: cell for name, cell in to_json(moved).items() if name != "children"}
        return render.json(
            asked, lambda: {**to_json(found), "definitions": _definitions(asked), "bridge": counts}
        )
    return render.html(
        request,
        asked,
        "service/figure.html",
        "figure",
        {
            "figure": presenters.figure(found),
            "sources": presenters.sources(asked, found),
            "table": _table(asked),
            "first": first,
            "from_refused": refused,
            "bridge": presenters.bridge(asked, moved),
            "keep": [("from", first.isoformat())],
            "pairs": asked.pairs,
            "query_more": f"from={first}",
            "definitions": _chosen(asked),
        },
    )


def _first(request: HttpRequest, asked: shell.ServicePage) -> tuple[date, str]:
    """The day the bridge begins, four weeks before where none is asked for, and why the one asked cannot be."""
    usual = asked.day - timedelta(days=_USUAL_DAYS)
    text = BridgeFilters(request).each["from"]
    try:
        first = day_said(text, "from") if text else usual
    except Refused as refused:
        return usual, str(refused)
    if first > asked.day:
        return usual, "The first day must be before the last day."
    return first, ""


def _chosen(asked: shell.ServicePage) -> list[dict[str, Any]]:
    return [
        {
            "name": one.name,
            "title": labels.DEFINITION_NAMES[one.name],
            "says": labels.DEFINITION_WORDS[one.name],
            "version": one.version,
            "current": one == asked.definition,
            "href": replace(asked, definition=one).link("figure"),
        }
        for one in DEFINITIONS.values()
    ]


def _definitions(asked: shell.ServicePage) -> list[Any]:
    """The figure by each definition, as JSON."""
    return [to_json(_by(asked, definition, asked.view.moment)) for definition in DEFINITIONS.values()]


def _by(asked: shell.ServicePage, definition: Definition, moment: int) -> Figure:
    return figures.figure(asked.record, replace(asked.figure_query, definition=definition, known_by=moment))


def _table(asked: shell.ServicePage) -> dict[str, Any]:
    """Both definitions side by side, each as known by the moment asked and as known then."""
    then = min(moment_for(asked.day.toordinal(), None), asked.view.moment)
    columns: list[dict[str, Any]] = [
        {"definition": _SHORT[one.name], "known": known, "figure": _by(asked, one, moment)}
        for one in DEFINITIONS.values()
        for known, moment in ((_TODAY, asked.view.moment), (_THEN, then))
    ]
    rows: list[tuple[str, str, list[Any]]] = [
        (
            "Without an allocated worker",
            "los-table__row--now",
            [one["figure"].unallocated for one in columns],
        ),
        *(
            (labels.STATE_WORDS[name][0], "", [one["figure"].states[name] for one in columns])
            for name in STATES
        ),
        ("Children counted", "", [one["figure"].population for one in columns]),
        ("Children about whom sources disagree", "", [one["figure"].disagreements for one in columns]),
    ]
    return {
        "columns": columns,
        "rows": [
            {"text": text, "row": row, "cells": [None if cell is None else f"{cell:,}" for cell in cells]}
            for text, row, cells in rows
        ],
    }
