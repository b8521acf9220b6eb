"""Cells whose values are few: what each way of writing one is read as, and what is none of them."""

from __future__ import annotations

import pytest

from lineofsight.intake.cells import full_time


@pytest.mark.parametrize(
    ("written", "share"),
    [
        ("0.8", "0.8"),
        ("0.80", "0.80"),
        ("0,8", "0.8"),
        ("80%", "0.8"),
        ("1 FTE", "1"),
        ("1.5", "1.5"),
        ("150 %", "1.5"),
        ("1.51", None),
        ("37", None),
        ("-0.1", None),
        ("NaN", None),
        ("part time", None),
    ],
)
def test_a_share_of_full_time_is_at_most_one_and_a_half(written: str, share: str | None) -> None:
    assert full_time(written) == share
