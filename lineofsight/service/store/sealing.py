"""The access chain: seals the access log and every row that says who may sign in and see what.

Each row has a digest. A link of the chain states the digests of entries just written to the access log,
the new digest of a row that was written or changed, or that a row was deleted. A row that was put in,
changed or deleted without this module no longer agrees with the chain, and `verify` names it. Each link of
the chain of deliveries names the head of this one, so a head of that chain, noted elsewhere, covers both.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp
from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models import Model
from django.db.models.signals import m2m_changed, post_delete, post_save

from lineofsight.record.seal import FIRST_PREVIOUS, link_hash, link_text
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
from lineofsight.service.models.absent import rows_of
from lineofsight.service.store import anchor, clock
from lineofsight.vocabulary.moments import microseconds, moment_of, written

LOOKED = "looked"
STATED = "stated"
"""A row was written or changed: this is its digest now."""
GONE = "gone"
UNNAMED = "unnamed"
"""An erasure took a child's number, and the words about the child, out of rows."""
RELEASED = "released"
"""Entries of the access log were deleted because the time for which they are stored had passed."""
LOOKS = "access log"

_LOCK = 7_032_020
"""The number of PostgreSQL's advisory lock for this chain; the chain of deliveries has another."""

_STANDS_FOR = "erasure "
"""What stands in place of an erased child's number, before the number of the erasure."""

_paused: ContextVar[bool] = ContextVar("sealing_is_paused", default=False)


@dataclass(frozen=True)
class Sealed:
    """A table whose every row is sealed.

    `subject` is what `verify` calls it, `key` gives what tells its rows apart, `exempt` the columns that are
    not sealed, each with the reason.
    """

    subject: str
    model: type[Model]
    key: Callable[[Any], str]
    exempt: Mapping[str, str]
    erasable: bool = False
    """Whether the erasure of a child takes `child` and `reason` out of its rows."""


_NUMBER = {"id": "the database's own number, another after a restore"}
_OTHERS = {"created_at": "when the library made it; nothing is decided by it"}


def _number(row: Any) -> str:
    return str(row.pk)


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]


_SEALED = (
    Sealed("roles", Grant, _number, {}),
    Sealed("appointments", Appointment, _number, {}),
    Sealed("restrictions", Restriction, _number, {}, erasable=True),
    Sealed("openings with a reason", BrokenGlass, _number, {}, erasable=True),
    Sealed("erasures asked for", ErasureRequest, _number, {}, erasable=True),
    Sealed("account changes", PersonChange, _number, {}),
    Sealed("requests", RoleRequest, _number, {}),
    Sealed("one-time links", OneTimeLink, _number, {}),
    Sealed(
        "accounts", User, lambda user: user.username,
        {**_NUMBER, "last_login": "changes at every sign-in; nothing is decided by it"},
    ),
    Sealed(
        "second steps", Authenticator, lambda step: f"{step.user.username}/{step.type}",
        {**_NUMBER, **_OTHERS, "last_used_at": "changes at every use; nothing is decided by it"},
    ),
    Sealed(
        "sign-ins elsewhere", SocialAccount, lambda account: f"{account.provider}/{_short(account.uid)}",
        {**_NUMBER, "last_login": "changes at every sign-in", "date_joined": "nothing is decided by it",
         "extra_data": "what the server said at the last sign-in; roles are read at sign-in, never from here"},
    ),
    Sealed("sign-in servers", SocialApp, _number, {}),
    Sealed("e-mail addresses", EmailAddress, lambda address: f"{address.user.username}/{_short(address.email)}", _NUMBER),
)  # fmt: skip
SEALED = tuple(table for table in _SEALED if settings.HOLDS_CHILDREN or not table.erasable)
"""Every table that says who may do or see what; the access log itself is sealed by ranges of looks."""


EXEMPT: dict[str, str] = {
    "service.Link": "the chain of deliveries itself, which verify walks",
    "service.Block": "sealed by the chain of deliveries",
    "service.ErasedBlock": "sealed by the chain of deliveries",
    "service.AccessLink": "the access chain itself, which verify walks",
    "service.AccessLogEntry": "sealed by this chain in ranges",
    "service.Restriction_allowed": "sealed with the restriction it belongs to",
    "service.UsedCode": "codes of the last two minutes; a row more only refuses a code",
    "service.NoticesRead": "which notices somebody has read; the changes they tell of are sealed",
    "service.ProviderSession": "sessions with their encrypted tokens, over within hours; roles are read from what is sealed",
    "service.Lease": "saves two readers the same work and may be lost",
    "sessions.Session": "signed with a key that is not in the database, and over within hours",
    "contenttypes.ContentType": "Django's list of its own tables",
    "auth.Permission": "nothing here asks for Django's own permissions",
    "auth.Group": "nothing here asks for Django's own groups",
    "auth.Group_permissions": "nothing here asks for Django's own groups",
    "auth.User_groups": "nothing here asks for Django's own groups",
    "auth.User_user_permissions": "nothing here asks for Django's own permissions",
    "account.EmailConfirmation": "no address is confirmed here",
    "socialaccount.SocialToken": "no token is kept there",
    "axes.AccessAttempt": "counts failed sign-ins for an hour",
    "axes.AccessAttemptExpiration": "counts failed sign-ins for an hour",
    "axes.AccessFailureLog": "not written here",
    "axes.AccessLog": "when accounts signed in; nothing is decided by it",
}
"""Every other table, with the reason why it is not sealed here. A test holds the list complete."""


def head() -> AccessLink | None:
    """The newest link of the access chain; None where nothing was sealed yet."""
    return AccessLink.objects.order_by("-number").first()


# -- digests --------------------------------------------------------------------------------------


def child_seal(salt: str, *hidden: str) -> str:
    """The seal of what an erasure takes out, in hexadecimal: of a child's number, and the words about the child."""
    return hashlib.sha256(
        link_text({"salt": salt, "hidden": list(hidden)}).encode("utf-8", "surrogateescape")
    ).hexdigest()


def entry_digest(at: int, by: str, authority: str, channel: str, sealed_child: str) -> bytes:
    """The digest of one entry of the access log, 32 bytes."""
    text = link_text({"at": at, "by": by, "authority": authority, "door": channel, "child": sealed_child})
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).digest()


def digest(row: Any, table: Sealed) -> str:
    """The digest of a row as it stands, in hexadecimal."""
    cells = {
        field.name: _cell(getattr(row, field.name))
        for field in row._meta.concrete_fields
        if field.name not in table.exempt
    }
    for field in row._meta.many_to_many:
        names_people = field.related_model is User
        people = getattr(row, field.name).values_list("username", flat=True) if names_people else []
        cells[field.name] = sorted(people)
    if table.erasable:
        hidden = [cells.pop(name) for name in ("child", "reason")]
        seal_left, salt = cells.pop("child_seal"), cells.pop("salt")
        cells["hidden"] = seal_left or child_seal(salt, *hidden)
    return hashlib.sha256(link_text(cells).encode("utf-8", "surrogateescape")).hexdigest()


def _cell(value: Any) -> Any:
    """A cell as it is sealed: an account by its name, a moment as text."""
    if isinstance(value, User):
        return value.username
    if isinstance(value, Grant):
        return value.number
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.hex() if isinstance(value, bytes | memoryview) else value


# -- appending --------------------------------------------------------------------------------------


@contextmanager
def sealing() -> Iterator[None]:
    """A transaction in which nobody else can append to the access chain.

    Inside another transaction it sets no savepoint: if sealing fails, what was to be sealed must not stay.
    """
    with transaction.atomic(savepoint=False):
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        yield


def append(
    kind: str, subject: str, key: str, says: Mapping[str, Any], *, after: AccessLink | None = None
) -> AccessLink:
    """Append one link, in the transaction that writes the rows it is about."""
    with sealing():
        last = after or head()
        if last:
            anchor.settle(last.number, last.hash, anchor.ACCESS_CHAIN)
        at = max(microseconds(clock.now()), last.at if last else 0)
        number, previous = (last.number + 1, last.hash) if last else (1, FIRST_PREVIOUS)
        named = {"number": number, "kind": kind, "subject": subject, "key": key, "at": written(moment_of(at))}
        text = link_text({**says, **named})
        link = AccessLink(
            number=number,
            at=at,
            kind=kind,
            subject=subject,
            key=key,
            body=text,
            previous=previous,
            hash=link_hash(previous, text),
        )
        anchor.mean(link.number, link.hash, anchor.ACCESS_CHAIN)
        link.save(force_insert=True)
        transaction.on_commit(lambda: anchor.note(link.number, link.hash, anchor.ACCESS_CHAIN))
    return link


def write_entries(by: str, authority: str, children: Sequence[str], channel: str, at: int) -> None:
    """Write that somebody saw each of these children, and seal it, in the caller's transaction."""
    if not children:
        return
    with sealing():
        last = head()
        first = last_entry(last) + 1
        rows = [
            AccessLogEntry(
                number=number,
                at=at,
                by=by[:200],
                authority=authority,
                child=child[:200],
                channel=channel,
                salt=new_salt(),
            )
            for number, child in enumerate(children, first)
        ]
        AccessLogEntry.objects.bulk_create(rows, batch_size=500)
        leaves = b"".join(map(_digest_of, rows))
        says = {"count": len(rows), "digests": base64.b64encode(leaves).decode()}
        append(LOOKED, LOOKS, str(first), says, after=last)


def _digest_of(look: AccessLogEntry) -> bytes:
    sealed_child = look.child_seal or child_seal(look.salt, look.child)
    return entry_digest(look.at, look.by, look.authority, look.channel, sealed_child)


def last_entry(newest: AccessLink | None) -> int:
    """The number of the newest look ever written, also where it has been released since; 0 where none was."""
    if newest is not None and (newest.kind, newest.subject) != (LOOKED, LOOKS):
        newest = AccessLink.objects.filter(kind=LOOKED, subject=LOOKS).order_by("-number").first()
    return int(newest.key) + int(json.loads(newest.body)["count"]) - 1 if newest else 0


def seal(row: Any, table: Sealed) -> None:
    """State a row's digest, unless the chain states that one already."""
    its_digest, key = digest(row, table), table.key(row)[:200]
    last = AccessLink.objects.filter(subject=table.subject, key=key).order_by("-number").first()
    if last is None or last.kind == GONE or f'"digest":"{its_digest}"' not in last.body:
        append(STATED, table.subject, key, {"digest": its_digest})


def unname(erasure: int, looks: Sequence[int], rows: Mapping[str, Sequence[int]]) -> None:
    """State from which rows an erasure took a child's number: entries of the access log, others by subject."""
    numbers = {LOOKS: list(looks), **{subject: list(keys) for subject, keys in rows.items()}}
    says = {"rows": {subject: keys for subject, keys in numbers.items() if keys}}
    append(UNNAMED, "erasures", str(erasure), says)


def release_looks(before: int, *, by: str, ground: str) -> int:
    """Delete the access log's entries before a moment (microseconds), and state it; gives how many were deleted.

    Only a run from the oldest on is deleted, so that the numbers left have no gap.
    """
    with sealing():
        later = (
            AccessLogEntry.objects.filter(at__gte=before).order_by("number").values_list("number", flat=True)
        )
        first_left = later.first()
        last = first_left - 1 if first_left else last_entry(head())
        released = AccessLogEntry.objects.filter(number__lte=last)
        count = released.count()
        if count:
            says = {"count": count, "before": written(moment_of(before)), "by": by, "ground": ground}
            append(RELEASED, LOOKS, str(last), says)
            released.delete()
    return count


@contextmanager
def paused() -> Iterator[None]:
    """Rows written inside are not sealed: a restore brings the links that seal them."""
    token = _paused.set(True)
    try:
        yield
    finally:
        _paused.reset(token)


def seal_what_stands() -> None:
    """Seal every row that was written before this chain began; only where the chain is empty."""
    with sealing():
        if head() is not None:
            return
        looks = list(rows_of(AccessLogEntry).order_by("number"))
        if looks:
            leaves = b"".join(map(_digest_of, looks))
            count = looks[-1].number - looks[0].number + 1
            says = {"count": count, "digests": base64.b64encode(leaves).decode()}
            append(LOOKED, LOOKS, str(looks[0].number), says)
        for table in SEALED:
            for row in table.model._default_manager.order_by("pk"):
                seal(row, table)
        _state_earlier_erasures()


def _state_earlier_erasures() -> None:
    """State from which rows erasures took a child's number before this chain began."""
    unnamed: dict[int, dict[str, list[int]]] = {}
    tables: list[tuple[str, type[Model]]] = [
        (LOOKS, AccessLogEntry),
        *((table.subject, table.model) for table in SEALED if table.erasable),
    ]
    for subject, model in tables:
        rows = rows_of(model).filter(child__startswith=_STANDS_FOR).order_by("pk")
        for number, child in rows.values_list("pk", "child"):
            erasure = int(child.removeprefix(_STANDS_FOR))
            unnamed.setdefault(erasure, {}).setdefault(subject, []).append(number)
    for erasure, numbers in sorted(unnamed.items()):
        unname(erasure, numbers.pop(LOOKS, []), numbers)


# -- as rows are written --------------------------------------------------------------------------------

_BY_MODEL = {table.model: table for table in SEALED}


def _written(sender: type[Model], instance: Any, **_: Any) -> None:
    if not _paused.get():
        with transaction.atomic():
            seal(instance, _BY_MODEL[sender])


def _deleted(sender: type[Model], instance: Any, **_: Any) -> None:
    if not _paused.get():
        table = _BY_MODEL[sender]
        append(GONE, table.subject, table.key(instance)[:200], {})


def _people_named(instance: Any, action: str, **_: Any) -> None:
    if action.startswith("post_") and not _paused.get() and isinstance(instance, Restriction):
        with transaction.atomic():
            seal(instance, _BY_MODEL[Restriction])


def connect() -> None:
    """Seal rows as they are written, whoever writes them: our own code or a library's."""
    for table in SEALED:
        post_save.connect(_written, sender=table.model, dispatch_uid=f"seal {table.subject}")
        post_delete.connect(_deleted, sender=table.model, dispatch_uid=f"seal {table.subject} gone")
    m2m_changed.connect(_people_named, sender=Restriction.allowed.through, dispatch_uid="seal people named")
