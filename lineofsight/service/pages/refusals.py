"""The pages shown when something is not there, not allowed or has failed: none repeats what was asked."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


@login_not_required
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - Django passes it
    """404."""
    return render(request, "404.html", {}, status=404)


@login_not_required
def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - Django passes it
    """403."""
    return render(request, "403.html", {}, status=403)


@login_not_required
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - Django passes it
    """400."""
    return render(request, "404.html", {"title": "That address cannot be read"}, status=400)


@login_not_required
def failed(request: HttpRequest) -> HttpResponse:
    """500."""
    return render(request, "500.html", {}, status=500)
