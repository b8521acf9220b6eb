"""What would cross to the public record since the last file, and the file itself. A director makes it; it is logged."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from lineofsight.service.access.public_parts import COUNTED
from lineofsight.service.access.roles import Permission
from lineofsight.service.pages import render, shell
from lineofsight.service.pages.filters import local_time
from lineofsight.service.pages.forms import Form, posted
from lineofsight.service.receive import make_public as making
from lineofsight.service.receive.make_public import MadeFile, Waiting
from lineofsight.vocabulary.identifiers import authority_code
from lineofsight.vocabulary.moments import moment_of
from lineofsight.vocabulary.refusal import Refused

OFFICE = "a director of the service"
"""What the file says of who made it: the office, and never the name."""


class MakeForm(Form):
    """Which file to make."""

    which = forms.ChoiceField(
        label="What should the file hold?",
        choices=(
            ("since", "What became public since the last file"),
            ("whole", "Everything that is public"),
        ),
        initial="since",
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose what the file should hold."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def make_public(request: HttpRequest, authority: str) -> HttpResponse:
    """Counts by kind, and a button that makes the file and gives it."""
    asked = shell.asked_of(request, authority, Permission.MAKE_PUBLIC)
    form = MakeForm(*posted(request))
    if form.is_bound and form.is_valid():
        whole = form.cleaned_data["which"] == "whole"
        try:
            return _given(
                making.make(authority_code(authority), office=OFFICE, by=asked.viewer.by, whole=whole)
            )
        except Refused as refused:
            form.refuse(refused)
    waiting = making.waiting(authority_code(authority))
    if render.wants_json(request):
        last_file = waiting.last.number if waiting.last else None
        return render.json(asked, lambda: {"last_file": last_file, "counts": waiting.counts})
    more = {"form": form, "waiting": waiting, "rows": _rows(waiting), "last": _last(waiting)}
    status = 422 if form.is_bound else 200
    return render.html(request, asked, "making_public/make_public.html", "make-public", more, status)


def _given(made: MadeFile) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{made.name}"', "Cache-Control": "no-store"}
    return HttpResponse(made.content, content_type="application/zip", headers=headers)


def _rows(waiting: Waiting) -> list[tuple[str, int]]:
    """Each kind and how much of it would cross; 0 was counted."""
    return [(words, waiting.counts.get(name, 0)) for name, words in COUNTED.items()]


def _last(waiting: Waiting) -> dict[str, Any] | None:
    if waiting.last is None:
        return None
    return {
        "number": waiting.last.number,
        "made": local_time(moment_of(waiting.last.made_at)),
        "by": waiting.last.says["by"],
        "key": waiting.last.says["key"],
        "sha256": waiting.last.says["sha256"],
    }
