"""What holds for every page: browsers keep none of what the signed-in see, and first things come first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from lineofsight.service.access import people
from lineofsight.service.access.view import present
from lineofsight.service.access.viewer import read_grants_once
from lineofsight.service.pages.sign_in.recheck import why_ended
from lineofsight.vocabulary.moments import microseconds

SIGNED_IN_AT = "signed_in_at"
"""What a session holds: the moment of signing in, in microseconds."""


@receiver(user_logged_in)
def remember_when(request: HttpRequest, **_: object) -> None:
    """Keep in the session when somebody signed in: a later reset of their sign-in ends it."""
    request.session[SIGNED_IN_AT] = microseconds(present())


Answer = Callable[[HttpRequest], HttpResponse]

_OPEN = ("/sign-in/", "/health/")
"""What stands open in a service: the pages on which somebody signs in, and those that say only `ok` or `not ok`."""
_HEAD = "/head/"
"""Open in a service too: a witness outside can only keep a head that they can fetch, and a hash tells nothing."""


class SignInRequired(LoginRequiredMiddleware):
    """Deny by default. In a service no page is open to anybody, but those in `_OPEN` and the head."""

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., Any], view_args: Any, view_kwargs: Any
    ) -> Any:
        """Answer with the sign-in page where nobody is signed in and the view needs somebody."""
        is_open = request.path == _HEAD or request.path.startswith(_OPEN)
        closed = settings.MODE == "service" and not is_open
        if closed and not request.user.is_authenticated:
            return self.handle_no_permission(request, view_func)
        return super().process_view(request, view_func, view_args, view_kwargs)


_ALWAYS = frozenset(
    {
        "sign-in",
        "sign-out",
        "account_login",
        "account_logout",
        "account_reauthenticate",
        "account_change_password",
        "mfa_authenticate",
        "mfa_reauthenticate",
        "choose-password",
        "mfa_activate_totp",
        "mfa_view_recovery_codes",
    }
)
"""The pages on which somebody does what has to come first."""


def nothing_is_kept(get_response: Answer) -> Answer:
    """On a shared computer nobody finds in the browser what the one before had on the screen."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.user.is_authenticated or not _for_everybody(request):
            response["Cache-Control"] = "no-store"
        return response

    return middleware


def _for_everybody(request: HttpRequest) -> bool:
    """Whether it is a page of the public record, or a file that pages are drawn with."""
    if request.resolver_match is None or _about_signing_in(request):
        return False
    return not getattr(request.resolver_match.func, "login_required", True)


def _about_signing_in(request: HttpRequest) -> bool:
    return request.resolver_match is not None and request.resolver_match.url_name in _ALWAYS


def first_things_first(get_response: Answer) -> Answer:
    """A password somebody else gave is changed, and a second step made where one is required, before anything is seen."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_view(request: HttpRequest, *_: object) -> HttpResponse | None:
        if not request.user.is_authenticated or _about_signing_in(request):
            return None
        if why := why_ended(request, came_from_server=_came_from_elsewhere(request)):
            logout(request)
            messages.info(request, why)
            return redirect("sign-in")
        if request.method in ("GET", "HEAD"):
            read_grants_once(request.user)
        state = people.sign_in_of(request.user)
        if state.ended_at > request.session.get(SIGNED_IN_AT, 0):
            logout(request)
            messages.info(request, "Your account was changed, so you have been signed out. Sign in again.")
            return redirect("sign-in")
        if state.must_choose:
            return redirect("account_change_password")
        here = settings.MFA_REQUIRED and not _came_from_elsewhere(request)
        if here and people.must_have_second_step(request.user):
            return redirect("mfa_activate_totp")
        return None

    middleware.process_view = process_view  # type: ignore[attr-defined]
    return middleware


def _came_from_elsewhere(request: HttpRequest) -> bool:
    """Whether the organisation's server signed them in: a second step is its business then."""
    return any(
        one.get("method") == "socialaccount" for one in get_authentication_records(request, request.user)
    )
