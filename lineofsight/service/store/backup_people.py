"""The part of a backup about people: who may sign in and how, their roles, and the access log.

A person is named by their user name: the numbers of one database mean nothing in another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.color import no_style
from django.db import connection
from django.db.models import F, Model

from lineofsight.service.models import (
    AccessLink,
    AccessLogEntry,
    Appointment,
    BrokenGlass,
    ErasureRequest,
    Grant,
    OneTimeLink,
    PersonChange,
    Restriction,
    RoleRequest,
    new_salt,
)
from lineofsight.service.models.absent import OF_CHILDREN, rows_of
from lineofsight.service.store import sealing
from lineofsight.vocabulary.refusal import Refused

_PERSON = (
    "username",
    "password",
    "is_staff",
    "is_active",
    "is_superuser",
    "first_name",
    "last_name",
    "email",
)
_ENTRY = ("number", "at", "by", "authority", "child", "salt", "child_seal")
"""The cells of an access log entry whose names a backup keeps."""
_ENTRY_KEPT = (*_ENTRY, "door")
"""The cells as a backup names them: the channel keeps its first name."""
_RESTRICTION = (
    "number",
    "authority",
    "child",
    "reason",
    "salt",
    "child_seal",
    "by",
    "at",
    "lifted_by",
    "lifted_at",
)
_ERASURE_REQUEST = (
    "number",
    "authority",
    "child",
    "reason",
    "salt",
    "child_seal",
    "asked_by",
    "asked_at",
    "decided_by",
    "decided_at",
    "decision",
)
_APPOINTMENT = ("number", "grant_id", "topics", "begins_on", "ends_on", "document")
_ACCESS_LINK = ("number", "at", "kind", "subject", "key", "body", "previous", "hash")
_OWN: dict[str, tuple[type[Model], tuple[str, ...]]] = {
    "grants": (
        Grant,
        ("number", "role", "authority", "team", "worker", "given_by", "given_at", "ended_by", "ended_at"),
    ),
    "broken_glass": (
        BrokenGlass,
        ("number", "authority", "child", "reason", "salt", "child_seal", "at", "until"),
    ),
    "person_changes": (PersonChange, ("number", "what", "by", "at")),
    "requests": (
        RoleRequest,
        (
            "number",
            "kind",
            "role",
            "authority",
            "team",
            "worker",
            "asked_by",
            "asked_at",
            "decided_by",
            "decided_at",
            "decision",
            "code_hash",
        ),
    ),
    "one_time_links": (
        OneTimeLink,
        ("number", "token_hash", "code_hash", "made_by", "made_at", "until", "wrong", "ended_at"),
    ),
    "second_steps": (Authenticator, ("type", "data")),
    "elsewhere": (SocialAccount, ("provider", "uid")),
}
"""What belongs to one person each: the member of the backup, its table and its columns."""


def rows() -> Iterator[tuple[str, Iterable[dict[str, Any]]]]:
    """Each member of a backup about people, and its rows."""
    yield "access_links", AccessLink.objects.order_by("number").values(*_ACCESS_LINK)
    yield "looks", rows_of(AccessLogEntry).order_by("number").values(*_ENTRY, door=F("channel"))
    yield "people", map(_person, User.objects.order_by("pk"))
    for name, (model, columns) in _OWN.items():
        yield name, _of_somebody(model, columns)
    yield "erasure_requests", rows_of(ErasureRequest).order_by("number").values(*_ERASURE_REQUEST)
    yield "appointments", Appointment.objects.order_by("pk").values(*_APPOINTMENT)
    yield "restrictions", map(_restriction, rows_of(Restriction).order_by("number"))


def _person(user: User) -> dict[str, Any]:
    return {**{name: getattr(user, name) for name in _PERSON}, "date_joined": user.date_joined.isoformat()}


def _of_somebody(model: type[Model], columns: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    for row in rows_of(model).order_by("pk").select_related("user"):
        yield {"user": row.user.get_username(), **{name: getattr(row, name) for name in columns}}


def _restriction(row: Restriction) -> dict[str, Any]:
    allowed = sorted(row.allowed.values_list("username", flat=True))
    return {**{name: getattr(row, name) for name in _RESTRICTION}, "allowed": allowed}


def check_empty() -> None:
    """Raise Refused where the home has accounts or an access log: its access chain would not be one chain."""
    if AccessLink.objects.exists() or User.objects.exists():
        raise Refused(
            "This home already has accounts or an access log. Restore into an empty one (set LINEOFSIGHT_HOME)."
        )


ADDED_LATER = ("erasure_requests", "appointments")
"""The members that backups of the present format did not have at first."""
_NEWER = ("access_links", "requests", "one_time_links", *ADDED_LATER)
"""The members that a backup made before the access chain began does not have."""
_NUMBERED = ("looks", "grants", "broken_glass", "person_changes", "restrictions")
_SALTED = ("looks", "broken_glass", "restrictions")


ABOUT_CHILDREN = ("looks", "broken_glass", "restrictions", "erasure_requests")
"""The members that name children; a public record's backup has them without a row."""


def as_sealed(read: Callable[[str], Iterable[dict[str, Any]]]) -> Callable[[str], Iterable[dict[str, Any]]]:
    """The rows of a backup made before the access chain began, with the numbers and salts that rows have now."""

    def rows(name: str) -> Iterator[dict[str, Any]]:
        if name in _NEWER:
            return
        for number, row in enumerate(read(name), 1):
            more: dict[str, Any] = {"number": number} if name in _NUMBERED else {}
            if name in _SALTED:
                erased = row["child"].startswith("erasure ")
                more |= {"salt": "" if erased else new_salt(), "child_seal": "0" * 64 if erased else ""}
            yield {**row, **more}

    return rows


def restore(read: Callable[[str], Iterable[dict[str, Any]]]) -> None:
    """Write people's rows, with the links that seal them; `read` gives the rows of a member by its name."""
    with sealing.paused():
        AccessLink.objects.bulk_create(
            (AccessLink(**_only(row, _ACCESS_LINK)) for row in read("access_links")), batch_size=500
        )
        for row in read("people"):
            _restore_person(row)
        people = {user.get_username(): user for user in User.objects.all()}
        entries = (_entry(_only(row, _ENTRY_KEPT)) for row in read("looks"))
        AccessLogEntry.objects.bulk_create(entries, batch_size=500)
        for name, (model, columns) in _OWN.items():
            model._default_manager.bulk_create(
                [_own(model, columns, row, people) for row in read(name)], batch_size=500
            )
        ErasureRequest.objects.bulk_create(
            (ErasureRequest(**_only(row, _ERASURE_REQUEST)) for row in read("erasure_requests")),
            batch_size=500,
        )
        Appointment.objects.bulk_create(
            Appointment(**_only(row, _APPOINTMENT)) for row in read("appointments")
        )
        for row in read("restrictions"):
            cells = dict(_only(row, (*_RESTRICTION, "allowed")))
            allowed = [people[name] for name in cells.pop("allowed")]
            Restriction.objects.create(**cells).allowed.add(*allowed)
    numbered = [model for model, columns in _OWN.values() if "number" in columns]
    numbered += [Restriction, ErasureRequest, Appointment]
    _count_on_from(
        [one for one in numbered if settings.HOLDS_CHILDREN or one._meta.model_name not in OF_CHILDREN]
    )


def _count_on_from(models: list[type[Model]]) -> None:
    """Make new numbers follow those restored: PostgreSQL counts apart from the rows."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)


def _own(model: type[Model], columns: tuple[str, ...], row: dict[str, Any], people: dict[str, User]) -> Model:
    cells = _only(row, ("user", *columns))
    return model(**{**cells, "user": people[cells["user"]]})


def _entry(cells: dict[str, Any]) -> AccessLogEntry:
    return AccessLogEntry(channel=cells["door"], **{name: cells[name] for name in _ENTRY})


def _only(row: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    if set(row) != set(names):
        raise ValueError
    return row


def _restore_person(row: dict[str, Any]) -> None:
    person = User(
        **{name: row[name] for name in _PERSON}, date_joined=datetime.fromisoformat(row["date_joined"])
    )
    person.clean_fields(exclude=[] if person.password else ["password"])
    person.save()
