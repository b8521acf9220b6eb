"""The unallocated register: who has nobody, narrowed, sorted, paged and as CSV; its state is in the address."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from lineofsight.allocation import states
from lineofsight.service.access import answers, listing, workforce
from lineofsight.service.access.listing import STANDINGS, Listing, Row, Wanted
from lineofsight.service.access.roles import Permission
from lineofsight.service.pages import csv_safe, shell
from lineofsight.service.pages.filters import in_plain_words
from lineofsight.service.pages.service import shown, words
from lineofsight.vocabulary.moments import written

_PAGE = 50
_NARROWS = ("state", "reason", "team", "standing", "days_from", "days_to")
_COLUMNS = (
    ("child", "Child"), ("state", "Allocation"), ("days", "Days waiting"), ("team", "Team"),
    ("last_worker", "Last worker"), ("episode_begun_on", "Episode began"),
)  # fmt: skip


@require_safe
def register(request: HttpRequest, authority: str) -> HttpResponse:
    """The page, its CSV or its JSON; every child given is written to the access log first."""
    asked = shell.asked_of(request, authority, Permission.CHILDREN)
    if asked.asks.held().latest() is None:
        return shell.page(request, asked, "service/nothing.html", "unallocated", {})
    chosen = _chosen(request)
    found = listing.listing(asked.sight, asked.asks, asked.day, asked.view.moment)
    kept = listing.narrowed(found.rows, _wanted(chosen))
    if shell.wants_json(request):
        return shell.as_json(asked, lambda: _json(asked, found, kept))
    if request.GET.get("format") == "csv" and not asked.refused:
        return _csv(asked, listing.shown(asked.sight, kept, "page: register, CSV"))
    return shell.page(
        request,
        asked,
        "service/unallocated.html",
        "unallocated",
        _context(request, asked, found, kept, chosen),
    )


def _chosen(request: HttpRequest) -> dict[str, str]:
    names = (*_NARROWS, "sort")
    return {name: request.GET[name].strip()[:200] for name in names if request.GET.get(name, "").strip()}


def _wanted(chosen: dict[str, str]) -> Wanted:
    """What is asked for; a number of days that is none narrows nothing."""
    last = _days(chosen.get("days_to"))
    return Wanted(
        chosen.get("state", ""), chosen.get("reason", ""), chosen.get("team", ""), chosen.get("standing", ""),
        _days(chosen.get("days_from")), None if last is None else last + 1, chosen.get("sort", "-days"),
    )  # fmt: skip


def _days(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) <= 6 else None


def _context(
    request: HttpRequest, asked: shell.Asked, found: Listing, kept: Sequence[Row], chosen: dict[str, str]
) -> dict[str, Any]:
    page = Paginator(kept, _PAGE).get_page(request.GET.get("page"))
    rows = listing.shown(asked.sight, list(page), "page: register")
    figure = answers.figure(asked.asks, asked.day, asked.view.moment)
    extra = list(chosen.items())
    return {
        "figure": shown.figure(figure), "sources": shown.sources(asked, figure), "found": found, "page": page, "count": len(kept),
        "rows": shown.rows(asked, rows, found), "chosen": chosen, "keep": extra,
        "choices": _choices(asked, found, chosen), "columns": _heads(asked, chosen), "narrowed": _narrowed(asked, chosen),
        "all_href": asked.link("unallocated"), "csv_href": asked.link("unallocated", extra=[*extra, ("format", "csv")]),
        "query": asked.link("unallocated", extra=extra).partition("?")[2],
        "query_more": asked.link("unallocated", extra=extra).partition("?")[2].removeprefix(f"{asked.query}").lstrip("&"),
    }  # fmt: skip


def _choices(asked: shell.Asked, found: Listing, chosen: dict[str, str]) -> list[dict[str, Any]]:
    """What may be narrowed by, with how many of this person's list are of each."""
    rows, names = found.rows, workforce.team_names(asked.asks, asked.view.moment)
    standings = Counter(name for row in rows for name in row.standings)
    bare = sum(1 for row in rows if not row.standings)
    offered = {
        "state": ("Allocation", [(name, words.STATE_WORDS[name][0]) for name in states.UNALLOCATED],
                  Counter(row.listed.state for row in rows)),
        "reason": ("Why not with a caseworker", None, Counter(row.listed.reason for row in rows if row.listed.reason)),
        "team": ("Team", None, Counter(row.team for row in rows if row.team)),
        "standing": ("Plan", [(name, name.capitalize()) for name in (*STANDINGS.values(), "none of these")],
                     standings + Counter({"none of these": bare})),
    }  # fmt: skip
    return [{"name": name, "label": label, "options": _options(values or sorted((v, in_plain_words(names.get(v, v))) for v in counts), counts,
                                                              chosen.get(name, ""))}
            for name, (label, values, counts) in offered.items()]  # fmt: skip


def _options(values: Sequence[tuple[Any, Any]], counts: Counter[Any], chosen: str) -> list[dict[str, Any]]:
    found = [
        {"value": value, "text": f"{text} ({counts[value]})", "selected": value == chosen}
        for value, text in values
    ]
    known = {one["value"] for one in found}
    return (
        found
        if chosen in known or not chosen
        else [*found, {"value": chosen, "text": f"{chosen} (0)", "selected": True}]
    )


def _heads(asked: shell.Asked, chosen: dict[str, str]) -> list[dict[str, str]]:
    """The columns, each a link that sorts by it or turns the order round."""
    current = chosen.get("sort", "-days")
    rest = [(name, value) for name, value in chosen.items() if name != "sort"]
    heads = []
    for name, text in _COLUMNS:
        turned = name if current == f"-{name}" else f"-{name}" if current == name or name == "days" else name
        order = {name: "ascending", f"-{name}": "descending"}.get(current, "")
        heads.append({"text": text, "name": name, "order": order,
                      "href": asked.link("unallocated", extra=[*rest, ("sort", turned)])})  # fmt: skip
    return heads


_SAID = {"state": "Allocation", "reason": "Why not with a caseworker", "team": "Team", "standing": "Plan",
         "days_from": "Waiting at least (days)", "days_to": "Waiting at most (days)"}  # fmt: skip


def _narrowed(asked: shell.Asked, chosen: dict[str, str]) -> list[dict[str, str]]:
    return [{"name": _SAID[name], "value": words.STATE_WORDS[value][0] if name == "state" and value in words.STATE_WORDS else value,
             "href": asked.link("unallocated", extra=[pair for pair in chosen.items() if pair[0] != name])}
            for name, value in chosen.items() if name in _SAID]  # fmt: skip


def _json(asked: shell.Asked, found: Listing, kept: Sequence[Row]) -> dict[str, Any]:
    rows = listing.shown(asked.sight, kept, "page: register, JSON")
    children = [{**answers.listed(row.listed), "standings": sorted(row.standings)} for row in rows]
    figure = answers.figure(asked.asks, asked.day, asked.view.moment)
    if not asked.sight.may(Permission.COUNTS):
        figure = {name: cell for name, cell in figure.items() if name not in ("states", "disagreements")}
    return {**figure, "children": children, "out_of_scope": found.out_of_scope, "restricted": found.closed}


_CSV = ("child", "who_answers", "reason", "days", "since", "team", "plans", "last_worker", "episode_begun_on", "as_at",
        "known_by", "rests_on", "definition", "sources")  # fmt: skip


def _csv(asked: shell.Asked, rows: Sequence[Row]) -> HttpResponse:
    """The rows as CSV, each with what it rests on; a cell that a spreadsheet would run as a formula is quoted."""
    figure = answers.figure(asked.asks, asked.day, asked.view.moment)
    rests = [asked.day.isoformat(), written(asked.view.known_by), asked.view.rests_on,
             words.definition_words(figure["definition"]),
             "; ".join(f"{one['source']} {one['delivery']}" for one in figure["sources"])]  # fmt: skip
    marked = asked.authority == shell.SYNTHETIC
    lines: list[list[Any]] = [[*_CSV, *(["synthetic"] if marked else [])]]
    for row in rows:
        one = answers.listed(row.listed)
        cells = [row.child, one["state"], one["reason"], one["days"], one["since"], row.team, "; ".join(sorted(row.standings)),
                 row.last_worker_name, one["episode_begun_on"], *rests]  # fmt: skip
        lines.append([*cells, *(["yes"] if marked else [])])
    name = f"{'synthetic-' if asked.authority == shell.SYNTHETIC else ''}unallocated-{asked.authority}-{asked.day}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(
        "\ufeff" + csv_safe.written(lines), content_type="text/csv; charset=utf-8", headers=headers
    )
