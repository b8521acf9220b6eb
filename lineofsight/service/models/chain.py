"""The ledger's tables. Triggers refuse every change that is not named here (`store/triggers.py`)."""

from __future__ import annotations

from django.db import models


class Link(models.Model):
    """One link of the chain: a delivery received, awaiting confirmation, read, set aside or received again, or an erasure,
    a release of files, or a statement of how long things are kept, of a key, or of a file that was made public.

    Never changes. `body` is the link's own text (canonical JSON); `hash` is over the hash of the link before
    and that text. The other columns repeat the body, so that the database can find and guard the link.
    """

    number = models.BigIntegerField(primary_key=True)
    kind = models.CharField(max_length=12)
    delivery = models.CharField(max_length=16, blank=True)
    authority = models.CharField(max_length=3)
    source = models.CharField(max_length=63, blank=True)
    witnessed_at = models.BigIntegerField()
    body = models.TextField()
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "delivery"],
                condition=models.Q(kind__in=("received", "read")),
                name="a_delivery_is_received_and_read_once",
            )
        ]
        indexes = [models.Index(fields=["authority", "source", "number"])]


class Block(models.Model):
    """The entries of one delivery for one table. Only an erasure of the same transaction may change it.

    Blocks are numbered from 1 without gaps in the order of link and table, so that a row taken out or put
    in is noticed.
    """

    number = models.BigIntegerField(primary_key=True)
    link = models.ForeignKey(Link, on_delete=models.PROTECT)
    table = models.CharField(max_length=40)
    authority = models.CharField(max_length=3)
    sha256 = models.CharField(max_length=64)
    body = models.BinaryField()
    seals = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["link", "table"], name="a_delivery_has_one_block_a_table")
        ]
        indexes = [models.Index(fields=["authority", "table", "link"])]


class ErasedBlock(models.Model):
    """Allows an erasure to change one block from one hash to another. Never changes; numbered like blocks."""

    number = models.BigIntegerField(primary_key=True)
    link = models.ForeignKey(Link, on_delete=models.PROTECT)
    block = models.ForeignKey(Block, on_delete=models.PROTECT)
    before = models.CharField(max_length=64)
    after = models.CharField(max_length=64)


class Lease(models.Model):
    """Until when (microseconds) a process is reading a waiting delivery. May be lost: it only saves two the same work."""

    delivery = models.CharField(max_length=16, primary_key=True)
    until = models.BigIntegerField()
    tries = models.IntegerField(default=1)
    """How often its reading was begun: a delivery may end the process that reads it."""
