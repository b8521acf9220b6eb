"""One child: what is known, who answered when, which deliveries said so. Every look is written down first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from lineofsight.allocation import states
from lineofsight.allocation.answering import coded_spans
from lineofsight.allocation.knowledge import day_of
from lineofsight.allocation.owners import FIRST_DAY
from lineofsight.allocation.sweep import segments
from lineofsight.record import frames, history
from lineofsight.record.schema import Kind, Table
from lineofsight.record.tables import TABLES
from lineofsight.service.access.answers import Asked
from lineofsight.service.access.attempts import REFUSED
from lineofsight.service.access.knowledge import child_rows, ever_known, moment_written, moments_of_change
from lineofsight.service.access.scope import check_may_open, known_on, responsible_until
from lineofsight.service.access.sight import Sight, looked_by
from lineofsight.service.store import chain
from lineofsight.vocabulary.refusal import Refused


def look(
    asked: Asked, child: str, day: date | None, known_by: int, *, by: Sight | str, door: str,
    scope_day: date | None = None,
) -> dict[str, Any]:  # fmt: skip
    """A child's record; the look is written to the access log in the transaction that gives it.

    A person whose scope is bounded and who no longer answers for the child is given only what was known
    on the last day they did.

    `by` is what a signed-in person may see, and then bounds which child may be opened (on `scope_day`,
    usually the day asked); or the name of whoever is at the command line, who has the whole home in hand.
    Nothing that began after `scope_day` is given: whoever answered for a child then may not answer now.
    """
    if isinstance(by, Sight):
        if by.authority != asked.authority:
            raise PermissionDenied
        until = scope_day or day or date.fromordinal(day_of(known_by))
        check_may_open(by, child, until, known_by, REFUSED, witnessed=asked.witnessed)
        last = responsible_until(by, child, until, witnessed=asked.witnessed)
        if last is not None:
            known_by = min(known_by, known_on(last))
            scope_day = min(until, last)
            day = day and min(day, last)
    with transaction.atomic():
        looked_by(by.by if isinstance(by, Sight) else by, asked.authority, [child], door)
        known = ever_known(asked.authority, child)
        found = _child(asked, child, day, known_by, scope_day) if known else None
    if found is None:
        raise Refused(f"No row of authority {asked.authority} names that child; check the number.")
    return found


def listed(make: Callable[[], dict[str, Any]], authority: str, *, by: str, door: str) -> dict[str, Any]:
    """An answer that lists children, each written to the access log in the transaction that gives it."""
    with transaction.atomic():
        answer = make()
        rows = [*answer.get("children", ()), *answer.get("disagreeing", ())]
        looked_by(by, authority, sorted({row["child"] for row in rows}), door)
    return answer


def _child(
    asked: Asked, child: str, day: date | None, known_by: int, begun_by: date | None = None
) -> dict[str, Any]:
    rows = child_rows(asked.authority, child, known_by, witnessed=asked.witnessed)
    if begun_by:
        rows = {
            name: [row for row in found if _begun(TABLES[name], row, begun_by)]
            for name, found in rows.items()
        }
    as_at = day or begun_by
    until = as_at or date.fromordinal(day_of(known_by))
    shown = {name: [_row(TABLES[name], row) for row in found if _holds(TABLES[name], row, day)]
             for name, found in rows.items()}  # fmt: skip
    links = {row[frames.DELIVERY] for found in rows.values() for row in found}
    return {
        "child": child,
        "authority": asked.authority,
        "as_at": as_at.isoformat() if as_at else None,
        "known_by": moment_written(known_by),
        "rests_on": asked.rests_on,
        "position": asked.held().position(known_by),
        "answered": _answered(asked, child, until, known_by),
        "rows": {name: found for name, found in shown.items() if found},
        "deliveries": [one.as_json() for one in asked.held().deliveries if one.number in links],
    }


def _begun(table: Table, row: dict[str, Any], day: date) -> bool:
    """Whether what a row tells of had begun by a day, as its first day says; of a row without one nobody can tell."""
    first = first_day(table)
    begun = row[first] if first and table.name != "child" else None
    return begun is None or bool(begun <= day.toordinal())


def first_day(table: Table) -> str | None:
    """The column that says when what a row tells of began, or was; None where none does."""
    return table.begins or next((one.name for one in table.columns if one.kind is Kind.DAY), None)


def _holds(table: Table, row: dict[str, Any], day: date | None) -> bool:
    return day is None or history.holds(table, row, day.toordinal())


def _row(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    cells = {column.name: _cell(column.kind, row[column.name]) for column in table.columns}
    return {**cells, "source": row[frames.SOURCE], "delivery": chain.delivery_of(row[frames.DELIVERY]),
            "attested_at": moment_written(row[frames.ATTESTED_FROM]),
            "witnessed_at": moment_written(row[frames.WITNESSED_FROM])}  # fmt: skip


def _cell(kind: Kind, value: Any) -> Any:
    return date.fromordinal(value).isoformat() if kind is Kind.DAY and value is not None else value


def _answered(
    asked: Asked, child: str, until: date, known_by: int, first: int = FIRST_DAY
) -> list[dict[str, Any]]:
    """The stretches of days on which the child was counted, with the state and the workers who counted."""
    knowledge, last = asked.held().knowledge, until.toordinal()
    found = segments(knowledge, asked.definition, first, last, known_by, [child])
    stretches = sorted(knowledge.engine.rows(found), key=lambda row: row["lo"])
    spans = [row for row in knowledge.engine.rows(coded_spans(knowledge.only([child]), first, last, known_by)
                                                  ) if row["child"] == child]  # fmt: skip
    joined: list[dict[str, Any]] = []
    for row in stretches:
        one = _stretch(row, spans, last)
        if joined and joined[-1]["to"] == one["from"] and _same(joined[-1], one):
            joined[-1]["to"] = one["to"]
        else:
            joined.append(one)
    return joined


def known_when(asked: Asked, child: str, day: date) -> list[dict[str, Any]]:
    """What was known of who answered on one day, from each moment at which that changed: the first known first.

    `state` None: the child was not counted by what was known then. Only after a look was written down.
    """
    found: list[dict[str, Any]] = []
    for moment in moments_of_change(asked.authority, child, witnessed=asked.witnessed):
        stretches = _answered(asked, child, day, moment, first=day.toordinal())
        state = stretches[-1]["state"] if stretches else None
        workers = stretches[-1]["workers"] if stretches else []
        if not found or (found[-1]["state"], found[-1]["workers"]) != (state, workers):
            found.append({"known_from": moment_written(moment), "state": state, "workers": workers})
    return found


def _stretch(row: dict[str, Any], spans: list[dict[str, Any]], last: int) -> dict[str, Any]:
    """One stretch; `to` is the day from which no longer, null where it runs to the day asked."""
    within = [one for one in spans if one["lo"] < row["hi"] and row["lo"] < one["hi"]]
    counted = sorted({one["worker"] for one in within if one["code"] == states.COUNTS})
    named = sorted({one["worker"] for one in within if one["worker"] and one["code"] != states.COUNTS})
    return {"from": _iso(row["lo"]), "to": None if row["hi"] > last else _iso(row["hi"]),
            "state": states.STATES[row["state"]], "workers": counted, "named_but_not_counted": named}  # fmt: skip


def _same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return all(one[name] == other[name] for name in ("state", "workers", "named_but_not_counted"))


def _iso(ordinal: int) -> str | None:
    return date.fromordinal(ordinal).isoformat() if ordinal > FIRST_DAY else None
