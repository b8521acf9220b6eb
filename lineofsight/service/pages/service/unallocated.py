"""The unallocated register: who has nobody, narrowed, sorted, paged and as CSV; its state is in the address."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from lineofsight.allocation import states
from lineofsight.queries import figures, workforce
from lineofsight.queries.as_json import to_json
from lineofsight.queries.figures import register_row
from lineofsight.queries.lists import STANDINGS, RegisterFilter, UnallocatedRow
from lineofsight.service.access import listing
from lineofsight.service.access.listing import ChildrenList
from lineofsight.service.access.roles import Permission
from lineofsight.service.pages import csv_safe, shell
from lineofsight.service.pages.service import shown, words
from lineofsight.vocabulary.moments import written

_PAGE = 50
_NARROWS = ("state", "reason", "team", "standing", "days_from", "days_to")
_COLUMNS = (
    ("child", "Child"), ("state", "Who answers"), ("days", "Waiting"), ("team", "Team"),
    ("last_worker", "Last worker"), ("episode_begun_on", "Episode begun"),
)  # fmt: skip


@require_safe
def register(request: HttpRequest, authority: str) -> HttpResponse:
    """The page, its CSV or its JSON; every child given is written to the access log first."""
    asked = shell.asked_of(request, authority, Permission.CHILDREN)
    if not asked.has_case_records:
        return shell.page(request, asked, "service/nothing.html", "unallocated", {})
    chosen = _chosen(request)
    found = listing.unallocated_list(asked.sight, asked.record, asked.figure_query)
    kept = _filter(chosen).applied(found.rows)
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


def _filter(chosen: dict[str, str]) -> RegisterFilter:
    """What is asked for; a number of days that is none narrows nothing."""
    last = _days(chosen.get("days_to"))
    return RegisterFilter(
        chosen.get("state", ""), chosen.get("reason", ""), chosen.get("team", ""), chosen.get("standing", ""),
        _days(chosen.get("days_from")), None if last is None else last + 1, chosen.get("sort", "-days"),
    )  # fmt: skip


def _days(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) <= 6 else None


def _context(
    request: HttpRequest,
    asked: shell.Asked,
    found: ChildrenList[UnallocatedRow],
    kept: Sequence[UnallocatedRow],
    chosen: dict[str, str],
) -> dict[str, Any]:
    page = Paginator(kept, _PAGE).get_page(request.GET.get("page"))
    rows = listing.shown(asked.sight, list(page), "page: register")
    figure = figures.figure(asked.record, asked.figure_query)
    extra = list(chosen.items())
    return {
        "figure": shown.figure(figure), "sources": shown.sources(asked, figure), "found": found, "page": page, "count": len(kept),
        "rows": shown.rows(asked, rows), "chosen": chosen, "keep": extra,
        "choices": _choices(asked, found, chosen), "columns": _heads(asked, chosen), "narrowed": _narrowed(asked, chosen),
        "all_href": asked.link("unallocated"), "csv_href": asked.link("unallocated", extra=[*extra, ("format", "csv")]),
        "query": asked.link("unallocated", extra=extra).partition("?")[2],
        "query_more": asked.link("unallocated", extra=extra).partition("?")[2].removeprefix(f"{asked.query}").lstrip("&"),
    }  # fmt: skip


def _choices(
    asked: shell.Asked, found: ChildrenList[UnallocatedRow], chosen: dict[str, str]
) -> list[dict[str, Any]]:
    """What may be narrowed by, with how many of this person's list are of each."""
    rows, names = found.rows, workforce.team_names(asked.record, asked.figure_query)
    standings = Counter(name for row in rows for name in row.standings)
    bare = sum(1 for row in rows if not row.standings)
    offered: dict[str, tuple[str, Sequence[tuple[str, str]] | None, Counter[Any]]] = {
        "state": ("Who answers", [(name, words.STATE_WORDS[name][0]) for name in states.UNALLOCATED],
                  Counter(row.listed.state for row in rows)),
        "reason": ("Why held", None, Counter(row.listed.reason for row in rows if row.listed.reason)),
        "team": ("Team", None, Counter(row.team for row in rows if row.team)),
        "standing": ("Plan", [(name, name.capitalize()) for name in (*STANDINGS.values(), "none of these")],
                     standings + Counter({"none of these": bare})),
    }  # fmt: skip
    return [{"name": name, "label": label, "options": _options(values or sorted((v, names.get(v, v)) for v in counts), counts,
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


_SAID = {"state": "Who answers", "reason": "Why held", "team": "Team", "standing": "Plan", "days_from": "At least days",
         "days_to": "At most days"}  # fmt: skip


def _narrowed(asked: shell.Asked, chosen: dict[str, str]) -> list[dict[str, str]]:
    return [{"name": _SAID[name], "value": words.STATE_WORDS[value][0] if name == "state" and value in words.STATE_WORDS else value,
             "href": asked.link("unallocated", extra=[pair for pair in chosen.items() if pair[0] != name])}
            for name, value in chosen.items() if name in _SAID]  # fmt: skip


def _json(
    asked: shell.Asked, found: ChildrenList[UnallocatedRow], kept: Sequence[UnallocatedRow]
) -> dict[str, Any]:
    rows = listing.shown(asked.sight, kept, "page: register, JSON")
    children = [{**to_json(register_row(row.listed)), "standings": sorted(row.standings)} for row in rows]
    figure = to_json(figures.figure(asked.record, asked.figure_query))
    if not asked.sight.may(Permission.COUNTS):
        figure = {name: cell for name, cell in figure.items() if name not in ("states", "disagreements")}
    return {**figure, "children": children, "out_of_scope": found.out_of_scope, "restricted": found.closed}


_CSV = ("child", "who_answers", "reason", "days", "since", "team", "plans", "last_worker", "episode_begun_on", "as_at",
        "known_by", "rests_on", "definition", "sources")  # fmt: skip


def _csv(asked: shell.Asked, rows: Sequence[UnallocatedRow]) -> HttpResponse:
    """The rows as CSV, each with what it rests on; a cell that a spreadsheet would run as a formula is quoted."""
    figure = figures.figure(asked.record, asked.figure_query)
    rests = [asked.day.isoformat(), written(asked.view.known_by), asked.view.rests_on,
             words.definition_words(figure.definition),
             "; ".join(f"{source.source} {source.delivery}" for source in figure.sources)]  # fmt: skip
    marked = bool(asked.profile.synthetic)
    lines: list[list[Any]] = [[*_CSV, *(["synthetic"] if marked else [])]]
    for row in rows:
        listed = register_row(row.listed)
        cells = [row.child, listed.state, listed.reason, listed.days, listed.since, row.team, "; ".join(sorted(row.standings)),
                 row.last_worker_name, listed.episode_begun_on, *rests]  # fmt: skip
        lines.append([*cells, *(["yes"] if marked else [])])
    name = f"{'synthetic-' if marked else ''}unallocated-{asked.authority}-{asked.day}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(
        "\ufeff" + csv_safe.written(lines), content_type="text/csv; charset=utf-8", headers=headers
    )
