"""Findings raised again: candidates ranked by similarity, and the links that people confirmed or refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from lineofsight.oversight import returning as rules
from lineofsight.oversight.similarity import Passage as PassageOf
from lineofsight.oversight.similarity import Similarity
from lineofsight.queries.inspections import Authority, InspectionHead, authorities, head, known, passages
from lineofsight.queries.record import Record, View, cached_by_state, day_of_ordinal, rows_known
from lineofsight.record.tables.inspections import RETURNED
from lineofsight.vocabulary.authorities import authorities as every_authority
from lineofsight.vocabulary.authorities import line_of
from lineofsight.vocabulary.theme_rates import COUNTED, rates_of

METHOD = "words weighed by rarity, and themes; a score ranks for a person and asserts nothing"


@dataclass(frozen=True)
class Returning:
    """What an authority's line raised again: candidates to look at, and the chains that people confirmed."""

    offered: list[rules.Offered]
    chains: list[rules.Chain]
    passages: list[PassageOf]


@dataclass(frozen=True)
class Verdict:
    """What a person decided about a pair of findings."""

    later: str
    earlier: str
    verdict: str
    why: str
    said_by: str
    said_on: date | None


@dataclass(frozen=True)
class Passage:
    """Something found wanting: where it stands, its day and its words."""

    reference: str
    authority: str
    where: str
    on: date | None
    says: str
    page: int | None


@dataclass(frozen=True)
class Candidate(Passage):
    """An earlier finding offered for a later one, with its similarity."""

    score: float
    verdict: Verdict | None


@dataclass(frozen=True)
class Offered:
    """A later finding with its candidates; `also` gives the same words on the same day elsewhere."""

    later: Passage
    also: list[Passage]
    earlier: list[Candidate]


@dataclass(frozen=True)
class Rate:
    """How many of a hundred reports anywhere name a theme."""

    counted_as: str
    per_hundred: float | int


@dataclass(frozen=True)
class National:
    """How often inspectors name these themes anywhere, and in which count."""

    rates: list[Rate]
    counted_in: str


@dataclass(frozen=True)
class Chain:
    """One failing through the years, as people linked it."""

    times: int
    first_on: date | None
    last_on: date | None
    findings: list[Passage]
    national: National
    links: list[Verdict]


@dataclass(frozen=True)
class Recurrences(InspectionHead):
    """Candidates with their similarity, and the chains that people confirmed, over an authority's line."""

    line: list[Authority]
    method: str
    candidates: list[Offered]
    chains: list[Chain]


def verdicts(record: Record, view: View) -> list[rules.Verdict]:
    """What people decided about pairs of this authority's findings."""
    return [
        rules.Verdict(
            row["later"], row["earlier"], row["verdict"], row["why"], row["said_by"], row["said_on"]
        )
        for row in rows_known(record, RETURNED.name, view.moment, witnessed=view.witnessed)
    ]


def line_passages(record: Record, view: View) -> list[PassageOf]:
    """What was found wanting in an authority and in those it took over from."""
    line = (record.of(code) for code in line_of(record.authority))
    return [passage for each in line for passage in passages(each, view)]


def returns(record: Record, view: View, now: datetime) -> Returning:
    """Candidates and chains over an authority's findings and those of the authorities it followed.

    `now`: similarity is weighed over every finding known by now, whatever the view.
    """
    found = line_passages(record, view)
    line = [record.of(code) for code in line_of(record.authority)]
    decided = [verdict for each in line for verdict in verdicts(each, view)]
    own = [
        offered
        for offered in rules.offered(found, decided, _similarity(record, tuple(found), View(None, now)))
        if record.authority in {passage.authority for passage in (offered.later, *offered.also)}
    ]
    return Returning(own, rules.chains(found, decided), found)


def _similarity(record: Record, found: tuple[PassageOf, ...], now: View) -> Similarity:
    """Rarity is weighed over the findings of every authority held, so that stock phrases weigh little."""
    others = (each for code in authorities(record) for each in known(record.of(code), now))
    every = (passage for each in others for passage in each.passages())
    return _weighed(record, tuple({passage.reference: passage for passage in (*every, *found)}.values()))


@cached_by_state(16)
def _weighed(_record: Record, every: tuple[PassageOf, ...]) -> Similarity:
    return Similarity(every)


def recurrences(record: Record, view: View, now: datetime) -> Recurrences:
    """The answer of `recurrences --json`."""
    found = returns(record, view, now)
    names = every_authority()
    return Recurrences(
        **vars(head(record, view)),
        line=[
            Authority(code, names[code].name if code in names else code) for code in line_of(record.authority)
        ],
        method=METHOD,
        candidates=[_offered(each) for each in found.offered],
        chains=[_chain(each) for each in found.chains],
    )


def _passage(each: PassageOf) -> Passage:
    return Passage(each.reference, each.authority, each.where, day_of_ordinal(each.on), each.says, each.page)


def _offered(each: rules.Offered) -> Offered:
    candidates = [
        Candidate(
            **vars(_passage(candidate.earlier)),
            score=round(candidate.score, 4),
            verdict=_verdict(candidate.verdict) if candidate.verdict else None,
        )
        for candidate in each.candidates
    ]
    return Offered(_passage(each.later), [_passage(also) for also in each.also], candidates)


def _verdict(each: rules.Verdict) -> Verdict:
    return Verdict(
        each.later, each.earlier, each.verdict, each.why, each.said_by, day_of_ordinal(each.said_on)
    )


def _chain(each: rules.Chain) -> Chain:
    first, last = each.years
    rates = [Rate(rate.counted_as, rate.share) for rate in rates_of(each.themes)]
    return Chain(
        times=each.times,
        first_on=day_of_ordinal(first),
        last_on=day_of_ordinal(last),
        findings=[_passage(passage) for passage in each.passages],
        national=National(rates, COUNTED),
        links=[_verdict(link) for link in each.links],
    )
