"""What the database keeps: the chain, its blocks, what erasure allows, and who is reading."""

from __future__ import annotations

from lineofsight.service.models.chain import Block, ErasedBlock, Lease, Link

__all__ = ["Block", "ErasedBlock", "Lease", "Link"]
