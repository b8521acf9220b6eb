"""Everything held about a child as the files of a folder: a page to read, tables for the person who reviews it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from django.template.loader import render_to_string

from lineofsight.queries.as_json import to_json
from lineofsight.queries.subject_access import HeldRow, said_until
from lineofsight.record.tables import TABLES
from lineofsight.service.access.subject_access import Subject
from lineofsight.service.pages.csv_safe import written
from lineofsight.service.pages.service import labels, table_words

_PROVENANCE = ("source", "delivery", "attested_at", "witnessed_at")


def files_of(subject: Subject, authority_name: str) -> dict[str, bytes]:
    """The files by name; `SHA256SUMS` names the fingerprint of each of the others."""
    held = subject.held
    by_table: dict[str, list[HeldRow]] = {}
    for row in held.rows:
        by_table.setdefault(row.table, []).append(row)
    files = {
        **{f"rows/{name}.csv": _rows(name, rows) for name, rows in by_table.items()},
        "who-was-responsible.csv": _table(
            ("from", "until", "state", "workers", "named, not a caseworker"),
            (
                (
                    each.from_,
                    each.to,
                    each.state,
                    "; ".join(each.workers),
                    "; ".join(each.named_but_not_counted),
                )
                for each in held.answered
            ),
        ),
        "who-looked.csv": _table(
            ("when", "who", "where", "reason given"),
            ((each.at, each.by, each.where, each.reason) for each in subject.looked),
        ),
        "restrictions.csv": _table(
            ("since", "until", "by", "reason"),
            ((each.since, each.until, each.by, each.reason) for each in subject.restrictions),
        ),
        "deliveries.csv": _table(
            ("source", "delivery", "received", "sha256"),
            (
                (each.source, each.delivery, labels.moment(each.received_at), each.sha256)
                for each in held.deliveries
            ),
        ),
        "what-checks-found.csv": _table(
            ("code", "severity", "table", "key", "column", "says"),
            (
                (each.code, each.severity, each.table, each.key, each.column, each.says)
                for each in held.findings
            ),
        ),
        "to-review.csv": _table(
            ("table", "row", "column", "may tell about", "decision", "decided by"),
            ((each.table, each.row, each.column, each.whom, "", "") for each in held.to_review),
        ),
        "held.json": json.dumps(to_json(held), ensure_ascii=False, indent=1).encode(),
    }
    files["index.html"] = _page(subject, authority_name, by_table).encode()
    sums = (f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items()))
    return {**files, "SHA256SUMS": "".join(sums).encode()}


def _rows(name: str, rows: list[HeldRow]) -> bytes:
    columns = TABLES[name].names
    heading = ("row", *columns, *_PROVENANCE, "replaced_at")
    return _table(
        heading,
        (
            (
                at,
                *(row.cells[column] for column in columns),
                *(row.cells[each] for each in _PROVENANCE),
                said_until(row),
            )
            for at, row in enumerate(rows, 1)
        ),
    )


def _table(heading: Iterable[str], rows: Iterable[Iterable[Any]]) -> bytes:
    return written([heading, *(["" if cell is None else cell for cell in row] for row in rows)]).encode(
        "utf-8-sig"
    )


def _page(subject: Subject, authority_name: str, by_table: dict[str, list[HeldRow]]) -> str:
    held = subject.held
    tables = [
        {
            "name": table_words.table(TABLES[name]).capitalize(),
            "says": TABLES[name].says,
            "file": f"rows/{name}.csv",
            "count": len(rows),
            "now": sum(row.until is None for row in rows),
        }
        for name, rows in by_table.items()
    ]
    context = {
        "authority": authority_name,
        "child": held.child,
        "known_by": labels.moment(held.known_by),
        "tables": tables,
        "answered": held.answered,
        "states": {name: words[0] for name, words in labels.STATE_WORDS.items()},
        "looked": subject.looked,
        "restrictions": subject.restrictions,
        "deliveries": held.deliveries,
        "to_review": held.to_review,
        "findings": held.findings,
    }
    return render_to_string("rights/subject_access.html", context)
