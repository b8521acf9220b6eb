"""Which rows belong together: an assessment to its episode, a conference to its enquiry (counting rules 10 and 15)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

Row = Mapping[str, Any]


def covers(row: Row, begins: str, ends: str, day: int) -> bool:
    """Whether a row is in force on a day: begin ≤ day < end (counting rule 2)."""
    return (row[begins] is None or row[begins] <= day) and (row[ends] is None or day < row[ends])


def belongs(assessment: Row, episode: Row, referrals: Collection[str]) -> bool:
    """Whether an assessment belongs to an episode: by referral if an episode has it, otherwise by its first day."""
    if assessment["referral"] is not None and assessment["referral"] == episode["referral"]:
        return True
    if assessment["referral"] in referrals:
        return False
    begun = assessment["begun_on"]
    return begun is not None and covers(episode, "begun_on", "closed_on", begun)


def referral_on(row: Row, day: int, episodes: Sequence[Row]) -> str | None:
    """The referral a row belongs to: its own where an episode has it, else that of the earliest episode open on the day.

    None where the row names none, or where it names one that nothing tells.
    """
    own = row["referral"]
    if own is None or any(episode["referral"] == own for episode in episodes):
        return None if own is None else str(own)
    open_then = [episode for episode in episodes if covers(episode, "begun_on", "closed_on", day)]
    earliest = min(open_then, key=lambda episode: episode["begun_on"] or 0, default=None)
    return str(own) if earliest is None else str(earliest["referral"])
