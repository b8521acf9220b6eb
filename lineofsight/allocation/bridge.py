"""How one figure became another, child by child (counting rule 17)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

import narwhals.stable.v2 as nw

from lineofsight.allocation import states
from lineofsight.allocation.history import AllocationHistory
from lineofsight.allocation.on_day import Day, on_day
from lineofsight.allocation.population import counted_episodes
from lineofsight.allocation.spans import with_days_known, within
from lineofsight.allocation.states import Definition, State
from lineofsight.record import frames

Arrival = Literal["new", "lost_worker", "corrected"]
Exit = Literal[
    "unexplained", "allocated", "closed", "assessed", "transferred", "left_definition", "corrected"
]

ARRIVALS: tuple[Arrival, ...] = ("new", "lost_worker", "corrected")
EXITS: tuple[Exit, ...] = (
    "unexplained",
    "allocated",
    "closed",
    "assessed",
    "transferred",
    "left_definition",
    "corrected",
)
"""How children leave the list, unexplained first."""

_REASONS: dict[str, Exit] = {
    **dict.fromkeys(("RC1", "RC2", "RC3", "RC4", "RC6", "RC7"), "closed"),
    **dict.fromkeys(("RC8", "RC9"), "assessed"),
    "RC5": "transferred",
}


@dataclass(frozen=True)
class Bridge:
    """Two days' figures, and the move of every child who is in only one of them."""

    from_: Day
    to: Day
    arrivals: dict[Arrival, int]
    exits: dict[Exit, int]
    moves: list[tuple[str, Arrival | Exit]]


def bridge(
    knowledge: AllocationHistory, definition: Definition, first: tuple[int, int | None], last: tuple[int, int]
) -> Bridge:
    """The bridge from one day and moment (None: as known then) to another: `from + arrivals - exits = to`."""
    before, after = on_day(knowledge, definition, *first), on_day(knowledge, definition, *last)
    corrected = on_day(knowledge, definition, first[0], last[1]).states()
    was, now_is = before.states(), after.states()
    arrived = sorted(_unallocated(now_is) - _unallocated(was))
    left = sorted(_unallocated(was) - _unallocated(now_is))
    coming = [(child, _arrival(corrected.get(child))) for child in arrived]
    episodes = _Episodes(before, after, left)
    going = [(child, _exit(child, now_is, corrected, episodes)) for child in left]
    return Bridge(before, after, _counted(ARRIVALS, coming), _counted(EXITS, going), _in_order(going, coming))


def _unallocated(of: dict[str, State]) -> set[str]:
    return {child for child, state in of.items() if state in states.UNALLOCATED}


def _arrival(corrected: State | None) -> Arrival:
    """How a child joined the list, from its state on the first day as known at the end."""
    if corrected in states.UNALLOCATED:
        return "corrected"
    return "lost_worker" if corrected == states.ALLOCATED else "new"


def _exit(child: str, now_is: dict[str, State], corrected: dict[str, State], episodes: _Episodes) -> Exit:
    gone = now_is.get(child) in (None, states.CANNOT_TELL)
    out = episodes.outcome(child) if gone else None
    if out == "unexplained":
        return out
    if corrected.get(child) not in states.UNALLOCATED:
        return "corrected"
    if now_is.get(child) == states.ALLOCATED:
        return "allocated"
    return out or "left_definition"


class _Episodes:
    """The episodes that were open on the first day, as known at the end."""

    def __init__(self, before: Day, after: Day, children: list[str]) -> None:
        self._day = after.day
        self._was = _known(before, children, open_on=before.day)
        self._now = _known(after, children)

    def outcome(self, child: str) -> Exit | None:
        """What happened to a child's episodes: how they were closed, or None if one is still open."""
        now = {row["referral"]: row for row in self._now.get(child, [])}
        outcomes = [self._of(now.get(row["referral"])) for row in self._was.get(child, [])]
        for wanted in ("unexplained", None):
            if wanted in outcomes:
                return wanted
        return outcomes[-1] if outcomes else None

    def _of(self, row: dict[str, Any] | None) -> Exit | None:
        if row is None:
            return "unexplained"
        closed = row["closed_on"] is not None and row["closed_on"] <= self._day
        if not closed:
            return None
        return _REASONS.get((row["close_reason"] or "").strip().upper(), "unexplained")


def _known(day: Day, children: list[str], open_on: int | None = None) -> dict[str, list[dict[str, Any]]]:
    """The children's episodes known by a day's moment. With `open_on`, only counted episodes open on that day."""
    rows = day.knowledge.tables["episode"].filter(nw.col("child").is_in(children or [""]))
    if open_on is None:
        known = frames.known(rows, day.moment, witnessed=day.knowledge.witnessed)
    else:
        of_the_day = with_days_known(day.knowledge, rows, day.moment)
        known = counted_episodes(within(of_the_day, "begun_on", "closed_on", open_on, open_on))
    found: dict[str, list[dict[str, Any]]] = {}
    wanted = known.select("child", "referral", "closed_on", "close_reason", frames.POSITION)
    for row in sorted(
        day.knowledge.engine.rows(wanted), key=lambda row: (row["closed_on"] or 0, row[frames.POSITION])
    ):
        found.setdefault(row["child"], []).append(row)
    return found


_Move = TypeVar("_Move", Arrival, Exit)


def _counted(names: tuple[_Move, ...], moves: list[tuple[str, _Move]]) -> dict[_Move, int]:
    found = Counter(move for _, move in moves)
    return {name: found[name] for name in names}


def _in_order(
    going: list[tuple[str, Exit]], coming: list[tuple[str, Arrival]]
) -> list[tuple[str, Arrival | Exit]]:
    """Every child's move: exits, unexplained first, then arrivals."""
    exits = sorted(going, key=lambda one: (EXITS.index(one[1]), one[0]))
    return [*exits, *sorted(coming, key=lambda one: (ARRIVALS.index(one[1]), one[0]))]
