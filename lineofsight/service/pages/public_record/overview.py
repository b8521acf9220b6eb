"""The first page of a public record, and a page for each of its parts. Open to anybody; each also answers JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render as draw
from django.utils.safestring import SafeString
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from lineofsight.oversight.cards import Card, cards
from lineofsight.oversight.statements import Statement, Statements
from lineofsight.service.access import keeping
from lineofsight.service.access.records import first_authority
from lineofsight.service.pages import render, tables
from lineofsight.service.pages.filters import local_time
from lineofsight.service.pages.public_record import answers, behind, inspected, money, posts, sections
from lineofsight.service.pages.public_record.as_csv import statements_csv
from lineofsight.service.pages.public_record.asked import PublicPage, asked_of
from lineofsight.service.pages.public_record.documents import finding_words
from lineofsight.service.pages.public_record.presenters import Section
from lineofsight.vocabulary.days import in_words
from lineofsight.vocabulary.moments import london_day


@dataclass(frozen=True)
class Part:
    """One part of a public record: its address under the authority, its name in answers, and what it shows."""

    page: str
    name: str
    title: str
    says: str
    make: Callable[[PublicPage, Statements], Section]
    rests_on: Callable[[PublicPage, Statements], list[Statement]] | None = None
    """The statements that it shows; None where it shows none."""


def _integrity(_asked: PublicPage, _among: Statements) -> Section:
    kept = keeping.kept()
    return {"kept": kept, "links": kept.verified.link_count, "verified_at": local_time(kept.at)}


PARTS = (
    Part(
        "latest",
        "said",
        "What was said lately",
        "The month up to the day shown, newest first.",
        sections.said,
        sections.said_lately,
    ),
    Part(
        "unallocated",
        "unallocated",
        "Children without a social worker",
        "Every published count, with who counted and by what definition.",
        sections.unallocated,
        behind.counts,
    ),
    Part(
        "leaders",
        "leaders",
        "People in charge on a day",
        "Each post, who left it around that day, and the reasons given.",
        posts.leaders,
        behind.of_posts,
    ),
    Part(
        "raised-again",
        "before",
        "What inspections found",
        "Grades by area, and the weaknesses that were found more than once.",
        inspected.said_before,
        behind.of_inspections,
    ),
    Part(
        "promises",
        "promised",
        "Promises, and what happened",
        "Undertakings and orders: kept or not, met or not, or with no outcome found.",
        sections.promised,
        behind.of_promises,
    ),
    Part(
        "requests",
        "requests",
        "Requests and questions in public",
        "Who asked for what, and the replies that were found.",
        sections.asked_and_answered,
        behind.of_requests,
    ),
    Part(
        "background",
        "why",
        "Background by year",
        "Staffing, demand and money side by side, from published statistics.",
        sections.why,
        behind.of_years,
    ),
    Part(
        "money",
        "money",
        "Money: budget, spending and warnings",
        "What was budgeted and spent each year, and the warnings issued.",
        money.spending,
        money.rests_on,
    ),
    Part(
        "integrity",
        "head",
        "Integrity check",
        "Whether anything in the record was changed after it was received.",
        _integrity,
    ),
)
_BY_PAGE = {part.page: part for part in PARTS}


@login_not_required
@require_safe
def first(request: HttpRequest) -> HttpResponse:
    """The first screen: the record of the authority that settings name, or of the one with most statements."""
    authority = first_authority()
    if authority is None:
        return draw(request, "public_record/nothing.html", {})
    return record(request, authority)


@login_not_required
@require_safe
def record(request: HttpRequest, authority: str) -> HttpResponse:
    """The overview of one authority's public record on one day, as known by one moment."""
    asked = asked_of(request, authority)
    among = asked.statements()
    if render.wants_json(request):
        return answers.json(asked, lambda: _record_json(asked, among))
    known_on = london_day(asked.view.known_by)
    more = {
        "count": len(among),
        "years": _years(asked, among),
        "cards": [_card(asked, card) for card in cards(among, asked.day, known_on)],
        "parts": [{"href": asked.link(part.page), "title": part.title, "says": part.says} for part in PARTS],
        "unallocated": {
            "drawing": sections.counts_drawn(asked, sections.counts(asked, among), small=True),
            "href": asked.link("unallocated"),
        },
        "documents": _documents(asked, among),
        "timeline": _timeline(asked),
        "opening": _opening(asked),
    }
    return render.html(request, asked, "public_record/overview.html", "", more)


def _card(asked: PublicPage, card: Card) -> dict[str, str]:
    return {
        "question": card.question,
        "answer": card.answer[0].upper() + card.answer[1:],
        "on": in_words(card.on) if card.on else "",
        "href": asked.link(card.page),
    }


def _documents(asked: PublicPage, among: Statements) -> list[dict[str, Any]]:
    """The documents whose numbered statements are known, each with its author, its day and our findings."""
    found = [_document(asked, name, among.where(document=name)) for name in asked.profile.documents]
    return [document for document in found if document]


def _document(asked: PublicPage, name: str, said: list[Statement]) -> dict[str, Any]:
    if not said:
        return {}
    counts = Counter(finding_words(each) for each in said if each.our_finding)
    return {
        "name": name,
        "title": said[0].source_title,
        "said_by": said[0].said_by,
        "day": in_words(said[0].said_on),
        "count": len(said),
        "findings": [{"word": word, "of": of, "count": count} for (word, of), count in counts.most_common()],
        "href": f"{asked.link('documents')}#{slugify(name)}",
    }


def _opening(asked: PublicPage) -> str:
    """What is shown; on the day that the record opens on, that it does so and what day that is."""
    if asked.day != asked.profile.opens_on:
        return f"Shown: {asked.says}"
    day = in_words(asked.day.isoformat())
    why = dict(asked.profile.days).get(asked.day)
    return f"This record opens on {asked.says.replace(day, f'{day} ({why})', 1) if why else asked.says}"


def _timeline(asked: PublicPage) -> list[dict[str, Any]]:
    """Days worth looking at, each a link to the same page on that day; as known then, none after the day shown."""
    known_on = london_day(asked.view.known_by)
    last = {"now": date.max, "then": min(asked.day, known_on)}.get(asked.known, known_on)
    rest = [("known", asked.known if asked.known in ("then", "now") else "now")]
    rest += [("witnessed", "on")] if asked.view.witnessed else []
    return [
        {
            "href": "?" + urlencode([("as_at", day.isoformat()), *rest]),
            "day": in_words(day.isoformat()),
            "text": text,
            "current": asked.day == day,
        }
        for day, text in asked.profile.days
        if day <= last
    ]


def _years(asked: PublicPage, among: Statements) -> str:
    """The years that statements are about; what was looked for and not found is about none."""
    since = asked.profile.drawn_from or date.min
    years = {each.first_day.year for each in among if each.kind != "not found" and each.first_day >= since}
    if not years:
        return ""
    return str(min(years)) if len(years) == 1 else f"{min(years)} to {max(years)}"


def _record_json(asked: PublicPage, among: Statements) -> dict[str, Any]:
    """The statements that speak of the day, and each part as its page shows it, but for the drawings."""
    speaking = [each for each in among if each.speaks_of(asked.day)]
    parts = {part.name: _part_answer(part, asked, among) for part in PARTS}
    known_on = london_day(asked.view.known_by)
    parts["cards"] = [vars(card) for card in cards(among, asked.day, known_on)]
    return {**answers.listed(asked, speaking, among), "parts": parts}


def _undrawn(shown_part: Any) -> Any:
    if isinstance(shown_part, dict):
        kept = {name: cell for name, cell in shown_part.items() if not isinstance(cell, SafeString)}
        return {name: _undrawn(cell) for name, cell in kept.items()}
    return [_undrawn(cell) for cell in shown_part] if isinstance(shown_part, list | tuple) else shown_part


@login_not_required
@require_safe
def part(request: HttpRequest, authority: str, page: str) -> HttpResponse:
    """One part of the record on a page of its own, with its chart, its table and its sources."""
    asked, chosen = asked_of(request, authority), _BY_PAGE[page]
    among = asked.statements()
    if render.wants_json(request):
        return answers.json(asked, lambda: {"parts": {chosen.name: _part_answer(chosen, asked, among)}})
    if tables.wants_csv(request) and chosen.rests_on and not asked.refused:
        return statements_csv(asked, chosen.page, chosen.rests_on(asked, among), among)
    more = {
        "as_csv": bool(chosen.rests_on),
        chosen.name: chosen.make(asked, among),
        "title": chosen.title,
        "template": f"public_record/parts/{chosen.name}.html",
        "day": in_words(asked.day.isoformat()),
    }
    return render.html(request, asked, "public_record/part.html", page, more)


def _part_answer(chosen: Part, asked: PublicPage, among: Statements) -> Any:
    """A part as its page shows it, but for the drawings; of the integrity check what it found."""
    if chosen.name == "head":
        return keeping.kept().verified.as_json()
    return _undrawn(chosen.make(asked, among))
