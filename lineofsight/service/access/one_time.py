"""One-time links by which somebody chooses a password: nobody is ever shown, or types, another person's."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from lineofsight.service.access import confirming, people
from lineofsight.service.access.viewer import Viewer
from lineofsight.service.models import OneTimeLink
from lineofsight.service.store import chain, clock
from lineofsight.vocabulary.moments import microseconds
from lineofsight.vocabulary.refusal import Refused

HOURS = 4
_HOUR = 3_600_000_000
_MOST_WRONG = 5
ENDED = "This link has been used or has ended. Ask your administrator for a new one."


@dataclass(frozen=True)
class Opened:
    """A link that still stands: whose password it is for, and whether a code is needed beside it."""

    name: str
    needs_code: bool


def make(name: str, *, viewer: Viewer) -> str:
    """Make a link for somebody whose password was reset, or who has none yet; what stands in it is given once."""
    with chain.writing():
        user = people.theirs(name, viewer)
        if people.signs_in_elsewhere(user):
            raise Refused("This person signs in at your organisation's server and needs no password here.")
        if user.has_usable_password():
            raise Refused("This person has a password. Reset it first, if they cannot sign in.")
        awaited = confirming.code_awaited(user)
        if confirming.holds_guarded(user) and awaited is None:
            raise Refused(
                "Their password has to be reset again, and confirmed by a second person, before a link is made."
            )
        if awaited is not None and awaited.decided_by == viewer.by:
            raise Refused(
                "You confirmed this and were shown the code; another administrator has to make the link."
            )
        _end(user)
        token = secrets.token_urlsafe(32)
        now = _now()
        OneTimeLink.objects.create(
            user=user,
            token_hash=confirming.hash_of(token),
            code_hash=awaited.code_hash if awaited else "",
            made_by=viewer.by,
            made_at=now,
            until=now + HOURS * _HOUR,
        )
        people.note(user, people.LINK_MADE, viewer.by)
    return token


def _end(user: User) -> None:
    for link in OneTimeLink.objects.filter(user=user, ended_at=None):
        link.ended_at = _now()
        link.save()


def opened(token: str) -> Opened:
    """What a link is for; a refusal where it does not stand, whatever the reason."""
    link = _standing(token)
    return Opened(link.user.get_username(), bool(link.code_hash))


class WrongCode(Refused):
    """The code that goes with a link is not the one that was given."""

    def __init__(self) -> None:
        super().__init__("That code is not right. Ask whoever confirmed your access for it.")


def choose(token: str, code: str, password: str, again: str) -> str:
    """Choose a password with a link, and the code where one is needed; gives the person's name."""
    if password != again:
        raise Refused("The two passwords are not the same; type them again.")
    with chain.writing():
        link = _standing(token)
        right = not link.code_hash or hmac.compare_digest(link.code_hash, confirming.hash_of(code))
        if not right:
            link.wrong += 1
            link.ended_at = _now() if link.wrong >= _MOST_WRONG else None
            link.save()
        else:
            _set(link.user, password)
            _end(link.user)
    if not right:  # outside the transaction, so that the count of wrong codes stays
        raise WrongCode if link.ended_at is None else Refused(ENDED)
    return link.user.get_username()


def _set(user: User, password: str) -> None:
    try:
        validate_password(password, user)
    except ValidationError as fault:
        raise Refused(" ".join(fault.messages)) from None
    user.set_password(password)
    user.save(update_fields=["password"])
    people.note_password_chosen(user)


def _standing(token: str) -> OneTimeLink:
    found = OneTimeLink.objects.filter(token_hash=confirming.hash_of(token), ended_at=None, until__gt=_now())
    link = found.select_related("user").first()
    if link is None or not link.user.is_active:
        raise Refused(ENDED)
    # What was awaited when the link was made must still be: a later reset asks for another code.
    awaited = confirming.code_awaited(link.user)
    if confirming.holds_guarded(link.user) and (awaited is None or awaited.code_hash != link.code_hash):
        raise Refused(ENDED)
    return link


def _now() -> int:
    return microseconds(clock.now())
