"""Changing one's own password, for those who have one here; and where else somebody may sign in."""

from __future__ import annotations

from typing import Any

from allauth.account.views import PasswordChangeView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lineofsight.service.access import one_time
from lineofsight.service.pages.forms import RefusedAt, posted
from lineofsight.service.pages.sign_in.forms import ChooseForm
from lineofsight.service.receive import loading
from lineofsight.vocabulary.refusal import Refused

_change = PasswordChangeView.as_view(success_url=reverse_lazy("sign-in"))


def change_password(request: HttpRequest) -> HttpResponse:
    """Choose another password; afterwards one signs in with it."""
    if not request.user.is_authenticated or not request.user.has_usable_password():
        raise Http404
    response: HttpResponse = _change(request)
    return response


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def choose_password(request: HttpRequest, token: str) -> HttpResponse:
    """Choose a password with a one-time link; afterwards one signs in with it."""
    try:
        link = one_time.opened(token)
    except Refused as ended:
        return _ended(request, ended)
    form = ChooseForm(*posted(request), needs_code=link.needs_code)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            one_time.choose(token, given.get("code", ""), given["password"], given["again"])
        except Refused as refused:
            if str(refused) == one_time.ENDED:
                return _ended(request, refused)
            wrong_code = isinstance(refused, one_time.WrongCode)
            form.refuse(RefusedAt("code" if wrong_code else "password", str(refused)))
        else:
            messages.success(request, "Your password is set. Sign in with it.")
            return redirect("sign-in")
    context = {"link": link, "form": form}
    return render(request, "account/choose_password.html", context, status=422 if form.is_bound else 200)


def _ended(request: HttpRequest, refused: Refused) -> HttpResponse:
    return render(request, "account/choose_password.html", {"refused": str(refused)}, status=410)


def being_loaded(request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001 - Django passes it
    """What the demonstration is still loading, for the head of every page."""
    return {"loading": loading.now()}


def mode_of_home(request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001 - Django passes it
    """Whether this is a public record, a service or, for a demonstration, both: pages say so and link accordingly."""
    return {"mode_of_home": settings.MODE}


def servers(request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001 - Django passes it
    """The organisation's sign-in server, for the page of signing in."""
    if not settings.OIDC_SERVER_URL:
        return {}
    href = reverse("openid_connect_login", args=["organisation"])
    return {"sign_in_servers": [{"name": settings.OIDC_NAME, "href": href}]}
