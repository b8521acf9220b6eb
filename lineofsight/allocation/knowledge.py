"""What an answer is worked out from: history of the tables, what sources are, and what was heard when."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Any, Protocol

import narwhals.stable.v2 as nw

from lineofsight.allocation.owners import FIRST_DAY, NEVER, SourceSaid, Workers
from lineofsight.record import frames
from lineofsight.vocabulary.moments import FOREVER, known_then, london_day, microseconds, moment_of

Frame = frames.Frame

EVIDENCE = "involvement"
"""The table whose file says who answers; a delivery without it says nothing of that."""


WORKBOOK = "annex_a"
"""The format whose cells carry no first day."""


class Engine(Protocol):
    """What opens and collects frames."""

    def table(self, columns: Mapping[str, Sequence[Any]]) -> Frame:
        """A frame of a few rows; whole numbers, but for the columns that `record.frames.TEXTS` names."""

    def keep(self, frame: Frame) -> Frame:
        """The same rows, worked out once where they are asked for again."""

    def rows(self, frame: Frame) -> list[dict[str, Any]]:
        """The rows of a frame."""


@dataclass(frozen=True)
class Heard:
    """One hearing of a source: when (µs), its link's number, and the tables whose files it brought.

    `received_on`: the day it is said to have been received, which for a workbook is the day from
    which its cells hold (counting rule 14).
    """

    source: str
    moment: int
    number: int
    tables: frozenset[str]
    received_on: int = FIRST_DAY


@dataclass(frozen=True)
class Teller:
    """A source that can tell who answers: its settings that day, and whether it tells of every child."""

    said: SourceSaid
    full: bool

    @property
    def source(self) -> str:
        """Its name."""
        return self.said.source


@dataclass(frozen=True)
class Knowledge:
    """An authority's history as answers take it, resting on attested or on witnessed moments.

    `tables`: for each table a frame of every version ever stated. `moment` of the functions that
    take a Knowledge is in microseconds; None stands for *as known then* of each day (rule 3).
    """

    tables: Mapping[str, Frame]
    workers: Workers
    said: Sequence[SourceSaid]
    heard: Sequence[Heard]
    engine: Engine
    witnessed: bool = False

    @property
    def known_from(self) -> str:
        """The column with the moment from which a version was known."""
        return frames.WITNESSED_FROM if self.witnessed else frames.ATTESTED_FROM

    @property
    def known_to(self) -> str:
        """The column with the moment at which a version was known no more."""
        return frames.WITNESSED_TO if self.witnessed else frames.ATTESTED_TO

    def only(self, children: Sequence[str]) -> Knowledge:
        """The same of some children only; involvements that name no child are kept, for their referrals may."""
        own = nw.col("child").is_null() | nw.col("child").is_in(list(children))
        tables = {name: self.engine.keep(frame.filter(own)) for name, frame in self.tables.items()}
        return replace(self, tables=tables)

    def said_on(self, source: str, day: int) -> SourceSaid | None:
        """A source's settings as they hold on a day; None before the first of them."""
        found = [one for one in self.said if one.source == source and one.valid_from <= day]
        return max(found, key=lambda one: one.valid_from, default=None)

    def tellers(self, day: int, moment: int) -> list[Teller]:
        """The live sources whose word on who answers was heard by a moment, the latest heard first (rule 13)."""
        latest: dict[str, tuple[int, int]] = {}
        for one in self.heard:
            if one.moment <= moment and EVIDENCE in one.tables:
                latest[one.source] = max(
                    latest.get(one.source, (one.moment, one.number)), (one.moment, one.number)
                )
        order = sorted(latest, key=lambda source: latest[source], reverse=True)
        said = [found for source in order if (found := self.said_on(source, day))]
        return [Teller(one, one.full) for one in said if one.live and self._tells_of(one, day, moment)]

    def _tells_of(self, said: SourceSaid, day: int, moment: int) -> bool:
        """Whether a source can tell of a day: a workbook cannot of days before the first (rule 14)."""
        if said.format != WORKBOOK:
            return True
        return any(one.received_on <= day for one in self.heard
                   if one.source == said.source and one.moment <= moment and EVIDENCE in one.tables)  # fmt: skip

    def first_days(self) -> set[int]:
        """The days from which workbooks tell."""
        books = {one.source for one in self.said if one.format == WORKBOOK}
        return {one.received_on for one in self.heard if one.source in books}

    def states_episodes(self, moment: int) -> bool:
        """Whether any source had stated episodes by a moment (rule 9)."""
        return any("episode" in one.tables and one.moment <= moment for one in self.heard)

    def worklists(self, day: int) -> list[str]:
        """The sources whose open rows stand for episodes where no source states any."""
        names = sorted({one.source for one in self.said})
        return [name for name in names if (said := self.said_on(name, day)) and said.format == "worklist"]


def moment_for(day: int, moment: int | None) -> int:
    """The moment by which a day is known: the one given, or as known then."""
    return microseconds(known_then(date.fromordinal(min(day, _LAST)))) if moment is None else moment


_LAST = date(9998, 12, 30).toordinal()


def known_day(moment: int) -> int:
    """The first day that, as known then, was known with what became known at a moment: the day before its own."""
    if moment >= FOREVER:
        return NEVER
    return london_day(moment_of(moment)).toordinal() - 1


def day_of(moment: int) -> int:
    """The London day of a moment as an ordinal; NEVER for the moment that never comes."""
    return NEVER if moment >= FOREVER else known_day(moment) + 1


def with_days_known(knowledge: Knowledge, rows: Frame, moment: int | None) -> Frame:
    """Rows known by a moment with `_lo` and `_hi`, the days between which that makes no difference.

    As known then, what a version says of a day counts where it was known by the end of the day after.
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
    """Rows as spans `lo` (in) to `hi` (out) of days, cut to those from `first` to `last`; empty ones are gone."""
    if first == last:  # so that an engine throws away most rows before it works anything out
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
    """The stretches into which days between `first` and `last` cut that time, each (in, out)."""
    cuts = sorted({first, last + 1} | {day for day in days if first < day <= last})
    return list(pairwise(cuts))


def merged(stretches: Sequence[tuple[int, int, Any]]) -> list[tuple[int, int, Any]]:
    """Neighbouring stretches that say the same as one."""
    found: list[tuple[int, int, Any]] = []
    for lo, hi, what in stretches:
        if found and found[-1][2] == what and found[-1][1] == lo:
            found[-1] = (found[-1][0], hi, what)
        else:
            found.append((lo, hi, what))
    return found


Evaluate = Callable[[int], Any]


def stretched(days: set[int], first: int, last: int, at: Evaluate) -> list[tuple[int, int, Any]]:
    """What `at` gives over the days from `first` to `last`, where it can only change on `days`."""
    return merged([(lo, hi, at(lo)) for lo, hi in over_days(days, first, last)])
