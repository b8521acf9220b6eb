"""Checks of what has to go on: room, backups, drills, verifying, the reader, deliveries. Each gives one line."""

from __future__ import annotations

from datetime import datetime, timedelta

from lineofsight.queries.upkeep import BROKEN, LOOK, OK, Result
from lineofsight.service.health.facts import Facts
from lineofsight.service.health.wording import names, plural, size, span
from lineofsight.service.store.stamps import Stamp

_LEAST_FREE = 500 * 10**6
_BACKUP_LATE = timedelta(hours=30)
_BACKUP_MISSED = timedelta(days=7)
_DRILL_LATE = timedelta(days=100)
_VERIFY_LATE = timedelta(days=8)
READER_GONE = timedelta(minutes=2)
"""After so long without a sign a reader has stopped: it looks for deliveries every few seconds."""
_WAITS_LONG = timedelta(minutes=15)
_UNCONFIRMED_LONG = timedelta(days=3)


def disk(facts: Facts) -> Result:
    """Whether there is room for the record to grow, and for its next backup."""
    it = facts.disk
    seen = f"{size(it.free)} of {size(it.total)} are free; the record takes {size(it.record)}."
    if it.free < _LEAST_FREE or it.free * 50 < it.total:
        return Result(
            "disk", BROKEN, seen, "Make room now: a full disk stops deliveries from being received."
        )
    if it.backup_free is not None and it.backup_free < it.record * 3 // 2:
        return Result(
            "disk",
            LOOK,
            f"{seen} Where backups go, {size(it.backup_free)} are free.",
            "Make room there, or delete backups whose time is over.",
        )
    if it.free < it.record:
        return Result("disk", LOOK, seen, "Make room: less is free than the record takes already.")
    return Result("disk", OK, seen)


def backup(facts: Facts) -> Result:
    """Whether the record was backed up lately."""
    return _done(
        facts,
        "backup",
        facts.backed_up,
        "backed up",
        _BACKUP_LATE,
        _BACKUP_MISSED,
        "Run `lineofsight backup FILE`, and turn on the timer in packaging/systemd.",
    )


def drill(facts: Facts) -> Result:
    """Whether a backup was lately restored, to see that it can be."""
    it = facts.drilled
    if it is not None and not it.says.get("holds"):
        return Result(
            "restore drill",
            BROKEN,
            f"The backup restored {_ago(facts.now, it.at)} ago did not hold.",
            "Make another backup, and run `lineofsight restore-drill FILE` on it.",
        )
    return _done(
        facts,
        "restore drill",
        it,
        "restored as a drill",
        _DRILL_LATE,
        None,
        "Run `lineofsight restore-drill FILE` with the last backup.",
    )


def verified(facts: Facts) -> Result:
    """Whether the record was lately verified, and held."""
    it = facts.verified
    if it is not None and not it.says.get("holds"):
        return Result(
            "verify",
            BROKEN,
            f"The record did not hold when it was verified {_ago(facts.now, it.at)} ago.",
            "Run `lineofsight verify`, which says what is wrong. Keep the home as it is until somebody has looked.",
        )
    return _done(
        facts,
        "verify",
        it,
        "verified",
        _VERIFY_LATE,
        None,
        "Run `lineofsight verify`, and turn on the timer in packaging/systemd.",
    )


def reader(facts: Facts) -> Result:
    """Whether something reads the deliveries that come."""
    work, seen = facts.work, facts.reader
    if work is None:
        return Result("reader", LOOK, "The database does not say.", "See above.")
    if work.is_reading:
        return Result("reader", OK, "A reader is reading a delivery.")
    if seen is not None and facts.now - seen.at < READER_GONE:
        return Result("reader", OK, f"A reader looked for deliveries {_ago(facts.now, seen.at)} ago.")
    last = (
        f"The last sign of a reader is {_ago(facts.now, seen.at)} old" if seen else "No reader ever ran here"
    )
    state = BROKEN if work.waiting else LOOK
    return Result(
        "reader",
        state,
        f"{last}.",
        "Start `lineofsight serve`, or `lineofsight work` where serve runs with --no-work.",
    )


def waiting(facts: Facts) -> Result:
    """Whether deliveries wait too long, to be read or for somebody's word."""
    work = facts.work
    if work is None:
        return Result("deliveries", LOOK, "The database does not say.", "See above.")
    if work.waiting_since and facts.now - work.waiting_since > _WAITS_LONG:
        return Result(
            "deliveries",
            BROKEN,
            f"{plural(work.waiting, 'delivery', 'deliveries')} not read, the oldest for {_ago(facts.now, work.waiting_since)}.",
            "See the reader, and what `lineofsight work --once` says.",
        )
    if work.to_confirm_since and facts.now - work.to_confirm_since > _UNCONFIRMED_LONG:
        return Result(
            "deliveries",
            LOOK,
            f"{plural(work.to_confirm, 'delivery', 'deliveries')} need confirmation, the oldest for {_ago(facts.now, work.to_confirm_since)}.",
            "`lineofsight deliveries` lists them; a named person confirms each or sets it aside.",
        )
    return Result(
        "deliveries", OK, f"{work.waiting:,} wait to be read, {work.to_confirm:,} need confirmation."
    )


def sources(facts: Facts) -> Result:
    """Whether a source that should have delivered has not."""
    work = facts.work
    if work is None:
        return Result("sources", LOOK, "The database does not say.", "See above.")
    if work.late:
        late = [f"{name} of {authority} by {span(by)}" for authority, name, by in work.late[:5]]
        return Result(
            "sources",
            LOOK,
            f"{plural(len(work.late), 'source')} late: {names(late)}.",
            "Ask whoever sends them.",
        )
    return Result("sources", OK, "No source is late.")


def _done(
    facts: Facts, check: str, it: Stamp | None, what: str, late: timedelta, missed: timedelta | None, do: str
) -> Result:
    """One line about something that has to be done again and again."""
    if facts.work is not None and not facts.work.links:
        return Result(check, OK, "The record is empty.")
    if it is None:
        return Result(
            check, BROKEN if missed else LOOK, f"The record was never {what}, as far as this home knows.", do
        )
    gone = facts.now - it.at
    seen = f"The record was {what} {_ago(facts.now, it.at)} ago."
    if missed and gone > missed:
        return Result(check, BROKEN, seen, do)
    return Result(check, LOOK, seen, do) if gone > late else Result(check, OK, seen)


def _ago(now: datetime, then: datetime) -> str:
    return span(now - then)
