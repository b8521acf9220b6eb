"""What one person may see of one authority: the only door to a child's rows (deny by default)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from lineofsight.queries.team_tree import TeamTree, team_tree
from lineofsight.service.access import appointments
from lineofsight.service.access.records import open_record
from lineofsight.service.access.roles import PERMITTED, SCOPED, Permission, Role
from lineofsight.service.models import BrokenGlass, Grant, Restriction
from lineofsight.service.store import clock, sealing
from lineofsight.vocabulary.moments import london_day, microseconds
from lineofsight.vocabulary.refusal import Refused


@dataclass(frozen=True)
class Viewer:
    """What somebody may see of an authority. `teams` and `workers` bound the children; `whole` bounds nothing."""

    by: str
    user_id: int
    authority: str
    permissions: frozenset[Permission]
    whole: bool
    teams: frozenset[str]
    workers: frozenset[str]
    topics: tuple[str, ...] = ()
    """The topics of oversight that this person's appointments cover; empty where every topic is open to them."""
    read: dict[str, frozenset[str]] | None = field(default=None, compare=False, repr=False)
    """What was read already, for a viewer that lives no longer than one request; None reads anew each time."""

    def may(self, permission: Permission) -> bool:
        """Whether this person may do that at all; of which children, `covers` says."""
        return permission in self.permissions

    def covers(self, teams: Iterable[str], workers: Iterable[str]) -> bool:
        """Whether a child in the hands of those teams and workers is within scope."""
        return self.whole or not self.teams.isdisjoint(teams) or not self.workers.isdisjoint(workers)


def viewer_of(user: Any, authority: str) -> Viewer:
    """What a person may see of an authority; raises PermissionDenied where they hold no role in it."""
    grants = [one for one in _grants(user) if one.authority == authority]
    roles = {Role(one.role) for one in grants}
    if not roles:
        raise PermissionDenied
    seeing = [one for one in grants if Permission.CHILDREN in PERMITTED[Role(one.role)]]
    return Viewer(
        by=user.get_username(),
        user_id=user.pk,
        authority=authority,
        permissions=frozenset().union(*(PERMITTED[role] for role in roles)),
        whole=any(Role(one.role) not in SCOPED for one in seeing),
        teams=_teams(authority, seeing),
        workers=frozenset(one.worker for one in seeing if one.worker),
        topics=_topics(grants),
    )


def _topics(grants: list[Grant]) -> tuple[str, ...]:
    """What oversight is bounded to: the topics of all appointments, unless any role opens every topic."""
    found: set[str] = set()
    for grant in grants:
        if Permission.OVERSIGHT in PERMITTED[Role(grant.role)]:
            appointment = appointments.of(grant)
            if appointment is None or not appointment.topics:
                return ()
            found.update(appointment.topics)
    return tuple(sorted(found))


def topics_of(user: Any, authority: str) -> tuple[str, ...]:
    """The topics to which somebody's oversight of an authority is bounded; empty for none or every topic."""
    return _topics([one for one in _grants(user) if one.authority == authority])


def _teams(authority: str, seeing: list[Grant]) -> frozenset[str]:
    """The teams whose children somebody sees: a head of service sees those below theirs too, by the tree of today."""
    own = frozenset(one.team for one in seeing if one.role == Role.TEAM_MANAGER and one.team)
    heads = frozenset(one.team for one in seeing if one.role == Role.HEAD_OF_SERVICE and one.team)
    return own | tree_now(authority).below(heads) if heads else own


def tree_now(authority: str) -> TeamTree:
    """Which team belongs to which today, as known now."""
    now = clock.now()
    return team_tree(open_record(authority), london_day(now), microseconds(now))


def require(user: Any, authority: str, permission: Permission) -> Viewer:
    """A person as a viewer of an authority; raises PermissionDenied where it does not permit that."""
    viewer = viewer_of(user, authority)
    if not viewer.may(permission):
        raise PermissionDenied
    return viewer


def authorities_of(user: Any, permission: Permission | None = None) -> list[str]:
    """The authorities in which a person holds a role, or one that permits something, in order."""
    return sorted(
        {
            one.authority
            for one in _grants(user)
            if permission is None or permission in PERMITTED[Role(one.role)]
        }
    )


def _grants(user: Any) -> list[Grant]:
    if not user.is_authenticated or not user.is_active:
        return []
    if (read := getattr(user, _OF_THIS_REQUEST, None)) is not None:
        return list(read)
    grants = Grant.objects.filter(user_id=user.pk, ended_at=None, role__in=list(PERMITTED))
    today = london_day(clock.now())
    found = grants.select_related("appointment").order_by("number")
    return [grant for grant in found if appointments.in_force(grant, today)]


_OF_THIS_REQUEST = "_grants_of_this_request"


def read_grants_once(user: Any) -> None:
    """Read a person's roles once for the request they make; what they do in it counts from the next on."""
    setattr(user, _OF_THIS_REQUEST, _grants(user))


def closed_to(viewer: Viewer) -> frozenset[str]:
    """The restricted children whom this person may not see: not named in the restriction, no glass broken."""

    def read() -> frozenset[str]:
        shut = Restriction.objects.filter(authority=viewer.authority, lifted_at=None)
        return frozenset(shut.exclude(allowed=viewer.user_id).values_list("child", flat=True))

    return _once(viewer, "restricted to others", read) - opened_by_glass(viewer)


def restricted(authority: str) -> frozenset[str]:
    """Every child of an authority whom only named people may see."""
    found = Restriction.objects.filter(authority=authority, lifted_at=None)
    return frozenset(found.values_list("child", flat=True))


def opened_by_glass(viewer: Viewer) -> frozenset[str]:
    """The children whom this person has broken the glass for, and may see until it expires."""

    def read() -> frozenset[str]:
        now = microseconds(clock.now())
        found = BrokenGlass.objects.filter(user_id=viewer.user_id, authority=viewer.authority, until__gt=now)
        return frozenset(found.values_list("child", flat=True))

    return _once(viewer, "opened by glass", read)


def for_one_request(viewer: Viewer) -> Viewer:
    """The same viewer, which reads restrictions and opened children once: for a request that only reads."""
    return replace(viewer, read={})


def _once(viewer: Viewer, what: str, read: Callable[[], frozenset[str]]) -> frozenset[str]:
    if viewer.read is None:
        return read()
    if what not in viewer.read:
        viewer.read[what] = read()
    return viewer.read[what]


def log_access(viewer: Viewer, children: Iterable[str], channel: str, *, at: int | None = None) -> None:
    """Write that somebody saw each of these children; must be called in the transaction that reads them."""
    log_access_by(viewer.by, viewer.authority, children, channel, at=at)


def log_access_by(
    by: str, authority: str, children: Iterable[str], channel: str, *, at: int | None = None
) -> None:
    """The same of somebody who is known by name only, at a command line."""
    if not by.strip():
        raise Refused("Say who looks.", command="Add --by NAME.")
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a look is written in the transaction that gives what was looked at")
    moment = microseconds(clock.now()) if at is None else at
    sealing.write_entries(by, authority, list(children), channel, moment)
