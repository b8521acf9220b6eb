"""What a source delivered before: repeats of it, and the order that deliveries keep within a source.

The links asked for here change while other processes work, so whatever decides about appending asks
for them again inside `chain.writing()`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lineofsight.intake.delivery import NamedBytes
from lineofsight.service.models import Link
from lineofsight.service.receive.delivery import Outcome, Received, hash_of
from lineofsight.service.receive.refused import Check, Overtaken
from lineofsight.service.store import chain, clock
from lineofsight.vocabulary.identifiers import AuthorityCode, SourceName
from lineofsight.vocabulary.moments import written
from lineofsight.vocabulary.refusal import Refused


def latest(received: Received) -> Link | None:
    """The link that acknowledged or read the latest delivery of the source; None before its first."""
    links = Link.objects.filter(authority=received.authority, source=received.source)
    return links.filter(kind__in=(chain.RECEIVED, chain.READ)).order_by("-number").first()


def newest_link(delivery: str) -> Link | None:
    """The newest link that says how far a delivery is: received, awaiting confirmation or read."""
    kinds = (chain.RECEIVED, chain.AWAITING_CONFIRMATION, chain.READ)
    return Link.objects.filter(delivery=delivery, kind__in=kinds).order_by("-number").first()


def newest_change(received: Received) -> int:
    """The number of the newest link that changed what a comparison rests on; 0 before the source's first."""
    links = Link.objects.filter(authority=received.authority, source__in=(received.source, ""))
    numbers = links.filter(kind__in=(chain.READ, chain.ERASED)).order_by("-number")
    return numbers.values_list("number", flat=True).first() or 0


def after_the_latest(received: Received) -> Received:
    """A delivery received now is received after those acknowledged before it, also where the clock went back."""
    if received.backfilled:
        return received
    before, now = latest(received), clock.now()
    return replace(received, received_at=max(now, chain.received_at(before)) if before else now)


def already_received(received: Received, check: Check | None = None) -> Outcome | None:
    """Note that a delivery repeats what its source delivered last, so adds nothing (counting rule 5); else None.

    Raises where it is older than the source's latest (rule 4): Refused for a backfill, Overtaken for others.
    `check` is called before a repeat is noted.
    """
    with chain.writing():
        before = latest(received)
        same = newest_link(received.id)
        if same is None and before and chain.body_of(before)["sha256"] == received.sha256:
            same = newest_link(before.delivery)
        if same is not None:
            if check is not None:
                check(clock.now())
            moment = written(received.received_at)
            says = {"sha256": received.sha256, "repeats": same.delivery, "received_at": moment}
            repeat = replace(received.link(chain.RECEIVED_AGAIN, says), delivery=same.delivery)
            chain.append(repeat, by=received.by, at=clock.now())
            return Outcome(same, already_received=True)
    if before is None or received.received_at >= chain.received_at(before):
        return None
    if not received.backfilled:
        raise Overtaken
    raise Refused(
        f"The latest delivery of this source was received at {written(chain.received_at(before))}. An earlier delivery "
        "cannot be put before it: give a later --received-at, or another source."
    )


def is_latest(files: Sequence[NamedBytes], authority: AuthorityCode, source: SourceName) -> bool:
    """Whether these files are what the source delivered last, and were read."""
    read = chain.links(chain.READ, authority, source).last()
    hashes = tuple(file.sha256 for file in files)
    return read is not None and chain.body_of(read)["sha256"] == hash_of(files, hashes)
