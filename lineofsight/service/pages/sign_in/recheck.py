"""Whether whoever signed in at the organisation's server may go on: asked again while they work, and closed where nobody can tell."""

from __future__ import annotations

import time
from typing import Any

from allauth.account.signals import user_logged_in
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView, OAuth2View
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from requests import RequestException

from lineofsight.service.access import people, provider_roles
from lineofsight.service.access import provider_sessions as sessions
from lineofsight.service.pages.sign_in import provider
from lineofsight.vocabulary.refusal import Refused

PROVIDER_SESSION = "provider_session"
"""What the browser's session holds: the name of the session that the server is asked about."""
ENDED = "Your organisation’s sign-in server has ended your access, so you have been signed out."
NO_ROLE = "Your organisation no longer gives you a role in this service, so you have been signed out."
NOT_REACHED = (
    "Your organisation’s sign-in server cannot be reached, so you have been signed out. Try again later."
)
NOT_SET_UP = (
    "The list of roles cannot be read, so you have been signed out. Ask the people who run this service."
)
_POLL_SECONDS = 0.1


@receiver(user_logged_in)
def begin(request: HttpRequest, user: Any, **said: Any) -> None:
    """Keep with what the server can be asked again about somebody who signed in there."""
    login = said.get("sociallogin")
    if login is None:
        return
    claims = login.account.extra_data.get("id_token") or {}
    token = login.token
    request.session[PROVIDER_SESSION] = sessions.begin(
        user,
        issuer=str(claims.get("iss", "")),
        subject=str(claims.get("sub", "")),
        sid=str(claims.get("sid") or ""),
        tokens=sessions.Tokens(token.token or "", token.token_secret or "")
        if token
        else sessions.Tokens("", ""),
    )


@receiver(user_logged_out)
def forget(request: HttpRequest | None, **_: Any) -> None:
    """Whoever signs out here leaves no tokens behind."""
    id = request.session.get(PROVIDER_SESSION) if request is not None else None
    if id is not None:
        sessions.end(str(id))


def why_ended(request: HttpRequest, *, came_from_server: bool) -> str:
    """Why somebody has to sign in again, in a sentence; nothing where they may go on, or have a password here."""
    id = request.session.get(PROVIDER_SESSION)
    if id is None:
        return ENDED if came_from_server else ""
    user: Any = request.user
    session = sessions.current(str(id), user.pk)
    if session is None:
        return ENDED
    if settings.OIDC_RECHECK_SECONDS and session.age() <= settings.OIDC_RECHECK_SECONDS:
        return ""
    why = _asked(request, session)
    if why:
        sessions.end(session.id)
    return why


def _asked(request: HttpRequest, session: sessions.Session) -> str:
    user: Any = request.user
    if not sessions.claim(session):
        return _waited(session)
    try:
        said = provider.ask(request, session)
        given = provider_roles.roles_given(said.claims)
        people.keep_only(user, given)
    except provider.NotReached as fault:
        if fault.tokens is None:
            sessions.not_reached(session)
        else:
            sessions.kept_tokens(session, fault.tokens)
        return "" if _within_grace(session) else NOT_REACHED
    except provider.NotAny:
        people.keep_only(user, [])
        return ENDED
    except provider_roles.Overage as overage:
        people.keep_only(user, [])
        return str(overage)
    except Refused:
        return NOT_SET_UP
    if not given:
        return NO_ROLE
    sessions.checked(session, said.tokens)
    return ""


def _within_grace(session: sessions.Session) -> bool:
    return session.age() <= settings.OIDC_RECHECK_SECONDS + settings.OIDC_GRACE_SECONDS


def _waited(session: sessions.Session) -> str:
    """Wait for the request that is asking the server about the same session."""
    for _ in range(int(sessions.CLAIM_SECONDS / _POLL_SECONDS)):
        now = sessions.current(session.id, session.user_id)
        if now is None:
            return ENDED
        if now.checked_at > session.checked_at:
            return ""
        if sessions.claim(now):
            sessions.not_reached(now)
            break
        time.sleep(_POLL_SECONDS)
    return "" if _within_grace(session) else NOT_REACHED


@login_not_required
def login(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """To the server, to sign in there."""
    return _through(OAuth2LoginView, request, provider_id)


@login_not_required
def callback(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Back from the server, with a code for what it says of somebody."""
    return _through(OAuth2CallbackView, request, provider_id)


def _through(view: type[OAuth2View], request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """allauth's own view with our reading of the server's answers; a page with a sentence where it does not answer."""
    try:
        answer: HttpResponseBase = view.adapter_view(provider.Server(request, provider_id))(request)
    except SocialApp.DoesNotExist:
        raise Http404 from None
    except RequestException:
        return render(request, "socialaccount/authentication_error.html", {}, status=503)
    return answer


@login_not_required
@csrf_exempt
@never_cache
@require_POST
def signed_out_there(request: HttpRequest) -> HttpResponse:
    """The server says that somebody was signed out there: their sessions here end at once.

    A token that comes again ends only what began before it, so it can be used for nothing else.
    """
    try:
        claims = provider.logout_named(request, request.POST.get("logout_token", ""))
    except provider.NotReached:
        return HttpResponse(status=503)
    except provider.NotAny:
        return HttpResponse(
            "This is not a logout token of the sign-in server.", status=400, content_type="text/plain"
        )
    sessions.end_by_server(
        issuer=str(claims["iss"]),
        subject=str(claims.get("sub") or ""),
        sid=str(claims.get("sid") or ""),
        until=int((float(claims["iat"]) + 1) * 1_000_000),
    )
    return HttpResponse(status=200)
