"""Deletes the files of deliveries that hold children once their policy has passed, and states it in the chain.

Each release is a link: which deliveries, which hashes, under which policy. The link is committed first and the files
are deleted after it. A process that is killed in between leaves its list of files (`blobs.Arrival`), and the next
delivery or release deletes them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from lineofsight.intake.formats import is_case_format
from lineofsight.retention.files import Due, FilePolicy, StoredDelivery, due, in_force
from lineofsight.retention.stated import FILES, file_policies, holds_standing
from lineofsight.service.models import Link
from lineofsight.service.store import blobs, chain, clock, reader_process, retention
from lineofsight.vocabulary.moments import london_day, microseconds, moment_of

_ABOUT = (chain.RECEIVED, chain.AWAITING_CONFIRMATION, chain.READ, chain.SET_ASIDE, chain.RECEIVED_AGAIN)
_DECIDED = (chain.READ, chain.SET_ASIDE)
_DONE = "released-on"
"""The file in the home that gives the day of the last daily release."""


@dataclass(frozen=True)
class Released:
    """What one release deleted of one authority, or would delete: `link` is None then."""

    due: Due
    link: Link | None


def release(*, by: str, dry_run: bool = False) -> list[Released]:
    """Delete every file that is due today, in every authority; with `dry_run` only say which."""
    if not settings.HOLDS_CHILDREN:
        return []
    if dry_run:
        with chain.reading():
            return [Released(one, None) for one in _due(london_day(clock.now()))]
    blobs.tidy()
    arrival: blobs.Arrival | None = None
    released = []
    try:
        with chain.writing():
            now = clock.now()
            found = _due(london_day(now))
            if found:
                # Listed before the commit, so that whoever comes next deletes them where this process is killed.
                arrival = blobs.Arrival(sorted({sha256 for one in found for sha256 in one.hashes}))
            for one in found:
                link = chain.NewLink(chain.RELEASED, one.authority, "", "", _says(one))
                released.append(Released(one, chain.append(link, by=by, at=now)))
    finally:
        if arrival is not None:
            arrival.end()
    return released


def release_daily(*, by: str) -> list[Released]:
    """Release once a day, whichever process comes first; also remove uploads that nobody finished, and freed pages."""
    today = london_day(clock.now()).isoformat()
    done = Path(settings.HOME) / _DONE
    if not settings.HOLDS_CHILDREN or (done.exists() and done.read_text() == today):
        return []
    reader_process.tidy_incoming()
    released = release(by=by)
    if Link.objects.filter(kind=chain.ERASED, witnessed_at__gte=_two_days_ago()).exists():
        chain.scrub()  # an erasure on a page leaves the database's freed pages to this
    done.write_text(today)
    return released


def _two_days_ago() -> int:
    return microseconds(clock.now() - timedelta(days=2))


def _says(one: Due) -> dict[str, Any]:
    policy = one.policy
    stated = {
        "days": policy.days,
        "from": policy.in_force_from.isoformat() if policy.in_force_from else None,
        "set_by": policy.set_by,
    }
    return {
        "what": FILES,
        "policy": stated,
        "deliveries": list(one.deliveries),
        "released": list(one.hashes),
    }


def policy_of(says: Mapping[str, Any]) -> FilePolicy:
    """The policy that a release states. Raises what a text that is no release's raises."""
    stated = says["policy"]
    from_day = date.fromisoformat(stated["from"]) if stated["from"] is not None else None
    return FilePolicy(int(stated["days"]), from_day, str(stated["set_by"]), "")


def _due(day: date) -> list[Due]:
    deliveries = list(stored_deliveries())
    said = {one.authority: retention.stated(one.authority) for one in deliveries if one.holds_children}
    held = {one.delivery or code for code, statements in said.items() for one in holds_standing(statements)}
    policies = {code: in_force(file_policies(statements), day) for code, statements in said.items()}
    return due(deliveries, policies, frozenset(held), day)


def stored_deliveries() -> Iterator[StoredDelivery]:
    """Every delivery any of whose files are still stored, of every authority."""
    found: dict[str, dict[str, Any]] = {}
    stored: set[str] = set()
    for link in Link.objects.order_by("number").iterator(chunk_size=500):
        if link.kind not in (*_ABOUT, chain.ERASED, chain.RELEASED):
            continue
        says = chain.body_of(link)
        hashes = {file["sha256"] for file in says.get("kept", [])}
        stored |= hashes
        stored -= set(says.get("released", []))
        if not link.delivery:
            continue
        about = found.setdefault(link.delivery, {"hashes": set(), "decided": False, "format": None})
        about["hashes"] |= hashes
        about["format"] = says.get("format") or about["format"]
        about["decided"] |= link.kind in _DECIDED
        about["authority"] = link.authority
        about["last_on"] = london_day(moment_of(link.witnessed_at))
    for id, about in found.items():
        hashes = about["hashes"] & stored
        if hashes:
            yield StoredDelivery(
                id,
                about["authority"],
                is_case_format(about["format"]),
                about["decided"],
                about["last_on"],
                frozenset(hashes),
            )
