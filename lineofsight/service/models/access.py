"""The access log, and the chain that seals it with the roles, the restrictions and the accounts."""

from __future__ import annotations

from django.db import models

from lineofsight.service.models.people import new_salt


class AccessLogEntry(models.Model):
    """An entry of the access log: who saw a child's record, and when. Only the erasure of the child changes it.

    The erasure removes the child's number, and with it `salt`, which keeps the number from being guessed
    back from `child_seal`. Entries are numbered from 1 in the order of writing.
    """

    number = models.BigIntegerField(primary_key=True)
    at = models.BigIntegerField()
    """The moment, in microseconds since 1970 UTC."""
    by = models.CharField(max_length=200)
    authority = models.CharField(max_length=3)
    child = models.CharField(max_length=200)
    channel = models.CharField(max_length=40, db_column="door")
    """The command or page that showed it. The column, the chain's links and backups keep its first name, `door`."""
    salt = models.CharField(max_length=32, blank=True, default=new_salt)
    child_seal = models.CharField(max_length=64, blank=True)
    """The seal of the child's number; only where an erasure removed the number."""

    class Meta:
        db_table = "service_look"
        indexes = [
            models.Index(fields=["authority", "child", "number"]),
            models.Index(fields=["by", "at"]),
        ]


class AccessLink(models.Model):
    """One link of the access chain. Never changes; numbers run from 1 without gaps.

    `body` is the link's own text (canonical JSON); `hash` is over the hash before it and that text.
    The other columns repeat what the body says, so that the newest link about a row can be found.
    """

    number = models.BigIntegerField(primary_key=True)
    at = models.BigIntegerField()
    kind = models.CharField(max_length=12)
    subject = models.CharField(max_length=40)
    """What kind of row it is about, such as `roles`."""
    key = models.CharField(max_length=200)
    """Which row: its number, or an account's name."""
    body = models.TextField()
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        indexes = [models.Index(fields=["subject", "key", "number"])]
