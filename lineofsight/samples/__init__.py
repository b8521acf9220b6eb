"""Samples, written as deliveries so that a demonstration goes through the same door as anything else.

What is particular to their authorities (the day their pages open on, their story) is in `profiles`.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from lineofsight.vocabulary.identifiers import AuthorityCode, SourceName


@dataclass(frozen=True, kw_only=True)
class WrittenSample:
    """A sample that was written by hand: whose it is, under which source, in which folder."""

    authority: AuthorityCode
    source: SourceName
    folder: Path


PUBLIC_RECORD = WrittenSample(
    authority=AuthorityCode("928"),
    source=SourceName("public-record"),
    folder=Path(str(resources.files(__package__))) / "public_record",
)
"""What was said in public about one county's children's service, from 2012 on. Real facts with their sources; no
child's data; office-holders only; reviews by code."""

OUTCOMES = SourceName("official-outcomes")
"""The source of the official grades of the county and of the two councils that followed it."""

INSPECTED: tuple[AuthorityCode, ...] = (AuthorityCode("928"), AuthorityCode("940"), AuthorityCode("941"))
"""The authorities whose official grades are loaded: a county, and its successors, to which none is carried."""


def outcomes() -> Path:
    """The table of outcomes that is loaded for each of them."""
    return Path(str(resources.files(__package__))) / "outcomes" / "outcomes.csv"


def outcomes_settings(authority: AuthorityCode) -> bytes:
    """What that source is, for one authority."""
    return f'name = "{OUTCOMES}"\nauthority = "{authority}"\nformat = "inspection_outcomes"\nroster = "partial"\n'.encode()
