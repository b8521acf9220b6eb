"""One source: its settings in plain words, and the way to change them by the steps that describe a source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from lineofsight.intake.formats import formats
from lineofsight.queries.sources import Source, sources
from lineofsight.service.access import describing as door
from lineofsight.service.access.roles import Permission
from lineofsight.service.pages import render, shell
from lineofsight.service.pages.deliveries.described import answers_of
from lineofsight.service.pages.deliveries.describing_forms import COLUMN_WORDS
from lineofsight.vocabulary.days import in_words
from lineofsight.vocabulary.refusal import Refused

_DAYS = {
    "valid_from": "Settings apply from",
    "valid_to": "Says who is allocated until",
    "window_start": "Rows that ended before this day may be missing",
}


@require_http_methods(["GET", "HEAD", "POST"])
def source(request: HttpRequest, authority: str, name: str) -> HttpResponse:
    """The settings; a POST begins to change them with the files of the source's latest delivery."""
    asked = shell.asked_of(request, authority, Permission.DELIVERIES)
    found = next((one for one in sources(asked.record, asked.now) if one.name == name), None)
    if found is None:
        raise Http404
    may_change = found.states_who_answers and door.shows_children(asked.viewer)
    if request.method == "POST" and may_change:
        try:
            door.start_again(asked.viewer, asked.record, name, answers_of(found.settings))
        except Refused as refused:
            messages.info(request, str(refused))
            return redirect("source", authority, name)
        return redirect("describe-columns", authority)
    shows = door.shows_children(asked.viewer)
    more = {
        "source": found,
        "rows": list(_rows(found, shows=shows)),
        "shows": shows,
        "may_change": may_change,
    }
    return render.html(request, asked, "deliveries/source.html", "deliveries", more)


def _rows(source: Source, *, shows: bool) -> Iterator[tuple[str, list[str]]]:
    """What each setting is called and says. `shows`: whether names of workers are shown."""
    said = source.settings
    rules = said.get("allocation", {})
    yield "Kind of file", [formats()[source.format].title]
    if source.states_who_answers:
        covers = said.get("covers") == "service"
        yield (
            "Children it knows",
            ["Every child of the service" if covers else "Only those it names"],
        )
    full = said.get("roster") == "full"
    yield "Each file", ["The whole list again" if full else "Only what changed"]
    yield "How often a file comes", [said.get("expected", "not decided")]
    yield from ((text, [in_words(str(said[name])[:10])]) for name, text in _DAYS.items() if said.get(name))
    if columns := said.get("columns"):
        named = {ours: columns[ours] for ours in COLUMN_WORDS if ours in columns}
        yield (
            "Columns",
            [
                f"{COLUMN_WORDS[ours]}: {f'“{theirs}”' if theirs else 'not in the files'}"
                for ours, theirs in named.items()
            ],
        )
    for heading, values in said.get("closed", {}).items():
        words = ", ".join(f"“{value}”" for value in values) or "no word of this column"
        yield "Closed cases", [f"Under “{heading}”: {words}"]
    if source.states_who_answers:
        roles = rules.get("roles_that_count")
        yield "Roles that count", ["Every role"] if roles is None else [str(role) for role in roles]
    if shows:
        yield from _of_workers(rules)
    if said.get("workers_are_live") is False:
        yield "Who is allocated", ["This source does not say"]
    if weeks := rules.get("seen_within_weeks"):
        yield "A child must have been seen within", [f"{weeks} weeks"]


def _of_workers(rules: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    if lines := rules.get("owners_that_do_not_count"):
        yield "Do not count as a worker", [_line(line) for line in lines]
    if names := rules.get("placeholders"):
        yield "Numbers that stand for nobody", [str(name) for name in names]
    if names := rules.get("people"):
        yield "Are people, whatever their name looks like", [str(name) for name in names]
    if lines := rules.get("same_worker"):
        yield "Are one worker", [" = ".join(line) for line in lines]
    if lines := rules.get("different_workers"):
        yield "Are different workers", [" and ".join(line) for line in lines]


def _line(line: Mapping[str, Any]) -> str:
    match = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in line.items() if name != "why")
    return f"{match}: {line['why']}"
