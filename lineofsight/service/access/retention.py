"""The logged door to children whose rows are due, and the erasure of one that two people have decided."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from lineofsight.queries import retention as read
from lineofsight.queries.record import Record
from lineofsight.queries.retention import DueChild, RetentionDue
from lineofsight.service.access.records import open_record
from lineofsight.service.access.viewer import log_access_by
from lineofsight.service.models import Link
from lineofsight.service.store import clock, erasure
from lineofsight.vocabulary.identifiers import AuthorityCode
from lineofsight.vocabulary.moments import london_day
from lineofsight.vocabulary.refusal import Refused


def due(record: Record, as_at: date, *, by: str) -> RetentionDue:
    """Whose rows are due, for whoever is at the command line; each child listed is written to the access log."""
    with transaction.atomic():
        answer = read.due(record, as_at)
        named = {one.child for one in answer.children} | {one.child for one in answer.cannot_tell}
        log_access_by(by, record.authority, sorted(named), "retention due")
    return answer


def erase_due(authority: AuthorityCode, child: str, *, by: str, second: str) -> Link:
    """Erase a child whose rows are due today, as two people have decided. Raises Refused, and erases nothing, otherwise."""
    first, other = by.strip(), second.strip()
    if not first or not other or first.casefold() == other.casefold():
        raise Refused("Two people have to decide: give --by NAME and the name of another person.")
    one = check_due(authority, child)
    ground = f"retention rule {one.rule}: {one.because}; due since {one.due_since.isoformat()}"
    return erasure.erase_child(authority, child, ground, by=f"{first} and {other}")


def check_due(authority: str, child: str) -> DueChild:
    """What says that a child's rows are due today. Raises Refused where they are not, or a hold stands."""
    answer = read.due(open_record(authority), london_day(clock.now()))
    if answer.holds:
        raise Refused(f"Hold {answer.holds[0].number} stands: nothing may be erased by a rule until it ends.")
    one = next((one for one in answer.children if one.child == child), None)
    if one is None:
        raise Refused("By the rules in force this child's rows are not due today, so nothing was erased.")
    return one
