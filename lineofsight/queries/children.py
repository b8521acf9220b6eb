"""One child: the rows known of them, who answered for them when, and the deliveries that stated it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

import narwhals.stable.v2 as nw

from lineofsight.allocation import states
from lineofsight.allocation.history import day_of
from lineofsight.allocation.involvements import coded_spans
from lineofsight.allocation.owners import FIRST_DAY
from lineofsight.allocation.states import State
from lineofsight.allocation.sweep import segments
from lineofsight.queries.as_json import Moment, named
from lineofsight.queries.figures import FigureQuery
from lineofsight.queries.history import Source, moment_columns
from lineofsight.queries.record import Record, RestsOn, cached_by_state, delivery_of, moment_written, rests_on
from lineofsight.record import frames, history
from lineofsight.record.schema import Kind, Table
from lineofsight.record.tables import CASE_TABLES, TABLES
from lineofsight.record.tables.refused_row import REFUSED_ROW
from lineofsight.vocabulary.moments import FOREVER, moment_of

Cells = dict[str, str | int | float | bool | None]
"""A row's cells by column, days as texts, with its source, its delivery and its two moments."""


@dataclass(frozen=True)
class Stretch:
    """Days on which a child was in one state. `to` is the first day after them, None where they run to the day asked."""

    from_: Annotated[date | None, named("from")]
    to: date | None
    state: State
    workers: list[str]
    named_but_not_counted: list[str]

    def goes_on_in(self, later: Stretch) -> bool:
        """Whether a later stretch begins where this one ends and says the same."""
        same = (self.state, self.workers, self.named_but_not_counted)
        return self.to == later.from_ and same == (later.state, later.workers, later.named_but_not_counted)


@dataclass(frozen=True)
class KnownWhen:
    """What was known of one day from one moment on. `state` None: the child was not counted then."""

    known_from: Moment
    state: State | None
    workers: list[str]


@dataclass(frozen=True)
class Child:
    """One child's record: their rows by table, and who answered when."""

    child: str
    authority: str
    as_at: date | None
    known_by: Moment
    rests_on: RestsOn
    position: int
    answered: list[Stretch]
    rows: dict[str, list[Cells]]
    deliveries: list[Source]


@dataclass(frozen=True)
class ChildQuery:
    """Which child, and what of them: rows that hold on `day` (None: all), of what began by `begun_by`, known by a moment."""

    child: str
    day: date | None
    figure: FigureQuery
    begun_by: date | None = None


def child(record: Record, query: ChildQuery) -> Child | None:
    """A child's record; None where no row of the authority ever named the child. The caller logs the access."""
    asked = query.figure
    if query.child not in numbers(record):
        return None
    rows = _rows(record, query.child, asked)
    if query.begun_by:
        rows = {
            name: [row for row in found if _begun(TABLES[name], row, query.begun_by)]
            for name, found in rows.items()
        }
    day = query.day
    as_at = day or query.begun_by
    shown = {
        name: [
            cells_of(record, TABLES[name], row)
            for row in found
            if day is None or history.holds(TABLES[name], row, day.toordinal())
        ]
        for name, found in rows.items()
    }
    links = {row[frames.DELIVERY] for found in rows.values() for row in found}
    held = asked.history(record)
    return Child(
        child=query.child,
        authority=record.authority,
        as_at=as_at,
        known_by=moment_of(asked.known_by),
        rests_on=rests_on(asked.witnessed),
        position=held.position(asked.known_by),
        answered=_answered(record, query.child, asked, as_at or date.fromordinal(day_of(asked.known_by))),
        rows={name: found for name, found in shown.items() if found},
        deliveries=[each.named for each in held.deliveries if each.number in links],
    )


def numbers(record: Record) -> frozenset[str]:
    """The number of every child any row of the authority ever named."""
    return _numbers(record)


_MOST_PARTS = 40
"""A key of more parts is no key of ours, and is not searched further."""


def children_in(record: Record, key: str | None) -> list[str]:
    """The parts of a row's key that are the number of a child any row names; a number may hold a stroke itself."""
    known = numbers(record)
    parts = (key or "").split("/")[:_MOST_PARTS]
    ends = range(1, len(parts) + 1)
    stated = ("/".join(parts[first:end]) for end in ends for first in range(end))
    return [number for number in stated if number in known]


@cached_by_state(8)
def _numbers(record: Record) -> frozenset[str]:
    found: set[str] = set()
    for table in (*CASE_TABLES, REFUSED_ROW):  # pages list a child whom only refused rows name, too
        for name in sorted(set(table.child)):
            rows = record.history(table.name).select(name).unique()
            found |= {row[name] for row in record.engine.rows(rows) if row[name] is not None}
    return frozenset(found)


def _rows(record: Record, child: str, asked: FigureQuery) -> dict[str, list[dict[str, Any]]]:
    """The rows of every table that name a child, known by the query's moment, in the order they were stated.

    Involvements that name only a referral of the child's are the child's too (counting rule 10).
    """
    found = {}
    for table in CASE_TABLES:
        if table.child:
            known = frames.known(_own(record, table.name, child), asked.known_by, witnessed=asked.witnessed)
            if rows := record.engine.rows(known):
                found[table.name] = sorted(rows, key=lambda row: row[frames.POSITION])
    return found


def _own(record: Record, table: str, child: str) -> frames.Frame:
    """Every version of a table's rows that is about a child."""
    rows = record.history(table)
    own = nw.lit(False)
    for name in TABLES[table].child:
        own = own | (nw.col(name) == child).fill_null(False)
    if table != "involvement":
        return rows.filter(own)
    referrals = record.history("episode").filter(nw.col("child") == child)
    theirs = referrals.select(frames.SOURCE, "referral").unique().with_columns(nw.lit(1).alias("_theirs"))
    joined = rows.join(theirs, on=[frames.SOURCE, "referral"], how="left")
    by_referral = nw.col("child").is_null() & ~nw.col("_theirs").is_null()
    return joined.filter(own | by_referral).drop("_theirs")


def _begun(table: Table, row: dict[str, Any], day: date) -> bool:
    """Whether what a row states had begun by a day; a row without a first day is kept, for nobody can tell."""
    first = first_day(table)
    begun = row[first] if first and table.name != "child" else None
    return begun is None or bool(begun <= day.toordinal())


def first_day(table: Table) -> str | None:
    """The column with the day on which what a row states began, or was; None where no column holds one."""
    return table.begins or next((column.name for column in table.columns if column.kind is Kind.DAY), None)


def versions_of(record: Record, table: str, child: str) -> list[dict[str, Any]]:
    """Every version of a table's rows about a child that was ever stated, in the order they were stated."""
    return sorted(record.engine.rows(_own(record, table, child)), key=lambda row: row[frames.POSITION])


def answered_by(record: Record, child: str, query: FigureQuery) -> list[Stretch]:
    """The stretches of days on which a child was counted, up to the query's day."""
    return _answered(record, child, query, query.as_at)


def cells_of(record: Record, table: Table, row: dict[str, Any]) -> Cells:
    """A version's cells by column, days as texts, with its source, its delivery and its two moments."""
    cells: Cells = {
        column.name: date.fromordinal(row[column.name]).isoformat()
        if column.kind is Kind.DAY and row[column.name] is not None
        else row[column.name]
        for column in table.columns
    }
    return {
        **cells,
        "source": row[frames.SOURCE],
        "delivery": delivery_of(record, row[frames.DELIVERY]),
        "attested_at": moment_written(row[frames.ATTESTED_FROM]),
        "witnessed_at": moment_written(row[frames.WITNESSED_FROM]),
    }


def _answered(
    record: Record, child: str, asked: FigureQuery, until: date, first: int = FIRST_DAY
) -> list[Stretch]:
    """The stretches of days on which the child was counted, with the state and the workers who counted."""
    knowledge, last = asked.history(record).knowledge, until.toordinal()
    found = segments(knowledge, asked.definition, first, last, asked.known_by, [child])
    spans = coded_spans(knowledge.only([child]), first, last, asked.known_by)
    workers = [row for row in knowledge.engine.rows(spans) if row["child"] == child]
    joined: list[Stretch] = []
    for row in sorted(knowledge.engine.rows(found), key=lambda row: row["lo"]):
        stretch = _stretch(row, workers, last)
        if joined and joined[-1].goes_on_in(stretch):
            stretch = Stretch(joined.pop().from_, stretch.to, *_said(stretch))
        joined.append(stretch)
    return joined


def _said(stretch: Stretch) -> tuple[State, list[str], list[str]]:
    return stretch.state, stretch.workers, stretch.named_but_not_counted


def _stretch(row: dict[str, Any], spans: list[dict[str, Any]], last: int) -> Stretch:
    within = [span for span in spans if span["lo"] < row["hi"] and row["lo"] < span["hi"]]
    return Stretch(
        from_=date.fromordinal(row["lo"]) if row["lo"] > FIRST_DAY else None,
        to=None if row["hi"] > last else date.fromordinal(row["hi"]),
        state=states.STATES[row["state"]],
        workers=sorted({span["worker"] for span in within if span["code"] == states.COUNTS}),
        named_but_not_counted=sorted(
            {span["worker"] for span in within if span["worker"] and span["code"] != states.COUNTS}
        ),
    )


def known_when(record: Record, child: str, asked: FigureQuery) -> list[KnownWhen]:
    """What was known of who answered on the query's day, from each moment at which that changed, the earliest first.

    The caller logs the access.
    """
    found: list[KnownWhen] = []
    day = asked.as_at
    for moment in _moments_of_change(record, child, witnessed=asked.witnessed):
        then = FigureQuery(day, moment, asked.definition, asked.witnessed)
        stretches = _answered(record, child, then, day, first=day.toordinal())
        state = stretches[-1].state if stretches else None
        workers = stretches[-1].workers if stretches else []
        if not found or (found[-1].state, found[-1].workers) != (state, workers):
            found.append(KnownWhen(moment_of(moment), state, workers))
    return found


def _moments_of_change(record: Record, child: str, *, witnessed: bool) -> list[int]:
    """The moments at which what is known of a child's episodes and involvements changed, in order."""
    columns = moment_columns(witnessed=witnessed)
    found: set[int] = set()
    for table in ("episode", "involvement"):
        rows = record.engine.rows(_own(record, table, child).select(*columns))
        found |= {row[column] for row in rows for column in columns}
    return sorted(found - {FOREVER})
