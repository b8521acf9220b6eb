"""An open case, and children who wait for a worker: in whose name they wait, and who is given a worker next."""

from __future__ import annotations

from dataclasses import dataclass

from lineofsight.samples.county import story
from lineofsight.samples.county.cases import CARE, DISABLED, PROTECTION, YEAR, Case
from lineofsight.samples.county.dice import Dice, Weighted
from lineofsight.samples.county.involvements import Involvement
from lineofsight.samples.county.teams import BY_ID, Team, Worker

TEAM, NOBODY, MANAGER, DUTY = "team", "nobody", "manager", "duty"
_AT_FIRST = Weighted({TEAM: 58, NOBODY: 27, MANAGER: 15})
_LATER = Weighted({TEAM: 47, NOBODY: 18, MANAGER: 35})
_AT_THE_FRONT_DOOR = Weighted({TEAM: 50, NOBODY: 15, MANAGER: 5, DUTY: 30})
_LEAVING_CARE_AGE = 16
_OF_HOW_MANY = 4


@dataclass(eq=False, slots=True)
class Open:
    """A child whose case is open: who answers, or since when and how the child waits."""

    case: Case
    team: Team
    row: Involvement | None = None
    worker: Worker | None = None
    waits_since: int | None = None
    support: Involvement | None = None
    frozen: bool = False
    """In the name of a worker who has left, and nobody has noticed."""


def team_of(case: Case, day: int) -> Team:
    """Which team answers for a case on a day."""
    area = "north" if case.child.north else "south"
    number = case.child.number
    if case.assessed > day:
        return BY_ID[f"{area}-assessment-{number % 2 + 1}"]
    if case.path == DISABLED:
        return BY_ID["disabled-children"]
    if case.path == CARE:
        grown = (day - case.child.born) / YEAR >= _LEAVING_CARE_AGE
        return BY_ID["leaving-care" if grown else f"{area}-looked-after-1"]
    return BY_ID[f"{area}-safeguarding-{number % 3 + 1}"]


def how(dice: Dice, day: int, *, assessing: bool) -> str:
    """In whose name a child waits: as time goes on, more and more in a manager's."""
    if assessing:
        return dice.weighted(_AT_THE_FRONT_DOOR)
    return dice.weighted(_AT_FIRST if day < story.PARKED.toordinal() else _LATER)


def next_of(dice: Dice, waiting: list[Open]) -> Open | None:
    """Who is given a worker next: of some who wait the one most urgent, so that others wait very long."""
    ready = waiting if not any(one.frozen for one in waiting) else [one for one in waiting if not one.frozen]
    some = [dice.of(ready) for _ in range(_OF_HOW_MANY if ready else 0)]
    return max(some, key=_urgency, default=None)


def _urgency(open_case: Open) -> tuple[int, int]:
    return {CARE: 2, PROTECTION: 1}.get(open_case.case.path, 0), open_case.waits_since or 0
