"""Findings raised again: candidates ranked by similarity, and the links that people confirmed or refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lineofsight.oversight import returning as rules
from lineofsight.oversight.similarity import Passage as PassageOf
from lineofsight.queries.inspections import Authority, InspectionHead, head, passages
from lineofsight.queries.record import Record, View, cached_by_state, day_of_ordinal, rows_known
from lineofsight.record.tables.inspections import RETURNED
from lineofsight.vocabulary.authorities import authorities as every_authority
from lineofsight.vocabulary.authorities import line_of
from lineofsight.vocabulary.theme_rates import COUNTED, rates_of

METHOD = "words and subjects weighed by rarity; a score ranks for a person and asserts nothing"


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
    """What people decided about pairs of this authority's findings: of each pair, the latest decision."""
    moment = min(view.moment, record.newest_moment(RETURNED.name))
    return list(_verdicts(record, moment, view.witnessed))


@cached_by_state(64)
def _verdicts(record: Record, moment: int, witnessed: bool) -> tuple[rules.Verdict, ...]:
    rows = rows_known(record, RETURNED.name, moment, witnessed=witnessed)
    cells = ("later", "earlier", "verdict", "why", "said_by", "said_on")
    every = (rules.Verdict(*(row[cell] for cell in cells)) for row in rows)
    return tuple({(each.later, each.earlier): each for each in every}.values())


def line_passages(record: Record, view: View) -> list[PassageOf]:
    """What was found wanting in an authority and in those it took over from."""
    line = (record.of(code) for code in line_of(record.authority))
    return [passage for each in line for passage in passages(each, view)]


def returns(record: Record, view: View) -> Returning:
    """Candidates and chains over an authority's findings and those of the authorities it followed."""
    found = line_passages(record, view)
    own = [
        offered
        for offered in _all_offered(record, tuple(found), tuple(_decided(record, view)))
        if record.authority in {passage.authority for passage in (offered.later, *offered.also)}
    ]
    return Returning(own, chains(record, view), found)


def chains(record: Record, view: View) -> list[rules.Chain]:
    """The chains that people confirmed over an authority's line. Nothing is compared where nobody confirmed a pair."""
    decided = _decided(record, view)
    if not any(verdict.verdict == rules.CONFIRMED for verdict in decided):
        return []
    return rules.chains(line_passages(record, view), decided)


def _decided(record: Record, view: View) -> list[rules.Verdict]:
    line = (record.of(code) for code in line_of(record.authority))
    return [verdict for each in line for verdict in verdicts(each, view)]


@cached_by_state(16)
def _all_offered(
    _record: Record, found: tuple[PassageOf, ...], decided: tuple[rules.Verdict, ...]
) -> tuple[rules.Offered, ...]:
    return tuple(rules.offered(found, decided))


def recurrences(record: Record, view: View) -> Recurrences:
    """The answer of `recurrences --json`."""
    found = returns(record, view)
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
