"""The forms of the second step: a wrong code counts towards the lock that wrong passwords count towards."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ChangePasswordForm
from allauth.account.forms import ReauthenticateForm as PasswordAgain
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from axes.handlers.proxy import AxesProxyHandler
from django.contrib.auth.signals import user_login_failed
from django.core.exceptions import ValidationError
from django.forms import CharField, PasswordInput, TextInput

from lineofsight.service.access import second_steps
from lineofsight.service.pages.forms import Form


def _check_allowed(user: Any, what: str) -> dict[str, str]:
    """The name that failures are counted by; refuses after too many of them."""
    said = {"username": user.get_username()}
    if not AxesProxyHandler.is_allowed(context.request, said):
        raise ValidationError(f"Too many wrong {what}. Try again in an hour.")
    return said


class _Counted:
    """Codes are six digits: without a count that all workers share they could be guessed."""

    user: Any
    fields: dict[str, CharField]

    def clean_code(self) -> str:
        said = _check_allowed(self.user, "codes")
        try:
            code: str = super().clean_code()  # type: ignore[misc]
            if not second_steps.use_once(self.user, code):
                raise ValidationError("used")
        except ValidationError:
            user_login_failed.send(sender=type(self), credentials=said, request=context.request)
            raise ValidationError(
                "That code is wrong or was already used. Wait for the next code and try again."
            ) from None
        return code


class CodeForm(_Counted, AuthenticateForm):
    """The code asked for after the password."""


class CodeAgainForm(_Counted, ReauthenticateForm):
    """The code asked for again before the second step is changed."""


def _say_what_is_missing(fields: dict[str, Any]) -> None:
    """An empty field says what to enter, not that it is required."""
    for field in fields.values():
        field.error_messages["required"] = f"Enter the {str(field.label).lower()}."


class ChangeOwnPasswordForm(ChangePasswordForm):
    """Changing one's own password: a wrong old one counts like a wrong password at sign-in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say_what_is_missing(self.fields)

    def clean_oldpassword(self) -> str:
        """The old password, where it is right."""
        said = _check_allowed(self.user, "passwords")
        try:
            old: str = super().clean_oldpassword()
        except ValidationError:
            user_login_failed.send(sender=type(self), credentials=said, request=context.request)
            raise
        return old


class PasswordAgainForm(PasswordAgain):
    """The password asked for again before the second step is changed; wrong ones count alike."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say_what_is_missing(self.fields)

    def clean_password(self) -> str:
        """The password, where it is right."""
        said = _check_allowed(self.user, "passwords")
        try:
            password: str = super().clean_password()
        except ValidationError:
            user_login_failed.send(sender=type(self), credentials=said, request=context.request)
            raise
        return password


def _new_password(label: str, hint: str = "") -> CharField:
    widget = PasswordInput({"autocomplete": "new-password"})
    return CharField(label=label, help_text=hint, required=False, max_length=4096, strip=False, widget=widget)


class ChooseForm(Form):
    """Choosing a password with a one-time link, and the code that goes with it where one is needed."""

    code = CharField(
        required=False,
        max_length=40,
        help_text="8 letters and numbers, from the person who confirmed your access",
        widget=TextInput({"autocapitalize": "characters", "class": "govuk-input--width-10"}),
    )
    password = _new_password("New password", "At least 12 characters")
    again = _new_password("Repeat the new password")

    def __init__(self, *posted: Any, needs_code: bool) -> None:
        super().__init__(*posted)
        if not needs_code:
            del self.fields["code"]

    def clean(self) -> dict[str, Any]:
        """That the password was typed twice alike."""
        if self.cleaned_data.get("password") != self.cleaned_data.get("again"):
            self.add_error("again", "The two passwords are not the same; type them again.")
        return self.cleaned_data
