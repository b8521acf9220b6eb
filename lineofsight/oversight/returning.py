"""Repeated findings: candidates by similarity, pairs that a person confirmed or rejected, and chains of pairs.

A score decides nothing. Inspection findings resemble another authority's nearly as often as their own
authority's earlier findings, because inspectors use stock phrases. So a chain says "raised again here", gives how many
reports anywhere name its themes, and never says "unusual here".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from lineofsight.oversight.similarity import Passage, Similarity, same_words
from lineofsight.vocabulary.subjects import themes_of

CONFIRMED, REFUSED = "confirmed", "refused"
OFFERED = 3
"""The most earlier candidates that are offered for a passage."""
FLOOR = 0.20
"""A pair that scores less is not offered. Of 193 findings that a reader judged, 71 repeat an earlier one; at this floor 93
are offered one, and 56 of them the right one: three in five of what is shown, and four in five of what there is. A floor
of 0.15 would offer 27 more findings, 17 of them nothing right (`lineofsight.vocabulary.similarity_curve`)."""


@dataclass(frozen=True)
class Verdict:
    """A person's verdict on a pair: both references, the verdict, why, who and when (an ordinal)."""

    later: str
    earlier: str
    verdict: str
    why: str
    said_by: str
    said_on: int


@dataclass(frozen=True)
class Candidate:
    """An earlier passage offered for a later passage, with its score and a person's verdict on the pair."""

    earlier: Passage
    score: float
    verdict: Verdict | None = None


@dataclass(frozen=True)
class Offered:
    """A passage with its candidates, best first; `also` holds passages with the same words on the same day."""

    later: Passage
    candidates: tuple[Candidate, ...]
    also: tuple[Passage, ...] = ()


@dataclass(frozen=True)
class Chain:
    """One failing over the years: the passages that people linked, earliest first, and the links."""

    passages: tuple[Passage, ...]
    links: tuple[Verdict, ...] = field(default=())

    @property
    def times(self) -> int:
        """On how many days it was raised. The same words to two councils on one day count once."""
        return len({one.on for one in self.passages})

    @property
    def years(self) -> tuple[int, int]:
        """The first and the last day on which it was raised, ordinals."""
        return self.passages[0].on, self.passages[-1].on

    @property
    def themes(self) -> frozenset[str]:
        """The themes that all its passages share."""
        return frozenset.intersection(*(one.themes | themes_of(one.says) for one in self.passages))


def offered(passages: Sequence[Passage], verdicts: Iterable[Verdict]) -> list[Offered]:
    """For each passage, latest first, the most similar earlier passages that reach the floor.

    Of identical passages on a day only the first counts. A pair that somebody decided is offered whatever it scores.
    """
    groups = sorted(same_words(passages), key=lambda group: group[0].on)
    alike = Similarity(group[0] for group in groups)
    decided: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        decided.setdefault(verdict.later, []).append(verdict)
    found: list[Offered] = []
    for _, of_a_day in groupby(groups, key=lambda group: group[0].on):
        day = list(of_a_day)
        found += [_offered(group, alike, decided.get(group[0].reference, ())) for group in day]
        for group in day:
            alike.add(group[0].reference)
    with_candidates = (one for one in found if one.candidates)
    return sorted(with_candidates, key=lambda one: (-one.later.on, one.later.reference))


def _offered(group: Sequence[Passage], alike: Similarity, decided: Iterable[Verdict]) -> Offered:
    later = group[0]
    scores = dict(alike.best_added(later.reference, FLOOR, OFFERED))
    verdicts: Mapping[str, Verdict] = {
        one.earlier: one
        for one in decided
        if one.earlier in alike.passages and alike.passages[one.earlier].on < later.on
    }
    scores |= {name: alike.score(later.reference, name) for name in verdicts if name not in scores}
    candidates = (
        Candidate(alike.passages[name], score, verdicts.get(name)) for name, score in scores.items()
    )
    return Offered(later, tuple(candidates), tuple(group[1:]))


def chains(passages: Sequence[Passage], verdicts: Iterable[Verdict]) -> list[Chain]:
    """Confirmed pairs joined into chains: raised most often first, then the longest lasting."""
    by_name = {one.reference: one for one in passages}
    links = [v for v in verdicts if v.verdict == CONFIRMED and v.later in by_name and v.earlier in by_name]
    groups = _joined([*((v.later, v.earlier) for v in links), *_alike(passages)])
    made = []
    for group in groups:
        held = tuple(v for v in links if v.later in group)
        if held:
            members = sorted((by_name[name] for name in group), key=lambda one: (one.on, one.reference))
            made.append(Chain(tuple(members), held))
    return sorted(made, key=lambda one: (-one.times, one.years[0] - one.years[1], one.passages[0].reference))


def _alike(passages: Sequence[Passage]) -> list[tuple[str, str]]:
    return [(group[0].reference, other.reference) for group in same_words(passages) for other in group[1:]]


def _joined(pairs: Iterable[tuple[str, str]]) -> list[set[str]]:
    """The groups that pairs form, with each name in one group."""
    groups: list[set[str]] = []
    for one, other in pairs:
        touching = [group for group in groups if one in group or other in group]
        groups = [group for group in groups if group not in touching]
        groups.append({one, other}.union(*touching))
    return groups
