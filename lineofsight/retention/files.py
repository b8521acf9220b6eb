"""How long the files of deliveries that hold children are kept, and which of them are due to be deleted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

DEFAULT_DAYS = 35
"""Enough to look into a night that is disputed, and five nights more than a monthly return needs."""
FEWEST_DAYS, MOST_DAYS = 1, 3650


@dataclass(frozen=True)
class FilePolicy:
    """For how many days files are kept after what happened to their delivery last, from which day on, set by whom.

    `in_force_from` is None for the product's own default, which holds until somebody sets another.
    """

    days: int
    in_force_from: date | None
    set_by: str
    ground: str

    @property
    def name(self) -> str:
        """The policy as a sentence names it."""
        if self.in_force_from is None:
            return f"the default policy ({self.days} days)"
        return f"the policy in force from {self.in_force_from.isoformat()} ({self.days} days)"


DEFAULT = FilePolicy(DEFAULT_DAYS, None, "", "")


@dataclass(frozen=True)
class StoredDelivery:
    """What decides how long a delivery's files are kept.

    `decided`: it was read or set aside, so nobody needs its files in order to read or confirm it. `last_on` is the
    London day on which the record last took anything down about it: receipt, reading, confirmation or a repeat.
    """

    id: str
    authority: str
    holds_children: bool
    decided: bool
    last_on: date
    hashes: frozenset[str]


@dataclass(frozen=True)
class Due:
    """The files of one authority that are due to be deleted: of which deliveries, by which policy."""

    authority: str
    policy: FilePolicy
    deliveries: Sequence[str]
    hashes: Sequence[str]


def in_force(policies: Iterable[FilePolicy], day: date) -> FilePolicy:
    """The policy in force on a day, of those set, in the order they were set; the default where none is."""
    begun = [one for one in policies if one.in_force_from is not None and one.in_force_from <= day]
    # Of two from the same day, the one that was set later.
    return max(reversed(begun), key=lambda one: one.in_force_from or date.min, default=DEFAULT)


def due(
    deliveries: Iterable[StoredDelivery],
    policies: Mapping[str, FilePolicy],
    held: frozenset[str],
    day: date,
) -> list[Due]:
    """What is due on a day, authority by authority.

    `policies` gives each authority's policy in force, `held` the deliveries, and the authorities, that a hold keeps.
    Files stay while any delivery that is not due brought the same bytes: a public report stays a public report.
    """
    going: dict[str, list[StoredDelivery]] = {}
    staying: set[str] = set()
    for delivery in deliveries:
        policy = policies.get(delivery.authority, DEFAULT)
        is_due = (
            delivery.holds_children
            and delivery.decided
            and (day - delivery.last_on).days >= policy.days
            and held.isdisjoint((delivery.id, delivery.authority))
        )
        if is_due:
            going.setdefault(delivery.authority, []).append(delivery)
        else:
            staying |= delivery.hashes
    found = []
    for authority, several in sorted(going.items()):
        ids = [one.id for one in several if one.hashes - staying]
        hashes = frozenset().union(*(one.hashes for one in several)) - staying
        staying |= hashes  # bytes that two authorities delivered are named once
        if hashes:
            found.append(Due(authority, policies.get(authority, DEFAULT), ids, sorted(hashes)))
    return found
