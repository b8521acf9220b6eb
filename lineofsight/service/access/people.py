"""Giving people roles and taking them away, and their sign-ins: each change says who made it and when.

What takes two people is in `confirming`; choosing a password, in `one_time`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q

from lineofsight.service.access import appointments
from lineofsight.service.access.appointments import Appointed
from lineofsight.service.access.roles import PERMITTED, SCOPED, Permission, Role
from lineofsight.service.access.viewer import Viewer, authorities_of
from lineofsight.service.models import Grant, NoticesRead, PersonChange
from lineofsight.service.store import chain, clock
from lineofsight.vocabulary.moments import london_day, microseconds, moment_of, written
from lineofsight.vocabulary.refusal import Refused

BY_SERVER = "the sign-in server"
"""How the name of who gave a role begins where the organisation's server did."""
PASSWORD_GIVEN, PASSWORD_CHOSEN = "password given", "password chosen"
_LONGEST_BOUND = 200
SECOND_STEP_RESET, STOPPED, RESUMED = "second step taken away", "signing in stopped", "signing in resumed"
PASSWORD_RESET, LINK_MADE = "password reset", "one-time link made"
ENDS_SESSIONS = (SECOND_STEP_RESET, PASSWORD_RESET, STOPPED)
"""The changes after which whoever was signed in before has to sign in again."""
TOLD = (*ENDS_SESSIONS, RESUMED, LINK_MADE)
"""The changes that the person and those who confirm roles are told of."""
_NEEDS_SECOND_STEP = (
    Permission.CHILDREN,
    Permission.LOOKS,
    Permission.AUDIT,
    Permission.PEOPLE,
    Permission.CONFIRM_ROLES,
)


@dataclass(frozen=True)
class Wanted:
    """A role to be given: to whom, what, where, and what bounds it."""

    name: str
    role: Role
    authority: str
    team: str = ""
    worker: str = ""
    appointment: Appointed | None = None


_NEEDED = {
    "team": "Enter the team.",
    "worker": "Enter the worker’s number in the case system.",
}


def wanted(
    name: str,
    role: str,
    authority: str,
    *,
    team: str = "",
    worker: str = "",
    appointment: Mapping[str, str] | None = None,
) -> Wanted:
    """A role somebody is to be given, or a refusal. `appointment`: topics, begins, ends and document, as written."""
    role_named(role)
    written_of = {"topics": "", "begins": "", "ends": "", "document": "", **(appointment or {})}
    appointed = appointments.appointed(Role(role), **written_of)
    found = Wanted(name.strip(), Role(role), authority, team.strip(), worker.strip(), appointed)
    bound = SCOPED.get(found.role)
    for said, given in (("team", found.team), ("worker", found.worker)):
        if said == bound and not given:
            raise Refused(_NEEDED[said])
        if said != bound and given:
            raise Refused(f"A {role} has no {said}.")
        if len(given) > _LONGEST_BOUND or not given.isprintable():
            raise Refused(f"A {said} is of {_LONGEST_BOUND} letters at most, on one line.")
    try:
        User(username=found.name).clean_fields(exclude=["password"])
    except ValidationError:
        raise Refused("A name has letters, digits and @ . + - _ only, 150 at most.") from None
    return found


class GivenByServer(Protocol):
    """A role that the organisation's server gives, and by what, in words."""

    @property
    def wanted(self) -> Wanted:
        """The role; its name is empty, since it is whoever signs in."""

    @property
    def by(self) -> str:
        """Who gave it, and by which group."""


def role_named(name: str) -> Role:
    """A role by its name, or a refusal."""
    if name not in PERMITTED:
        raise Refused(f"There is no such role; use one of: {', '.join(PERMITTED)}.")
    return Role(name)


def check_given_here(user: User) -> None:
    """Refuse to give a role here to somebody whose roles the organisation's server gives, unless the settings allow both."""
    if not settings.OIDC_LOCAL_ROLES and signs_in_elsewhere(user):
        raise Refused(
            f"This person signs in at the server of {settings.OIDC_NAME}, which gives their roles. Give the role there: "
            "add them to its group."
        )


def give_to(user: User, wanted: Wanted, *, by: str, from_server: bool = False) -> bool:
    """Give a role to somebody who is here; False where they hold the very same already.

    Refuses where the organisation's server gives this person's roles, unless the settings allow both kinds.
    """
    if not from_server:
        check_given_here(user)
    same = Grant.objects.filter(
        user=user,
        role=wanted.role,
        authority=wanted.authority,
        team=wanted.team,
        worker=wanted.worker,
        ended_at=None,
    )
    if any(appointments.of(one) == wanted.appointment for one in same.select_related("appointment")):
        return False
    with transaction.atomic():
        grant = Grant.objects.create(
            user=user,
            role=wanted.role,
            authority=wanted.authority,
            team=wanted.team,
            worker=wanted.worker,
            given_by=by[:200],
            given_at=microseconds(clock.now()),
        )
        if wanted.appointment is not None:
            appointments.keep(grant, wanted.appointment)
    return True


def holds(user: User, role: Role, authority: str) -> bool:
    """Whether somebody holds a role in an authority, whatever bounds it."""
    return Grant.objects.filter(user=user, role=role, authority=authority, ended_at=None).exists()


def end_role(user: User, wanted: Wanted, *, by: str) -> bool:
    """End a role that somebody holds; False where they hold no such one."""
    held = list(
        Grant.objects.filter(
            user=user,
            role=wanted.role,
            authority=wanted.authority,
            team=wanted.team,
            worker=wanted.worker,
            ended_at=None,
        )
    )
    end_all(held, by=by)
    return bool(held)


def end(number: int, authority: str, *, by: str) -> None:
    """End a role; refuses where it is not in force, and where it is one's own."""
    with chain.writing():
        grant = Grant.objects.filter(number=number, authority=authority, ended_at=None).first()
        if grant is None:
            raise Refused("That role is not in force.")
        if grant.user.get_username() == by:
            raise Refused("Nobody ends a role of their own; ask another administrator.")
        if came_from_server(grant):
            raise Refused(
                f"This role comes from {grant.given_by}, and would come back. Take them out of the group there. To stop them "
                "at once, turn off the account."
            )
        end_all([grant], by=by)


def end_all(grants: Iterable[Grant], *, by: str) -> None:
    """End roles that are in force."""
    numbers = [one.pk for one in grants]
    found = Grant.objects.filter(pk__in=numbers, ended_at=None)
    found.update(ended_by=by[:200], ended_at=microseconds(clock.now()))


def by_server() -> str:
    """How the organisation's sign-in server is named as who gave a role. No person can be called so: names have no blanks."""
    return f"{BY_SERVER} of {settings.OIDC_NAME}"


def came_from_server(grant: Grant) -> bool:
    """Whether the organisation's server gave a role."""
    return grant.given_by.startswith(BY_SERVER)


def signs_in_elsewhere(user: Any) -> bool:
    """Whether somebody signs in at the organisation's server and so has no password here."""
    return SocialAccount.objects.filter(user_id=user.pk).exists()


def keep_only(user: User, given: Iterable[GivenByServer]) -> None:
    """Make somebody's roles those that the server gives. Roles given here end, unless the settings allow both kinds."""
    kept = {(one.wanted, one.by): one for one in given}
    if not _to_end(user, kept) and len(kept) == _count_of_server(user):
        return
    with chain.writing():
        end_all(_to_end(user, kept), by=by_server())
        for one in kept.values():
            give_to(user, one.wanted, by=one.by, from_server=True)


def _to_end(user: User, kept: Mapping[tuple[Wanted, str], GivenByServer]) -> list[Grant]:
    held = Grant.objects.filter(user=user, ended_at=None).select_related("appointment")
    return [
        grant
        for grant in held
        if (_as_wanted(grant), grant.given_by) not in kept
        and (came_from_server(grant) or not settings.OIDC_LOCAL_ROLES)
    ]


def _count_of_server(user: User) -> int:
    return Grant.objects.filter(user=user, ended_at=None, given_by__startswith=BY_SERVER).count()


def _as_wanted(grant: Grant) -> Wanted | None:
    """A role that is held as it would be asked for; None where it is no role any more."""
    if grant.role not in PERMITTED:
        return None
    appointment = appointments.of(grant)
    return Wanted("", Role(grant.role), grant.authority, grant.team, grant.worker, appointment)


def set_active(name: str, *, active: bool, viewer: Viewer) -> None:
    """Stop or resume somebody's signing in; whoever is signed in is out at the next page."""
    with chain.writing():
        user = theirs(name, viewer)
        user.is_active = active
        user.save(update_fields=["is_active"])
        note(user, RESUMED if active else STOPPED, viewer.by)


def note_password_chosen(user: Any) -> None:
    """Write down that somebody chose a password of their own."""
    note(user, PASSWORD_CHOSEN, user.get_username())


def last_chosen(user: Any) -> int:
    """The moment at which somebody last chose a password of their own; 0 where they never did."""
    about = PersonChange.objects.filter(user_id=user.pk, what=PASSWORD_CHOSEN).order_by("-number")
    return about.values_list("at", flat=True).first() or 0


@dataclass(frozen=True)
class SignIn:
    """What changes to somebody's sign-in mean for a session: a password to choose first, and from when sessions ended."""

    must_choose: bool
    ended_at: int


def sign_in_of(user: Any) -> SignIn:
    """Read once a request: whether a password given by another must be changed, and the last change that ends sessions."""
    kinds = (PASSWORD_GIVEN, PASSWORD_CHOSEN, *ENDS_SESSIONS)
    changes = list(
        PersonChange.objects.filter(user_id=user.pk, what__in=kinds)
        .order_by("-number")
        .values_list("what", "at")
    )
    last = next((what for what, _ in changes if what not in ENDS_SESSIONS), "")
    return SignIn(
        last == PASSWORD_GIVEN, max((at for what, at in changes if what in ENDS_SESSIONS), default=0)
    )


def must_have_second_step(user: Any) -> bool:
    """Whether somebody may see children, or who looked, or says who may, and has no second step."""
    sees = any(authorities_of(user, one) for one in _NEEDS_SECOND_STEP)
    return sees and not Authenticator.objects.filter(user_id=user.pk).exists()


def theirs(name: str, viewer: Viewer) -> User:
    """A person whose sign-in is this administrator's business: every role they hold is in an authority of theirs."""
    if not viewer.may(Permission.PEOPLE):
        raise PermissionDenied
    user = User.objects.filter(username=name).first()
    own = authorities_of(User.objects.get(pk=viewer.user_id), Permission.PEOPLE)
    known = Grant.objects.filter(user=user, authority=viewer.authority).exists() if user else False
    if user is None or not known:
        raise Refused("Nobody of that name holds or held a role here.")
    if user.pk == viewer.user_id:
        raise Refused("Nobody changes their own sign-in here; ask another administrator.")
    if Grant.objects.filter(user=user, ended_at=None).exclude(authority__in=own).exists():
        raise Refused("This person also holds a role elsewhere; an administrator of both has to do this.")
    return user


def note(user: User, what: str, by: str) -> None:
    """Write down something done to somebody's sign-in, and by whom."""
    PersonChange.objects.create(user=user, what=what, by=by[:200], at=microseconds(clock.now()))


# -- notices --------------------------------------------------------------------------------------


def notices(user: Any) -> list[dict[str, Any]]:
    """Changes to sign-ins that somebody has not read of: to their own, and, of those who confirm roles, to others' there."""
    read = NoticesRead.objects.filter(user_id=user.pk).values_list("number", flat=True).first() or 0
    mine = Q(user_id=user.pk)
    if watched := authorities_of(user, Permission.CONFIRM_ROLES):
        there = Grant.objects.filter(authority__in=watched, ended_at=None).values("user_id")
        mine |= Q(user_id__in=there)
    found = PersonChange.objects.filter(mine, number__gt=read, what__in=TOLD).exclude(by=user.get_username())
    return [
        {
            "number": one.number,
            "name": one.user.get_username(),
            "what": one.what,
            "by": one.by,
            "at": _at(one.at),
            "own": one.user_id == user.pk,
        }
        for one in found.select_related("user").order_by("-number")[:50]
    ]


def notices_are_read(user: Any, number: int) -> None:
    """Somebody has read the notices up to that one."""
    NoticesRead.objects.update_or_create(user_id=user.pk, defaults={"number": number})


# -- reading ------------------------------------------------------------------------------------


def listed(authority: str) -> list[dict[str, Any]]:
    """Everybody who holds or held a role in an authority, by name."""
    users = User.objects.filter(grants__authority=authority).distinct().order_by("username")
    about = ("grants__appointment", "changes", "authenticator_set", "socialaccount_set")
    return [person(user, authority) for user in users.prefetch_related(*about)]


def named(name: str, authority: str) -> dict[str, Any] | None:
    """One of them; None where nobody of that name holds or held a role there."""
    user = User.objects.filter(username=name, grants__authority=authority).first()
    return None if user is None else person(user, authority)


def person(user: Any, authority: str | None = None) -> dict[str, Any]:
    """A person with the roles they hold and held (in one authority, or in any), and what was done to their sign-in."""
    grants = [grant for grant in user.grants.all() if authority in (None, grant.authority)]
    changes = sorted(user.changes.all(), key=lambda change: -change.number)[:_MOST_CHANGES]
    return {
        "name": user.get_username(),
        "active": user.is_active,
        "second_step": bool(user.authenticator_set.all()),
        "elsewhere": bool(user.socialaccount_set.all()),
        "has_password": user.has_usable_password(),
        "roles": [_grant(grant) for grant in sorted(grants, key=lambda grant: grant.number)],
        "changes": [{"what": change.what, "by": change.by, "at": _at(change.at)} for change in changes],
    }


_MOST_CHANGES = 50


def _grant(grant: Grant) -> dict[str, Any]:
    bound = grant.team or grant.worker
    return {
        "number": grant.number,
        "role": grant.role,
        "authority": grant.authority,
        "bound": bound,
        "bound_by": SCOPED.get(Role(grant.role), "") if grant.role in list(Role) else "",
        "given_by": grant.given_by,
        "given_at": _at(grant.given_at),
        "ended_by": grant.ended_by,
        "ended_at": _at(grant.ended_at) if grant.ended_at else "",
        "in_force": grant.ended_at is None and appointments.in_force(grant, london_day(clock.now())),
        "appointment": appointments.as_shown(grant),
        "from_server": came_from_server(grant),
    }


def _at(moment: int) -> str:
    return written(moment_of(moment))
