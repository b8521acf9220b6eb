"""Sessions of people who signed in at the organisation's server: begun, checked again and ended.

A session here lasts only as long as the server goes on saying that the person has a role. Tokens with which it is asked are stored
encrypted, in a row that ends with the session.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from typing import Any

from cryptography.fernet import InvalidToken
from django.conf import settings

from lineofsight.service.access.boxes import box
from lineofsight.service.models import ProviderSession
from lineofsight.service.store import clock
from lineofsight.vocabulary.moments import microseconds

_SECOND = 1_000_000
_PURPOSE = b"sign-in tokens"
CLAIM_SECONDS = 15
"""For how long one request may be asking the server about a session while the others wait for it."""


@dataclass(frozen=True)
class Tokens:
    """With what the server is asked about somebody again. `refresh` is empty where the server gave none."""

    access: str
    refresh: str


@dataclass(frozen=True)
class Session:
    """A session as it stands: whose it is, what the server calls them, and when it was last asked."""

    id: str
    user_id: int
    subject: str
    checked_at: int
    tokens: Tokens

    def age(self) -> float:
        """Seconds since the server last said that the person has a role."""
        return (microseconds(clock.now()) - self.checked_at) / _SECOND


def begin(user: Any, *, issuer: str, subject: str, sid: str, tokens: Tokens) -> str:
    """Write down a session that begins; gives the name by which the browser's session knows it."""
    now = microseconds(clock.now())
    oldest = now - 2 * settings.SESSION_COOKIE_AGE * _SECOND
    ProviderSession.objects.filter(begun_at__lt=oldest).delete()
    made = ProviderSession.objects.create(
        id=secrets.token_hex(16),
        user=user,
        issuer=issuer[:500],
        subject=subject[:255],
        sid=sid[:255],
        begun_at=now,
        checked_at=now,
        tokens=_sealed(tokens),
    )
    return made.id


def current(id: str, user_id: int) -> Session | None:
    """A session that has not ended; None where it has, is another person's, or its tokens cannot be opened."""
    row = ProviderSession.objects.filter(pk=id, user_id=user_id, ended_at=None).first()
    tokens = _opened(row.tokens) if row else None
    if row is None or tokens is None:
        return None
    return Session(row.id, row.user_id, row.subject, row.checked_at, tokens)


def claim(session: Session) -> bool:
    """Whether this request is the one that asks the server now: two with one refresh token would end the session."""
    now = microseconds(clock.now())
    free = ProviderSession.objects.filter(
        pk=session.id, ended_at=None, checked_at=session.checked_at, asking_until__lt=now
    )
    return free.update(asking_until=now + CLAIM_SECONDS * _SECOND) == 1


def checked(session: Session, tokens: Tokens) -> None:
    """The server said that the person still has a role."""
    now = microseconds(clock.now())
    ProviderSession.objects.filter(pk=session.id, ended_at=None).update(
        checked_at=now, asking_until=0, tokens=_sealed(tokens)
    )


def kept_tokens(session: Session, tokens: Tokens) -> None:
    """The server gave other tokens, and then could not say who the person is: the old ones may be used up."""
    ProviderSession.objects.filter(pk=session.id, ended_at=None).update(
        asking_until=0, tokens=_sealed(tokens)
    )


def not_reached(session: Session) -> None:
    """The server could not be asked: the next request tries again."""
    ProviderSession.objects.filter(pk=session.id, ended_at=None).update(asking_until=0)


def end(id: str) -> None:
    """End one session."""
    ProviderSession.objects.filter(pk=id, ended_at=None).update(ended_at=microseconds(clock.now()), tokens="")


def end_by_server(*, issuer: str, subject: str, sid: str, until: int) -> int:
    """End the sessions that the server names and that began by a moment (microseconds); gives how many."""
    found = ProviderSession.objects.filter(issuer=issuer, ended_at=None, begun_at__lte=until)
    if subject:
        found = found.filter(subject=subject)
    if sid:
        found = found.filter(sid=sid)
    return found.update(ended_at=microseconds(clock.now()), tokens="")


def _sealed(tokens: Tokens) -> str:
    text = json.dumps([tokens.access, tokens.refresh])
    return box(_PURPOSE).encrypt(text.encode()).decode()


def _opened(text: str) -> Tokens | None:
    try:
        access, refresh = json.loads(box(_PURPOSE).decrypt(text.encode()))
    except (InvalidToken, ValueError):
        return None
    return Tokens(access, refresh)
