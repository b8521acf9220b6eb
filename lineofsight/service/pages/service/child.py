"""One child: who answers and who answered when, drawn; every row with the delivery that said it; what was known when."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from lineofsight.allocation.on_day import Day
from lineofsight.charts import Lane, Span, spans
from lineofsight.queries import workforce
from lineofsight.queries.as_json import to_json
from lineofsight.queries.children import Cells, Child, KnownWhen, Stretch, first_day, known_when
from lineofsight.queries.corrections import corrections_of
from lineofsight.queries.figures import day_of_children
from lineofsight.queries.holders import held_by
from lineofsight.queries.lists import standings, worker_name
from lineofsight.record.schema import Column, Table
from lineofsight.record.tables import TABLES
from lineofsight.service.access import attempts, handles, scope
from lineofsight.service.access.children import open_for
from lineofsight.service.access.roles import Permission
from lineofsight.service.access.viewer import restricted
from lineofsight.service.pages import render, shell
from lineofsight.service.pages.drawings import drawn
from lineofsight.service.pages.service import labels, table_words
from lineofsight.vocabulary.days import in_words
from lineofsight.vocabulary.moments import moment_of, read_moment, written
from lineofsight.vocabulary.refusal import Refused

_TONES = {
    "allocated": "holder",
    "held": "interim",
    "team_only": "interim",
    "none": "vacant",
    "cannot_tell": "unknown",
}
_TONE_WORDS = {
    "holder": "Allocated",
    "interim": "Not with a caseworker, or team only",
    "vacant": "No worker",
    "unknown": "Not known from this data",
}
_AT_ONCE = 8
"""Rows of a table shown at once; the others are a click away."""
_MOST_DRAWN = 40
"""Letters of a name that a drawing has room for."""
_SECTIONS = (
    ("Contacts and early help", ("contact", "early_help")),
    ("Episodes", ("episode", "assessment", "enquiry", "conference")),
    ("Workers and teams", ("involvement",)),
    ("Plans", ("need_plan", "protection_plan", "protection_review")),
    ("Looked after", ("care_episode", "placement", "legal_status", "care_review", "care_leaver", "missing")),
    ("Permanence", ("permanence",)),
    ("Visits", ("need_visit", "protection_visit", "care_visit")),
    ("Family", ("family", "mother")),
)
_LEFT_OUT = {"child", "forename", "surname", "born_on", "upn"}


@require_safe
def child(request: HttpRequest, authority: str, handle: str) -> HttpResponse:
    """The page or its JSON; the look is written to the access log in the transaction that gives it."""
    asked = shell.asked_of(request, authority, Permission.CHILDREN)
    number = handles.child_of(asked.record, handle)
    if number is None:
        attempts.refuse(asked.viewer, None, handle, attempts.REFUSED)
    try:
        found = open_for(asked.viewer, asked.record, number, asked.figure_query)
    except Refused:
        raise Http404 from None
    if render.wants_json(request):
        return render.json(asked, lambda: found)
    last = scope.responsible_until(
        asked.viewer, asked.record, number, asked.day, witnessed=asked.view.witnessed
    )
    limited = _limited(asked, last)
    context = {
        **_context(limited, number, found, handle),
        "may_see_log": last is None or asked.viewer.may(Permission.LOOKS),
        "responsible_until": in_words(last.isoformat()) if last else "",
    }
    return render.html(request, limited, "service/child.html", "unallocated", context)


def _limited(asked: shell.ServicePage, last: date | None) -> shell.ServicePage:
    """The view as far as this person may have it: nothing that was learned after they last answered for the child."""
    if last is None:
        return asked
    known_by = min(asked.view.known_by, moment_of(scope.known_on(last)))
    return replace(asked, view=replace(asked.view, day=min(asked.day, last), known_by=known_by), known="by")


def _context(asked: shell.ServicePage, number: str, found: Child, handle: str) -> dict[str, Any]:
    day = day_of_children(asked.record, asked.figure_query)
    stretches = _until(asked.day, found.answered)
    person: Cells = next(iter(found.rows.get("child", [])), {})
    known = known_when(asked.record, number, asked.figure_query)
    return {
        "number": number,
        "handle": handle,
        "head": _head(asked, day, number, person, stretches),
        "drawing": _drawn(asked, day, stretches),
        "stretches": [_stretch(asked, day, stretch) for stretch in reversed(stretches)],
        "sections": _sections(asked, day, found.rows),
        "corrections": _corrections(asked, number),
        "may_correct": asked.viewer.may(Permission.CORRECT),
        "person": _cells(TABLES["child"], person),
        "deliveries": [
            {**to_json(source), "received": labels.moment(source.received_at)}
            for source in {source.delivery: source for source in found.deliveries}.values()
        ],
        "known_when": [_known(asked, day, each) for each in known],
        "restricted": number in restricted(asked.authority),
        "may_restrict": asked.viewer.may(Permission.RESTRICT),
    }


def _until(day: date, answered: Iterable[Stretch]) -> list[Stretch]:
    """The stretches begun by the day; a stretch that runs past it has no end yet."""
    begun = [stretch for stretch in answered if stretch.from_ is None or stretch.from_ <= day]
    return [stretch if stretch.to and stretch.to <= day else replace(stretch, to=None) for stretch in begun]


def _head(
    asked: shell.ServicePage, day: Day, number: str, person: Cells, stretches: list[Stretch]
) -> dict[str, Any]:
    """The header: name, age, team, who answers or nobody and for how long, and which plans the child has."""
    teams, _ = held_by(day, [number])[number]
    current = stretches[-1] if stretches and stretches[-1].to is None else None
    since = _nobody_since(stretches)
    names = (person.get("forename"), person.get("surname"))
    names_of_teams = workforce.team_names(asked.record, asked.figure_query)
    return {
        "name": " ".join(str(name) for name in names if name),
        "age": _age(person, asked.day),
        "teams": sorted(names_of_teams.get(team, team) for team in teams),
        "standings": sorted(standings(day, [number]).get(number, frozenset())),
        "counted": current is not None,
        "state": labels.state(current.state) if current else None,
        "workers": _names(day, current.workers if current else []),
        "named": _names(day, current.named_but_not_counted if current else []),
        "nobody": since is not None,
        "days": labels.days((asked.day - since).days if since else None),
        "since": in_words(since.isoformat()) if since else "",
        "died": bool(person.get("died_on")),
    }


def _names(day: Day, workers: Iterable[str]) -> list[str]:
    return [worker_name(day, worker) for worker in workers]


def _nobody_since(stretches: list[Stretch]) -> date | None:
    """The first day of the unbroken run, up to the day asked, in which nobody answered; None where somebody does."""
    since: date | None = None
    for stretch in reversed(stretches):
        unbroken = stretch.to == since
        if not unbroken or stretch.state in ("allocated", "cannot_tell") or stretch.from_ is None:
            break
        since = stretch.from_
    return since


def _age(person: Cells, day: date) -> str:
    if not person.get("born_on"):
        return "not yet born" if person.get("expected_on") else ""
    born = date.fromisoformat(str(person["born_on"]))
    years = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    return f"aged {years}" if years >= 0 else "not yet born"


def _drawn(asked: shell.ServicePage, day: Day, stretches: list[Stretch]) -> SafeString | None:
    """Who answered, one bar a stretch, a gap hatched."""
    dated = [(stretch.from_, stretch) for stretch in stretches if stretch.from_]
    if not dated:
        return None
    first, last = dated[0][0], asked.day
    begin = max(first, last - timedelta(days=5 * 365)) if (last - first).days > 365 * 8 else first
    bars = [
        Span(begun, stretch.to or last, _drawable(_who(day, stretch)), tone=_TONES[stretch.state])
        for begun, stretch in dated
        if not stretch.to or stretch.to > begin
    ]
    lanes = [Lane("Allocation", bars)]
    return drawn(
        lambda width: spans(
            lanes,
            title="Who worked with the child, and when",
            description=f"{len(bars)} periods, the same as in the table below.",
            day=last,
            begin=begin,
            end=max(last, begin + timedelta(days=30)),
            width=width,
            key="child",
            tones=_TONE_WORDS,
        )
    )


def _drawable(text: str) -> str:
    """As much of a text as a drawing has room for; the table below it has it all."""
    return text if len(text) <= _MOST_DRAWN else f"{text[: _MOST_DRAWN - 1]}…"


def _who(day: Day, stretch: Stretch) -> str:
    names = ", ".join(_names(day, stretch.workers or stretch.named_but_not_counted))
    label = labels.STATE_WORDS[stretch.state][0]
    return names if stretch.state == "allocated" else f"{label}: {names}" if names else label


def _stretch(asked: shell.ServicePage, day: Day, stretch: Stretch) -> dict[str, Any]:
    ended = stretch.to or asked.day
    return {
        "from": in_words(stretch.from_.isoformat()) if stretch.from_ else "",
        "to": in_words(stretch.to.isoformat()) if stretch.to else "",
        "state": labels.state(stretch.state),
        "days": labels.days((ended - stretch.from_).days if stretch.from_ else None),
        "workers": _names(day, stretch.workers),
        "named": _names(day, stretch.named_but_not_counted),
    }


def _known(asked: shell.ServicePage, day: Day, known: KnownWhen) -> dict[str, Any]:
    return {
        "from": labels.moment(known.known_from),
        "state": labels.state(known.state) if known.state else None,
        "workers": _names(day, known.workers),
        "href": asked.link("today").partition("?")[0],
        "moment": written(known.known_from),
    }


def _sections(asked: shell.ServicePage, day: Day, rows: dict[str, list[Cells]]) -> list[dict[str, Any]]:
    """Each group of tables with its rows, latest first, and what each was said by."""
    found = []
    for heading, names in _SECTIONS:
        tables = [_table(asked, day, TABLES[name], rows[name]) for name in names if rows.get(name)]
        found.append({"heading": heading, "tables": [one for one in tables if one["rows"]]})
    return found


def _corrections(asked: shell.ServicePage, number: str) -> list[dict[str, Any]]:
    """What people say is wrong in the rows of the page, and what was decided."""
    query = asked.figure_query
    found = corrections_of(asked.record, number, query.known_by, witnessed=query.witnessed)
    return [
        {
            **vars(one),
            "table": table_words.table(TABLES[one.about]),
            "said_on": in_words(one.said_on.isoformat()),
        }
        for one in found
        if one.about in TABLES
    ]


def _table(asked: shell.ServicePage, day: Day, table: Table, rows: list[Cells]) -> dict[str, Any]:
    columns = [
        one
        for one in table.columns
        if one.name not in _LEFT_OUT
        and one.name != "team_alone"
        and any(row[one.name] not in (None, "") for row in rows)
    ]
    first = first_day(table)
    kept = sorted(rows, key=lambda row: str(row[first] or "") if first else "", reverse=True)
    rows_shown = [_said(asked, day, columns, row) for row in kept]
    return {
        "name": table_words.table(table),
        "says": table.says,
        "columns": [table_words.heading(column.name) for column in columns],
        "rows": rows_shown[:_AT_ONCE],
        "more": rows_shown[_AT_ONCE:],
    }


def _said(asked: shell.ServicePage, day: Day, columns: Iterable[Column], row: Cells) -> dict[str, Any]:
    """A row's cells in words, and the delivery that said it."""
    received = labels.moment(read_moment(str(row["attested_at"])))
    teams = workforce.team_names(asked.record, asked.figure_query)
    named: dict[str, Callable[[Any], str]] = {
        "worker": lambda worker: _named(day, worker),
        "team": lambda team: teams.get(team or "", str(team or "")),
    }
    cells = [
        named[column.name](row[column.name])
        if column.name in named
        else table_words.cell(column, row[column.name])
        for column in columns
    ]
    href = asked.link("delivery", str(row["delivery"])) if asked.viewer.may(Permission.DELIVERIES) else ""
    return {"cells": cells, "source": row["source"], "href": href, "received": received}


def _named(day: Day, worker: Any) -> str:
    """A worker's name with their number."""
    name = worker_name(day, worker)
    return f"{name} ({worker})" if worker and name != worker else name


def _cells(table: Table, row: Cells) -> list[dict[str, str]]:
    return [
        {"says": table_words.heading(one.name), "value": table_words.cell(one, row[one.name])}
        for one in table.columns
        if row.get(one.name) not in (None, "") and one.name != "child"
    ]
