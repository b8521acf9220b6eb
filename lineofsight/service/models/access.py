"""Who looked at which child, when and by which door. Only the erasure of the child takes its number out."""

from __future__ import annotations

from django.db import models


class Look(models.Model):
    """One look at a child's record."""

    number = models.BigAutoField(primary_key=True)
    at = models.BigIntegerField()
    """The moment, in microseconds since 1970 UTC."""
    by = models.CharField(max_length=200)
    authority = models.CharField(max_length=3)
    child = models.CharField(max_length=200)
    door = models.CharField(max_length=40)
    """The command or page that showed it."""

    class Meta:
        indexes = [models.Index(fields=["authority", "child", "number"])]
