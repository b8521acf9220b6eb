"""How allauth is to behave here: nobody signs up, secrets are kept encrypted, a server's roles are taken at each sign-in."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Mapping
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet, InvalidToken
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import render

from lineofsight.service.access import people
from lineofsight.service.access.boxes import box
from lineofsight.service.access.provider_roles import Given, Overage, roles_given
from lineofsight.vocabulary.refusal import Refused


class Accounts(DefaultAccountAdapter):
    """People are added by an administrator or by the organisation's server, never by themselves."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth passes it
        """Never."""
        return False

    def set_password(self, user: Any, password: str) -> None:
        """Somebody chose a password of their own."""
        super().set_password(user, password)
        people.note_password_chosen(user)


class SecondSteps(DefaultMFAAdapter):
    """Secrets of the second step lie in the database encrypted with the service's key."""

    def encrypt(self, text: str) -> str:
        """Only a process that has the key can read it."""
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """What was encrypted; where the key is another, a secret that no code matches."""
        try:
            return _box().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return base64.b32encode(secrets.token_bytes(20)).decode()


def _box() -> Fernet:
    return box(b"second step")


class Elsewhere(DefaultSocialAccountAdapter):
    """Signing in at the organisation's server."""

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: Mapping[str, Any]) -> Any:
        """Only the name they sign in with is kept of what the server says of them."""
        user = super().populate_user(request, sociallogin, {"username": data.get("username")})
        sociallogin.email_addresses = []
        return user

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Take the roles the server says, anew at every sign-in; whoever has none is turned away."""
        if (
            request.user.is_authenticated
        ):  # signing in is all it is for: nobody ties another's account to their own
            raise PermissionDenied
        given = _given(request, sociallogin)
        if sociallogin.is_existing:
            people.keep_only(sociallogin.user, given)
        if not given:
            raise ImmediateHttpResponse(render(request, "socialaccount/no_role.html", {}, status=403))

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Whoever has a role."""
        return bool(_given(request, sociallogin))

    def save_user(self, request: HttpRequest, sociallogin: Any, form: Any = None) -> User:
        """Somebody new, with the roles the server says."""
        given = _given(request, sociallogin)
        user: User = super().save_user(request, sociallogin, form)
        people.keep_only(user, given)
        return user


def _given(request: HttpRequest, sociallogin: Any) -> list[Given]:
    """The roles that the server gives; a page with a sentence where nobody can tell which."""
    found = sociallogin.account.extra_data
    claims: dict[str, Any] = found.get("id_token", found)
    try:
        return roles_given(claims)
    except Overage as overage:
        if sociallogin.is_existing:
            people.keep_only(sociallogin.user, [])
        why = str(overage)
    except Refused:
        why = "The list that says which group has which role cannot be read. Ask the people who run this service."
    page = render(request, "socialaccount/no_role.html", {"why": why}, status=403)
    raise ImmediateHttpResponse(page)
