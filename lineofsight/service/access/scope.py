"""Which children of an authority are within a person's sight, by who has them in hand on a day.

A child is in a team's or a worker's hands by any involvement in force on the day, of a source that
tells who answers. Where none in force names a team, the child is in the hands of the last team
that an involvement named: nobody else could ask why nobody answers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import lru_cache
from typing import Any

import narwhals.stable.v2 as nw
from django.core.exceptions import PermissionDenied

from lineofsight.allocation.answering import coded_spans, involvement_spans
from lineofsight.allocation.knowledge import Knowledge, day_of
from lineofsight.allocation.owners import FIRST_DAY
from lineofsight.record import frames
from lineofsight.record.tables.referrals import EPISODE
from lineofsight.service.access import attempts
from lineofsight.service.access.knowledge import Held, held
from lineofsight.service.access.roles import Permission
from lineofsight.service.access.sight import Sight, closed_to, opened_by_glass
from lineofsight.service.store import chain, clock
from lineofsight.vocabulary.moments import end_of, london_day, microseconds

_Sets = dict[str, frozenset[str]]


@dataclass(frozen=True)
class Hands:
    """The children of a day by the team and by the worker in whose hands they are."""

    by_team: _Sets
    by_worker: _Sets


class Standing(Enum):
    """How a person stands to a child."""

    OPEN = "may be opened"
    OUT_OF_SCOPE = "answered for by others"
    RESTRICTED = "restricted to named people"


def hands(authority: str, day: date, known_by: int, *, witnessed: bool = False) -> Hands:
    """In whose hands each child is on a day, known by a moment; reckoned once for each state of the record."""
    moment = _last_heard(held(authority, witnessed=witnessed), known_by)
    return _hands(authority, day.toordinal(), moment, witnessed, chain.state())


def _last_heard(one: Held, moment: int) -> int:
    """The last moment at which anything became known, so that all moments until the next share an answer."""
    heard = [said.moment for said in one.knowledge.heard] + [said.moment for said in one.deliveries]
    return max((at for at in heard if at <= moment), default=0)


@lru_cache(maxsize=16)
def _hands(authority: str, day: int, moment: int, witnessed: bool, _state: str) -> Hands:
    knowledge = held(authority, witnessed=witnessed).knowledge
    tellers = [one.source for one in knowledge.tellers(day, moment)]
    by_team: defaultdict[str, set[str]] = defaultdict(set)
    by_worker: defaultdict[str, set[str]] = defaultdict(set)
    teamed: set[str] = set()
    for row in _in_force(knowledge, tellers, day, moment):
        if row["team"]:
            by_team[row["team"]].add(row["child"])
            teamed.add(row["child"])
        if row["worker"]:
            by_worker[row["worker"]].add(row["child"])
    for child, team in last_teams(knowledge, tellers, day, moment).items():
        if child not in teamed:
            by_team[team].add(child)
    return Hands(_frozen(by_team), _frozen(by_worker))


def _in_force(knowledge: Knowledge, tellers: list[str], day: int, moment: int) -> list[dict[str, Any]]:
    found = coded_spans(knowledge, day, day, moment).filter(nw.col(frames.SOURCE).is_in(tellers))
    return knowledge.engine.rows(found.select("child", "team", "worker"))


def last_teams(
    knowledge: Knowledge, tellers: list[str], day: int, moment: int, among: Iterable[str] | None = None
) -> dict[str, str]:
    """The team of each child's latest involvement that names one: what shows a child's team, and what guards it."""
    spans = involvement_spans(knowledge, FIRST_DAY, day, moment)
    if among is not None:
        spans = spans.filter(nw.col("child").is_in(list(among)))
    ever = spans.filter(nw.col(frames.SOURCE).is_in(tellers) & (nw.col("team").fill_null("") != ""))
    rows = knowledge.engine.rows(ever.select("child", "team", "hi", "begun_on", frames.POSITION))
    rows.sort(key=lambda row: (row["hi"], row["begun_on"] or 0, row[frames.POSITION]))
    return {row["child"]: row["team"] for row in rows}


def _frozen(sets: dict[str, set[str]]) -> _Sets:
    return {name: frozenset(children) for name, children in sets.items()}


def in_scope(sight: Sight, children: Iterable[str], within: Hands) -> frozenset[str]:
    """Those of a day's children within a person's scope; restricted ones too, for `closed_to` says which."""
    if not sight.may(Permission.CHILDREN):
        return frozenset()
    if sight.whole:
        return frozenset(children)
    found: set[str] = set(opened_by_glass(sight))
    for team in sight.teams:
        found |= within.by_team.get(team, frozenset())
    for worker in sight.workers:
        found |= within.by_worker.get(worker, frozenset())
    return frozenset(found.intersection(children))


def standing(sight: Sight, child: str, day: date, known_by: int, *, witnessed: bool = False) -> Standing:
    """How a person stands to one child on a day."""
    if child in closed_to(sight):
        return Standing.RESTRICTED
    within = in_scope(sight, [child], hands(sight.authority, day, known_by, witnessed=witnessed))
    return Standing.OPEN if within else Standing.OUT_OF_SCOPE


def may_open(
    sight: Sight, authority: str, child: str, day: date, known_by: int, *, witnessed: bool = False
) -> bool:
    """Whether a person may open a child on a day: permitted, in scope, and not restricted to others."""
    if authority != sight.authority or not sight.may(Permission.CHILDREN):
        return False
    return standing(sight, child, day, known_by, witnessed=witnessed) is Standing.OPEN


def check_may_open(
    sight: Sight, child: str, day: date, known_by: int, door: str, *, witnessed: bool = False
) -> None:
    """Log and refuse (`attempts.Closed`) unless `may_open`; PermissionDenied where no child may be seen at all."""
    if not sight.may(Permission.CHILDREN):
        raise PermissionDenied
    if standing(sight, child, day, known_by, witnessed=witnessed) is not Standing.OPEN:
        attempts.refuse_child(sight, child, door)


# -- the end of responsibility --------------------------------------------------------------------


def current_day(authority: str, *, witnessed: bool = False) -> date:
    """The last day of which everything is known: responsibility as of now is judged on it."""
    latest = held(authority, witnessed=witnessed).latest()
    return date.fromordinal(day_of(latest) - 1) if latest is not None else london_day(clock.now())


def responsible_now(sight: Sight, children: Iterable[str], *, witnessed: bool = False) -> frozenset[str]:
    """Those of the children whom this person answers for now, or has opened with a reason.

    A child whose episode was closed and who has no involvement is nobody's now, whichever team had it last.
    """
    today, now = current_day(sight.authority, witnessed=witnessed), microseconds(clock.now())
    within = in_scope(sight, children, hands(sight.authority, today, now, witnessed=witnessed))
    if sight.whole:
        return within
    moment = _last_heard(held(sight.authority, witnessed=witnessed), now)
    still = _still_open(sight.authority, today.toordinal(), moment, witnessed, chain.state())
    return within & (still | opened_by_glass(sight))


@lru_cache(maxsize=16)
def _still_open(authority: str, day: int, moment: int, witnessed: bool, _state: str) -> frozenset[str]:
    """Every child with an episode or an involvement in force on a day."""
    knowledge = held(authority, witnessed=witnessed).knowledge
    known = frames.known(knowledge.tables["episode"], moment, witnessed=witnessed)
    episodes = knowledge.engine.rows(frames.holding(EPISODE, known, day).select("child").unique())
    tellers = [one.source for one in knowledge.tellers(day, moment)]
    named = _in_force(knowledge, tellers, day, moment)
    return frozenset(row["child"] for row in (*episodes, *named))


def responsible_until(sight: Sight, child: str, day: date, *, witnessed: bool = False) -> date | None:
    """The last day on which a child was in this person's scope; None where it is now.

    `day`, on which it was found in scope, stands where nothing known now says so.
    """
    if sight.whole or child in responsible_now(sight, [child], witnessed=witnessed):
        return None
    knowledge = held(sight.authority, witnessed=witnessed).knowledge
    today, now = current_day(sight.authority, witnessed=witnessed), microseconds(clock.now())
    spans = involvement_spans(knowledge.only([child]), FIRST_DAY, today.toordinal(), now)
    rows = [row for row in knowledge.engine.rows(spans) if row["child"] == child]
    known = frames.known(knowledge.tables["episode"], now, witnessed=witnessed).filter(
        nw.col("child") == child
    )
    episodes = knowledge.engine.rows(known.select("begun_on", "closed_on"))
    changes = [at for row in rows for at in (row["lo"], row["hi"])] + [one["closed_on"] for one in episodes]
    ends = {at - 1 for at in changes if at is not None and FIRST_DAY < at - 1 <= today.toordinal()}
    for at in sorted(ends | {today.toordinal()}, reverse=True):
        telling = {one.source for one in knowledge.tellers(at, now)}
        told = [row for row in rows if row[frames.SOURCE] in telling]
        if _bounded_in_scope(sight, told, at) and _is_open(told, episodes, at):
            return date.fromordinal(at)
    return day


def _bounded_in_scope(sight: Sight, rows: list[dict[str, Any]], day: int) -> bool:
    """Whether one child, by its involvements, was in a bounded person's scope on a day."""
    running = [row for row in rows if row["lo"] <= day < row["hi"]]
    if any(row["worker"] in sight.workers for row in running if row["worker"]):
        return True
    teams = {row["team"] for row in running if row["team"]}
    if not teams:
        over = [row for row in rows if row["hi"] <= day and row["team"]]
        over.sort(key=lambda row: (row["hi"], row["begun_on"] or 0, row[frames.POSITION]))
        teams = {row["team"] for row in over[-1:]}
    return not sight.teams.isdisjoint(teams)


def _is_open(involvements: list[dict[str, Any]], episodes: list[dict[str, Any]], day: int) -> bool:
    """Whether a child had an involvement or an episode in force on a day."""
    return any(row["lo"] <= day < row["hi"] for row in involvements) or any(
        (one["begun_on"] or 0) <= day and (one["closed_on"] is None or day < one["closed_on"])
        for one in episodes
    )


def known_on(day: date) -> int:
    """The last moment of a London day, in microseconds: what was known on the last day somebody was responsible."""
    return microseconds(end_of(day))
