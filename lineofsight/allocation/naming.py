"""Of which children a source speaks: it answers for those it names (counting rule 11)."""

from __future__ import annotations

import narwhals.stable.v2 as nw

from lineofsight.allocation.history import EVIDENCE, AllocationHistory, Frame, day_of, known_day
from lineofsight.allocation.owners import NEVER, Silence
from lineofsight.allocation.spans import with_day, with_days_known
from lineofsight.record import frames


def spoken_of(
    knowledge: AllocationHistory, source: str, silence: Silence, moment: int | None
) -> Frame | None:
    """`child`, `lo`, `hi`: the days on which a source speaks of each child; None if it speaks of every counted child.

    The spans of one child may overlap.
    """
    if silence == "every":
        return None
    if silence == "named" and {one.source for one in knowledge.settings} == {source}:
        return None  # whoever counts a child names it, and nobody else could have counted it
    named = with_days_known(knowledge, knowledge.names.filter(nw.col(frames.SOURCE) == source), moment)
    spans = named.select("child", nw.col("_lo").alias("lo"), nw.col("_hi").alias("hi"))
    if silence == "stated":
        spans = spans.join(_stated(knowledge, source, moment), on="child", how="inner").select(
            "child",
            nw.max_horizontal("lo", "_from").alias("lo"),
            nw.min_horizontal("hi", "_until").alias("hi"),
        )
    return spans.filter(nw.col("lo") < nw.col("hi")).unique()


def _stated(knowledge: AllocationHistory, source: str, moment: int | None) -> Frame:
    """`child`, `_from`, `_until`: the children with an involvement from a source, and the days on which that is known.

    A child that an involvement names stays included. A child found through a referral is included while
    the referral is known to be theirs.
    """
    rows = knowledge.tables[EVIDENCE].filter(nw.col(frames.SOURCE) == source)
    ever = knowledge.engine.keep(_since(knowledge, source, rows, moment))
    named = ever.filter(~nw.col("child").is_null()).select(
        "child", "_from", nw.lit(NEVER).cast(nw.Int64).alias("_until")
    )
    nameless = knowledge.engine.keep(ever.filter(nw.col("child").is_null()).drop("child"))
    if not knowledge.engine.rows(nameless.select(nw.len()))[0]["len"]:
        return named.unique()
    episodes = with_days_known(knowledge, knowledge.tables["episode"], moment)
    whose = episodes.select("child", frames.SOURCE, "referral", "_lo", "_hi")
    found = nameless.join(whose, on=[frames.SOURCE, "referral"], how="inner").select(
        "child", nw.max_horizontal("_from", "_lo").alias("_from"), nw.col("_hi").alias("_until")
    )
    return nw.concat([named, found]).unique()


def _since(knowledge: AllocationHistory, source: str, rows: Frame, moment: int | None) -> Frame:
    """`child`, `referral`, the source and `_from`: the first day for which it is known that a row was ever stated."""
    columns = ("child", "referral", frames.SOURCE, "_from")
    if moment is not None:
        rows = rows.filter(nw.col(knowledge.known_from) <= moment)
        rows = rows.with_columns(nw.lit(1).cast(nw.Int64).alias("_from"))
    else:
        rows = with_day(knowledge, rows, knowledge.known_from, known_day, "_from")
    if source in knowledge.workbooks:
        rows = with_day(knowledge, rows, frames.ATTESTED_FROM, day_of, "_own")
        rows = rows.with_columns(nw.max_horizontal("_from", "_own").alias("_from"))
    return rows.select(*columns).unique()
