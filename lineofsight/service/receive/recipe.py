"""START HERE: how a delivery becomes part of the record, a step a line.

    receive → keep the bytes → acknowledge → read → check → compare → ask, append or set aside

Reading holds no lock; one short transaction appends. A process killed at any moment leaves all of a
delivery or none of it, and nothing that was acknowledged is lost. Beside this file: `delivery` (what
was received), `earlier` (what the source delivered before), `waiting` (the queue, leases and retries),
`sources` (what is known of a source), `compare` (what a delivery would change), `refused` (why not),
`faults` (what becomes of a delivery that the program fails on).
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import polars as pl

from lineofsight.intake.delivery import NamedBytes
from lineofsight.intake.finding import REFUSED, numbered
from lineofsight.intake.formats.source import CORRECT_IT
from lineofsight.intake.public_only import check_public_rows
from lineofsight.intake.settings import SourceSettings, read_settings
from lineofsight.queries.statements import OWN_WORK
from lineofsight.record.tables import holds_children
from lineofsight.service.models import Link
from lineofsight.service.receive import compare, earlier, faults, waiting
from lineofsight.service.receive.delivery import Outcome, Received, accept, read_path_once
from lineofsight.service.receive.earlier import is_latest, was_read
from lineofsight.service.receive.refused import (
    Busy,
    BytesChanged,
    CameSecond,
    Check,
    Overtaken,
    RowsRefused,
)
from lineofsight.service.receive.sources import DESCRIBED, format_of, settings_of
from lineofsight.service.store import blobs, chain, clock, crossings, picture, reader_process
from lineofsight.vocabulary.identifiers import AuthorityCode, SourceName
from lineofsight.vocabulary.refusal import Refused

__all__ = [
    "Busy",
    "BytesChanged",
    "CameSecond",
    "Check",
    "Outcome",
    "RowsRefused",
    "confirm",
    "is_latest",
    "load",
    "read_path_once",
    "read_waiting",
    "receive",
    "record_statement",
    "refusals",
    "set_aside",
    "set_source",
    "was_read",
]
"""What commands and pages call."""

_TRIES = 8
_log = logging.getLogger(__name__)


def load(
    files: Sequence[NamedBytes],
    name: str,
    authority: AuthorityCode,
    source: SourceName,
    *,
    received_at: datetime | None,
    by: str,
    confirmed: bool = False,
    check: Check | None = None,
    signed: Mapping[str, Any] | None = None,
) -> Outcome:
    """Receive a delivery and read it at once. Raises Refused, and keeps nothing, where the files are no delivery.

    `received_at` is given only for a delivery of the past; None means now. `confirmed`: the person named
    by `by` has confirmed that it may change as much as it does (counting rule 6). `check` is called in the
    transaction that appends. `signed`: it is part of a signed file. Raises FaultFound where the program failed; the
    files are stored then.
    """
    if (
        check is None and signed is None
    ):  # what somebody enters on a page has an id of its own, which the page checks
        crossings.check_is_own(authority, source)
    received = accept(files, name, authority, source, received_at, by, signed)
    for _ in range(_TRIES):
        waiting.read_earlier(received, lambda link: read_waiting(link, by))
        received = earlier.after_the_latest(received)
        if confirmed and (held := earlier.awaiting_confirmation(received)):
            return confirm(held.delivery, by=by)
        try:
            return earlier.already_received(received, check) or _read_and_append(
                received, by, confirmed=confirmed, check=check
            )
        except Overtaken:
            continue  # it takes its place behind the delivery that was acknowledged first
        except Refused:
            raise
        except faults.FAULTS as fault:
            # What somebody enters on a page is not acknowledged: the page answers that it failed.
            if check is not None or faults.is_of_the_machine(fault):
                raise
            return _store_and_set_aside(received, faults.says(fault))
    raise Busy


def receive(
    files: Sequence[NamedBytes],
    name: str,
    authority: AuthorityCode,
    source: SourceName,
    *,
    received_at: datetime | None,
    by: str,
) -> Outcome:
    """Receive a delivery and acknowledge it; `lineofsight work` reads it later. Raises Refused as `load` does.

    A public record reads it first: what it refuses must not be stored until somebody comes to read it.
    """
    crossings.check_is_own(authority, source)
    received = accept(files, name, authority, source, received_at, by)
    if not holds_children():
        settings = settings_of(authority, source, received.received_on)
        check_public_rows(reader_process.read(received.format, files, received.context(settings)), OWN_WORK)
    with blobs.arriving(received.contents()) as arrival, chain.writing():
        received = earlier.after_the_latest(received)
        if repeat := earlier.already_received(received):
            return repeat
        arrival.keep(
            received.contents()
        )  # under the lock, so that no clearing up removes them before they are named
        link = received.link(chain.RECEIVED, received.says())
        return Outcome(chain.append(link, by=by, at=clock.now()))


def read_waiting(link: Link, by: str) -> Outcome | None:
    """Read one waiting delivery; None where another process reads it, or an older one of its source waits.

    A delivery that cannot be read, or that the program fails on, is set aside with one finding, so that it does
    not wait for ever and keeps no other from being read. It goes on waiting where its stored files were changed
    (raises BytesChanged), where others keep appending (Busy) or the machine failed (an error of the database
    or the operating system).
    """
    with waiting.lease(link) as tries:
        if not tries:
            return None
        received = Received.acknowledged_by(link)
        try:
            waiting.check_can_be_read(received, tries)
            return _read_and_append(waiting.with_stored_files(received), by)
        except (BytesChanged, Busy):
            raise
        except Refused as refused:
            return _append_refusal(received, str(refused), CORRECT_IT, by)
        except faults.FAULTS as fault:
            if faults.is_of_the_machine(fault):
                raise
            why = faults.says(fault)
            _log.error("Delivery %s was set aside. %s", received.id, why)
            return _append_refusal(received, why, faults.DO, by)


def confirm(delivery: str, *, by: str, why: str = "") -> Outcome:
    """Read a delivery that awaits confirmation: the person named by `by` has confirmed what it changes (rule 6).

    Raises Refused where no such delivery waits, the source has delivered something received later since, or
    the program fails: the delivery goes on waiting then.
    """
    received = waiting.to_be_confirmed(delivery)
    waiting.read_earlier(received, lambda link: read_waiting(link, by))
    try:
        return _read_and_append(waiting.with_stored_files(received), by, confirmed=True, why=why)
    except Overtaken:
        raise Busy from None
    except Refused:
        raise
    except faults.FAULTS as fault:
        if faults.is_of_the_machine(fault):
            raise
        raise Refused(f"{faults.says(fault)} It goes on waiting. {faults.DO}") from None


def set_aside(delivery: str, *, why: str, by: str) -> Outcome:
    """Set aside a delivery that waits: it will not be read, and does not count as received (rule 4).

    Its files stay stored as long as those of any delivery. Raises Refused where it does not wait, or `why` or `by` says nothing.
    """
    if not why.strip() or not by.strip():
        raise Refused("Say why it is set aside and who does it.", command="Add --why TEXT --by NAME.")
    with chain.writing():
        link = compare.set_aside(waiting.to_be_set_aside(delivery), " ".join(why.split()))
        return Outcome(chain.append(link, by=by, at=clock.now()))


def _read_and_append(
    received: Received, by: str, *, confirmed: bool = False, why: str = "", check: Check | None = None
) -> Outcome:
    """Read a delivery and append what it changes. `by` reads it; whoever delivered it stays its author."""
    settings = settings_of(received.authority, received.source, received.received_on)
    context, contents = received.context(settings), received.contents()
    with blobs.arriving(contents) as arrival:  # keep the bytes
        reading = reader_process.read(received.format, received.stored_files(), context)  # read and check
        if not holds_children():
            check_public_rows(reading, OWN_WORK)
        for _ in range(_TRIES):
            newest = earlier.newest_change(received)
            link = compare.link_for(received, reading, context, settings, by if confirmed else None, why)
            with chain.writing():
                if check is not None:
                    check(clock.now())
                if outcome := _was_read_meanwhile(received, link.kind):
                    return outcome
                if earlier.newest_change(received) == newest:  # else what it was compared with has changed
                    arrival.keep(contents)  # under the lock, as in `receive`
                    outcome = _append(link, received, by)
                    break
        else:
            raise Busy
        arrival.completed()
    picture.catch_up_each(received.authority, link.blocks)
    return outcome


def _was_read_meanwhile(received: Received, kind: str) -> Outcome | None:
    """Under the lock: the outcome, where another process has done as much with this delivery, or brought the same files.

    Raises Overtaken, or Refused, where another delivery of the source came first.
    """
    newest = earlier.newest_link(received.id)
    if newest is not None and newest.kind in (chain.READ, chain.SET_ASIDE, kind):
        return Outcome(newest, already_received=True)
    if newest is not None and newest.kind == chain.AWAITING_CONFIRMATION:
        waiting.check_is_latest(received.id)
        if waiting.links(received.authority, received.source).exists():
            raise Overtaken
    if newest is not None:
        return None
    if repeat := earlier.already_received(received):
        return repeat
    if waiting.links(received.authority, received.source).exists():
        raise Overtaken
    return None


def _append(link: chain.NewLink, received: Received, by: str) -> Outcome:
    at = clock.now()
    if link.kind == chain.AWAITING_CONFIRMATION and earlier.newest_link(received.id) is None:
        chain.append(received.link(chain.RECEIVED, received.says()), by=received.by, at=at)
    if by != received.by:
        link = replace(link, says={**link.says, "read_by": by})
    return Outcome(chain.append(link, by=received.by, at=at))


def _append_refusal(received: Received, why: str, do: str, by: str) -> Outcome | None:
    """Set a waiting delivery aside; None where it was read or set aside meanwhile."""
    link = compare.refusal(received, why, do)
    with chain.writing():
        newest = earlier.newest_link(received.id)
        is_done = newest is not None and newest.kind in (chain.READ, chain.SET_ASIDE)
        return None if is_done else _append(link, received, by)


def _store_and_set_aside(received: Received, why: str) -> Outcome:
    """Acknowledge a delivery that the program failed on and set it aside; raises FaultFound once that is done.

    Where it was appended before the program failed, it gives that outcome.
    """
    with blobs.arriving(received.contents()) as arrival, chain.writing():
        if newest := earlier.newest_link(received.id):
            return Outcome(newest)
        arrival.keep(received.contents())
        chain.append(received.link(chain.RECEIVED, received.says()), by=received.by, at=clock.now())
        chain.append(compare.refusal(received, why, faults.DO), by=received.by, at=clock.now())
    raise faults.FaultFound(why, received.id)


# -- what people enter on a page, and descriptions of sources -------------------------------------


def record_statement(
    files: Sequence[NamedBytes],
    authority: AuthorityCode,
    source: SourceName,
    *,
    by: str,
    check: Check | None = None,
) -> Outcome:
    """Check what somebody entered and append it in one transaction, so that nobody appends in between.

    `check` runs twice: before anything is locked, so that most refusals keep nobody waiting, and in the
    transaction that appends. Raises RowsRefused where intake refuses a row, CameSecond where another entry
    was recorded in between; nothing is kept then.
    """
    if check is not None:
        check(clock.now())
    if findings := refusals(files, authority, source):
        raise RowsRefused(findings)

    def check_again(moment: datetime) -> None:
        try:
            if check is not None:
                check(moment)
        except Refused as refused:
            raise CameSecond(refused) from None

    return load(files, files[0].name, authority, source, received_at=None, by=by, check=check_again)


def refusals(
    files: Sequence[NamedBytes], authority: AuthorityCode, source: SourceName
) -> list[dict[str, Any]]:
    """The findings that would refuse rows of these files, were they delivered now."""
    settings = settings_of(authority, source)
    context = settings.context(clock.now())
    reading = reader_process.read(format_of(settings, files), files, context)
    return numbered(reading.findings).filter(pl.col("severity") == REFUSED).to_dicts()


def set_source(content: bytes, *, by: str, confirmed: bool = False) -> tuple[SourceSettings, Outcome]:
    """Load the description of a source, a delivery like any other; gives the settings as understood.

    It waits to be confirmed, as any delivery, where it would change a figure by too much (rule 6), or make a second
    source speak for every child. `confirmed`: the person named by `by` has confirmed that.
    """
    settings = read_settings(content)
    files = [NamedBytes("source.toml", content)]
    outcome = load(
        files, "source.toml", settings.authority, DESCRIBED, received_at=None, by=by, confirmed=confirmed
    )
    return settings, outcome
