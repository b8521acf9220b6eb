"""Findings as a list of work: of each source's latest delivery, by what was found, with what is new and what is gone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import transaction

from lineofsight.service.access import deliveries, handles
from lineofsight.service.access.roles import Permission
from lineofsight.service.access.sight import Sight, closed_to, looked, looked_by
from lineofsight.service.models import Link
from lineofsight.service.store import chain

_SEVERITIES = ("refused", "warning", "note")
_KIND = ("code", "severity", "table", "column", "says", "do")


@dataclass(frozen=True)
class Group:
    """Findings that say the same of the same table and column of one source's latest delivery."""

    source: str
    delivery: str
    code: str
    severity: str
    table: str
    column: str
    says: str
    do: str
    count: int
    new: int
    gone: int

    @property
    def key(self) -> str:
        """What an address names the group by: no child's number is in it."""
        return f"{self.source}.{self.code}.{self.table}.{self.column}"


def groups(authority: str) -> list[Group]:
    """What there is to mend, by source: what refuses rows first, then the most."""
    found = [one for source, latest, before in _latest(authority) for one in _groups(source, latest, before)]
    return sorted(found, key=lambda one: (_SEVERITIES.index(one.severity), -one.count, one.key))


def _latest(authority: str) -> list[tuple[str, str, str]]:
    """Each source with its latest delivery that was read and the one before ('' where there is none)."""
    read: dict[str, list[str]] = {}
    for link in chain.links(chain.READ, authority).only("source", "delivery", "number"):
        read.setdefault(link.source, []).append(link.delivery)
    return [(source, ids[-1], ids[-2] if len(ids) > 1 else "") for source, ids in sorted(read.items())]


def _groups(source: str, latest: str, before: str) -> list[Group]:
    now, then = _counted(latest), _counted(before) if before else Counter[tuple[str, ...]]()
    kinds, fresh, past = (_kinds(one) for one in (now, now - then, then - now))
    return [
        Group(source, latest, *kind, count, fresh[kind] if before else 0, past[kind])
        for kind, count in kinds.items()
    ]


def _kinds(found: Counter[tuple[str, ...]]) -> Counter[tuple[str, str, str, str, str, str]]:
    """The same without the keys."""
    kinds: Counter[tuple[str, str, str, str, str, str]] = Counter()
    for (_, code, severity, table, column, says, do), count in found.items():
        kinds[code, severity, table, column, says, do] += count
    return kinds


def _counted(delivery: str) -> Counter[tuple[str, ...]]:
    """How often each finding about each row's key was made: places move from night to night, keys do not."""
    return _counted_of(delivery, chain.state())


@lru_cache(maxsize=16)
def _counted_of(delivery: str, _state: str) -> Counter[tuple[str, ...]]:
    rows = deliveries.findings(delivery)
    return Counter(tuple(str(row[name] or "") for name in ("key", *_KIND)) for row in rows)


def rows_of(
    sight: Sight, delivery: str, group: Group | None, first: int, count: int
) -> tuple[list[dict[str, Any]], int]:
    """One page of a delivery's findings, and how many there are; children named in them are logged as seen.

    Whoever may see no child is given no keys, for they hold children's numbers.
    """
    found = [row for row in deliveries.findings(delivery) if group is None or _of(row, group)]
    page = found[first : first + count]
    if not sight.may(Permission.CHILDREN):
        return [row | {"key": None} for row in page], len(found)
    with transaction.atomic():
        children = {name for row in page for name in _children_in(sight.authority, row["key"])}
        shut = closed_to(sight)
        looked(sight, sorted(children - shut), "page: findings")
        kept = [
            row | {"key": None} if shut.intersection(_children_in(sight.authority, row["key"])) else row
            for row in page
        ]
    return kept, len(found)


def told_to(delivery: str, *, by: str, door: str) -> list[dict[str, Any]]:
    """A delivery's findings for somebody at the command line; children named in them are logged as seen."""
    authority = deliveries.authority_of(delivery)
    with transaction.atomic():
        found = deliveries.findings(delivery)
        named = {name for row in found for name in _children_in(authority, row["key"])}
        looked_by(by, authority, sorted(named), door)
    return found


def _of(row: dict[str, Any], group: Group) -> bool:
    return all(str(row[name] or "") == getattr(group, name) for name in ("code", "table", "column"))


_MOST_PARTS = 40
"""A key of more parts is no key of ours, and is not searched further."""


def _children_in(authority: str, key: str | None) -> Iterable[str]:
    """The parts of a row's key that are the number of a child any row names; a number may hold a stroke itself."""
    known = handles.numbers(authority)
    parts = (key or "").split("/")[:_MOST_PARTS]
    ends = range(1, len(parts) + 1)
    said = ("/".join(parts[first:end]) for end in ends for first in range(end))
    return [one for one in said if one in known]


def waiting_for_a_word(authority: str) -> list[Link]:
    """Deliveries held back for what they would withdraw, and not read since, oldest first."""
    read = Link.objects.filter(kind=chain.READ).values("delivery")
    held = chain.links(chain.AWAITING_CONFIRMATION, authority).exclude(delivery__in=read)
    return list({link.delivery: link for link in held}.values())
