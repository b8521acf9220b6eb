"""Samples, written as deliveries so that a demonstration goes through the same door as anything else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from importlib import resources
from pathlib import Path

from lineofsight.samples import county
from lineofsight.vocabulary.identifiers import AuthorityCode, SourceName


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One sample: whose it is, under which source, and what it is in a sentence."""

    authority: AuthorityCode
    source: SourceName
    says: str
    opens_on: date
    """The day its pages are as at where no other is asked for."""
    days: tuple[tuple[date, str], ...] = ()
    """Days worth looking at, each with what happened."""
    name: str = ""
    """What the authority is called, where its code alone would say nothing."""


@dataclass(frozen=True, kw_only=True)
class WrittenSample(Sample):
    """A sample that was written by hand, in a folder."""

    folder: Path


PUBLIC_RECORD = WrittenSample(
    folder=Path(str(resources.files(__package__))) / "public_record",
    authority=AuthorityCode("928"),
    source=SourceName("public-record"),
    says="What was said in public about one county's children's service, from 2012 on: real and sourced, no child's data.",
    opens_on=date(2019, 10, 9),  # the week of the departures, and of the letter
    days=(
        (date(2018, 10, 17), "Ofsted’s visit"),
        (date(2019, 6, 11), "the article"),
        (date(2019, 10, 9), "the letter’s week"),
        (date(2020, 2, 20), "zero reported"),
        (date(2020, 11, 1), "the trust begins"),
        (date(2021, 4, 1), "two new councils"),
    ),
)
"""The public record of one county. Real facts with their sources; office-holders only; reviews by code."""

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


COUNTY = Sample(
    authority=county.AUTHORITY,
    source=county.SOURCE,
    says=county.SAYS,
    opens_on=county.OPENS_ON,
    days=county.DAYS,
    name=county.NAME,
)
"""The fictional county: nobody in it is real, and its extracts are made, not kept."""

SAMPLES: tuple[Sample, ...] = (PUBLIC_RECORD, COUNTY)
"""Every sample."""


def sample_of(authority: str) -> Sample | None:
    """The sample that is about an authority, where there is one."""
    return next((sample for sample in SAMPLES if sample.authority == authority), None)
