"""What files would tell if they were loaded: the answer of a preview."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from lineofsight.allocation.states import State
from lineofsight.intake.report import ReadingReport
from lineofsight.queries.as_json import Moment, named
from lineofsight.queries.deliveries import Finding
from lineofsight.queries.figures import Caseload, Figure, FigureQuery, Register, day_of_children, figure
from lineofsight.queries.record import Record


@dataclass(frozen=True)
class PreviewedDelivery:
    """One delivery as it was read: what it is called, the format it was read in and whether that was guessed.

    `received` = `accepted` + `unchanged` + `quarantined`.
    """

    name: str
    format: str
    guessed: bool
    received_at: Moment
    received: int
    accepted: int
    unchanged: int
    quarantined: int
    withdrawn: int
    report: ReadingReport


@dataclass(frozen=True)
class ChildChange:
    """A child whose state differs between two deliveries; None where the child is not counted."""

    child: str
    before: State | None
    after: State | None


@dataclass(frozen=True)
class Changes:
    """What changed from an earlier delivery to a later one: both figures, and each child whose state differs."""

    from_: Annotated[Figure, named("from")]
    to: Figure
    children: list[ChildChange]


def changes(before: Record, then: FigureQuery, after: Record, now: FigureQuery) -> Changes:
    """Two records compared child by child, each as at its own day."""
    earlier, later = day_of_children(before, then).states(), day_of_children(after, now).states()
    differing = sorted(child for child in {*earlier, *later} if earlier.get(child) != later.get(child))
    return Changes(
        figure(before, then),
        figure(after, now),
        [ChildChange(child, earlier.get(child), later.get(child)) for child in differing],
    )


@dataclass(frozen=True)
class ClosedWord:
    """A value of a worklist's column that probably means that the case is closed, and in how many rows it stands."""

    column: str
    value: str
    rows: int


@dataclass(frozen=True)
class ClosedCases:
    """Cases that are counted and are probably closed, of which the settings say nothing; and the figure without them."""

    words: list[ClosedWord]
    figure: Figure


@dataclass(frozen=True)
class Preview:
    """Who answers for whom by the files given, what was read of them, what was found, and what changed between two."""

    figure: Figure
    register: Register
    caseload: Caseload
    reading: list[PreviewedDelivery]
    findings: list[Finding]
    changes: Changes | None
    closed: ClosedCases | None = None


@dataclass(frozen=True)
class Cause:
    """Findings of one code and sentence: how many, and the first."""

    first: Finding
    count: int


def causes(findings: Sequence[Finding]) -> list[Cause]:
    """Findings that say the same, told once each with how many there are; in the order in which each came first."""
    counts = Counter(map(_kind, findings))
    first: dict[Any, Finding] = {}
    for finding in findings:
        first.setdefault(_kind(finding), finding)
    return [Cause(one, counts[kind]) for kind, one in first.items()]


def _kind(finding: Finding) -> tuple[Any, ...]:
    return (finding.code, finding.severity, finding.table, finding.column, finding.file)
