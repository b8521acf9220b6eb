"""Periods of being looked after: rows that touch are one, and short breaks are no part of any."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from lineofsight.clocks.chain import Anchor
from lineofsight.clocks.rows import Row, source_of

SHORT_BREAKS = ("V3", "V4")
"""Legal statuses under which a child has no clocks of care."""


@dataclass(frozen=True)
class Period:
    """A period of being looked after, and the numbers of care that its rows give."""

    anchor: Anchor
    cares: frozenset[str]


def periods(child: str, rows: Sequence[Row], statuses: Sequence[Row]) -> list[Period]:
    """A child's periods of being looked after, without short breaks. Days are ordinals."""
    return [
        replace(period, anchor=part)
        for period in _touching(child, rows)
        for part in without_short_breaks(period.anchor, statuses)
    ]


def _touching(child: str, rows: Sequence[Row]) -> list[Period]:
    """Rows of care joined where the next begins on or before the day the one before ended; a gap makes two periods."""
    held = [row for row in rows if row["begun_on"] is not None and _holds(row)]
    found = list[Period]()
    for row in sorted(held, key=lambda row: row["begun_on"]):
        cares = frozenset((str(row["care"]),)) if row["care"] is not None else frozenset[str]()
        last = found[-1] if found else None
        if last is not None and (last.anchor.ended_on is None or row["begun_on"] <= last.anchor.ended_on):
            anchor = replace(last.anchor, ended_on=_later(last.anchor.ended_on, row["ended_on"]))
            found[-1] = Period(anchor, last.cares | cares)
        else:
            found.append(Period(Anchor(child, source_of(row), row["begun_on"], row["ended_on"]), cares))
    return found


def _holds(row: Row) -> bool:
    return row["ended_on"] is None or bool(row["begun_on"] < row["ended_on"])


def _later(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else max(one, other)


def status_on(statuses: Sequence[Row], day: int) -> str | None:
    """The legal status on a day: of those in force, the one that began last; a short break only where no other did."""
    held = [
        row
        for row in statuses
        if (row["begun_on"] or 0) <= day and (row["ended_on"] is None or day < row["ended_on"])
    ]
    last = max(held, key=lambda row: (row["begun_on"] or 0, row["status"] not in SHORT_BREAKS), default=None)
    return None if last is None else str(last["status"])


def without_short_breaks(anchor: Anchor, statuses: Sequence[Row]) -> list[Anchor]:
    """The parts of a span that no short break takes; each begins anew on the day a break ended."""
    if not any(row["status"] in SHORT_BREAKS for row in statuses):
        return [anchor]
    days = {day for row in statuses for day in (row["begun_on"], row["ended_on"]) if day is not None}
    inside = (
        day for day in days if anchor.begun_on < day and (anchor.ended_on is None or day < anchor.ended_on)
    )
    cuts = [anchor.begun_on, *sorted(inside)]
    found = list[Anchor]()
    for begun, ended in zip(cuts, [*cuts[1:], anchor.ended_on], strict=True):
        if status_on(statuses, begun) in SHORT_BREAKS:
            continue
        if found and found[-1].ended_on == begun:
            found[-1] = replace(found[-1], ended_on=ended)
        else:
            found.append(replace(anchor, begun_on=begun, ended_on=ended))
    return found
