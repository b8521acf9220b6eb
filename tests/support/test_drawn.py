"""The parser of drawn tables, on which every spec test rests."""

from __future__ import annotations

import pytest

from tests.support.drawn import drawn


def test_a_drawn_table_is_read_by_its_heading() -> None:
    """An empty cell is empty text, also at the end of a line; rules and blank lines are not rows."""
    assert drawn("""
        begun      | ended | holds
        -----------+-------+------
        2018-10-17 |       | yes

        2018-10-17 | x     |
    """) == [
        {"begun": "2018-10-17", "ended": "", "holds": "yes"},
        {"begun": "2018-10-17", "ended": "x", "holds": ""},
    ]


def test_the_first_cell_may_be_empty() -> None:
    assert drawn("""
        a | b
          | 1
    """) == [{"a": "", "b": "1"}]


def test_a_row_of_the_wrong_width_is_a_mistake_in_the_test() -> None:
    with pytest.raises(ValueError, match="3 cells, its heading 2"):
        drawn("a | b\n1 | 2 | 3")
