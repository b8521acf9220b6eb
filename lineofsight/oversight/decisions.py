"""Decisions and contracts from statements: who decided and when, options, advice, dissent, reasons, indicators.

Nothing is added that no source states. An option that no source names gets no line, and a statement without
a step stays in the part for its kind.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lineofsight.oversight.statements import Statement, Statements
from lineofsight.oversight.steps import by_subject
from lineofsight.oversight.transitions import BEGIN, Machine, Progress, Transition, progress_of

_OPEN, DECIDED = "open", "decided"
DECISION = Machine(
    "decision",
    (
        Transition("option considered", (BEGIN, _OPEN), _OPEN, "One of the possible decisions."),
        Transition("advised", (BEGIN, _OPEN), _OPEN, "Advice to the people who decide."),
        Transition("dissented", (BEGIN, _OPEN), _OPEN, "Somebody who took part was against it beforehand."),
        Transition("decided", (BEGIN, _OPEN, DECIDED), DECIDED, "The decision was taken, or taken again."),
        Transition("dissented", (DECIDED,), DECIDED, "Somebody who took part was against it."),
    ),
)
INDICATOR = Machine(
    "indicator",
    (
        Transition("target set", (BEGIN, "dropped"), "set", "The contract measures it against a target."),
        Transition("target revised", ("set",), "set", "The target changed; the indicator remains the same."),
        Transition("target dropped", ("set",), "dropped", "The contract no longer measures it."),
    ),
)

STEPS: dict[str, tuple[str, ...]] = {
    "decided": (
        "decided",
        "decided to publish",
        "decided to publish redacted",
        "decided to publish learning only",
        "decided to withhold",
        "decided to review",
        "decided not to review",
    ),
    "options": ("option considered",),
    "advice": ("advised",),
    "dissent": ("dissented",),
}
"""The parts of a decision that steps fill."""
PARTS: dict[str, tuple[str, ...]] = {
    "recorded": ("official record", "reported"),
    "reasons": ("reason",),
    "for and against": ("claim",),
    "promised": ("undertaking",),
    "asked": ("request", "question"),
    "looked for and not found": ("not found",),
}
"""The parts of a decision, by kind of statement."""


@dataclass(frozen=True)
class Indicator:
    """One measure of a contract on a day: its current target, when it was set, and each revision."""

    name: str
    progress: Progress[Statement]
    statements: tuple[Statement, ...]

    @property
    def target(self) -> str | None:
        """The latest stated target, with its unit; None if there is none."""
        last = next((one for one in reversed(self.progress.taken) if one.value), None)
        return " ".join(filter(None, (last.value, last.unit))) if last else None

    @property
    def set_on(self) -> date | None:
        """The day on which the contract first included it."""
        return next((one.first_day for one in self.progress.taken if one.step == "target set"), None)

    @property
    def revised_on(self) -> tuple[date, ...]:
        """The days on which it was revised; empty if no source mentions a revision."""
        return tuple(one.first_day for one in self.progress.taken if one.step == "target revised")


@dataclass(frozen=True)
class Decision:
    """One decision or contract on a day: its subject, the statements of each part, and what contradicts them."""

    subject: str
    parts: dict[str, tuple[Statement, ...]]
    disputed: tuple[tuple[Statement, Statement], ...]
    steps: dict[str, tuple[Statement, ...]]
    standing: str
    indicators: tuple[Indicator, ...]

    @property
    def begun_on(self) -> date:
        """The first day that any statement is about."""
        return min(one.first_day for many in self.parts.values() for one in many)

    @property
    def by(self) -> tuple[str, ...]:
        """Who recorded it, each once, in order."""
        return tuple(dict.fromkeys(one.said_by for one in self.parts["recorded"]))

    @property
    def deciders(self) -> tuple[str, ...]:
        """Who decided: the owner in the statement, otherwise the body that said it was decided."""
        return tuple(dict.fromkeys(one.owner or one.said_by for one in self.steps["decided"]))


def decisions(statements: Statements, day: date, kind: str = "decision") -> list[Decision]:
    """Every decision (or `contract`) stated by a day, in order of the first day that a statement is about."""
    told = by_subject(statements, kind, day)
    measured = by_subject(statements, "indicator", day) if kind == "contract" else {}
    made = [
        _decision(subject, many, statements, measured, day)
        for subject, many in told.items()
        if any(one.kind != "not found" for one in many)
    ]
    return sorted(made, key=lambda one: (one.begun_on, one.subject))


def told_on(statement: Statement) -> date:
    """The day from which a step of a decision counts: when it was said, or its last day if that is earlier.

    A statement may be about the years before a decision, and the decision was not taken in those years.
    """
    return min(statement.said_first, statement.last_day or statement.said_first)


def _decision(
    subject: str, told: list[Statement], among: Statements, measured: dict[str, list[Statement]], day: date
) -> Decision:
    parts = {name: tuple(one for one in told if one.kind in kinds) for name, kinds in PARTS.items()}
    pairs = [(one, other) for one in told for other in among.contradictions(one)]
    disputed = {frozenset((one.reference, other.reference)): (one, other) for one, other in pairs}
    taken = sorted((one for one in told if one.step and told_on(one) <= day), key=told_on)
    steps = {name: tuple(one for one in taken if one.step in names) for name, names in STEPS.items()}
    standing = DECIDED if steps["decided"] else progress_of(DECISION, taken, over_gaps=True).standing
    return Decision(
        subject, parts, tuple(disputed.values()), steps, standing, _indicators(told, measured, among)
    )


def _indicators(
    told: list[Statement], measured: dict[str, list[Statement]], among: Statements
) -> tuple[Indicator, ...]:
    """The indicators with a statement that bears on one of the contract's statements."""
    own = {one.reference for one in told}
    return tuple(
        Indicator(name, progress_of(INDICATOR, [one for one in many if one.step]), tuple(many))
        for name, many in measured.items()
        if any(to.reference in own for one in many for to in among.to(one, "bears_on"))
    )
