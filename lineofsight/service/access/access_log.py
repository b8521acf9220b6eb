"""Who looked at a child: the access log, readable by those who answer for the child and those who watch over it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from lineofsight.queries.record import Record
from lineofsight.service.access import attempts, scope
from lineofsight.service.access.roles import Permission
from lineofsight.service.access.viewer import Viewer, log_access
from lineofsight.service.models import AccessLogEntry, BrokenGlass
from lineofsight.service.store import clock
from lineofsight.vocabulary.moments import microseconds, moment_of, written

_MOST = 1000
_OPENED = "glass broken"
"""How the log names a child that was opened with a reason."""


def entries_about(viewer: Viewer, record: Record, child: str) -> list[dict[str, Any]]:
    """Every look at a child, the latest first; this look is written down too, and is the first of them.

    For those who watch over who looks, and those who answer for the child now, not on some earlier day.
    """
    if not viewer.may(Permission.LOOKS):
        if not viewer.may(Permission.CHILDREN):
            raise PermissionDenied
        today, now = scope.current_day(record), microseconds(clock.now())
        scope.check_may_open(viewer, record, child, today, now, attempts.LOG_REFUSED)
    with transaction.atomic():
        log_access(viewer, [child], "access log")
        entries = list(
            AccessLogEntry.objects.filter(authority=viewer.authority, child=child).order_by("-number")[:_MOST]
        )
        opened = any(entry.channel == _OPENED for entry in entries)
        reasons = _reasons(viewer.authority, child) if opened else {}
        return [
            {
                "at": written(moment_of(entry.at)),
                "by": entry.by,
                "channel": entry.channel,
                "reason": reasons.get((entry.by, entry.at), "") if entry.channel == _OPENED else "",
            }
            for entry in entries
        ]


def _reasons(authority: str, child: str) -> dict[tuple[str, int], str]:
    found = BrokenGlass.objects.filter(authority=authority, child=child).select_related("user")
    return {(one.user.get_username(), one.at): one.reason for one in found}
