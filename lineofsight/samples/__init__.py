"""Samples, written as deliveries so that a demonstration goes through the same door as anything else."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from lineofsight.vocabulary.identifiers import AuthorityCode, SourceName


@dataclass(frozen=True)
class Sample:
    """One sample: its folder, whose it is, under which source, and what it is in a sentence."""

    folder: Path
    authority: AuthorityCode
    source: SourceName
    says: str


PUBLIC_RECORD = Sample(
    Path(str(resources.files(__package__))) / "public_record",
    AuthorityCode("928"),
    SourceName("public-record"),
    "What was said in public about one county's children's service, from 2012 on: real and sourced, no child's data.",
)
"""The public record of one county. Real facts with their sources; office-holders only; reviews by code."""
