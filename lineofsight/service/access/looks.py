"""Who looked at a child: the access log, readable by those who answer for the child and those who watch over it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from lineofsight.service.access import scope
from lineofsight.service.access.roles import Permission
from lineofsight.service.access.sight import Sight, looked
from lineofsight.service.models import BrokenGlass, Look
from lineofsight.vocabulary.moments import moment_of, written

_MOST = 1000


def looks_at(sight: Sight, child: str, day: date, known_by: int) -> list[dict[str, Any]]:
    """Every look at a child, the latest first; this look is written down too, and is the first of them."""
    with transaction.atomic():
        if not sight.may(Permission.LOOKS):
            if not sight.may(Permission.CHILDREN):
                raise PermissionDenied
            scope.check_may_open(sight, child, day, known_by)
        looked(sight, [child], "access log")
        reasons = _reasons(sight.authority, child)
        found = Look.objects.filter(authority=sight.authority, child=child).order_by("-number")[:_MOST]
        return [
            {"at": written(moment_of(one.at)), "by": one.by, "door": one.door,
             "reason": reasons.get((one.by, one.at), "") if one.door == "glass broken" else ""}
            for one in found
        ]  # fmt: skip


def _reasons(authority: str, child: str) -> dict[tuple[str, int], str]:
    found = BrokenGlass.objects.filter(authority=authority, child=child).select_related("user")
    return {(one.user.get_username(), one.at): one.reason for one in found}
