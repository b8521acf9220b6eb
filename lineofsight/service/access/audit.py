"""What an auditor proves the record with: heads, seals, counts and hashes. No child's number is in any answer here."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Max, Min

from lineofsight.queries.record import READ, Record
from lineofsight.service.access import people
from lineofsight.service.access.roles import Permission
from lineofsight.service.access.viewer import Viewer
from lineofsight.service.models import AccessLink, AccessLogEntry, Link
from lineofsight.service.store import verify
from lineofsight.vocabulary.moments import london_day, moment_of, written
from lineofsight.vocabulary.refusal import Refused

DAYS = 30
"""Of how many of the latest days with an entry the access log is counted by day."""
_MOST_DELIVERIES = 500
_one_at_a_time = threading.Lock()


@dataclass(frozen=True)
class Head:
    """The newest link of a chain: its number, hash and moment. What was noted elsewhere proves that nothing before it changed."""

    chain: str
    number: int
    hash: str
    at: str


@dataclass(frozen=True)
class Checked:
    """What checking the whole record found: whether it holds, of how many links, and what does not."""

    holds: bool
    links: int
    failures: list[str]


def _permitted(viewer: Viewer) -> None:
    if not viewer.may(Permission.AUDIT):
        raise PermissionDenied


def heads(viewer: Viewer) -> list[Head]:
    """The heads of both chains; a chain without a link has none."""
    _permitted(viewer)
    found = []
    delivered = Link.objects.order_by("-number").first()
    if delivered is not None:
        moment = written(moment_of(delivered.witnessed_at))
        found.append(Head("deliveries", delivered.number, delivered.hash, moment))
    seen = AccessLink.objects.order_by("-number").first()
    if seen is not None:
        found.append(Head("access", seen.number, seen.hash, written(moment_of(seen.at))))
    return found


def log_counts(viewer: Viewer) -> dict[str, Any]:
    """How many entries the access log has: in all, by person, by page or command, and by day; never of which child."""
    _permitted(viewer)
    entries = AccessLogEntry.objects.filter(authority=viewer.authority)
    span = entries.aggregate(count=Count("number"), first=Min("number"), last=Max("number"))
    by_day: dict[str, int] = {}
    since = entries.aggregate(last=Max("at"))["last"]
    if since is not None:
        recent = entries.filter(at__gt=since - DAYS * 86_400_000_000).values_list("at", flat=True)
        for moment in recent.iterator(chunk_size=5000):
            day = london_day(moment_of(moment)).isoformat()
            by_day[day] = by_day.get(day, 0) + 1
    return {
        **span,
        "by_person": _counted(entries, "by"),
        "by_channel": _counted(entries, "channel"),
        "by_day": sorted(by_day.items(), reverse=True),
    }


def _counted(entries: Any, column: str) -> list[tuple[str, int]]:
    rows = entries.values(column).annotate(count=Count("number")).order_by("-count", column)
    return [(row[column], row["count"]) for row in rows]


def seals(viewer: Viewer, most: int = 100) -> list[dict[str, Any]]:
    """The latest links of the access chain: what kind of row each seals, and its hash. A row is named by its number only."""
    _permitted(viewer)
    found = AccessLink.objects.order_by("-number").values("number", "at", "kind", "subject", "hash")[:most]
    return [{**row, "at": written(moment_of(row["at"]))} for row in found]


def deliveries(viewer: Viewer, record: Record) -> list[dict[str, Any]]:
    """Each delivery that was read, the latest first, with the fingerprint of its files and the hash of its link."""
    _permitted(viewer)
    if record.authority != viewer.authority:
        raise PermissionDenied
    read = [link for link in record.links() if link.kind == READ]
    received = {link.delivery: link for link in record.links() if "sha256" in link.says}
    return [
        {
            "delivery": link.delivery,
            "source": link.source,
            "received_at": str(link.says.get("received_at", "")),
            "sha256": str(received[link.delivery].says["sha256"]) if link.delivery in received else "",
            "link": link.number,
            "hash": link.hash,
        }
        for link in reversed(read[-_MOST_DELIVERIES:])
    ]


def roles_history(viewer: Viewer) -> list[dict[str, Any]]:
    """Every role anybody holds or held here: who gave it, when it ended and who ended it."""
    _permitted(viewer)
    return [
        {"name": person["name"], **role}
        for person in people.listed(viewer.authority)
        for role in person["roles"]
    ]


def check(viewer: Viewer) -> Checked:
    """Verify the whole record now. One check runs at a time in a process."""
    _permitted(viewer)
    if not _one_at_a_time.acquire(blocking=False):
        raise Refused("Somebody else is checking the record just now. Try again in a minute.")
    try:
        found = verify.verify()
    finally:
        _one_at_a_time.release()
    return Checked(found.holds, found.link_count, [f"{one.part}: {one.why}" for one in found.failures])
