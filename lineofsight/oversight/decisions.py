"""Decisions and contracts as they are told: who decided and when, options, advice, dissent, reasons, indicators.

Nothing is made of them that nobody said: an option that no source names is not a line, and what a step does
not tell stays where the kind of its statement puts it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lineofsight.oversight.statements import Statement, Statements
from lineofsight.oversight.steps import by_subject
from lineofsight.oversight.transitions import BEGIN, Machine, Stood, Transition, stood

_OPEN, DECIDED = "open", "decided"
DECISION = Machine("decision", (
    Transition("option considered", (BEGIN, _OPEN), _OPEN, "One of the ways that it could go."),
    Transition("advised", (BEGIN, _OPEN), _OPEN, "Advice to whoever decides."),
    Transition("dissented", (BEGIN, _OPEN), _OPEN, "Somebody who had a part in it was against it beforehand."),
    Transition("decided", (BEGIN, _OPEN, DECIDED), DECIDED, "It was taken, or taken anew."),
    Transition("dissented", (DECIDED,), DECIDED, "Somebody who had a part in it was against it."),
))  # fmt: skip
INDICATOR = Machine("indicator", (
    Transition("target set", (BEGIN, "dropped"), "set", "The contract measures it, against a target."),
    Transition("target revised", ("set",), "set", "The target changed; the indicator stays the same one."),
    Transition("target dropped", ("set",), "dropped", "The contract measures it no longer."),
))  # fmt: skip

STEPS: dict[str, tuple[str, ...]] = {
    "decided": ("decided", "decided to publish", "decided to publish redacted", "decided to publish learning only",
                "decided to withhold", "decided to review", "decided not to review"),
    "options": ("option considered",),
    "advice": ("advised",),
    "dissent": ("dissented",),
}  # fmt: skip
"""The cells of a decision that a step fills."""
PARTS: dict[str, tuple[str, ...]] = {
    "recorded": ("official record", "reported"),
    "reasons": ("reason",),
    "for and against": ("claim",),
    "promised": ("undertaking",),
    "asked": ("request", "question"),
    "looked for and not found": ("not found",),
}
"""What is told of a decision, by the kind of statement that tells it."""


@dataclass(frozen=True)
class Indicator:
    """One measure of a contract on a day: its target as it stands, when it was set, and each revision."""

    name: str
    stood: Stood[Statement]
    statements: tuple[Statement, ...]

    @property
    def target(self) -> str | None:
        """The target last told, with its unit; None where none was."""
        last = next((one for one in reversed(self.stood.taken) if one.value), None)
        return " ".join(filter(None, (last.value, last.unit))) if last else None

    @property
    def set_on(self) -> date | None:
        """The day it was put into the contract."""
        return next((one.first_day for one in self.stood.taken if one.step == "target set"), None)

    @property
    def revised_on(self) -> tuple[date, ...]:
        """The days on which it was revised; empty where nobody told that it ever was."""
        return tuple(one.first_day for one in self.stood.taken if one.step == "target revised")


@dataclass(frozen=True)
class Decision:
    """One decision or contract on a day: its subject, each part with its statements, and what contradicts them."""

    subject: str
    parts: dict[str, tuple[Statement, ...]]
    disputed: tuple[tuple[Statement, Statement], ...]
    steps: dict[str, tuple[Statement, ...]]
    standing: str
    indicators: tuple[Indicator, ...]

    @property
    def begun_on(self) -> date:
        """The first day of which anything is told."""
        return min(one.first_day for many in self.parts.values() for one in many)

    @property
    def by(self) -> tuple[str, ...]:
        """Who told of it as a record, each once, in order."""
        return tuple(dict.fromkeys(one.said_by for one in self.parts["recorded"]))

    @property
    def deciders(self) -> tuple[str, ...]:
        """Who decided: whom a statement says answers for it, else whoever said that it was decided."""
        return tuple(dict.fromkeys(one.owner or one.said_by for one in self.steps["decided"]))


def decisions(statements: Statements, day: date, kind: str = "decision") -> list[Decision]:
    """Every decision (or `contract`) told of by a day, by the first day of which anything is told."""
    told = by_subject(statements, kind, day)
    measured = by_subject(statements, "indicator", day) if kind == "contract" else {}
    made = [
        _decision(subject, many, statements, measured, day)
        for subject, many in told.items()
        if any(one.kind != "not found" for one in many)
    ]
    return sorted(made, key=lambda one: (one.begun_on, one.subject))


def told_on(one: Statement) -> date:
    """The day a step of a decision counts from: when it was told, or its last day where that came earlier.

    A statement may speak of years that led to a decision; they were not decided in.
    """
    return min(one.said_first, one.last_day or one.said_first)


def _decision(
    subject: str, told: list[Statement], among: Statements, measured: dict[str, list[Statement]], day: date
) -> Decision:  # fmt: skip
    parts = {name: tuple(one for one in told if one.kind in kinds) for name, kinds in PARTS.items()}
    pairs = [(one, other) for one in told for other in among.contradictions(one)]
    disputed = {frozenset((one.reference, other.reference)): (one, other) for one, other in pairs}
    taken = sorted((one for one in told if one.step and told_on(one) <= day), key=told_on)
    steps = {name: tuple(one for one in taken if one.step in names) for name, names in STEPS.items()}
    standing = DECIDED if steps["decided"] else stood(DECISION, taken, over_gaps=True).standing
    return Decision(
        subject, parts, tuple(disputed.values()), steps, standing, _indicators(told, measured, among)
    )


def _indicators(
    told: list[Statement], measured: dict[str, list[Statement]], among: Statements
) -> tuple[Indicator, ...]:  # fmt: skip
    """The indicators of which a statement bears on one of the contract's own."""
    own = {one.reference for one in told}
    return tuple(
        Indicator(name, stood(INDICATOR, [one for one in many if one.step]), tuple(many))
        for name, many in measured.items()
        if any(to.reference in own for one in many for to in among.to(one, "bears_on"))
    )
