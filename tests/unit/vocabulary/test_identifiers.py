"""Identifiers are parsed once, at the edge."""

from __future__ import annotations

import pytest

from lineofsight.vocabulary.identifiers import authority_code, source_name
from lineofsight.vocabulary.refusal import Refused


def test_an_authority_is_three_digits() -> None:
    assert authority_code("928") == "928"


@pytest.mark.parametrize("text", ["", "92", "9280", "92a", "928\n", "٩٢٨", " 928", "../928"])
def test_nothing_else_is_an_authority(text: str) -> None:
    """Digits of other scripts are not ours, and a line end is not nothing: both would be another folder's name."""
    with pytest.raises(Refused, match="three digits"):
        authority_code(text)


@pytest.mark.parametrize("text", ["nightly-ssd", "a", "9", "a" * 63])
def test_a_source_has_a_plain_name(text: str) -> None:
    assert source_name(text) == text


@pytest.mark.parametrize("text", ["", "-a", "A", "a b", "a/b", "..", "a" * 64, "a\n", "é"])
def test_nothing_else_names_a_source(text: str) -> None:
    with pytest.raises(Refused, match="small letters"):
        source_name(text)


def test_a_refusal_repeats_no_more_than_forty_characters() -> None:
    with pytest.raises(Refused) as refused:
        source_name("X" * 10_000)
    assert len(str(refused.value)) < 200
