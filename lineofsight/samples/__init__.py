"""Samples, written as deliveries so that a demonstration goes through the same door as anything else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
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
    opens_on: date
    """The day its pages are as at where no other is asked for."""
    days: tuple[tuple[date, str], ...] = ()
    """Days worth looking at, each with what happened."""


PUBLIC_RECORD = Sample(
    Path(str(resources.files(__package__))) / "public_record",
    AuthorityCode("928"),
    SourceName("public-record"),
    "What was said in public about one county's children's service, from 2012 on: real and sourced, no child's data.",
    date(2019, 10, 9),  # the week of the departures, and of the letter
    (
        (date(2018, 10, 17), "Ofsted’s visit"),
        (date(2019, 6, 11), "the article"),
        (date(2019, 10, 9), "the letter’s week"),
        (date(2020, 2, 20), "zero reported"),
        (date(2020, 11, 1), "the trust begins"),
        (date(2021, 4, 1), "two new councils"),
    ),
)
"""The public record of one county. Real facts with their sources; office-holders only; reviews by code."""

SAMPLES = (PUBLIC_RECORD,)
"""Every sample."""


def sample_of(authority: str) -> Sample | None:
    """The sample that is about an authority, where there is one."""
    return next((sample for sample in SAMPLES if sample.authority == authority), None)
