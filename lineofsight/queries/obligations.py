"""Everything promised by anyone to or about an authority, and where each promise stands."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from lineofsight.oversight import obligations as rules
from lineofsight.oversight.obligations import STANDINGS
from lineofsight.queries.improvement import WorkHead, actions, head
from lineofsight.queries.record import Record, View
from lineofsight.queries.statements import Reference, refer, statements


@dataclass(frozen=True)
class Obligation:
    """One undertaking, requirement, action or recommendation."""

    kind: str
    name: str
    title: str
    source: str
    owner: str
    year: int
    said_on: date
    due: str | None
    standing: str
    themes: list[str]
    before: list[str]
    linked: list[str]
    statements: list[Reference]


@dataclass(frozen=True)
class Obligations(WorkHead):
    """The list, oldest first, with how many stand where."""

    count: int
    by_standing: dict[str, int]
    obligations: list[Obligation]


def known(record: Record, view: View, day: date) -> list[rules.Obligation]:
    """Every obligation as at a day, oldest first."""
    return rules.obligations(statements(record, view), actions(record, view, day), day)


def obligations(record: Record, view: View, day: date) -> Obligations:
    """The answer of `obligations --json`."""
    found = known(record, view, day)
    counts = Counter(each.standing for each in found)
    return Obligations(
        **vars(head(record, view, day)),
        count=len(found),
        by_standing={name: counts[name] for name in STANDINGS},
        obligations=[_obligation(each) for each in found],
    )


def _obligation(each: rules.Obligation) -> Obligation:
    return Obligation(
        kind=each.kind,
        name=each.name,
        title=each.title,
        source=each.source,
        owner=each.owner,
        year=each.year,
        said_on=each.said_on,
        due=each.due,
        standing=each.standing,
        themes=list(each.themes),
        before=list(each.before),
        linked=list(each.linked),
        statements=[refer(stated) for stated in each.statements],
    )
