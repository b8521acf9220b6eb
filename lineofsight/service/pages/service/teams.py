"""Teams and workers: how many children each answers for, who has room, and what stands in names that do not count."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from lineofsight.queries import figures, workforce
from lineofsight.queries.figures import Caseload
from lineofsight.queries.team_tree import TeamTree, team_tree
from lineofsight.queries.workforce import Worker
from lineofsight.service.access.roles import Permission
from lineofsight.service.pages import render, shell, tables
from lineofsight.service.pages.service import labels, presenters
from lineofsight.service.pages.service.forms import WorkersFilters
from lineofsight.service.pages.tables import Column

_PAGE = 60
_COLUMNS: tuple[Column[Worker], ...] = (
    Column("name", "Worker", sort=lambda row: (row.name, row.worker)),
    Column("job_title", "Job title"),
    Column("team", "Team"),
    Column("children", "Children", sort=lambda row: row.children, most_first=True),
    Column("fte", "Full-time equivalent", numeric=True),
    Column(
        "room",
        "Children per full-time worker",
        numeric=True,
        sort=lambda row: (not row.holds, row.per_fte is None, row.per_fte or 0),
    ),
    Column("held", "Children not with a caseworker", sort=lambda row: row.held, most_first=True),
)
_SORT_WORDS = {
    "room": "Most capacity first",
    "-children": "Most children first",
    "-held": "Most not with a caseworker first",
    "name": "By name",
}


@require_safe
def teams(request: HttpRequest, authority: str) -> HttpResponse:
    """The page or its JSON. No child is named on it."""
    asked = shell.asked_of(request, authority, Permission.WORKERS)
    if not asked.has_case_records:
        return render.html(request, asked, "service/nothing.html", "teams", {})
    load = figures.caseload(asked.record, asked.figure_query)
    if render.wants_json(request):
        return render.json(asked, lambda: load)
    names = _names(asked, load)
    figure = figures.figure(asked.record, asked.figure_query)
    tree = team_tree(asked.record, asked.day, asked.view.moment, witnessed=asked.view.witnessed)
    rows = _teams(asked, load, names, tree)
    called = {**dict(tree.names), **names}
    own_only = _heads_several(asked) and request.GET.get("teams") != "all"
    return render.html(
        request,
        asked,
        "service/teams.html",
        "teams",
        {
            "figure": presenters.figure(figure),
            "sources": presenters.sources(asked, figure),
            "own_teams": sorted(asked.viewer.teams),
            "teams": [row for row in rows if not own_only or row["team"] in asked.viewer.teams],
            "own_only": own_only,
            "every_team": asked.link("teams", extra=[("teams", "all")]) if own_only else "",
            "tree": [
                {"depth": depth, "dashes": "– " * depth, "name": called.get(team, team)}
                for depth, team in tree.lines()
            ],
            "circled": sorted(names.get(team, team) for team in tree.in_circles),
            "names": names,
            "reasons": sorted(load.held_by_reason.items(), key=lambda one: -one[1]),
            **_workers(request, asked, names),
        },
    )


def _heads_several(asked: shell.ServicePage) -> bool:
    """Whether somebody heads several teams and no more: then these are listed first, and the others on request."""
    return not asked.viewer.whole and len(asked.viewer.teams) > 1


def _workers(request: HttpRequest, asked: shell.ServicePage, names: Mapping[str, str]) -> dict[str, Any]:
    """A page of the workers asked for, in the order asked for."""
    filters = WorkersFilters(request)
    everybody = workforce.workers(asked.record, asked.figure_query)
    table = tables.table(
        request,
        everybody,
        _COLUMNS,
        caption="Workers with their children",
        label="Workers",
        sort="room",
        tie=lambda row: row.name,
        keeps=lambda row: _wanted(row, filters.each, names),
        per_page=_PAGE,
        link=lambda extra: asked.link("teams", extra=extra),
        keep=filters.chosen.items(),
        anchor="#workers",
    )
    most = max((row.children for row in table.rows), default=0)
    team = filters.each["team"]
    return {
        "workers": [_shown(row, most, names) for row in table.page],
        "table": table,
        "keep": table.keep,
        "chosen": {**filters.each, "sort": table.sort or "room"},
        "everybody": len(everybody),
        "sorts": _SORT_WORDS,
        "team_name": names.get(team, team),
    }


def _shown(row: Worker, most: int, names: Mapping[str, str]) -> dict[str, Any]:
    teams = [names.get(team, team) for team in row.teams]
    return {**vars(row), "share": labels.share(row.children, most), "teams": teams}


def _wanted(row: Worker, chosen: Mapping[str, str], names: Mapping[str, str]) -> bool:
    """Whether a worker is asked for; a team is named by its number or, on a roster, by what it is called."""
    team = chosen["team"]
    in_team = not team or team in row.teams or names.get(team) in row.teams
    works = row.holds or row.held > 0
    return in_team and (chosen["who"] == "everybody" or works)


def _teams(
    asked: shell.ServicePage, load: Caseload, names: Mapping[str, str], tree: TeamTree
) -> list[dict[str, Any]]:
    """Each team with its name, children, workers, how many each full-time equivalent has, and who has nobody."""
    most = max((row.children for row in load.teams), default=0)
    listed = asked.viewer.may(Permission.CHILDREN)
    parents, called = dict(tree.parents), dict(tree.names)
    return [
        {
            **vars(row),
            "name": names[row.team],
            "parent": called.get(parents.get(row.team, ""), parents.get(row.team, "")),
            "share": labels.share(row.children, most),
            "href": asked.link("teams", extra=[("team", row.team)]),
            "register": asked.link("unallocated", extra=[("team", row.team)]) if listed else "",
        }
        for row in load.teams
    ]


def _names(asked: shell.ServicePage, load: Caseload) -> dict[str, str]:
    """What each team that has children is called, in order."""
    found = workforce.team_names(asked.record, asked.figure_query)
    named = {row.team: found.get(row.team, row.team) for row in load.teams}
    return dict(sorted(named.items(), key=lambda one: one[1]))
