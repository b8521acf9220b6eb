"""The page that searches statements. Its state is in its address, so that a search can be sent to somebody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from lineofsight.oversight.statements import Statement, Statements
from lineofsight.queries import search as searching
from lineofsight.queries.outcomes import outcomes
from lineofsight.queries.search import Found, Hit
from lineofsight.queries.search_index import Marked, Part, source_of
from lineofsight.queries.search_question import instead, unquoted
from lineofsight.queries.statements import address_of
from lineofsight.record.tables.statement import RELATIONS
from lineofsight.service.access.roles import Permission
from lineofsight.service.access.viewer import authorities_of
from lineofsight.service.pages import render, tables
from lineofsight.service.pages.public_record import answers
from lineofsight.service.pages.public_record.asked import PublicPage, asked_of
from lineofsight.service.pages.public_record.forms import StatementsFilters
from lineofsight.service.pages.public_record.presenters import shown
from lineofsight.service.pages.tables import Column
from lineofsight.vocabulary.codes import code_set
from lineofsight.vocabulary.days import in_words, read_period
from lineofsight.vocabulary.moments import written

_FACETS = ("kind", "topic", "year")
_FILTERS: dict[str, Callable[[Statement, str], bool]] = {
    "kind": lambda one, value: one.kind == value,
    "topic": lambda one, value: value in one.topics,
    "year": lambda one, value: value in _years(one),
    "theme": lambda one, value: value in one.themes,
    "subject": lambda one, value: one.subject == value,
    "document": lambda one, value: one.document == value,
    "linked": lambda one, value: any(value in one.links(relation) for relation in RELATIONS),
    "said_from": lambda one, value: _on_or_after(one, value),
    "said_to": lambda one, value: _on_or_before(one, value),
}


def _years(one: Statement) -> list[str]:
    """The years a statement is about; only the first where it has no end."""
    last = one.last_day or one.first_day
    return [str(year) for year in range(one.first_day.year, last.year + 1)]


def _on_or_after(one: Statement, value: str) -> bool:
    period = read_period(value)
    return period is None or one.said_last >= period.first


def _on_or_before(one: Statement, value: str) -> bool:
    period = read_period(value)
    return period is None or one.said_first <= period.last


@dataclass(frozen=True)
class _Search:
    """A search and what it found. `hits` are None where no words were looked for."""

    asked: PublicPage
    among: Statements
    chosen: dict[str, str]
    found: Found | None

    @property
    def every(self) -> list[Hit]:
        """Everything found, whatever it is narrowed by; all statements where no words were looked for."""
        if self.found is not None:
            return list(self.found.hits)
        return [Hit(place, one, (), ()) for place, one in enumerate(self.among)]

    def narrowed(self, but: str = "") -> list[Hit]:
        """What is left of it by the filters that were chosen, but for one of them."""
        filters = [
            (keeps, self.chosen[name])
            for name, keeps in _FILTERS.items()
            if name in self.chosen and name != but
        ]
        hits = [hit for hit in self.every if all(keeps(hit.statement, value) for keeps, value in filters)]
        if "about" not in self.chosen:
            return hits
        among = {one.reference for one in self.among.search(self.chosen["about"])}
        return [hit for hit in hits if hit.statement.reference in among]

    def link(self, without: Sequence[str] = (), **instead: str) -> str:
        """The address of the same search without some of its words, or with others."""
        pairs = {name: value for name, value in self.chosen.items() if name not in without} | instead
        return self.asked.link("statements", pairs.items())

    def outcomes(self, one: Statement) -> list[str]:
        """What became of a statement by the day that is shown."""
        return outcomes(self.among, one, self.asked.day)


@login_not_required
@require_safe
def statements(request: HttpRequest, authority: str) -> HttpResponse:
    """Every statement, searched and narrowed: a page, JSON or CSV."""
    asked = asked_of(request, authority)
    chosen = StatementsFilters(request).chosen
    found = searching.search(asked.record, asked.view, chosen["q"]) if "q" in chosen else None
    search = _Search(asked, asked.statements(), chosen, found)
    hits = search.narrowed()
    if render.wants_json(request):
        return _json(search, hits)
    if tables.wants_csv(request) and not asked.refused:
        return _csv(search, hits)
    table = tables.table(
        request,
        hits,
        caption="Statements",
        keep=chosen.items(),
        link=lambda extra: asked.link("statements", extra),
    )
    more = {
        "table": table,
        "results": _results(search, list(table.page)),
        "among": len(search.among),
        "facets": [_facet(search, name) for name in _FACETS],
        "keep": list(chosen.items()),
        "carried": [(name, value) for name, value in chosen.items() if name in _CARRIED],
        "chosen": chosen,
        "narrowed": _narrowed(search),
        "found": found and _found(search, found, hits),
        "may_state": authority in authorities_of(request.user, Permission.STATE),
    }
    return render.html(request, asked, "public_record/statements.html", "statements", more)


_CARRIED = ("about", "theme", "subject", "document", "linked")
"""What narrows the list and has no field of its own in the form."""


def _json(search: _Search, hits: list[Hit]) -> JsonResponse:
    """The statements, and what was looked for before them."""
    found = [hit.statement for hit in hits]
    before = {} if search.found is None else {"q": search.chosen["q"], "looked_for": search.found.looked_for}
    return answers.json(search.asked, lambda: {**before, **answers.listed(search.asked, found, search.among)})


def _csv(search: _Search, hits: list[Hit]) -> HttpResponse:
    columns = [
        Column[Hit]("statement", cell=lambda hit: hit.statement.reference),
        Column[Hit]("title", cell=lambda hit: hit.statement.title),
        Column[Hit]("said_by", cell=lambda hit: hit.statement.said_by),
        Column[Hit]("said_on", cell=lambda hit: hit.statement.said_on),
        Column[Hit]("about_from", cell=lambda hit: hit.statement.about_from or hit.statement.said_on),
        Column[Hit]("kind", cell=lambda hit: hit.statement.kind),
        Column[Hit]("outcome", cell=lambda hit: "; ".join(search.outcomes(hit.statement))),
        Column[Hit]("says", cell=lambda hit: hit.statement.says),
        Column[Hit]("value", cell=lambda hit: hit.statement.value or ""),
        Column[Hit]("unit", cell=lambda hit: hit.statement.unit or ""),
        Column[Hit]("source", cell=lambda hit: source_of(hit.statement)),
        Column[Hit]("source_address", cell=lambda hit: hit.statement.source_address or ""),
        Column[Hit]("address", cell=lambda hit: address_of(hit.statement)),
    ]
    view = search.asked.view
    rests = {
        "as_at": search.asked.day.isoformat(),
        "known_by": written(view.known_by),
        "rests_on": view.rests_on,
    }
    return render.csv(search.asked, f"statements-{search.asked.authority}", columns, hits, rests=rests)


def _results(search: _Search, hits: list[Hit]) -> list[dict[str, Any]]:
    marked = search.found.marked(hits) if search.found else {}
    return [_result(search, hit, marked.get(hit.statement.reference, {})) for hit in hits]


def _result(search: _Search, hit: Hit, marked: Marked) -> dict[str, Any]:
    """A statement for `components/search_result.html`; its texts in parts, so that words found can be marked."""
    one = hit.statement
    plain = shown(search.asked, one, search.among)
    return {
        **plain,
        "headline": marked.get("headline") or (Part(one.title, False),),
        "says": marked.get("says") or (Part(one.says, False),),
        "said_by": marked.get("said_by") or (Part(one.said_by, False),),
        "source": marked.get("source") or (Part(source_of(one), False),),
        "outcomes": search.outcomes(one),
        "words": hit.words,
        "without": hit.without,
    }


def _found(search: _Search, found: Found, hits: list[Hit]) -> dict[str, Any]:
    """What was looked for, and what to try where little or nothing was found."""
    q = search.chosen["q"]
    every = replace(found, hits=tuple(hits)).with_every_word
    near = [(unknown.word, unknown.near) for unknown in found.unknown]
    return {
        "q": q,
        "looked_for": found.looked_for,
        "left_out": found.question.left_out,
        "with_every_word": every,
        "with_some": len(hits) - every,
        "unknown": [
            (word, [_again(search, instead(q, {word: one}), one) for one in words]) for word, words in near
        ],
        "corrected": _again(search, found.corrected),
        "unquoted": _again(search, unquoted(q)) if found.is_quoted else {},
        "days": [_on_day(search, day) for day in _days_without(found)],
        "unfiltered": {"count": len(found.hits), "href": search.link(without=[*_FILTERS, "about"])},
    }


def _days_without(found: Found) -> list[date]:
    """The whole days that were looked for and that no statement has."""
    words = [unknown.word for unknown in found.unknown]
    return [day for word in words if (day := _day_in_words(word))]


def _day_in_words(words: str) -> date | None:
    try:
        return datetime.strptime(words, "%d %B %Y").date()  # noqa: DTZ007 - a day, with no time and no zone
    except ValueError:
        return None


def _on_day(search: _Search, day: date) -> dict[str, str]:
    """The overview on a day, in the same view but for the day."""
    asked = search.asked
    pairs = [("as_at", day.isoformat()), *asked.pairs[1:]]
    return {"text": in_words(day.isoformat()), "href": f"{asked.path()}?{urlencode(pairs)}"}


def _again(search: _Search, q: str, text: str = "") -> dict[str, str]:
    """A link that looks for other words with the same filters; nothing where there are none."""
    return {"text": text or q, "href": search.link(q=q)} if q else {}


def _narrowed(search: _Search) -> list[dict[str, str]]:
    """Each filter in use, with the address of the list without it; the words stand in their own field."""
    names = {"about": "all of these letters", "linked": "linked with"}
    return [
        {
            "name": names.get(name, name.replace("_", " ")),
            "value": value,
            "href": search.link(without=[name]),
        }
        for name, value in search.chosen.items()
        if name != "q"
    ]


_LABELS = {"kind": "Kind of statement", "topic": "Topic", "year": "Year it is about"}


def _facet(search: _Search, name: str) -> dict[str, Any]:
    """The values by which the list can be narrowed, with how many statements each would leave."""
    values: dict[str, Callable[[Statement], list[str]]] = {
        "kind": lambda one: [one.kind],
        "topic": lambda one: one.topics,
        "year": _years,
    }
    counts = Counter(value for hit in search.narrowed(but=name) for value in values[name](hit.statement))
    chosen = search.chosen.get(name, "")
    order = sorted(counts, reverse=True) if name == "year" else list(code_set(_SETS[name]))
    options = [
        {"value": value, "text": _option(name, value), "count": counts[value], "selected": value == chosen}
        for value in order
        if counts[value] or value == chosen
    ]
    return {"name": name, "label": _LABELS[name], "options": options}


_SETS = {"kind": "statement_kind", "topic": "topic"}


def _option(name: str, value: str) -> str:
    if name != "topic":
        return value[0].upper() + value[1:]
    return f"{value.capitalize()}: {code_set('topic')[value].says}"
