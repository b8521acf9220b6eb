"""What is particular to the samples' authorities: their stories, so that no page has to know them."""

from __future__ import annotations

from datetime import date

from lineofsight.samples import county
from lineofsight.samples.pairs import raised_again
from lineofsight.vocabulary.profile import AuthorityProfile, Claim

NORTHAMPTONSHIRE = AuthorityProfile(
    code="928",
    name="Northamptonshire",
    opens_on=date(2019, 10, 9),  # the week of the departures
    days=(
        (date(2018, 10, 17), "Ofsted’s visit"),
        (date(2019, 6, 11), "the article"),
        (date(2019, 10, 9), "the director’s going"),
        (date(2019, 10, 31), "the letter"),
        (date(2020, 3, 16), "zero reported"),
        (date(2020, 11, 1), "the trust begins"),
        (date(2021, 4, 1), "two new councils"),
    ),
    drawn_from=date(2012, 1, 1),
    counts_from=date(2017, 10, 1),  # earlier counts are of other definitions, and years apart
    documents=("The letter", "The article"),
    bodies=(
        ("", "Northamptonshire, the whole county"),
        ("children's trust", "Northamptonshire Children's Trust"),
        ("North", "North Northamptonshire Council"),
        ("West", "West Northamptonshire Council"),
        ("the government's commissioners", "The government's commissioners and improvement partner"),
        ("safeguarding board", "Northamptonshire Safeguarding Children Board"),
    ),
    claim=Claim(
        document="The letter",
        item="L4",
        post="director of children's services",
        claimed=7,
        first=date(2012, 10, 1),
        last=date(2019, 10, 31),
    ),
    raised_again=raised_again(),
)

THORNMERE = AuthorityProfile(
    code=county.AUTHORITY,
    name=county.NAME,
    synthetic="Synthetic: a fictional county. No child, worker, statement or figure on this page is real.",
    opens_on=county.OPENS_ON,
    story_ends_on=county.nights()[-1],
    days=county.DAYS,
)

PROFILES = (NORTHAMPTONSHIRE, THORNMERE)
"""The profiles of the authorities whose record a sample holds."""
