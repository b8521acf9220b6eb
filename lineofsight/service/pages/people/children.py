"""Who looked at a child, who may open it, and opening it with a reason. No address or title names the child."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from lineofsight.service.access import attempts, guarding, handles, scope
from lineofsight.service.access import looks as log
from lineofsight.service.access.roles import Permission
from lineofsight.service.access.sight import sight_of
from lineofsight.service.pages import shell
from lineofsight.vocabulary.refusal import Refused


def _child(asked: shell.Asked, handle: str, door: str) -> str:
    """The child a handle stands for; where there is none, the attempt is logged and answered as for any closed child."""
    child = handles.child_of(asked.authority, handle)
    if child is None:
        if not asked.sight.may(Permission.CHILDREN):
            raise Http404
        attempts.refuse(asked.sight, None, handle, door)
    return child


@require_safe
def looks(request: HttpRequest, authority: str, handle: str) -> HttpResponse:
    """The access log of a child: for those who may open it, and those who watch over who looks."""
    watches = sight_of(request.user, authority).may(Permission.LOOKS)
    asked = shell.asked_of(request, authority, Permission.LOOKS if watches else Permission.CHILDREN)
    child = _child(asked, handle, attempts.LOG_REFUSED)
    found = log.looks_at(asked.sight, child)
    if shell.wants_json(request):
        return shell.as_json(asked, lambda: {"looks": found})
    restricts = asked.sight.may(Permission.RESTRICT)
    return shell.page(request, asked, "people/looks.html", "unallocated", {
        "looks": found, "handle": handle, "may_restrict": restricts,
        "restriction": guarding.restriction_of(authority, child),
    })  # fmt: skip


@require_safe
def broken_glass(request: HttpRequest, authority: str) -> HttpResponse:
    """Every time a child was opened with a reason, for those who watch over who looks."""
    asked = shell.asked_of(request, authority, Permission.LOOKS)
    found = []
    for one in guarding.broken(authority):
        child = one.pop("child")
        handle = handles.handle_of(authority, child)
        known = handles.child_of(authority, handle) is not None
        found.append({**one, "handle": handle if known else "", "nobody": not child})
    if shell.wants_json(request):
        return shell.as_json(asked, lambda: {"opened": found})
    return shell.page(request, asked, "people/broken_glass.html", "people", {
        "broken": found, "refused": attempts.most_refused(authority), "most": attempts.MOST_AN_HOUR,
    })  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def open_child(request: HttpRequest, authority: str, handle: str) -> HttpResponse:
    """Ask for a reason, then open the child for a few hours."""
    asked = shell.asked_of(request, authority, Permission.BREAK_GLASS)
    child = handles.child_of(authority, handle)
    if child is not None and scope.may_open(asked.sight, authority, child, asked.day, asked.view.moment):
        return redirect("child", authority, handle)
    if request.method != "POST":
        attempts.note(asked.sight, child, attempts.OPENING_REFUSED)
        return _reason_form(request, asked, "", "")
    reason = request.POST.get("reason", "")
    try:
        guarding.break_glass(asked.sight, child or "", reason)
    except Refused as refused:
        return _reason_form(request, asked, reason, str(refused))
    if child is None:
        return _reason_form(
            request, asked, reason, "There is no child with that number. Your reason was logged."
        )
    return redirect("child", authority, handle)


def _reason_form(request: HttpRequest, asked: shell.Asked, reason: str, refused: str) -> HttpResponse:
    return _form(
        request, asked, "Open a child with a reason", "Open", refused,
        before=[f"You can then open this child’s record for {guarding.GLASS_HOURS} hours. Your reason is added to the "
                "child’s access log, and the people who review the log will see it."],
        fields=[{"name": "reason", "label": "Why you need to open it now", "value": reason, "long": True,
                 "hint": "Use your own words. Do not name the child or the family."}],
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def restriction(request: HttpRequest, authority: str, handle: str) -> HttpResponse:
    """Restrict who may open a child, or lift that."""
    asked = shell.asked_of(request, authority, Permission.RESTRICT)
    child = _child(asked, handle, attempts.RESTRICTION_REFUSED)
    held = guarding.restriction_of(authority, child)
    if held is not None and asked.sight.by not in held["allowed"] and asked.sight.by != held["by"]:
        attempts.refuse_child(asked.sight, child, attempts.RESTRICTION_REFUSED)
    if request.method != "POST":
        return _restriction_form(request, asked, held, "", "", "")
    reason, names = request.POST.get("reason", ""), request.POST.get("allowed", "")
    try:
        if held is None:
            guarding.restrict(asked.sight, child, names.replace(",", " ").split(), reason)
        else:
            guarding.lift(asked.sight, child)
    except Refused as refused:
        return _restriction_form(request, asked, held, reason, names, str(refused))
    return redirect("looks", authority, handle)


def _restriction_form(
    request: HttpRequest, asked: shell.Asked, held: dict[str, Any] | None, reason: str, names: str, refused: str
) -> HttpResponse:  # fmt: skip
    if held is not None:
        before = [f"Restricted by {held['by']}. People with access: {', '.join(held['allowed'])}.",
                  "When you remove the restriction, everybody who is responsible for the child can open the record again."]  # fmt: skip
        return _form(
            request, asked, "Remove the restriction", "Remove restriction", refused, before=before, fields=[]
        )
    fields: list[dict[str, Any]] = [
        {"name": "allowed", "label": "Who can still open it", "value": names or asked.sight.by,
         "hint": "The names they sign in with, separated by commas. Include yourself if you need access."},
        {"name": "reason", "label": "Reason", "value": reason, "long": True,
         "hint": "Do not name the child or the family."},
    ]  # fmt: skip
    before = [
        "Other people will see only how many restricted children are on a list, and nothing else about them."
    ]
    return _form(
        request, asked, "Restrict who can see this child", "Restrict", refused, before=before, fields=fields
    )


def _form(
    request: HttpRequest, asked: shell.Asked, heading: str, button: str, refused: str, *, before: list[str],
    fields: list[dict[str, Any]],
) -> HttpResponse:  # fmt: skip
    context = {"heading": heading, "button": button, "refused": refused, "before": before, "fields": fields}
    return shell.page(request, asked, "people/form.html", "unallocated", context, 422 if refused else 200)
