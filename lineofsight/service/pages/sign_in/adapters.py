"""How allauth is to behave here: nobody signs up, secrets are kept encrypted, a server's roles are taken at each sign-in."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Mapping
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import render

from lineofsight.service.access import people
from lineofsight.service.access.roles import Role
from lineofsight.vocabulary.identifiers import authority_code
from lineofsight.vocabulary.refusal import Refused

BY_SERVER = "the sign-in server"
"""Who gave a role that came from the organisation's server; no person can be called so."""


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
    key = hashlib.blake2b(settings.SECRET_KEY.encode(), digest_size=32, person=b"second step").digest()
    return Fernet(base64.urlsafe_b64encode(key))


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
        roles = roles_said(_claims(sociallogin), sociallogin.user.username)
        if sociallogin.is_existing:
            people.keep_only(sociallogin.user, roles, by=BY_SERVER)
        if not roles:
            raise ImmediateHttpResponse(render(request, "socialaccount/no_role.html", {}, status=403))

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:  # noqa: ARG002 - as above
        """Whoever has a role."""
        return bool(roles_said(_claims(sociallogin), sociallogin.user.username))

    def save_user(self, request: HttpRequest, sociallogin: Any, form: Any = None) -> User:
        """Somebody new, with the roles the server says."""
        user: User = super().save_user(request, sociallogin, form)
        people.keep_only(user, roles_said(_claims(sociallogin), user.username), by=BY_SERVER)
        return user


def _claims(sociallogin: Any) -> dict[str, Any]:
    found = sociallogin.account.extra_data
    claims: dict[str, Any] = found.get("id_token", found)
    return claims


def roles_said(claims: Mapping[str, Any], name: str) -> list[people.Wanted]:
    """The roles that a server's claims give here, by the mapping of the settings."""
    said = claims.get(settings.OIDC_ROLES_CLAIM, [])
    values = {said} if isinstance(said, str) else {one for one in said if isinstance(one, str)}
    worker = str(claims.get(settings.OIDC_WORKER_CLAIM, ""))
    found = []
    for line in filter(None, map(str.strip, settings.OIDC_ROLES.split(";"))):
        value, _, meant = line.partition("=")
        if value.strip() in values:
            found += _meant(meant, name, worker)
    return found


def _meant(text: str, name: str, worker: str) -> list[people.Wanted]:
    """One line's role; none where what bounds it is not known, for a role without its bound is none."""
    role, _, where = text.strip().partition("@")
    authority, _, team = where.partition("/")
    bound = worker if role == Role.WORKER else ""
    try:
        return [people.wanted(name or "x", role, authority_code(authority), team=team, worker=bound)]
    except Refused:
        return []
