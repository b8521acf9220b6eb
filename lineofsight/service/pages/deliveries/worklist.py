"""Findings as a list of work, and the rows of one of them."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from lineofsight.queries.deliveries import FindingGroup, finding_groups
from lineofsight.service.access import findings as read
from lineofsight.service.access.roles import Permission
from lineofsight.service.pages import shell
from lineofsight.service.pages.csv_safe import written

_PAGE = 100
_NARROWS = ("severity", "source", "table")


@require_safe
def findings(request: HttpRequest, authority: str) -> HttpResponse:
    """What there is to mend in each source's latest delivery; `group` opens the rows of one kind."""
    asked = shell.asked_of(request, authority, Permission.DELIVERIES)
    groups = finding_groups(asked.record)
    chosen = {name: request.GET[name].strip()[:80] for name in _NARROWS if request.GET.get(name, "").strip()}
    kept = [one for one in groups if all(getattr(one, name) == value for name, value in chosen.items())]
    if shell.wants_json(request):
        return shell.as_json(asked, lambda: [vars(one) for one in kept])
    opened = next((one for one in groups if one.key == request.GET.get("group")), None)
    if opened and request.GET.get("format") == "csv":
        return _csv(asked, opened)
    keep = list(chosen.items())
    more = {"groups": [_shown(asked, one, keep) for one in kept], "count": len(kept), "chosen": chosen,
            "choices": [_choice(name, groups) for name in _NARROWS], "opened": opened, "keep": keep}  # fmt: skip
    if opened:
        more |= _rows(request, asked, opened, keep)
    return shell.page(request, asked, "deliveries/findings.html", "deliveries", more)


def _choice(name: str, groups: list[FindingGroup]) -> dict[str, Any]:
    values = sorted({getattr(one, name) for one in groups} - {""})
    return {"name": name, "label": name.capitalize(), "values": values}


def _shown(asked: shell.Asked, one: FindingGroup, keep: list[tuple[str, str]]) -> dict[str, Any]:
    colour = {"refused": "red", "warning": "yellow"}.get(one.severity, "grey")
    return {**vars(one), "table_words": one.table.replace("_", " "), "colour": colour, "key": one.key,
            "href": asked.link("findings", extra=[*keep, ("group", one.key)])}  # fmt: skip


def _rows(
    request: HttpRequest, asked: shell.Asked, group: FindingGroup, keep: list[tuple[str, str]]
) -> dict[str, Any]:
    page = Paginator(range(group.count), _PAGE).get_page(request.GET.get("page"))
    rows, _ = read.rows_of(asked.sight, asked.record, group.delivery, group, (page.number - 1) * _PAGE, _PAGE)
    extra = [*keep, ("group", group.key)]
    return {"rows": rows, "page": page, "query": asked.link("findings", extra=extra).partition("?")[2],
            "csv_href": asked.link("findings", extra=[*extra, ("format", "csv")]),
            "close_href": asked.link("findings", extra=keep), "shows_keys": asked.sight.may(Permission.CHILDREN)}  # fmt: skip


_COLUMNS = ("code", "severity", "file", "row", "table", "key", "column", "says", "do")


def _csv(asked: shell.Asked, group: FindingGroup) -> HttpResponse:
    rows, _ = read.rows_of(asked.sight, asked.record, group.delivery, group, 0, group.count)
    marked = bool(asked.profile.synthetic)
    lines = [[*_COLUMNS, "source", "delivery", *(["synthetic"] if marked else [])]]
    for row in rows:
        cells = [getattr(row, name) for name in _COLUMNS]
        lines.append([*cells, group.source, group.delivery, *(["yes"] if marked else [])])
    name = f"{'synthetic-' if marked else ''}findings-{asked.authority}-{group.code}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse("\ufeff" + written(lines), content_type="text/csv; charset=utf-8", headers=headers)
