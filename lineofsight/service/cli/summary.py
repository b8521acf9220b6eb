"""The gist of an authority's public record, for a terminal."""

from __future__ import annotations

from datetime import date

from lineofsight.oversight import leadership, promises, series
from lineofsight.oversight.statements import Statements
from lineofsight.service.access import statements as read
from lineofsight.service.access.view import View
from lineofsight.service.store import chain
from lineofsight.vocabulary.days import in_words

_DIRECTOR = "director of children's services"


def gist(authority: str) -> str:
    """What the record says in a dozen lines."""
    now = chain.now()
    among = read.statements(authority, View(None, now, public=True))
    if not len(among):
        return "No public statement is held yet."
    return "\n".join(
        [
            _opening(authority, among),
            "",
            *_counts(among),
            "",
            *_people(among),
            *_promises(among, now.date()),
            _head(),
        ]
    )


def _opening(authority: str, among: Statements) -> str:
    conflicts = {frozenset((a.reference, b.reference)) for a in among for b in among.contradictions(a)}
    sources = len({(one.source_publisher, one.source_title) for one in among})
    return (
        f"The public record of authority {authority}: {len(among)} statements from {sources} sources, "
        f"{len(conflicts)} pairs that contradict each other."
    )


def _counts(among: Statements) -> list[str]:
    found = [
        c
        for c in series.figures(among, series.UNALLOCATED)
        if c.statement.begun_on >= date(2018, 1, 1).toordinal()
    ]
    lines = [
        f"  {in_words(c.statement.about_from or c.statement.said_on):>16}  {c.number:>4.0f}  "
        f"{c.statement.counter or c.statement.said_by}"
        for c in found
    ]
    return [
        "Children without a social worker, by whom counted (definitions differ or are unstated: not comparable):",
        *lines,
    ]


def _people(among: Statements) -> list[str]:
    tenures = leadership.posts(among).get(_DIRECTOR, [])
    named = leadership.named_and_gone(tenures, date(2012, 10, 1), date(2019, 10, 31))
    return [
        f"Directors of children's services: seven claimed in seven years, {len(named)} named by a source as having held the post and left."
    ]


def _promises(among: Statements, day: date) -> list[str]:
    found = promises.promises(among, day)
    standings: dict[str, int] = {}
    for promise in found:
        standings[promise.standing] = standings.get(promise.standing, 0) + 1
    told = ", ".join(f"{count} {standing}" for standing, count in standings.items())
    asked = promises.asked(among)
    unanswered = sum(not one.answered for one in asked)
    return [
        f"Promised or directed: {len(found)} ({told}).",
        f"Asked: {len(asked)}, of which {unanswered} without a reply found.",
    ]


def _head() -> str:
    newest = chain.head()
    return f"\nIntegrity check, head of the chain: {newest.hash if newest else 'none'}\nCheck it with: lineofsight verify"
