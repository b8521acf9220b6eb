"""How many wrong sign-ins one address may make, whichever names it tries; counted in the database, shared by all workers."""

from __future__ import annotations

from typing import Any

from axes.attempts import get_cool_off_threshold
from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Sum
from django.http import HttpRequest


class Limits(AxesDatabaseHandler):
    """Locks a name tried from an address too often, and an address that tries many names."""

    def is_locked(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> bool:
        """Whether no sign-in is taken from here now."""
        return bool(super().is_locked(request, credentials)) or _address_failed_too_often(request)


def _address_failed_too_often(request: HttpRequest) -> bool:
    address = getattr(request, "axes_ip_address", None) or request.META.get("REMOTE_ADDR")
    recent = AccessAttempt.objects.filter(
        ip_address=address, attempt_time__gte=get_cool_off_threshold(request)
    )
    failures = recent.aggregate(count=Sum("failures_since_start"))["count"] or 0
    return bool(failures >= settings.ADDRESS_FAILURE_LIMIT)
