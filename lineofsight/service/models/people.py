"""Who may see what: roles, restrictions of a child, children opened with a reason, and changes to a sign-in.

Triggers enforce what each class says about changes. The erasure of a child removes its number and the reason.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models.signals import post_save


def new_salt() -> str:
    """Sixteen random bytes in hexadecimal: they keep what was erased from being guessed back from its seal."""
    return secrets.token_hex(16)


class SealedRows(models.QuerySet[Any]):
    """Rows that `sealing` seals as they are written, one by one, also where many are written at once."""

    def update(self, **changes: Any) -> int:
        """Change the rows and seal each as it stands afterwards."""
        with transaction.atomic():
            keys = list(self.values_list("pk", flat=True))
            count = super().update(**changes)
            _seal(self.model, keys)
        return count

    def bulk_create(self, objs: Iterable[Any], *args: Any, **options: Any) -> list[Any]:
        """Write the rows and seal each."""
        with transaction.atomic():
            rows: list[Any] = super().bulk_create(objs, *args, **options)
            _seal(self.model, [row.pk for row in rows])
        return rows


def _seal(model: type[models.Model], keys: list[Any]) -> None:
    """Tell `sealing`, which listens to the signal, that these rows were written: Django does so for single rows only."""
    for row in model._base_manager.filter(pk__in=keys).order_by("pk"):
        post_save.send(
            sender=model, instance=row, created=False, raw=False, using="default", update_fields=None
        )


class SealedModel(models.Model):
    """A table whose rows are written in one transaction with their seals."""

    objects = SealedRows.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **options: Any) -> None:
        """Write the row and seal it."""
        with transaction.atomic():
            super().save(*args, **options)


class Grant(SealedModel):
    """A role that a person holds in an authority, from `given_at` until `ended_at`. Ended, never deleted."""

    number = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=40)
    authority = models.CharField(max_length=3)
    team = models.CharField(max_length=200, blank=True)
    """The team a team manager manages, or the one at the top of what a head of service heads, as involvements name it."""
    worker = models.CharField(max_length=200, blank=True)
    """The case system's number for this person, where they hold cases themselves."""
    given_by = models.CharField(max_length=200)
    given_at = models.BigIntegerField()
    ended_by = models.CharField(max_length=200, blank=True)
    ended_at = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["user", "authority"])]


class Appointment(SealedModel):
    """What somebody from outside was appointed to, with a role. Never changes: a new appointment is a new role."""

    number = models.BigAutoField(primary_key=True)
    grant = models.OneToOneField(Grant, on_delete=models.PROTECT, related_name="appointment")
    topics = models.CharField(max_length=300, blank=True)
    """The topics of oversight it covers, separated by spaces; empty where it covers every topic."""
    begins_on = models.CharField(max_length=10)
    ends_on = models.CharField(max_length=10, blank=True)
    """The last day; empty where it has none. Days are written as in 2019-10-09, so that they are sealed as text."""
    document = models.CharField(max_length=500)
    """The document that appoints them."""


class Restriction(SealedModel):
    """Only named people may see a child, from `at` until `lifted_at`. Lifted, never deleted."""

    number = models.BigAutoField(primary_key=True)
    authority = models.CharField(max_length=3)
    child = models.CharField(max_length=200)
    reason = models.CharField(max_length=500)
    salt = models.CharField(max_length=32, blank=True, default=new_salt)
    child_seal = models.CharField(max_length=64, blank=True)
    """The seal of the child's number and the reason; only where an erasure removed both."""
    allowed = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="restricted_children")
    by = models.CharField(max_length=200)
    at = models.BigIntegerField()
    lifted_by = models.CharField(max_length=200, blank=True)
    lifted_at = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["authority", "child"])]


class BrokenGlass(SealedModel):
    """Somebody opened a child they may not usually see, for a reason, until a moment. Never changes."""

    number = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    authority = models.CharField(max_length=3)
    child = models.CharField(max_length=200)
    reason = models.CharField(max_length=500)
    salt = models.CharField(max_length=32, blank=True, default=new_salt)
    child_seal = models.CharField(max_length=64, blank=True)
    """The seal of the child's number and the reason; only where an erasure removed both."""
    at = models.BigIntegerField()
    until = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["user", "authority", "child"])]


class PersonChange(SealedModel):
    """A change to somebody's sign-in: a password set, a second step removed, the account stopped. Never changes."""

    number = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="changes")
    what = models.CharField(max_length=30)
    by = models.CharField(max_length=200)
    at = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["user", "number"])]


class RoleRequest(SealedModel):
    """A request that a second person has to confirm: a role, a new password, a new second step.

    Decided once, by somebody else; never deleted.
    """

    number = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=30)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="requests")
    role = models.CharField(max_length=40, blank=True)
    authority = models.CharField(max_length=3)
    team = models.CharField(max_length=200, blank=True)
    worker = models.CharField(max_length=200, blank=True)
    asked_by = models.CharField(max_length=200)
    asked_at = models.BigIntegerField()
    decided_by = models.CharField(max_length=200, blank=True)
    decided_at = models.BigIntegerField(null=True)
    decision = models.CharField(max_length=12, blank=True)
    code_hash = models.CharField(max_length=64, blank=True)
    """The hash of the code that was shown only to whoever confirmed; empty where none is needed."""

    class Meta:
        indexes = [models.Index(fields=["authority", "decided_at"])]


class ErasureRequest(SealedModel):
    """A request that a child be erased because a retention rule no longer keeps the rows; a second person decides.

    Decided once, by somebody else; never deleted. The erasure removes the child's number and the reason.
    """

    number = models.BigAutoField(primary_key=True)
    authority = models.CharField(max_length=3)
    child = models.CharField(max_length=200)
    reason = models.CharField(max_length=500)
    """Why the rows are due, as the rule says it."""
    salt = models.CharField(max_length=32, blank=True, default=new_salt)
    child_seal = models.CharField(max_length=64, blank=True)
    """The seal of the child's number and the reason; only where an erasure removed both."""
    asked_by = models.CharField(max_length=200)
    asked_at = models.BigIntegerField()
    decided_by = models.CharField(max_length=200, blank=True)
    decided_at = models.BigIntegerField(null=True)
    decision = models.CharField(max_length=12, blank=True)

    class Meta:
        indexes = [models.Index(fields=["authority", "decided_at"], name="erasures_undecided")]


class OneTimeLink(SealedModel):
    """A link with which somebody chooses a password, once. Only the hash of its token is stored."""

    number = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="links")
    token_hash = models.CharField(max_length=64, unique=True)
    code_hash = models.CharField(max_length=64, blank=True)
    made_by = models.CharField(max_length=200)
    made_at = models.BigIntegerField()
    until = models.BigIntegerField()
    wrong = models.IntegerField(default=0)
    """How often a wrong code was given with it."""
    ended_at = models.BigIntegerField(null=True)


class UsedCode(models.Model):
    """A code of a second step that was used: it is not accepted again while it would still be right."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="used_codes")
    digest = models.CharField(max_length=64)
    at = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "digest"], name="a_code_is_used_once")]


class ProviderSession(models.Model):
    """A session of somebody who signed in at the organisation's server. Its end ends the browser's session.

    A row that is put in opens nothing: the browser's session names it and is signed, and roles are read from `Grant`.
    """

    id = models.CharField(primary_key=True, max_length=32)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="provider_sessions"
    )
    issuer = models.CharField(max_length=500)
    subject = models.CharField(max_length=255)
    """What the server calls the person (`sub`)."""
    sid = models.CharField(max_length=255, blank=True)
    """What the server calls their session there, where it says so."""
    begun_at = models.BigIntegerField()
    checked_at = models.BigIntegerField()
    """When the server last said that the person has a role."""
    asking_until = models.BigIntegerField(default=0)
    """Until when one request asks the server, and others wait for it."""
    tokens = models.TextField(blank=True)
    """The tokens with which the server is asked, encrypted with the service's secret key; removed as it ends."""
    ended_at = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["issuer", "subject"], name="service_pro_issuer_subject")]


class NoticesRead(models.Model):
    """Up to which change somebody has confirmed reading the notices."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices_read"
    )
    number = models.BigIntegerField()
