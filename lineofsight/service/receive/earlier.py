"""What a source delivered before: repeats of it, and the order that deliveries keep within a source.

The links asked for here change while other processes work, so whatever decides about appending asks
for them again inside `chain.writing()`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.db.models import QuerySet

from lineofsight.intake.delivery import NamedBytes, hash_of
from lineofsight.service.models import Link
from lineofsight.service.receive.delivery import Outcome, Received
from lineofsight.service.receive.refused import Check, Overtaken
from lineofsight.service.store import chain, clock
from lineofsight.vocabulary.identifiers import AuthorityCode, SourceName
from lineofsight.vocabulary.moments import written
from lineofsight.vocabulary.refusal import Refused


def unread(authority: str | None = None, source: str | None = None) -> QuerySet[Link]:
    """The links of deliveries acknowledged and not yet read, oldest first.

    Deliveries that await confirmation are not among them, nor those that were set aside.
    """
    kinds = (chain.READ, chain.AWAITING_CONFIRMATION, chain.SET_ASIDE)
    done = Link.objects.filter(kind__in=kinds).values("delivery")
    return chain.links(chain.RECEIVED, authority, source).exclude(delivery__in=done)


def latest(received: Received) -> Link | None:
    """The link of the latest delivery of the source that counts as received; None before its first.

    A delivery that was read counts, and one in the queue, which will be read. One that awaits confirmation
    or was set aside does not (counting rule 4).
    """
    read = chain.links(chain.READ, received.authority, received.source).last()
    queue = list(unread(received.authority, received.source))
    counting = queue if read is None else [read, *queue]
    return max(counting, key=lambda link: (chain.received_at(link), link.number), default=None)


def newest_link(delivery: str) -> Link | None:
    """The newest link that says how far a delivery is: received, awaiting confirmation, read or set aside."""
    kinds = (chain.RECEIVED, chain.AWAITING_CONFIRMATION, chain.READ, chain.SET_ASIDE)
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
    """Note that a delivery repeats what its source delivered before, so adds nothing (rule 5); else None.

    It repeats the delivery of the same files and the same moment. Received now, it also repeats the source's
    latest delivery and one that awaits confirmation. Raises where it is older than the source's latest
    (rule 4): Refused for a backfill, Overtaken for others. `check` is called before a repeat is noted.
    """
    with chain.writing():
        before = latest(received)
        same = newest_link(received.id)
        if same is None and not received.backfilled:
            same = _same_files(received, before)
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
        "cannot be put before it: give a later time of receipt, or another source.",
        command="The time is --received-at.",
    )


def _same_files(received: Received, before: Link | None) -> Link | None:
    """The newest link of the source's latest delivery, or of one that awaits confirmation, of the same files."""
    if before is not None and chain.body_of(before)["sha256"] == received.sha256:
        return newest_link(before.delivery)
    return awaiting_confirmation(received)


def awaiting_confirmation(received: Received) -> Link | None:
    """The link of the source's delivery of the same files that awaits confirmation; None where there is none.

    For a delivery of the past only the one of the same moment is meant. One that is older than the source's
    latest can no longer be confirmed, so it is passed over.
    """
    done = Link.objects.filter(kind__in=(chain.READ, chain.SET_ASIDE)).values("delivery")
    held_back = chain.links(chain.AWAITING_CONFIRMATION, received.authority, received.source)
    for link in held_back.exclude(delivery__in=done).reverse():
        is_meant = not received.backfilled or link.delivery == received.id
        if is_meant and chain.body_of(link)["sha256"] == received.sha256 and not overtaken(link.delivery):
            return link
    return None


def overtaken(delivery: str) -> bool:
    """Whether the source has since delivered something that was received later than a delivery."""
    received = Received.acknowledged_by(Link.objects.get(kind=chain.RECEIVED, delivery=delivery))
    newest = latest(received)
    return (
        newest is not None
        and newest.delivery != delivery
        and chain.received_at(newest) > received.received_at
    )


def was_read(files: Sequence[NamedBytes], authority: AuthorityCode, source: SourceName) -> bool:
    """Whether the source ever delivered these files, and they were read."""
    sha256 = hash_of(files, tuple(file.sha256 for file in files))
    return any(chain.body_of(link)["sha256"] == sha256 for link in chain.links(chain.READ, authority, source))


def is_latest(files: Sequence[NamedBytes], authority: AuthorityCode, source: SourceName) -> bool:
    """Whether these files are what the source delivered last, and were read."""
    read = chain.links(chain.READ, authority, source).last()
    hashes = tuple(file.sha256 for file in files)
    return read is not None and chain.body_of(read)["sha256"] == hash_of(files, hashes)
