"""The registers as CSV: one line for each holder, review, requirement, decision or holding."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.http import HttpResponse

from lineofsight.service.pages import render
from lineofsight.service.pages.public_record.asked import PublicPage
from lineofsight.service.pages.tables import Column

Row = dict[str, Any]


def _posts(found: Mapping[str, Any]) -> Iterator[Row]:
    for post in found["posts"]:
        for tenure in post["tenures"]:
            yield {"post": post["post"], **_flat(tenure)}


def _reviews(found: Mapping[str, Any]) -> Iterator[Row]:
    for review in found["reviews"]:
        yield {**_flat(review), "decision": _reference(review["decision"])}


def _directions(found: Mapping[str, Any]) -> Iterator[Row]:
    for instrument in found["instruments"]:
        own = {"instrument": instrument["subject"], **_flat(instrument)}
        del own["subject"]
        for each in instrument["requirements"] or [{}]:
            yield {
                **own,
                "requirement": each.get("says", ""),
                "due": each.get("due", ""),
                "requirement_standing": each.get("standing", ""),
                "late_days": each.get("late_days", ""),
                "shown_by": _references(each.get("shown_by", [])),
                "requirement_statement": each.get("reference", ""),
            }


def _decisions(found: Mapping[str, Any]) -> Iterator[Row]:
    for name in ("decisions", "contracts"):
        for each in found[name]:
            parts = {**each["steps"], **each["parts"]}
            statements = [told for several in parts.values() for told in several]
            yield {
                "register": name,
                "subject": each["subject"],
                "begun_on": each["begun_on"],
                "by": "; ".join(each["by"]),
                "standing": each.get("standing", ""),
                "decided_on": each.get("decided_on") or "",
                "statements": _references(statements),
            }


def _duties(found: Mapping[str, Any]) -> Iterator[Row]:
    for function in found["functions"]:
        for held in function["holds"]:
            yield {
                "function": function["function"],
                **{
                    name: held[name] or ""
                    for name in ("part", "body", "from", "until", "said_by", "reference")
                },
            }


ROWS: dict[str, Callable[[Mapping[str, Any]], Iterator[Row]]] = {
    "posts": _posts,
    "reviews": _reviews,
    "directions": _directions,
    "decisions": _decisions,
    "duties": _duties,
}
"""For each register, its answer's rows."""


def register_csv(asked: PublicPage, register: str, found: Mapping[str, Any]) -> HttpResponse:
    """A register's answer as CSV; every line has the view it was given in."""
    rows = list(ROWS[register](found))
    names = dict.fromkeys(name for row in rows for name in row)
    columns = [_column(name) for name in names]
    rests = {part: found[part] for part in ("authority", "as_at", "known_by")}
    return render.csv(asked, f"{register}-{asked.authority}", columns, rows, rests=rests)


def _column(name: str) -> Column[Row]:
    return Column(name, cell=lambda row: row.get(name, ""))


def _flat(answer: Mapping[str, Any]) -> Row:
    """The cells of an answer that are one value, and the references of the statements it rests on."""
    cells = {
        name: "" if cell is None else cell
        for name, cell in answer.items()
        if not isinstance(cell, dict | list)
    }
    return {**cells, "statements": _references(answer.get("statements", []))}


def _references(several: list[Mapping[str, Any]]) -> str:
    return " ".join(each["reference"] for each in several)


def _reference(statement: Mapping[str, Any] | None) -> str:
    return statement["reference"] if statement else ""
