"""Addresses of signing in. What allauth offers beside these is not reachable; the names are those it looks for."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LogoutView
from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver, path
from django.views.generic import TemplateView

from lineofsight.service.pages.sign_in import recheck, views


def _whole(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """What a form changes of a sign-in, and the seal of it, are written in one transaction."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: object, **named: object) -> HttpResponseBase:
        if request.method != "POST":
            return view(request, *args, **named)
        with transaction.atomic():
            return view(request, *args, **named)

    return wrapped


_elsewhere: list[URLPattern | URLResolver] = [
    path("sign-in/<str:provider_id>/login/", recheck.login, name="openid_connect_login"),
    path("sign-in/<str:provider_id>/login/callback/", recheck.callback, name="openid_connect_callback"),
    path("sign-in/organisation/logout/", recheck.signed_out_there, name="signed-out-there"),
    path(
        "sign-in/cancelled/",
        login_not_required(TemplateView.as_view(template_name="socialaccount/login_cancelled.html")),
        name="socialaccount_login_cancelled",
    ),
]
"""Only where the settings name a server."""

urlpatterns: list[URLPattern | URLResolver] = [
    path("sign-in/", login_not_required(account.login), name="sign-in"),
    path("sign-in/", login_not_required(account.login), name="account_login"),
    path("sign-in/code/", login_not_required(_whole(mfa.authenticate)), name="mfa_authenticate"),
    path("sign-in/choose/<str:token>/", views.choose_password, name="choose-password"),
    path(
        "sign-in/stopped/",
        login_not_required(TemplateView.as_view(template_name="account/account_inactive.html")),
        name="account_inactive",
    ),
    path("sign-in/again/", _whole(account.reauthenticate), name="account_reauthenticate"),
    path("sign-in/again/code/", _whole(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("sign-out/", LogoutView.as_view(), name="sign-out"),
    path("sign-out/", LogoutView.as_view(), name="account_logout"),
    path("my-access/password/", _whole(views.change_password), name="account_change_password"),
    path("my-access/second-step/", mfa.index, name="mfa_index"),
    path("my-access/second-step/make/", _whole(totp.activate_totp), name="mfa_activate_totp"),
    path("my-access/second-step/remove/", _whole(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("my-access/second-step/codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "my-access/second-step/codes/new/",
        _whole(codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    *(_elsewhere if settings.OIDC_SERVER_URL else []),
]
