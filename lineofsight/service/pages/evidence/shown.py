"""Statements as the pages of a pack show them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from lineofsight.oversight.statements import INVERSES, MEMBER_QUESTION, Statement
from lineofsight.oversight.wording import about_words, value_words
from lineofsight.queries.evidence import Entry, Evidence
from lineofsight.queries.followed import Followed, Linked
from lineofsight.record.tables.statement import RELATIONS
from lineofsight.service.pages.evidence.naming import page_name, version_name
from lineofsight.service.pages.public_record.presenters import INVERSE_WORDS, RELATION_WORDS
from lineofsight.vocabulary.codes import code_set
from lineofsight.vocabulary.days import in_words, read_period

Shown = dict[str, Any]
WORDS = {
    **RELATION_WORDS,
    **{INVERSES[name]: words for name, words in INVERSE_WORDS.items() if name in INVERSES},
}
_MOST_LINKS = 20


@dataclass(frozen=True)
class Shows:
    """Makes what the pages show. `root` leads from a page to the folder of the pack."""

    found: Evidence
    root: str = ""

    def statement(self, each: Statement) -> Shown:
        """One statement in brief, with its source."""
        dated = f", {in_words(each.source_date)}" if each.source_date else ""
        return {
            "cells": each,
            "version": version_name(each),
            "title": each.title,
            "href": self._href(each),
            "said_on": in_words(each.said_on),
            "public_on": in_words(self.found.known.first_public_on(each).isoformat()),
            "is_exact": _is_exact(each),
            "confidence": code_set("confidence")[each.confidence].says,
            "about": about_words(each),
            "value": value_words(each),
            "counter": each.counter or each.said_by,
            "source": f"{each.source_publisher}: {each.source_title}{dated}",
            "source_href": each.source_address if _is_web(each.source_address) else "",
        }

    def entry(self, each: Entry) -> Shown:
        """What became public on a day, and what it said of earlier statements."""
        return {
            **self.statement(each.statement),
            "links": [self.link(linked) for linked in each.links],
            "replaced": self.statement(each.replaced) if each.replaced else None,
        }

    def followed(self, each: Followed) -> Shown:
        """A claim, promise or request with its outcomes."""
        return {
            **self.statement(each.statement),
            "standing_then": each.standing_then,
            "standing": each.standing,
            "outcomes": [self.link(linked) for linked in each.outcomes],
        }

    def link(self, each: Linked) -> Shown:
        """A statement as another that is linked with it names it."""
        return {
            **self.statement(each.statement),
            "words": _words(each),
            "public_on": in_words(each.public_on.isoformat()),
            "is_later": each.public_on > self.found.query.last,
        }

    def groups(self, each: Statement) -> list[Shown]:
        """Everything known by the pack's moment that a statement links to or that links to it."""
        among = self.found.known.statements
        groups = [(WORDS[name], among.to(each, name)) for name in RELATIONS]
        groups += [(WORDS[INVERSES[name]], among.of(each, name)) for name in RELATIONS]
        return [self._group(words, several) for words, several in groups if several]

    def _group(self, words: str, several: Iterable[Statement]) -> Shown:
        ordered = sorted(
            several, key=lambda each: (not self._is_in_pack(each), each.attested_at, each.reference)
        )
        first = [self.statement(each) for each in ordered[:_MOST_LINKS]]
        return {"words": words, "statements": first, "more": len(ordered) - len(first)}

    def _is_in_pack(self, each: Statement) -> bool:
        return each.reference in self.found.by_reference

    def _href(self, each: Statement) -> str:
        return f"{self.root}{page_name(each.reference)}" if self._is_in_pack(each) else ""


def _words(each: Linked) -> str:
    """How a statement is linked; of a member's question, which step it is."""
    if each.statement.kind == "not found":
        return "Looked for and not found"
    if each.statement.subject_kind == MEMBER_QUESTION and each.statement.step:
        return each.statement.step.capitalize()
    return WORDS[each.relation]


def _is_exact(each: Statement) -> bool:
    """Whether a source gives the exact day on which a statement was said or published, or somebody says what shows it."""
    days = [read_period(text) for text in (each.said_on, each.source_date) if text]
    return bool(each.known_because) or any(day is not None and day.is_one_day for day in days)


def _is_web(address: str | None) -> bool:
    """Whether a source's address may become a link: only the web's own two schemes, never one of a script."""
    return (address or "").lower().startswith(("http://", "https://"))
