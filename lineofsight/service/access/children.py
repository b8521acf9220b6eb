"""The logged door to a child's record and to answers that list children."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import TypeVar

from django.core.exceptions import PermissionDenied
from django.db import transaction

from lineofsight.allocation.history import day_of
from lineofsight.queries import children as read
from lineofsight.queries.bridges import Bridge
from lineofsight.queries.children import Child, ChildQuery
from lineofsight.queries.clocks import Clocks
from lineofsight.queries.figures import FigureQuery, NotSeen, Register
from lineofsight.queries.record import Record
from lineofsight.service.access.attempts import REFUSED
from lineofsight.service.access.scope import check_may_open, known_on, responsible_until
from lineofsight.service.access.viewer import Viewer, log_access_by
from lineofsight.vocabulary.refusal import Refused

Listing = TypeVar("Listing", Register, Bridge, NotSeen, Clocks)


def open_for(viewer: Viewer, record: Record, child: str, query: FigureQuery) -> Child:
    """A child's record for a signed-in person, as at the query's day; the access is logged with the answer.

    A person whose scope is bounded and who no longer answers for the child is given only what was known
    on the last day they did. Nothing that began after that day, or after the query's, is given: whoever
    answered for a child then may not answer now.
    """
    if viewer.authority != record.authority:
        raise PermissionDenied
    day = query.as_at
    check_may_open(viewer, record, child, day, query.known_by, REFUSED, witnessed=query.witnessed)
    last = responsible_until(viewer, record, child, day, witnessed=query.witnessed)
    if last is not None:
        day = min(day, last)
        query = replace(query, as_at=day, known_by=min(query.known_by, known_on(last)))
    return _opened(record, ChildQuery(child, None, query, begun_by=day), viewer.by, "page: child")


def open_by_name(record: Record, child: str, day: date | None, query: FigureQuery, *, by: str) -> Child:
    """A child's record for whoever is at the command line, who holds the whole home; the access is logged under `by`."""
    return _opened(record, ChildQuery(child, day, query), by, "child")


def _opened(record: Record, query: ChildQuery, by: str, channel: str) -> Child:
    with transaction.atomic():
        log_access_by(by, record.authority, [query.child], channel)
        found = read.child(record, query)
    if found is None:
        raise Refused(f"No row of authority {record.authority} names that child; check the number.")
    return found


def listed(make: Callable[[], Listing], authority: str, *, by: str, channel: str) -> Listing:
    """An answer that lists children, each written to the access log in the transaction that gives it."""
    with transaction.atomic():
        answer = make()
        rows = answer.clocks if isinstance(answer, Clocks) else answer.children
        named = {row.child for row in rows}
        if isinstance(answer, Register):
            named |= {row.child for row in answer.disagreeing}
        log_access_by(by, authority, sorted(named), channel)
    return answer


def day_of_moment(moment: int) -> date:
    """The London day of a moment in microseconds."""
    return date.fromordinal(day_of(moment))
