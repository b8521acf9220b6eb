"""What the database keeps: the chain, its blocks, what erasure allows, who is reading, who looked, and who may."""

from __future__ import annotations

from lineofsight.service.models.access import AccessLink, Look
from lineofsight.service.models.chain import Block, ErasedBlock, Lease, Link
from lineofsight.service.models.people import (
    BrokenGlass,
    Grant,
    PersonChange,
    Restriction,
    SealedModel,
    new_salt,
)

__all__ = [
    "AccessLink",
    "Block",
    "BrokenGlass",
    "ErasedBlock",
    "Grant",
    "Lease",
    "Link",
    "Look",
    "PersonChange",
    "Restriction",
    "SealedModel",
    "new_salt",
]
