"""One child: who answers and who answered when, drawn; every row with the delivery that said it; what was known when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from lineofsight.charts import Lane, Span, at_widths, spans
from lineofsight.record.schema import Column, Kind, Table
from lineofsight.record.tables import TABLES
from lineofsight.service.access import attempts, children, handles, listing, scope, workforce
from lineofsight.service.access.answers import day_of_children
from lineofsight.service.access.roles import Permission
from lineofsight.service.access.sight import restricted
from lineofsight.service.pages import shell
from lineofsight.service.pages.service import words
from lineofsight.vocabulary.codes import code_set
from lineofsight.vocabulary.days import in_words
from lineofsight.vocabulary.moments import moment_of, read_moment
from lineofsight.vocabulary.refusal import Refused

_TONES = {
    "allocated": "holder",
    "held": "interim",
    "team_only": "interim",
    "none": "vacant",
    "cannot_tell": "unknown",
}
_TONE_WORDS = {"holder": "Allocated", "interim": "Not with a caseworker, or team only", "vacant": "No worker",
               "unknown": "Not known from this data"}  # fmt: skip
_AT_ONCE = 8
"""Rows of a table shown at once; the others are a click away."""
_MOST_DRAWN = 40
"""Letters of a name that a drawing has room for."""
_SECTIONS = (
    ("Episodes", ("episode", "assessment", "enquiry", "conference")),
    ("Involvements", ("involvement",)),
    ("Plans", ("need_plan", "protection_plan", "protection_review")),
    ("Looked after", ("care_episode", "placement", "legal_status", "care_review", "care_leaver", "missing")),
    ("Visits", ("need_visit", "protection_visit", "care_visit")),
)
_LEFT_OUT = {"child", "forename", "surname", "born_on", "upn"}


@require_safe
def child(request: HttpRequest, authority: str, handle: str) -> HttpResponse:
    """The page or its JSON; the look is written to the access log in the transaction that gives it."""
    asked = shell.asked_of(request, authority, Permission.CHILDREN)
    number = handles.child_of(authority, handle)
    if number is None:
        attempts.refuse(asked.sight, None, handle, attempts.REFUSED)
    try:
        found = children.look(
            asked.asks,
            number,
            None,
            asked.view.moment,
            by=asked.sight,
            door="page: child",
            scope_day=asked.day,
        )
    except Refused:
        raise Http404 from None
    if shell.wants_json(request):
        return shell.as_json(asked, lambda: found)
    last = scope.responsible_until(asked.sight, number, asked.day, witnessed=asked.view.witnessed)
    limited = _limited(asked, last)
    context = {
        **_context(limited, number, found, handle),
        "responsible_until": in_words(last.isoformat()) if last else "",
    }
    return shell.page(request, limited, "service/child.html", "unallocated", context)


def _limited(asked: shell.Asked, last: date | None) -> shell.Asked:
    """The view as far as this person may have it: nothing that was learned after they last answered for the child."""
    if last is None:
        return asked
    known_by = min(asked.view.known_by, moment_of(scope.known_on(last)))
    return replace(asked, view=replace(asked.view, day=min(asked.day, last), known_by=known_by), known="by")


def _context(asked: shell.Asked, number: str, found: dict[str, Any], handle: str) -> dict[str, Any]:
    stretches = _until(asked.day, found["answered"])
    person: dict[str, Any] = next(iter(found["rows"].get("child", [])), {})
    deliveries = {one["delivery"]: one for one in found["deliveries"]}
    return {
        "number": number, "handle": handle, "head": _head(asked, number, person, stretches), "drawing": _drawn(asked, stretches),
        "stretches": [_stretch(asked, one) for one in reversed(stretches)],
        "sections": _sections(asked, found["rows"]), "person": _cells(TABLES["child"], person),
        "deliveries": [{**one, "received": words.moment(read_moment(one["received_at"]))} for one in deliveries.values()],
        "known_when": [_known(asked, one) for one in children.known_when(asked.asks, number, asked.day)],
        "restricted": number in restricted(asked.authority), "may_restrict": asked.sight.may(Permission.RESTRICT),
    }  # fmt: skip


def _until(day: date, answered: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The stretches begun by the day; one that goes on past it goes on."""
    begun = [one for one in answered if one["from"] is None or one["from"] <= day.isoformat()]
    return [{**one, "to": one["to"] if one["to"] and one["to"] <= day.isoformat() else None} for one in begun]


def _head(
    asked: shell.Asked, number: str, person: dict[str, Any], stretches: list[dict[str, Any]]
) -> dict[str, Any]:
    """The header: name, age, team, who answers or nobody and for how long, and what the child stands under."""
    one = day_of_children(asked.asks, asked.day, asked.view.moment)
    standing = listing.standings(one, [number]).get(number, frozenset())
    teams, _ = listing.hands(one, [number]).get(number, (frozenset(), frozenset()))
    current = stretches[-1] if stretches and stretches[-1]["to"] is None else None
    since = _nobody_since(stretches)
    names = workforce.team_names(asked.asks, asked.view.moment)
    return {
        "name": " ".join(filter(None, (person.get("forename"), person.get("surname")))), "age": _age(person, asked.day),
        "teams": sorted(names.get(team, team) for team in teams), "standings": sorted(standing), "counted": current is not None,
        "state": words.state(current["state"]) if current else None,
        "workers": [listing.worker_name(one, worker) for worker in current["workers"]] if current else [],
        "named": [listing.worker_name(one, worker) for worker in current["named_but_not_counted"]] if current else [],
        "nobody": since is not None, "days": words.days((asked.day - since).days if since else None),
        "since": in_words(since.isoformat()) if since else "", "died": bool(person.get("died_on")),
    }  # fmt: skip


def _nobody_since(stretches: list[dict[str, Any]]) -> date | None:
    """The first day of the unbroken run, up to the day asked, in which nobody answered; None where somebody does."""
    since, wanted = None, None
    for one in reversed(stretches):
        unbroken = one["to"] == wanted
        if not unbroken or one["state"] in ("allocated", "cannot_tell") or one["from"] is None:
            break
        since = wanted = one["from"]
    return date.fromisoformat(since) if since else None


def _age(person: dict[str, Any], day: date) -> str:
    if not person.get("born_on"):
        return "not yet born" if person.get("expected_on") else ""
    born = date.fromisoformat(person["born_on"])
    years = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    return f"aged {years}" if years >= 0 else "not yet born"


def _drawn(asked: shell.Asked, stretches: list[dict[str, Any]]) -> SafeString | None:
    """Who answered, one bar a stretch, a gap hatched."""
    dated = [one for one in stretches if one["from"]]
    if not dated:
        return None
    one = day_of_children(asked.asks, asked.day, asked.view.moment)
    first = date.fromisoformat(dated[0]["from"])
    begin = max(first, asked.day - timedelta(days=5 * 365)) if (asked.day - first).days > 365 * 8 else first
    bars = [Span(date.fromisoformat(s["from"]), date.fromisoformat(s["to"]) if s["to"] else asked.day,
                 _drawable(_who(one, s)), tone=_TONES[s["state"]]) for s in dated if not s["to"] or s["to"] > begin.isoformat()]  # fmt: skip
    lanes = [Lane("Allocation", bars)]
    end = max(asked.day, begin + timedelta(days=30))
    return mark_safe(at_widths(lambda width: spans(  # noqa: S308 - the drawing escapes every word
        lanes, title="Who worked with the child, and when", description=f"{len(bars)} periods, the same as in the table below.",
        day=asked.day, begin=begin, end=end, width=width, key="child", tones=_TONE_WORDS)))  # fmt: skip


def _drawable(words: str) -> str:
    """As much of them as a drawing has room for; the table below it has them all."""
    return words if len(words) <= _MOST_DRAWN else f"{words[: _MOST_DRAWN - 1]}…"


def _who(day: Any, stretch: dict[str, Any]) -> str:
    names = [
        listing.worker_name(day, worker) for worker in stretch["workers"] or stretch["named_but_not_counted"]
    ]
    if stretch["state"] == "allocated":
        return ", ".join(names)
    label = words.STATE_WORDS[stretch["state"]][0]
    return f"{label}: {', '.join(names)}" if names else label


def _stretch(asked: shell.Asked, one: dict[str, Any]) -> dict[str, Any]:
    day = day_of_children(asked.asks, asked.day, asked.view.moment)
    begun = date.fromisoformat(one["from"]) if one["from"] else None
    ended = date.fromisoformat(one["to"]) if one["to"] else asked.day
    return {
        "from": in_words(one["from"]) if one["from"] else "", "to": in_words(one["to"]) if one["to"] else "",
        "state": words.state(one["state"]), "days": words.days((ended - begun).days if begun else None),
        "workers": [listing.worker_name(day, worker) for worker in one["workers"]],
        "named": [listing.worker_name(day, worker) for worker in one["named_but_not_counted"]],
    }  # fmt: skip


def _known(asked: shell.Asked, one: dict[str, Any]) -> dict[str, Any]:
    day = day_of_children(asked.asks, asked.day, asked.view.moment)
    return {"from": words.moment(read_moment(one["known_from"])), "state": words.state(one["state"]) if one["state"] else None,
            "workers": [listing.worker_name(day, worker) for worker in one["workers"]],
            "href": asked.link("today").partition("?")[0], "moment": one["known_from"]}  # fmt: skip


def _sections(asked: shell.Asked, rows: dict[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """Each group of tables with its rows, latest first, and what each was said by."""
    found = []
    for heading, names in _SECTIONS:
        tables = [_table(asked, TABLES[name], rows[name]) for name in names if rows.get(name)]
        found.append({"heading": heading, "tables": [one for one in tables if one["rows"]]})
    return found


def _table(asked: shell.Asked, table: Table, rows: list[dict[str, Any]]) -> dict[str, Any]:
    columns = [one for one in table.columns if one.name not in _LEFT_OUT and one.name != "team_alone"
               and any(row[one.name] not in (None, "") for row in rows)]  # fmt: skip
    first = children.first_day(table)
    kept = sorted(rows, key=lambda row: row[first] or "" if first else "", reverse=True)
    rows_shown = [_said(asked, columns, row) for row in kept]
    return {"name": table.name.replace("_", " "),
            "columns": [one.name.replace("_", " ").capitalize() for one in columns],
            "rows": rows_shown[:_AT_ONCE], "more": rows_shown[_AT_ONCE:]}  # fmt: skip


def _said(asked: shell.Asked, columns: Iterable[Column], row: dict[str, Any]) -> dict[str, Any]:
    """A row's cells in words, and the delivery that said it."""
    received = words.moment(read_moment(row["attested_at"]))
    named = {"worker": _named, "team": _team}
    cells = [
        named[one.name](asked, row[one.name]) if one.name in named else _cell(one, row[one.name])
        for one in columns
    ]
    return {"cells": cells, "source": row["source"], "delivery": row["delivery"], "received": received}


def _named(asked: shell.Asked, worker: str | None) -> str:
    """A worker's name with their number."""
    name = listing.worker_name(day_of_children(asked.asks, asked.day, asked.view.moment), worker)
    return f"{name} ({worker})" if worker and name != worker else name


def _team(asked: shell.Asked, team: str | None) -> str:
    """A team's name with its code."""
    name = workforce.team_names(asked.asks, asked.view.moment).get(team or "", "")
    return f"{name} ({team})" if name and name != team else team or ""


def _cell(column: Column, value: Any) -> str:
    """A cell in words: a day, or a code with what it means where it is one that is known."""
    if value is None:
        return ""
    if column.kind is Kind.DAY:
        return in_words(str(value))
    code = code_set(column.codes).get(str(value).strip().upper()) if column.codes else None
    return f"{code.says.capitalize()} ({value})" if code else str(value)


def _cells(table: Table, row: dict[str, Any]) -> list[dict[str, str]]:
    return [{"says": one.name.replace("_", " ").capitalize(), "value": _cell(one, row[one.name])}
            for one in table.columns if row.get(one.name) not in (None, "") and one.name != "child"]  # fmt: skip
