"""What the answers should be, worked out the slow way from what was delivered: no history, no spans, no frames.

For one source with full rosters. It replays the nights heard by a moment into plain dictionaries and
then asks each child about each day, one at a time. Nothing here knows how the product does it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Row = dict[str, Any]
KEYS = {
    "episode": ("child", "referral"),
    "involvement": ("child", "referral", "worker", "pool", "role", "begun"),
    "worker": ("worker",),
}
REASONS = {"RC1": "closed", "RC5": "transferred", "RC8": "assessed", "RC9": "assessed"}


@dataclass(frozen=True)
class Night:
    """What one night delivered: the London day and its tables; a table that is not there says nothing."""

    day: int
    tables: Mapping[str, Sequence[Row]]


@dataclass
class World:
    """What is known after some nights."""

    rows: dict[str, dict[tuple[Any, ...], Row]] = field(default_factory=lambda: {name: {} for name in KEYS})
    titles: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    gone: dict[str, int] = field(default_factory=dict)
    told: bool = False


def world(nights: Sequence[Night], known_by: int) -> World:
    """Everything heard on or before a day, night after night."""
    found = World()
    for one in nights:
        if one.day <= known_by:
            _hear(found, one)
    return found


def _hear(found: World, night: Night) -> None:
    for name, rows in night.tables.items():
        now: dict[tuple[Any, ...], Row] = {}
        for row in rows:
            now.setdefault(tuple(row.get(part) for part in KEYS[name]), row)
        if name == "worker":
            _hear_workers(found, night.day, now)
        if name == "involvement":
            found.told = True
        found.rows[name] = now


def _hear_workers(found: World, day: int, now: Mapping[tuple[Any, ...], Row]) -> None:
    for (worker,) in found.rows["worker"]:
        if (worker,) not in now:
            found.gone[worker] = day
    for (worker,), row in now.items():
        found.gone.pop(worker, None)
        said = found.titles.setdefault(worker, [])
        if not said or said[-1][1] != row["title"]:
            said.append((day, row["title"]))


def holds(begun: int | None, ended: int | None, day: int) -> bool:
    return (begun is None or begun <= day) and (ended is None or day < ended)


def title(found: World, worker: str, day: int) -> str | None:
    said = found.titles.get(worker, [])
    earlier = [title for since, title in said if since <= day]
    return earlier[-1] if earlier else (said[0][1] if said else None)


def says(found: World, row: Row, day: int) -> tuple[str, str | None]:
    """What one involvement says: the state and, where held, why."""
    worker = row["worker"]
    if not worker:
        return ("team_only", None) if row["team"] else ("none", None)
    if worker == "DUTY":
        return "held", "duty tray"
    if title(found, worker, day) == "Manager":
        return "held", "manager"
    if worker in found.gone and day >= found.gone[worker]:
        return "held", "leaver"
    if worker == "UNKNOWN":
        return "held", "placeholder"
    return ("allocated", None) if row["role"] == "CW" else ("held", "role")


ORDER = [
    ("allocated", None),
    ("held", "duty tray"),
    ("held", "manager"),
    ("held", "leaver"),
    ("held", "placeholder"),
    ("held", "role"),
    ("team_only", None),
    ("none", None),
]


def open_episodes(found: World, child: str, day: int) -> list[Row]:
    return [
        row
        for row in found.rows["episode"].values()
        if row["child"] == child and row["nfa"] != "Y" and holds(row["begun"], row["closed"], day)
    ]


def state(found: World, child: str, day: int) -> tuple[str, str | None] | None:
    """A child's state and reason on a day; None where the child is not counted."""
    if not open_episodes(found, child, day):
        return None
    if not found.told:
        return "cannot_tell", None
    said = [
        says(found, row, day)
        for row in found.rows["involvement"].values()
        if child in whose(found, row) and holds(row["begun"], row["ended"], day)
    ]
    return min(said, key=ORDER.index, default=("none", None))


def whose(found: World, row: Row) -> set[str]:
    if row["child"]:
        return {row["child"]}
    return {one["child"] for one in found.rows["episode"].values() if one["referral"] == row["referral"]}


def states(found: World, day: int) -> dict[str, tuple[str, str | None]]:
    children = {row["child"] for row in found.rows["episode"].values()}
    return {child: one for child in sorted(children) if (one := state(found, child, day))}


def since(found: World, child: str, day: int, first: int) -> int:
    """Walk back day by day for as long as nobody answered."""
    while (
        day > first
        and (before := state(found, child, day - 1))
        and before[0] in ("held", "team_only", "none")
    ):
        day -= 1
    return day


def move_out(nights: Sequence[Night], child: str, before: World, after: World, first: int, last: int) -> str:
    """How a child left the figure (counting rule 17)."""
    now = state(after, child, last)
    if now is None:
        outcomes = []
        for row in open_episodes(before, child, first):
            later = after.rows["episode"].get((child, row["referral"]))
            if later is None:
                outcomes.append((0, "unexplained"))
            elif later["closed"] is not None and later["closed"] <= last:
                outcomes.append((later["closed"], REASONS.get(later["reason"] or "", "unexplained")))
            else:
                outcomes.append((0, ""))
        kinds = [kind for _, kind in sorted(outcomes, key=lambda one: one[0])]
        if "unexplained" in kinds:
            return "unexplained"
    then = state(after, child, first)
    if then is None or then[0] not in ("held", "team_only", "none"):
        return "corrected"
    if now is not None:
        return "allocated" if now[0] == "allocated" else "left_definition"
    return "left_definition" if "" in kinds else kinds[-1]


def move_in(child: str, after: World, first: int) -> str:
    then = state(after, child, first)
    if then is not None and then[0] in ("held", "team_only", "none"):
        return "corrected"
    return "lost_worker" if then is not None and then[0] == "allocated" else "new"


def counted(of: Mapping[str, tuple[str, str | None]]) -> dict[str, int]:
    found = Counter(state for state, _ in of.values())
    return {name: found[name] for name in ("allocated", "held", "team_only", "none", "cannot_tell")}
