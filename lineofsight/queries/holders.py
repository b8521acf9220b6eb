"""Which teams and workers hold each child on a day: what a list shows of a child, and what decides whose scope it is in.

A team or worker holds a child by any involvement in force on the day, of a source that states who
answers. Where no involvement in force names a team, the last team that an involvement named holds the
child: nobody else could ask why nobody answers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import narwhals.stable.v2 as nw

from lineofsight.allocation.history import AllocationHistory
from lineofsight.allocation.involvements import coded_spans, involvement_spans
from lineofsight.allocation.on_day import Day
from lineofsight.allocation.owners import FIRST_DAY
from lineofsight.queries.history import history_of
from lineofsight.queries.record import Record, cached_by_state
from lineofsight.record import frames
from lineofsight.record.tables.referrals import EPISODE

Sets = dict[str, frozenset[str]]


@dataclass(frozen=True)
class Holders:
    """The children of a day by the team and by the worker that hold them."""

    by_team: Sets
    by_worker: Sets


def last_moment_known(record: Record, moment: int, *, witnessed: bool) -> int:
    """The last moment at which anything became known, which every moment until the next shares."""
    held = history_of(record, witnessed=witnessed)
    moments = [each.moment for each in held.knowledge.receipts] + [each.moment for each in held.deliveries]
    return max((at for at in moments if at <= moment), default=0)


def holders(record: Record, day: date, known_by: int, *, witnessed: bool = False) -> Holders:
    """Who holds each child on a day, known by a moment (microseconds)."""
    moment = last_moment_known(record, known_by, witnessed=witnessed)
    return _holders(record, day.toordinal(), moment, witnessed)


@cached_by_state(16)
def _holders(record: Record, day: int, moment: int, witnessed: bool) -> Holders:
    knowledge = history_of(record, witnessed=witnessed).knowledge
    sources = [each.source for each in knowledge.sources(day, moment)]
    by_team: defaultdict[str, set[str]] = defaultdict(set)
    by_worker: defaultdict[str, set[str]] = defaultdict(set)
    with_a_team: set[str] = set()
    for row in _in_force(knowledge, sources, day, moment):
        if row["team"]:
            by_team[row["team"]].add(row["child"])
            with_a_team.add(row["child"])
        if row["worker"]:
            by_worker[row["worker"]].add(row["child"])
    for child, team in last_teams(knowledge, sources, day, moment).items():
        if child not in with_a_team:
            by_team[team].add(child)
    return Holders(_frozen(by_team), _frozen(by_worker))


def _in_force(
    knowledge: AllocationHistory, sources: list[str], day: int, moment: int
) -> list[dict[str, Any]]:
    found = coded_spans(knowledge, day, day, moment).filter(nw.col(frames.SOURCE).is_in(sources))
    return knowledge.engine.rows(found.select("child", "team", "worker"))


def _frozen(sets: dict[str, set[str]]) -> Sets:
    return {name: frozenset(children) for name, children in sets.items()}


def last_teams(
    knowledge: AllocationHistory,
    sources: list[str],
    day: int,
    moment: int,
    among: Iterable[str] | None = None,
) -> dict[str, str]:
    """The team of each child's latest involvement that names one: the one rule, for what is shown and what guards."""
    spans = involvement_spans(knowledge, FIRST_DAY, day, moment)
    if among is not None:
        spans = spans.filter(nw.col("child").is_in(list(among)))
    ever = spans.filter(nw.col(frames.SOURCE).is_in(sources) & (nw.col("team").fill_null("") != ""))
    rows = knowledge.engine.rows(ever.select("child", "team", "hi", "begun_on", frames.POSITION))
    return {row["child"]: row["team"] for row in sorted(rows, key=_latest_last)}


def _latest_last(row: dict[str, Any]) -> tuple[int, int, int]:
    return row["hi"], row["begun_on"] or 0, row[frames.POSITION]


def held_by(day: Day, children: Sequence[str]) -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """The teams and workers that hold each of these children on a day; where no team does, the last that did."""
    own = day.coded.filter(nw.col("child").is_in(list(children))).select("child", "team", "worker").unique()
    found: dict[str, tuple[set[str], set[str]]] = {child: (set(), set()) for child in children}
    for row in day.knowledge.engine.rows(own):
        teams, workers = found[row["child"]]
        teams |= {row["team"]} - {None, ""}
        workers |= {row["worker"]} - {None, ""}
    without = [child for child, (teams, _) in found.items() if not teams]
    sources = [each.source for each in day.knowledge.sources(day.day, day.moment)]
    for child, team in last_teams(day.knowledge, sources, day.day, day.moment, among=without).items():
        found[child][0].add(team)
    return {child: (frozenset(teams), frozenset(workers)) for child, (teams, workers) in found.items()}


def still_open(record: Record, day: date, known_by: int, *, witnessed: bool = False) -> frozenset[str]:
    """Every child with an episode or an involvement in force on a day, known by a moment."""
    moment = last_moment_known(record, known_by, witnessed=witnessed)
    return _still_open(record, day.toordinal(), moment, witnessed)


@cached_by_state(16)
def _still_open(record: Record, day: int, moment: int, witnessed: bool) -> frozenset[str]:
    knowledge = history_of(record, witnessed=witnessed).knowledge
    known = frames.known(knowledge.tables["episode"], moment, witnessed=witnessed)
    episodes = knowledge.engine.rows(frames.holding(EPISODE, known, day).select("child").unique())
    sources = [each.source for each in knowledge.sources(day, moment)]
    involved = _in_force(knowledge, sources, day, moment)
    return frozenset(row["child"] for row in (*episodes, *involved))


@dataclass(frozen=True)
class Viewed:
    """The teams and workers whose children somebody answers for."""

    teams: frozenset[str]
    workers: frozenset[str]


def last_day_held(
    record: Record, child: str, by: Viewed, until: date, known_by: int, *, witnessed: bool = False
) -> date | None:
    """The last day, `until` at the latest, on which these teams or workers held an open child; None where they never did."""
    knowledge = history_of(record, witnessed=witnessed).knowledge
    spans = involvement_spans(knowledge.only([child]), FIRST_DAY, until.toordinal(), known_by)
    rows = [row for row in knowledge.engine.rows(spans) if row["child"] == child]
    known = frames.known(knowledge.tables["episode"], known_by, witnessed=witnessed)
    own = known.filter(nw.col("child") == child).select("begun_on", "closed_on")
    episodes = knowledge.engine.rows(own)
    changes = [at for row in rows for at in (row["lo"], row["hi"])] + [row["closed_on"] for row in episodes]
    ends = {at - 1 for at in changes if at is not None and FIRST_DAY < at - 1 <= until.toordinal()}
    for at in sorted(ends | {until.toordinal()}, reverse=True):
        sources = {each.source for each in knowledge.sources(at, known_by)}
        stated = [row for row in rows if row[frames.SOURCE] in sources]
        if _holds(by, stated, at) and _is_open(stated, episodes, at):
            return date.fromordinal(at)
    return None


def _holds(by: Viewed, rows: list[dict[str, Any]], day: int) -> bool:
    """Whether one child, by its involvements, was held by these teams or workers on a day."""
    running = [row for row in rows if row["lo"] <= day < row["hi"]]
    if any(row["worker"] in by.workers for row in running if row["worker"]):
        return True
    teams = {row["team"] for row in running if row["team"]}
    if not teams:
        over = sorted((row for row in rows if row["hi"] <= day and row["team"]), key=_latest_last)
        teams = {row["team"] for row in over[-1:]}
    return not by.teams.isdisjoint(teams)


def _is_open(involvements: list[dict[str, Any]], episodes: list[dict[str, Any]], day: int) -> bool:
    return any(row["lo"] <= day < row["hi"] for row in involvements) or any(
        (row["begun_on"] or 0) <= day and (row["closed_on"] is None or day < row["closed_on"])
        for row in episodes
    )
