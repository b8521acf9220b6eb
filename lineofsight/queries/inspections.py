"""Inspections with their grades and findings, from every source that states them. Anybody may read them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from lineofsight.oversight import inspections as rules
from lineofsight.oversight.inspections import Told, succession
from lineofsight.oversight.similarity import Passage
from lineofsight.oversight.statements import Statement
from lineofsight.queries.as_json import Moment
from lineofsight.queries.record import (
    Record,
    RestsOn,
    View,
    author_of,
    cached_by_state,
    day_of_ordinal,
    delivery_of,
    position,
    rows_known,
)
from lineofsight.queries.statements import address_of, full_reference, statements
from lineofsight.record import frames
from lineofsight.record.tables.inspections import INSPECTION, JUDGEMENT, WEAKNESS
from lineofsight.vocabulary.moments import moment_of

ReportOf = Callable[[rules.Inspection], str | None]
"""Gives the fingerprint (SHA-256) of an inspection's report, where it is kept."""


@dataclass(frozen=True)
class Authority:
    """An authority by code and name."""

    code: str
    name: str


@dataclass(frozen=True)
class InspectionHead:
    """How an answer about inspections begins. `as_at` None asks of no day."""

    authority: str
    as_at: date | None
    known_by: Moment
    rests_on: RestsOn
    position: int


@dataclass(frozen=True)
class OtherGrade:
    """The grade another source gives."""

    source: str
    grade: str


@dataclass(frozen=True)
class Judgement:
    """The grade of one area, from the source that stands first, and what the others give."""

    area: str
    grade: str
    printed: str | None
    page: int | None
    source: str
    others: list[OtherGrade]
    disputed: bool


@dataclass(frozen=True)
class AreaForImprovement:
    """One thing an inspection found that must be improved, in the report's own words."""

    number: int
    label: str | None
    within: int | None
    section: str | None
    due: str | None
    says: str
    refers_to: str | None
    national_framework: str | None
    page: int | None
    source: str


@dataclass(frozen=True)
class InspectionSource:
    """A source that states an inspection, and from when that was known. `by`: who entered it, where a person did."""

    source: str
    delivery: str
    by: str | None
    known_from: Moment


@dataclass(frozen=True)
class Inspection:
    """One inspection or visit. `unread`: what could not be read of its report and nobody has completed."""

    id: str
    title: str
    begun_on: date | None
    ended_on: date | None
    published_on: date | None
    kind: str
    framework: str | None
    body: str | None
    days: str | None
    published_by: str | None
    published_otherwise: list[OtherDay]
    lead_inspector: str | None
    inspectors: list[str]
    theme: str | None
    without_overall: str | None
    pages: int | None
    report: str | None
    unread: list[str]
    judgements: list[Judgement]
    areas_for_improvement: list[AreaForImprovement]
    sources: list[InspectionSource]


@dataclass(frozen=True)
class OtherDay:
    """Another day of publication than the one that counts, and what gives it."""

    on: date
    by: str


@dataclass(frozen=True)
class InspectionStatement:
    """A statement about an inspection."""

    reference: str
    address: str
    headline: str
    value: str | None
    unit: str | None
    said_by: str
    said_on: str
    kind: str


@dataclass(frozen=True)
class StatedInspection:
    """An inspection known from statements, by what they call it."""

    subject: str
    begun_on: date
    statements: list[InspectionStatement]


@dataclass(frozen=True)
class Inspections(InspectionHead):
    """The inspections of an authority. `follows`: the authorities it took over from, whose grades it does not inherit."""

    follows: list[Authority]
    inspections: list[Inspection]
    told_by_statements: list[StatedInspection]


def authorities(record: Record) -> list[str]:
    """The authorities of which any inspection is held."""
    return record.authorities(INSPECTION.name)


def known(record: Record, view: View) -> list[rules.Inspection]:
    """An authority's inspections known by the view's moment and begun by its day, the earliest first."""
    newest = record.newest_moment(INSPECTION.name, JUDGEMENT.name, WEAKNESS.name)
    every = _known(record, min(view.moment, newest), view.witnessed)
    return [each for each in every if view.day is None or each.begun_on <= view.day]


@cached_by_state(64)
def _known(record: Record, moment: int, witnessed: bool) -> tuple[rules.Inspection, ...]:
    told = [
        [
            Told(row[frames.SOURCE], row[frames.DELIVERY], row)
            for row in rows_known(record, table.name, moment, witnessed=witnessed)
        ]
        for table in (INSPECTION, JUDGEMENT, WEAKNESS)
    ]
    return tuple(rules.inspections(record.authority, *told))


def inspections(record: Record, view: View, report_of: ReportOf) -> Inspections:
    """The answer of `inspections --json`."""
    return Inspections(
        **vars(head(record, view)),
        follows=[Authority(code, name) for code, name in succession(record.authority)],
        inspections=[inspection(record, each, report_of) for each in known(record, view)],
        told_by_statements=_from_statements(record, view),
    )


def head(record: Record, view: View) -> InspectionHead:
    """The head of an answer about inspections."""
    at = position(record, view.moment, witnessed=view.witnessed)
    return InspectionHead(record.authority, view.day, view.known_by, view.rests_on, at)


def inspection(record: Record, each: rules.Inspection, report_of: ReportOf) -> Inspection:
    """One inspection with its grades and findings, and the sources that state it."""
    cells = each.cells
    return Inspection(
        id=each.id,
        title=each.title,
        begun_on=day_of_ordinal(cells.get("begun_on")),
        ended_on=day_of_ordinal(cells.get("ended_on")),
        published_on=day_of_ordinal(cells.get("published_on")),
        kind=cells["kind"],
        framework=cells.get("framework"),
        body=cells.get("body"),
        days=cells.get("days"),
        published_by=cells.get("published_by"),
        published_otherwise=[OtherDay(day, by) for day, by in each.published_otherwise],
        lead_inspector=cells.get("lead_inspector"),
        inspectors=each.inspectors,
        theme=cells.get("theme"),
        without_overall=cells.get("without_overall"),
        pages=cells.get("pages"),
        report=report_of(each),
        unread=each.unread,
        judgements=[_judgement(judged) for judged in each.judgements],
        areas_for_improvement=[_area(told) for told in each.weaknesses],
        sources=[_source(record, told) for told in each.told],
    )


def _judgement(each: rules.Judgement) -> Judgement:
    return Judgement(
        area=each.area,
        grade=each.grade,
        printed=each.told.cells.get("printed"),
        page=each.told.cells.get("page"),
        source=each.told.source,
        others=[OtherGrade(told.source, told.cells["grade"]) for told in each.others],
        disputed=each.disputed,
    )


def _area(told: Told) -> AreaForImprovement:
    cells = told.cells
    return AreaForImprovement(
        number=cells["number"],
        label=cells.get("label"),
        within=cells.get("within"),
        section=cells.get("section"),
        due=cells.get("due"),
        says=cells["says"],
        refers_to=cells.get("refers_to"),
        national_framework=cells.get("national_framework"),
        page=cells.get("page"),
        source=told.source,
    )


def _source(record: Record, told: Told) -> InspectionSource:
    known_from = moment_of(told.cells[frames.ATTESTED_FROM])
    delivery = delivery_of(record, told.link)
    by = author_of(record, delivery) if told.source == rules.BY_HAND else None
    return InspectionSource(told.source, delivery, by, known_from)


def _from_statements(record: Record, view: View) -> list[StatedInspection]:
    """Inspections known from statements, by subject."""
    found: dict[str, list[Statement]] = {}
    for each in statements(record, view):
        if each.subject_kind == "inspection" and (view.day is None or each.first_day <= view.day):
            found.setdefault(each.subject, []).append(each)
    return [
        StatedInspection(subject, min(each.first_day for each in several), [_brief(each) for each in several])
        for subject, several in found.items()
    ]


def _brief(each: Statement) -> InspectionStatement:
    return InspectionStatement(
        reference=full_reference(each),
        address=address_of(each),
        headline=each.title,
        value=each.value,
        unit=each.unit,
        said_by=each.said_by,
        said_on=each.said_on,
        kind=each.kind,
    )


def passages(record: Record, view: View) -> list[Passage]:
    """What inspections and statements of one authority found wanting."""
    found = [passage for each in known(record, view) for passage in each.passages()]
    return [*found, *(_passage(each) for each in statements(record, view) if _found_wanting(each, view.day))]


def _found_wanting(each: Statement, day: date | None) -> bool:
    return (
        each.kind == "official record"
        and bool(each.themes)
        and each.subject_kind in ("inspection", "direction", "review")
        and (day is None or each.first_day <= day)
    )


def _passage(each: Statement) -> Passage:
    return Passage(
        full_reference(each),
        each.authority,
        each.subject,
        each.begun_on,
        each.says,
        None,
        frozenset(each.themes),
        each.about_from or each.said_on,
    )
