"""Statements as templates show them."""

from __future__ import annotations

from typing import Any

from lineofsight.oversight.reviews import codes_of
from lineofsight.oversight.statements import Statement, Statements
from lineofsight.oversight.wording import about_words, value_words
from lineofsight.queries.statements import address_of
from lineofsight.service.pages.public_record.asked import PublicPage
from lineofsight.vocabulary.days import in_words

RELATION_WORDS = {
    "contradicts": "Contradicts",
    "counts_differently": "Counts the same thing differently",
    "also_says": "Says the same as",
    "answers": "Answers",
    "keeps": "Shows it was kept",
    "breaks": "Shows it was broken",
    "became_of": "Says what happened to",
    "corrects": "Corrects",
    "bears_on": "Is background to",
}
INVERSE_WORDS = {
    "contradicts": "Contradicted by",
    "counts_differently": "Counted differently by",
    "also_says": "The same, from another source",
    "answers": "Answered by",
    "keeps": "Kept, according to",
    "breaks": "Broken, according to",
    "became_of": "What happened",
    "corrects": "Corrected by",
    "bears_on": "Background",
}

Section = dict[str, Any]
"""What a template shows of one part of a page."""


def address(asked: PublicPage, one: Statement) -> str:
    """A statement's own page, in the same view."""
    return f"{address_of(one)}?{asked.query}"


def shown(asked: PublicPage, one: Statement, among: Statements, *, links: bool = True) -> dict[str, Any]:
    """One statement for `components/statement.html`."""
    source = f"{one.source_publisher}: {one.source_title}" + (
        f", {in_words(one.source_date)}" if one.source_date else ""
    )
    return {
        "day": in_words(one.said_on),
        "said_by": one.said_by,
        "kind": one.kind,
        "confidence": one.confidence,
        "headline": one.title,
        "has_headline": bool(one.headline),
        "says": one.says,
        "about": about_words(one),
        "source": source,
        "source_href": one.source_address if _is_address(one.source_address) else "",
        "href": address(asked, one),
        "later": one.said_first > asked.day,
        "value": value_words(one),
        "counter": one.counter or one.said_by,
        "item": one.item,
        "links": _brief_links(asked, one, among) if links else [],
    }


_REGISTERS = {
    "post": ("registers/posts", "People in charge"),
    "direction": ("registers/directions", "Government orders"),
    "review": ("registers/reviews", "Reviews"),
    "function": ("registers/duties", "Who is responsible"),
    "inspection": ("inspections", "Inspections"),
    "member question": ("questions", "Questions"),
    "decision": ("registers/decisions", "Decisions"),
    "contract": ("registers/decisions", "Decisions"),
}


def register_of(asked: PublicPage, one: Statement) -> dict[str, str] | None:
    """The register in which a statement is part of a row; None where it is part of none."""
    found = _REGISTERS["review"] if codes_of(one) else _REGISTERS.get(one.subject_kind)
    return {"href": asked.link(found[0]), "text": found[1]} if found else None


def _is_address(text: str | None) -> bool:
    """Whether a source's address may become a link: only the web's own two schemes, never one of a script."""
    return (text or "").lower().startswith(("http://", "https://"))


def _brief_links(asked: PublicPage, one: Statement, among: Statements) -> list[dict[str, str]]:
    return [_link(asked, "contradicted by", other) for other in among.contradictions(one)[:4]]


def _link(asked: PublicPage, relation: str, other: Statement) -> dict[str, str]:
    text = f"{other.title} ({other.said_by}, {in_words(other.said_on)})"
    return {"relation": relation, "text": text, "href": address(asked, other)}
