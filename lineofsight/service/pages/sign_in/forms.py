"""The forms of the second step: a wrong code counts towards the lock that wrong passwords count towards."""

from __future__ import annotations

from typing import Any

from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from axes.handlers.proxy import AxesProxyHandler
from django.contrib.auth.signals import user_login_failed
from django.core.exceptions import ValidationError
from django.forms import CharField


class _Counted:
    """Codes are six digits: without a count that all workers share they could be guessed."""

    user: Any
    fields: dict[str, CharField]

    def clean_code(self) -> str:
        said = {"username": self.user.get_username()}
        if not AxesProxyHandler.is_allowed(context.request, said):
            raise ValidationError("Too many wrong codes. Try again in an hour.")
        try:
            code: str = super().clean_code()  # type: ignore[misc]
        except ValidationError:
            user_login_failed.send(sender=type(self), credentials=said, request=context.request)
            raise ValidationError(
                "That code is not right, or was used before. Wait for the next one."
            ) from None
        return code


class CodeForm(_Counted, AuthenticateForm):
    """The code asked for after the password."""


class CodeAgainForm(_Counted, ReauthenticateForm):
    """The code asked for again before the second step is changed."""
