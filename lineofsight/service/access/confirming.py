"""What takes two people: a role that opens children or grants roles, and resetting the sign-in of somebody who holds one.

One person asks; a second who may confirm, and is neither the asker nor whom it is for, confirms. To take
such an account into use its owner needs a one-time link, which an administrator makes, and a code, which
only whoever confirmed was shown: so neither of the two alone can sign in as them.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied

from lineofsight.service.access import people
from lineofsight.service.access.roles import PERMITTED, SCOPED, Permission, Role
from lineofsight.service.access.viewer import Viewer, require
from lineofsight.service.models import Grant, RoleRequest
from lineofsight.service.store import chain, clock
from lineofsight.vocabulary.moments import microseconds, moment_of, written
from lineofsight.vocabulary.refusal import Refused

ROLE, PASSWORD, SECOND_STEP = "role", "reset password", "reset second step"
CONFIRMED, TURNED_DOWN = "confirmed", "turned down"
_OPENS = frozenset({Permission.CHILDREN, Permission.PEOPLE, Permission.CONFIRM_ROLES, Permission.LOOKS})
GUARDED = frozenset(role for role, permitted in PERMITTED.items() if permitted & _OPENS)
"""The roles that open children, tell who looked at them, or grant roles: nobody gives one of them alone."""

LAPSES_DAYS = 14
_DAY = 86_400_000_000
_CODE_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
_CODE_LENGTH = 8


@dataclass(frozen=True)
class Decided:
    """What came of confirming: in words, and the code that is shown now and never again ('' where none is needed)."""

    says: str
    code: str = ""


def holds_guarded(user: User) -> bool:
    """Whether somebody holds a role that takes two people to give, in any authority."""
    return Grant.objects.filter(user=user, ended_at=None, role__in=[str(role) for role in GUARDED]).exists()


# -- asking ---------------------------------------------------------------------------------------


def give(wanted: people.Wanted, *, viewer: Viewer) -> str:
    """Give a role, or ask for one that takes two people; says in words what came of it."""
    _permitted(viewer, Permission.PEOPLE)
    if wanted.authority != viewer.authority:
        raise PermissionDenied
    if wanted.name == viewer.by:
        raise Refused("Nobody gives a role to themselves; ask another administrator.")
    with chain.writing():
        user, _ = _found_or_added(wanted.name)
        people.check_given_here(user)
        if wanted.role in GUARDED:
            _ask(ROLE, user, viewer, role=wanted.role, team=wanted.team, worker=wanted.worker)
            return (
                f"{wanted.name} will have the role {wanted.role.value} once a second person has confirmed it."
            )
        people.give_to(user, wanted, by=viewer.by)
    return f"{wanted.name} is {wanted.role.value} now."


def _found_or_added(name: str) -> tuple[User, bool]:
    user = User.objects.filter(username=name).first()
    return (user, False) if user else (User.objects.create_user(name), True)


def ask_reset(name: str, kind: str, *, viewer: Viewer) -> str:
    """Reset somebody's password or second step; of a person with a guarded role, ask for it to be confirmed."""
    with chain.writing():
        user = people.theirs(name, viewer)
        if people.signs_in_elsewhere(user):
            raise Refused(
                "This person signs in at your organisation's server; what they sign in with is changed there."
            )
        if holds_guarded(user):
            _ask(kind, user, viewer)
            return (
                "A second person has to confirm it first: the person's role opens children, or grants roles."
            )
        _reset(user, kind, viewer.by)
    return "Done. Make a one-time link so that they can choose a password." if kind == PASSWORD else "Done."


def _ask(kind: str, user: User, viewer: Viewer, *, role: str = "", team: str = "", worker: str = "") -> None:
    same = {
        "kind": kind,
        "user": user,
        "role": str(role),
        "authority": viewer.authority,
        "team": team,
        "worker": worker,
    }
    if RoleRequest.objects.filter(**same, decided_at=None, asked_at__gt=_now() - LAPSES_DAYS * _DAY).exists():
        raise Refused("That was asked for already and waits to be confirmed.")
    if (
        role
        and Grant.objects.filter(
            user=user, role=role, authority=viewer.authority, team=team, worker=worker, ended_at=None
        ).exists()
    ):
        raise Refused("They hold that role already.")
    RoleRequest.objects.create(**same, asked_by=viewer.by, asked_at=_now())


# -- deciding -------------------------------------------------------------------------------------


def decide(number: int, *, confirmed: bool, viewer: Viewer) -> Decided:
    """Confirm what somebody else asked for, or turn it down; refuses whoever asked and whom it is for."""
    _permitted(viewer, Permission.CONFIRM_ROLES)
    with chain.writing():
        request = (
            RoleRequest.objects.filter(number=number, authority=viewer.authority)
            .select_related("user")
            .first()
        )
        if request is None or request.decided_at is not None:
            raise Refused("No request with that number is waiting to be confirmed.")
        if viewer.by in (request.asked_by, request.user.get_username()):
            raise Refused("Somebody else has to confirm this: not who asked for it, nor whom it is for.")
        if not confirmed:
            _close(request, TURNED_DOWN, viewer.by, "")
            return Decided("Turned down. Nothing was changed.")
        _check_still_good(request)
        code = _carry_out(request, viewer)
        _close(request, CONFIRMED, viewer.by, hash_of(code) if code else "")
    return Decided(_words(request), code)


def _check_still_good(role_request: RoleRequest) -> None:
    """The asker may still ask, the request is not old, and the person may sign in."""
    if role_request.asked_at < _now() - LAPSES_DAYS * _DAY:
        raise Refused(f"This was asked for more than {LAPSES_DAYS} days ago; have it asked for again.")
    asker = User.objects.filter(username=role_request.asked_by).first()
    try:
        require(asker, role_request.authority, Permission.PEOPLE) if asker else None
    except PermissionDenied:
        asker = None
    if asker is None:
        raise Refused("Whoever asked for this may not ask any more; turn it down.")
    if not role_request.user.is_active:
        raise Refused("This person's signing in is stopped; resume it first, or turn this down.")


def _carry_out(role_request: RoleRequest, viewer: Viewer) -> str:
    """Do what was asked; gives the code for taking the account into use, where one is needed."""
    both = f"{role_request.asked_by} and {viewer.by}"
    if role_request.kind == SECOND_STEP:
        _reset(role_request.user, SECOND_STEP, both)
        return ""
    first = role_request.kind == PASSWORD or not holds_guarded(role_request.user)
    if role_request.kind == ROLE:
        wanted = people.Wanted(
            role_request.user.get_username(),
            Role(role_request.role),
            role_request.authority,
            role_request.team,
            role_request.worker,
        )
        people.give_to(role_request.user, wanted, by=both)
    if not first or people.signs_in_elsewhere(role_request.user):
        return ""
    for step in Authenticator.objects.filter(user=role_request.user):
        step.delete()  # whoever knew the old password may have made it
    _reset(role_request.user, PASSWORD, both)
    return "".join(secrets.choice(_CODE_LETTERS) for _ in range(_CODE_LENGTH))


def _reset(user: User, kind: str, by: str) -> None:
    """Take away a password or a second step; whoever is signed in with it is signed out."""
    if kind == SECOND_STEP:
        for authenticator in Authenticator.objects.filter(user=user):
            authenticator.delete()
        people.note(user, people.SECOND_STEP_RESET, by)
        return
    user.set_unusable_password()
    user.save(update_fields=["password"])
    people.note(user, people.PASSWORD_RESET, by)


def _close(role_request: RoleRequest, decision: str, by: str, code_hash: str) -> None:
    role_request.decision, role_request.decided_by, role_request.decided_at, role_request.code_hash = (
        decision,
        by[:200],
        _now(),
        code_hash,
    )
    role_request.save()


def _words(role_request: RoleRequest) -> str:
    name = role_request.user.get_username()
    if role_request.kind == ROLE:
        return f"{name} is {role_request.role} now."
    return f"{name} now needs a new {'password' if role_request.kind == PASSWORD else 'second step'}."


def hash_of(secret: str) -> str:
    """What is kept of a code or of what stands in a link."""
    return hashlib.sha256(
        secret.strip().upper().encode() if len(secret.strip()) <= _CODE_LENGTH else secret.encode()
    ).hexdigest()


def code_awaited(user: User) -> RoleRequest | None:
    """The confirmed request whose code takes the account into use; None where its password was chosen since."""
    request = (
        RoleRequest.objects.filter(user=user, decision=CONFIRMED)
        .exclude(code_hash="")
        .order_by("-number")
        .first()
    )
    fresh = request is not None and (request.decided_at or 0) > _now() - LAPSES_DAYS * _DAY
    chosen = people.last_chosen(user)
    return request if request and fresh and (request.decided_at or 0) > chosen else None


# -- reading ----------------------------------------------------------------------------------------


def waiting(authority: str) -> list[dict[str, Any]]:
    """What waits to be confirmed in an authority, the oldest first."""
    found = RoleRequest.objects.filter(
        authority=authority, decided_at=None, asked_at__gt=_now() - LAPSES_DAYS * _DAY
    )
    return [_told(one) for one in found.select_related("user").order_by("number")]


def decided(authority: str, most: int = 50) -> list[dict[str, Any]]:
    """What was confirmed or turned down lately, the latest first."""
    found = RoleRequest.objects.filter(authority=authority).exclude(decided_at=None)
    return [_told(one) for one in found.select_related("user").order_by("-number")[:most]]


def _told(role_request: RoleRequest) -> dict[str, Any]:
    bound = role_request.team or role_request.worker
    asks = {PASSWORD: "Reset the password", SECOND_STEP: "Reset the second step"}
    what = asks.get(role_request.kind) or f"Role: {role_request.role}" + (
        f", {SCOPED.get(Role(role_request.role), '')} {bound}" if bound else ""
    )
    return {
        "number": role_request.number,
        "name": role_request.user.get_username(),
        "what": what,
        "asked_by": role_request.asked_by,
        "asked_at": written(moment_of(role_request.asked_at)),
        "decision": role_request.decision,
        "decided_by": role_request.decided_by,
        "decided_at": written(moment_of(role_request.decided_at)) if role_request.decided_at else "",
    }


def _permitted(viewer: Viewer, permission: Permission) -> None:
    if not viewer.may(permission):
        raise PermissionDenied


def _now() -> int:
    return microseconds(clock.now())
