"""Cells whose values are few: what each way of writing one is read as, and what is none of them."""

from __future__ import annotations

import polars as pl
import pytest

from lineofsight.intake.cells import full_time
from lineofsight.intake.finding import FILE, ROW
from lineofsight.intake.values import read_values
from lineofsight.record.tables.referrals import EPISODE
from lineofsight.vocabulary.yes import YES


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


@pytest.mark.parametrize(
    ("written", "is_yes", "told"),
    [
        *((text, True, False) for text in ("Y", "yes", "TRUE", "1", "-1", "1.0", "t", "a) Yes")),
        *((text, False, False) for text in ("N", "no", "0", "0.0", "f", "b) No", None)),
        *((text, False, True) for text in ("perhaps", "NFA")),
    ],
)
def test_what_is_read_as_yes_is_taken_for_yes_and_what_is_neither_is_told(
    written: str | None, is_yes: bool, told: bool
) -> None:
    """A referral without further action counts no child: a yes that only the reading knew would count one."""
    cells = {**dict.fromkeys(EPISODE.names), "nfa": written, FILE: "f.csv", ROW: "1"}
    frame = pl.DataFrame([cells], schema=dict.fromkeys(cells, pl.String), orient="row")
    rows, findings = read_values(EPISODE, frame.with_columns(pl.col(ROW).cast(pl.Int64)))
    assert ((rows["nfa"][0] or "").lower() in YES) == is_yes
    assert [one["code"][0] for one in findings] == (["N04"] if told else [])
