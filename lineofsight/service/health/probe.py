"""A question that only this install's own `doctor` can ask: what its health page saw of a request.

The page says `ok` and nothing else to everybody. To a request that carries a word signed with the secret key,
not older than a minute, it also says the client's address, the scheme and the host as it saw them.
"""

from __future__ import annotations

from typing import TypedDict

from django.core import signing

HEADER = "X-Line-Of-Sight-Probe"
_SALT = "lineofsight.service.health.probe"
_SECONDS = 60


class Saw(TypedDict):
    """What the service saw of a request."""

    address: str
    https: bool
    host: str


def word() -> str:
    """A word that shows that whoever sends it knows the secret key."""
    return signing.dumps("doctor", salt=_SALT)


def is_ours(given: str) -> bool:
    """Whether a request carries such a word, made within the last minute."""
    try:
        return bool(signing.loads(given, salt=_SALT, max_age=_SECONDS) == "doctor")
    except signing.BadSignature:
        return False
