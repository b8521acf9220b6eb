"""The state of every counted child on one day (counting rules 9 to 13)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import narwhals.stable.v2 as nw

from lineofsight.allocation import states
from lineofsight.allocation.history import AllocationHistory, AllocationSource, Frame, moment_for
from lineofsight.allocation.involvements import best, coded_spans, stated_children
from lineofsight.allocation.population import population_spans
from lineofsight.allocation.states import Definition, State
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
    children = _population(knowledge, definition, day, by)
    coded = knowledge.engine.keep(coded_spans(knowledge, day, day, by))
    sources = knowledge.sources(day, by)
    for at, teller in enumerate(sources):
        children = children.join(_told(knowledge, coded, teller, by, at, children), on="child", how="left")
    whole = knowledge.engine.keep(_settled(children, len(sources)))
    return Day(knowledge, day, by, sources, whole, coded)


def _population(knowledge: AllocationHistory, definition: Definition, day: int, moment: int) -> Frame:
    episodes, past = population_spans(knowledge, definition, day, day, moment)
    children = episodes.select("child").unique()
    if past is not None:
        children = children.join(past.select("child").unique(), on="child", how="inner")
    return knowledge.engine.keep(children)


def _told(
    knowledge: AllocationHistory,
    coded: Frame,
    teller: AllocationSource,
    moment: int,
    at: int,
    children: Frame,
) -> Frame:
    """`child`, `_code<at>`: a source's code for each child it covers."""
    own = coded.filter(nw.col(frames.SOURCE) == teller.source)
    said = own.group_by("child").agg(nw.col("code").min().alias("_said"))
    told = children.select("child")
    if not teller.full:
        told = told.join(
            stated_children(knowledge, teller.source, moment).select("child"), on="child", how="inner"
        )
    joined = told.join(said, on="child", how="left")
    return joined.select("child", nw.col("_said").fill_null(states.BY_NOBODY).alias(f"_code{at}"))


def _settled(children: Frame, sources: int) -> Frame:
    """The first source that covers a child decides; `differs` is true if another gives a different state."""
    names = [f"_code{at}" for at in range(sources)]
    if not names:
        return children.select("child", nw.lit(states.UNKNOWN).alias("code"), nw.lit(-1).alias("teller"),
                               nw.lit(False).alias("differs"))  # fmt: skip
    code, teller = nw.lit(states.UNKNOWN), nw.lit(-1)
    for at, name in reversed(list(enumerate(names))):
        told = ~nw.col(name).is_null()
        code = nw.when(told).then(nw.col(name)).otherwise(code)
        teller = nw.when(told).then(nw.lit(at)).otherwise(teller)
    places = [nw.when(~nw.col(name).is_null()).then(best(name)) for name in names]
    differs = nw.min_horizontal(*places) != nw.max_horizontal(*places) if sources > 1 else nw.lit(False)
    return children.with_columns(
        code.alias("code"), teller.alias("teller"), differs.fill_null(False).alias("differs")
    )
