"""Answers as tests read them: as JSON, from the record as it stands when they ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from lineofsight.allocation import states
from lineofsight.allocation.states import Definition
from lineofsight.queries import bridges, decisions, deliveries, figures, inspections, registers, repeated
from lineofsight.queries.as_json import to_json
from lineofsight.queries.figures import FigureQuery
from lineofsight.queries.record import Record, View
from lineofsight.service.access.kept_files import report_hash
from lineofsight.service.access.records import open_record, open_records, record_with
from lineofsight.service.receive.recipe import Outcome


@dataclass(frozen=True)
class Asked:
    """Whose figure is asked for and by which definition."""

    authority: str
    definition: Definition = states.OPEN_EPISODES
    witnessed: bool = False

    @property
    def record(self) -> Record:
        return open_record(self.authority)

    def query(self, day: date, known_by: int) -> FigureQuery:
        return FigureQuery(day, known_by, self.definition, self.witnessed)


def latest(asked: Asked) -> int:
    return figures.latest_moment(asked.record, witnessed=asked.witnessed)


def figure(asked: Asked, day: date, known_by: int) -> dict[str, Any]:
    return to_json(figures.figure(asked.record, asked.query(day, known_by)))


def not_seen(asked: Asked, day: date, known_by: int) -> dict[str, Any]:
    return to_json(figures.not_seen(asked.record, asked.query(day, known_by)))


def register(asked: Asked, day: date, known_by: int) -> dict[str, Any]:
    return to_json(figures.register(asked.record, asked.query(day, known_by)))


def caseload(asked: Asked, day: date, known_by: int) -> dict[str, Any]:
    return to_json(figures.caseload(asked.record, asked.query(day, known_by)))


def trend(asked: Asked, first: date, last: date, known_by: int | None) -> dict[str, Any]:
    query = asked.query(last, latest(asked) if known_by is None else known_by)
    return to_json(figures.trend(asked.record, query, first, as_known_then=known_by is None))


def bridge(asked: Asked, first: date, last: date, from_known_by: int | None, known_by: int) -> dict[str, Any]:
    return to_json(bridges.bridge(asked.record, asked.query(last, known_by), first, from_known_by))


# -- deliveries -------------------------------------------------------------------------------------


def every_delivery() -> list[dict[str, Any]]:
    return to_json(deliveries.deliveries(open_records()))


def delivery_of(outcome: Outcome) -> dict[str, Any]:
    record = open_record(outcome.link.authority)
    link = deliveries.latest_link(record, outcome.link.delivery)
    return to_json(deliveries.delivery_from(record, link))


def findings_of(delivery: str) -> list[dict[str, Any]]:
    return to_json(deliveries.findings(record_with(delivery), delivery))


# -- registers and inspections ----------------------------------------------------------------------


def posts(authority: str, view: View) -> list[dict[str, Any]]:
    return to_json(registers.posts(open_record(authority), view))["posts"]


def reviews(authority: str, view: View) -> list[dict[str, Any]]:
    return to_json(registers.reviews(open_record(authority), view))["reviews"]


def instruments(authority: str, view: View) -> list[dict[str, Any]]:
    return to_json(registers.directions(open_record(authority), view))["instruments"]


def functions(authority: str, view: View) -> list[dict[str, Any]]:
    return to_json(registers.duties(open_record(authority), view))["functions"]


def decided(authority: str, view: View) -> dict[str, Any]:
    return to_json(decisions.decisions(open_record(authority), view))


def inspected(authority: str, view: View) -> dict[str, Any]:
    return to_json(inspections.inspections(open_record(authority), view, report_hash))


def recurring(authority: str, view: View) -> dict[str, Any]:
    return to_json(repeated.recurrences(open_record(authority), view))


def returning(authority: str, view: View) -> repeated.Returning:
    return repeated.returns(open_record(authority), view)
