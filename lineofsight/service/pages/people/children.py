"""Who looked at a child, who may open it, and opening it with a reason. No address or title names the child."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from lineofsight.service.access import access_log as log
from lineofsight.service.access import attempts, guarding, handles, scope
from lineofsight.service.access.roles import Permission
from lineofsight.service.access.viewer import viewer_of
from lineofsight.service.pages import render, shell, tables
from lineofsight.service.pages.forms import Form, at_field, posted
from lineofsight.service.pages.people.forms import OpeningForm, RestrictionForm
from lineofsight.service.pages.tables import Column
from lineofsight.vocabulary.refusal import Refused

_MOST = 200
_LOOKS: tuple[Column[dict[str, Any]], ...] = (
    Column("at", "When", sort=lambda one: one["at"], most_first=True),
    Column("by", "Who", sort=lambda one: one["by"]),
    Column("channel", "Where", sort=lambda one: one["channel"]),
    Column("reason", "Reason given"),
)
_OPENED: tuple[Column[dict[str, Any]], ...] = (
    Column("at", "When", sort=lambda one: one["at"], most_first=True),
    Column("by", "Who", sort=lambda one: one["by"]),
    Column("reason", "Reason"),
    Column("until", "Until", sort=lambda one: one["until"], most_first=True),
    Column("child", "Child"),
)


def _child(asked: shell.ServicePage, handle: str, channel: str) -> str:
    """The child a handle stands for; where there is none, the attempt is logged and answered as for any closed child."""
    child = handles.child_of(asked.record, handle)
    if child is None:
        if not asked.viewer.may(Permission.CHILDREN):
            raise Http404
        attempts.refuse(asked.viewer, None, handle, channel)
    return child


@require_safe
def looks(request: HttpRequest, authority: str, handle: str) -> HttpResponse:
    """The access log of a child: for those who may open it, and those who watch over who looks."""
    watches = viewer_of(request.user, authority).may(Permission.LOOKS)
    asked = shell.asked_of(request, authority, Permission.LOOKS if watches else Permission.CHILDREN)
    child = _child(asked, handle, attempts.LOG_REFUSED)
    found = log.entries_about(asked.viewer, asked.record, child)
    if render.wants_json(request):
        return render.json(asked, lambda: {"looks": found})
    restricts = asked.viewer.may(Permission.RESTRICT)
    table = tables.table(
        request,
        found,
        _LOOKS,
        caption="Access log",
        per_page=_MOST,
        link=lambda extra: asked.link("looks", handle, extra=extra),
    )
    return render.html(
        request,
        asked,
        "people/looks.html",
        "unallocated",
        {
            "table": table,
            "handle": handle,
            "may_restrict": restricts,
            "restriction": guarding.restriction_of(authority, child),
        },
    )


@require_safe
def broken_glass(request: HttpRequest, authority: str) -> HttpResponse:
    """Every time a child was opened with a reason, for those who watch over who looks."""
    asked = shell.asked_of(request, authority, Permission.LOOKS)
    found = []
    for opening in guarding.broken(authority):
        child = opening.pop("child")
        handle = handles.handle_of(authority, child)
        known = handles.child_of(asked.record, handle) is not None
        found.append({**opening, "handle": handle if known else "", "nobody": not child})
    if render.wants_json(request):
        return render.json(asked, lambda: {"opened": found})
    table = tables.table(
        request,
        found,
        _OPENED,
        caption="Records opened with a reason",
        per_page=_MOST,
        link=lambda extra: asked.link("broken_glass", extra=extra),
    )
    return render.html(
        request,
        asked,
        "people/broken_glass.html",
        "people",
        {
            "table": table,
            "refused": attempts.most_refused(authority),
            "most": attempts.MOST_AN_HOUR,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def open_child(request: HttpRequest, authority: str, handle: str) -> HttpResponse:
    """Ask for a reason, then open the child for a few hours."""
    asked = shell.asked_of(request, authority, Permission.BREAK_GLASS)
    child = handles.child_of(asked.record, handle)
    if child is not None and scope.may_open(asked.viewer, asked.record, child, asked.day, asked.view.moment):
        return redirect("child", authority, handle)
    form = OpeningForm(*posted(request))
    if not form.is_bound:
        attempts.note(asked.viewer, child, attempts.OPENING_REFUSED)
    elif form.is_valid():
        guarding.break_glass(asked.viewer, child or "", form.cleaned_data["reason"])
        if child is not None:
            return redirect("child", authority, handle)
        form.add_error(None, "There is no child with that number. Your reason was logged.")
    before = [
        f"You can then open this child’s record for {guarding.GLASS_HOURS} hours. Your reason is added to the "
        "child’s access log, and the people who review the log will see it."
    ]
    return _form(request, asked, "Open a child with a reason", "Open the record", form, before)


@require_http_methods(["GET", "HEAD", "POST"])
def restriction(request: HttpRequest, authority: str, handle: str) -> HttpResponse:
    """Restrict who may open a child, or lift that."""
    asked = shell.asked_of(request, authority, Permission.RESTRICT)
    child = _child(asked, handle, attempts.RESTRICTION_REFUSED)
    held = guarding.restriction_of(authority, child)
    if held is not None and asked.viewer.by not in held["allowed"] and asked.viewer.by != held["by"]:
        attempts.refuse_child(asked.viewer, child, attempts.RESTRICTION_REFUSED)
    form = (
        Form(*posted(request))
        if held
        else RestrictionForm(*posted(request), initial={"allowed": asked.viewer.by})
    )
    if form.is_bound and form.is_valid():
        try:
            with at_field("allowed"):
                _change(asked, child, form)
        except Refused as refused:
            form.refuse(refused)
        else:
            return redirect("looks", authority, handle)
    if held is not None:
        before = [
            f"Restricted by {held['by']}. People with access: {', '.join(held['allowed'])}.",
            "When you remove the restriction, everybody who is responsible for the child can open the record again.",
        ]
        return _form(request, asked, "Remove the restriction", "Remove restriction", form, before)
    before = [
        "Other people will see only how many restricted children are on a list, and nothing else about them."
    ]
    return _form(request, asked, "Restrict who can see this child", "Restrict the record", form, before)


def _change(asked: shell.ServicePage, child: str, form: Form) -> None:
    """Restrict the child as the form says; a form without fields lifts its restriction."""
    if isinstance(form, RestrictionForm):
        guarding.restrict(asked.viewer, child, form.names(), form.cleaned_data["reason"])
    else:
        guarding.lift(asked.viewer, child)


def _form(
    request: HttpRequest, asked: shell.ServicePage, heading: str, button: str, form: Form, before: list[str]
) -> HttpResponse:
    context = {"heading": heading, "button": button, "before": before, "form": form}
    status = 422 if form.is_bound else 200
    return render.html(request, asked, "people/form.html", "unallocated", context, status)
