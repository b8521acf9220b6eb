"""Children who wait for a worker: in whose name, who comes next, and the days on which the story turns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lineofsight.samples.county import story
from lineofsight.samples.county.cases import CARE, DISABLED, NEED, PROTECTION, YEAR, Case
from lineofsight.samples.county.dice import Dice, Weighted
from lineofsight.samples.county.teams import BY_ID, Team

if TYPE_CHECKING:
    from lineofsight.samples.county.answering import Answering, Open

TEAM, NOBODY, MANAGER, DUTY = "team", "nobody", "manager", "duty"
_AT_FIRST = Weighted({TEAM: 58, NOBODY: 27, MANAGER: 15})
_LATER = Weighted({TEAM: 47, NOBODY: 18, MANAGER: 35})
_AT_THE_FRONT_DOOR = Weighted({TEAM: 50, NOBODY: 15, MANAGER: 5, DUTY: 30})
_LEAVING_CARE_AGE = 16
_OF_HOW_MANY = 4
_TROUBLED_TEAM = "north-safeguarding-1"
_LEAVERS_TEAM = "south-safeguarding-2"


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


def _urgency(one: Open) -> tuple[int, int]:
    return {CARE: 2, PROTECTION: 1}.get(one.case.path, 0), one.waits_since or 0


def turn_of_the_story(county: Answering, day: int) -> None:
    """What happens on a day that the story names."""
    if day in {one.toordinal() for one in story.ENTERED_BEFORE_THE_VISIT}:
        _backdate(county, day)
    elif day == story.TAKEN_BACK.toordinal():
        _take_back(county, day)
    elif day == story.PARKED.toordinal():
        _park(county, day)
    elif day == story.LEAVER_LEFT.toordinal():
        _leave_without_handing_over(county, day)
    elif day == story.LEAVER_FOUND.toordinal():
        _find(county, day)
    elif story.SPREE[0].toordinal() <= day <= story.SPREE[1].toordinal():
        _close_without_reason(county, day)


def _scaled(county: Answering, number: float) -> int:
    return max(2, round(number * county.scale))


def _backdate(county: Answering, day: int) -> None:
    """Those who wait are given workers from a day weeks ago, so that the days since look better than they were."""
    first, last = (one.toordinal() for one in story.BACKDATED_TO)
    had = [one for one in county.waiting if one.waits_since is not None and one.waits_since <= last]
    for one in had[: _scaled(county, story.BACKDATED_CHILDREN / 2)]:
        since = max(first, one.waits_since or 0)
        county.give(one, day, begun=county.dice.whole(since, last), lag=0)


def _take_back(county: Answering, day: int) -> None:
    """After the visit, children whose worker was entered for it wait again."""
    entered = {one.toordinal() for one in story.ENTERED_BEFORE_THE_VISIT}
    given = [one for one in county.open.values() if one.worker and one.row and one.row.entered in entered
             and one.row.begun < one.row.entered - 3]  # fmt: skip
    for one in given[: _scaled(county, story.TAKEN_BACK_CHILDREN)]:
        county.wait(one, day, TEAM)


def _park(county: Answering, day: int) -> None:
    """Children who wait in one team are put in its manager's name."""
    own = [one for one in county.waiting if one.team.id == _TROUBLED_TEAM]
    others = [one for one in county.waiting if one.team.id != _TROUBLED_TEAM and one.case.path == NEED
              and one.case.assessed <= day]  # fmt: skip
    for one in [*own, *others][: _scaled(county, story.PARKED_CHILDREN)]:
        one.team = BY_ID[_TROUBLED_TEAM]
        county.wait(one, day, MANAGER)


def _leave_without_handing_over(county: Answering, day: int) -> None:
    """A worker leaves and the children stay in her name; the day before she had exactly so many."""
    wanted = _scaled(county, story.LEAVER_CHILDREN)
    holders = county.staff.holders[_LEAVERS_TEAM]
    leaver = min(
        holders, key=lambda one: (len(one.children) < wanted, abs(len(one.children) - wanted), one.number)
    )
    until = story.LEAVER_FOUND.toordinal()
    lasting = sorted(leaver.children, key=lambda number: (county.open[number].case.closed <= until, number))
    for number in lasting[wanted:]:
        county.wait(county.open[number], day, TEAM)
    county.staff.leaves(leaver, day)
    for number in list(leaver.children):
        one = county.open[number]
        del leaver.children[number]
        one.worker, one.waits_since, one.frozen = None, day, True
        one.case.closed = max(one.case.closed, until + 60)
        county.waiting.append(one)


def _find(county: Answering, day: int) -> None:
    """The children in the leaver's name are noticed: now their team alone stands there."""
    for one in [one for one in county.waiting if one.frozen]:
        one.frozen = False
        county.wait(one, day, TEAM)


def _close_without_reason(county: Answering, day: int) -> None:
    """Within a week many who wait are closed, and nobody says why."""
    ready = [one for one in county.waiting if one.case.path == NEED and not one.frozen]
    for one in ready[: _scaled(county, story.SPREE_CHILDREN / 5)]:
        one.case.reason = None
        county.close(one, day, day)
