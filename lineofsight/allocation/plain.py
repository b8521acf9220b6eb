"""The state of one child on a day, one row at a time, in plain Python. Tests compare the frames with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from lineofsight.allocation import states
from lineofsight.allocation.history import EVIDENCE, AllocationHistory, moment_for
from lineofsight.allocation.owners import code_of, plain, worker_on
from lineofsight.allocation.states import NEED_A_WORKER, Definition
from lineofsight.record import frames
from lineofsight.vocabulary.yes import YES

Row = Mapping[str, Any]
Rows = Mapping[str, Sequence[Row]]
"""For each table, the versions of rows that may concern a child, with the columns of history."""


def known_rows(knowledge: AllocationHistory, rows: Iterable[Row], moment: int) -> list[Row]:
    """The rows that were current at a moment."""
    begun, ended = knowledge.known_from, knowledge.known_to
    return [row for row in rows if row[begun] <= moment < row[ended]]


def holding(rows: Iterable[Row], begins: str, ends: str, day: int) -> list[Row]:
    """The rows in force on a day: begin ≤ day < end (counting rule 2)."""
    return [
        row
        for row in rows
        if (row[begins] is None or row[begins] <= day) and (row[ends] is None or day < row[ends])
    ]


def state_on(
    knowledge: AllocationHistory, rows: Rows, definition: Definition, child: str, day: int, moment: int | None
) -> str | None:
    """A child's state on a day; None if the definition does not count the child."""
    by = moment_for(day, moment)
    if not _counted(knowledge, rows, definition, child, day, by):
        return None
    said = [
        code
        for teller in knowledge.sources(day, by)
        if (code := _told(knowledge, rows, teller.source, child, day, by, full=teller.full)) is not None
    ]
    return states.state_of(said[0]) if said else states.CANNOT_TELL


def _counted(
    knowledge: AllocationHistory, rows: Rows, definition: Definition, child: str, day: int, by: int
) -> bool:
    episodes = _open_episodes(knowledge, rows, child, day, by)
    if not knowledge.states_episodes(by):
        episodes += _worklist_rows(knowledge, rows, child, day, by)
    if definition != NEED_A_WORKER or not episodes:
        return bool(episodes)
    return _runs(knowledge, rows, child, day, by) or _assessed(knowledge, rows, episodes, child, day, by)


def _own(rows: Rows, table: str, child: str) -> list[Row]:
    return [row for row in rows.get(table, ()) if row["child"] == child]


def _open_episodes(knowledge: AllocationHistory, rows: Rows, child: str, day: int, by: int) -> list[Row]:
    known = known_rows(knowledge, _own(rows, "episode", child), by)
    acted = [row for row in known if plain(row["nfa"]) not in YES]
    return holding(acted, "begun_on", "closed_on", day)


def _worklist_rows(knowledge: AllocationHistory, rows: Rows, child: str, day: int, by: int) -> list[Row]:
    lists = knowledge.worklists(day)
    known = known_rows(knowledge, _own(rows, EVIDENCE, child), by)
    return [
        {**row, "closed_on": row["ended_on"]}
        for row in holding(known, "begun_on", "ended_on", day)
        if row[frames.SOURCE] in lists
    ]


def _runs(knowledge: AllocationHistory, rows: Rows, child: str, day: int, by: int) -> bool:
    """Whether a plan is running or the child is looked after."""
    tables = ("need_plan", "protection_plan", "care_episode")
    known = [row for table in tables for row in known_rows(knowledge, _own(rows, table, child), by)]
    return bool(holding(known, "begun_on", "ended_on", day))


def _assessed(
    knowledge: AllocationHistory, rows: Rows, open_: Sequence[Row], child: str, day: int, by: int
) -> bool:
    """Whether an assessment authorised by the day belongs to one of the open episodes."""
    done = [
        row
        for row in known_rows(knowledge, _own(rows, "assessment", child), by)
        if row["authorised_on"] is not None and row["authorised_on"] <= day
    ]
    all_ = {row["referral"] for row in known_rows(knowledge, _own(rows, "episode", child), by)}
    return any(_belongs(one, episode, all_) for one in done for episode in open_)


def _belongs(assessment: Row, episode: Row, referrals: set[str]) -> bool:
    """Whether an assessment belongs to an episode: by referral if an episode has it, otherwise by its first day."""
    if assessment["referral"] is not None and assessment["referral"] == episode["referral"]:
        return True
    if assessment["referral"] in referrals:
        return False
    begun = assessment["begun_on"]
    return begun is not None and bool(holding([episode], "begun_on", "closed_on", begun))


def _told(
    knowledge: AllocationHistory, rows: Rows, source: str, child: str, day: int, by: int, *, full: bool
) -> int | None:
    """The best code that a source gives a child; None if the source does not cover the child."""
    own = [row for row in rows.get(EVIDENCE, ()) if row[frames.SOURCE] == source]
    stated = any(
        row[knowledge.known_from] <= by and child in _children_of(knowledge, rows, row, by) for row in own
    )
    if not full and not stated:
        return None
    known = [row for row in known_rows(knowledge, own, by) if child in _children_of(knowledge, rows, row, by)]
    codes = [_code(knowledge, row, source, day, by) for row in holding(known, "begun_on", "ended_on", day)]
    return min(codes, default=states.BY_NOBODY)


def _children_of(knowledge: AllocationHistory, rows: Rows, row: Row, by: int) -> set[str]:
    """The child of an involvement or, if it names none, the child of its referral (counting rule 10)."""
    if row["child"] is not None:
        return {row["child"]}
    episodes = known_rows(knowledge, rows.get("episode", ()), by)
    return {
        one["child"]
        for one in episodes
        if one["referral"] == row["referral"] and one[frames.SOURCE] == row[frames.SOURCE]
    }


def _code(knowledge: AllocationHistory, row: Row, source: str, day: int, by: int) -> int:
    said = knowledge.settings_on(source, day)
    if said is None:
        return states.UNKNOWN
    versions = knowledge.workers.of(source, row["worker"]) if row["worker"] else ()
    on = worker_on(versions, day, by)
    return code_of(said, on, worker=row["worker"], team=row["team"], role=row["role"])
