"""The days on which the fictional county's story turns, played in their order."""

from __future__ import annotations

from lineofsight.samples.county import story
from lineofsight.samples.county.cases import NEED
from lineofsight.samples.county.simulation import FIRST, LAST, Answering
from lineofsight.samples.county.teams import BY_ID
from lineofsight.samples.county.waiting import MANAGER, TEAM

_TROUBLED_TEAM = "north-safeguarding-1"
_LEAVERS_TEAM = "south-safeguarding-2"


def play(county: Answering) -> None:
    """Play every day from the first to the last: the story turns after cases have opened and closed."""
    for day in range(FIRST, LAST + 1):
        county.begin_day(day)
        _turn(county, day)
        county.end_day(day)


def _turn(county: Answering, day: int) -> None:
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
    for open_case in had[: _scaled(county, story.BACKDATED_CHILDREN / 2)]:
        since = max(first, open_case.waits_since or 0)
        county.give(open_case, day, begun=county.dice.whole(since, last), lag=0)


def _take_back(county: Answering, day: int) -> None:
    """After the visit, children whose worker was entered for it wait again."""
    entered = {one.toordinal() for one in story.ENTERED_BEFORE_THE_VISIT}
    given = [
        one
        for one in county.open.values()
        if one.worker and one.row and one.row.entered in entered and one.row.begun < one.row.entered - 3
    ]
    for open_case in given[: _scaled(county, story.TAKEN_BACK_CHILDREN)]:
        county.wait(open_case, day, TEAM)


def _park(county: Answering, day: int) -> None:
    """Children who wait in one team are put in its manager's name."""
    own = [one for one in county.waiting if one.team.id == _TROUBLED_TEAM]
    others = [
        one
        for one in county.waiting
        if one.team.id != _TROUBLED_TEAM and one.case.path == NEED and one.case.assessed <= day
    ]
    for open_case in [*own, *others][: _scaled(county, story.PARKED_CHILDREN)]:
        open_case.team = BY_ID[_TROUBLED_TEAM]
        county.wait(open_case, day, MANAGER)


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
        open_case = county.open[number]
        del leaver.children[number]
        open_case.worker, open_case.waits_since, open_case.frozen = None, day, True
        open_case.case.closed = max(open_case.case.closed, until + 60)
        county.waiting.append(open_case)


def _find(county: Answering, day: int) -> None:
    """The children in the leaver's name are noticed: now their team alone stands there."""
    for open_case in [one for one in county.waiting if one.frozen]:
        open_case.frozen = False
        county.wait(open_case, day, TEAM)


def _close_without_reason(county: Answering, day: int) -> None:
    """Within a week many who wait are closed, and nobody says why."""
    ready = [one for one in county.waiting if one.case.path == NEED and not one.frozen]
    for open_case in ready[: _scaled(county, story.SPREE_CHILDREN / 5)]:
        open_case.case.reason = None
        county.close(open_case, day, day)
