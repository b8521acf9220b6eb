"""The documents whose numbered statements are in the record: each sentence, our finding on it, and why."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from lineofsight.oversight.statements import Statement, Statements
from lineofsight.service.pages import render
from lineofsight.service.pages.public_record import answers
from lineofsight.service.pages.public_record.asked import PublicPage, asked_of
from lineofsight.service.pages.public_record.presenters import address, shown
from lineofsight.vocabulary.codes import code_set
from lineofsight.vocabulary.days import in_words

_SHOWN_BY = ("breaks", "keeps", "became_of", "corrects", "answers")
"""The links that show what became of a sentence, the plainest first."""
_MOST_SHOWN = 2
_OF_PROMISES = ("kept", "broken")


@login_not_required
@require_safe
def documents(request: HttpRequest, authority: str) -> HttpResponse:
    """Every document, sentence by sentence; the documents of the authority's profile come first."""
    asked = asked_of(request, authority)
    among = asked.statements()
    numbered = in_order(asked, among)
    if render.wants_json(request):
        return answers.json(asked, lambda: answers.listed(asked, numbered, among))
    names = list(dict.fromkeys(str(statement.document) for statement in numbered))
    parts = [_document(asked, name, [s for s in numbered if s.document == name], among) for name in names]
    more = {"documents": parts, "count": len(numbered), "words": list(code_set("our_finding").values())}
    return render.html(request, asked, "public_record/documents.html", "documents", more)


def in_order(asked: PublicPage, among: Statements) -> list[Statement]:
    """The numbered statements of every document, in the order of the documents and their numbers."""
    first = {name: at for at, name in enumerate(asked.profile.documents)}
    return sorted(
        (statement for statement in among if statement.document and statement.item),
        key=lambda s: (first.get(str(s.document), len(first)), str(s.document), _number(s)),
    )


def _number(statement: Statement) -> int:
    """The number in a statement's item: 13 of `L13`."""
    return int("".join(character for character in statement.item or "" if character.isdigit()) or 0)


def _document(asked: PublicPage, name: str, said: list[Statement], among: Statements) -> dict[str, Any]:
    """A document with its head: who wrote it, when, where it is, and how many of each finding."""
    head = shown(asked, said[0], among, links=False)
    counts = Counter(finding_words(statement) for statement in said if statement.our_finding)
    order = {word: at for at, word in enumerate(code_set("our_finding"))}
    return {
        "name": name,
        "slug": slugify(name),
        "title": said[0].source_title,
        "publisher": said[0].source_publisher,
        "said_by": said[0].said_by,
        "day": in_words(said[0].said_on),
        "known_from": in_words(said[0].known_from or ""),
        "known_because": said[0].known_because,
        "href": head["source_href"],
        "findings": [
            {"word": words[0], "of": words[1], "count": counts[words]}
            for words in sorted(counts, key=lambda words: (order[words[0]], words[1]))
        ],
        "rows": [_row(asked, statement, among) for statement in said],
    }


def finding_words(statement: Statement) -> tuple[str, str]:
    """Our finding, and of what it is where an author only reports a promise: whoever reports it did not break it."""
    finding = statement.our_finding or ""
    reported = finding in _OF_PROMISES and statement.kind != "undertaking"
    return finding, "a promise it reports" if reported else ""


def _row(asked: PublicPage, statement: Statement, among: Statements) -> dict[str, Any]:
    """One sentence with our finding, its reason, and the statements that show it."""
    return {
        **shown(asked, statement, among, links=False),
        "finding": statement.our_finding,
        "finding_of": finding_words(statement)[1],
        "reason": statement.note,
        "noted_on": in_words(statement.noted_on or ""),
        "see": [
            {"text": other.title, "said_by": other.said_by, "href": address(asked, other)}
            for other in _shown_by(statement, among)[:_MOST_SHOWN]
        ],
        "more": max(0, len(_shown_by(statement, among)) - _MOST_SHOWN),
    }


def _shown_by(statement: Statement, among: Statements) -> list[Statement]:
    """What bears the finding out: what contradicts it, what became of it, what counts differently, and background."""
    found = [
        *among.contradictions(statement),
        *(other for relation in _SHOWN_BY for other in among.of(statement, relation)),
        *among.of(statement, "counts_differently"),
        *among.to(statement, "counts_differently"),
        *among.of(statement, "bears_on"),
        *among.to(statement, "bears_on"),
    ]
    return list({other.reference: other for other in found}.values())
