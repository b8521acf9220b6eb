"""What is particular to an authority, and what one has of which nothing is."""

from __future__ import annotations

from lineofsight.vocabulary.profile import AuthorityProfile, profile_from_table


def test_an_authority_of_the_table_has_its_name_and_nothing_particular() -> None:
    assert profile_from_table("941") == AuthorityProfile(code="941", name="West Northamptonshire")


def test_one_that_is_in_no_table_is_called_by_its_code() -> None:
    assert profile_from_table("000").name == "authority 000"
