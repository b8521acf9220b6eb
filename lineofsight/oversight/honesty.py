"""What an improvement plan does not say of itself: closed on nothing, put off, left by its owners."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from lineofsight.oversight.improvement import DONE, Action


@dataclass(frozen=True)
class Honesty:
    """What a plan does not say of itself."""

    closed_without_evidence: list[Action]
    moved: list[Action]
    owners_left: list[Action]
    overdue: list[Action]


def honesty(found: Iterable[Action], day: date) -> Honesty:
    """Actions said done with nothing that shows it, whose day was moved, whose owner has left, whose day has passed."""
    found = list(found)
    return Honesty(
        [one for one in found if one.standing in DONE and not one.evidence],
        [one for one in found if len(one.dues) > 1],
        [one for one in found if one.owner_left],
        [one for one in found if one.is_overdue(day)],
    )
