"""Sourced statements: what each says, where it comes from, and what contradicts, answers, keeps or breaks it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from lineofsight.oversight.statements import INVERSES, Statement, Statements, statement_from
from lineofsight.queries.as_json import Moment
from lineofsight.queries.record import (
    Record,
    RestsOn,
    View,
    cached_by_state,
    delivery_of,
    link_numbered,
    position,
    rows_known,
)
from lineofsight.record import frames
from lineofsight.record.tables.statement import RELATIONS, STATEMENT
from lineofsight.vocabulary.days import read_period
from lineofsight.vocabulary.moments import microseconds, moment_of, start_of

TABLE = STATEMENT.name
OWN_WORK = frozenset({"action", "aspect", "gate", "question"})
"""The kinds of subject that are an authority's own work: its plans and questions are not public when entered."""


# -- the statements known in a view -----------------------------------------------------------------


def authorities(record: Record) -> list[str]:
    """The authorities of which any statement is held."""
    return record.authorities(TABLE)


def statements(record: Record, view: View) -> Statements:
    """An authority's statements known by the view's moment; none where the authority has none.

    A note of ours is in it from its own day on, whenever the statement itself became known.
    """
    settled = min(view.moment, record.newest_moment(TABLE))
    noted = min(view.moment, _last_noted(record))
    if view.topics:
        return _about(record, settled, noted, view.witnessed, view.public, view.topics)
    return _statements(record, settled, noted, view.witnessed, view.public)


@cached_by_state(16)
def _about(
    record: Record, moment: int, noted: int, witnessed: bool, public: bool, topics: tuple[str, ...]
) -> Statements:
    """What has a statement about one of the topics, with every statement about it: its steps may name none."""
    every = _statements(record, moment, noted, witnessed, public)
    subjects = {
        (each.subject_kind, each.subject) for each in every if not set(topics).isdisjoint(each.topics)
    }
    covered = [each for each in every if (each.subject_kind, each.subject) in subjects]
    return Statements(covered, _held(record))


@cached_by_state(48)
def _statements(record: Record, moment: int, noted: int, witnessed: bool, public: bool) -> Statements:
    if public:
        every = _statements(record, moment, noted, witnessed, False)
        return Statements([each for each in every if each.subject_kind not in OWN_WORK], _held(record))
    rows = rows_known(record, TABLE, moment, witnessed=witnessed)
    return Statements([_as_noted(_statement(record.authority, row), noted) for row in rows], _held(record))


@cached_by_state(8)
def _held(record: Record) -> frozenset[str]:
    """The references of every statement ever received, whenever it became known."""
    rows = record.engine.rows(record.history(TABLE).select(frames.SOURCE, "id"))
    return frozenset(f"{row[frames.SOURCE]}/{row['id']}" for row in rows)


@cached_by_state(8)
def _last_noted(record: Record) -> int:
    """The moment from which the last of our notes is known, in microseconds."""
    rows = record.engine.rows(record.history(TABLE).select("noted_on"))
    return max((_noted_at(row["noted_on"]) for row in rows), default=0)


def _noted_at(noted_on: str | None) -> int:
    period = read_period(noted_on or "")
    return microseconds(start_of(period.first)) if period else 0


def _as_noted(statement: Statement, moment: int) -> Statement:
    """The statement without our note if the note was written after a moment."""
    if _noted_at(statement.noted_on) <= moment:
        return statement
    return replace(statement, note=None, our_finding=None, noted_on=None)


def _statement(authority: str, row: dict[str, Any]) -> Statement:
    return statement_from(
        row,
        authority=authority,
        delivered_by=row[frames.SOURCE],
        link=row[frames.DELIVERY],
        attested_at=row[frames.ATTESTED_FROM],
        witnessed_at=row[frames.WITNESSED_FROM],
    )


def versions(record: Record, reference: str, *, public: bool = False) -> list[Statement]:
    """Every version of one statement (`source/id`) the record ever held, oldest first, whatever was known when.

    `public`: none where any of them is an authority's own work.
    """
    source, _, id = reference.partition("/")
    rows = record.engine.rows(record.history(TABLE))
    own = [row for row in rows if (row[frames.SOURCE], row["id"]) == (source, id)]
    every = [_statement(record.authority, row) for row in sorted(own, key=lambda row: row[frames.POSITION])]
    return [] if public and any(each.subject_kind in OWN_WORK for each in every) else every


def address_of(statement: Statement) -> str:
    """The address of a statement's own page."""
    return f"/public-record/{statement.authority}/statements/{statement.reference}"


def handle_of(name: str) -> str:
    """What stands for a subject in the address of its own page: its name may hold anything."""
    return hashlib.sha256(name.encode()).hexdigest()[:16]


def full_reference(statement: Statement) -> str:
    """A statement's name among all authorities: `authority/source/id`."""
    return f"{statement.authority}/{statement.reference}"


@dataclass(frozen=True)
class Origin:
    """The delivery that brought a version of a statement, and the hash of its link."""

    id: str
    hash: str


def origin_of(record: Record, statement: Statement) -> Origin:
    """Where this version of a statement comes from in the chain."""
    link = link_numbered(record, statement.link)
    return Origin(link.delivery, link.hash) if link else Origin("", "")


# -- how answers name a statement -------------------------------------------------------------------


@dataclass(frozen=True)
class Reference:
    """A statement as an answer that rests on it names it."""

    reference: str
    address: str
    headline: str
    said_by: str
    said_on: str


def refer(statement: Statement) -> Reference:
    """A statement's reference."""
    return Reference(
        full_reference(statement),
        address_of(statement),
        statement.title,
        statement.said_by,
        statement.said_on,
    )


@dataclass(frozen=True)
class Brief:
    """A statement as the registers name it: where it is, what it says, who made it."""

    reference: str
    address: str
    headline: str
    kind: str
    step: str | None
    about_from: str
    said_by: str
    said_on: str
    confidence: str


def brief(statement: Statement) -> Brief:
    """A statement in brief."""
    return Brief(
        reference=full_reference(statement),
        address=address_of(statement),
        headline=statement.title,
        kind=statement.kind,
        step=statement.step,
        about_from=statement.about_from or statement.said_on,
        said_by=statement.said_by,
        said_on=statement.said_on,
        confidence=statement.confidence,
    )


def briefs(several: Iterable[Statement]) -> list[Brief]:
    """Several statements in brief."""
    return [brief(each) for each in several]


@dataclass(frozen=True)
class Linked:
    """A statement as another that is linked with it names it."""

    reference: str
    address: str
    headline: str
    kind: str
    value: str | None
    said_by: str
    said_on: str


def linked(several: Iterable[Statement]) -> list[Linked]:
    """Several statements as another names them."""
    return [
        Linked(
            full_reference(each),
            address_of(each),
            each.title,
            each.kind,
            each.value,
            each.said_by,
            each.said_on,
        )
        for each in several
    ]


# -- a statement in full ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Days:
    """The days a statement speaks about; `last_day` is None while they run."""

    first_day: date
    last_day: date | None


@dataclass(frozen=True)
class Publication:
    """Where a statement was published."""

    title: str
    publisher: str
    date: str | None
    address: str | None
    place: str | None


@dataclass(frozen=True)
class FullStatement:
    """One statement with everything that links to it. Its cells are those of the table `statement`."""

    id: str
    reference: str
    address: str
    authority: str
    delivered_by: str
    delivery: str
    attested_at: Moment
    witnessed_at: Moment
    about: Days
    headline: str | None
    subject_kind: str
    subject: str
    says: str
    value: str | None
    bound: str | None
    unit: str | None
    definition: str | None
    counter: str | None
    area: str | None
    event: str | None
    holder: str | None
    terms: str | None
    step: str | None
    owner: str | None
    test: str | None
    evidence: str | None
    said_by: str
    said_on: str
    about_from: str | None
    about_to: str | None
    kind: str
    due_on: str | None
    asked_of: str | None
    looked_in: str | None
    document: str | None
    item: str | None
    found: str | None
    quotation: str | None
    known_from: str | None
    known_because: str | None
    note: str | None
    our_finding: str | None
    noted_on: str | None
    confidence: str
    topic: list[str]
    theme: list[str]
    source: Publication
    contradicts: list[Linked]
    counts_differently: list[Linked]
    also_says: list[Linked]
    answers: list[Linked]
    keeps: list[Linked]
    breaks: list[Linked]
    became_of: list[Linked]
    corrects: list[Linked]
    bears_on: list[Linked]
    contradicted_by: list[Linked]
    counted_differently_by: list[Linked]
    also_said_by: list[Linked]
    answered_by: list[Linked]
    kept_by: list[Linked]
    broken_by: list[Linked]
    became: list[Linked]
    corrected_by: list[Linked]
    borne_on_by: list[Linked]
    links_to_nothing_known: dict[str, list[str]]


_MADE = ("reference", "topic", "theme", *RELATIONS)
"""Fields of an answer that share a name with something of the statement and are made in another way."""
_CELLS = [
    field.name for field in fields(FullStatement) if field.name in STATEMENT.names and field.name not in _MADE
]


def full_statement(record: Record, statement: Statement, among: Statements) -> FullStatement:
    """One statement with everything among the others that links to it."""
    cells: dict[str, Any] = {name: getattr(statement, name) for name in _CELLS}
    links: dict[str, Any] = {
        **{relation: linked(among.to(statement, relation)) for relation in RELATIONS},
        **{name: linked(among.of(statement, relation)) for relation, name in INVERSES.items()},
    }
    lost = {relation: among.lost(statement, relation) for relation in RELATIONS}
    return FullStatement(
        **cells,
        **links,
        reference=full_reference(statement),
        address=address_of(statement),
        authority=statement.authority,
        delivered_by=statement.delivered_by,
        delivery=delivery_of(record, statement.link),
        attested_at=moment_of(statement.attested_at),
        witnessed_at=moment_of(statement.witnessed_at),
        about=Days(statement.first_day, statement.last_day),
        topic=statement.topics,
        theme=statement.themes,
        source=Publication(
            statement.source_title,
            statement.source_publisher,
            statement.source_date,
            statement.source_address,
            statement.source_place,
        ),
        links_to_nothing_known={relation: names for relation, names in lost.items() if names},
    )


@dataclass(frozen=True)
class StatementsAnswer:
    """The statements that a search finds in a view."""

    as_at: date | None
    known_by: Moment
    rests_on: RestsOn
    position: int
    count: int
    statements: list[FullStatement]


@dataclass(frozen=True)
class PublicRecordAnswer(StatementsAnswer):
    """The first page of a public record: the statements, and each part of the page as it is shown."""

    parts: dict[str, Any]


@dataclass(frozen=True)
class StatementAnswer:
    """One statement known in a view, or none."""

    as_at: date | None
    known_by: Moment
    rests_on: RestsOn
    position: int
    statement: FullStatement | None


def search(records: Iterable[Record], view: View, about: str | None = None) -> StatementsAnswer:
    """The statements of these records that speak about the view's day, in which every word asked for occurs."""
    several = list(records)
    found = [each for record in several for each in _matching(record, view, about)]
    positions = (position(record, view.moment, witnessed=view.witnessed) for record in several)
    return StatementsAnswer(
        view.day, view.known_by, view.rests_on, max(positions, default=0), len(found), found
    )


def _matching(record: Record, view: View, about: str | None) -> list[FullStatement]:
    among = statements(record, view)
    found = among.search(about) if about else among.all
    return [
        full_statement(record, each, among) for each in found if view.day is None or each.speaks_of(view.day)
    ]
