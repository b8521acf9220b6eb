"""How far a delivery would change the figure: who answers for each child before it and after it (counting rule 6)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

import narwhals.stable.v2 as nw
from pydantic import TypeAdapter

from lineofsight.allocation import states
from lineofsight.allocation.history import Frame
from lineofsight.allocation.on_day import Day, on_day
from lineofsight.allocation.states import State
from lineofsight.queries.history import settings_of_sources, worked_out
from lineofsight.queries.record import Record
from lineofsight.record import frames

MOST_PERCENT = 20
MOST_CHILDREN = 50
"""What changes more than both, the share of the population and the number of children, waits for a named person."""
FEWEST_STRANGERS = 2
"""A source that names fewer children, or nobody, is no sign of numbers written in another way."""
FEWEST_TOLD = 5
"""A share of fewer children than this is no news: in a service of four, one child is a quarter."""


@dataclass(frozen=True)
class Headline:
    """A figure in short: the children counted, those without an allocated worker (None: nobody can tell), by state."""

    population: int
    unallocated: int | None
    states: dict[State, int]


@dataclass(frozen=True)
class FigureChange:
    """The figure of a day before and after a delivery.

    `children`: of the children counted before, how many would be in another state, or counted no longer.
    """

    as_at: date
    children: int
    before: Headline
    after: Headline

    @property
    def unallocated(self) -> int:
        """By how many the children without an allocated worker would change; 0 where one of the two is not known."""
        before, after = self.before.unallocated, self.after.unallocated
        return 0 if before is None or after is None else abs(after - before)

    @property
    def most(self) -> int:
        """The larger of the two: children in another state, or the change of those without an allocated worker."""
        return max(self.children, self.unallocated)

    @property
    def percent(self) -> int:
        """The children in another state, as a share of the population before."""
        return round(100 * self.children / self.before.population)

    @property
    def is_large(self) -> bool:
        """Whether it is more than a fifth of the population, and of enough children to be told."""
        return self.most >= FEWEST_TOLD and self.most * 100 > self.before.population * MOST_PERCENT

    @property
    def waits(self) -> bool:
        """Whether a named person has to confirm it first."""
        return self.is_large and self.most > MOST_CHILDREN


def figure_change(before: Record, after: Record, as_at: date, moment: int) -> FigureChange | None:
    """The figure as at a day, known by a moment (microseconds), from two states of one authority's record.

    None where the earlier state counts nobody: an authority's first delivery is compared with nothing.
    Nothing is stored for later questions, so `after` may be a state that the record never comes to.
    """
    if (then := _day(before, as_at, moment)) is None or (now := _day(after, as_at, moment)) is None:
        return None
    earlier, later = then.states(), now.states()
    if not earlier:
        return None
    changed = sum(later.get(child) != state for child, state in earlier.items())
    return FigureChange(as_at, changed, _headline(then), _headline(now))


def new_strangers(before: Record, after: Record, as_at: date, moment: int) -> list[str]:
    """The sources that say `none` of every child by naming nobody (counting rule 11), and name no child that is counted.

    Their numbers are probably written in another way. Only those of whom the earlier state did not say so already.
    """
    if not any(one.covers_service for one in settings_of_sources(after)):
        return []
    strangers = _strangers(after, as_at, moment)
    return sorted(strangers - _strangers(before, as_at, moment)) if strangers else []


def covering(record: Record, day: date) -> list[str]:
    """The sources that say of every child whom they do not name that nobody answers (counting rule 11), on a day."""
    latest = {one.source: one for one in settings_of_sources(record) if one.valid_from <= day.toordinal()}
    return sorted(
        name for name, one in latest.items() if one.silence == "every" and one.speaks_on(day.toordinal())
    )


@dataclass(frozen=True)
class SecondCovering:
    """A source that is to speak for every child, those that do so already, and the children who have a worker now."""

    source: str
    others: list[str]
    children: int


def second_covering(before: Record, after: Record, as_at: date, moment: int) -> list[SecondCovering]:
    """The sources that a change of settings makes speak for every child beside others that do."""
    then, now = covering(before, as_at), covering(after, as_at)
    new = [name for name in now if name not in then]
    if not new or len(now) < 2:
        return []
    day = _day(before, as_at, moment)
    children = 0 if day is None else day.counts()[0][states.ALLOCATED]
    return [SecondCovering(name, [one for one in now if one != name], children) for name in new]


def workers_lost(record: Record, as_at: date, moment: int, named: Collection[str]) -> tuple[int, int]:
    """How many children have a worker on a day, and how many of these are not among `named`."""
    day = _day(record, as_at, moment)
    states_now = {} if day is None else day.states()
    allocated = {child for child, state in states_now.items() if state == states.ALLOCATED}
    return len(allocated), len(allocated - set(named))


def _strangers(record: Record, as_at: date, moment: int) -> set[str]:
    day = _day(record, as_at, moment)
    if day is None or not any(one.silence == "every" for one in day.sources):
        return set()
    if not day.knowledge.naming:
        return set()  # a single full roster names every child that is counted
    counted = day.children.select("child")
    if not day.knowledge.engine.rows(counted):
        return set()
    named = frames.known(day.knowledge.names, moment).select(frames.SOURCE, "child").unique()
    met = named.join(counted, on="child", how="inner")
    of_source = _by_source(day, named)
    known = _by_source(day, met)
    every = {one.source for one in day.sources if one.silence == "every"}
    return {
        source for source in every if of_source.get(source, 0) >= FEWEST_STRANGERS and source not in known
    }


def _by_source(day: Day, named: Frame) -> dict[str, int]:
    """How many children each source names."""
    rows = day.knowledge.engine.rows(named.group_by(frames.SOURCE).agg(nw.len().alias("n")))
    return {row[frames.SOURCE]: row["n"] for row in rows}


def _day(record: Record, as_at: date, moment: int) -> Day | None:
    history = worked_out(record, witnessed=False)
    if history.latest() is None:
        return None
    return on_day(history.knowledge, states.OPEN_EPISODES, as_at.toordinal(), moment)


def _headline(day: Day) -> Headline:
    counts, _ = day.counts()
    population = sum(counts.values())
    known = population != counts[states.CANNOT_TELL] if population else bool(day.sources)
    unallocated = sum(counts[state] for state in states.UNALLOCATED) if known else None
    return Headline(population, unallocated, counts)


_READ = TypeAdapter(FigureChange)


def read_change(stated: Any) -> FigureChange | None:
    """A change as a link of the chain states it; None where it states none."""
    return _READ.validate_python(stated) if stated else None
