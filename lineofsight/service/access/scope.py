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
from lineofsight.allocation.knowledge import Knowledge
from lineofsight.allocation.owners import FIRST_DAY
from lineofsight.record import frames
from lineofsight.service import ledger
from lineofsight.service.access.handles import handle_of
from lineofsight.service.access.knowledge import Held, held
from lineofsight.service.access.roles import Permission
from lineofsight.service.access.sight import Sight, closed_to, opened_by_glass

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


class Closed(PermissionDenied):
    """A child that exists and may not be opened by this person; the page of refusal says how it may be."""

    def __init__(self, sight: Sight, child: str, standing: Standing) -> None:
        super().__init__("A child this person may not open.")
        self.authority = sight.authority
        self.handle = handle_of(sight.authority, child)
        self.standing = standing
        self.may_break_glass = sight.may(Permission.BREAK_GLASS)


def hands(authority: str, day: date, known_by: int, *, witnessed: bool = False) -> Hands:
    """In whose hands each child is on a day, known by a moment; reckoned once for each state of the record."""
    moment = _last_heard(held(authority, witnessed=witnessed), known_by)
    return _hands(authority, day.toordinal(), moment, witnessed, ledger.state())


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
    for child, team in _last_teams(knowledge, tellers, day, moment).items():
        if child not in teamed:
            by_team[team].add(child)
    return Hands(_frozen(by_team), _frozen(by_worker))


def _in_force(knowledge: Knowledge, tellers: list[str], day: int, moment: int) -> list[dict[str, Any]]:
    found = coded_spans(knowledge, day, day, moment).filter(nw.col(frames.SOURCE).is_in(tellers))
    return knowledge.engine.rows(found.select("child", "team", "worker"))


def _last_teams(knowledge: Knowledge, tellers: list[str], day: int, moment: int) -> dict[str, str]:
    """The team of each child's latest involvement that names one."""
    spans = involvement_spans(knowledge, FIRST_DAY, day, moment)
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


def check_may_open(sight: Sight, child: str, day: date, known_by: int, *, witnessed: bool = False) -> None:
    """Raises Closed, or PermissionDenied where no child may be seen at all, unless `may_open`."""
    if not sight.may(Permission.CHILDREN):
        raise PermissionDenied
    found = standing(sight, child, day, known_by, witnessed=witnessed)
    if found is not Standing.OPEN:
        raise Closed(sight, child, found)
