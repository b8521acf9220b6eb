"""Tells others what became of deliveries and which sources are late, by webhook or mail. Never what is in a delivery.

A notice holds the authority, the source's name, the delivery's id, moments and counts: no file name, which may hold a
child's number, no row and no name. The reader tells; one that fails is told again later, and keeps nobody from reading.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import requests
from django.conf import settings
from django.core.mail import send_mail

from lineofsight.queries.sources import late_sources
from lineofsight.service.models import Link
from lineofsight.service.store import chain, clock, stamps
from lineofsight.service.store.record import open_record
from lineofsight.vocabulary.moments import london_day, moment_of, written

TOLD = "told"
"""The stamp that says up to which link notices were sent, and of which late sources on which day."""
SIGNATURE = "X-LineOfSight-Signature"
_EVENTS = {
    chain.READ: "delivery read",
    chain.AWAITING_CONFIRMATION: "delivery waits for confirmation",
    chain.SET_ASIDE: "delivery set aside",
}
_COUNTS = ("received", "accepted", "unchanged", "quarantined", "withdrawn")
_SECONDS = 5
"""How long the other side may take."""
_AT_ONCE = 50
_LONGEST_PAUSE = timedelta(hours=1)


@dataclass(frozen=True)
class Notice:
    """What is told: an event, whose it is, and numbers."""

    event: str
    authority: str
    source: str
    at: str
    delivery: str = ""
    counts: dict[str, int] = field(default_factory=dict)


def is_wanted() -> bool:
    """Whether anybody is to be told."""
    return bool(settings.WEBHOOK_URL or settings.MAIL_TO)


def tell_new() -> int:
    """Tell what happened since the last notice; gives how many were sent. The first call tells nothing of the past.

    Where a notice cannot be sent, it and those after it are tried again: after a second, then ever more seldom.
    """
    if not is_wanted():
        return 0
    last = stamps.read(TOLD)
    if last is None:
        stamps.note(TOLD, link=_newest(), late={}, failures=0)
        return 0
    failures = int(last.says.get("failures", 0))
    if failures and clock.now() < last.at + min(timedelta(seconds=2**failures), _LONGEST_PAUSE):
        return 0
    return _tell(int(last.says["link"]), dict(last.says.get("late", {})), failures)


def _tell(link: int, late: dict[str, str], failures: int) -> int:
    sent = 0
    try:
        for number, notice in _of_links(link):
            _send(notice)
            link, sent = number, sent + 1
        for name, notice in _of_late_sources(late):
            _send(notice)
            late[name], sent = london_day(clock.now()).isoformat(), sent + 1
    except (requests.RequestException, OSError):
        failures = min(failures + 1, 12)
    else:
        failures = 0
    stamps.note(TOLD, link=link, late=late, failures=failures)
    return sent


def _newest() -> int:
    return Link.objects.order_by("-number").values_list("number", flat=True).first() or 0


def _of_links(after: int) -> Iterator[tuple[int, Notice]]:
    for link in Link.objects.filter(number__gt=after, kind__in=list(_EVENTS)).order_by("number")[:_AT_ONCE]:
        counts: dict[str, Any] = chain.body_of(link).get("counts", {})
        told = {name: int(counts[name]) for name in _COUNTS if name in counts}
        at = written(moment_of(link.witnessed_at))
        yield link.number, Notice(_EVENTS[link.kind], link.authority, link.source, at, link.delivery, told)


def _of_late_sources(told: dict[str, str]) -> Iterator[tuple[str, Notice]]:
    """The sources that are late and were not told of today."""
    now: datetime = clock.now()
    for authority in Link.objects.order_by("authority").values_list("authority", flat=True).distinct():
        for source in late_sources(open_record(authority), now):
            name = f"{authority}/{source.name}"
            if told.get(name) != london_day(now).isoformat():
                yield name, Notice("source late", authority, source.name, written(now))


def _send(notice: Notice) -> None:
    if settings.WEBHOOK_URL:
        _post(notice)
    if settings.MAIL_TO:
        _mail(notice)


def _post(notice: Notice) -> None:
    body = json.dumps(vars(notice), sort_keys=True).encode()
    signed = hmac.new(settings.WEBHOOK_SECRET.encode(), body, hashlib.sha256).hexdigest()
    headers = {"Content-Type": "application/json", SIGNATURE: f"sha256={signed}"}
    answer = requests.post(
        settings.WEBHOOK_URL, data=body, headers=headers, timeout=_SECONDS, allow_redirects=False
    )
    if not answer.ok or answer.is_redirect:
        raise requests.HTTPError(f"answered {answer.status_code}")


def _mail(notice: Notice) -> None:
    counts = "".join(f"{name}: {count:,}\n" for name, count in notice.counts.items())
    delivery = f"Delivery {notice.delivery}\n" if notice.delivery else ""
    text = f"{notice.event.capitalize()}\nAuthority {notice.authority}, source {notice.source}\n{delivery}{counts}"
    send_mail(f"Line of Sight: {notice.event}, {notice.source}", text, settings.MAIL_FROM, settings.MAIL_TO)
