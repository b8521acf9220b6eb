"""The logged door to everything held about a child, for the child's right to see it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from lineofsight.queries.figures import FigureQuery, latest_moment
from lineofsight.queries.record import Record
from lineofsight.queries.subject_access import Held, held_about
from lineofsight.service.access.children import day_of_moment
from lineofsight.service.access.viewer import log_access_by
from lineofsight.service.models import AccessLogEntry, BrokenGlass, Restriction
from lineofsight.vocabulary.moments import moment_of, written
from lineofsight.vocabulary.refusal import Refused

CHANNEL = "subject access"
"""How the access log names this way to a child's record."""


@dataclass(frozen=True)
class Looked:
    """One entry of the access log: who saw the record, where and when."""

    at: str
    by: str
    where: str
    reason: str


@dataclass(frozen=True)
class Limited:
    """A restriction of who may see the child: from, until, by whom and why."""

    since: str
    until: str
    by: str
    reason: str


@dataclass(frozen=True)
class Subject:
    """Everything held about a child: rows, who looked, and restrictions."""

    held: Held
    looked: list[Looked]
    restrictions: list[Limited]


def subject(record: Record, child: str, *, by: str) -> Subject:
    """Everything held about a child. The access is logged under `by` in the same transaction, and is the last entry.

    Raises Refused where no row of the authority names the child.
    """
    moment = latest_moment(record)
    with transaction.atomic():
        log_access_by(by, record.authority, [child], CHANNEL)
        held = held_about(record, child, FigureQuery(day_of_moment(moment), moment))
        if held is None:
            raise Refused(f"No row of authority {record.authority} names that child; check the number.")
        return Subject(held, _looked(record.authority, child), _restrictions(record.authority, child))


def _looked(authority: str, child: str) -> list[Looked]:
    opened = BrokenGlass.objects.filter(authority=authority, child=child).select_related("user")
    reasons = {(one.user.get_username(), one.at): one.reason for one in opened}
    entries = AccessLogEntry.objects.filter(authority=authority, child=child).order_by("number")
    return [
        Looked(written(moment_of(each.at)), each.by, each.channel, reasons.get((each.by, each.at), ""))
        for each in entries.iterator()
    ]


def _restrictions(authority: str, child: str) -> list[Limited]:
    return [
        Limited(
            written(moment_of(each.at)),
            written(moment_of(each.lifted_at)) if each.lifted_at else "",
            each.by,
            each.reason,
        )
        for each in Restriction.objects.filter(authority=authority, child=child).order_by("number")
    ]
