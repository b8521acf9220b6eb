"""The record's head and whether it holds, as pages show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lineofsight.service import ledger, verify
from lineofsight.service.access.view import present

_MOST_SECONDS = 300


@dataclass(frozen=True)
class Kept:
    """The head, what verifying it found, and when."""

    verified: verify.Verified
    at: datetime
    head: str


_last: dict[str, Kept] = {}


def kept() -> Kept:
    """The record verified: anew where its head has moved or five minutes have passed, else as last found."""
    newest = ledger.head()
    head = newest.hash if newest else ""
    found = _last.get("kept")
    now = present()
    if found is None or found.head != head or (now - found.at).total_seconds() > _MOST_SECONDS:
        found = _last["kept"] = Kept(verify.verify(), now, head)
    return found


def link_count() -> int:
    """How many links the chain has."""
    newest = ledger.head()
    return newest.number if newest else 0
