"""The tables of the database: both chains, blocks, changes that erasures allow, leases, the access log, people."""

from __future__ import annotations

from lineofsight.service.models.access import AccessLink, AccessLogEntry
from lineofsight.service.models.chain import Block, ErasedBlock, Lease, Link
from lineofsight.service.models.people import (
    Appointment,
    BrokenGlass,
    ErasureRequest,
    Grant,
    NoticesRead,
    OneTimeLink,
    PersonChange,
    ProviderSession,
    Restriction,
    RoleRequest,
    SealedModel,
    UsedCode,
    new_salt,
)

__all__ = [
    "AccessLink",
    "Appointment",
    "Block",
    "BrokenGlass",
    "ErasedBlock",
    "ErasureRequest",
    "Grant",
    "Lease",
    "Link",
    "AccessLogEntry",
    "NoticesRead",
    "OneTimeLink",
    "PersonChange",
    "ProviderSession",
    "Restriction",
    "RoleRequest",
    "SealedModel",
    "UsedCode",
    "new_salt",
]
