"""Where somebody signed in begins, and finding a child by number without its number reaching an address."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from lineofsight.service.access import handles
from lineofsight.service.access.answers import latest_day
from lineofsight.service.access.roles import Permission
from lineofsight.service.access.sight import authorities_of, require


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """To the service of the first authority in which this person holds a role, one whose cases are held before others."""
    found = authorities_of(request.user, Permission.HEADLINE)
    if found:
        first = next((one for one in found if latest_day(one) is not None), found[0])
        return redirect(_first_page(request, first), first)
    if people := authorities_of(request.user, Permission.PEOPLE):
        return redirect("people", next((one for one in people if latest_day(one) is not None), people[0]))
    raise PermissionDenied


def _first_page(request: HttpRequest, authority: str) -> str:
    """A worker begins with their own children; everybody else with the service."""
    sight = require(request.user, authority, Permission.HEADLINE)
    own = sight.may(Permission.CHILDREN) and not sight.may(Permission.COUNTS)
    return "children" if own else "today"


@require_POST
def find(request: HttpRequest, authority: str) -> HttpResponse:
    """To a child's page by the case system's number; whether there is such a child is told by that page alone."""
    require(request.user, authority, Permission.CHILDREN)
    number = str(request.POST.get("number", "")).strip()
    if not number:
        messages.info(request, "Enter the child’s number from the case system.")
        return redirect("unallocated", authority)
    return redirect("child", authority, handles.handle_of(authority, number))
