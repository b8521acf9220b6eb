"""Who may see what: grants of a role, restrictions of a child, children opened with a reason, and changes to a sign-in.

Triggers hold what each class says of change; what the erasure of a child takes out is its number and the reason.
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
    """Rows that `sealing` seals one by one as they are written; writing many at once seals each of them too."""

    def update(self, **changes: Any) -> int:
        """Change the rows and seal each as it stands afterwards."""
        with transaction.atomic():
            keys = list(self.values_list("pk", flat=True))
            count = super().update(**changes)
            _tell(self.model, keys)
        return count

    def bulk_create(self, objs: Iterable[Any], *args: Any, **options: Any) -> list[Any]:
        """Write the rows and seal each."""
        with transaction.atomic():
            made: list[Any] = super().bulk_create(objs, *args, **options)
            _tell(self.model, [one.pk for one in made])
        return made


def _tell(model: type[models.Model], keys: list[Any]) -> None:
    for one in model._base_manager.filter(pk__in=keys).order_by("pk"):
        post_save.send(
            sender=model, instance=one, created=False, raw=False, using="default", update_fields=None
        )


class SealedModel(models.Model):
    """A row and its seal are written in one transaction."""

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
    role = models.CharField(max_length=20)
    authority = models.CharField(max_length=3)
    team = models.CharField(max_length=200, blank=True)
    """The team a team manager manages, as involvements name it."""
    worker = models.CharField(max_length=200, blank=True)
    """The case system's number for this person, where they answer for children themselves."""
    given_by = models.CharField(max_length=200)
    given_at = models.BigIntegerField()
    ended_by = models.CharField(max_length=200, blank=True)
    ended_at = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["user", "authority"])]


class Restriction(SealedModel):
    """That only named people may see a child, from `at` until `lifted_at`. Lifted, never deleted."""

    number = models.BigAutoField(primary_key=True)
    authority = models.CharField(max_length=3)
    child = models.CharField(max_length=200)
    reason = models.CharField(max_length=500)
    salt = models.CharField(max_length=32, blank=True, default=new_salt)
    child_seal = models.CharField(max_length=64, blank=True)
    """The seal of the child's number and the reason; only where an erasure took both out."""
    allowed = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="restricted_children")
    by = models.CharField(max_length=200)
    at = models.BigIntegerField()
    lifted_by = models.CharField(max_length=200, blank=True)
    lifted_at = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["authority", "child"])]


class BrokenGlass(SealedModel):
    """That somebody opened a child they may not usually see, why, and until when they may. Never changes."""

    number = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    authority = models.CharField(max_length=3)
    child = models.CharField(max_length=200)
    reason = models.CharField(max_length=500)
    salt = models.CharField(max_length=32, blank=True, default=new_salt)
    child_seal = models.CharField(max_length=64, blank=True)
    """The seal of the child's number and the reason; only where an erasure took both out."""
    at = models.BigIntegerField()
    until = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["user", "authority", "child"])]


class PersonChange(SealedModel):
    """Something done to a person's sign-in: a password given, a second step taken away, signing in stopped. Never changes."""

    number = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="changes")
    what = models.CharField(max_length=30)
    by = models.CharField(max_length=200)
    at = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["user", "number"])]


class RoleRequest(SealedModel):
    """Something one person asked for that a second has to confirm: a role, a new password, a new second step.

    Decided once, by somebody else; never deleted.
    """

    number = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=30)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="requests")
    role = models.CharField(max_length=20, blank=True)
    authority = models.CharField(max_length=3)
    team = models.CharField(max_length=200, blank=True)
    worker = models.CharField(max_length=200, blank=True)
    asked_by = models.CharField(max_length=200)
    asked_at = models.BigIntegerField()
    decided_by = models.CharField(max_length=200, blank=True)
    decided_at = models.BigIntegerField(null=True)
    decision = models.CharField(max_length=12, blank=True)
    code_hash = models.CharField(max_length=64, blank=True)
    """Of the code that only whoever confirmed was shown; empty where none is needed."""

    class Meta:
        indexes = [models.Index(fields=["authority", "decided_at"])]


class OneTimeLink(SealedModel):
    """A link by which somebody chooses a password, once. Only the hash of what stands in it is kept."""

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
    """A code of a second step that was used: the same is not taken again while it would still be right."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="used_codes")
    digest = models.CharField(max_length=64)
    at = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "digest"], name="a_code_is_used_once")]


class NoticesRead(models.Model):
    """Up to which change somebody has said that they read the notices."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices_read"
    )
    number = models.BigIntegerField()
