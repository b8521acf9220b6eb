"""The record's head and whether it holds, as pages show it."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime

from lineofsight.service.access.records import state
from lineofsight.service.access.view import present
from lineofsight.service.store import verify

_MOST_SECONDS = 300


@dataclass(frozen=True)
class Kept:
    """The head, what verifying it found, and when."""

    verified: verify.Verified
    at: datetime
    head: str


_last: dict[str, Kept] = {}
_verifying = threading.Lock()


def kept() -> Kept:
    """The record verified: anew where its head has moved or five minutes have passed, else as last found.

    One request at a time verifies; the others are given what was last found, with the moment it was.
    """
    head, found = state(), _last.get("kept")
    if found is not None and found.head == head and (present() - found.at).total_seconds() <= _MOST_SECONDS:
        return found
    if not _verifying.acquire(blocking=found is None):
        return found or _verified(head)
    try:
        return _verified(head)
    finally:
        _verifying.release()


def _verified(head: str) -> Kept:
    found = _last["kept"] = Kept(verify.verify(), present(), head)
    return found
