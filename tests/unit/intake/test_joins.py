"""Numbers that one delivery writes in two ways: one that fits a single described number is read as that number."""

from __future__ import annotations

import polars as pl

from lineofsight.intake.finding import FILE, ROW
from lineofsight.intake.joins import joined_ids


def placed(**columns: list[str]) -> pl.DataFrame:
    frame = pl.DataFrame(columns)
    return frame.with_columns(pl.lit("a.csv").alias(FILE), pl.int_range(1, pl.len() + 1).alias(ROW))


def test_a_number_that_fits_two_is_left_as_it_is_written() -> None:
    joined = joined_ids(
        {
            "child": placed(child=["A-1", "A 1", "B-1", "C1"]),
            "episode": placed(child=["a1", "b1", "C1", "D1"]),
        }
    )
    assert joined.texts["episode"]["child"].to_list() == ["a1", "B-1", "C1", "D1"]
    (met,) = joined.met
    assert (met.rows, met.met) == (4, 2)
