"""Pages about the record itself. Open to anybody; the integrity check also answers `?format=json`."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render as draw
from django.views.decorators.http import require_safe

from lineofsight.service.access import keeping
from lineofsight.service.pages import render
from lineofsight.service.pages.filters import local_time
from lineofsight.vocabulary.codes import code_set
from lineofsight.vocabulary.moments import written


@login_not_required
@require_safe
def head(request: HttpRequest) -> HttpResponse:
    """The record's head, what verifying it found, and how anybody can check it.

    A service shows it without a sign-in too, so that a witness outside can keep it; what failed, and in which delivery,
    is for people who sign in.
    """
    kept = keeping.kept()
    is_witness = settings.MODE == "service" and not request.user.is_authenticated
    if render.wants_json(request):
        found = kept.verified.as_json()
        if is_witness:
            found = {name: found[name] for name in ("holds", "head")}
        return JsonResponse(
            {**found, "verified_at": written(kept.at)},
            json_dumps_params={"indent": 2},
        )
    more = {
        "kept": kept,
        "links": kept.verified.link_count,
        "at": local_time(kept.at),
        "is_witness": is_witness,
    }
    return draw(request, "public_record/head.html", more)


@login_not_required
@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """What this is, how to read it, and what it never does."""
    kinds = code_set("statement_kind").values()
    return draw(
        request, "public_record/about.html", {"kinds": kinds, "confidences": code_set("confidence").values()}
    )
