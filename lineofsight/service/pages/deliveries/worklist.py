"""Findings as a list of work, and the rows of one of them."""

from __future__ import annotations

from operator import attrgetter
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from lineofsight.queries.deliveries import FindingGroup, finding_groups
from lineofsight.service.access import findings as read
from lineofsight.service.access.roles import Permission
from lineofsight.service.pages import render, shell, tables
from lineofsight.service.pages.deliveries.forms import FindingsFilters, GroupFilter
from lineofsight.service.pages.tables import Column

_PAGE = 100
_NARROWS = ("severity", "source", "table")
_SEVERITIES = ("refused", "warning", "note")
_COLUMNS: tuple[Column[FindingGroup], ...] = (
    Column("says", "Issue", sort=lambda one: one.says),
    Column("severity", "Severity", sort=lambda one: _SEVERITIES.index(one.severity)),
    Column("source", "Source", sort=lambda one: one.source),
    Column("table", "Table and column", sort=lambda one: (one.table, one.column)),
    Column("count", "How many", sort=lambda one: one.count, numeric=True, most_first=True),
    Column("new", "New", sort=lambda one: one.new, numeric=True, most_first=True),
    Column("gone", "Resolved", sort=lambda one: one.gone, numeric=True, most_first=True),
    Column("do", "What to do"),
)


def columns(asked: shell.ServicePage) -> list[Column[Any]]:
    """The columns of findings one by one; the key, which may hold a child's number, for those who may see it."""
    names = ["Severity", "File and row", "Table and column", "Key", "Issue", "What to do", "Code"]
    return [Column("", name) for name in names if name != "Key" or asked.viewer.may(Permission.CHILDREN)]


@require_safe
def findings(request: HttpRequest, authority: str) -> HttpResponse:
    """What there is to mend in each source's latest delivery; `group` opens the rows of one kind."""
    asked = shell.asked_of(request, authority, Permission.DELIVERIES)
    groups, filters = finding_groups(asked.record), FindingsFilters(request)
    keep = list(filters.chosen.items())
    table = tables.table(
        request,
        groups,
        _COLUMNS,
        caption="Data quality issues by kind",
        per_page=_PAGE,
        keep=keep,
        keeps=lambda one: all(getattr(one, name) == value for name, value in keep),
        link=lambda extra: asked.link("findings", extra=extra),
    )
    if render.wants_json(request):
        return render.json(asked, lambda: [vars(one) for one in table.rows])
    key = GroupFilter(request).each["group"]
    opened = next((one for one in groups if one.key == key), None)
    if opened and tables.wants_csv(request):
        return _csv(asked, opened)
    more: dict[str, Any] = {
        "choices": [_choice(name, groups) for name in _NARROWS],
        "chosen": filters.chosen,
        "opened": opened,
        "keep": keep,
    }
    if opened:
        more |= _rows(request, asked, opened, keep)
    else:
        more |= {"table": table, "groups": [_shown(asked, one, keep) for one in table.page]}
    return render.html(request, asked, "deliveries/findings.html", "deliveries", more)


def _choice(name: str, groups: list[FindingGroup]) -> dict[str, Any]:
    values = sorted({getattr(one, name) for one in groups} - {""})
    return {"name": name, "label": name.capitalize(), "values": values}


def _shown(asked: shell.ServicePage, one: FindingGroup, keep: list[tuple[str, str]]) -> dict[str, Any]:
    colour = {"refused": "red", "warning": "yellow"}.get(one.severity, "grey")
    return {
        **vars(one),
        "table_words": one.table.replace("_", " "),
        "colour": colour,
        "key": one.key,
        "href": asked.link("findings", extra=[*keep, ("group", one.key)]),
    }


def _rows(
    request: HttpRequest, asked: shell.ServicePage, group: FindingGroup, keep: list[tuple[str, str]]
) -> dict[str, Any]:
    table = tables.table(
        request,
        range(group.count),
        columns(asked),
        caption="Data quality issues",
        per_page=_PAGE,
        keep=[*keep, ("group", group.key)],
        link=lambda extra: asked.link("findings", extra=extra),
    )
    first = (table.page.number - 1) * _PAGE
    rows, _ = read.rows_of(asked.viewer, asked.record, group.delivery, group, first, _PAGE)
    return {
        "rows": rows,
        "table": table,
        "close_href": asked.link("findings", extra=keep),
        "shows_keys": asked.viewer.may(Permission.CHILDREN),
    }


_CSV = [
    Column(name, cell=attrgetter(name))
    for name in ("code", "severity", "file", "row", "table", "key", "column", "says", "do")
]


def _csv(asked: shell.ServicePage, group: FindingGroup) -> HttpResponse:
    rows, _ = read.rows_of(asked.viewer, asked.record, group.delivery, group, 0, group.count)
    rests = {"source": group.source, "delivery": group.delivery}
    name = f"findings-{asked.authority}-{group.code}"
    return render.csv(asked, name, _CSV, rows, rests=rests)
