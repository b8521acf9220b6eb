"""Under which name somebody tries to sign in: what failures are counted by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest


def name_tried(request: HttpRequest | None, credentials: Mapping[str, Any] | None = None) -> str:
    """The name, as the form or allauth gives it."""
    if credentials and credentials.get("username"):
        return str(credentials["username"])
    return request.POST.get("login", "") if request is not None else ""
