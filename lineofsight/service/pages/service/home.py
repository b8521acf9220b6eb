"""Where somebody signed in begins, and finding a child by number without its number reaching an address."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from lineofsight.queries.history import history_of
from lineofsight.service.access import handles
from lineofsight.service.access.records import open_record
from lineofsight.service.access.roles import Permission
from lineofsight.service.access.viewer import authorities_of, require
from lineofsight.service.pages.forms import posted
from lineofsight.service.pages.service.forms import FindForm


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """To the service of the first authority in which this person holds a role, one whose cases are held before others."""
    found = authorities_of(request.user, Permission.HEADLINE)
    if found:
        first = next((code for code in found if _has_cases(code)), found[0])
        return redirect(_first_page(request, first), first)
    for permission, page in _FIRST:
        if held := authorities_of(request.user, permission):
            return redirect(page, next((code for code in held if _has_cases(code)), held[0]))
    raise PermissionDenied


_FIRST = (
    (Permission.PEOPLE, "people"),
    (Permission.OVERSIGHT, "obligations"),
    (Permission.AUDIT, "audit"),
)
"""Where somebody begins who sees no figure, by what they may do."""


def _has_cases(authority: str) -> bool:
    return history_of(open_record(authority), witnessed=False).latest() is not None


def _first_page(request: HttpRequest, authority: str) -> str:
    """A worker begins with their own children; everybody else with the service."""
    viewer = require(request.user, authority, Permission.HEADLINE)
    own = viewer.may(Permission.CHILDREN) and not viewer.may(Permission.COUNTS)
    return "children" if own else "today"


@require_POST
def find(request: HttpRequest, authority: str) -> HttpResponse:
    """To a child's page by the case system's number; whether there is such a child is told by that page alone."""
    require(request.user, authority, Permission.CHILDREN)
    form = FindForm(*posted(request))
    if not form.is_valid():
        messages.info(request, "Enter the child’s number from the case system.")
        return redirect("unallocated", authority)
    return redirect("child", authority, handles.handle_of(authority, form.cleaned_data["number"]))
