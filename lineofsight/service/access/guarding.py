"""Restricting a child to named people, lifting that, and breaking the glass: each says who, when and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction

from lineofsight.service.access.roles import Permission
from lineofsight.service.access.viewer import Viewer, log_access
from lineofsight.service.models import BrokenGlass, Grant, Restriction
from lineofsight.service.store import chain, clock
from lineofsight.vocabulary.moments import microseconds, moment_of, written
from lineofsight.vocabulary.refusal import Refused

SHORTEST_REASON = 20
LONGEST_REASON = 500
GLASS_HOURS = 4
_HOUR = 3_600_000_000


def restrict(viewer: Viewer, child: str, allowed: Sequence[str], reason: str) -> None:
    """Let only named people open a child; refuses where it is restricted already or a name holds no role here."""
    _permitted(viewer, Permission.RESTRICT)
    said = reason_of(reason)
    people = _people(viewer.authority, allowed)
    with chain.writing():
        if in_force(viewer.authority, child) is not None:
            raise Refused("This child is restricted already; lift that first.")
        made = Restriction.objects.create(
            authority=viewer.authority, child=child, reason=said, by=viewer.by, at=microseconds(clock.now())
        )
        made.allowed.add(*people)
        log_access(viewer, [child], "restriction set")


def lift(viewer: Viewer, child: str) -> None:
    """Let everybody in scope open a child again."""
    _permitted(viewer, Permission.RESTRICT)
    with chain.writing():
        held = in_force(viewer.authority, child)
        if held is None:
            raise Refused("This child is not restricted.")
        changed = Restriction.objects.filter(pk=held.pk)
        changed.update(lifted_by=viewer.by, lifted_at=microseconds(clock.now()))
        log_access(viewer, [child], "restriction lifted")


def in_force(authority: str, child: str) -> Restriction | None:
    """The restriction of a child that is in force."""
    return Restriction.objects.filter(authority=authority, child=child, lifted_at=None).first()


def restriction_of(authority: str, child: str) -> dict[str, Any] | None:
    """The restriction in force, as a page shows it."""
    restriction = in_force(authority, child)
    if restriction is None:
        return None
    names = sorted(restriction.allowed.values_list("username", flat=True))
    return {
        "by": restriction.by,
        "at": written(moment_of(restriction.at)),
        "reason": restriction.reason,
        "allowed": names,
    }


def break_glass(viewer: Viewer, child: str, reason: str) -> None:
    """Open a child for a few hours to somebody who may not usually see it; the reason goes to the access log.

    `child` is empty where no child has the number that was asked for: nothing opens, and the reason is kept.
    """
    _permitted(viewer, Permission.BREAK_GLASS)
    said = reason_of(reason)
    with transaction.atomic():
        at = microseconds(clock.now())
        BrokenGlass.objects.create(
            user_id=viewer.user_id,
            authority=viewer.authority,
            child=child,
            reason=said,
            at=at,
            until=at + GLASS_HOURS * _HOUR if child else at,
        )
        log_access(viewer, [child], "glass broken", at=at)


def broken(authority: str) -> list[dict[str, Any]]:
    """Every time the glass was broken in an authority, the latest first, with the child's number."""
    found = BrokenGlass.objects.filter(authority=authority).select_related("user").order_by("-number")[:500]
    return [
        {
            "by": one.user.get_username(),
            "child": one.child,
            "reason": one.reason,
            "at": written(moment_of(one.at)),
            "until": written(moment_of(one.until)),
        }
        for one in found
    ]


def _permitted(viewer: Viewer, permission: Permission) -> None:
    if not viewer.may(permission):
        raise PermissionDenied


def reason_of(text: str) -> str:
    """A reason somebody gave, on one line; refuses one that is too short or too long."""
    said = " ".join(text.split())
    if len(said) < SHORTEST_REASON:
        raise Refused(f"Give the reason in at least {SHORTEST_REASON} letters, without naming the child.")
    if len(said) > LONGEST_REASON:
        raise Refused(f"Give the reason in at most {LONGEST_REASON} letters.")
    return said


def _people(authority: str, names: Sequence[str]) -> list[User]:
    wanted = sorted({name.strip() for name in names if name.strip()})
    if not wanted:
        raise Refused("Name at least one person who may still open the child.")
    holders = Grant.objects.filter(authority=authority, ended_at=None).values("user_id")
    found = list(User.objects.filter(username__in=wanted, pk__in=holders, is_active=True))
    if len(found) != len(wanted):
        raise Refused("Somebody named holds no role in this authority; check the names.")
    return found
