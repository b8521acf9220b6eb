"""Posts, reviews, directions and duties on any day, each with the statements it grew out of beside it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from lineofsight.charts import Lane, Span, spans
from lineofsight.oversight.leadership import holding
from lineofsight.queries import decisions as decided
from lineofsight.queries import registers as read
from lineofsight.queries.as_json import to_json
from lineofsight.queries.record import Record, View
from lineofsight.queries.registers import RegisterHead
from lineofsight.service.access.roles import Permission
from lineofsight.service.access.viewer import authorities_of
from lineofsight.service.pages import render
from lineofsight.service.pages.drawings import drawn
from lineofsight.service.pages.public_record.asked import PublicPage, asked_of
from lineofsight.service.pages.public_record.posts import for_one_person, posts_drawing
from lineofsight.service.pages.registers.as_csv import register_csv
from lineofsight.vocabulary.days import in_words

Answer = Callable[[Record, View], RegisterHead]

_COLOURS = {
    "in force": "green",
    "replaced": "grey",
    "lifted": "grey",
    "expired": "grey",
    "no end was found": "yellow",
    "open": "yellow",
    "overdue": "red",
    "met": "green",
    "not met": "red",
    "dropped": "grey",
    "published": "green",
    "redacted": "green",
    "learning only": "yellow",
    "withheld with reasons": "orange",
    "withheld, Panel not shown": "red",
    "withheld, sent to the Panel": "orange",
}


@login_not_required
@require_safe
def registers(request: HttpRequest, authority: str) -> HttpResponse:
    """What stands in each register on the day, with how many."""
    asked = asked_of(request, authority)
    answer = _counts(asked)
    if render.wants_json(request):
        return render.json(asked, lambda: answer)
    more = _with_a_role(asked) if authority in authorities_of(request.user, Permission.OVERSIGHT) else []
    cards = [*_cards(asked, answer), *more]
    return render.html(request, asked, "registers/registers.html", "registers", {"registers": cards})


def _with_a_role(asked: PublicPage) -> list[dict[str, str]]:
    """The registers of those who hold a role in this authority."""
    parts = (
        (
            "obligations",
            "Promises",
            "Everything anybody promised, its status, and whether it was promised before.",
        ),
        (
            "questions",
            "Questions and readiness checks",
            "What was asked, who has to answer, and what happened; steps that wait for answers.",
        ),
        ("improvement", "Improvement", "Actions and whether they lasted; areas of practice without a plan."),
    )
    return [
        {"href": f"{reverse(name, args=[asked.authority])}?{asked.query}", "text": text, "says": says}
        for name, text, says in parts
    ]


def _counts(asked: PublicPage) -> dict[str, Any]:
    record, view = asked.record, asked.view
    posts, reviews = read.tenures(record, view), read.reviews(record, view).reviews
    instruments, decisions = read.directions(record, view).instruments, decided.decisions(record, view)
    held = (any(tenure.holder for tenure in holding(several, view.as_at)) for several in posts.values())
    return {
        **to_json(read.head(record, view)),
        "posts": len(posts),
        "posts_held": sum(held),
        "reviews": len(reviews),
        "reviews_withheld": sum(review.publication.startswith("withheld") for review in reviews),
        "instruments": len(instruments),
        "instruments_in_force": sum(instrument.in_force for instrument in instruments),
        "functions": len(read.duties(record, view).functions),
        "decisions": len(decisions.decisions),
        "contracts": len(decisions.contracts),
    }


def _cards(asked: PublicPage, found: dict[str, Any]) -> list[dict[str, str]]:
    parts = (
        (
            "posts",
            "People in charge",
            f"{found['posts']:,} posts; {found['posts_held']:,} have a named holder on this day. What was unresolved when each holder started.",
        ),
        (
            "reviews",
            "Reviews",
            f"{found['reviews']:,} reviews, by code; {found['reviews_withheld']:,} withheld. Decisions about publishing, and time limits.",
        ),
        (
            "directions",
            "Government orders",
            f"{found['instruments']:,} directions and notices; {found['instruments_in_force']:,} in force on this day. What each requires, and conflicts.",
        ),
        (
            "decisions",
            "Decisions",
            f"{found['decisions']:,} decisions and {found['contracts']:,} contracts: reasons, who disagreed, and what was not found.",
        ),
        (
            "duties",
            "Who is responsible",
            f"{found['functions']:,} services: who is liable, who commissions and who runs each.",
        ),
    )
    return [
        {"href": asked.link(f"registers/{name}"), "text": text, "says": says} for name, text, says in parts
    ]


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
    if render.wants_csv(request):
        return register_csv(asked, name, found_now)
    context = {**found_now, **more(asked, found_now), "back": asked.link("registers"), "as_csv": True}
    return render.html(request, asked, f"registers/{name}.html", f"registers/{name}", context)


@login_not_required
@require_safe
def posts(request: HttpRequest, authority: str) -> HttpResponse:
    """Who held each post, drawn through the years; for each who came, what was open that day."""
    return _page(
        request,
        authority,
        "posts",
        read.posts,
        lambda asked, found: {
            "posts": [_post(post) for post in found["posts"]],
            "drawing": posts_drawing(asked, read.tenures(asked.record, asked.view), key="posts"),
        },
    )


def _post(post: dict[str, Any]) -> dict[str, Any]:
    return {
        **post,
        "held": [_held(one) for one in post["on_the_day"]],
        "disputed": len(post["on_the_day"]) > 1 and for_one_person(post["post"]),
        "rows": [_held(one) for one in post["tenures"]],
        "inherited": [
            {
                **start,
                "day": start["on_words"],
                "who": _who(start["holder"]),
                "after_whom": _who(start["after"]),
            }
            for start in reversed(post["inherited"])
        ],
    }


def _who(holder: str | None) -> str:
    """A holder by name, or that the post was vacant or the source gives no name."""
    if not holder:
        return "a vacancy"
    return "a holder who is not named" if holder == "not named" else holder


def _held(tenure: dict[str, Any]) -> dict[str, Any]:
    return {
        **tenure,
        "who": _who(tenure["holder"]),
        "begun": tenure["from_words"],
        "ended": tenure["until_words"],
    }


@login_not_required
@require_safe
def reviews(request: HttpRequest, authority: str) -> HttpResponse:
    """Each review by its code: where it stands, what was decided about publishing, its clocks."""
    return _page(
        request,
        authority,
        "reviews",
        read.reviews,
        lambda _, found: {
            "reviews": [
                {
                    **one,
                    "colour": _COLOURS.get(one["publication"], "grey"),
                    "steps": [{**step, "day": in_words(step["about_from"])} for step in one["steps"]],
                    "recommendations": [
                        {**each, "due_words": _said_day(each["due"])} for each in one["recommendations"]
                    ],
                    "clocks": [
                        {
                            **clock,
                            "due": in_words(clock["due"]) if clock["due"] else "",
                            "sure": clock["confidence"] == "read",
                        }
                        for clock in one["clocks"]
                    ],
                }
                for one in found["reviews"]
            ],
        },
    )


@login_not_required
@require_safe
def directions(request: HttpRequest, authority: str) -> HttpResponse:
    """Each instrument, the latest first: who issued it, where it stands, what it requires, what it conflicts with."""
    return _page(
        request,
        authority,
        "directions",
        read.directions,
        lambda _, found: {
            "instruments": [
                {
                    **one,
                    "colour": _COLOURS[one["standing"]],
                    "issued": next(
                        (
                            in_words(told["about_from"])
                            for told in one["statements"]
                            if told["step"] == "issued"
                        ),
                        "",
                    ),
                    "ended": in_words(one["ended_on"]) if one["ended_on"] else "",
                    "requirements": [
                        {
                            **each,
                            "colour": _COLOURS[each["standing"]],
                            "due_words": in_words(each["due"]) if each["due"] else "no date stated",
                        }
                        for each in one["requirements"]
                    ],
                }
                for one in reversed(found["instruments"])
            ],
        },
    )


@login_not_required
@require_safe
def duties(request: HttpRequest, authority: str) -> HttpResponse:
    """For each function, who is liable, who commissions and who operates on the day, and how that came."""
    return _page(
        request,
        authority,
        "duties",
        read.duties,
        lambda asked, found: {
            "functions": [
                {
                    **one,
                    "parts": [{"part": part, "bodies": bodies} for part, bodies in one["on_the_day"].items()],
                    "rows": [
                        {
                            **held,
                            "begun": in_words(held["from"]),
                            "ended": in_words(held["until"]) if held["until"] else "",
                        }
                        for held in one["holds"]
                    ],
                    "drawing": _duty_drawn(asked, one["holds"]),
                }
                for one in found["functions"]
            ],
        },
    )


def _duty_drawn(asked: PublicPage, holds: list[dict[str, Any]]) -> SafeString:
    lanes = []
    for held in holds:
        until = date.fromisoformat(held["until"]) if held["until"] else None
        lanes.append(
            Lane(
                f"{held['part'].capitalize()}: {held['body']}",
                (Span(date.fromisoformat(held["from"]), until, held["body"]),),
            )
        )
    begin = min(date.fromisoformat(held["from"]) for held in holds)
    return drawn(
        lambda width: spans(
            lanes,
            title="Who was responsible, and when",
            description="One row for each body and responsibility.",
            day=asked.day,
            begin=begin,
            end=max(asked.day, date(begin.year + 1, 1, 1)),
            width=width,
            key="duties",
            tones={"holder": "Responsible"},
        )
    )


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
