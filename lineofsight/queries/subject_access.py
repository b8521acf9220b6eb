"""Everything the record holds about one child, for the child's right to see it: every version, its source, and third parties."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import narwhals.stable.v2 as nw

from lineofsight.queries.as_json import Moment
from lineofsight.queries.children import Cells, Stretch, answered_by, cells_of, numbers, versions_of
from lineofsight.queries.deliveries import Finding
from lineofsight.queries.figures import FigureQuery
from lineofsight.queries.history import Source
from lineofsight.queries.record import Record
from lineofsight.record import frames
from lineofsight.record.tables import CASE_TABLES
from lineofsight.record.tables.correction import CORRECTION
from lineofsight.record.tables.finding import FINDING
from lineofsight.record.tables.refused_row import REFUSED_ROW
from lineofsight.vocabulary.moments import FOREVER, moment_of, written

HELD_TABLES = (*CASE_TABLES, CORRECTION, REFUSED_ROW)
"""The tables that may hold rows about a child."""

OTHERS = {
    ("mother", "mother"): "the child’s mother, or the child of this person",
    ("mother", "child"): "the child’s mother, or the child of this person",
    ("family", "family"): "a family to which others belong",
    ("placement", "postcode"): "where carers or other children live",
    ("placement", "urn"): "a home or agency",
    ("address", "address"): "an address that others may share",
    ("address", "postcode"): "an address that others may share",
    ("early_help", "organisation"): "an organisation that may have spoken in confidence",
    ("contact", "made_by_says"): "who made a contact, who may have done so in confidence",
    ("contact", "made_by"): "who made a contact, who may have done so in confidence",
    ("episode", "referred_by"): "who made a referral, who may have done so in confidence",
    ("permanence", "adopters"): "the adopters",
    ("permanence", "adopters_sex"): "the adopters",
    ("permanence", "adopters_status"): "the adopters",
    (
        "permanence",
        "adoptive_family",
    ): "the adoptive family: the identities before and after adoption are never joined",
    ("permanence", "urn"): "an adoption agency",
    ("correction", "said_by"): "an officer of the authority",
}
"""The cells that may tell about somebody else, and whom: a person reviews each before it is given."""
_WORKERS = ("worker", "adviser")


@dataclass(frozen=True)
class HeldRow:
    """One version of one row. `cells` as a child's page gives them; `until`: when another version replaced it."""

    table: str
    cells: Cells
    until: Moment | None


@dataclass(frozen=True)
class ToReview:
    """A cell that may tell about somebody else: the table, the row's place among the table's rows, the column and whom."""

    table: str
    row: int
    column: str
    whom: str


@dataclass(frozen=True)
class Held:
    """Everything held about one child."""

    child: str
    authority: str
    known_by: Moment
    rows: list[HeldRow]
    answered: list[Stretch]
    deliveries: list[Source]
    to_review: list[ToReview]
    findings: list[Finding]


def held_about(record: Record, child: str, query: FigureQuery) -> Held | None:
    """Everything about a child that the record holds now, every version; None where no row names the child.

    The caller logs the access.
    """
    if child not in numbers(record):
        return None
    rows = [
        HeldRow(table.name, cells_of(record, table, row), _until(row))
        for table in HELD_TABLES
        if table.child
        for row in versions_of(record, table.name, child)
    ]
    named = {str(row.cells["delivery"]) for row in rows}
    history = query.history(record)
    return Held(
        child=child,
        authority=record.authority,
        known_by=moment_of(query.known_by),
        rows=rows,
        answered=answered_by(record, child, query),
        deliveries=[each.named for each in history.deliveries if each.named.delivery in named],
        to_review=list(_to_review(child, rows)),
        findings=_findings(record, child),
    )


def _findings(record: Record, child: str) -> list[Finding]:
    """What the checks of any delivery found about rows of the child."""
    rows = record.history(FINDING.name).filter(nw.col("key").str.contains(child, literal=True))
    names = Finding.__dataclass_fields__
    found = sorted(record.engine.rows(rows), key=lambda row: row[frames.POSITION])
    # Between strokes, and not split at them: a child's number may hold a stroke.
    return [
        Finding(**{name: row[name] for name in names}) for row in found if f"/{child}/" in f"/{row['key']}/"
    ]


def _until(row: dict[str, Any]) -> Any:
    return None if row[frames.ATTESTED_TO] >= FOREVER else moment_of(row[frames.ATTESTED_TO])


def _to_review(child: str, rows: list[HeldRow]) -> Iterator[ToReview]:
    places: dict[str, int] = {}
    for row in rows:
        at = places[row.table] = places.get(row.table, 0) + 1
        for column, value in row.cells.items():
            whom = OTHERS.get((row.table, column))
            if column in _WORKERS:
                whom = "a worker of the service: usually given, unless it would harm them"
            if whom and value not in (None, "", child):
                yield ToReview(row.table, at, column, whom)


def said_until(row: HeldRow) -> str:
    """When another version replaced a row, as text; empty where it stands."""
    return "" if row.until is None else written(row.until)
