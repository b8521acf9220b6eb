"""Children who may be of the population, though nothing that counts says so: nobody can tell who answers for them.

A workbook tells of a child on days before its own, and its word counts only from its own day (rule 14).
Or the only rows that name a child were refused (rule 8).
"""

from __future__ import annotations

import narwhals.stable.v2 as nw

from lineofsight.allocation.history import AllocationHistory, Frame, known_day, moment_for, stretched
from lineofsight.allocation.population import population_spans
from lineofsight.allocation.spans import with_days_known
from lineofsight.allocation.states import Definition
from lineofsight.record.tables.refused_row import COUNTING_TABLES

_SPAN = ("child", "lo", "hi")


def maybe_spans(
    knowledge: AllocationHistory, definition: Definition, first: int, last: int, moment: int | None
) -> tuple[Frame, Frame | None] | None:
    """The population with a workbook's rows on every day they hold on, as `population_spans` gives it; None if it is the same."""
    if not knowledge.workbooks:
        return None
    return population_spans(knowledge.without_workbook_days(), definition, first, last, moment)


def refused_spans(
    knowledge: AllocationHistory, first: int, last: int, moment: int | None
) -> tuple[Frame, Frame] | None:
    """`child`, `lo`, `hi`, twice: the days on which refused rows name each child, and those on which an accepted row does.

    A child is known only from refused rows on the days that are in the first and not in the second.
    None if no refused row names a child.
    """
    if not knowledge.has_refused_rows:
        return None
    days = {known_day(one.moment) for one in knowledge.receipts} if moment is None else set[int]()

    def named(day: int) -> frozenset[str]:
        return knowledge.refused_by(moment_for(day, moment)).children

    spans = [
        (child, lo, hi)
        for lo, hi, children in stretched(days, first, last, named)
        for child in sorted(children)
    ]
    if not spans:
        return None
    children = sorted({child for child, _, _ in spans})
    refused = knowledge.engine.table(
        {name: list(cells) for name, cells in zip(_SPAN, zip(*spans, strict=True), strict=True)}
    )
    return refused, _accepted(knowledge.without_workbook_days(), children, first, last, moment)


def _accepted(
    knowledge: AllocationHistory, children: list[str], first: int, last: int, moment: int | None
) -> Frame:
    """The days on which a row that counts is known of each of these children, whatever days it holds on."""
    parts = []
    for table in sorted(COUNTING_TABLES):
        rows = knowledge.tables[table].filter(nw.col("child").is_in(children))
        known = with_days_known(knowledge, rows, moment)
        parts.append(
            known.select(
                "child",
                nw.max_horizontal("_lo", nw.lit(first).cast(nw.Int64)).alias("lo"),
                nw.min_horizontal("_hi", nw.lit(last + 1).cast(nw.Int64)).alias("hi"),
            )
        )
    return nw.concat(parts).filter(nw.col("lo") < nw.col("hi"))
