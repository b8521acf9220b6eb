"""The lists of a pack as CSV and JSON: the same rows, each with its source and the name of what was sealed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lineofsight.oversight.statements import Statement
from lineofsight.queries.evidence import Evidence
from lineofsight.queries.followed import Followed, Linked
from lineofsight.queries.public_versions import public_on
from lineofsight.service.access.evidence import Proof
from lineofsight.service.pages.csv_safe import written
from lineofsight.service.pages.evidence.naming import page_name, version_name

Row = dict[str, Any]


@dataclass(frozen=True)
class PackList:
    """One list: its file's name without an ending, what it holds, and its rows."""

    name: str
    says: str
    rows: Sequence[Row]


def lists(found: Evidence, proof: Proof) -> list[PackList]:
    """Every list of a pack."""
    return [
        PackList("days", "What became public on each day of the period", list(_days(found))),
        PackList("claims", "Claims made public in the period", list(_followed(found.claims))),
        PackList("promises", "Promises and directions open in the period", list(_followed(found.promises))),
        PackList("questions", "Requests and questions open in the period", list(_followed(found.requests))),
        PackList("figures", "Figures published in the period or about it", list(_figures(found))),
        PackList("statements", "Every statement of the pack as it was sealed", list(_sealed(proof))),
    ]


def _days(found: Evidence) -> Iterator[Row]:
    for day in found.days:
        for entry in day.entries:
            yield {
                "day": day.day.isoformat(),
                "change": "replaces an earlier version" if entry.replaced else "published",
                **_statement(entry.statement),
                "links": _links(entry.links),
            }
        for statement in day.withdrawn:
            yield {"day": day.day.isoformat(), "change": "withdrawn", **_statement(statement), "links": []}


def _followed(several: Iterable[Followed]) -> Iterator[Row]:
    for each in several:
        yield {
            **_statement(each.statement),
            "first_public_on": each.public_on.isoformat(),
            "due_on": each.statement.due_on,
            "asked_of": each.statement.asked_of,
            "status_at_end_of_period": each.standing_then,
            "status_of_pack": each.standing,
            "outcomes": _links(each.outcomes),
        }


def _figures(found: Evidence) -> Iterator[Row]:
    for each in found.figures:
        first = found.known.first_public_on(each)
        yield {
            **_statement(each),
            **_number(each),
            "first_public_on": first.isoformat(),
            "published_in_period": "yes" if found.query.holds(first) else "no",
        }


def _number(each: Statement) -> Row:
    return {
        "definition": each.definition,
        "counter": each.counter or each.said_by,
        "area": each.area,
        "about_from": each.first_day.isoformat(),
        "about_to": each.last_day.isoformat() if each.last_day else None,
    }


def _statement(each: Statement) -> Row:
    return {
        "reference": f"{each.authority}/{each.reference}",
        "public_on": public_on(each).isoformat(),
        "said_on": each.said_on,
        "said_by": each.said_by,
        "kind": each.kind,
        "subject": each.subject,
        "says": each.says,
        "value": each.value,
        "bound": each.bound,
        "unit": each.unit,
        "confidence": each.confidence,
        "source_publisher": each.source_publisher,
        "source_title": each.source_title,
        "source_date": each.source_date,
        "source_address": each.source_address,
        "source_place": each.source_place,
        "looked_in": each.looked_in,
        "version": version_name(each),
        "page": page_name(each.reference),
    }


def _links(several: Iterable[Linked]) -> list[Row]:
    return [
        {
            "relation": each.relation,
            "kind": each.statement.kind,
            "version": version_name(each.statement),
            "public_on": each.public_on.isoformat(),
        }
        for each in several
    ]


def _sealed(proof: Proof) -> Iterator[Row]:
    """What was sealed of each version, its cells by their names; empty ones are left out."""
    for block in proof.blocks:
        for row in block.rows:
            cells = dict(zip(block.cells, row.cells, strict=True))
            yield {
                "version": f"{row.reference}@{block.link}",
                "link": block.link,
                "leaf": row.leaf,
                "sealed": {name: value for name, value in cells.items() if value is not None},
            }


# -- as files -------------------------------------------------------------------------------------


def as_json(head: Mapping[str, Any], each: PackList) -> bytes:
    """A list as JSON, with the head of its pack before its rows."""
    return json_bytes({**head, "list": each.says, "rows": each.rows})


def json_bytes(answer: Any) -> bytes:
    """JSON as the files of a pack hold it."""
    return (json.dumps(answer, ensure_ascii=False, indent=1) + "\n").encode()


def as_csv(each: PackList, *, synthetic: bool) -> bytes:
    """A list as CSV that spreadsheets read as UTF-8 and run nothing of; of a fictional authority every row says so."""
    rows = [{**_flat(row), **({"synthetic": "yes"} if synthetic else {})} for row in each.rows]
    names = list(dict.fromkeys(name for row in rows for name in row)) or ["nothing was found"]
    lines = ([row.get(name) for name in names] for row in rows)
    return ("\ufeff" + written([names, *lines])).encode()


def _flat(row: Row) -> Row:
    found: Row = {}
    for name, value in row.items():
        if isinstance(value, list):
            found[name] = "; ".join(
                f"{one['relation']} {one['version']} ({one['public_on']})" for one in value
            )
        elif isinstance(value, dict):
            found.update(value)
        else:
            found[name] = value
    return found
