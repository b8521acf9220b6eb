"""Deliveries that wait: the queue of those to be read, leases and retries, and those that await confirmation.

Within a source deliveries are read in the order in which they were acknowledged. A lease only saves two
processes the same reading: the transaction that appends decides which of them did it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from lineofsight.service.models import Lease, Link
from lineofsight.service.receive import earlier
from lineofsight.service.receive.delivery import Outcome, Received
from lineofsight.service.receive.refused import BytesChanged
from lineofsight.service.store import blobs, chain, clock, reader_process
from lineofsight.vocabulary.moments import microseconds
from lineofsight.vocabulary.refusal import Refused

_LEASE_US = 60 * 1_000_000
"""For how long (microseconds) others leave a delivery to a process that may have been killed while reading it."""
_PATIENCE_SECONDS = 60
_PATIENCE_TRIES = 240


# -- the queue ------------------------------------------------------------------------------------


links = earlier.unread
"""The queue: the links of deliveries acknowledged and not yet read, oldest first."""


def read_earlier(received: Received, read: Callable[[Link], Outcome | None]) -> None:
    """Read, with `read`, the deliveries of the source that wait before this one.

    Raises Refused where another process has not finished reading them within a minute.
    """
    for _ in range(_PATIENCE_TRIES):
        queue = list(links(received.authority, received.source))
        if not queue:
            return
        outcomes = [read(link) for link in queue]
        if None in outcomes:  # another process has it in hand, or has just read it
            time.sleep(_PATIENCE_SECONDS / _PATIENCE_TRIES)
    raise Refused(
        "Earlier deliveries of this source are still waiting to be read. Load this again when they have been.",
        command="`lineofsight work` reads them.",
    )


@contextmanager
def lease(link: Link) -> Iterator[int]:
    """Lease a waiting delivery to this process while it reads it; gives `take_lease`'s number."""
    tries = take_lease(link)
    try:
        yield tries
    finally:
        if tries:
            Lease.objects.filter(delivery=link.delivery).delete()


def take_lease(link: Link) -> int:
    """How often reading the delivery has been begun, this time included; 0 where this process may not read it now.

    It may not where an older delivery of the source waits, or another process has the lease.
    """
    now = microseconds(clock.now())
    with chain.writing():
        oldest = links(link.authority, link.source).first()
        if oldest is None or oldest.delivery != link.delivery:
            return 0
        lease = Lease.objects.filter(delivery=link.delivery).first()
        if lease is None:
            lease = Lease(delivery=link.delivery)
        elif lease.until > now:
            return 0
        else:
            lease.tries += 1  # the process that had it was killed, or ended by what it read
        lease.until = now + _LEASE_US
        lease.save()
    return lease.tries


def check_can_be_read(received: Received, tries: int) -> None:
    """Raise Refused where reading a waiting delivery has failed too often, or an erasure has removed its files."""
    if tries > reader_process.TRIES:
        raise Refused("The program that read this delivery was ended twice while it did so.")
    if not chain.named_hashes(received.hashes):
        raise Refused("Its bytes were released under an erasure before it was read.")


def with_stored_files(received: Received) -> Received:
    """A delivery with its files as stored. Raises BytesChanged where they are not what was received."""
    if any(blobs.hash_of(sha256) != sha256 for sha256 in received.hashes):
        raise BytesChanged(
            f"The stored files of delivery {received.id} are not what was received; so it cannot be loaded. "
            "Restore them, or set the delivery aside.",
            command=f"`lineofsight verify` says more. To set it aside: lineofsight deliveries set-aside {received.id} --why TEXT --by NAME.",
        )
    return replace(received, files=received.stored_files())


# -- deliveries that await confirmation -----------------------------------------------------------


def to_be_confirmed(delivery: str) -> Received:
    """The delivery that awaits confirmation, by its id. Raises Refused where it does not, or no longer can."""
    links_of = {link.kind: link for link in Link.objects.filter(delivery=delivery)}
    if chain.AWAITING_CONFIRMATION not in links_of:
        raise Refused(
            "No delivery with that id awaits confirmation.", command="`lineofsight deliveries` lists them."
        )
    if chain.READ in links_of:
        raise Refused("That delivery has been confirmed and read already.")
    if chain.SET_ASIDE in links_of:
        raise Refused("That delivery was set aside, so it can no longer be confirmed.")
    check_is_latest(delivery)
    return Received.acknowledged_by(links_of[chain.RECEIVED])


def check_is_latest(delivery: str) -> None:
    """Raise Refused where the source has delivered again since a delivery that awaits confirmation."""
    if earlier.overtaken(delivery):
        raise Refused(
            "This source has delivered again since, so this delivery can no longer be confirmed. Set it aside.",
            command=f"lineofsight deliveries set-aside {delivery} --why TEXT --by NAME",
        )


# -- deliveries that are set aside ----------------------------------------------------------------


def to_be_set_aside(delivery: str) -> Received:
    """A delivery that waits to be read or awaits confirmation, by its id. Raises Refused for any other."""
    newest = earlier.newest_link(delivery)
    if newest is None:
        raise Refused("There is no delivery of that id.", command="`lineofsight deliveries` lists them.")
    if newest.kind == chain.READ:
        raise Refused("That delivery has been read, so it can no longer be set aside. Load a corrected one.")
    if newest.kind == chain.SET_ASIDE:
        raise Refused("That delivery has been set aside already.")
    return Received.acknowledged_by(Link.objects.get(kind=chain.RECEIVED, delivery=delivery))
