"""What the database keeps: the chain, its blocks, what erasure allows, who is reading, and who looked."""

from __future__ import annotations

from lineofsight.service.models.access import Look
from lineofsight.service.models.chain import Block, ErasedBlock, Lease, Link

__all__ = ["Block", "ErasedBlock", "Lease", "Link", "Look"]
