"""Figures about who answers, with everything needed to argue about each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from lineofsight.allocation import states
from lineofsight.allocation.bridge import bridge as bridge_of
from lineofsight.allocation.caseload import TeamLoad, WorkerLoad, by_reason
from lineofsight.allocation.caseload import caseload as caseload_of
from lineofsight.allocation.knowledge import day_of, moment_for
from lineofsight.allocation.on_day import Day, on_day
from lineofsight.allocation.owners import FIRST_DAY
from lineofsight.allocation.register import Unallocated, unallocated
from lineofsight.allocation.seen import allocated_not_seen
from lineofsight.allocation.states import Definition
from lineofsight.allocation.sweep import trend as trend_of
from lineofsight.service.access.knowledge import Held, held, moment_written
from lineofsight.service.access.view import View
from lineofsight.service.store import chain
from lineofsight.vocabulary.moments import microseconds, moment_of
from lineofsight.vocabulary.refusal import Refused

UNALLOCATED = "unallocated"
NOT_SEEN = "allocated-not-seen"
MEASURES = (UNALLOCATED, NOT_SEEN)
"""The measures a figure can be asked of."""

LONGEST_TREND_DAYS = 36_525


@dataclass(frozen=True)
class Asked:
    """Whose figure is asked for and by which definition."""

    authority: str
    definition: Definition = states.OPEN_EPISODES
    witnessed: bool = False

    def held(self) -> Held:
        """What is held of the authority."""
        return held(self.authority, witnessed=self.witnessed)

    @property
    def rests_on(self) -> str:
        """Which moments the answer rests on."""
        return "witnessed" if self.witnessed else "attested"


def latest(asked: Asked) -> int:
    """The authority's latest moment: what is meant where none is asked; refuses where nothing was ever heard."""
    found = asked.held().latest()
    if found is None:
        raise Refused(
            f"Nothing that tells who answers was delivered of authority {asked.authority} yet: describe a source with "
            "`lineofsight source set FILE.toml`, then `lineofsight load` what it delivers."
        )
    return found


def latest_day(authority: str, *, witnessed: bool = False) -> date | None:
    """The day before the latest delivery was heard: the last one of which everything is known; None where none was."""
    found = held(authority, witnessed=witnessed).latest()
    return None if found is None else date.fromordinal(day_of(found) - 1)


def view(asked: Asked, day: date, known_by: int) -> View:
    """The view of a day and moment."""
    return View(day, moment_of(known_by), asked.witnessed)


def day_of_children(asked: Asked, day: date, known_by: int) -> Day:
    """Every child counted on a day, known by a moment: worked out once for each state of the record.

    A moment after the latest hearing knows no more than that hearing, so "now" is one answer and not many.
    """
    newest = asked.held().latest()
    settled = known_by if newest is None else min(known_by, newest)
    return _days(asked, day.toordinal(), settled, chain.state())


@lru_cache(maxsize=24)
def _days(asked: Asked, day: int, settled: int, _state: str) -> Day:
    return on_day(asked.held().knowledge, asked.definition, day, settled)


def _head(asked: Asked, measure: str, moment: int) -> dict[str, Any]:
    return {
        "known_by": moment_written(moment),
        "rests_on": asked.rests_on,
        "position": asked.held().position(moment),
        "definition": asked.definition.as_json(),
    } | ({"measure": measure} if measure else {})


def _figure(asked: Asked, day: Day, known_by: int) -> dict[str, Any]:
    counts, disagreements = day.counts()
    population = sum(counts.values())
    told = population != counts[states.CANNOT_TELL] if population else bool(day.tellers)
    return {
        "measure": UNALLOCATED,
        "authority": asked.authority,
        "as_at": date.fromordinal(day.day).isoformat(),
        **_head(asked, "", known_by),
        "population": population,
        "unallocated": sum(counts[state] for state in states.UNALLOCATED) if told else None,
        "complete": counts[states.CANNOT_TELL] == 0,
        "disagreements": disagreements,
        "states": counts,
        "sources": asked.held().sources(known_by),
    }


def figure(asked: Asked, day: date, known_by: int) -> dict[str, Any]:
    """The unallocated on a day, known by a moment: counts by state, and what they rest on."""
    return _figure(asked, day_of_children(asked, day, known_by), known_by)


def not_seen(asked: Asked, day: date, known_by: int) -> dict[str, Any]:
    """The children allocated whom nobody has seen as they should be; null where no visit is known."""
    one = day_of_children(asked, day, known_by)
    found = allocated_not_seen(one)
    head = {
        name: cell
        for name, cell in _figure(asked, one, known_by).items()
        if name not in ("unallocated", "disagreements")
    }
    reasons = ("not since the worker took over", "not within the weeks allowed")
    whys = [row.why for row in found or ()]
    return {**head, "measure": NOT_SEEN, "allocated_not_seen": None if found is None else len(found),
            "reasons": {why: whys.count(why) for why in reasons},
            "children": [] if found is None else [
                {"child": row.child, "worker": row.worker, "worker_since": _iso(row.since),
                 "last_seen_on": _iso(row.last_seen_on), "why": row.why} for row in found]}  # fmt: skip


def register(asked: Asked, day: date, known_by: int) -> dict[str, Any]:
    """The figure and the children behind it, those waiting longest first."""
    one = day_of_children(asked, day, known_by)
    children = [listed(row) for row in unallocated(one, asked.definition)]
    return {**_figure(asked, one, known_by), "children": children, "disagreeing": _disagreeing(one)}


def _disagreeing(day: Day) -> list[dict[str, Any]]:
    """The children of whom live sources say different things, with what each says (counting rule 13)."""
    return [
        {"child": child, "says": [{"source": source, "state": state} for source, state in said]}
        for child, said in sorted(day.disagreeing().items())
    ]


def listed(row: Unallocated) -> dict[str, Any]:
    """One child as the register gives it."""
    return {"child": row.child, "state": row.state, "reason": row.reason, "team": row.team, "since": _iso(row.since),
            "days": row.days, "episode_begun_on": _iso(row.episode_begun_on), "last_worker": row.last_worker,
            "disagreement": row.differs}  # fmt: skip


def _iso(ordinal: int | None) -> str | None:
    return date.fromordinal(ordinal).isoformat() if ordinal and ordinal > FIRST_DAY else None


def trend(asked: Asked, first: date, last: date, known_by: int | None) -> dict[str, Any]:
    """One row for each day; `known_by` None counts each day as known then."""
    if last < first:
        raise Refused("The trend ends before it begins; give --from a day not after --to.")
    if (last - first).days > LONGEST_TREND_DAYS:
        raise Refused("A trend is of a hundred years at most; give days nearer to each other.")
    one = asked.held()
    rows = trend_of(one.knowledge, asked.definition, first.toordinal(), last.toordinal(), known_by)
    moment = moment_for(last.toordinal(), None) if known_by is None else known_by
    return {"measure": UNALLOCATED, "authority": asked.authority, "from": first.isoformat(), "to": last.isoformat(),
            "as_known_then": known_by is None, **_head(asked, "", moment), "sources": one.sources(moment),
            "days": [_trend_row(one, day, counts, known_by) for day, counts in rows]}  # fmt: skip


def _trend_row(one: Held, day: int, counts: dict[str, int], known_by: int | None) -> dict[str, Any]:
    population = sum(counts.values())
    told = population != counts[states.CANNOT_TELL]
    if not population:
        told = bool(one.knowledge.tellers(day, moment_for(day, known_by)))
    unallocated_count = sum(counts[state] for state in states.UNALLOCATED) if told else None
    return {"as_at": date.fromordinal(day).isoformat(), "population": population, "unallocated": unallocated_count,
            "states": counts}  # fmt: skip


def bridge(asked: Asked, first: date, last: date, from_known_by: int | None, known_by: int) -> dict[str, Any]:
    """How the figure of one day became that of another: every child that came or went, and how."""
    if last < first:
        raise Refused("The bridge ends before it begins; give --from a day not after --to.")
    found = bridge_of(asked.held().knowledge, asked.definition, (first.toordinal(), from_known_by),
                      (last.toordinal(), known_by))  # fmt: skip
    return {
        "from": _figure(asked, found.from_, found.from_.moment),
        "to": _figure(asked, found.to, found.to.moment),
        "arrivals": found.arrivals,
        "exits": found.exits,
        "children": [{"child": child, "move": move} for child, move in found.moves],
    }


def caseload(asked: Asked, day: date, known_by: int) -> dict[str, Any]:
    """Children and full-time equivalent by worker and by team, and those held in names that do not count."""
    one = day_of_children(asked, day, known_by)
    workers, teams = caseload_of(one)
    return {"measure": "caseload", "authority": asked.authority, "as_at": day.isoformat(),
            **_head(asked, "", known_by), "population": sum(one.counts()[0].values()),
            "workers": [_worker(row) for row in workers], "teams": [_team(row, workers) for row in teams],
            "held_by_reason": by_reason(one), "sources": asked.held().sources(known_by)}  # fmt: skip


def held_by_reason(asked: Asked, day: date, known_by: int) -> dict[str, int]:
    """Children held in a name that does not count, by why it does not."""
    return by_reason(day_of_children(asked, day, known_by))


def _worker(one: WorkerLoad) -> dict[str, Any]:
    fte = one.fte
    return {"worker": one.worker, "source": one.source, "name": one.on.cells.get("name"),
            "job_title": one.on.cells.get("job_title"), "teams": sorted(one.teams), "fte": _number(fte),
            "children": len(one.allocated), "children_per_fte": _per(len(one.allocated), fte),
            "held": len(one.held), "reasons": sorted(one.reasons), "left": one.on.left,
            "has_worker_row": one.known}  # fmt: skip


def _team(one: TeamLoad, workers: Sequence[WorkerLoad]) -> dict[str, Any]:
    own = [row.fte for row in workers if (row.source, row.worker) in one.workers]
    said = [fte for fte in own if fte is not None]
    total = sum(said) if said else None
    return {"team": one.team, "children": len(one.allocated), "workers": len(one.workers), "fte": _number(total),
            "workers_without_fte": len(own) - len(said), "children_per_fte": _per(len(one.allocated), total),
            "held": len(one.held), "team_only": len(one.team_only)}  # fmt: skip


def _number(fte: Any) -> float | None:
    return None if fte is None else float(fte)


def _per(children: int, fte: Any) -> float | None:
    return round(children / float(fte), 1) if fte else None


def microseconds_of(known_by: Any) -> int:
    """A moment as the frames take it."""
    return microseconds(known_by)
