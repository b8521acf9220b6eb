"""Statutory clocks of children: what was due when, what became of it, and when the record could know."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from typing import Any

import narwhals.stable.v2 as nw

from lineofsight.clocks.catalogue import KINDS, Confidence, Kind
from lineofsight.clocks.chain import Clock, Rules, State
from lineofsight.clocks.child import Knowledge, noticed_at, recorded_late
from lineofsight.clocks.rows import TABLES, Row
from lineofsight.intake.formats import is_case_format
from lineofsight.queries.as_json import Moment
from lineofsight.queries.figures import latest_moment
from lineofsight.queries.history import AuthorityHistory, Source, history_of, moment_columns
from lineofsight.queries.holidays import calendar_by
from lineofsight.queries.record import Record, RestsOn, cached_by_state, rests_on
from lineofsight.record import frames
from lineofsight.record.tables.holiday import HOLIDAY, NATIONAL
from lineofsight.vocabulary.calendar import Calendar, months_after
from lineofsight.vocabulary.limits import Limit, because, read_limit
from lineofsight.vocabulary.moments import FOREVER, moment_of

OPEN: tuple[State, ...] = ("running", "due_soon", "overdue", "cannot_tell")
"""The states of clocks that go on."""

Versions = dict[str, dict[str, list[Row]]]
"""By child and table, every version of their rows."""


@dataclass(frozen=True)
class ClocksQuery:
    """Which clocks: as at which day, known by which moment (microseconds), of one child or kind, due within how long.

    `due_within`: only open clocks that are due within so many working days.
    """

    as_at: date
    known_by: int
    witnessed: bool = False
    child: str | None = None
    code: str | None = None
    due_within: int | None = None


@dataclass(frozen=True)
class ClockRow:
    """One clock of a child. `ended_on`: the day it was met, or on which what it is about ended."""

    child: str
    clock: str
    begun_on: date
    due_on: date
    ended_on: date | None
    state: State
    breached_on: date | None
    noticed_at: Moment | None
    recorded_late: bool
    because: str
    citation: str
    confidence: Confidence


@dataclass(frozen=True)
class Clocks:
    """The clocks of children on a day. `available`: for each kind null, or why the data cannot run it."""

    authority: str
    as_at: date
    known_by: Moment
    rests_on: RestsOn
    position: int
    sources: list[Source]
    clocks: list[ClockRow]
    available: dict[str, str | None]


@dataclass(frozen=True)
class Worked:
    """Clocks as they were worked out, with what else is asked of each."""

    rules: Rules
    clocks: tuple[Clock, ...]
    knowledge_of: Callable[[str], Knowledge] = field(compare=False)


def clocks(record: Record, query: ClocksQuery) -> Clocks:
    """The clocks of a day: without a child only those that go on, or ended in the 12 months before."""
    history = history_of(record, witnessed=query.witnessed)
    worked = _worked(record, replace(query, code=None, due_within=None))
    chosen = [clock for clock in worked.clocks if _is_asked(worked.rules, clock, query)]
    return Clocks(
        authority=record.authority,
        as_at=query.as_at,
        known_by=moment_of(query.known_by),
        rests_on=rests_on(query.witnessed),
        position=history.position(query.known_by),
        sources=history.sources(query.known_by),
        clocks=[row_of(worked, clock) for clock in chosen],
        available=available(record, query),
    )


def _is_asked(rules: Rules, clock: Clock, query: ClocksQuery) -> bool:
    if query.code is not None and clock.kind.code != query.code:
        return False
    if query.due_within is not None:
        is_open = clock.can_tell and clock.ended_on is None and clock.due_on >= rules.as_at
        return is_open and clock.working_days_left(rules.as_at, rules.calendar) <= query.due_within
    if query.child is not None or clock.ended_on is None:
        return True
    return clock.ended_on >= months_after(query.as_at, -12).toordinal() + 1


def row_of(worked: Worked, clock: Clock) -> ClockRow:
    """A clock as answers give it."""
    as_at, calendar = worked.rules.as_at, worked.rules.calendar
    knowledge = worked.knowledge_of(clock.child)
    noticed = noticed_at(knowledge, clock, as_at)
    breached = clock.breached_on(as_at)
    told = clock.ended_on if clock.can_tell else None
    return ClockRow(
        child=clock.child,
        clock=clock.kind.code,
        begun_on=date.fromordinal(clock.begun_on),
        due_on=date.fromordinal(clock.due_on),
        ended_on=None if told is None else date.fromordinal(told),
        state=clock.state(as_at, calendar),
        breached_on=None if breached is None else date.fromordinal(breached),
        noticed_at=None if noticed is None else moment_of(noticed),
        recorded_late=recorded_late(knowledge, clock),
        because=explained(clock, calendar),
        citation=clock.kind.source,
        confidence=clock.kind.confidence,
    )


def explained(clock: Clock, calendar: Calendar) -> str:
    """Why a clock is due when it is, in sentences."""
    begun, due = date.fromordinal(clock.begun_on), date.fromordinal(clock.due_on)
    said = because(clock.limit, begun, due, calendar, clock.kind.convention)
    parts = [f"{clock.kind.title}: {said}", *clock.notes]
    if not clock.can_tell:
        parts.append(f"The source {clock.source} has never delivered what would end it.")
    return " ".join(parts)


# -- what it is worked out from ---------------------------------------------------------------------


@cached_by_state(8)
def _worked(record: Record, query: ClocksQuery) -> Worked:
    history = history_of(record, witnessed=query.witnessed)
    versions = _versions(record) if query.child is None else _versions_of(record, query)
    moments = {receipt.moment for receipt in history.knowledge.receipts if receipt.moment <= query.known_by}
    known_from, known_to = moment_columns(witnessed=query.witnessed)
    rules_by = _rules(record, history, query)

    @cache
    def knowledge_of(child: str) -> Knowledge:
        own = versions[child]
        return Knowledge(child, own, known_from, known_to, query.known_by, sorted(moments), rules_by)

    found = [
        clock
        for child in sorted(versions)
        for clock in knowledge_of(child).clocks_by(query.known_by).values()
    ]
    return Worked(rules_by(query.known_by), tuple(found), knowledge_of)


def _rules(record: Record, history: AuthorityHistory, query: ClocksQuery) -> Callable[[int], Rules]:
    """The rules by what had been delivered by a moment, with the holidays known by the query's."""
    calendar = calendar_by(record, query.known_by, witnessed=query.witnessed)
    limits = local_limits(record, query.as_at)
    since = tables_since(history)

    @cache
    def rules_by(moment: int) -> Rules:
        return Rules(
            query.as_at.toordinal(),
            calendar,
            lambda source, table: since.get((source, table), FOREVER) <= moment,
            limits,
            frozenset(since.values()),
        )

    return rules_by


def tables_since(history: AuthorityHistory) -> dict[tuple[str, str], int]:
    """For each source and table, the moment (microseconds) at which it was first delivered."""
    found: dict[tuple[str, str], int] = {}
    for receipt in history.knowledge.receipts:
        for table in receipt.tables:
            known = found.get((receipt.source, table), FOREVER)
            found[receipt.source, table] = min(known, receipt.moment)
    return found


def local_limits(record: Record, day: date) -> dict[tuple[str, str], Limit]:
    """The limits that an authority set for itself, by source and kind of clock, as its settings hold on a day."""
    found: dict[tuple[str, str], tuple[int, Limit]] = {}
    for row in record.engine.rows(record.history("source")):
        first = row["valid_from"] or 0
        if (
            row[frames.WITNESSED_TO] != FOREVER
            or not is_case_format(row["format"])
            or first > day.toordinal()
        ):
            continue
        for code, text in json.loads(row["settings"]).get("limits", {}).items():
            if first >= found.get((row["name"], code), (0, None))[0]:
                found[row["name"], code] = first, read_limit(text)
    return {key: limit for key, (_, limit) in found.items()}


@cached_by_state(2)
def _versions(record: Record) -> Versions:
    """Every version of every child's rows."""
    return _by_child({table: record.engine.rows(record.history(table)) for table in TABLES})


def _versions_of(record: Record, query: ClocksQuery) -> Versions:
    """The versions of one child's rows: by the child's number, or by that of a period of care of theirs."""
    care = record.history("care_episode").filter(nw.col("child") == query.child)
    cares = sorted({row["care"] for row in record.engine.rows(care) if row["care"] is not None})
    tables: dict[str, list[dict[str, Any]]] = {}
    for table in TABLES:
        rows = record.history(table)
        own = nw.col("child") == query.child
        if table in _BY_CARE:
            own = own | (nw.col("child").is_null() & nw.col("care").is_in(cares))
        tables[table] = record.engine.rows(rows.filter(own))
    found = _by_child(tables)
    return {child: own for child, own in found.items() if child == query.child}


_BY_CARE = ("placement", "care_review")
"""The tables whose rows may name a period of care and no child."""


def _by_child(tables: Mapping[str, Iterable[Row]]) -> Versions:
    found: Versions = defaultdict(lambda: {table: [] for table in TABLES})
    children = {
        (row[frames.SOURCE], row["care"]): row["child"]
        for row in tables["care_episode"]
        if row["care"] is not None
    }
    for table, rows in tables.items():
        for row in rows:
            child = row["child"]
            if child is None and table in _BY_CARE:
                child = children.get((row[frames.SOURCE], row["care"]))
            if child is not None:
                found[child][table].append(row)
    return dict(found)


# -- which clocks the data can run ------------------------------------------------------------------


def available(record: Record, query: ClocksQuery) -> dict[str, str | None]:
    """For each kind of clock null where a source's data can run it, else why not."""
    history = history_of(record, witnessed=query.witnessed)
    held: dict[str, set[str]] = defaultdict(set)
    for (source, table), moment in tables_since(history).items():
        if moment <= query.known_by:
            held[source].add(table)
    local = {code for _, code in local_limits(record, query.as_at)}
    return {code: _why_not(kind, held.values(), local) for code, kind in KINDS.items()}


def _why_not(kind: Kind, held: Iterable[set[str]], local: set[str]) -> str | None:
    if kind.cannot_be_read:
        return kind.cannot_be_read
    if kind.whose == "local" and kind.code not in local:
        return "The authority has not set this limit. Add it to the settings of its source, under [limits]."
    lacking = [_lacks(kind, tables) for tables in held]
    if all(lacking):
        fewest = min(lacking, key=len, default=_needs(kind))
        return f"No source has delivered {' and '.join(fewest)}."
    return None


def _needs(kind: Kind) -> list[str]:
    return [table.replace("_", " ") for table in dict.fromkeys((kind.begins_in, kind.ends_in))]


def _lacks(kind: Kind, tables: set[str]) -> list[str]:
    return [name for name in _needs(kind) if name.replace(" ", "_") not in tables]


def query_of(
    record: Record, as_at: date, known_by: int | None, *, witnessed: bool = False, **chosen: Any
) -> ClocksQuery:
    """A question about clocks. Where no moment is given, the latest is meant: bank holidays added since count too."""
    national = record.of(NATIONAL)
    latest = max(latest_moment(record, witnessed=witnessed), national.newest_moment(HOLIDAY.name))
    return ClocksQuery(as_at, latest if known_by is None else known_by, witnessed, **chosen)
