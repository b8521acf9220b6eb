"""Which children a figure counts, over spans of days (counting rules 9 and 15)."""

from __future__ import annotations

import narwhals.stable.v2 as nw

from lineofsight.allocation.history import (
    EVIDENCE,
    AllocationHistory,
    Frame,
    known_day,
    moment_for,
    stretched,
)
from lineofsight.allocation.owners import NEVER
from lineofsight.allocation.spans import with_days_known, within
from lineofsight.allocation.states import NEED_A_WORKER, Definition
from lineofsight.record import frames
from lineofsight.vocabulary.yes import YES

_SPAN = ("child", "lo", "hi")
_EPISODE = ("child", "referral", "begun_on", "closed_on", "lo", "hi")


def counted_episodes(episodes: Frame) -> Frame:
    """Episodes that did not end in no further action."""
    said = nw.col("nfa").fill_null("").str.strip_chars().str.to_lowercase()
    return episodes.filter(~said.is_in(YES))


def episode_spans(knowledge: AllocationHistory, first: int, last: int, moment: int | None) -> Frame:
    """`child`, `referral`, `begun_on`, `closed_on`, `lo`, `hi`: when each episode, or worklist row instead, was open."""
    known = with_days_known(knowledge, knowledge.tables["episode"], moment)
    spans = counted_episodes(within(known, "begun_on", "closed_on", first, last))
    stated = spans.select(*_EPISODE)
    instead = _worklist_spans(knowledge, first, last, moment)
    return stated if instead is None else nw.concat([stated, instead])


def _worklist_spans(knowledge: AllocationHistory, first: int, last: int, moment: int | None) -> Frame | None:
    """Open worklist rows as episodes, on days for which no source had delivered episodes."""
    days = knowledge.days_of_sources()
    if moment is None:
        stating = [one for one in knowledge.receipts if "episode" in one.tables]
        lasting = [one.moment for one in stating if one.source not in knowledge.workbooks]
        days |= {known_day(one.moment) for one in stating if one.source in knowledge.workbooks}
        days |= {known_day(one) for one in sorted(lasting)[:1]}

    def standing_in(day: int) -> tuple[str, ...]:
        if knowledge.states_episodes(day, moment_for(day, moment)):
            return ()
        return tuple(knowledge.worklists(day))

    times = [(lo, hi, names) for lo, hi, names in stretched(days, first, last, standing_in) if names]
    if not times:
        return None
    known = with_days_known(knowledge, knowledge.tables[EVIDENCE], moment)
    parts = [
        within(known.filter(nw.col(frames.SOURCE).is_in(names)), "begun_on", "ended_on", lo, hi - 1)
        for lo, hi, names in times
    ]
    rows = nw.concat(parts).filter(~nw.col("child").is_null())
    return rows.rename({"ended_on": "closed_on"}).select(*_EPISODE)


def population_spans(
    knowledge: AllocationHistory, definition: Definition, first: int, last: int, moment: int | None
) -> tuple[Frame, Frame | None]:
    """`child`, `lo`, `hi` of open episodes and, if the definition asks for it, of being past assessment.

    A child is counted on the days that are in both. For the days before a workbook's own, see `uncertain`.
    """
    episodes = knowledge.engine.keep(episode_spans(knowledge, first, last, moment))
    past = _past_assessment(knowledge, episodes, first, last, moment) if definition == NEED_A_WORKER else None
    return episodes, past


def _past_assessment(
    knowledge: AllocationHistory, episodes: Frame, first: int, last: int, moment: int | None
) -> Frame:
    running = [
        _running(knowledge, name, first, last, moment)
        for name in ("need_plan", "protection_plan", "care_episode")
    ]
    return nw.concat([*running, _assessed(knowledge, episodes, first, last, moment)])


def _running(knowledge: AllocationHistory, table: str, first: int, last: int, moment: int | None) -> Frame:
    known = with_days_known(knowledge, knowledge.tables[table], moment)
    return within(known, "begun_on", "ended_on", first, last).select(*_SPAN)


def _assessed(
    knowledge: AllocationHistory, episodes: Frame, first: int, last: int, moment: int | None
) -> Frame:
    """Spans from the day an assessment was authorised to the end of its episode.

    The referral shows the episode, if the child has an episode with it; otherwise the first day does.
    """
    known = with_days_known(knowledge, knowledge.tables["assessment"], moment)
    done = within(known.filter(~nw.col("authorised_on").is_null()), "authorised_on", None, first, last)
    done = done.select(
        "child",
        "referral",
        nw.col("begun_on").alias("_begun"),
        nw.col("lo").alias("_from"),
        nw.col("hi").alias("_until"),
    )
    open_ = episodes.rename({"begun_on": "_first", "closed_on": "_closed"})
    by_referral = done.join(open_, on=["child", "referral"], how="inner")
    inside = done.join(open_.drop("referral"), on="child", how="inner").filter(
        ~nw.col("_begun").is_null()
        & (nw.col("_first").is_null() | (nw.col("_begun") >= nw.col("_first")))
        & (nw.col("_closed").is_null() | (nw.col("_begun") < nw.col("_closed")))
    )
    named = inside.join(_referrals_known(knowledge, moment), on=["child", "referral"], how="left")
    before = named.with_columns(
        nw.min_horizontal("_until", nw.col("_known").fill_null(NEVER)).alias("_until")
    )
    after = named.filter(~nw.col("_known").is_null()).with_columns(
        nw.max_horizontal("_from", "_unknown").alias("_from")
    )
    return nw.concat([_both(by_referral), _both(before), _both(after)])


def _referrals_known(knowledge: AllocationHistory, moment: int | None) -> Frame:
    """`child`, `referral`, `_known`, `_unknown`: the days between which an episode with that referral is known.

    On those days an assessment with that referral belongs to it, and its first day is not used.
    """
    known = with_days_known(knowledge, knowledge.tables["episode"], moment)
    return known.group_by("child", "referral").agg(
        nw.col("_lo").min().alias("_known"), nw.col("_hi").max().alias("_unknown")
    )


def _both(joined: Frame) -> Frame:
    spans = joined.select(
        "child",
        nw.max_horizontal("lo", "_from").alias("lo"),
        nw.min_horizontal("hi", "_until").alias("hi"),
    )
    return spans.filter(nw.col("lo") < nw.col("hi"))
