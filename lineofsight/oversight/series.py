"""Published figures through the years: who counted, of what area, and what cannot be compared."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from lineofsight.oversight.statements import Statement, Statements

UNALLOCATED = "children without a social worker"
AWAITING = "children awaiting assessment at 31 March"
GROUPS: dict[str, tuple[str, ...]] = {
    "Staffing": ("agency rate", "vacancy rate", "turnover rate", "average caseload",
                 "social workers (full-time equivalent)"),
    "Demand": ("referrals in the year", "open children in need at 31 March", "section 47 enquiries",
               "child protection plans at 31 March", "looked-after children at 31 March"),
    "What was done": ("no further action after referral", "assessed within 45 working days",
                      "conferences within 15 working days", AWAITING),
    "Money": ("safeguarding spending", "looked-after children spending"),
}  # fmt: skip
"""The measures laid side by side under "Why?", by what they tell of."""

OWN = (None,)
"""The areas that are the authority itself: a figure of another area names it."""


@dataclass(frozen=True)
class Counted:
    """One published figure: its statement and the number in it."""

    statement: Statement
    number: float


@dataclass(frozen=True)
class Series:
    """A measure's figures by the day they are of: the authority's own, and others beside it."""

    measure: str
    unit: str
    own: list[Counted]
    beside: dict[str, list[Counted]]


def figures(statements: Statements, measure: str) -> list[Counted]:
    """Every figure of a measure that is a number, by the day it is of."""
    found = [
        Counted(one, one.number) for one in statements if one.subject == measure and one.number is not None
    ]
    return sorted(found, key=lambda counted: (counted.statement.begun_on, counted.statement.reference))


def once(found: Iterable[Counted]) -> list[Counted]:
    """The same figures, one that several statements give for the same days and area given once."""
    kept: dict[tuple[object, ...], Counted] = {}
    for counted in found:
        one = counted.statement
        kept.setdefault((one.area, one.begun_on, one.ended_on, counted.number), counted)
    return list(kept.values())


def unnumbered(statements: Statements, measure: str) -> list[Statement]:
    """What was said of a measure without a number in it."""
    return [one for one in statements if one.subject == measure and one.number is None]


def series(statements: Statements, measure: str) -> Series | None:
    """A measure through the years; None where fewer than two figures of the authority itself are known."""
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
    """Pairs of figures of nearly the same day that differ: the definitions differ or are unstated."""
    pairs = itertools.pairwise(found)
    return [(one, two) for one, two in pairs if _near(one, two, within_days) and one.number != two.number]


def _near(one: Counted, two: Counted, within_days: int) -> bool:
    return abs(two.statement.begun_on - one.statement.begun_on) <= within_days
