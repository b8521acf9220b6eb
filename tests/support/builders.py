"""Builders: the smallest thing that is right, with whatever a test cares about put over it."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import polars as pl

from lineofsight.engines.local import empty_history
from lineofsight.intake.compare import Compared, compare
from lineofsight.intake.delivery import Context, NamedBytes, Reading
from lineofsight.intake.finding import numbered
from lineofsight.intake.formats import statements
from lineofsight.oversight.statements import Statement, Statements
from lineofsight.record.tables.statement import STATEMENT
from lineofsight.vocabulary.days import read_period

RECEIVED_AT = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)
"""When deliveries of tests are received, unless a test says otherwise."""

CONTEXT = Context(RECEIVED_AT)

_STATEMENT = {
    "id": "s-1",
    "subject_kind": "service",
    "subject": "children's services",
    "topic": "allocation",
    "says": "The council said so.",
    "said_by": "The council",
    "said_on": "2018-10-17",
    "kind": "claim",
    "source_title": "Minutes",
    "source_publisher": "The council",
    "confidence": "read",
}


def a_statement(**cells: Any) -> dict[str, Any]:
    """A statement as a person writes one; it passes every check. A cell given as None is left out."""
    return {name: cell for name, cell in {**_STATEMENT, **cells}.items() if cell is not None}


def as_csv(items: Iterable[Mapping[str, Any]], name: str = "statements.csv") -> NamedBytes:
    """Statements as a CSV file."""
    items = list(items)
    heading = list(dict.fromkeys(cell for item in items for cell in item))
    sheet = io.StringIO(newline="")
    writer = csv.DictWriter(sheet, heading)
    writer.writeheader()
    writer.writerows(items)
    return NamedBytes(name, sheet.getvalue().encode())


def as_yaml(items: Iterable[Mapping[str, Any]], name: str = "statements.yaml") -> NamedBytes:
    """Statements as a YAML file: of every JSON text a YAML one can be made by putting dashes before the items."""
    lines = [f"- {json.dumps(item, ensure_ascii=False)}\n" for item in items]
    return NamedBytes(name, ("statements:\n" + "".join(lines)).encode() if lines else b"statements: []\n")


def as_json(items: Iterable[Mapping[str, Any]], name: str = "statements.json") -> NamedBytes:
    """Statements as a JSON file."""
    return NamedBytes(name, json.dumps({"statements": list(items)}).encode())


def as_json_lines(items: Iterable[Mapping[str, Any]], name: str = "statements.jsonl") -> NamedBytes:
    """Statements as JSON Lines."""
    return NamedBytes(name, "".join(json.dumps(item) + "\n" for item in items).encode())


def a_zip(*files: NamedBytes, name: str = "delivery.zip") -> NamedBytes:
    """A zip with those files in it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.writestr(file.name, file.content)
    return NamedBytes(name, packed.getvalue())


def read(*files: NamedBytes, context: Context = CONTEXT) -> Reading:
    """The reading of a delivery of statements."""
    return statements.read(files, context)


def findings_of(reading: Reading) -> list[dict[str, Any]]:
    """A reading's findings in the order in which they are kept."""
    return numbered(reading.findings).to_dicts()


def codes_of(reading: Reading) -> list[tuple[str, int, str | None]]:
    """Each finding's code, row and column."""
    return [(one["code"], one["row"], one["column"]) for one in findings_of(reading)]


def compared(
    reading: Reading,
    history: pl.DataFrame | None = None,
    *,
    withdraws: bool = False,
    context: Context = CONTEXT,
) -> Compared:
    """A reading of statements beside what its source had said before."""
    held = empty_history(STATEMENT) if history is None else history
    return compare(STATEMENT, reading, held, context, (lambda absent: absent) if withdraws else None)


def a_known(**cells: Any) -> Statement:
    """A statement as oversight sees it. Its days follow from said_on, about_from and about_to, as in intake."""
    own: dict[str, Any] = {
        "authority": "928",
        "delivered_by": "record",
        "link": 1,
        "attested_at": 0,
        "witnessed_at": 0,
    }
    own |= {name: cells.pop(name) for name in own if name in cells}
    said = a_statement(**cells)
    first = read_period(said.get("about_from") or said["said_on"])
    until = said.get("about_to") or said.get("about_from") or said["said_on"]
    last = None if until == "open" else read_period(until)
    assert first is not None
    days = {"begun_on": first.first.toordinal(), "ended_on": last and last.last.toordinal() + 1}
    return Statement(**{**days, **said}, **own)


def known(*cells: Mapping[str, Any]) -> Statements:
    """Statements beside each other."""
    return Statements(a_known(**one) for one in cells)
