"""Which children of an authority are within a person's scope, on a day and now."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import Enum

from django.core.exceptions import PermissionDenied

from lineofsight.queries.history import history_of
from lineofsight.queries.holders import Holders, Viewed, holders, last_day_held, still_open
from lineofsight.queries.record import Record
from lineofsight.service.access import attempts
from lineofsight.service.access.roles import Permission
from lineofsight.service.access.viewer import Viewer, closed_to, opened_by_glass
from lineofsight.service.store import clock
from lineofsight.vocabulary.moments import end_of, london_day, microseconds


class Standing(Enum):
    """How a person stands to a child."""

    OPEN = "may be opened"
    OUT_OF_SCOPE = "in other teams"
    RESTRICTED = "restricted to named people"


def in_scope(viewer: Viewer, children: Iterable[str], within: Holders) -> frozenset[str]:
    """The children within a person's scope; restricted children too, for `closed_to` names those."""
    if not viewer.may(Permission.CHILDREN):
        return frozenset()
    if viewer.whole:
        return frozenset(children)
    found: set[str] = set(opened_by_glass(viewer))
    for team in viewer.teams:
        found |= within.by_team.get(team, frozenset())
    for worker in viewer.workers:
        found |= within.by_worker.get(worker, frozenset())
    return frozenset(found.intersection(children))


def standing(
    viewer: Viewer, record: Record, child: str, day: date, known_by: int, *, witnessed: bool = False
) -> Standing:
    """How a person stands to one child on a day."""
    if child in closed_to(viewer):
        return Standing.RESTRICTED
    within = in_scope(viewer, [child], holders(record, day, known_by, witnessed=witnessed))
    return Standing.OPEN if within else Standing.OUT_OF_SCOPE


def may_open(
    viewer: Viewer, record: Record, child: str, day: date, known_by: int, *, witnessed: bool = False
) -> bool:
    """Whether a person may open a child on a day: permitted, in scope, and not restricted to others."""
    if record.authority != viewer.authority or not viewer.may(Permission.CHILDREN):
        return False
    return standing(viewer, record, child, day, known_by, witnessed=witnessed) is Standing.OPEN


def check_may_open(
    viewer: Viewer,
    record: Record,
    child: str,
    day: date,
    known_by: int,
    channel: str,
    *,
    witnessed: bool = False,
) -> None:
    """Log and refuse (`attempts.Closed`) unless `may_open`; PermissionDenied where no child may be seen at all."""
    if not viewer.may(Permission.CHILDREN):
        raise PermissionDenied
    if standing(viewer, record, child, day, known_by, witnessed=witnessed) is not Standing.OPEN:
        attempts.refuse_child(viewer, child, channel)


# -- the end of responsibility --------------------------------------------------------------------


def current_day(record: Record, *, witnessed: bool = False) -> date:
    """The last day of which everything is known: responsibility as of now is judged on it."""
    return history_of(record, witnessed=witnessed).latest_day() or london_day(clock.now())


def responsible_now(
    viewer: Viewer, record: Record, children: Iterable[str], *, witnessed: bool = False
) -> frozenset[str]:
    """The children whom this person answers for now, or has opened with a reason.

    A child whose episode was closed and who has no involvement is nobody's now, whichever team had it last.
    """
    today, now = current_day(record, witnessed=witnessed), microseconds(clock.now())
    within = in_scope(viewer, children, holders(record, today, now, witnessed=witnessed))
    if viewer.whole:
        return within
    return within & (still_open(record, today, now, witnessed=witnessed) | opened_by_glass(viewer))


def responsible_until(
    viewer: Viewer, record: Record, child: str, day: date, *, witnessed: bool = False
) -> date | None:
    """The last day on which a child was in this person's scope; None where it is now.

    `day`, on which it was found in scope, stands where nothing known now says so.
    """
    if viewer.whole or child in responsible_now(viewer, record, [child], witnessed=witnessed):
        return None
    today, now = current_day(record, witnessed=witnessed), microseconds(clock.now())
    by = Viewed(viewer.teams, viewer.workers)
    return last_day_held(record, child, by, today, now, witnessed=witnessed) or day


def known_on(day: date) -> int:
    """The last moment of a London day, in microseconds: what was known on the last day somebody was responsible."""
    return microseconds(end_of(day))
