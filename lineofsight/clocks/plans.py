"""Clocks of plans: review conferences and visits of a protection plan, visits under a child in need plan."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from lineofsight.clocks.catalogue import NEED_VISIT, PROTECTION_REVIEW, PROTECTION_VISIT, Kind
from lineofsight.clocks.chain import Anchor, Clock, Rules, chain
from lineofsight.clocks.rows import Row, Rows, days_of, days_seen, says_yes, source_of


def plan_clocks(rules: Rules, child: str, rows: Rows) -> list[Clock]:
    """Every clock of a child's plans."""
    own = [row for row in rows.get("protection_plan", ()) if not says_yes(row["other_authority"])]
    protection, need = anchors(child, own), anchors(child, rows.get("need_plan", ()))
    reviews = days_of(rows.get("protection_review", ()), "held_on", rules.as_at)
    return [
        *_clocks(rules, PROTECTION_REVIEW, protection, reviews, after_the_first_day),
        *_clocks(
            rules, PROTECTION_VISIT, protection, _seen(rules, rows, "protection_visit"), from_the_first_day
        ),
        *_clocks(rules, NEED_VISIT, need, _seen(rules, rows, "need_visit"), from_the_first_day),
    ]


def anchors(child: str, rows: Iterable[Row]) -> list[Anchor]:
    """The rows that have a first day, as what clocks are about."""
    return [
        Anchor(child, source_of(row), row["begun_on"], row["ended_on"])
        for row in rows
        if row["begun_on"] is not None and row["ended_on"] != row["begun_on"]
    ]


def _seen(rules: Rules, rows: Rows, table: str) -> list[int]:
    return days_seen(rows.get(table, ()), rules.as_at)


def after_the_first_day(anchor: Anchor, day: int) -> bool:
    """Whether a review is an anchor's: one on its first day is none, one on its last day is."""
    return anchor.begun_on < day and (anchor.ended_on is None or day <= anchor.ended_on)


def from_the_first_day(anchor: Anchor, day: int) -> bool:
    """Whether a visit is an anchor's: both its first and its last day count."""
    return anchor.begun_on <= day and (anchor.ended_on is None or day <= anchor.ended_on)


Owns = Callable[[Anchor, int], bool]


def _clocks(
    rules: Rules, kind: Kind, plans: Sequence[Anchor], events: Sequence[int], owns: Owns
) -> list[Clock]:
    """Each event is of one plan: of the earliest of those it could belong to."""
    found = list[Clock]()
    for plan in plans:
        days = [day for day in events if plan.begun_on == _first_owner(plans, day, owns) and owns(plan, day)]
        found += chain(rules, kind, plan, days)
    return found


def _first_owner(plans: Sequence[Anchor], day: int, owns: Owns) -> int | None:
    return min((plan.begun_on for plan in plans if owns(plan, day)), default=None)
