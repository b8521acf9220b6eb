"""What of an authority's record is public and may cross to a public home: rows, reports, and what still stands.

Only the tables and columns of `CROSSING` are ever looked at. A statement of which any version is the service's own work
is left out whole, as from every public page.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User

from lineofsight.intake.formats import is_case_format
from lineofsight.intake.formats.service_file import line
from lineofsight.intake.signed_file import PRESENT, mark
from lineofsight.queries.statements import OWN_WORK
from lineofsight.record.entry import ATTESTED, OPERATION, Operation
from lineofsight.record.tables.crossing import CROSSING, PEOPLE_NAMED
from lineofsight.service.access import kept_files
from lineofsight.service.store import chain

OFFICE = "the children’s service"
"""What stands in place of the name under which somebody signs in."""
COUNTED = {
    "statement": "Statements, with members’ questions and answers",
    "inspection": "Inspections",
    "judgement": "Grades",
    "weakness": "Areas for improvement",
    "returned": "Decisions whether a finding returned",
    "withdrawn": "Rows withdrawn",
    "report": "Reports as PDF",
}
"""The kinds of what crosses, as people count them."""


@dataclass(frozen=True)
class PublicParts:
    """The parts of a file by name, and how much of each kind is in them."""

    parts: dict[str, bytes] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)


def public_parts(authority: str, after: int, until: int) -> PublicParts:
    """What became public from after one link until another; the list of what still stands is always whole."""
    every = list(_versions(authority, until))
    own_work = _own_work(authority)
    people = set(User.objects.values_list("username", flat=True))
    lines: dict[str, list[str]] = {}
    reports: dict[str, bytes] = {}
    counts: Counter[str] = Counter()
    for version in every:
        if version.link <= after:
            continue
        if (version.source, version.row.get("id")) in own_work and version.table == "statement":
            continue
        row = _without_names(version.table, version.row, people)
        text = line(version.table, version.operation, version.attested, row)
        lines.setdefault(version.source, []).append(text)
        is_stated = version.operation == Operation.STATED.value
        counts[version.table if is_stated else "withdrawn"] += 1
        if version.table == "inspection" and (content := _report(version.link, row["report"])) is not None:
            reports[f"reports/{row['report']}.pdf"] = content
    counts["report"] = len(reports)
    parts = {f"rows/{source}.jsonl": "".join(each).encode() for source, each in lines.items()}
    return PublicParts(
        {**parts, **reports, PRESENT: _present(every, own_work)},
        {name: counts[name] for name in COUNTED if counts[name]},
    )


@dataclass(frozen=True)
class _Version:
    link: int
    source: str
    table: str
    operation: str
    attested: int
    row: dict[str, Any]


def _versions(authority: str, until: int) -> Iterator[_Version]:
    """The entries of the tables that may cross, in the order in which they were recorded."""
    cases = _links_of_cases(authority)
    for table, block in chain.received_blocks_of(authority, tuple(CROSSING), until=until):
        if block.link in cases:
            continue  # whatever a case system delivers is no public statement
        for row in block.entries.to_pylist():
            cells = {name: row.get(name) for name in CROSSING[table]}
            yield _Version(block.link, block.source, table, row[OPERATION], row[ATTESTED], cells)


def _links_of_cases(authority: str) -> set[int]:
    return {
        link.number
        for link in chain.links(chain.READ, authority)
        if is_case_format(chain.body_of(link)["format"])
    }


def _own_work(authority: str) -> set[tuple[str, str]]:
    """The source and id of every statement of which any version is the service's own work."""
    return {
        (block.source, row["id"])
        for block in chain.received_blocks(authority, "statement")
        for row in block.entries.select(["id", "subject_kind"]).to_pylist()
        if row["subject_kind"] in OWN_WORK
    }


def _present(every: Iterable[_Version], own_work: set[tuple[str, str]]) -> bytes:
    """The mark of every statement that the record still holds as public, by source. What was erased is not among them."""
    ids: dict[str, set[str]] = {}
    for version in every:
        if version.table == "statement" and (version.source, version.row["id"]) not in own_work:
            ids.setdefault(version.source, set()).add(mark(version.source, version.row["id"]))
    return json.dumps({source: sorted(each) for source, each in sorted(ids.items())}).encode()


def _without_names(table: str, row: dict[str, Any], people: set[str]) -> dict[str, Any]:
    column = PEOPLE_NAMED.get(table)
    return {**row, column: OFFICE} if column and row[column] in people else row


def _report(link: int, sha256: str | None) -> bytes | None:
    """A report that the delivery of an inspection brought, as it came; None where it brought none that people may open."""
    stream = kept_files.report_brought_by(link, sha256) if sha256 else None
    if stream is None:
        return None
    with stream:
        return stream.read()
