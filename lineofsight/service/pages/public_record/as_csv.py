"""Statements as CSV: one line each, with its source, its days and what became of it."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpResponse

from lineofsight.oversight.statements import INVERSES, Statement, Statements
from lineofsight.queries.statements import address_of, full_reference
from lineofsight.service.pages import render
from lineofsight.service.pages.public_record.asked import PublicPage
from lineofsight.service.pages.tables import Column
from lineofsight.vocabulary.moments import moment_of, written

_CELLS = (
    "headline",
    "says",
    "kind",
    "subject_kind",
    "subject",
    "topic",
    "theme",
    "found",
    "value",
    "bound",
    "unit",
    "definition",
    "counter",
    "area",
    "event",
    "holder",
    "terms",
    "step",
    "said_by",
    "said_on",
    "about_from",
    "about_to",
    "due_on",
    "asked_of",
    "looked_in",
    "document",
    "item",
    "source_title",
    "source_publisher",
    "source_date",
    "source_address",
    "source_place",
    "quotation",
    "confidence",
    "our_finding",
    "note",
    "noted_on",
)
"""The fields of a statement that a CSV gives, under their own names."""


def statements_csv(
    asked: PublicPage, name: str, found: Iterable[Statement], among: Statements
) -> HttpResponse:
    """Statements as a CSV named `name`: each with its permanent address, its fields, and every link from either end."""
    rests = {"known_by": written(asked.view.known_by), "as_at": asked.day.isoformat()}
    return render.csv(asked, f"{name}-{asked.authority}", _columns(among), found, rests=rests)


def _columns(among: Statements) -> list[Column[Statement]]:
    return [
        Column("reference", cell=full_reference),
        Column("address", cell=address_of),
        *map(_cell, _CELLS),
        *(_links(among, relation) for relation in INVERSES),
        *(_linked_from(among, relation, inverse) for relation, inverse in INVERSES.items()),
        Column("public_from", cell=lambda each: written(moment_of(each.attested_at))),
        Column("received_at", cell=lambda each: written(moment_of(each.witnessed_at))),
    ]


def _names(several: Iterable[Statement]) -> str:
    return " ".join(each.reference for each in several)


def _cell(name: str) -> Column[Statement]:
    return Column(name, cell=lambda each: getattr(each, name) or "")


def _links(among: Statements, relation: str) -> Column[Statement]:
    """The links of a statement, without those to what became known later: their names would tell of it too early."""

    def named(each: Statement) -> str:
        return " ".join(to for to in each.links(relation) if to in among.by_reference or to not in among.held)

    return Column(relation, cell=named)


def _linked_from(among: Statements, relation: str, inverse: str) -> Column[Statement]:
    return Column(inverse, cell=lambda each: _names(among.of(each, relation)))
