"""The children somebody answers for, or watches over: everyone counted and within scope, allocated or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.db import transaction

from lineofsight.allocation.seen import last_seen
from lineofsight.service.access.answers import Asked, day_of_children
from lineofsight.service.access.listing import as_seen, hands, standings, worker_name
from lineofsight.service.access.scope import hands as in_hands
from lineofsight.service.access.scope import in_scope
from lineofsight.service.access.sight import Sight, closed_to, looked
from lineofsight.service.store import chain


@dataclass(frozen=True)
class InHand:
    """One child counted on a day: the state, who is named, which teams, which plans, when last seen (an ordinal)."""

    child: str
    state: str
    workers: tuple[str, ...]
    teams: tuple[str, ...]
    standings: frozenset[str]
    last_seen_on: int | None


@dataclass(frozen=True)
class Hand:
    """What one person may see: those whom nobody has seen for longest first, and how many are closed to them."""

    rows: tuple[InHand, ...]
    closed: int


def in_hand(sight: Sight, asked: Asked, day: date, known_by: int) -> Hand:
    """Everybody counted whom this person may see. Not yet logged: `shown` gives them."""
    children = as_seen(sight, asked, day, known_by, _rows_of)
    scope = in_scope(
        sight,
        (row.child for row in children),
        in_hands(sight.authority, day, known_by, witnessed=asked.witnessed),
    )
    shut = closed_to(sight)
    seen = tuple(row for row in children if row.child in scope and row.child not in shut)
    return Hand(seen, sum(1 for row in children if row.child in scope and row.child in shut))


def _rows_of(asked: Asked, day: date, known_by: int) -> tuple[InHand, ...]:
    one = day_of_children(asked, day, known_by)
    return _children(asked, one.day, one.moment, chain.state())


@transaction.atomic
def shown(sight: Sight, rows: Sequence[InHand], door: str) -> Sequence[InHand]:
    """The rows, once it is written that this person saw each of those children; nothing where that fails."""
    looked(sight, (row.child for row in rows), door)
    return rows


@lru_cache(maxsize=8)
def _children(asked: Asked, day: int, moment: int, _state: str) -> tuple[InHand, ...]:
    one = day_of_children(asked, date.fromordinal(day), moment)
    states = one.states()
    names = sorted(states)
    plans, held, seen = standings(one, names), hands(one, names), last_seen(one)
    rows = [
        InHand(
            child, states[child], tuple(sorted(worker_name(one, worker) for worker in held[child][1])),
            tuple(sorted(held[child][0])), plans.get(child, frozenset()), seen.get(child),
        )
        for child in names
    ]  # fmt: skip
    return tuple(sorted(rows, key=lambda row: (row.last_seen_on or 0, row.child)))
