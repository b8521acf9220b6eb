"""The pages shown when something is not there, not allowed or has failed: none repeats what was asked.

Where JSON was asked for, JSON says so.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from lineofsight.service.access.attempts import Closed, TooMany
from lineofsight.service.access.guarding import GLASS_HOURS

_CLOSED = (
    "You do not have access to this child. Another team may be responsible for the child, the director may have "
    "restricted who can see the record, or there may be no child with that number. Your attempt has been logged."
)
_TOO_MANY = (
    "You have tried to open too many children you do not have access to. Wait an hour, or ask your director."
)


def _answer(request: HttpRequest, template: str, says: str, status: int, **more: Any) -> HttpResponse:
    if request.GET.get("format") == "json":
        return JsonResponse({"refused": says}, status=status)
    return render(request, template, more, status=status)


@login_not_required
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - Django passes it
    """404."""
    return _answer(request, "404.html", "Nothing is held under that address.", 404)


@login_not_required
def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403; of a child that others answer for, with how it may be opened where waiting would do harm."""
    if isinstance(exception, Closed):
        return _answer(
            request, "closed.html", _CLOSED, 403, closed=exception, hours=GLASS_HOURS, words=_CLOSED
        )
    if isinstance(exception, TooMany):
        return _answer(
            request,
            "403.html",
            _TOO_MANY,
            429,
            title="Too many attempts",
            why=_TOO_MANY,
        )
    return _answer(request, "403.html", "You may not see this.", 403)


@login_not_required
def form_too_old(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django passes it
    """403, where a form does not carry this browser's own token."""
    return _answer(
        request,
        "403.html",
        "The form was too old.",
        403,
        title="That form has expired",
        why="Nothing was changed. Open the page and fill it in again.",
    )


@login_not_required
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - Django passes it
    """400."""
    return _answer(request, "404.html", "That cannot be read.", 400, title="That address cannot be read")


@login_not_required
def failed(request: HttpRequest) -> HttpResponse:
    """500."""
    return _answer(request, "500.html", "Something went wrong here; nothing acknowledged is lost.", 500)
