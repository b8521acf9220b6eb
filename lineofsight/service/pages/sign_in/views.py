"""Changing one's own password, for those who have one here; and where else somebody may sign in."""

from __future__ import annotations

from typing import Any

from allauth.account.views import PasswordChangeView
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse, reverse_lazy

_change = PasswordChangeView.as_view(success_url=reverse_lazy("sign-in"))


def change_password(request: HttpRequest) -> HttpResponse:
    """Choose another password; afterwards one signs in with it."""
    if not request.user.is_authenticated or not request.user.has_usable_password():
        raise Http404
    response: HttpResponse = _change(request)
    return response


def servers(request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001 - Django passes it
    """The organisation's sign-in server, for the page of signing in."""
    if not settings.OIDC_SERVER_URL:
        return {}
    href = reverse("openid_connect_login", args=["organisation"])
    return {"sign_in_servers": [{"name": settings.OIDC_NAME, "href": href}]}
