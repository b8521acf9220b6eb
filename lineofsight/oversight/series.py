"""Published figures over the years: who counted, for which area, and what cannot be compared."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from lineofsight.oversight.statements import Statement, Statements

UNALLOCATED = "children without a social worker"
AWAITING = "children awaiting assessment at 31 March"
GROUPS: dict[str, tuple[str, ...]] = {
    "Staffing": (
        "agency rate",
        "vacancy rate",
        "turnover rate",
        "average caseload",
        "social workers (full-time equivalent)",
    ),
    "Demand": (
        "referrals in the year",
        "open children in need at 31 March",
        "section 47 enquiries",
        "child protection plans at 31 March",
        "looked-after children at 31 March",
    ),
    "What was done": (
        "no further action after referral",
        "assessed within 45 working days",
        "conferences within 15 working days",
        AWAITING,
    ),
    "Money": ("safeguarding spending", "looked-after children spending"),
}
"""The measures shown side by side under "Why?", by topic."""
YEARLY = frozenset(measure for measures in GROUPS.values() for measure in measures)
"""The same measures, whatever their topic."""

OWN = (None,)
"""The areas that mean the authority itself. A figure for another area names the area."""


@dataclass(frozen=True)
class Counted:
    """One published figure: its statement and the number in it."""

    statement: Statement
    number: float


@dataclass(frozen=True)
class Series:
    """A measure's figures in order of their day: the authority's own, and other areas beside it."""

    measure: str
    unit: str
    own: list[Counted]
    beside: dict[str, list[Counted]]


def figures(statements: Statements, measure: str) -> list[Counted]:
    """Every numeric figure of a measure, in order of its day."""
    found = [
        Counted(one, one.number) for one in statements if one.subject == measure and one.number is not None
    ]
    return sorted(found, key=lambda counted: (counted.statement.begun_on, counted.statement.reference))


def once(found: Iterable[Counted]) -> list[Counted]:
    """The same figures without repeats: equal figures for the same days and area count once."""
    kept: dict[tuple[object, ...], Counted] = {}
    for counted in found:
        statement = counted.statement
        kept.setdefault((statement.area, statement.begun_on, statement.ended_on, counted.number), counted)
    return list(kept.values())


def unnumbered(statements: Statements, measure: str) -> list[Statement]:
    """The statements about a measure without a number."""
    return [one for one in statements if one.subject == measure and one.number is None]


def series(statements: Statements, measure: str) -> Series | None:
    """A measure over the years; None if fewer than two figures of the authority itself are known."""
    found = figures(statements, measure)
    own = [counted for counted in found if counted.statement.area in OWN]
    if len(own) < 2:
        return None
    usual = Counter(counted.statement.unit for counted in own).most_common(1)[0][0]
    found = once(counted for counted in found if counted.statement.unit == usual)
    own = [counted for counted in found if counted.statement.area in OWN]
    areas = dict.fromkeys(c.statement.area for c in found if c.statement.area not in OWN)
    beside = {str(area): [c for c in found if c.statement.area == area] for area in areas}
    return Series(measure, own[-1].statement.unit or "", own, beside)


def same_day_different(found: list[Counted], within_days: int = 20) -> list[tuple[Counted, Counted]]:
    """Pairs of different figures for nearly the same day: their definitions differ or are not stated."""
    pairs = itertools.pairwise(found)
    return [(one, two) for one, two in pairs if _near(one, two, within_days) and one.number != two.number]


def _near(counted: Counted, other: Counted, within_days: int) -> bool:
    return abs(other.statement.begun_on - counted.statement.begun_on) <= within_days
