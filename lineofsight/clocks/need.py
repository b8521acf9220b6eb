"""Clocks from a referral to the conference: assessments of an episode, and conferences after an enquiry."""

from __future__ import annotations

from collections.abc import Sequence

from lineofsight.clocks.catalogue import ASSESSMENT, INITIAL_CONFERENCE
from lineofsight.clocks.chain import Anchor, Clock, Rules, single
from lineofsight.clocks.rows import Row, Rows, says_yes, source_of
from lineofsight.record.belonging import belongs, referral_on


def assessments(rules: Rules, child: str, rows: Rows) -> list[Clock]:
    """A clock of each episode to its first authorised assessment, and one of each assessment begun after that."""
    every = rows.get("episode", ())
    referrals = {row["referral"] for row in every}
    episodes = [
        row
        for row in every
        if row["begun_on"] is not None and not says_yes(row["nfa"]) and row["closed_on"] != row["begun_on"]
    ]
    own = {id(episode): list[Row]() for episode in episodes}
    for assessment in rows.get("assessment", ()):
        for episode in _episodes_of(assessment, episodes, referrals):
            own[id(episode)].append(assessment)
    return [clock for row in episodes for clock in _of_episode(rules, child, row, own[id(row)])]


def _episodes_of(assessment: Row, episodes: Sequence[Row], referrals: set[str]) -> list[Row]:
    """The episodes an assessment belongs to: of those open at once when it began, the earliest."""
    found = [episode for episode in episodes if belongs(assessment, episode, referrals)]
    if assessment["referral"] in referrals or not found:
        return found
    first = min(episode["begun_on"] for episode in found)
    return [episode for episode in found if episode["begun_on"] == first]


def _of_episode(rules: Rules, child: str, episode: Row, own: Sequence[Row]) -> list[Clock]:
    anchor = Anchor(child, source_of(episode), episode["begun_on"], episode["closed_on"])
    done = [row for row in own if _met_on(rules, anchor, row, anchor.begun_on) is not None]
    first = min(done, key=lambda row: row["authorised_on"], default=None)
    if first is None:
        return single(rules, ASSESSMENT, anchor, None)
    found = single(rules, ASSESSMENT, anchor, first["authorised_on"])
    for row in own:
        if row is not first and _begun_after(rules, anchor, row, first["authorised_on"]):
            further = Anchor(child, source_of(row), row["begun_on"], anchor.ended_on)
            found += single(rules, ASSESSMENT, further, _met_on(rules, anchor, row, row["begun_on"]))
    return found


def _met_on(rules: Rules, anchor: Anchor, assessment: Row, begun: int) -> int | None:
    """The day an assessment was authorised, where that is on or after a day and not after the episode ended."""
    day: int | None = assessment["authorised_on"]
    closed = anchor.closed_by(rules.as_at)
    last = rules.as_at if closed is None else closed
    return day if day is not None and begun <= day <= last else None


def _begun_after(rules: Rules, anchor: Anchor, assessment: Row, authorised_on: int) -> bool:
    begun, closed = assessment["begun_on"], anchor.ended_on
    if begun is None or begun < authorised_on or begun > rules.as_at:
        return False
    return closed is None or begun < closed


def conferences(rules: Rules, child: str, rows: Rows) -> list[Clock]:
    """A clock of each section 47 enquiry that went on, to its initial conference."""
    episodes = rows.get("episode", ())
    held = [
        row
        for row in rows.get("conference", ())
        if row["held_on"] is not None and row["held_on"] <= rules.as_at and not says_yes(row["transfer_in"])
    ]
    found = list[Clock]()
    for enquiry in rows.get("enquiry", ()):
        if enquiry["begun_on"] is None or says_yes(enquiry["nfa"]):
            continue
        days = [row["held_on"] for row in held if _is_of(row, enquiry, episodes)]
        anchor = Anchor(child, source_of(enquiry), enquiry["begun_on"], enquiry["ended_on"])
        found += single(rules, INITIAL_CONFERENCE, anchor, min(days, default=None))
    return found


def _is_of(conference: Row, enquiry: Row, episodes: Sequence[Row]) -> bool:
    """Whether a conference may be the one of an enquiry: the same referral, or by child where one of them names none."""
    if conference["held_on"] < enquiry["begun_on"]:
        return False
    if conference["referral"] == enquiry["referral"]:
        return True
    ours = referral_on(enquiry, enquiry["begun_on"], episodes)
    theirs = referral_on(conference, conference["held_on"], episodes)
    return ours is None or theirs is None or ours == theirs
