"""Refused attempts to open a child: logged, answered alike whatever the reason, and limited in number."""

from __future__ import annotations

from typing import NoReturn

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count

from lineofsight.service.access.handles import handle_of
from lineofsight.service.access.roles import Permission
from lineofsight.service.access.viewer import Viewer, log_access
from lineofsight.service.models import AccessLogEntry
from lineofsight.service.store import clock
from lineofsight.vocabulary.moments import microseconds

REFUSED = "page: child, refused"
LOG_REFUSED = "access log, refused"
OPENING_REFUSED = "open with a reason, asked for"
RESTRICTION_REFUSED = "restriction, refused"
CHANNELS = (REFUSED, LOG_REFUSED, OPENING_REFUSED, RESTRICTION_REFUSED)
"""How entries of the access log that showed nothing are told from those that did."""

MOST_AN_HOUR = 30
_HOUR = 3_600_000_000


class Closed(PermissionDenied):
    """A child that is not open to this person, or a number that no child has: the page does not tell which."""

    def __init__(self, viewer: Viewer, handle: str) -> None:
        super().__init__("A child this person may not open.")
        self.authority = viewer.authority
        self.handle = handle
        self.may_break_glass = viewer.may(Permission.BREAK_GLASS)


class TooMany(PermissionDenied):
    """More attempts were refused within the hour than anybody's work explains."""


def refuse(viewer: Viewer, child: str | None, handle: str, channel: str) -> NoReturn:
    """Log an attempt and refuse it. `child` is None where no child has that number: nothing typed is kept."""
    note(viewer, child, channel)
    raise Closed(viewer, handle)


def refuse_child(viewer: Viewer, child: str, channel: str) -> NoReturn:
    """The same for a child that is known."""
    refuse(viewer, child, handle_of(viewer.authority, child), channel)


def note(viewer: Viewer, child: str | None, channel: str) -> None:
    """Log an attempt; raises TooMany where this person was refused too often within the hour."""
    with transaction.atomic():
        log_access(viewer, [child or ""], channel)
    if recent(viewer.by, viewer.authority) > MOST_AN_HOUR:
        raise TooMany


def recent(by: str, authority: str) -> int:
    """How often somebody was refused within the last hour."""
    since = microseconds(clock.now()) - _HOUR
    return AccessLogEntry.objects.filter(
        by=by, at__gt=since, authority=authority, channel__in=CHANNELS
    ).count()


def most_refused(authority: str, days: int = 30) -> list[tuple[str, int]]:
    """Who was refused how often within the last days, the most first; those refused once or twice are left out."""
    since = microseconds(clock.now()) - days * 24 * _HOUR
    found = AccessLogEntry.objects.filter(authority=authority, at__gt=since, channel__in=CHANNELS)
    counted = found.values("by").annotate(count=Count("number")).filter(count__gt=2).order_by("-count", "by")
    return [(row["by"], row["count"]) for row in counted[:20]]
