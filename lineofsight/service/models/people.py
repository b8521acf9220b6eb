"""Who may see what: grants of a role, restrictions of a child, glass that was broken, and what was done to a sign-in.

Triggers hold what each class says of change; what the erasure of a child takes out is its number and the reason.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Grant(models.Model):
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


class Restriction(models.Model):
    """That only named people may see a child, from `at` until `lifted_at`. Lifted, never deleted."""

    number = models.BigAutoField(primary_key=True)
    authority = models.CharField(max_length=3)
    child = models.CharField(max_length=200)
    reason = models.CharField(max_length=500)
    allowed = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="restricted_children")
    by = models.CharField(max_length=200)
    at = models.BigIntegerField()
    lifted_by = models.CharField(max_length=200, blank=True)
    lifted_at = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["authority", "child"])]


class BrokenGlass(models.Model):
    """That somebody opened a child they may not usually see, why, and until when they may. Never changes."""

    number = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    authority = models.CharField(max_length=3)
    child = models.CharField(max_length=200)
    reason = models.CharField(max_length=500)
    at = models.BigIntegerField()
    until = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["user", "authority", "child"])]


class PersonChange(models.Model):
    """Something done to a person's sign-in: a password given, a second step taken away, signing in stopped. Never changes."""

    number = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="changes")
    what = models.CharField(max_length=30)
    by = models.CharField(max_length=200)
    at = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["user", "number"])]
