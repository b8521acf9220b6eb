"""Teams and workers: how many children each answers for, who has room, and what stands in names that do not count."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from lineofsight.service.access import answers, workforce
from lineofsight.service.access.roles import Permission
from lineofsight.service.pages import shell
from lineofsight.service.pages.service import shown, words

_SORTS = {
    "room": lambda row: (
        row["per_fte"] is None,
        row["per_fte"] if row["per_fte"] is not None else 0,
        row["name"],
    ),
    "children": lambda row: (-row["children"], row["name"]),
    "held": lambda row: (-row["held"], row["name"]),
    "name": lambda row: (row["name"], row["worker"]),
}
_SORT_WORDS = {
    "room": "Most room first",
    "children": "Most children first",
    "held": "Most held first",
    "name": "By name",
}


@require_safe
def teams(request: HttpRequest, authority: str) -> HttpResponse:
    """The page or its JSON. No child is named on it."""
    asked = shell.asked_of(request, authority, Permission.WORKERS)
    if asked.asks.held().latest() is None:
        return shell.page(request, asked, "service/nothing.html", "teams", {})
    load = answers.caseload(asked.asks, asked.day, asked.view.moment)
    if shell.wants_json(request):
        return shell.as_json(asked, lambda: load)
    chosen = {name: request.GET.get(name, "").strip()[:200] for name in ("team", "sort", "who")}
    sort = chosen["sort"] if chosen["sort"] in _SORTS else "room"
    everybody = workforce.workers(asked.asks, asked.day, asked.view.moment)
    own_teams = sorted(asked.sight.teams)
    found = [row for row in everybody if _wanted(row, chosen)]
    figure = answers.figure(asked.asks, asked.day, asked.view.moment)
    most = max((row["children"] for row in found), default=0)
    return shell.page(request, asked, "service/teams.html", "teams", {
        "figure": shown.figure(figure), "sources": shown.sources(figure), "own_teams": own_teams,
        "teams": _teams(asked, load), "reasons": sorted(load["held_by_reason"].items(), key=lambda one: -one[1]),
        "workers": [{**row, "share": words.share(row["children"], most)} for row in sorted(found, key=_SORTS[sort])],
        "count": len(found), "everybody": len(everybody), "names": _names(asked, load), "chosen": {**chosen, "sort": sort},
        "sorts": _SORT_WORDS, "keep": [pair for pair in chosen.items() if pair[1]],
        "query_more": "&".join(f"{name}={value}" for name, value in chosen.items() if value and name != "team"),
    })  # fmt: skip


def _wanted(row: dict[str, Any], chosen: dict[str, str]) -> bool:
    in_team = not chosen["team"] or chosen["team"] in row["teams"]
    return in_team and (
        chosen["who"] == "everybody" or row["counts"] or row["children"] > 0 or row["held"] > 0
    )


def _teams(asked: shell.Asked, load: dict[str, Any]) -> list[dict[str, Any]]:
    """Each team with its name, children, workers, how many each full-time equivalent has, and who has nobody."""
    names = _names(asked, load)
    most = max((row["children"] for row in load["teams"]), default=0)
    return [{**row, "name": names.get(row["team"], row["team"]), "share": words.share(row["children"], most),
             "nobody": row["held"] + row["team_only"],
             "href": asked.link("teams", extra=[("team", row["team"])]),
             "register": asked.link("unallocated", extra=[("team", row["team"])]) if asked.sight.may(Permission.CHILDREN) else ""}
            for row in load["teams"]]  # fmt: skip


def _names(asked: shell.Asked, load: dict[str, Any]) -> dict[str, str]:
    """What each team that has children is called."""
    found = workforce.team_names(asked.asks, asked.view.moment)
    return {row["team"]: found.get(row["team"], row["team"]) for row in load["teams"]}
