"""The unallocated register: who has nobody, narrowed, sorted, paged and as CSV; its state is in the address."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from lineofsight.allocation import states
from lineofsight.queries import figures, workforce
from lineofsight.queries.as_json import to_json
from lineofsight.queries.figures import register_row
from lineofsight.queries.lists import SORTS, STANDINGS, RegisterFilter, UnallocatedRow
from lineofsight.service.access import listing
from lineofsight.service.access.listing import ChildrenList
from lineofsight.service.access.roles import Permission
from lineofsight.service.pages import render, shell, tables
from lineofsight.service.pages.filters import in_plain_words
from lineofsight.service.pages.service import labels, presenters
from lineofsight.service.pages.service.forms import RegisterFilters
from lineofsight.service.pages.tables import Column, Table
from lineofsight.vocabulary.moments import written

COLUMNS: tuple[Column[UnallocatedRow], ...] = (
    Column("child", "Child", sort=SORTS["child"]),
    Column("state", "Allocation", sort=SORTS["state"]),
    Column("days", "Days waiting", sort=SORTS["days"], numeric=True, most_first=True),
    Column("team", "Team", sort=SORTS["team"]),
    Column("last_worker", "Last worker", sort=SORTS["last_worker"]),
    Column("episode_begun_on", "Episode began", sort=SORTS["episode_begun_on"]),
    Column("plan", "Plan"),
)
"""What a list of children without a worker shows of each."""


@require_safe
def register(request: HttpRequest, authority: str) -> HttpResponse:
    """The page, its CSV or its JSON; every child given is written to the access log first."""
    asked = shell.asked_of(request, authority, Permission.CHILDREN)
    if not asked.has_case_records:
        return render.html(request, asked, "service/nothing.html", "unallocated", {})
    filters = RegisterFilters(request)
    found = listing.unallocated_list(asked.viewer, asked.record, asked.figure_query)
    table = tables.table(
        request,
        found.rows,
        COLUMNS,
        caption="Children without an allocated worker",
        sort="-days",
        tie=SORTS["child"],
        link=partial(_link, asked),
        keep=filters.chosen.items(),
        keeps=_filter(filters.each).keeps,
    )
    if render.wants_json(request):
        return render.json(asked, lambda: _json(asked, found, table.rows))
    if tables.wants_csv(request) and not asked.refused:
        return _csv(asked, listing.shown(asked.viewer, table.rows, "page: register, CSV"))
    context = _context(asked, found, table, filters.chosen)
    return render.html(request, asked, "service/unallocated.html", "unallocated", context)


def _link(asked: shell.ServicePage, extra: Iterable[tuple[str, str]]) -> str:
    return asked.link("unallocated", extra=extra)


def _filter(given: Mapping[str, str]) -> RegisterFilter:
    """What is asked for; a number of days that is none narrows nothing."""
    last = _days(given["days_to"])
    return RegisterFilter(
        given["state"],
        given["reason"],
        given["team"],
        given["standing"],
        _days(given["days_from"]),
        None if last is None else last + 1,
    )


def _days(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) <= 6 else None


def _context(
    asked: shell.ServicePage,
    found: ChildrenList[UnallocatedRow],
    table: Table[UnallocatedRow],
    chosen: Mapping[str, str],
) -> dict[str, Any]:
    rows = listing.shown(asked.viewer, list(table.page), "page: register")
    figure = figures.figure(asked.record, asked.figure_query)
    names = workforce.team_names(asked.record, asked.figure_query)
    return {
        "figure": presenters.figure(figure),
        "sources": presenters.sources(asked, figure),
        "found": found,
        "adds_up": figure.unallocated == len(found.rows) + found.closed + found.out_of_scope,
        "figure_told": figure.unallocated is not None,
        "everybody": asked.viewer.whole,
        "table": table,
        "rows": presenters.rows(asked, rows),
        "chosen": chosen,
        "keep": table.keep,
        "choices": _choices(asked, found, chosen),
        "narrowed": _narrowed(asked, chosen, names),
        "all_href": asked.link("unallocated"),
        "query_more": table.query.removeprefix(f"{asked.query}").lstrip("&"),
    }


def _choices(
    asked: shell.ServicePage, found: ChildrenList[UnallocatedRow], chosen: Mapping[str, str]
) -> list[dict[str, Any]]:
    """What may be narrowed by, with how many of this person's list are of each."""
    rows, names = found.rows, workforce.team_names(asked.record, asked.figure_query)
    standings = Counter(name for row in rows for name in row.standings)
    bare = sum(1 for row in rows if not row.standings)
    offered: dict[str, tuple[str, Sequence[tuple[str, str]] | None, Counter[Any]]] = {
        "state": (
            "Allocation",
            [(name, labels.STATE_WORDS[name][0]) for name in states.UNALLOCATED],
            Counter(row.listed.state for row in rows),
        ),
        "reason": (
            "Why not with a caseworker",
            None,
            Counter(row.listed.reason for row in rows if row.listed.reason),
        ),
        "team": ("Team", None, Counter(row.team for row in rows if row.team)),
        "standing": (
            "Plan",
            [(name, name.capitalize()) for name in (*STANDINGS.values(), "none of these")],
            standings + Counter({"none of these": bare}),
        ),
    }
    return [
        {
            "name": name,
            "label": label,
            "options": _options(
                values or sorted((v, in_plain_words(names.get(v, v))) for v in counts),
                counts,
                chosen.get(name, ""),
                names,
            ),
        }
        for name, (label, values, counts) in offered.items()
    ]


def _options(
    values: Sequence[tuple[Any, Any]], counts: Counter[Any], chosen: str, names: Mapping[str, str]
) -> list[dict[str, Any]]:
    found = [
        {"value": value, "text": f"{text} ({counts[value]})", "selected": value == chosen}
        for value, text in values
    ]
    known = {one["value"] for one in found}
    return (
        found
        if chosen in known or not chosen
        else [*found, {"value": chosen, "text": f"{names.get(chosen, chosen)} (0)", "selected": True}]
    )


_DAYS = ("days_from", "days_to")
_SAID = {
    "state": "Allocation",
    "reason": "Why not with a caseworker",
    "team": "Team",
    "standing": "Plan",
    "days_from": "Waiting at least (days)",
    "days_to": "Waiting at most (days)",
}


def _value_words(name: str, value: str, names: Mapping[str, str]) -> str:
    """What is narrowed by, as a page says it: a state and a reason in words, a team by its name."""
    if name == "state" and value in labels.STATE_WORDS:
        return labels.STATE_WORDS[value][0]
    return in_plain_words(value) if name == "reason" else names.get(value, value)


def _narrowed(
    asked: shell.ServicePage, chosen: Mapping[str, str], names: Mapping[str, str]
) -> list[dict[str, str]]:
    return [
        {
            "name": _SAID[name],
            "value": _value_words(name, value, names),
            "href": asked.link("unallocated", extra=[pair for pair in chosen.items() if pair[0] != name]),
        }
        for name, value in chosen.items()
        if name in _SAID and not (name in _DAYS and _days(value) is None)
    ]


def _json(
    asked: shell.ServicePage, found: ChildrenList[UnallocatedRow], kept: Sequence[UnallocatedRow]
) -> dict[str, Any]:
    rows = listing.shown(asked.viewer, kept, "page: register, JSON")
    children = [{**to_json(register_row(row.listed)), "standings": sorted(row.standings)} for row in rows]
    figure = to_json(figures.figure(asked.record, asked.figure_query))
    if not asked.viewer.may(Permission.COUNTS):
        figure = {name: cell for name, cell in figure.items() if name not in ("states", "disagreements")}
    return {**figure, "children": children, "out_of_scope": found.out_of_scope, "restricted": found.closed}


_CSV: tuple[Column[UnallocatedRow], ...] = (
    Column("child", cell=lambda row: row.child),
    Column("who_answers", cell=lambda row: row.listed.state),
    Column("reason", cell=lambda row: row.listed.reason),
    Column("days", cell=lambda row: row.listed.days),
    Column("since", cell=lambda row: register_row(row.listed).since),
    Column("team", cell=lambda row: row.team),
    Column("plans", cell=lambda row: "; ".join(sorted(row.standings))),
    Column("last_worker", cell=lambda row: row.last_worker_name),
    Column("episode_begun_on", cell=lambda row: register_row(row.listed).episode_begun_on),
)


def _csv(asked: shell.ServicePage, rows: Sequence[UnallocatedRow]) -> HttpResponse:
    """The rows as CSV, each with what it rests on."""
    figure = figures.figure(asked.record, asked.figure_query)
    rests = {
        "as_at": asked.day.isoformat(),
        "known_by": written(asked.view.known_by),
        "rests_on": asked.view.rests_on,
        "definition": labels.definition_words(figure.definition),
        "sources": "; ".join(f"{source.source} {source.delivery}" for source in figure.sources),
    }
    name = f"unallocated-{asked.authority}-{asked.day}"
    return render.csv(asked, name, _CSV, rows, rests=rests)
