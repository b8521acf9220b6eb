"""What the samples say of their authorities, so that the service does not have to."""

from __future__ import annotations

from lineofsight.samples import PUBLIC_RECORD, county
from lineofsight.samples.profiles import NORTHAMPTONSHIRE, PROFILES, THORNMERE
from lineofsight.vocabulary.authorities import authorities


def test_each_authority_has_one_profile_by_its_code() -> None:
    assert [one.code for one in PROFILES] == [PUBLIC_RECORD.authority, county.AUTHORITY]


def test_only_the_county_that_is_in_no_table_is_synthetic() -> None:
    assert NORTHAMPTONSHIRE.name == authorities()["928"].name
    assert not NORTHAMPTONSHIRE.synthetic
    assert county.AUTHORITY not in authorities()
    assert THORNMERE.synthetic.startswith("Synthetic")


def test_each_opens_on_one_of_the_days_worth_looking_at() -> None:
    for one in PROFILES:
        assert one.opens_on in [day for day, _ in one.days]


def test_the_fictional_story_ends_with_its_last_whole_night() -> None:
    assert THORNMERE.story_ends_on == county.nights()[-1]
    assert NORTHAMPTONSHIRE.story_ends_on is None
