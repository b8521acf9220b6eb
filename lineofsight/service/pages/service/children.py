"""Your children: everybody a worker answers for, or a manager's team has in hand, those unseen for longest first."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from lineofsight.allocation import states
from lineofsight.queries import figures, workforce
from lineofsight.queries.as_json import to_json
from lineofsight.queries.lists import ChildRow
from lineofsight.service.access import handles, listing
from lineofsight.service.access.listing import ChildrenList
from lineofsight.service.access.roles import Permission
from lineofsight.service.pages import render, shell, tables
from lineofsight.service.pages.service import labels, presenters
from lineofsight.service.pages.tables import Column

_COLUMNS: tuple[Column[ChildRow], ...] = (
    Column("child", "Child", sort=lambda row: row.child),
    Column("state", "Allocation", sort=lambda row: states.STATES.index(row.state)),
    Column("workers", "Worker", sort=lambda row: row.workers),
    Column("teams", "Team", sort=lambda row: row.teams),
    Column("last_seen_on", "Last seen", sort=lambda row: row.last_seen_on or 0),
    Column("plan", "Plan"),
)


@require_safe
def children(request: HttpRequest, authority: str) -> HttpResponse:
    """The page or its JSON; every child given is written to the access log first."""
    asked = shell.asked_of(request, authority, Permission.CHILDREN)
    if not asked.has_case_records:
        return render.html(request, asked, "service/nothing.html", "children", {})
    found = listing.children_list(asked.viewer, asked.record, asked.figure_query)
    if render.wants_json(request):
        return render.json(asked, lambda: _json(asked, found))
    return render.html(request, asked, "service/children.html", "children", _context(request, asked, found))


def _context(request: HttpRequest, asked: shell.ServicePage, found: ChildrenList[ChildRow]) -> dict[str, Any]:
    table = tables.table(
        request,
        found.rows,
        _COLUMNS,
        caption="Children, those not seen for longest first",
        label="Children",
        link=lambda extra: asked.link("children", extra=extra),
        sort="last_seen_on",
        tie=lambda row: row.child,
    )
    rows = listing.shown(asked.viewer, list(table.page), "page: children")
    figure = figures.figure(asked.record, asked.figure_query)
    names = workforce.team_names(asked.record, asked.figure_query)
    return {
        "found": found,
        "table": table,
        "rows": [_row(asked, row, names) for row in rows],
        "scoped": not asked.viewer.whole,
        "figure": presenters.figure(figure),
        "sources": presenters.sources(asked, figure),
    }


def _row(asked: shell.ServicePage, row: ChildRow, names: dict[str, str]) -> dict[str, Any]:
    unseen = None if row.last_seen_on is None else asked.day.toordinal() - row.last_seen_on
    return {
        "child": row.child,
        "href": asked.link("child", handles.handle_of(asked.authority, row.child)),
        "state": labels.state(row.state),
        "workers": ", ".join(row.workers),
        "teams": ", ".join(names.get(team, team) for team in row.teams),
        "standings": sorted(row.standings),
        "seen": labels.day(row.last_seen_on),
        "unseen": "" if unseen is None else labels.days(unseen),
    }


def _json(asked: shell.ServicePage, found: ChildrenList[ChildRow]) -> dict[str, Any]:
    rows = listing.shown(asked.viewer, found.rows, "page: children, JSON")
    figure = figures.figure(asked.record, asked.figure_query)
    answer = to_json(figure)
    head = {
        name: answer[name] for name in ("authority", "as_at", "known_by", "rests_on", "definition", "sources")
    }
    return {**head, "children": [_row_json(row) for row in rows], "restricted": found.closed}


def _row_json(row: ChildRow) -> dict[str, Any]:
    seen = date.fromordinal(row.last_seen_on).isoformat() if row.last_seen_on else None
    return {
        "child": row.child,
        "state": row.state,
        "workers": list(row.workers),
        "teams": list(row.teams),
        "standings": sorted(row.standings),
        "last_seen_on": seen,
    }
