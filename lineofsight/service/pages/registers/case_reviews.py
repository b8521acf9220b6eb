"""Reviews: first what became of each in one line, then its steps, recommendations and time limits."""

from __future__ import annotations

from typing import Any

from lineofsight.oversight.reviews import PANEL
from lineofsight.service.pages.public_record.asked import PublicPage
from lineofsight.vocabulary.days import in_words

Shown = dict[str, Any]

_COLOURS = {
    "published": "green",
    "redacted": "green",
    "learning only": "yellow",
    "withheld with reasons": "orange",
    "withheld, Panel not shown": "red",
    "withheld, sent to the Panel": "orange",
}
_OUTCOMES = {"redacted": "Published in part", "learning only": "Learning published only"}


def reviews_context(_: PublicPage, found: Shown) -> Shown:
    """Every review, by code."""
    return {"reviews": [_review(each) for each in found["reviews"]]}


def _review(review: Shown) -> Shown:
    return {
        **review,
        "colour": _COLOURS.get(review["publication"], "grey"),
        "outcome": _outcome(review["publication"]),
        "decided": _decided(review),
        "panel_had_it": PANEL[review["panel"]["step"]].capitalize() if review["panel"] else "",
        "steps": [{**step, "day": in_words(step["about_from"])} for step in review["steps"]],
        "recommendations": [
            {**each, "due_words": in_words(each["due"]) if each["due"] else ""}
            for each in review["recommendations"]
        ],
        "clocks": [
            {
                **clock,
                "due": in_words(clock["due"]) if clock["due"] else "",
                "sure": clock["confidence"] == "read",
            }
            for clock in review["clocks"]
        ],
    }


def _outcome(publication: str) -> str:
    if publication.startswith("withheld"):
        return "Withheld"
    return _OUTCOMES.get(publication, publication.capitalize())


def _decided(review: Shown) -> Shown | None:
    """The statement of the decision about publishing; without one, of the publication itself."""
    published = [
        step for step in review["steps"] if step["to"].startswith(("published", "learning published"))
    ]
    told = review["decision"] or (published[-1] if published else None)
    if told is None:
        return None
    return {**told, "day": in_words(told["about_from"]), "only_published": review["decision"] is None}
