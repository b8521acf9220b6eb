"""What an evidence pack holds: for a period and topics, what became public on each day, and what became of it.

Only public statements: an authority's own work and anything about a child are never among them. Each day is
given by what was public at its end; what became of a claim or a promise is given by the pack's moment, with
the day on which each outcome became public.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from lineofsight.oversight.statements import Statement
from lineofsight.queries.followed import Followed, Linked, PackQuery, claims, place, promises, requests
from lineofsight.queries.public_versions import Known, Version, public_versions
from lineofsight.queries.record import Record
from lineofsight.record.tables.statement import RELATIONS
from lineofsight.vocabulary.moments import end_of, london_day, microseconds, moment_of
from lineofsight.vocabulary.refusal import Refused

# -- what a pack holds ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Entry:
    """A version that became public on a day; what it said of what was public by the end of that day.

    `replaced` is the version that it took the place of.
    """

    statement: Statement
    links: tuple[Linked, ...]
    replaced: Statement | None


@dataclass(frozen=True)
class DayOf:
    """One day of the period: what became public on it, and which statements were withdrawn."""

    day: date
    entries: tuple[Entry, ...]
    withdrawn: tuple[Statement, ...]


@dataclass(frozen=True)
class Evidence:
    """Everything a pack shows. `moment` is the moment by which it is known, `as_at` the London day of it."""

    authority: str
    query: PackQuery
    moment: datetime
    days: tuple[DayOf, ...]
    claims: tuple[Followed, ...]
    promises: tuple[Followed, ...]
    requests: tuple[Followed, ...]
    figures: tuple[Statement, ...]
    known: Known

    @property
    def as_at(self) -> date:
        """The London day of the pack's moment."""
        return london_day(self.moment)

    @cached_property
    def references(self) -> tuple[str, ...]:
        """The reference of every statement that the pack shows or names as an outcome, in order."""
        return tuple(sorted({each.reference for each in self._shown()}))

    @cached_property
    def by_reference(self) -> frozenset[str]:
        """The same as a set."""
        return frozenset(self.references)

    @property
    def versions(self) -> Iterator[Version]:
        """Every version of those statements that was known by the pack's moment."""
        moment = self.known.moment
        for reference in self.references:
            yield from (
                each for each in self.known.versions[reference] if each.statement.attested_at <= moment
            )

    def _shown(self) -> Iterator[Statement]:
        for day in self.days:
            yield from day.withdrawn
            for entry in day.entries:
                yield from (entry.statement, *(link.statement for link in entry.links))
        for followed in (*self.claims, *self.promises, *self.requests):
            yield from (followed.statement, *(outcome.statement for outcome in followed.outcomes))
        yield from self.figures


def evidence(record: Record, query: PackQuery) -> Evidence:
    """What a pack holds; refuses where no public statement was known by its moment.

    Its moment is the one asked for or, where that is later, the last at which anything public was received:
    nothing became known since, and the same question on the same record gives the same pack.
    """
    versions = public_versions(record)
    received = max(
        (each.statement.witnessed_at for several in versions.values() for each in several), default=0
    )
    moment = min(received, microseconds(query.known_by)) if query.known_by else received
    now = Known(versions, moment)
    if not len(now.statements):
        raise Refused(
            f"No public statements of authority {record.authority} are held as known by that moment."
        )
    then = Known(versions, min(microseconds(end_of(query.last)), moment))
    return Evidence(
        authority=record.authority,
        query=query,
        moment=moment_of(moment),
        days=tuple(_days(query, now)),
        claims=tuple(sorted(claims(query, then, now), key=place)),
        promises=tuple(sorted(promises(query, then, now), key=place)),
        requests=tuple(sorted(requests(query, then, now), key=place)),
        figures=tuple(each for each in now.statements if _is_figure(query, now, each)),
        known=now,
    )


# -- day by day -----------------------------------------------------------------------------------------


def _days(query: PackQuery, now: Known) -> Iterator[DayOf]:
    """The days of the period on which anything became public or was withdrawn, in order."""
    begun: dict[date, list[Version]] = {}
    ended: dict[date, list[Statement]] = {}
    for several in now.versions.values():
        for at, version in enumerate(several):
            if version.statement.attested_at <= now.moment and query.is_about(version.statement):
                begun.setdefault(version.public_on, []).append(version)
            follows = at + 1 < len(several) and several[at + 1].statement.attested_at == version.until
            if version.until <= now.moment and not follows and query.is_about(version.statement):
                ended.setdefault(london_day(moment_of(version.until)), []).append(version.statement)
    for day in sorted(day for day in {*begun, *ended} if query.first <= day <= query.last):
        by_then = Known(now.versions, min(microseconds(end_of(day)), now.moment))
        own = sorted(begun.get(day, []), key=lambda each: (each.statement.said_first, each.position))
        yield DayOf(day, tuple(_entry(each, by_then) for each in own), tuple(ended.get(day, ())))


def _entry(version: Version, by_then: Known) -> Entry:
    statement = version.statement
    links = [
        Linked(relation, other, by_then.first_public_on(other))
        for relation in RELATIONS
        for reference in statement.links(relation)
        if (other := by_then.current(reference)) is not None
    ]
    before = [each for each in by_then.versions[statement.reference] if each.position < version.position]
    return Entry(statement, tuple(links), before[-1].statement if before else None)


# -- figures --------------------------------------------------------------------------------------------


def _is_figure(query: PackQuery, now: Known, statement: Statement) -> bool:
    """Whether it is a number that became public in the period, or that is about days of it, whenever it did."""
    if statement.number is None or not query.is_about(statement):
        return False
    ended = statement.last_day
    about = statement.first_day <= query.last and ended is not None and ended >= query.first
    return about or query.holds(now.first_public_on(statement))
