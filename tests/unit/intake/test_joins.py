"""Numbers that one delivery writes in two ways: one that fits a single described number is read as that number."""

from __future__ import annotations

import polars as pl
import pytest

from lineofsight.intake.finding import FILE, ROW
from lineofsight.intake.joins import Joined, joined_ids, with_zeros


def placed(**columns: list[str] | list[str | None]) -> pl.DataFrame:
    frame = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
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


def nightly(**columns: list[str]) -> dict[str, pl.DataFrame]:
    """A night whose children N and M have the earlier numbers L and K; `columns` of the episodes beside them."""
    return {
        "child": placed(child=["N", "M"], earlier_number=["L", "K"]),
        "episode": placed(child=["L", "M"], close_reason=["", ""], **columns),
        "involvement": placed(child=["N", "K"]),
    }


def codes(joined: Joined) -> list[str]:
    return sorted(set(pl.concat(joined.findings)["code"])) if joined.findings else []


def test_rows_under_an_earlier_number_are_read_under_the_childs_own_and_told() -> None:
    joined = joined_ids(nightly())
    assert joined.texts["episode"]["child"].to_list() == ["N", "M"]
    assert joined.texts["involvement"]["child"].to_list() == ["N", "M"]
    assert codes(joined) == ["J06"]
    assert all(one.met == one.rows for one in joined.met)


def test_a_linked_identifier_joins_where_no_table_describes_children() -> None:
    texts = {
        "episode": placed(child=["N", "M"], close_reason=["", ""]),
        "involvement": placed(child=["L", "M"]),
        "identifier": placed(child=["N"], kind=["Former person id"], value=["L"]),
    }
    assert joined_ids(texts).texts["involvement"]["child"].to_list() == ["N", "M"]


@pytest.mark.parametrize(
    ("table", "frame"),
    [
        ("episode", {"child": ["L", "M"], "close_reason": ["RC1", ""]}),
        ("episode", {"child": ["L", "M"], "close_reason": ["Adopted", ""]}),
        ("care_episode", {"child": ["L"], "ended_because": ["E11"]}),
        ("care_episode", {"child": ["N"], "ended_because": ["E12: Adopted, consent dispensed with"]}),
        (
            "permanence",
            {"child": ["N"], "order": ["Adoption"], "ordered_on": ["2024-01-01"], "placed_on": [None]},
        ),
        ("permanence", {"child": ["L"], "order": [None], "ordered_on": [None], "placed_on": ["2024-01-01"]}),
        ("identifier", {"child": ["N"], "kind": ["Pre-adoption ID"], "value": ["L"]}),
    ],
)
def test_numbers_before_and_after_adoption_are_never_joined(
    table: str, frame: dict[str, list[str | None]]
) -> None:
    joined = joined_ids({**nightly(), table: placed(**frame)})
    assert joined.texts["episode"]["child"].to_list() == ["L", "M"]
    assert "J07" in codes(joined)
    assert joined.texts["involvement"]["child"].to_list() == ["N", "M"], (
        "the other child's numbers are joined"
    )


def test_an_order_that_is_no_adoption_keeps_nothing_apart() -> None:
    order = {
        "child": ["N"],
        "order": ["Special guardianship"],
        "ordered_on": ["2024-01-01"],
        "placed_on": [None],
    }
    joined = joined_ids({**nightly(), "permanence": placed(**order)})
    assert joined.texts["episode"]["child"].to_list() == ["N", "M"]


def test_an_earlier_number_of_two_children_or_of_a_described_one_joins_nothing() -> None:
    texts = nightly()
    shared = {**texts, "child": placed(child=["N", "M"], earlier_number=["L", "L"])}
    assert joined_ids(shared).texts["episode"]["child"].to_list() == ["L", "M"]
    described = {**texts, "child": placed(child=["N", "M", "L"], earlier_number=["L", "K", ""])}
    assert joined_ids(described).texts["episode"]["child"].to_list() == ["L", "M"]


def test_where_no_table_describes_numbers_the_one_with_its_zeros_stands() -> None:
    assert with_zeros(["00123", "123", "77"]) == {"123": "00123"}
    assert with_zeros(["0012", "012", "12"]) == {}, "it fits two, so it is left"
    assert with_zeros(["00A1", "a1"]) == {"a1": "00A1"}
