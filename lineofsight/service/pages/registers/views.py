"""Posts, reviews, directions and duties on any day, each with the statements it grew out of beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from lineofsight.queries import decisions as decided
from lineofsight.queries import registers as read
from lineofsight.queries.as_json import to_json
from lineofsight.queries.record import Record, View
from lineofsight.queries.registers import RegisterHead
from lineofsight.service.access.roles import Permission
from lineofsight.service.access.viewer import authorities_of
from lineofsight.service.pages import render, tables
from lineofsight.service.pages.public_record.asked import PublicPage, asked_of
from lineofsight.service.pages.registers.as_csv import register_csv
from lineofsight.service.pages.registers.case_reviews import reviews_context
from lineofsight.service.pages.registers.government_orders import directions_context
from lineofsight.service.pages.registers.index import cards_for_a_role, counts, register_cards
from lineofsight.service.pages.registers.people import posts_context
from lineofsight.service.pages.registers.responsibilities import duties_context
from lineofsight.vocabulary.days import in_words

Answer = Callable[[Record, View], RegisterHead]


@login_not_required
@require_safe
def registers(request: HttpRequest, authority: str) -> HttpResponse:
    """What stands in each register on the day, with how many."""
    asked = asked_of(request, authority)
    answer = counts(asked)
    if render.wants_json(request):
        return render.json(asked, lambda: answer)
    more = cards_for_a_role(asked) if authority in authorities_of(request.user, Permission.OVERSIGHT) else []
    cards = [*register_cards(asked, answer), *more]
    return render.html(request, asked, "registers/registers.html", "registers", {"registers": cards})


def _page(
    request: HttpRequest,
    authority: str,
    name: str,
    answer: Answer,
    more: Callable[[PublicPage, dict[str, Any]], dict[str, Any]],
) -> HttpResponse:
    """One register's page or its JSON."""
    asked = asked_of(request, authority)
    if render.wants_json(request):
        return render.json(asked, lambda: answer(asked.record, asked.view))
    found_now = to_json(answer(asked.record, asked.view))
    if tables.wants_csv(request) and not asked.refused:
        return register_csv(asked, name, found_now)
    context = {
        **found_now,
        **more(asked, found_now),
        "day": in_words(asked.day.isoformat()),
        "back": asked.link("registers"),
        "as_csv": True,
    }
    return render.html(request, asked, f"registers/{name}.html", f"registers/{name}", context)


@login_not_required
@require_safe
def posts(request: HttpRequest, authority: str) -> HttpResponse:
    """Who held each post, one drawing for each body; for each who started, what was open that day."""
    return _page(request, authority, "posts", read.posts, posts_context)


@login_not_required
@require_safe
def reviews(request: HttpRequest, authority: str) -> HttpResponse:
    """What became of each review, by its code: published or withheld, by whom and why; then its details."""
    return _page(request, authority, "reviews", read.reviews, reviews_context)


@login_not_required
@require_safe
def directions(request: HttpRequest, authority: str) -> HttpResponse:
    """The orders open on the day and what nothing has met yet; then each with all it requires."""
    return _page(request, authority, "directions", read.directions, directions_context)


@login_not_required
@require_safe
def duties(request: HttpRequest, authority: str) -> HttpResponse:
    """For each function, who answers for it, commissions it and runs it on the day, and how that came."""
    return _page(request, authority, "duties", read.duties, duties_context)


@login_not_required
@require_safe
def decisions(request: HttpRequest, authority: str) -> HttpResponse:
    """Each decision and contract, with who recorded it, the reasons given, and who spoke for or against."""
    return _page(
        request,
        authority,
        "decisions",
        decided.decisions,
        lambda _, found: {
            "groups": [
                {
                    "name": "Decisions",
                    "rows": [_parted(one) for one in found["decisions"]],
                    "none": "No decision begun by this day has been loaded.",
                },
                {
                    "name": "Contracts, their scope and indicators",
                    "rows": [_parted(one) for one in found["contracts"]],
                    "none": "No contract begun by this day has been loaded.",
                },
            ],
        },
    )


_MISSING = {
    "options": "the options",
    "advice": "advice",
    "dissent": "who disagreed",
    "reasons": "reasons",
    "for and against": "arguments for and against",
}
"""What a decision should have, as a page says that no source gives it."""


def _parted(matter: dict[str, Any]) -> dict[str, Any]:
    """A decision's or a contract's cells in order: those told, and the names of those of which nothing is.

    What a step tells is not recorded a second time beneath it.
    """
    steps = matter["steps"] if "deciders" in matter else {}
    shown = {said["reference"] for many in steps.values() for said in many}
    recorded = [said for said in matter["parts"]["recorded"] if said["reference"] not in shown]
    cells = [*steps.items(), *({**matter["parts"], "recorded": recorded}).items()]
    rows = [{"name": name, "told": told} for name, told in cells if told]
    untold = [_MISSING[name] for name, told in cells if not told and name in _MISSING]
    decided = min((said["said_on"] for said in steps.get("decided", ())), default=None)
    days = [
        {**each, "set": _said_day(each["set_on"]), "revised": [_said_day(day) for day in each["revised_on"]]}
        for each in matter.get("indicators", ())
    ]
    return {**matter, "rows": rows, "untold": untold, "measured": days, "decided": _said_day(decided)}


def _said_day(day: str | None) -> str:
    return in_words(day) if day else ""
