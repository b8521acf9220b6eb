"""What an answer is worked out from: the history of the tables, the sources' settings, and their receipts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Any, Protocol

import narwhals.stable.v2 as nw

from lineofsight.allocation.owners import FIRST_DAY, NEVER, AllocationSettings, Workers
from lineofsight.record import frames
from lineofsight.vocabulary.moments import FOREVER, known_then, london_day, microseconds, moment_of

Frame = frames.Frame

EVIDENCE = "involvement"
"""The table that says who answers. A delivery without this file says nothing about it."""


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
    day (counting rule 14).
    """

    source: str
    moment: int
    number: int
    tables: frozenset[str]
    received_on: int = FIRST_DAY


@dataclass(frozen=True)
class AllocationSource:
    """A source that says who answers: its settings on the day, and whether it covers every child (`full`)."""

    settings: AllocationSettings
    full: bool

    @property
    def source(self) -> str:
        """The source's name."""
        return self.settings.source


@dataclass(frozen=True)
class AllocationHistory:
    """An authority's history as answers use it, by attested or by witnessed moments.

    `tables`: for each table, a frame with every version of every row. In the functions that take a
    AllocationHistory, `moment` is in microseconds; None means *as known then* for each day (rule 3).
    """

    tables: Mapping[str, Frame]
    workers: Workers
    settings: Sequence[AllocationSettings]
    receipts: Sequence[Receipt]
    engine: Engine
    witnessed: bool = False

    @property
    def known_from(self) -> str:
        """The column with the moment from which a version is known."""
        return frames.WITNESSED_FROM if self.witnessed else frames.ATTESTED_FROM

    @property
    def known_to(self) -> str:
        """The column with the moment at which a version stops being current."""
        return frames.WITNESSED_TO if self.witnessed else frames.ATTESTED_TO

    def only(self, children: Sequence[str]) -> AllocationHistory:
        """The history of some children only, and involvements without a child, because their referral may name one."""
        own = nw.col("child").is_null() | nw.col("child").is_in(list(children))
        tables = {name: self.engine.keep(frame.filter(own)) for name, frame in self.tables.items()}
        return replace(self, tables=tables)

    def settings_on(self, source: str, day: int) -> AllocationSettings | None:
        """A source's settings on a day; None before its first settings."""
        found = [one for one in self.settings if one.source == source and one.valid_from <= day]
        return max(found, key=lambda one: one.valid_from, default=None)

    def sources(self, day: int, moment: int) -> list[AllocationSource]:
        """The live sources that had said who answers by a moment, latest receipt first (rule 13)."""
        latest: dict[str, tuple[int, int]] = {}
        for one in self.receipts:
            if one.moment <= moment and EVIDENCE in one.tables:
                latest[one.source] = max(
                    latest.get(one.source, (one.moment, one.number)), (one.moment, one.number)
                )
        order = sorted(latest, key=lambda source: latest[source], reverse=True)
        said = [found for source in order if (found := self.settings_on(source, day))]
        return [
            AllocationSource(one, one.full) for one in said if one.live and self._tells_of(one, day, moment)
        ]

    def _tells_of(self, said: AllocationSettings, day: int, moment: int) -> bool:
        """Whether a source covers a day: a workbook does not cover days before the first workbook (rule 14)."""
        if said.format != WORKBOOK:
            return True
        return any(
            one.received_on <= day
            for one in self.receipts
            if one.source == said.source and one.moment <= moment and EVIDENCE in one.tables
        )

    def first_days(self) -> set[int]:
        """The days from which workbooks apply."""
        books = {one.source for one in self.settings if one.format == WORKBOOK}
        return {one.received_on for one in self.receipts if one.source in books}

    def states_episodes(self, moment: int) -> bool:
        """Whether any source had delivered episodes by a moment (rule 9)."""
        return any("episode" in one.tables and one.moment <= moment for one in self.receipts)

    def worklists(self, day: int) -> list[str]:
        """The sources whose open rows count as episodes if no source delivers episodes."""
        names = sorted({one.source for one in self.settings})
        return [name for name in names if (said := self.settings_on(name, day)) and said.format == "worklist"]


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


def with_days_known(knowledge: AllocationHistory, rows: Frame, moment: int | None) -> Frame:
    """Rows known by a moment, with the days `_lo` (included) to `_hi` (excluded) for which each row counts.

    For *as known then*, a version counts for a day if it was known by the end of the day after.
    """
    if moment is not None:
        known = frames.known(rows, moment, witnessed=knowledge.witnessed)
        return known.with_columns(nw.lit(FIRST_DAY).alias("_lo"), nw.lit(NEVER).alias("_hi"))
    from_, to = knowledge.known_from, knowledge.known_to
    moments = sorted(
        {row[name] for name in (from_, to) for row in knowledge.engine.rows(rows.select(name).unique())}
    )
    days = [known_day(one) for one in moments]
    begun = knowledge.engine.table({from_: moments, "_lo": days})
    ended = knowledge.engine.table({to: moments, "_hi": days})
    return rows.join(begun, on=from_, how="left").join(ended, on=to, how="left")


def within(rows: Frame, begins: str | None, ends: str | None, first: int, last: int) -> Frame:
    """Rows as spans of days from `lo` (included) to `hi` (excluded), cut to `first` to `last`, without empty spans."""
    if first == last:  # lets an engine drop most rows before it works anything out
        rows = frames.on_day(rows, begins, ends, first)
    lo = _coalesced(begins, FIRST_DAY)
    hi = _coalesced(ends, NEVER)
    spans = rows.with_columns(
        nw.max_horizontal(lo, nw.col("_lo"), nw.lit(first)).alias("lo"),
        nw.min_horizontal(hi, nw.col("_hi"), nw.lit(last + 1)).alias("hi"),
    )
    return spans.filter(nw.col("lo") < nw.col("hi"))


def _coalesced(name: str | None, usual: int) -> Any:
    return nw.col(name).fill_null(usual).cast(nw.Int64) if name else nw.lit(usual)


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
