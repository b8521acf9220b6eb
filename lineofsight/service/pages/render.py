"""The one place where an answer becomes a page, JSON or CSV."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from lineofsight.queries.as_json import to_json
from lineofsight.service.pages.csv_safe import written
from lineofsight.service.pages.filters import local_time
from lineofsight.service.pages.page_request import PageRequest
from lineofsight.service.pages.tables import Column

Row = TypeVar("Row")


def html(
    request: HttpRequest,
    asked: PageRequest,
    template: str,
    current: str,
    more: dict[str, Any],
    status: int = 200,
) -> HttpResponse:
    """A page with its menu, its view, and the banner of an authority where nothing is real."""
    context = {
        "asked": asked,
        "navigation": asked.menu(current),
        "name": asked.name,
        "synthetic": asked.profile.synthetic,
        "known_by": local_time(asked.view.known_by),
        **asked.context(request),
        **asked.for_viewer(more),
    }
    return render(request, template, context, status=status)


def wants_json(request: HttpRequest) -> bool:
    """Whether the same answer is asked for as JSON."""
    return request.GET.get("format") == "json"


def json(asked: PageRequest, answer: Callable[[], Any]) -> JsonResponse:
    """An answer in the view asked for; where that cannot be given it says why, and never gives another view."""
    style = {"ensure_ascii": False, "indent": 2}
    if asked.refused:
        return JsonResponse({"refused": asked.refused}, json_dumps_params=style, status=400)
    found = asked.for_viewer(to_json(answer()))
    if asked.profile.synthetic and isinstance(found, dict):
        found = {**found, "synthetic": True}
    return JsonResponse(found, safe=False, json_dumps_params=style)


def csv(
    asked: PageRequest,
    name: str,
    columns: Sequence[Column[Row]],
    rows: Iterable[Row],
    *,
    rests: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """Rows as a CSV that spreadsheets read as UTF-8, each with what all of them rest on.

    Where nothing is real, every row and the file's name say so.
    """
    synthetic = bool(asked.profile.synthetic)
    same = {**(rests or {}), **({"synthetic": "yes"} if synthetic else {})}
    lines = [
        [*(column.cell(row) if column.cell else "" for column in columns), *same.values()] for row in rows
    ]
    text = written([[*(column.name for column in columns), *same], *lines])
    filename = f"{'synthetic-' if synthetic else ''}{name}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{filename}"'}
    return HttpResponse("\ufeff" + text, content_type="text/csv; charset=utf-8", headers=headers)
