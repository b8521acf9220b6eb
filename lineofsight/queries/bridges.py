"""How the figure of one day became that of another, child by child (counting rule 17)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Annotated

from lineofsight.allocation import bridge as rules
from lineofsight.allocation.bridge import Arrival, Exit
from lineofsight.allocation.history import day_of
from lineofsight.queries.as_json import named
from lineofsight.queries.figures import Figure, FigureQuery, figure
from lineofsight.queries.record import Record, cached_by_state
from lineofsight.vocabulary.refusal import Refused


@dataclass(frozen=True)
class Move:
    """A child behind one of the two figures only, and how it came or went."""

    child: str
    move: Arrival | Exit


@dataclass(frozen=True)
class Bridge:
    """Two figures and every child that is behind one of them only: `from + arrivals - exits = to`."""

    from_: Annotated[Figure, named("from")]
    to: Figure
    arrivals: dict[Arrival, int]
    exits: dict[Exit, int]
    children: list[Move]


def bridge(record: Record, query: FigureQuery, first: date, from_known_by: int | None) -> Bridge:
    """From `first`, known by a moment (None: as known then), to the query's day; exits nobody explained come first."""
    found = _moves(record, query.settled(record), first, from_known_by)
    before = replace(query, as_at=first, known_by=found.from_.moment)
    return Bridge(
        from_=figure(record, before),
        to=figure(record, query),
        arrivals=found.arrivals,
        exits=found.exits,
        children=[Move(child, move) for child, move in found.moves],
    )


@cached_by_state(24)
def _moves(record: Record, query: FigureQuery, first: date, from_known_by: int | None) -> rules.Bridge:
    if query.as_at < first:
        raise Refused(
            "The bridge ends before it begins. Give a first day that is not after the last.",
            command="They are --from and --to.",
        )
    before, after = (first.toordinal(), from_known_by), (query.as_at.toordinal(), query.known_by)
    return rules.bridge(query.history(record).knowledge, query.definition, before, after)


def since_last_delivery(record: Record, query: FigureQuery) -> Bridge | None:
    """How the figure moved since the delivery before the latest; None where there is no such delivery."""
    receipts = query.history(record).knowledge.receipts
    moments = sorted({each.moment for each in receipts if each.moment <= query.known_by})
    if len(moments) < 2:
        return None
    first = min(date.fromordinal(day_of(moments[-2]) - 1), query.as_at - timedelta(days=1))
    return bridge(record, replace(query, known_by=moments[-1]), first, moments[-2])
