"""A number that two sources give to children of different IDs is told, and never joined."""

from __future__ import annotations

import polars as pl
import pytest

from lineofsight.engines.local import empty_history
from lineofsight.intake.shared_numbers import shared_numbers
from lineofsight.record import frames
from lineofsight.record.tables.people import CHILD
from lineofsight.vocabulary.moments import FOREVER

Child = tuple[str, str | None, str | None]


def rows(*children: Child) -> pl.DataFrame:
    cells = [
        {"child": child, "upn": upn, "earlier_number": earlier, "_file": "person.csv", "_row": at}
        for at, (child, upn, earlier) in enumerate(children, 1)
    ]
    types = {"child": pl.String, "upn": pl.String, "earlier_number": pl.String, "_file": pl.String}
    return pl.DataFrame(cells, schema={**types, "_row": pl.Int64})


def held(*children: Child, source: str = "old", until: int = FOREVER) -> pl.DataFrame:
    made = rows(*children).with_columns(
        pl.lit(source).alias(frames.SOURCE), pl.lit(until, pl.Int64).alias(frames.WITNESSED_TO)
    )
    return pl.concat([empty_history(CHILD), made.drop("_file", "_row")], how="diagonal_relaxed")


def codes(own: pl.DataFrame, history: pl.DataFrame) -> list[tuple[str, str]]:
    return [
        (row["code"], row["key"]) for frame in shared_numbers("new", own, history) for row in frame.to_dicts()
    ]


@pytest.mark.parametrize(
    ("own", "other", "found"),
    [
        (("900", "A123", None), ("M1", "a123 ", None), [("R06", "900")]),
        (("900", None, "M1"), ("M1", None, None), [("R07", "900")]),
        (("900", None, "X1"), ("M1", None, "X1"), [("R07", "900")]),
        (("900", None, None), ("M1", None, "900"), [("R07", "900")]),
        (("900", "A123", "M1"), ("M1", "A123", None), [("R06", "900"), ("R07", "900")]),
        (("900", "A123", "X1"), ("900", "A123", "X1"), []),
        (("900", None, None), ("M1", None, None), []),
        (("900", "", ""), ("M1", "", ""), []),
        (("900", "A123", None), ("M1", None, "A123"), []),
    ],
)
def test_what_is_shared(own: Child, other: Child, found: list[tuple[str, str]]) -> None:
    assert codes(rows(own), held(other)) == found


def test_the_source_itself_and_rows_withdrawn_share_nothing() -> None:
    own = rows(("900", "A123", None))
    assert codes(own, held(("M1", "A123", None), source="new")) == []
    assert codes(own, held(("M1", "A123", None), until=1)) == []


def test_many_children_are_one_finding_that_repeats_no_number() -> None:
    own = rows(("7", None, None), ("8", "A1", None), ("9", "A2", None))
    (finding,) = shared_numbers("new", own, held(("M1", "A1", None), ("M2", "A2", None)))
    (row,) = finding.to_dicts()
    assert (row["row"], row["column"]) == (2, "upn")
    assert "in 2 rows" in row["says"] and "A1" not in row["says"]
