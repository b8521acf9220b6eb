"""Decisions and contracts, with reasons, claims for and against, and what was looked for and not found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lineofsight.oversight import decisions as rules
from lineofsight.queries.record import Record, View
from lineofsight.queries.registers import RegisterHead, head
from lineofsight.queries.statements import Brief, brief, briefs, statements


@dataclass(frozen=True)
class Dispute:
    """Two statements about a decision that cannot both stand."""

    says: Brief
    against: Brief


@dataclass(frozen=True)
class _Told:
    """What is known of a decision or a contract."""

    subject: str
    begun_on: date
    by: list[str]
    steps: dict[str, list[Brief]]
    parts: dict[str, list[Brief]]
    disputed: list[Dispute]


@dataclass(frozen=True)
class Decision(_Told):
    """One decision: who decided it and when."""

    standing: str
    deciders: list[str]
    decided_on: date | None


@dataclass(frozen=True)
class Indicator:
    """One measure of a contract, its target, and each revision of it."""

    name: str
    standing: str
    target: str | None
    set_on: date | None
    revised_on: list[date]
    never_revised: bool
    statements: list[Brief]


@dataclass(frozen=True)
class Contract(_Told):
    """One contract, with the measures it is judged by."""

    indicators: list[Indicator]


@dataclass(frozen=True)
class Decisions(RegisterHead):
    """Every decision and contract known by the day."""

    decisions: list[Decision]
    contracts: list[Contract]


def decisions(record: Record, view: View) -> Decisions:
    """The answer of `decisions --json`."""
    among, day = statements(record, view), view.as_at
    return Decisions(
        **vars(head(record, view)),
        decisions=[_decision(each) for each in rules.decisions(among, day)],
        contracts=[_contract(each) for each in rules.decisions(among, day, "contract")],
    )


def _told(each: rules.Decision) -> _Told:
    return _Told(
        subject=each.subject,
        begun_on=each.begun_on,
        by=list(each.by),
        steps={name: briefs(several) for name, several in each.steps.items()},
        parts={name: briefs(several) for name, several in each.parts.items()},
        disputed=[Dispute(brief(own), brief(other)) for own, other in each.disputed],
    )


def _decision(each: rules.Decision) -> Decision:
    return Decision(
        **vars(_told(each)),
        standing=each.standing,
        deciders=list(each.deciders),
        decided_on=min(map(rules.told_on, each.steps["decided"]), default=None),
    )


def _contract(each: rules.Decision) -> Contract:
    indicators = [
        Indicator(
            name=measure.name,
            standing=measure.progress.standing,
            target=measure.target,
            set_on=measure.set_on,
            revised_on=list(measure.revised_on),
            never_revised=not measure.revised_on,
            statements=briefs(measure.statements),
        )
        for measure in each.indicators
    ]
    return Contract(**vars(_told(each)), indicators=indicators)
