"""Teams and workers: how many children each answers for, who has room, and what stands in names that do not count."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from lineofsight.service.access import answers, workforce
from lineofsight.service.access.roles import Permission
from lineofsight.service.pages import shell
from lineofsight.service.pages.service import shown, words

_PAGE = 60
_SORTS = {
    "room": lambda row: (not row["holds"], row["per_fte"] is None, row["per_fte"] or 0, row["name"]),
    "children": lambda row: (-row["children"], row["name"]),
    "held": lambda row: (-row["held"], row["name"]),
    "name": lambda row: (row["name"], row["worker"]),
}
_SORT_WORDS = {
    "room": "Most capacity first",
    "children": "Most children first",
    "held": "Most not with a caseworker first",
    "name": "By name",
}


@require_safe
def teams(request: HttpRequest, authority: str) -> HttpResponse:
    """The page or its JSON. No child is named on it."""
    asked = shell.asked_of(request, authority, Permission.WORKERS)
    if asked.asks.held().latest() is None:
        return shell.page(request, asked, "service/nothing.html", "teams", {})
    load = workforce.caseload(asked.asks, asked.day, asked.view.moment)
    if shell.wants_json(request):
        return shell.as_json(asked, lambda: {**load, **asked.view.as_json()})
    names = _names(asked, load)
    figure = answers.figure(asked.asks, asked.day, asked.view.moment)
    return shell.page(request, asked, "service/teams.html", "teams", {
        "figure": shown.figure(figure), "sources": shown.sources(asked, figure), "own_teams": sorted(asked.sight.teams),
        "teams": _teams(asked, load, names), "names": names,
        "reasons": sorted(load["held_by_reason"].items(), key=lambda one: -one[1]), **_workers(request, asked, names),
    })  # fmt: skip


def _workers(request: HttpRequest, asked: shell.Asked, names: Mapping[str, str]) -> dict[str, Any]:
    """A page of the workers asked for, in the order asked for."""
    chosen = {name: request.GET.get(name, "").strip()[:200] for name in ("team", "sort", "who")}
    chosen["sort"] = chosen["sort"] if chosen["sort"] in _SORTS else "room"
    everybody = workforce.workers(asked.asks, asked.day, asked.view.moment)
    found = [row for row in everybody if _wanted(row, chosen, names)]
    most = max((row["children"] for row in found), default=0)
    page = Paginator(sorted(found, key=_SORTS[chosen["sort"]]), _PAGE).get_page(request.GET.get("page"))
    keep = [pair for pair in chosen.items() if pair[1]]
    return {
        "workers": [_shown(row, most, names) for row in page], "page": page, "count": len(found), "chosen": chosen,
        "everybody": len(everybody), "sorts": _SORT_WORDS, "keep": keep,
        "team_name": names.get(chosen["team"], chosen["team"]), "query": asked.link("teams", extra=keep).partition("?")[2],
    }  # fmt: skip


def _shown(row: dict[str, Any], most: int, names: Mapping[str, str]) -> dict[str, Any]:
    teams = [names.get(team, team) for team in row["teams"]]
    return {**row, "share": words.share(row["children"], most), "teams": teams}


def _wanted(row: dict[str, Any], chosen: Mapping[str, str], names: Mapping[str, str]) -> bool:
    """Whether a worker is asked for; a team is named by its number or, on a roster, by what it is called."""
    team = chosen["team"]
    in_team = not team or team in row["teams"] or names.get(team) in row["teams"]
    works = row["holds"] or row["held"] > 0
    return in_team and (chosen["who"] == "everybody" or works)


def _teams(asked: shell.Asked, load: dict[str, Any], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Each team with its name, children, workers, how many each full-time equivalent has, and who has nobody."""
    most = max((row["children"] for row in load["teams"]), default=0)
    listed = asked.sight.may(Permission.CHILDREN)
    return [{**row, "name": names[row["team"]], "share": words.share(row["children"], most),
             "href": asked.link("teams", extra=[("team", row["team"])]),
             "register": asked.link("unallocated", extra=[("team", row["team"])]) if listed else ""}
            for row in load["teams"]]  # fmt: skip


def _names(asked: shell.Asked, load: dict[str, Any]) -> dict[str, str]:
    """What each team that has children is called, in order."""
    found = workforce.team_names(asked.asks, asked.view.moment)
    named = {row["team"]: found.get(row["team"], row["team"]) for row in load["teams"]}
    return dict(sorted(named.items(), key=lambda one: one[1]))
