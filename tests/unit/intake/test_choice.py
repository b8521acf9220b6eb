"""Of two files or sheets of one table one is read; pieces of one table are all read."""

from __future__ import annotations

from datetime import date

import pytest

from lineofsight.intake.sheets.choice import Part, choice
from lineofsight.intake.sheets.named import day_in

ROWS = frozenset({"1", "2", "3"})


@pytest.mark.parametrize(
    ("first", "second", "read"),
    [
        (("List 6", False), ("List 6 (Feb)", True), [0]),
        (("List 6 (Feb)", True), ("List 6", False), [1]),
        (("night_20260301.csv", False), ("night_20260316.csv", False), [1]),
        (("night_2026-03-16.csv", False), ("night_2026-03-01.csv", False), [0]),
        (("list 16-03-2026.csv", False), ("list 17-03-2025.csv", False), [0]),
        (("involvements.csv", False), ("involvements (1).csv", False), [1]),
        (("List 6 with old notes", False), ("List 6", False), [1]),
    ],
)
def test_one_of_two_that_hold_the_same_rows(
    first: tuple[str, bool], second: tuple[str, bool], read: list[int]
) -> None:
    found = choice([Part(*first, ROWS), Part(*second, ROWS)])
    assert found.read == read
    assert list(found.left) == [1 - read[0]]


def test_pieces_of_one_table_are_all_read() -> None:
    found = choice([Part("north.csv", False, frozenset("123")), Part("south.csv", False, frozenset("456"))])
    assert (found.read, found.left) == ([0, 1], {})


def test_a_hidden_sheet_alone_is_read() -> None:
    assert choice([Part("List 6", True, ROWS)]).read == [0]


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("night 2026-03-15.csv", date(2026, 3, 15)),
        ("involvements_20260315.csv", date(2026, 3, 15)),
        ("involvements_20260315T0300.csv", date(2026, 3, 15)),
        ("list 15.03.2026.xlsx", date(2026, 3, 15)),
        ("list 2026_03_15.xlsx", date(2026, 3, 15)),
        ("list 2026-02-31.xlsx", None),
        ("list 31-02-2026.xlsx", None),
        ("list of 12020260315.xlsx", None),
        ("list.xlsx", None),
    ],
)
def test_the_day_in_a_name_is_read_in_one_way(name: str, day: date | None) -> None:
    assert day_in(name) == day
