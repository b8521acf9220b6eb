"""Lists of children as one person may see them: within scope, not closed to them, every child shown logged.

What a list shows is worked out once for everybody (`queries.lists`); what differs between people is cut
out of that afterwards, so nobody is given rows that were worked out for somebody else's scope.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Generic, Protocol, TypeVar

from django.db import transaction

from lineofsight.queries.figures import FigureQuery
from lineofsight.queries.holders import holders
from lineofsight.queries.lists import ChildRow, UnallocatedRow, child_rows, unallocated_rows
from lineofsight.queries.record import Record
from lineofsight.service.access.scope import current_day, in_scope, known_on, responsible_now
from lineofsight.service.access.viewer import Viewer, closed_to, log_access


class HasChild(Protocol):
    """A row about one child."""

    @property
    def child(self) -> str:
        """The child's number."""


Row = TypeVar("Row", bound=HasChild)
RowsOf = Callable[[Record, FigureQuery], Sequence[Row]]
"""Everybody's rows of a day, known by a moment."""


@dataclass(frozen=True)
class ChildrenList(Generic[Row]):
    """What one person may see of a list: the rows, and how many of it are out of scope or closed to them."""

    rows: tuple[Row, ...]
    out_of_scope: int = 0
    closed: int = 0


def unallocated_list(viewer: Viewer, record: Record, query: FigureQuery) -> ChildrenList[UnallocatedRow]:
    """The children without an allocated worker whom this person may see. Not logged yet: `shown` gives the rows."""
    return _list(viewer, record, query, unallocated_rows)


def children_list(viewer: Viewer, record: Record, query: FigureQuery) -> ChildrenList[ChildRow]:
    """Every child counted whom this person may see. Not logged yet: `shown` gives the rows."""
    return _list(viewer, record, query, child_rows)


def _list(viewer: Viewer, record: Record, query: FigureQuery, rows_of: RowsOf[Row]) -> ChildrenList[Row]:
    everybody = _as_seen(viewer, record, query, rows_of)
    within = holders(record, query.as_at, query.known_by, witnessed=query.witnessed)
    scope = in_scope(viewer, (row.child for row in everybody), within)
    closed = closed_to(viewer)
    inside = [row for row in everybody if row.child in scope]
    seen = tuple(row for row in inside if row.child not in closed)
    return ChildrenList(seen, len(everybody) - len(inside), len(inside) - len(seen))


def _as_seen(viewer: Viewer, record: Record, query: FigureQuery, rows_of: RowsOf[Row]) -> list[Row]:
    """A day's rows as this person may see them: of children they no longer answer for, as known at that day's end."""
    everybody = list(rows_of(record, query))
    if viewer.whole or query.as_at >= current_day(record, witnessed=query.witnessed):
        return everybody
    children = [row.child for row in everybody]
    now = responsible_now(viewer, record, children, witnessed=query.witnessed)
    then = replace(query, known_by=min(query.known_by, known_on(query.as_at)))
    order = {child: at for at, child in enumerate(children)}
    return sorted(
        [row for row in everybody if row.child in now]
        + [row for row in rows_of(record, then) if row.child not in now],
        key=lambda row: order.get(row.child, len(order)),
    )


@transaction.atomic
def shown(viewer: Viewer, rows: Sequence[Row], channel: str) -> Sequence[Row]:
    """The rows, once it is written that this person saw each of those children; nothing where that fails."""
    log_access(viewer, (row.child for row in rows), channel)
    return rows
