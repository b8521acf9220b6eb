"""Data quality as a list of work, and the rows of one issue."""

from __future__ import annotations

from dataclasses import replace
from operator import attrgetter
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from lineofsight.queries.quality import SEVERITIES, DataQuality, Issue, data_quality
from lineofsight.service.access import findings as rows_in
from lineofsight.service.access.roles import Permission
from lineofsight.service.pages import render, shell, tables
from lineofsight.service.pages.deliveries.labels import finding_columns
from lineofsight.service.pages.quality import labels
from lineofsight.service.pages.quality.forms import IssueFilters
from lineofsight.service.pages.tables import Column
from lineofsight.vocabulary.moments import london_day

_PAGE = 100
_NARROWS = ("severity", "source", "table")
_COLUMNS: tuple[Column[Issue], ...] = (
    Column("says", "Issue", sort=lambda one: one.says),
    Column("do", "What to do"),
    Column("severity", "Severity", sort=lambda one: SEVERITIES.index(one.severity)),
    Column("source", "Source and place", sort=lambda one: (one.source, one.table, one.column)),
    Column("findings", "How many", sort=lambda one: one.findings, numeric=True, most_first=True),
    Column("children", "Children", sort=lambda one: one.children or 0, numeric=True, most_first=True),
    Column("first_seen", "Latest deliveries", sort=lambda one: one.first_seen_on),
    Column("owner", "Owner", sort=lambda one: (one.answers and one.answers[0].owner) or ""),
)


def quality_of(asked: shell.ServicePage) -> DataQuality:
    """The data quality of the authority as this viewer may see it, today."""
    sees = asked.viewer.may(Permission.CHILDREN)
    return data_quality(asked.record, london_day(asked.now), sees_children=sees)


def issue_of(asked: shell.ServicePage, id: str) -> Issue:
    """One issue; raises Http404 where no latest delivery has it."""
    found = next((one for one in quality_of(asked).issues if one.id == id), None)
    if found is None:
        raise Http404
    return found


@require_safe
def issues(request: HttpRequest, authority: str) -> HttpResponse:
    """What there is to put right in each source's latest delivery; what is accepted stands below."""
    asked = shell.asked_of(request, authority, Permission.QUALITY)
    found, filters = quality_of(asked), IssueFilters(request)
    keep = list(filters.chosen.items())
    kept = [one for one in found.issues if all(getattr(one, name) == value for name, value in keep)]
    if render.wants_json(request):
        return render.json(asked, lambda: replace(found, issues=kept))
    table = tables.table(
        request,
        [one for one in kept if not one.accepted],
        _COLUMNS,
        caption="Open data quality issues",
        per_page=_PAGE,
        keep=keep,
        link=lambda extra: asked.link("data-quality", extra=extra),
    )
    accepted = [one for one in kept if one.accepted]
    more = {
        "table": table,
        "open": [labels.issue(asked, one) for one in table.page],
        "accepted_table": tables.plain(accepted, _COLUMNS, caption="Accepted data quality issues"),
        "accepted": [labels.issue(asked, one) for one in accepted],
        "quality": found,
        "choices": [_choice(name, found.issues) for name in _NARROWS],
        "chosen": filters.chosen,
        "narrowed": bool(keep),
    }
    return render.html(request, asked, "quality/issues.html", "data-quality", more)


def _choice(name: str, every: list[Issue]) -> dict[str, Any]:
    values = sorted({getattr(one, name) for one in every} - {""})
    return {"name": name, "label": name.capitalize(), "values": values}


@require_safe
def issue(request: HttpRequest, authority: str, issue: str) -> HttpResponse:
    """One issue: its trend, what was answered, and its rows, which are also a CSV for whoever puts them right."""
    asked = shell.asked_of(request, authority, Permission.DELIVERIES)
    found = issue_of(asked, issue)
    if render.wants_json(request):
        return render.json(asked, lambda: found)
    if tables.wants_csv(request):
        return _csv(asked, found)
    shows_keys = asked.viewer.may(Permission.CHILDREN)
    table = tables.table(
        request,
        range(found.findings),
        finding_columns(shows_keys=shows_keys),
        caption="Rows to put right",
        per_page=_PAGE,
        link=lambda extra: asked.link("issue", found.id, extra=extra),
    )
    first = (table.page.number - 1) * _PAGE
    rows, _ = rows_in.rows_of(asked.viewer, asked.record, found.delivery, found, first, _PAGE)
    more = {
        "issue": labels.full(asked, found),
        "table": table,
        "rows": rows,
        "shows_keys": shows_keys,
        "may_answer": asked.viewer.may(Permission.ACCEPT_ISSUES),
    }
    return render.html(request, asked, "quality/issue.html", "data-quality", more)


_CSV = [
    Column(name, cell=attrgetter(name))
    for name in ("code", "severity", "file", "row", "table", "key", "column", "says", "do")
]


def _csv(asked: shell.ServicePage, issue: Issue) -> HttpResponse:
    """The rows to put right; `rows_of` logs the children they name, and gives keys only to who may see them."""
    rows, _ = rows_in.rows_of(asked.viewer, asked.record, issue.delivery, issue, 0, issue.findings)
    rests = {"source": issue.source, "delivery": issue.delivery}
    return render.csv(asked, f"data-quality-{asked.authority}-{issue.code}", _CSV, rows, rests=rests)
