"""Figures, bridges and rows as templates take them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from lineofsight.queries import workforce
from lineofsight.queries.as_json import to_json
from lineofsight.queries.bridges import Bridge
from lineofsight.queries.figures import Figure
from lineofsight.queries.lists import UnallocatedRow
from lineofsight.service.access import handles
from lineofsight.service.access.roles import Permission
from lineofsight.service.pages import render, shell
from lineofsight.service.pages.filters import utc_time
from lineofsight.service.pages.service import labels
from lineofsight.vocabulary.days import in_words
from lineofsight.vocabulary.moments import written


def figure(found: Figure) -> dict[str, Any]:
    """A figure in words: how many of how many, by which definition, as at, known by, from which source."""
    value, name = found.unallocated, found.definition.name
    return {
        "value": "Not known" if value is None else f"{value:,}",
        "told": value is not None,
        "population": f"{found.population:,}",
        "as_at": in_words(found.as_at.isoformat()),
        "known_by": labels.moment(found.known_by),
        "rests_on": found.rests_on,
        "known_by_utc": utc_time(written(found.known_by)),
        "definition_title": labels.DEFINITION_NAMES[name],
        "definition": f"{labels.DEFINITION_NAMES[name]} ({labels.definition_words(found.definition)})",
        "says": labels.DEFINITION_WORDS[name],
        "complete": found.complete,
        "cannot_tell": found.states["cannot_tell"],
        "disagreements": found.disagreements,
        "lacks": labels.lacks_rows(f"{found.refused_rows:,}", found.refused_rows),
    }


def sources(asked: shell.ServicePage, found: Figure) -> list[dict[str, str]]:
    """The deliveries a figure rests on, with the page of each for those who may see it."""
    may = asked.viewer.may(Permission.DELIVERIES)
    return [
        {
            **to_json(source),
            "received": labels.moment(source.received_at),
            "received_utc": utc_time(written(source.received_at)),
            "short": source.sha256[:12] if asked.viewer.may(Permission.CHILDREN) else "",
            "href": asked.link("delivery", source.delivery) if may else "",
        }
        for source in found.sources
    ]


def headline(request: HttpRequest, asked: shell.ServicePage, found: Figure, current: str) -> HttpResponse:
    """The headline alone, without a breakdown and without any count of one to four."""
    value = found.unallocated
    held_back = value is not None and 0 < value < 5
    if render.wants_json(request):
        kept = ("measure", "authority", "as_at", "known_by", "rests_on", "definition", "complete", "sources")
        count = {"unallocated": None if held_back else value, "fewer_than_five": held_back}
        answer = to_json(found)
        return render.json(asked, lambda: {**{name: answer[name] for name in kept}, **count})
    return render.html(
        request,
        asked,
        "service/headline.html",
        current,
        {
            "shown": {
                **figure(found),
                "value": labels.small(value),
                "lacks": labels.lacks_rows(labels.small(found.refused_rows), found.refused_rows),
            },
            "held_back": held_back,
            "ask_href": reverse("ask-as-member", args=[asked.authority])
            if asked.viewer.may(Permission.ASK)
            else "",
            "sundays_only": shell.headline_only(asked.viewer),
            "sources": sources(asked, found),
            "source_names": ", ".join(source.source for source in found.sources),
        },
    )


def rows(asked: shell.ServicePage, some: Iterable[UnallocatedRow]) -> list[dict[str, Any]]:
    """The children of a list."""
    names = workforce.team_names(asked.record, asked.figure_query)
    return [_row(asked, row, names) for row in some]


def _row(
    asked: shell.ServicePage, unallocated_row: UnallocatedRow, names: Mapping[str, str]
) -> dict[str, Any]:
    listed = unallocated_row.listed
    return {
        "child": unallocated_row.child,
        "href": asked.link("child", handles.handle_of(asked.authority, unallocated_row.child)),
        "state": labels.state(listed.state, listed.reason),
        "days": listed.days,
        "since": labels.day(listed.since),
        "team": names.get(listed.team or "", listed.team or ""),
        "last_team": "" if listed.team else names.get(unallocated_row.team, unallocated_row.team),
        "standings": sorted(unallocated_row.standings),
        "last_worker": unallocated_row.last_worker_name,
        "begun": labels.day(listed.episode_begun_on),
        "differs": listed.differs,
    }


def bridge(asked: shell.ServicePage, found: Bridge) -> dict[str, Any]:
    """A bridge's two ends, and each way in and out with how many; unexplained exits first."""
    exits = [_move(name, count, found.exits) for name, count in found.exits.items()]
    arrivals = [_move(name, count, found.arrivals) for name, count in found.arrivals.items()]
    return {
        "from": figure(found.from_),
        "to": figure(found.to),
        "exits": exits,
        "arrivals": arrivals,
        "left": sum(found.exits.values()),
        "came": sum(found.arrivals.values()),
        "unexplained": found.exits["unexplained"],
        "href": asked.link("figure", extra=[("from", found.from_.as_at.isoformat())]),
    }


def _move(name: str, count: int, among: Mapping[Any, int]) -> dict[str, Any]:
    text, means = labels.MOVE_WORDS[name]
    return {
        "name": name,
        "text": text,
        "means": means,
        "count": count,
        "words": f"{count:,}",
        "share": labels.share(count, max(among.values(), default=0)),
    }
