"""Decisions and contracts as they are told: what was recorded, which reasons were given, who spoke for or against.

Nothing is made of them that nobody said: an option that no source names is not a line, and dissent is whatever
was claimed against it or cannot stand beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lineofsight.oversight.statements import Statement, Statements
from lineofsight.oversight.steps import by_subject

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
class Decision:
    """One decision or contract on a day: its subject, each part with its statements, and what contradicts them."""

    subject: str
    parts: dict[str, tuple[Statement, ...]]
    disputed: tuple[tuple[Statement, Statement], ...]

    @property
    def begun_on(self) -> date:
        """The first day of which anything is told."""
        return min(one.first_day for many in self.parts.values() for one in many)

    @property
    def by(self) -> tuple[str, ...]:
        """Who told of it as a record, each once, in order."""
        return tuple(dict.fromkeys(one.said_by for one in self.parts["recorded"]))


def decisions(statements: Statements, day: date, kind: str = "decision") -> list[Decision]:
    """Every decision (or `contract`) told of by a day, by the first day of which anything is told."""
    told = by_subject(statements, kind, day)
    made = [
        _decision(subject, many, statements)
        for subject, many in told.items()
        if any(one.kind != "not found" for one in many)
    ]
    return sorted(made, key=lambda one: (one.begun_on, one.subject))


def _decision(subject: str, told: list[Statement], among: Statements) -> Decision:
    parts = {name: tuple(one for one in told if one.kind in kinds) for name, kinds in PARTS.items()}
    pairs = [(one, other) for one in told for other in among.contradictions(one)]
    disputed = {frozenset((one.reference, other.reference)): (one, other) for one, other in pairs}
    return Decision(subject, parts, tuple(disputed.values()))
