"""Clocks of children looked after: reviews of a period of care, visits to a placement, review of a pathway plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from lineofsight.clocks.catalogue import (
    CARE_REVIEW,
    CARE_VISIT,
    CARE_VISIT_INTERIM,
    CARE_VISIT_PARENTS,
    PATHWAY_REVIEW,
    Kind,
)
from lineofsight.clocks.chain import Anchor, ChooseLimit, Clock, Rules, chain
from lineofsight.clocks.periods import Period, periods, status_on, without_short_breaks
from lineofsight.clocks.plans import after_the_first_day, anchors, from_the_first_day
from lineofsight.clocks.rows import Row, Rows, days_of, days_seen, says_yes, source_of
from lineofsight.vocabulary.limits import Limit

_WITH_PARENTS = "P1"
_INTERIM_ORDER = "C1"
_CARE_ORDERS = ("C2", "D1")


def care_clocks(rules: Rules, child: str, rows: Rows) -> list[Clock]:
    """Every clock of a child looked after, or who was."""
    statuses = rows.get("legal_status", ())
    found = periods(child, rows.get("care_episode", ()), statuses)
    reviews = [(period, _reviews_of(rules, period, found, rows.get("care_review", ()))) for period in found]
    clocks = [clock for period, days in reviews for clock in chain(rules, CARE_REVIEW, period.anchor, days)]
    held = sorted(day for _, days in reviews for day in days)
    return [*clocks, *_visits(rules, child, rows, held), *_pathway(rules, child, rows)]


def _reviews_of(rules: Rules, period: Period, found: Sequence[Period], rows: Sequence[Row]) -> list[int]:
    """The days of a period's reviews: by the number of the period of care, else by day. A cancelled one is none."""
    days = list[int]()
    for row in rows:
        if says_yes(row["cancelled"]):
            continue
        named = [each for each in found if row["care"] in each.cares]
        if period in (named or found):
            days += days_of([row], "held_on", rules.as_at)
    return [day for day in days if after_the_first_day(period.anchor, day)]


@dataclass(frozen=True)
class _Placement:
    anchor: Anchor
    kind: Kind
    under_care_order: bool = False


def _visits(rules: Rules, child: str, rows: Rows, reviews: Sequence[int]) -> list[Clock]:
    placements = _placements(child, rows)
    seen = days_seen(rows.get("care_visit", ()), rules.as_at)
    found = list[Clock]()
    for placement in placements:
        own = [day for day in seen if placement.anchor.begun_on == _placed_since(placements, day)]
        days = [day for day in own if from_the_first_day(placement.anchor, day)]
        found += chain(rules, placement.kind, placement.anchor, days, _interval(placement, reviews))
    return found


def _placed_since(placements: Sequence[_Placement], day: int) -> int | None:
    """The first day of the placement a visit belongs to: on the day a placement changes it is of the new one."""
    own = (each.anchor for each in placements if from_the_first_day(each.anchor, day))
    return max((anchor.begun_on for anchor in own), default=None)


def _placements(child: str, rows: Rows) -> list[_Placement]:
    statuses = rows.get("legal_status", ())
    found = list[_Placement]()
    for row in rows.get("placement", ()):
        for anchor in anchors(child, [row]):
            for part in without_short_breaks(anchor, statuses):
                found += _of_kind(part, row, statuses)
    return found


def _of_kind(anchor: Anchor, row: Row, statuses: Sequence[Row]) -> list[_Placement]:
    """The placement under the clock that holds for it. A child with parents has another from the day of each order."""
    if row["kind"] != _WITH_PARENTS:
        return [_Placement(anchor, CARE_VISIT)]
    orders = {
        status["begun_on"]
        for status in statuses
        if status["status"] in (_INTERIM_ORDER, *_CARE_ORDERS)
        and status["begun_on"] is not None
        and anchor.begun_on < status["begun_on"]
        and (anchor.ended_on is None or status["begun_on"] < anchor.ended_on)
    }
    cuts = [anchor.begun_on, *sorted(orders)]
    ends = [*cuts[1:], anchor.ended_on]
    parts = [replace(anchor, begun_on=begun, ended_on=ended) for begun, ended in zip(cuts, ends, strict=True)]
    return [_with_parents(part, status_on(statuses, part.begun_on)) for part in parts]


def _with_parents(anchor: Anchor, status: str | None) -> _Placement:
    if status == _INTERIM_ORDER:
        return _Placement(anchor, CARE_VISIT_INTERIM)
    return _Placement(anchor, CARE_VISIT_PARENTS, under_care_order=status in _CARE_ORDERS)


def _interval(placement: _Placement, reviews: Sequence[int]) -> ChooseLimit:
    """Which limit holds for a visit: with parents, weekly until a review has been held, unless a care order was made."""
    reviewed_on = min(reviews, default=None)

    def limit(step: int, limits: Sequence[Limit], begun: int) -> Limit:
        if step == 0 or placement.kind is CARE_VISIT:
            return limits[min(step, len(limits) - 1)]
        is_reviewed = reviewed_on is not None and reviewed_on <= begun
        return limits[2] if placement.under_care_order or is_reviewed else limits[1]

    return limit


def _pathway(rules: Rules, child: str, rows: Rows) -> list[Clock]:
    """The clock from the latest review of a care leaver's pathway plan."""
    return [
        clock
        for row in rows.get("care_leaver", ())
        for day in days_of([row], "plan_review_on", rules.as_at)
        for clock in chain(rules, PATHWAY_REVIEW, Anchor(child, source_of(row), day, None), ())
    ]
