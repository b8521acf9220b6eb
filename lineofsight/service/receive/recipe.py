"""START HERE: how a delivery becomes part of the record. Receive → read → compare → append → catch up.

Reading happens with nothing locked; one short transaction appends. Killed at any moment, this
leaves all of a delivery or none of it, and nothing that was acknowledged is lost.
"""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from lineofsight.intake.delivery import Context, NamedBytes
from lineofsight.intake.finding import REFUSED, numbered
from lineofsight.intake.formats import source as source_format
from lineofsight.intake.limits import check_delivery
from lineofsight.intake.settings import SourceSettings, read_settings
from lineofsight.intake.unpacking import read_path
from lineofsight.service.models import Lease, Link
from lineofsight.service.receive.compare import (
    DESCRIBED,
    Received,
    appending,
    context_of,
    counts_of,
    finding_entries,
    format_of,
    new_link,
    packed,
    settings_of,
)
from lineofsight.service.store import blobs, chain, clock, picture, reader_process
from lineofsight.vocabulary.identifiers import AuthorityCode, SourceName
from lineofsight.vocabulary.moments import london_day, microseconds, written
from lineofsight.vocabulary.refusal import Refused

_log = logging.getLogger(__name__)
_LEASE_US = 60 * 1_000_000
"""How long others wait for a reader that may have been killed; past it they only do the same reading twice."""
_TRIES = 8
_PATIENCE_SECONDS = 60
_PATIENCE_TRIES = 240

Check = Callable[[datetime], None]
"""Raises Refused where an entry cannot follow what is known by that moment."""


@dataclass(frozen=True)
class Outcome:
    """What became of a delivery: its newest link, and whether it had been heard before."""

    link: Link
    already_received: bool = False


class BytesChanged(Refused):
    """A waiting delivery's kept bytes are gone or changed: it goes on waiting, and `verify` tells of it."""


class RowsRefused(Refused):
    """Rows of what somebody entered break a check of intake: `findings` says which, and nothing was kept."""

    def __init__(self, findings: Sequence[dict[str, Any]]) -> None:
        super().__init__(" ".join(f"{finding['says']} {finding['do']}" for finding in findings))
        self.findings = findings


class CameSecond(Refused):
    """Somebody else's entry was recorded between the check of an entry and its turn; `why` it cannot follow that."""

    def __init__(self, why: Refused) -> None:
        super().__init__(f"Somebody else’s entry was recorded just before yours, so yours was not. {why}")
        self.why = why


class _Overtaken(Exception):
    """Another delivery of the source was acknowledged first; this one takes its place behind it."""


def load(
    files: Sequence[NamedBytes], name: str, authority: AuthorityCode, source: SourceName,
    *, received_at: datetime | None, by: str, confirmed: bool = False, check: Check | None = None,
) -> Outcome:  # fmt: skip
    """Receive and read a delivery in one go; refuses what cannot be one. Nothing is left of a refused one.

    `confirmed`: whoever `by` names has confirmed that it may withdraw as much as it does (rule 6).
    `check` is called in the transaction that appends, and refuses what cannot follow what stands by then.
    """
    received = _at_the_door(files, name, authority, source, received_at, by)
    for _ in range(_TRIES):
        _read_those_waiting(received, by)
        received = _moved_on(received)
        held = _held_back(received) if confirmed else None
        if held is not None:
            return confirm(held, by=by)
        try:
            return _heard_before(received, check) or _read_and_append(
                received, by, confirmed=confirmed, check=check
            )
        except _Overtaken:
            continue
    raise Refused("This source is being loaded by others again and again; try once they have finished.")


def receive(
    files: Sequence[NamedBytes], name: str, authority: AuthorityCode, source: SourceName,
    *, received_at: datetime | None, by: str,
) -> Outcome:  # fmt: skip
    """Receive a delivery and acknowledge it; a reader (`work`) reads it later."""
    received = _at_the_door(files, name, authority, source, received_at, by)
    with blobs.arriving(received.contents()) as arrival, chain.writing():
        received = _moved_on(received)
        if same := _same_delivery(received):
            return _heard_again(received, same)
        _check_moment(received)
        arrival.keep(received.contents())  # nobody can remove them from here until they are named
        return Outcome(
            chain.append(new_link(chain.RECEIVED, received, received.says()), by=by, at=clock.now())
        )


def read_path_once(path: Path) -> tuple[list[NamedBytes], str]:
    """The files of a path, and the name it is delivered under; names that are not UTF-8 are made so."""
    files = [file.called(_plain(file.name)) for file in read_path(path)]
    return files, _plain(path.name or path.resolve().name)


def _plain(name: str) -> str:
    return name.encode("utf-8", "replace").decode()


def _at_the_door(
    files: Sequence[NamedBytes], name: str, authority: AuthorityCode, source: SourceName,
    received_at: datetime | None, by: str,
) -> Received:  # fmt: skip
    now = clock.now()
    if not by.strip():
        raise Refused("Say who delivers it, with --by NAME.")
    if received_at is not None and received_at > now:
        raise Refused(
            "The moment of receipt is in the future; give the moment it was received, or leave it out."
        )
    blobs.tidy()
    reader_process.tidy_incoming()
    check_delivery(files)
    settings = settings_of(authority, source, london_day(received_at) if received_at else None)
    hashes = tuple(file.sha256 for file in files)
    backfilled = received_at is not None
    return Received(
        authority, source, format_of(settings, files), name, files, hashes, received_at or now, backfilled, by
    )


# -- heard before -------------------------------------------------------------------------------


def _moved_on(received: Received) -> Received:
    """A delivery received just now is received after those acknowledged before it, whatever the clock says."""
    if received.backfilled:
        return received
    latest = _latest(received)
    now = clock.now()
    return replace(received, received_at=max(now, chain.received_at(latest)) if latest else now)


def _latest(received: Received) -> Link | None:
    """The link by which the source's latest delivery was acknowledged, or read."""
    found = Link.objects.filter(authority=received.authority, source=received.source)
    return found.filter(kind__in=(chain.RECEIVED, chain.READ)).order_by("-number").first()


def _heard_before(received: Received, check: Check | None = None) -> Outcome | None:
    """A hearing recorded, where these bytes add nothing (counting rule 5), after checking the moment (rule 4)."""
    with chain.writing():
        same = _same_delivery(received)
        if same is not None:
            if check is not None:
                check(clock.now())
            return _heard_again(received, same)
    _check_moment(received)
    return None


def _same_delivery(received: Received) -> Link | None:
    """The delivery that already brought these bytes: the source's latest, or one of the very same moment."""
    if itself := _newest_link(received.id):
        return itself
    latest = _latest(received)
    return (
        _newest_link(latest.delivery)
        if latest and chain.body_of(latest)["sha256"] == received.sha256
        else None
    )


def _newest_link(delivery: str) -> Link | None:
    found = Link.objects.filter(
        delivery=delivery, kind__in=(chain.RECEIVED, chain.AWAITING_CONFIRMATION, chain.READ)
    )
    return found.order_by("-number").first()


def _is_read(delivery: str) -> bool:
    return Link.objects.filter(kind=chain.READ, delivery=delivery).exists()


def _heard_again(received: Received, same: Link) -> Outcome:
    says = {"sha256": received.sha256, "repeats": same.delivery, "received_at": written(received.received_at)}
    new = chain.NewLink(chain.RECEIVED_AGAIN, received.authority, received.source, same.delivery, says)
    chain.append(new, by=received.by, at=clock.now())
    return Outcome(same, already_received=True)


def _check_moment(received: Received) -> None:
    latest = _latest(received)
    if latest is None or received.received_at >= chain.received_at(latest):
        return
    if not received.backfilled:
        raise _Overtaken
    raise Refused(
        f"This source was last received at {written(chain.received_at(latest))}; "
        "an earlier delivery cannot be put before it. Give a later --received-at, or another source."
    )


# -- reading and appending ----------------------------------------------------------------------


def _read_and_append(
    received: Received, by: str, *, confirmed: bool = False, why: str = "", check: Check | None = None
) -> Outcome:
    """Read a delivery with nothing locked, compare it, and append it unless something came in between.

    `by` is who reads it; whoever delivered it, `received.by`, stays its author.
    """
    context = context_of(received)
    contents = received.contents()
    with blobs.arriving(contents) as arrival:
        held = [
            blobs.read(file.name, sha256)
            for file, sha256 in zip(received.files, received.hashes, strict=True)
        ]
        read = reader_process.read(received.format, held, context)
        for _ in range(_TRIES):
            seen = _newest_of(received)
            made = appending(received, read, context, by if confirmed else None, why)
            with chain.writing():
                if check is not None:
                    check(clock.now())
                if outcome := _come_first(received):
                    return outcome
                if _newest_of(received) == seen:
                    arrival.keep(contents)  # nobody can remove them from here until they are named
                    outcome = _append(received, made, by)
                    break
        else:
            raise Refused(
                "This source is being loaded by others again and again; try once they have finished."
            )
        arrival.completed()
    _catch_up(received.authority, made.blocks)
    return outcome


def _come_first(received: Received) -> Outcome | None:
    """Inside the lock: whether another process has read this delivery, or brought its bytes, in the meantime.

    Raises _Overtaken, or refuses, where another delivery of the source has come before this one.
    """
    itself = _newest_link(received.id)
    if itself is not None:
        return Outcome(itself, already_received=True) if itself.kind == chain.READ else None
    if same := _same_delivery(received):
        return _heard_again(received, same)
    _check_moment(received)
    if next(waiting(received.authority, received.source), None) is not None:
        raise _Overtaken
    return None


def _append(received: Received, appending: chain.NewLink, by: str) -> Outcome:
    at = clock.now()
    if appending.kind == chain.AWAITING_CONFIRMATION and _newest_link(received.id) is None:
        chain.append(new_link(chain.RECEIVED, received, received.says()), by=received.by, at=at)
    return Outcome(chain.append(_read_by(appending, received, by), by=received.by, at=at))


def _read_by(new: chain.NewLink, received: Received, by: str) -> chain.NewLink:
    """The link with who read the delivery, where that is not who delivered it."""
    return new if by == received.by else replace(new, says={**new.says, "read_by": by})


def _catch_up(authority: str, tables: Iterable[str]) -> None:
    """Catch the history files up; the delivery is in the ledger whether or not this succeeds."""
    try:
        for table in tables:
            picture.catch_up(authority, table)
    except OSError as fault:
        _log.warning("The history files could not be caught up (%s); the next reader will.", fault.strerror)


def _newest_of(received: Received) -> int:
    """The newest link of the source: what a comparison rests on, and so what must not have moved under it."""
    found = Link.objects.filter(authority=received.authority, source__in=(received.source, ""))
    last = found.filter(kind__in=(chain.READ, chain.ERASED)).order_by("-number").first()
    return last.number if last else 0


# -- waiting deliveries -------------------------------------------------------------------------


def waiting(authority: str | None = None, source: str | None = None) -> Iterator[Link]:
    """Deliveries acknowledged and not yet read, oldest first, but for those held back."""
    done = Link.objects.filter(kind__in=(chain.READ, chain.AWAITING_CONFIRMATION)).values("delivery")
    yield from chain.links(chain.RECEIVED, authority, source).exclude(delivery__in=done)


def _read_those_waiting(received: Received, by: str) -> None:
    """Within a source deliveries are read in the order in which they were acknowledged."""
    for _ in range(_PATIENCE_TRIES):
        for link in list(waiting(received.authority, received.source)):
            read_waiting(link, by)
        if next(waiting(received.authority, received.source), None) is None:
            return
        time.sleep(_PATIENCE_SECONDS / _PATIENCE_TRIES)
    raise Refused(
        "Earlier deliveries of this source wait to be read: let `lineofsight work` finish, then load this again."
    )


def read_waiting(link: Link, by: str) -> Outcome | None:
    """Read one waiting delivery; None where it is not its turn: another reader has it, or an older one waits.

    A delivery that cannot be read at all is read as one finding, so that it does not wait for ever.
    """
    tries = _leased(link)
    if not tries:
        return None
    try:
        received = _received_again(link)
        try:
            if tries > reader_process.TRIES:
                why = "It ended its reader again and again, so it was set aside; have the file looked at, then send it again."
                return _append_refusal(received, why, by)
            if not any(map(chain.names_bytes, received.hashes)):
                return _append_refusal(
                    received, "Its bytes were released under an erasure before it was read.", by
                )
            return _read_and_append(replace(received, files=_kept_files(received)), by)
        except BytesChanged:
            raise
        except Refused as refused:
            return _append_refusal(received, str(refused), by)
    finally:
        Lease.objects.filter(delivery=link.delivery).delete()


def _leased(link: Link) -> int:
    """How often its reading has now been begun; 0 where it is not its turn, or another reader has it."""
    now = microseconds(clock.now())
    with chain.writing():
        first = next(waiting(link.authority, link.source), None)
        if first is None or first.delivery != link.delivery:
            return 0
        if Lease.objects.filter(delivery=link.delivery, until__gt=now).exists():
            return 0
        lease, made = Lease.objects.get_or_create(delivery=link.delivery, defaults={"until": now + _LEASE_US})
        if not made:
            lease.tries, lease.until = lease.tries + 1, now + _LEASE_US
            lease.save()
    return lease.tries


def _received_again(link: Link) -> Received:
    """A delivery as it was at the door, its files by name and hash only."""
    says = chain.body_of(link)
    named = [file for file in says["kept"] if file["name"]]
    return Received(
        AuthorityCode(link.authority), SourceName(link.source), says["format"], says["name"],
        [NamedBytes(file["name"], b"") for file in named], tuple(file["sha256"] for file in named),
        chain.received_at(link), says["backfilled"], says["by"],
    )  # fmt: skip


def _kept_files(received: Received) -> list[NamedBytes]:
    """The files of a waiting delivery; bytes that are not what was received are never read."""
    if any(blobs.hash_of(sha256) != sha256 for sha256 in received.hashes):
        raise BytesChanged(
            f"The kept bytes of delivery {received.id} are not what was received; `lineofsight verify` says more."
        )
    return [
        blobs.read(file.name, sha256) for file, sha256 in zip(received.files, received.hashes, strict=True)
    ]


def _append_refusal(received: Received, why: str, by: str) -> Outcome | None:
    context = Context(received.received_at)
    refused = source_format.refusal(received.name, why)
    findings = numbered(refused.findings)
    released = not any(map(chain.names_bytes, received.hashes))
    says = {**received.says(), "counts": counts_of(refused, {}, findings)} | (
        {"kept": []} if released else {}
    )
    blocks = packed({"finding": finding_entries(findings, context)})
    with chain.writing():
        if _is_read(received.id):
            return None
        new = _read_by(new_link(chain.READ, received, says, blocks), received, by)
        return Outcome(chain.append(new, by=received.by, at=clock.now()))


# -- a named person's word ------------------------------------------------------------------------


def confirm(delivery: str, *, by: str, why: str = "") -> Outcome:
    """Read a delivery that was held back: whoever `by` names has confirmed what it withdraws (rule 6), and `why`."""
    link = chain.links(chain.RECEIVED).filter(delivery=delivery).first()
    if link is None or not chain.links(chain.AWAITING_CONFIRMATION).filter(delivery=delivery).exists():
        raise Refused("No delivery of that id waits for a confirmation; `lineofsight deliveries` lists them.")
    if _is_read(delivery):
        raise Refused("That delivery has been confirmed and read already.")
    received = _received_again(link)
    latest = _latest(received)
    if latest is not None and latest.delivery != delivery:
        raise Refused("A later delivery of this source has come since, so this one cannot be taken any more.")
    return _read_and_append(replace(received, files=_kept_files(received)), by, confirmed=True, why=why)


def _held_back(received: Received) -> str | None:
    """The id of the source's delivery of these bytes that waits for a named person's word, if there is one."""
    read = Link.objects.filter(kind=chain.READ).values("delivery")
    for link in chain.links(chain.AWAITING_CONFIRMATION, received.authority, received.source).exclude(
        delivery__in=read
    ):
        if chain.body_of(link)["sha256"] == received.sha256 and (
            not received.backfilled or link.delivery == received.id
        ):
            return link.delivery
    return None


# -- sources and statements by hand ---------------------------------------------------------------


def set_source(content: bytes, *, by: str) -> SourceSettings:
    """Keep what a source is, as an entry like all else; gives the settings as understood."""
    settings = read_settings(content)
    load(
        [NamedBytes("source.toml", content)],
        "source.toml",
        settings.authority,
        DESCRIBED,
        received_at=None,
        by=by,
    )
    return settings


def is_latest(files: Sequence[NamedBytes], authority: AuthorityCode, source: SourceName) -> bool:
    """Whether these bytes are what the source delivered last."""
    latest = chain.links(chain.READ, authority, source).last()
    hashes = tuple(file.sha256 for file in files)
    sha256 = hashes[0] if len(files) == 1 else hashlib.sha256(blobs.manifest_of(files, hashes)).hexdigest()
    return latest is not None and chain.body_of(latest)["sha256"] == sha256


def refusals(
    files: Sequence[NamedBytes], authority: AuthorityCode, source: SourceName
) -> list[dict[str, Any]]:
    """What would refuse rows of these files, were they delivered now: for a form, which then delivers nothing."""
    settings = settings_of(authority, source)
    context = Context(clock.now(), settings.ends_inclusive, settings.columns, authority)
    found = reader_process.read(format_of(settings, files), files, context)
    return numbered(found.findings).filter(pl.col("severity") == REFUSED).to_dicts()


def record_statement(
    files: Sequence[NamedBytes], authority: AuthorityCode, source: SourceName, *, by: str, check: Check | None = None
) -> Outcome:  # fmt: skip
    """Check what somebody enters by hand and append it in one transaction, so that nobody appends in between.

    `check` runs twice: first with nothing locked, so that most refusals keep nobody waiting, and then
    in the transaction that appends. Raises RowsRefused where intake refuses a row; nothing is kept then.
    """
    if check is not None:
        check(clock.now())
    if found := refusals(files, authority, source):
        raise RowsRefused(found)

    def check_again(moment: datetime) -> None:
        try:
            if check is not None:
                check(moment)
        except Refused as refused:
            raise CameSecond(refused) from None

    return load(files, files[0].name, authority, source, received_at=None, by=by, check=check_again)
