"""Who answers is one rule: plain Python, Polars and DuckDB give every child the same state on every day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import duckdb
import narwhals.stable.v2 as nw
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lineofsight.allocation import plain, states
from lineofsight.allocation.history import AllocationHistory, Frame, Receipt, RefusedRows, day_of
from lineofsight.allocation.on_day import on_day
from lineofsight.allocation.owners import AllocationSettings, Line, WorkerVersion
from lineofsight.allocation.sweep import segments, trend
from lineofsight.allocation.workers import Employment, Workers
from lineofsight.engines.local import Polars, lazy
from lineofsight.record import frames
from lineofsight.record.arrow import table_schema
from lineofsight.record.tables import TABLES
from lineofsight.vocabulary.moments import FOREVER, microseconds, start_of
from tests.support.examples import a_quarter

BASE = date(2019, 10, 1).toordinal()
DAY = 86_400_000_000
CHILDREN = ("A", "B", "C", "D")
"""D has no row of its own in most counties: only refused rows name it."""
SOURCES = ("one", "two")
NEEDED = ("episode", "involvement", "assessment", "need_plan", "protection_plan", "care_episode")

Rows = dict[str, list[dict[str, Any]]]
Refused = dict[int, dict[str, RefusedRows]]
County = tuple[Rows, list[AllocationSettings], list[Receipt], Workers, Refused]


class Duck:
    """DuckDB as an engine, to hold the frame rules to."""

    def __init__(self) -> None:
        self.connection = duckdb.connect()

    def table(self, columns: Mapping[str, Sequence[Any]]) -> Frame:
        types = {name: pa.string() if name in frames.TEXTS else pa.int64() for name in columns}
        arrow = pa.table({name: pa.array(list(cells), types[name]) for name, cells in columns.items()})
        return nw.from_native(duckdb.from_arrow(arrow, connection=self.connection))

    def keep(self, frame: Frame) -> Frame:
        arrow = frame.collect("pyarrow").to_arrow()
        return nw.from_native(duckdb.from_arrow(arrow, connection=self.connection))

    def rows(self, frame: Frame) -> list[dict[str, Any]]:
        return frame.collect("pyarrow").to_arrow().to_pylist()


def moment(day: int) -> int:
    """Three in the morning of a day."""
    return microseconds(start_of(date.fromordinal(day))) + 3 * DAY // 24


DAYS = st.integers(BASE - 6, BASE + 8)
MAYBE_DAYS = st.one_of(st.none(), DAYS)


@st.composite
def spans(draw: st.DrawFn) -> tuple[int, int]:
    """The moments between which a version was what was known."""
    known = moment(draw(st.integers(BASE - 3, BASE + 5)))
    until = draw(st.one_of(st.just(FOREVER), st.integers(BASE - 2, BASE + 6).map(moment)))
    return (known, until) if known <= until else (until, known)


@st.composite
def versions(draw: st.DrawFn, table: str, cells: dict[str, Any], number: int) -> dict[str, Any]:
    known, until = draw(spans())
    row = dict.fromkeys(TABLES[table].names) | cells
    return row | {
        frames.SOURCE: draw(st.sampled_from(SOURCES)),
        frames.DELIVERY: 1,
        frames.POSITION: number,
        frames.ATTESTED_FROM: known,
        frames.ATTESTED_TO: until,
        frames.WITNESSED_FROM: draw(st.sampled_from([known, known, known + DAY])),
        frames.WITNESSED_TO: draw(st.sampled_from([until, until, min(until + 2 * DAY, FOREVER)])),
    }


@st.composite
def counties(draw: st.DrawFn) -> County:
    """A few children's rows, what two sources are, when they were received, and which rows were refused."""
    rows: Rows = {name: [] for name in NEEDED}
    number = 0
    for table in NEEDED:
        for _ in range(draw(st.integers(0, 5))):
            number += 1
            rows[table].append(draw(versions(table, draw(_cells(table)), number)))
    said = [
        draw(_said(source, at))
        for source in SOURCES
        for at in draw(st.sampled_from([(1,), (1, BASE), (BASE,)]))
    ]
    heard = [
        Receipt(
            draw(st.sampled_from(SOURCES)),
            moment(draw(st.integers(BASE - 3, BASE + 5))),
            at,
            draw(
                st.sampled_from(
                    [
                        frozenset({"involvement", "episode"}),
                        frozenset({"involvement"}),
                        frozenset({"episode"}),
                    ]
                )
            ),
            draw(st.integers(BASE - 3, BASE + 5)),
            at,
        )
        for at in range(draw(st.integers(0, 5)))
    ]
    refused = {one.number: draw(_refused(one)) for one in heard}
    return rows, said, sorted(heard, key=lambda one: one.moment), draw(_workers()), refused


@st.composite
def _refused(draw: st.DrawFn, one: Receipt) -> dict[str, RefusedRows]:
    children = st.frozensets(st.sampled_from(CHILDREN), max_size=2)
    drawn = st.one_of(st.just(RefusedRows()), children.map(lambda named: RefusedRows(len(named) + 1, named)))
    return {table: draw(drawn) for table in sorted(one.tables)}


@st.composite
def _cells(draw: st.DrawFn, table: str) -> dict[str, Any]:
    cells: dict[str, Any] = {
        "child": draw(st.sampled_from("AABBCCD")),
        "referral": draw(st.sampled_from([None, "r1", "r2"])),
        "begun_on": draw(MAYBE_DAYS),
    }
    if table == "episode":
        referral = cells["referral"] or "r3"
        return cells | {
            "referral": referral,
            "closed_on": draw(MAYBE_DAYS),
            "nfa": draw(st.sampled_from([None, "N", " Yes"])),
        }
    if table == "assessment":
        return cells | {"authorised_on": draw(MAYBE_DAYS)}
    if table == "involvement":
        return cells | {
            "child": draw(st.sampled_from([*CHILDREN, *CHILDREN, None])),
            "ended_on": draw(MAYBE_DAYS),
            "worker": draw(st.sampled_from([None, "w", "m", "x", "U"])),
            "team": draw(st.sampled_from([None, "t", "pool"])),
            "role": draw(st.sampled_from([None, "CW", "cw ", "FS"])),
        }
    del cells["referral"]
    return cells | {"ended_on": draw(MAYBE_DAYS)}


@st.composite
def _said(draw: st.DrawFn, source: str, valid_from: int) -> AllocationSettings:
    lines = draw(
        st.lists(
            st.sampled_from(
                [
                    Line({"worker": "w"}, "duty"),
                    Line({"job_title": "manager"}, "manager"),
                    Line({"team": "pool", "role": "cw"}, "pool"),
                ]
            ),
            max_size=2,
        )
    )
    return AllocationSettings(
        source,
        valid_from,
        draw(st.sampled_from(["ssd_tables", "worklist", "annex_a"])),
        draw(st.booleans()),
        draw(st.sampled_from([True, True, False])),
        draw(st.sampled_from([None, frozenset({"cw"})])),
        tuple(lines),
        draw(st.sampled_from([frozenset[str](), frozenset({"u"})])),
        covers_service=draw(st.booleans()),
        valid_to=draw(st.sampled_from([None, None, BASE + 2])),
    )


@st.composite
def _employments(draw: st.DrawFn) -> dict[str, list[Employment]]:
    """What a workforce list states: by number, or by a staff number that a worker may have."""
    found: dict[str, list[Employment]] = {}
    for worker in draw(st.sets(st.sampled_from(["w", "n", "u"]))):
        days = sorted(draw(st.sets(st.integers(BASE - 3, BASE + 6), min_size=1, max_size=2)))
        ends = [*(moment(day) for day in days[1:]), draw(st.sampled_from([moment(BASE + 7), FOREVER]))]
        found[worker] = [
            Employment(moment(day), end, {"left_on": draw(st.one_of(st.none(), DAYS))})
            for day, end in zip(days, ends, strict=True)
        ]
    return found


@st.composite
def _workers(draw: st.DrawFn) -> Workers:
    found: dict[tuple[str, str], list[WorkerVersion]] = {}
    for source in SOURCES:
        for worker in ("w", "m"):
            days = sorted(draw(st.lists(st.integers(BASE - 3, BASE + 5), max_size=3, unique=True)))
            ends = [
                *(draw(st.sampled_from([day, day - 1])) for day in days[1:]),
                draw(st.sampled_from([BASE + 6, None])),
            ]
            made = [_worker(draw, day, end) for day, end in zip(days, ends, strict=False)]
            if made:
                found[source, worker] = made
    return Workers(found, draw(_employments()))


def _worker(draw: st.DrawFn, day: int, end: int | None) -> WorkerVersion:
    known, until = moment(day), FOREVER if end is None else moment(max(day, end))
    cells = {
        "job_title": draw(st.sampled_from([None, "Manager "])),
        "left_on": draw(st.one_of(st.none(), st.none(), DAYS)),
        "staff_id": draw(st.sampled_from([None, "u"])),
    }
    return WorkerVersion(known, until, day_of(known), day_of(until), cells)


def frame_of(table: str, rows: list[dict[str, Any]]) -> pa.Table:
    whole = [
        frames.DELIVERY,
        frames.POSITION,
        frames.ATTESTED_FROM,
        frames.ATTESTED_TO,
        frames.WITNESSED_FROM,
        frames.WITNESSED_TO,
    ]
    more = [pa.field(frames.SOURCE, pa.large_string()), *(pa.field(name, pa.int64()) for name in whole)]
    return pa.Table.from_pylist(rows, schema=pa.schema([*table_schema(TABLES[table]), *more]))


def knowledge_of(county: County, engine: str) -> AllocationHistory:
    rows, said, heard, workers, refused = county
    if engine == "polars":
        held = {name: lazy(pl.DataFrame(pl.from_arrow(frame_of(name, rows[name])))) for name in NEEDED}
        return AllocationHistory(held, workers, said, heard, Polars(), naming=held, refused=refused)
    duck = Duck()
    frames_of = {
        name: nw.from_native(duckdb.from_arrow(frame_of(name, rows[name]), connection=duck.connection))
        for name in NEEDED
    }
    return AllocationHistory(frames_of, workers, said, heard, duck, naming=frames_of, refused=refused)


def by_the_plain_rule(
    knowledge: AllocationHistory, rows: Rows, definition: states.Definition, day: int, by: int | None
) -> dict[str, str]:
    found = {child: plain.state_on(knowledge, rows, definition, child, day, by) for child in CHILDREN}
    return {child: state for child, state in found.items() if state is not None}


@pytest.mark.parametrize("engine", ["polars", pytest.param("duckdb", marks=pytest.mark.slow)])
@pytest.mark.parametrize("definition", states.DEFINITIONS.values(), ids=lambda one: one.name)
@a_quarter()
@given(county=counties(), day=DAYS, known=st.integers(BASE - 4, BASE + 7), witnessed=st.booleans())
def test_a_day_is_as_the_plain_rule_has_it(
    engine: str, definition: states.Definition, county: Any, day: int, known: int, *, witnessed: bool
) -> None:
    knowledge = replace(knowledge_of(county, engine), witnessed=witnessed)
    for by in (moment(known), None):
        assert on_day(knowledge, definition, day, by).states() == by_the_plain_rule(
            knowledge, county[0], definition, day, by
        )


@pytest.mark.parametrize("engine", ["polars", pytest.param("duckdb", marks=pytest.mark.slow)])
@pytest.mark.parametrize("definition", states.DEFINITIONS.values(), ids=lambda one: one.name)
@a_quarter()
@given(county=counties(), known=st.integers(BASE - 4, BASE + 7), witnessed=st.booleans())
def test_a_trend_is_its_days(
    engine: str, definition: states.Definition, county: Any, known: int, *, witnessed: bool
) -> None:
    """One sweep gives for each day what that day alone gives, as known by a moment and as known then."""
    knowledge = replace(knowledge_of(county, engine), witnessed=witnessed)
    then = [None] if definition == states.OPEN_EPISODES else []
    for by in (moment(known), *then):
        for day, counts in trend(knowledge, definition, BASE - 3, BASE + 4, by):
            alone = by_the_plain_rule(knowledge, county[0], definition, day, by)
            assert counts == {state: list(alone.values()).count(state) for state in states.STATES}


@pytest.mark.parametrize("definition", states.DEFINITIONS.values(), ids=lambda one: one.name)
@a_quarter()
@given(county=counties(), known=st.integers(BASE - 4, BASE + 7))
def test_stretches_of_some_children_are_their_days(
    definition: states.Definition, county: Any, known: int
) -> None:
    knowledge, by = knowledge_of(county, "polars"), moment(known)
    found = knowledge.engine.rows(segments(knowledge, definition, BASE - 3, BASE + 4, by, ["A", "C"]))
    for day in range(BASE - 3, BASE + 5):
        swept = {row["child"]: states.STATES[row["state"]] for row in found if row["lo"] <= day < row["hi"]}
        alone = by_the_plain_rule(knowledge, county[0], definition, day, by)
        assert swept == {child: state for child, state in alone.items() if child in "AC"}
