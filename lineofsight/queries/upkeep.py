"""What commands that keep an install in order answer: `doctor` and `restore-drill`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

OK: Literal["ok"] = "ok"
LOOK: Literal["look at this"] = "look at this"
BROKEN: Literal["broken"] = "broken"


@dataclass(frozen=True)
class Result:
    """One line of `doctor`: what was checked, how it stands, what was seen and what to do about it."""

    check: str
    state: Literal["ok", "look at this", "broken"]
    seen: str
    do: str = ""


@dataclass(frozen=True)
class Doctor:
    """Every check. `in_order`: nothing is broken (with --strict: nothing is to be looked at either)."""

    in_order: bool
    checks: list[Result]


@dataclass(frozen=True)
class Drill:
    """How a restore drill ended. `behind`: how many links the record has had since; null where it is another record's."""

    backup: str
    """The name of the backup's file."""
    holds: bool
    links: int
    behind: int | None
    seconds: float
    """How long restoring and verifying every row took."""
    said: str
    """What the restore said where the backup does not hold."""
