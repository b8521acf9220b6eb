"""The health pages. Anybody may ask; they say `ok` or `not ok` and nothing else."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lineofsight.service.health import probe, readiness


@require_safe
@never_cache
@login_not_required
def live(request: HttpRequest) -> HttpResponse:
    """Whether this process answers. Only `doctor` of this install is told what was seen of its request."""
    if probe.is_ours(request.headers.get(probe.HEADER, "")):
        saw = probe.Saw(
            address=request.META.get("REMOTE_ADDR", ""), https=request.is_secure(), host=request.get_host()
        )
        return JsonResponse(saw)
    return _says(is_well=True)


@require_safe
@never_cache
@login_not_required
def ready(_request: HttpRequest) -> HttpResponse:
    """Whether pages can be served: the database answers with this release's tables, and the home can be written to."""
    return _says(is_well=readiness.is_ready())


def _says(*, is_well: bool) -> HttpResponse:
    return HttpResponse(
        "ok\n" if is_well else "not ok\n", status=200 if is_well else 503, content_type="text/plain"
    )
