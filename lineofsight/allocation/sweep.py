"""States over many days: one sweep over beginnings and ends, however many days are asked."""

from __future__ import annotations

from itertools import accumulate

import narwhals.stable.v2 as nw

from lineofsight.allocation.history import AllocationHistory, Frame
from lineofsight.allocation.involvements import best, coded_spans, telling
from lineofsight.allocation.naming import spoken_of
from lineofsight.allocation.owners import SILENCES, Silence
from lineofsight.allocation.population import population_spans
from lineofsight.allocation.states import STATES, Definition, State
from lineofsight.allocation.uncertain import maybe_spans, refused_spans
from lineofsight.record import frames

_STATES = len(STATES)
_NOBODY = 3
_UNKNOWN = 4


def segments(
    knowledge: AllocationHistory,
    definition: Definition,
    first: int,
    last: int,
    moment: int | None,
    children: list[str] | None = None,
) -> Frame:
    """`child`, `lo`, `hi`, `state` (its place in STATES): every stretch of days on which a child was counted.

    Neighbouring stretches may have the same state. `children` limits the sweep to these children.
    """
    if children is not None:
        knowledge = knowledge.only(children)
    episodes, past = population_spans(knowledge, definition, first, last, moment)
    spans, ranks = _all_spans(knowledge, episodes.select("child", "lo", "hi"), first, last, moment)
    counters = [spans]
    counted = {"_open": episodes, "_past": past}
    if maybe := maybe_spans(knowledge, definition, first, last, moment):
        counted |= {"_maybe": maybe[0], "_maybe_past": maybe[1]}
    if refused := refused_spans(knowledge, first, last, moment):
        counted |= {"_refused": refused[0], "_accepted": refused[1]}
    counters += [_counter(frame, name) for name, frame in counted.items() if frame is not None]
    names = [name for name, frame in counted.items() if frame is not None]
    every = nw.concat([_changes(one) for one in counters])
    return _swept(every, names, [f"_c{at}" for at in range(ranks * _STATES)], last)


def _counter(spans: Frame, name: str) -> Frame:
    return spans.select("child", "lo", "hi", nw.lit(name).alias("what"))


def _all_spans(
    knowledge: AllocationHistory, population: Frame, first: int, last: int, moment: int | None
) -> tuple[Frame, int]:
    """Each source's states as spans named `_c<rank and state>` in `what`, and the number of ranks."""
    told = telling(knowledge, first, last, moment)
    columns: dict[str, list[object]] = {frames.SOURCE: [], "_lo": [], "_hi": [], "_rank": [], "_silence": []}
    ranks = max((len(sources) for _, _, sources in told), default=0)
    for lo, hi, sources in told:
        for rank, teller in enumerate(sources):
            cells = (teller.source, lo, hi, rank, SILENCES.index(teller.silence))
            for column, cell in zip(columns.values(), cells, strict=True):
                column.append(cell)
    times = knowledge.engine.table(columns)
    said = coded_spans(knowledge, first, last, moment).with_columns(best("code").alias("_place"))
    parts = [_cut(said.join(times, on=frames.SOURCE, how="inner"), "_place")]
    parts += [
        _nobody(knowledge, population, source, silence, times, moment)
        for source, silence in sorted({(t.source, t.silence) for _, _, sources in told for t in sources})
    ]
    return nw.concat(parts), ranks


def _nobody(
    knowledge: AllocationHistory,
    population: Frame,
    source: str,
    silence: Silence,
    times: Frame,
    moment: int | None,
) -> Frame:
    """Spans of the state `none` for every child that a source speaks of; any better state replaces it."""
    own = times.filter((nw.col(frames.SOURCE) == source) & (nw.col("_silence") == SILENCES.index(silence)))
    spans = spoken_of(knowledge, source, silence, moment)
    if spans is None:
        spans = population
    else:
        spans = spans.join(population.select("child").unique(), on="child", how="inner")
    silent = spans.join(own, how="cross")
    return _cut(silent.with_columns(nw.lit(_NOBODY).alias("_place")), "_place")


def _cut(spans: Frame, place: str) -> Frame:
    """Spans cut to the days on which their source has its rank, named after rank and state."""
    cut = spans.with_columns(
        nw.max_horizontal("lo", "_lo").alias("lo"), nw.min_horizontal("hi", "_hi").alias("hi")
    ).filter(nw.col("lo") < nw.col("hi"))
    code = (nw.col("_rank") * _STATES + nw.col(place)).cast(nw.Int64).cast(nw.String)
    return cut.select("child", "lo", "hi", nw.concat_str(nw.lit("_c"), code).alias("what"))


def _changes(spans: Frame) -> Frame:
    """Each span as two changes of its counter: plus one on `lo`, minus one on `hi`."""
    up = spans.select("child", nw.col("lo").cast(nw.Int64).alias("day"), "what", nw.lit(1).alias("by"))
    down = spans.select("child", nw.col("hi").cast(nw.Int64).alias("day"), "what", nw.lit(-1).alias("by"))
    return nw.concat([up, down])


def _swept(changes: Frame, counted: list[str], ranked: list[str], last: int) -> Frame:
    """`counted`: the counters of `segments` that there are; `ranked`: those of each source's states, best first."""
    names = [*counted, *ranked]
    counters = [
        nw.when(nw.col("what") == name).then(nw.col("by")).otherwise(nw.lit(0)).alias(name) for name in names
    ]
    daily = (
        changes.with_columns(*counters).group_by("child", "day").agg(*(nw.col(name).sum() for name in names))
    )
    over = {"order_by": "day"}
    totals = [nw.col(name).cum_sum().over("child", **over).alias(name) for name in names]
    until = nw.col("day").shift(-1).over("child", **over).fill_null(last + 1).alias("hi")
    running = daily.with_columns(*totals, until)

    def on(name: str) -> nw.Expr:
        return nw.col(name) > 0 if name in counted else nw.lit(True)

    sure = on("_open") & on("_past")
    there = sure
    if "_maybe" in counted:
        there = there | (on("_maybe") & on("_maybe_past"))
    if "_refused" in counted:
        past = on("_maybe_past") if "_maybe" in counted else on("_past")
        there = there | (on("_refused") & ~on("_accepted") & past)
    state = nw.lit(_UNKNOWN)
    for at, name in reversed(list(enumerate(ranked))):
        state = nw.when(nw.col(name) > 0).then(nw.lit(at % _STATES)).otherwise(state)
    state = nw.when(sure).then(state).otherwise(nw.lit(_UNKNOWN))
    found = running.filter(there & (nw.col("day") < nw.col("hi")) & (nw.col("day") <= last))
    return found.select("child", nw.col("day").alias("lo"), "hi", state.alias("state"))


def trend(
    knowledge: AllocationHistory, definition: Definition, first: int, last: int, moment: int | None
) -> list[tuple[int, dict[State, int]]]:
    """For each day from `first` to `last`, how many children were in each state, from one sweep."""
    found = knowledge.engine.keep(segments(knowledge, definition, first, last, moment))
    changes = [[0] * _STATES for _ in range(last - first + 2)]
    for name, by in (("lo", 1), ("hi", -1)):
        for row in knowledge.engine.rows(found.group_by(name, "state").agg(nw.len().alias("n"))):
            changes[row[name] - first][row["state"]] += by * row["n"]
    totals = accumulate(changes, lambda held, change: [a + b for a, b in zip(held, change, strict=True)])
    days = zip(range(first, last + 1), totals, strict=False)
    return [(day, dict(zip(STATES, counts, strict=True))) for day, counts in days]
