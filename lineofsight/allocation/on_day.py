"""The state of every counted child on one day (counting rules 9 to 13)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import narwhals.stable.v2 as nw

from lineofsight.allocation import states
from lineofsight.allocation.history import AllocationHistory, AllocationSource, Frame, moment_for
from lineofsight.allocation.involvements import best, coded_spans
from lineofsight.allocation.naming import spoken_of
from lineofsight.allocation.population import population_spans
from lineofsight.allocation.states import NEED_A_WORKER, Definition, State
from lineofsight.allocation.uncertain import maybe_spans, refused_spans
from lineofsight.record import frames


@dataclass(frozen=True)
class Day:
    """One day's children. `children` has `child`, `code`, `teller` (the place of the source that decides) and `differs`."""

    knowledge: AllocationHistory
    day: int
    moment: int
    sources: list[AllocationSource]
    children: Frame
    coded: Frame

    def counts(self) -> tuple[dict[State, int], int]:
        """How many children are in each state, and for how many another source differs."""
        groups = self.children.group_by("code", "differs").agg(nw.len().alias("n"))
        found: Counter[State] = Counter()
        disagreements = 0
        for row in self.knowledge.engine.rows(groups):
            found[states.state_of(row["code"])] += row["n"]
            disagreements += row["n"] if row["differs"] else 0
        return {state: found[state] for state in states.STATES}, disagreements

    def disagreeing(self) -> dict[str, list[tuple[str, State]]]:
        """Each source's state for the children on whom sources disagree, the deciding source first."""
        names = [f"_code{at}" for at in range(len(self.sources))]
        rows = self.knowledge.engine.rows(self.children.filter(nw.col("differs")).select("child", *names))
        return {
            row["child"]: [
                (teller.source, states.state_of(row[name]))
                for teller, name in zip(self.sources, names, strict=True)
                if row[name] is not None
            ]
            for row in rows
        }

    def states(self) -> dict[str, State]:
        """The state of each counted child."""
        rows = self.knowledge.engine.rows(self.children.select("child", "code"))
        return {row["child"]: states.state_of(row["code"]) for row in rows}


def on_day(knowledge: AllocationHistory, definition: Definition, day: int, moment: int | None) -> Day:
    """Every child counted on a day as known by a moment (None: as known then), and who answers for each."""
    by = moment_for(day, moment)
    children = _with_uncertain(knowledge, definition, day, by, _population(knowledge, definition, day, by))
    coded = knowledge.engine.keep(coded_spans(knowledge, day, day, by))
    sources = knowledge.sources(day, by)
    for at, teller in enumerate(sources):
        told = _told(knowledge, coded, teller, day, by, at, children)
        children = children.join(told, on="child", how="left")
    whole = knowledge.engine.keep(_settled(children, len(sources)))
    return Day(knowledge, day, by, sources, whole, coded)


def _population(knowledge: AllocationHistory, definition: Definition, day: int, moment: int) -> Frame:
    """`child`: every child that what was known counts on the day."""
    return knowledge.engine.keep(_counted(*population_spans(knowledge, definition, day, day, moment)))


def _counted(episodes: Frame, past: Frame | None) -> Frame:
    children = episodes.select("child").unique()
    return children if past is None else children.join(past.select("child").unique(), on="child", how="inner")


def _with_uncertain(
    knowledge: AllocationHistory, definition: Definition, day: int, moment: int, sure: Frame
) -> Frame:
    """The children, and with `_sure` 0 those of whom nobody can tell whether they belong to the population."""
    maybe = maybe_spans(knowledge, definition, day, day, moment)
    more = [] if maybe is None else [_counted(*maybe)]
    if refused := refused_spans(knowledge, day, day, moment):
        only = refused[0].select("child").join(refused[1].select("child"), on="child", how="anti")
        if definition == NEED_A_WORKER:
            past = (maybe or population_spans(knowledge, definition, day, day, moment))[1]
            only = _counted(only, past)
        more.append(only)
    children = sure.with_columns(nw.lit(1).cast(nw.Int64).alias("_sure"))
    if not more:
        return children
    uncertain = nw.concat(more).unique().join(sure, on="child", how="anti")
    return knowledge.engine.keep(
        nw.concat([children, uncertain.with_columns(nw.lit(0).cast(nw.Int64).alias("_sure"))])
    )


def _told(
    knowledge: AllocationHistory,
    coded: Frame,
    teller: AllocationSource,
    day: int,
    moment: int,
    at: int,
    children: Frame,
) -> Frame:
    """`child`, `_code<at>`: a source's code for each child it speaks of."""
    own = coded.filter(nw.col(frames.SOURCE) == teller.source)
    stated = own.group_by("child").agg(nw.col("code").min().alias("_stated"))
    told = children.select("child")
    if (spans := spoken_of(knowledge, teller.source, teller.silence, moment)) is not None:
        on_the_day = spans.filter((nw.col("lo") <= day) & (nw.col("hi") > day)).select("child").unique()
        told = told.join(on_the_day, on="child", how="inner")
    joined = told.join(stated, on="child", how="left")
    return joined.select("child", nw.col("_stated").fill_null(states.BY_NOBODY).alias(f"_code{at}"))


def _settled(children: Frame, sources: int) -> Frame:
    """The first source that speaks of a child decides; `differs` is true if another gives a different state.

    A child who only may belong to the population is one of whom nobody can tell.
    """
    names = [f"_code{at}" for at in range(sources)]
    if not names:
        return children.select(
            "child",
            nw.lit(states.UNKNOWN).alias("code"),
            nw.lit(-1).alias("teller"),
            nw.lit(False).alias("differs"),
        )
    code, teller = nw.lit(states.UNKNOWN), nw.lit(-1)
    for at, name in reversed(list(enumerate(names))):
        told = ~nw.col(name).is_null()
        code = nw.when(told).then(nw.col(name)).otherwise(code)
        teller = nw.when(told).then(nw.lit(at)).otherwise(teller)
    places = [nw.when(~nw.col(name).is_null()).then(best(name)) for name in names]
    differs = nw.min_horizontal(*places) != nw.max_horizontal(*places) if sources > 1 else nw.lit(False)
    sure = nw.col("_sure") == 1
    return children.with_columns(
        nw.when(sure).then(code).otherwise(nw.lit(states.UNKNOWN)).alias("code"),
        nw.when(sure).then(teller).otherwise(nw.lit(-1)).alias("teller"),
        (differs.fill_null(False) & sure).alias("differs"),
    )
