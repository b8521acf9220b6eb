"""Checks on an improvement plan: closed without evidence, postponed, without its first owner, overdue."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from lineofsight.oversight.improvement import DONE, Action


@dataclass(frozen=True)
class PlanChecks:
    """The actions that each check finds."""

    closed_without_evidence: list[Action]
    moved: list[Action]
    owners_left: list[Action]
    overdue: list[Action]


def honesty(found: Iterable[Action], day: date) -> PlanChecks:
    """Actions reported complete without evidence, with a moved due day, with an owner who left, or overdue."""
    found = list(found)
    return PlanChecks(
        [one for one in found if one.standing in DONE and not one.evidence],
        [one for one in found if len(one.dues) > 1],
        [one for one in found if one.owner_left],
        [one for one in found if one.is_overdue(day)],
    )
