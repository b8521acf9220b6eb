"""What an answer is worked out from: the history of the tables, the sources' settings, and their receipts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import Any, Protocol

import narwhals.stable.v2 as nw

from lineofsight.allocation.owners import FIRST_DAY, NEVER, AllocationSettings, Silence
from lineofsight.allocation.workers import Workers
from lineofsight.record import frames
from lineofsight.record.tables.refused_row import COUNTING_TABLES
from lineofsight.vocabulary.moments import FOREVER, known_then, london_day, microseconds, moment_of

Frame = frames.Frame

EVIDENCE = "involvement"
"""The table that says who answers. A delivery without this file says nothing about it."""

_MOMENTS = (frames.ATTESTED_FROM, frames.ATTESTED_TO, frames.WITNESSED_FROM, frames.WITNESSED_TO)

WORKBOOK = "annex_a"
"""The format whose cells have no first day."""


class Engine(Protocol):
    """Opens and collects frames."""

    def table(self, columns: Mapping[str, Sequence[Any]]) -> Frame:
        """A frame of a few rows. Columns hold whole numbers, except the text columns in `record.frames.TEXTS`."""

    def keep(self, frame: Frame) -> Frame:
        """The same rows, worked out only once however often they are used."""

    def rows(self, frame: Frame) -> list[dict[str, Any]]:
        """The rows of a frame."""


@dataclass(frozen=True)
class Receipt:
    """One receipt of a source's delivery: its moment (µs), its link's number, and the tables of its files.

    `received_on`: the day of receipt, or the day given for it. A workbook's cells apply from that
    day (counting rule 14). `read_by`: the number of the link that read the files.
    """

    source: str
    moment: int
    number: int
    tables: frozenset[str]
    received_on: int = FIRST_DAY
    read_by: int = 0


@dataclass(frozen=True)
class RefusedRows:
    """The rows of one table that a delivery had refused: how many, and the children that can be told from them."""

    rows: int = 0
    children: frozenset[str] = frozenset()


@dataclass(frozen=True)
class AllocationSource:
    """A source that says who answers: its settings on the day, and whose worker its silence denies."""

    settings: AllocationSettings
    silence: Silence

    @property
    def source(self) -> str:
        """The source's name."""
        return self.settings.source


@dataclass(frozen=True)
class AllocationHistory:
    """An authority's history as answers use it, by attested or by witnessed moments.

    `tables`: for each table, a frame with every version of every row. `naming`: the same of every table
    that names a child. `refused`: by the number of the link that read a delivery, its refused rows by table. In the
    functions that take a AllocationHistory, `moment` is in microseconds; None means *as known then* for each day (rule 3).
    """

    tables: Mapping[str, Frame]
    workers: Workers
    settings: Sequence[AllocationSettings]
    receipts: Sequence[Receipt]
    engine: Engine
    witnessed: bool = False
    naming: Mapping[str, Frame] = field(default_factory=dict)
    refused: Mapping[int, Mapping[str, RefusedRows]] = field(default_factory=dict)
    ignores_workbook_days: bool = False
    """Whether a workbook's rows count on every day they hold on, also before the workbook's own day."""

    @property
    def known_from(self) -> str:
        """The column with the moment from which a version is known."""
        return frames.WITNESSED_FROM if self.witnessed else frames.ATTESTED_FROM

    @property
    def known_to(self) -> str:
        """The column with the moment at which a version stops being current."""
        return frames.WITNESSED_TO if self.witnessed else frames.ATTESTED_TO

    @cached_property
    def workbooks(self) -> frozenset[str]:
        """The sources whose rows count only from their workbook's own day (rule 14)."""
        books = {one.source for one in self.settings if one.format == WORKBOOK}
        return frozenset() if self.ignores_workbook_days else frozenset(books)

    @cached_property
    def names(self) -> Frame:
        """`child`, the source, and the moments between which the source has a row of that child."""
        columns = ("child", frames.SOURCE, *_MOMENTS)
        named = [rows.filter(~nw.col("child").is_null()).select(*columns) for rows in self.naming.values()]
        return self.engine.keep(nw.concat(named).unique())

    @cached_property
    def has_refused_rows(self) -> bool:
        """Whether any delivery ever had a row refused that might have counted a child."""
        return any(table.rows for tables in self.refused.values() for table in tables.values())

    def only(self, children: Sequence[str]) -> AllocationHistory:
        """The history of some children only, and involvements without a child, because their referral may name one."""
        own = nw.col("child").is_null() | nw.col("child").is_in(list(children))
        tables = {name: self.engine.keep(frame.filter(own)) for name, frame in self.tables.items()}
        naming = {
            name: frame.filter(nw.col("child").is_in(list(children))) for name, frame in self.naming.items()
        }
        refused = {
            number: {
                name: replace(table, children=table.children & set(children)) for name, table in of.items()
            }
            for number, of in self.refused.items()
        }
        return replace(self, tables=tables, naming=naming, refused=refused)

    def without_workbook_days(self) -> AllocationHistory:
        """The same history with a workbook's rows on every day they hold on: who may have been there."""
        return replace(self, ignores_workbook_days=True)

    def settings_on(self, source: str, day: int) -> AllocationSettings | None:
        """A source's settings on a day; None before its first settings."""
        found = [one for one in self.settings if one.source == source and one.valid_from <= day]
        return max(found, key=lambda one: one.valid_from, default=None)

    def received(self, day: int, moment: int, table: str) -> list[Receipt]:
        """The receipts of files of a table that count for a day by a moment: no workbook does before its own day."""
        return [
            one
            for one in self.receipts
            if one.moment <= moment
            and table in one.tables
            and (one.source not in self.workbooks or one.received_on <= day)
        ]

    def sources(self, day: int, moment: int) -> list[AllocationSource]:
        """The live sources that had said who answers by a moment, latest receipt first (rule 13)."""
        latest = {one.source: one for one in sorted(self.received(day, moment, EVIDENCE), key=_in_order)}
        order = sorted(latest, key=lambda source: _in_order(latest[source]), reverse=True)
        stated = [found for source in order if (found := self.settings_on(source, day))]
        return [AllocationSource(one, one.silence) for one in stated if one.speaks_on(day)]

    def days_of_sources(self) -> set[int]:
        """The days on which the sources of one moment may change: of their settings, and of their workbooks."""
        days = {one.valid_from for one in self.settings}
        days |= {one.valid_to for one in self.settings if one.valid_to is not None}
        return days | {one.received_on for one in self.receipts if one.source in self.workbooks}

    def states_episodes(self, day: int, moment: int) -> bool:
        """Whether any source had delivered episodes by a moment (rule 9)."""
        return bool(self.received(day, moment, "episode"))

    def refused_by(self, moment: int) -> RefusedRows:
        """The refused episodes and involvements of each source's latest delivery of these tables by a moment (rule 8)."""
        latest: dict[tuple[str, str], RefusedRows] = {}
        for receipt in sorted(self.receipts, key=_in_order):
            if receipt.moment <= moment:
                of = self.refused.get(receipt.read_by, {})
                latest |= {
                    (receipt.source, table): of.get(table, RefusedRows())
                    for table in COUNTING_TABLES & receipt.tables
                }
        children = frozenset[str]().union(*(table.children for table in latest.values()))
        return RefusedRows(sum(table.rows for table in latest.values()), children)

    def worklists(self, day: int) -> list[str]:
        """The sources whose open rows count as episodes if no source delivers episodes."""
        names = sorted({one.source for one in self.settings})
        return [name for name in names if (said := self.settings_on(name, day)) and said.format == "worklist"]


def _in_order(receipt: Receipt) -> tuple[int, int]:
    return receipt.moment, receipt.number


def moment_for(day: int, moment: int | None) -> int:
    """The given moment, or the moment that *as known then* means for the day."""
    return microseconds(known_then(date.fromordinal(min(day, _LAST)))) if moment is None else moment


_LAST = date(9998, 12, 30).toordinal()


def known_day(moment: int) -> int:
    """The first day whose *as known then* answer includes this moment: the day before the moment's own day."""
    if moment >= FOREVER:
        return NEVER
    return london_day(moment_of(moment)).toordinal() - 1


def day_of(moment: int) -> int:
    """The London day of a moment as an ordinal; NEVER for FOREVER."""
    return NEVER if moment >= FOREVER else known_day(moment) + 1


def over_days(days: set[int], first: int, last: int) -> list[tuple[int, int]]:
    """The stretches between `first` and `last`, cut at the given days; each is (first day, day after the last)."""
    cuts = sorted({first, last + 1} | {day for day in days if first < day <= last})
    return list(pairwise(cuts))


def merged(stretches: Sequence[tuple[int, int, Any]]) -> list[tuple[int, int, Any]]:
    """The stretches with equal neighbours joined into one."""
    found: list[tuple[int, int, Any]] = []
    for lo, hi, what in stretches:
        if found and found[-1][2] == what and found[-1][1] == lo:
            found[-1] = (found[-1][0], hi, what)
        else:
            found.append((lo, hi, what))
    return found


Evaluate = Callable[[int], Any]


def stretched(days: set[int], first: int, last: int, at: Evaluate) -> list[tuple[int, int, Any]]:
    """The results of `at` for the days from `first` to `last`, as stretches; they can change only on `days`."""
    return merged([(lo, hi, at(lo)) for lo, hi in over_days(days, first, last)])
