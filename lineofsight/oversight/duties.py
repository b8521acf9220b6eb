"""Who is liable, who commissions, who operates: for each function of a service, on any day, under which instrument.

A council that delegates a function keeps the liability for it and the statutory posts (Children Act 2004,
ss. 18 and 19). So the three are separate, and none is worked out from another.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lineofsight.oversight.statements import Statement, Statements
from lineofsight.oversight.steps import by_subject
from lineofsight.oversight.transitions import BEGIN, Machine, Transition

LIABLE, COMMISSIONS, OPERATES = "liable", "commissions", "operates"
_STEPS = {"made liable": LIABLE, "made commissioner": COMMISSIONS, "made operator": OPERATES}

DUTY = Machine(
    "function",
    (
        Transition("made liable", (BEGIN, "ended"), "held", f"The body is the one that is {LIABLE}."),
        Transition("made commissioner", (BEGIN, "ended"), "held", f"The body {COMMISSIONS}."),
        Transition("made operator", (BEGIN, "ended"), "held", f"The body {OPERATES}."),
        Transition("ended", ("held",), "ended", "The body holds it no longer."),
    ),
)


@dataclass(frozen=True)
class Held:
    """One body that holds one part of a function, from one day until another (None: still)."""

    function: str
    part: str
    body: str
    begun_on: date
    ended_on: date | None
    statement: Statement
    ended_by: Statement | None = None

    @property
    def ended_about(self) -> str | None:
        """The day, month or year of its end as the source gives it; None if it has none."""
        if self.ended_by:
            return self.ended_by.about_from or self.ended_by.said_on
        return self.statement.about_to if self.ended_on else None

    def covers(self, day: date) -> bool:
        """Whether the body held it on a day."""
        return self.begun_on <= day and (self.ended_on is None or day < self.ended_on)


def held(statements: Statements, day: date) -> list[Held]:
    """Every holding stated by a day, in order of function, part and day."""
    told = by_subject(statements, "function", day)
    found = [
        _held(function, one, every)
        for function, every in told.items()
        for one in every
        if one.step in _STEPS and one.value
    ]
    order = [LIABLE, COMMISSIONS, OPERATES]
    return sorted(found, key=lambda one: (one.function, order.index(one.part), one.begun_on, one.body))


def _held(function: str, statement: Statement, every: list[Statement]) -> Held:
    """A holding with its end: the first statement that the body no longer holds that part, or any part."""
    part = _STEPS[statement.step or ""]
    ends = (
        other
        for other in every
        if other.step == "ended"
        and other.value == statement.value
        and other.begun_on >= statement.begun_on
        and other.counter in (None, part)
    )
    end = next(ends, None)
    ended = end.first_day if end else date.fromordinal(statement.ended_on) if statement.ended_on else None
    return Held(function, part, statement.value or "", statement.first_day, ended, statement, end)


def on_day(statements: Statements, day: date) -> dict[str, dict[str, list[Held]]]:
    """For each function, the bodies that are liable, commission and operate on a day; a part without one is empty."""
    found: dict[str, dict[str, list[Held]]] = {}
    for holding in held(statements, day):
        parts = found.setdefault(holding.function, {LIABLE: [], COMMISSIONS: [], OPERATES: []})
        if holding.covers(day):
            parts[holding.part].append(holding)
    return found


def outside(statements: Statements, day: date) -> list[Statement]:
    """Statements about a function that concern no part: its scope, and what is outside it."""
    told = by_subject(statements, "function", day)
    return [one for every in told.values() for one in every if one.step is None]
