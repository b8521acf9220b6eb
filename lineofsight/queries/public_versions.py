"""Every version of the public statements of one authority, and which of them were public at a moment.

An authority's own work is never among them, whoever asks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from lineofsight.oversight.statements import Statement, Statements, statement_from
from lineofsight.queries.record import Record, cached_by_state
from lineofsight.queries.statements import OWN_WORK, TABLE
from lineofsight.record import frames
from lineofsight.vocabulary.moments import london_day, moment_of


@dataclass(frozen=True)
class Version:
    """One version of a statement, the moment until which it was the latest, and its place in the ledger."""

    statement: Statement
    until: int
    position: int

    @property
    def public_on(self) -> date:
        """The London day on which this version became public."""
        return public_on(self.statement)

    def is_current(self, moment: int) -> bool:
        """Whether it was the latest version at a moment."""
        return self.statement.attested_at <= moment < self.until


def public_on(statement: Statement) -> date:
    """The London day on which a statement became public."""
    return london_day(moment_of(statement.attested_at))


@cached_by_state(8)
def public_versions(record: Record) -> dict[str, tuple[Version, ...]]:
    """Every version of every public statement by its reference, oldest first.

    A statement of which any version is the authority's own work is left out whole.
    """
    rows = sorted(record.engine.rows(record.history(TABLE)), key=lambda row: row[frames.POSITION])
    found: dict[str, list[Version]] = {}
    for row in rows:
        version = _version(record, row)
        found.setdefault(version.statement.reference, []).append(version)
    return {
        reference: tuple(several)
        for reference, several in sorted(found.items())
        if not any(each.statement.subject_kind in OWN_WORK for each in several)
    }


def _version(record: Record, row: dict[str, Any]) -> Version:
    statement = statement_from(
        row,
        authority=record.authority,
        delivered_by=row[frames.SOURCE],
        link=row[frames.DELIVERY],
        attested_at=row[frames.ATTESTED_FROM],
        witnessed_at=row[frames.WITNESSED_FROM],
    )
    return Version(statement, row[frames.ATTESTED_TO], row[frames.POSITION])


@dataclass(frozen=True)
class Known:
    """The public statements known by one moment."""

    versions: dict[str, tuple[Version, ...]]
    moment: int

    def current(self, reference: str) -> Statement | None:
        """The version of a statement that was the latest at the moment; None where none was public."""
        several = self.versions.get(reference, ())
        return next((each.statement for each in several if each.is_current(self.moment)), None)

    def first_public_on(self, statement: Statement) -> date:
        """The day on which the first version of a statement became public."""
        return self.versions[statement.reference][0].public_on

    def linked_since(self, statement: Statement, relation: str, other: Statement) -> date:
        """The day from which it was public that a statement links to another."""
        several = self.versions[statement.reference]
        linking = (each.public_on for each in several if other.reference in each.statement.links(relation))
        return max(min(linking), self.first_public_on(other))

    @cached_property
    def statements(self) -> Statements:
        """All of them, with the links among them."""
        found = (self.current(reference) for reference in self.versions)
        return Statements([each for each in found if each is not None])
