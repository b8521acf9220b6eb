"""Values in words: pounds in one way, and a zero that is only claimed."""

from __future__ import annotations

import pytest

from lineofsight.oversight.statements import Statement
from lineofsight.oversight.wording import counted_words, number_words, value_words
from tests.support.builders import known


def valued(value: str, unit: str, **cells: str) -> Statement:
    (one,) = known(
        {
            "id": "one",
            "says": "A number was given.",
            "value": value,
            "unit": unit,
            "definition": "cases",
            **cells,
        }
    )
    return one


@pytest.mark.parametrize(
    ("value", "unit", "whole", "short"),
    [
        ("133960000", "GBP", "£134.0 million", "£134.0m"),
        ("133960", "GBP thousand", "£134.0 million", "£134.0m"),
        ("5", "GBP million", "£5.0 million", "£5.0m"),
        ("1200000", "GBP a year", "£1.2 million a year", "£1.2m a year"),
        ("-2500000", "GBP", "£-2.5 million", "£-2.5m"),
        ("960", "GBP a day", "£960 a day", "£960 a day"),
        ("999999", "GBP", "£999,999", "£999,999"),
        ("29.5", "per cent", "29.5%", "29.5%"),
        ("232", "cases", "232 cases", "232"),
    ],
)
def test_pounds_are_told_in_one_way_whatever_the_source_has(
    value: str, unit: str, whole: str, short: str
) -> None:
    one = valued(value, unit)
    assert value_words(one) == whole
    assert number_words(one) == short


def test_a_bound_stands_before_the_pounds() -> None:
    assert number_words(valued("5000000", "GBP", bound="fewer than")) == "fewer than £5.0m"


def test_a_zero_that_is_a_claim_is_told_as_its_author_s_word() -> None:
    told = {"counter": "the trust", "said_by": "The chair"}
    assert counted_words(valued("0", "cases", kind="claim", **told)) == "0 cases, as claimed by the trust"
    assert counted_words(valued("0", "cases", kind="official record", **told)) == "0 cases (the trust)"
    assert counted_words(valued("7", "cases", kind="claim", **told)) == "7 cases (the trust)"
