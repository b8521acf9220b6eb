"""Inspections, their findings and what people said of those that return, as anybody may read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from lineofsight.oversight import returning
from lineofsight.oversight.inspections import Inspection, Judgement, Told, inspections, succession
from lineofsight.oversight.likeness import Likeness, Passage
from lineofsight.oversight.returning import Candidate, Chain, Offered, Verdict
from lineofsight.oversight.statements import Statement
from lineofsight.record import frames
from lineofsight.record.tables.inspections import INSPECTION, JUDGEMENT, RETURNED, WEAKNESS
from lineofsight.service.access import kept_files
from lineofsight.service.access import statements as statements_read
from lineofsight.service.access.view import View, present
from lineofsight.service.store import chain, picture
from lineofsight.vocabulary.authorities import authorities as every_authority
from lineofsight.vocabulary.authorities import line_of
from lineofsight.vocabulary.moments import moment_of, written
from lineofsight.vocabulary.theme_rates import COUNTED, rates_of


def authorities() -> list[str]:
    """The authorities of which any inspection is held."""
    return picture.authorities(INSPECTION.name)


def of(authority: str, view: View) -> list[Inspection]:
    """An authority's inspections known by the view's moment and begun by its day, the earliest first."""
    every = _of(authority, _settled(authority, view), view.witnessed, chain.state())
    return [one for one in every if view.day is None or one.begun_on <= view.day]


def _settled(authority: str, view: View) -> int:
    """The moment, or one that every moment after the newest entry shares: so that "now" is read once."""
    newest = max(chain.last_moment(authority, table.name) for table in (INSPECTION, JUDGEMENT, WEAKNESS))
    return min(view.moment, newest)


@lru_cache(maxsize=64)
def _of(authority: str, moment: int, witnessed: bool, _state: str) -> tuple[Inspection, ...]:
    told = {table.name: _told(authority, table.name, moment, witnessed=witnessed)
            for table in (INSPECTION, JUDGEMENT, WEAKNESS)}  # fmt: skip
    return tuple(inspections(authority, *told.values()))


def _told(authority: str, table: str, moment: int, *, witnessed: bool) -> list[Told]:
    rows = picture.known(authority, table, moment, witnessed=witnessed)
    return [Told(row[frames.SOURCE], row[frames.DELIVERY], row) for row in rows.iter_rows(named=True)]


def verdicts(authority: str, view: View) -> list[Verdict]:
    """What people said of pairs of this authority's findings, the latest of each pair."""
    rows = picture.known(authority, RETURNED.name, view.moment, witnessed=view.witnessed)
    return [
        Verdict(row["later"], row["earlier"], row["verdict"], row["why"], row["said_by"], row["said_on"])
        for row in rows.sort(frames.POSITION).iter_rows(named=True)
    ]  # fmt: skip


@dataclass(frozen=True)
class Returning:
    """What returns in an authority's line: candidates to look at, and the chains that people confirmed."""

    offered: list[Offered]
    chains: list[Chain]
    passages: list[Passage]


def returns(authority: str, view: View) -> Returning:
    """Candidates and chains over an authority's inspections and those of whom it followed."""
    passages = passages_of(authority, view)
    alike = _likeness(tuple(passages), chain.state())
    said = [one for code in line_of(authority) for one in verdicts(code, view)]
    own = [one for one in returning.offered(passages, said, alike) if one.later.authority == authority or any(
        also.authority == authority for also in one.also)]  # fmt: skip
    return Returning(own, returning.chains(passages, said), passages)


def passages_of(authority: str, view: View) -> list[Passage]:
    """Everything found wanting in an authority's line: inspectors' findings, and statements that carry a theme."""
    found = [passage for code in line_of(authority) for one in of(code, view) for passage in one.passages()]
    for code in line_of(authority):
        if code in statements_read.authorities():
            among = statements_read.statements(code, view)
            found += [_passage(one) for one in among if _found_wanting(one, view.day)]
    return found


def _found_wanting(one: Statement, day: date | None) -> bool:
    official = one.kind == "official record" and bool(one.themes)
    return (
        official
        and one.subject_kind in ("inspection", "direction", "review")
        and (day is None or one.first_day <= day)
    )


def _passage(one: Statement) -> Passage:
    return Passage(f"{one.authority}/{one.reference}", one.authority, one.subject, one.begun_on, one.says, None,
                   frozenset(one.themes))  # fmt: skip


@lru_cache(maxsize=16)
def _likeness(passages: tuple[Passage, ...], _state: str) -> Likeness:
    """Rarity is reckoned over the passages of every authority held, so that stock phrases weigh little."""
    now = View(None, present())
    others = [passage for code in authorities() for one in of(code, now) for passage in one.passages()]
    return Likeness({one.reference: one for one in (*others, *passages)}.values())


# -- as JSON ------------------------------------------------------------------------------------


def answer(authority: str, view: View) -> dict[str, Any]:
    """The answer of `inspections --json`."""
    head = {
        "authority": authority,
        **view.as_json(),
        "position": chain.position_known(authority, view.moment, witnessed=view.witnessed),
    }
    before = [{"code": code, "name": name} for code, name in succession(authority)]
    return {**head, "follows": before, "inspections": [as_json(one) for one in of(authority, view)],
            "told_by_statements": _told_by_statements(authority, view)}  # fmt: skip


def as_json(one: Inspection) -> dict[str, Any]:
    """One inspection with its grades and findings, and who tells of them."""
    cells = one.cells
    days = {name: _day(cells.get(name)) for name in ("begun_on", "ended_on", "published_on")}
    plain = (
        "kind",
        "framework",
        "body",
        "days",
        "published_by",
        "lead_inspector",
        "theme",
        "without_overall",
        "pages",
    )
    return {
        "id": one.id, "title": one.title, **days, **{name: cells.get(name) for name in plain}, "report": kept_files.report_hash(one), "unread": one.unread,
        "judgements": [_judgement(judged) for judged in one.judgements],
        "areas_for_improvement": [_weakness(told) for told in one.weaknesses],
        "sources": [_source(told) for told in one.told],
    }  # fmt: skip


def _day(ordinal: int | None) -> str | None:
    return date.fromordinal(ordinal).isoformat() if ordinal else None


def _source(told: Told) -> dict[str, Any]:
    return {"source": told.source, "delivery": chain.delivery_of(told.link),
            "known_from": written(moment_of(told.cells[frames.ATTESTED_FROM]))}  # fmt: skip


def _judgement(one: Judgement) -> dict[str, Any]:
    others = [{"source": told.source, "grade": told.cells["grade"]} for told in one.others]
    return {"area": one.area, "grade": one.grade, "printed": one.told.cells.get("printed"), "page": one.told.cells.get("page"),
            "source": one.told.source, "others": others, "disputed": one.disputed}  # fmt: skip


def _weakness(told: Told) -> dict[str, Any]:
    names = ("number", "label", "within", "section", "due", "says", "refers_to", "national_framework", "page")
    return {**{name: told.cells.get(name) for name in names}, "source": told.source}


def _told_by_statements(authority: str, view: View) -> list[dict[str, Any]]:
    """Inspections of which statements tell, by subject: each with its statements, and a grade where one was said."""
    if authority not in statements_read.authorities():
        return []
    found: dict[str, list[Statement]] = {}
    for one in statements_read.statements(authority, view):
        if one.subject_kind == "inspection" and (view.day is None or one.first_day <= view.day):
            found.setdefault(one.subject, []).append(one)
    return [{"subject": subject, "begun_on": min(one.first_day for one in many).isoformat(),
             "statements": [_brief(one) for one in many]} for subject, many in found.items()]  # fmt: skip


def _brief(one: Statement) -> dict[str, Any]:
    return {"reference": f"{one.authority}/{one.reference}", "address": statements_read.address_of(one), "headline": one.title,
            "value": one.value, "unit": one.unit, "said_by": one.said_by, "said_on": one.said_on, "kind": one.kind}  # fmt: skip


def returns_answer(authority: str, view: View) -> dict[str, Any]:
    """The answer of `recurrences --json`: candidates with their scores, and the chains that people confirmed."""
    found = returns(authority, view)
    head = {
        "authority": authority,
        **view.as_json(),
        "position": chain.position_known(authority, view.moment, witnessed=view.witnessed),
    }
    return {
        **head, "line": [{"code": code, "name": every_authority()[code].name if code in every_authority() else code} for code in line_of(authority)],
        "method": "words weighed by rarity, and themes; a score ranks for a person and asserts nothing",
        "candidates": [_offered_json(one) for one in found.offered],
        "chains": [_chain_json(one) for one in found.chains],
    }  # fmt: skip


def _passage_json(one: Passage) -> dict[str, Any]:
    return {"reference": one.reference, "authority": one.authority, "where": one.where, "on": _day(one.on), "says": one.says,
            "page": one.page}  # fmt: skip


def _offered_json(one: Offered) -> dict[str, Any]:
    return {"later": _passage_json(one.later), "also": [_passage_json(also) for also in one.also],
            "earlier": [_candidate_json(candidate) for candidate in one.candidates]}  # fmt: skip


def _candidate_json(one: Candidate) -> dict[str, Any]:
    return {**_passage_json(one.earlier), "score": round(one.score, 4), "verdict": _verdict_json(one.verdict)}


def _verdict_json(one: Verdict | None) -> dict[str, Any] | None:
    if one is None:
        return None
    return {"later": one.later, "earlier": one.earlier, "verdict": one.verdict, "why": one.why, "said_by": one.said_by,
            "said_on": _day(one.said_on)}  # fmt: skip


def _chain_json(one: Chain) -> dict[str, Any]:
    return {"times": one.times, "first_on": _day(one.years[0]), "last_on": _day(one.years[1]),
            "findings": [_passage_json(passage) for passage in one.passages],
            "national": {"rates": [{"counted_as": rate.counted_as, "per_hundred": rate.share} for rate in rates_of(one.themes)],
                         "counted_in": COUNTED},
            "links": [_verdict_json(link) for link in one.links]}  # fmt: skip
