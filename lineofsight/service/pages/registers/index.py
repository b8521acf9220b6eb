"""The first page of the registers: each with how many it holds, and never a number of what was not loaded."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from lineofsight.oversight.leadership import holding
from lineofsight.queries import decisions as decided
from lineofsight.queries import registers as read
from lineofsight.queries.as_json import to_json
from lineofsight.service.pages.public_record.asked import PublicPage

Card = dict[str, str]


def cards_for_a_role(asked: PublicPage) -> list[Card]:
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


def counts(asked: PublicPage) -> dict[str, Any]:
    """How many posts, reviews, orders, decisions and functions are known on the day."""
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


def register_cards(asked: PublicPage, found: dict[str, Any]) -> list[Card]:
    """Each register with what it holds; one of which nothing was loaded says so."""
    parts = (
        ("posts", "People in charge", _people(found)),
        ("reviews", "Reviews", _reviews(found)),
        ("directions", "Government orders", _orders(found)),
        ("decisions", "Decisions", _decisions(found)),
        ("duties", "Who is responsible", _functions(found)),
    )
    return [
        {"href": asked.link(f"registers/{name}"), "text": text, "says": says} for name, text, says in parts
    ]


def _people(found: dict[str, Any]) -> str:
    if not found["posts"]:
        return "None loaded: no statement about who held a post was available by then."
    held = f"{found['posts_held']:,} of them" if found["posts_held"] else "none of them"
    return f"{_some(found['posts'], 'post')}; {held} with a named holder on this day. What was unresolved when each started."


def _reviews(found: dict[str, Any]) -> str:
    if not found["reviews"]:
        return "None loaded: no statement about a review was available by then."
    withheld = f"{found['reviews_withheld']:,}" if found["reviews_withheld"] else "none known to be"
    return f"{_some(found['reviews'], 'review')}, by code; {withheld} withheld. Who decided, why, and time limits."


def _orders(found: dict[str, Any]) -> str:
    if not found["instruments"]:
        return "None loaded: no direction, notice or order issued by this day was available by then."
    in_force = f"{found['instruments_in_force']:,}" if found["instruments_in_force"] else "none known to be"
    return (
        f"{_some(found['instruments'], 'direction or notice', 'directions and notices')}; {in_force} in force on this"
        " day. What each requires, and what met it."
    )


def _decisions(found: dict[str, Any]) -> str:
    if not found["decisions"] and not found["contracts"]:
        return "None loaded: no statement about a decision or a contract was available by then."
    several = (("decision", found["decisions"]), ("contract", found["contracts"]))
    told = [_some(count, name) if count else f"no {name} loaded" for name, count in several]
    return f"{' and '.join(told)}: reasons, who disagreed, and what was not found."


def _functions(found: dict[str, Any]) -> str:
    if not found["functions"]:
        return "None loaded: no statement about who is responsible for a service was available by then."
    return (
        f"{_some(found['functions'], 'service')}: who is liable for each, who commissions it and who runs it."
    )


def _some(count: int, name: str, several: str = "") -> str:
    """A number that was counted, with its noun."""
    return f"{count:,} {name if count == 1 else several or f'{name}s'}"
