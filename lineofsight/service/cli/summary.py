"""The summary of an authority's public record, for a terminal."""

from __future__ import annotations

from datetime import date

from lineofsight.oversight import leadership, promises, series
from lineofsight.oversight.statements import Statements
from lineofsight.queries import statements as read
from lineofsight.queries.record import View
from lineofsight.service.access.profiles import profile_of
from lineofsight.service.access.records import open_record
from lineofsight.service.store import chain, clock
from lineofsight.vocabulary.days import in_words
from lineofsight.vocabulary.profile import AuthorityProfile


def summary_of(authority: str) -> str:
    """What the record says in a dozen lines."""
    now = clock.now()
    among = read.statements(open_record(authority), View(None, now, public=True))
    if not len(among):
        return "No public statement is held yet."
    profile = profile_of(authority)
    return "\n".join(
        [
            _opening(authority, among),
            "",
            *_counts(profile, among),
            "",
            *_claimed(profile, among),
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


def _counts(profile: AuthorityProfile, among: Statements) -> list[str]:
    since = profile.counts_from or date.min
    found = [c for c in series.figures(among, series.UNALLOCATED) if c.statement.first_day >= since]
    lines = [
        f"  {in_words(c.statement.about_from or c.statement.said_on):>16}  {c.number:>4.0f}  "
        f"{c.statement.counter or c.statement.said_by}"
        for c in found
    ]
    return [
        "Children without a social worker, by whom counted (definitions differ or are unstated: not comparable):",
        *lines,
    ]


def _claimed(profile: AuthorityProfile, among: Statements) -> list[str]:
    """How many a document claims held a post, beside those whom sources name; nothing where none claims it."""
    claim = profile.claim
    if claim is None or not among.where(document=claim.document, item=claim.item):
        return []
    named = leadership.named_and_gone(leadership.posts(among).get(claim.post, []), claim.first, claim.last)
    return [
        f"{claim.post.capitalize()}: {claim.document[0].lower()}{claim.document[1:]} claims {claim.claimed} between "
        f"{in_words(claim.first.isoformat()[:7])} and {in_words(claim.last.isoformat()[:7])}; "
        f"sources name {len(named)} who held the post and left."
    ]


def _promises(among: Statements, day: date) -> list[str]:
    found = promises.promises(among, day)
    told = ", ".join(f"{count} {words}" for words, count in promises.counted(found))
    asked = promises.asked(among, day)
    unanswered = sum(not one.answered for one in asked)
    return [
        f"Promised or directed: {len(found)} ({told}).",
        f"Asked: {len(asked)}, of which {unanswered} without a reply found.",
    ]


def _head() -> str:
    newest = chain.head()
    return f"\nIntegrity check, head of the chain: {newest.hash if newest else 'none'}\nCheck it with: lineofsight verify"
