"""What a new post holder took over: what was open on the day they started, as known for that day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from lineofsight.oversight.directions import Requirement, instruments
from lineofsight.oversight.leadership import Tenure
from lineofsight.oversight.promises import Promise, promises
from lineofsight.oversight.reviews import PUBLISHED, Review, reviews
from lineofsight.oversight.series import UNALLOCATED, Counted, figures
from lineofsight.oversight.statements import Statements


@dataclass(frozen=True)
class Inherited:
    """One start in a post, and what was open on that day."""

    tenure: Tenure
    day: date
    before: str | None
    """Who held the post before; None if it was vacant or nobody is named."""
    requirements: tuple[Requirement, ...]
    promises: tuple[Promise, ...]
    reviews: tuple[Review, ...]
    unallocated: Counted | None
    """The latest published figure before that day, with who counted and the definition."""


def inheritances(statements: Statements, tenures: Iterable[Tenure], until: date) -> list[Inherited]:
    """For each holder who started by a day, what was open when they started; earliest first."""
    held = [one for one in tenures if one.begun and one.begun <= until]
    return [_inherited(statements, one, held[:at]) for at, one in enumerate(held) if one.holder]


def _inherited(statements: Statements, tenure: Tenure, before: list[Tenure]) -> Inherited:
    day = tenure.begun or date.min
    open_ones = tuple(
        requirement
        for instrument in instruments(statements, day)
        for requirement in instrument.requirements
        if instrument.in_force and requirement.standing in ("open", "not met", "overdue")
    )
    promised = (
        one
        for one in promises(statements, day)
        if one.statement.first_day <= day and one.statement.subject_kind != "direction"
    )
    return Inherited(
        tenure,
        day,
        before[-1].holder if before else None,
        open_ones,
        tuple(one for one in promised if not one.outcomes),
        tuple(one for one in reviews(statements, day) if one.publication not in PUBLISHED.values()),
        _figure(statements, day),
    )


def _figure(statements: Statements, day: date) -> Counted | None:
    known = [
        one
        for one in figures(statements, UNALLOCATED)
        if one.statement.first_day <= day and one.statement.area is None
    ]
    return known[-1] if known else None
