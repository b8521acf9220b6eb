"""The state of one child on a day, one row at a time, in plain Python. Tests compare the frames with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from lineofsight.allocation import states
from lineofsight.allocation.history import EVIDENCE, AllocationHistory, day_of, moment_for
from lineofsight.allocation.owners import Silence, code_of, plain, worker_on
from lineofsight.allocation.states import NEED_A_WORKER, Definition
from lineofsight.record import frames
from lineofsight.record.tables.refused_row import COUNTING_TABLES
from lineofsight.vocabulary.yes import YES

Row = Mapping[str, Any]
Rows = Mapping[str, Sequence[Row]]
"""For each table, the versions of rows that may concern a child, with the columns of history."""


def known_rows(knowledge: AllocationHistory, rows: Iterable[Row], day: int, moment: int) -> list[Row]:
    """The rows that count for a day by a moment: those current at the moment.

    A workbook's count only from its own day, and until the day of the workbook that replaced them (rule 14).
    """
    begun, ended = knowledge.known_from, knowledge.known_to
    found = []
    for row in rows:
        current = row[begun] <= moment < row[ended]
        if row[frames.SOURCE] in knowledge.workbooks:
            replaced_on = day_of(row[frames.ATTESTED_TO])
            current = row[begun] <= moment and (moment < row[ended] or day < replaced_on)
            current = current and day_of(row[frames.ATTESTED_FROM]) <= day
        if current:
            found.append(row)
    return found


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
        return states.CANNOT_TELL if _may_count(knowledge, rows, definition, child, day, by) else None
    codes = [
        code
        for teller in knowledge.sources(day, by)
        if (code := _code_by(knowledge, rows, teller.source, teller.silence, child, day, by)) is not None
    ]
    return states.state_of(codes[0]) if codes else states.CANNOT_TELL


def _may_count(
    knowledge: AllocationHistory, rows: Rows, definition: Definition, child: str, day: int, by: int
) -> bool:
    """Whether a workbook of a later day counts the child, or only refused rows name the child (rules 8 and 14)."""
    whenever = knowledge.without_workbook_days()
    if _counted(whenever, rows, definition, child, day, by):
        return True
    if child not in knowledge.refused_by(by).children:
        return False
    if any(known_rows(whenever, _own(rows, table, child), day, by) for table in COUNTING_TABLES):
        return False
    return definition != NEED_A_WORKER or _runs(whenever, rows, child, day, by)


def _counted(
    knowledge: AllocationHistory, rows: Rows, definition: Definition, child: str, day: int, by: int
) -> bool:
    episodes = _open_episodes(knowledge, rows, child, day, by)
    if not knowledge.states_episodes(day, by):
        episodes += _worklist_rows(knowledge, rows, child, day, by)
    if definition != NEED_A_WORKER or not episodes:
        return bool(episodes)
    return _runs(knowledge, rows, child, day, by) or _assessed(knowledge, rows, episodes, child, day, by)


def _own(rows: Rows, table: str, child: str) -> list[Row]:
    return [row for row in rows.get(table, ()) if row["child"] == child]


def _open_episodes(knowledge: AllocationHistory, rows: Rows, child: str, day: int, by: int) -> list[Row]:
    known = known_rows(knowledge, _own(rows, "episode", child), day, by)
    acted = [row for row in known if plain(row["nfa"]) not in YES]
    return holding(acted, "begun_on", "closed_on", day)


def _worklist_rows(knowledge: AllocationHistory, rows: Rows, child: str, day: int, by: int) -> list[Row]:
    lists = knowledge.worklists(day)
    known = known_rows(knowledge, _own(rows, EVIDENCE, child), day, by)
    return [
        {**row, "closed_on": row["ended_on"]}
        for row in holding(known, "begun_on", "ended_on", day)
        if row[frames.SOURCE] in lists
    ]


def _runs(knowledge: AllocationHistory, rows: Rows, child: str, day: int, by: int) -> bool:
    """Whether a plan is running or the child is looked after."""
    tables = ("need_plan", "protection_plan", "care_episode")
    known = [row for table in tables for row in known_rows(knowledge, _own(rows, table, child), day, by)]
    return bool(holding(known, "begun_on", "ended_on", day))


def _assessed(
    knowledge: AllocationHistory, rows: Rows, open_: Sequence[Row], child: str, day: int, by: int
) -> bool:
    """Whether an assessment authorised by the day belongs to one of the open episodes."""
    done = [
        row
        for row in known_rows(knowledge, _own(rows, "assessment", child), day, by)
        if row["authorised_on"] is not None and row["authorised_on"] <= day
    ]
    all_ = {row["referral"] for row in known_rows(knowledge, _own(rows, "episode", child), day, by)}
    return any(_belongs(one, episode, all_) for one in done for episode in open_)


def _belongs(assessment: Row, episode: Row, referrals: set[str]) -> bool:
    """Whether an assessment belongs to an episode: by referral if an episode has it, otherwise by its first day."""
    if assessment["referral"] is not None and assessment["referral"] == episode["referral"]:
        return True
    if assessment["referral"] in referrals:
        return False
    begun = assessment["begun_on"]
    return begun is not None and bool(holding([episode], "begun_on", "closed_on", begun))


def _code_by(
    knowledge: AllocationHistory, rows: Rows, source: str, silence: Silence, child: str, day: int, by: int
) -> int | None:
    """The best code that a source gives a child; None if the source does not speak of the child."""
    own = [row for row in rows.get(EVIDENCE, ()) if row[frames.SOURCE] == source]
    if silence != "every" and not _names(knowledge, rows, source, child, day, by):
        return None
    if silence == "stated" and not any(
        _ever(knowledge, row, day, by) and child in _children_of(knowledge, rows, row, day, by) for row in own
    ):
        return None
    known = [
        row
        for row in known_rows(knowledge, own, day, by)
        if child in _children_of(knowledge, rows, row, day, by)
    ]
    codes = [_code(knowledge, row, source, day, by) for row in holding(known, "begun_on", "ended_on", day)]
    return min(codes, default=states.BY_NOBODY)


def _names(knowledge: AllocationHistory, rows: Rows, source: str, child: str, day: int, by: int) -> bool:
    """Whether a source has a row of the child in any of its tables (counting rule 11)."""
    return any(
        row[frames.SOURCE] == source
        for table in rows
        for row in known_rows(knowledge, _own(rows, table, child), day, by)
    )


def _ever(knowledge: AllocationHistory, row: Row, day: int, by: int) -> bool:
    """Whether a row had ever been stated by then, whatever became of it."""
    if row[frames.SOURCE] in knowledge.workbooks and day < day_of(row[frames.ATTESTED_FROM]):
        return False
    return bool(row[knowledge.known_from] <= by)


def _children_of(knowledge: AllocationHistory, rows: Rows, row: Row, day: int, by: int) -> set[str]:
    """The child of an involvement or, if it names none, the child of its referral (counting rule 10)."""
    if row["child"] is not None:
        return {row["child"]}
    episodes = known_rows(knowledge, rows.get("episode", ()), day, by)
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
