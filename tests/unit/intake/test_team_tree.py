"""A file of teams: what is read, refused, doubted; and trees, whatever their parents."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lineofsight.intake.delivery import Context, NamedBytes, Reading
from lineofsight.intake.formats.team_tree import read
from lineofsight.intake.references import _tree
from lineofsight.vocabulary.refusal import Refused
from lineofsight.vocabulary.trees import below, in_circles
from tests.support.builders import RECEIVED_AT


def reading(text: str) -> Reading:
    return read([NamedBytes("a.teams.csv", text.encode())], Context(RECEIVED_AT))


def codes(text: str) -> list[tuple[str, int]]:
    return [(one["code"][0], one["row"][0]) for one in reading(text).findings]


def test_rows_are_dated_and_until_is_the_last_day() -> None:
    made = reading("team,parent,from,until\nnorth,top,2019-01-01,30/09/2019\ntop,,,\n")
    first, top = made.rows["team_parent"].select("team", "parent", "begun_on", "ended_on").rows()
    assert first == ("north", "top", date(2019, 1, 1).toordinal(), date(2019, 10, 1).toordinal())
    assert top == ("top", None, None, None)
    assert (made.received, made.quarantined, list(made.findings)) == (2, 0, [])
    assert made.unlimited == frozenset()


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (",top,,\ntop,,,", [("T01", 1)]),
        ("a,a,,", [("T01", 1)]),
        ("a,,soon,", [("T01", 1)]),
        ("a,,2019-02-01,2019-01-01", [("T01", 1)]),
        ("a,,2019-02-01,9999-12-31", [("T01", 1)]),
        ("a,b,,\na,c,,\nb,,,\nc,,,", [("T02", 1), ("T02", 2)]),
        ("a,b,,", [("T03", 1)]),
        ("a,b,,\nb,c,,\nc,a,,", [("T04", 1), ("T04", 2), ("T04", 3)]),
        ("a,b,,2019-01-31\nb,,,\nb,a,2019-02-01,", [("T05", 2), ("T05", 3)]),
        ("a,b,,\nb,,,2019-01-31\nb,a,2019-02-01,", [("T04", 1), ("T04", 3)]),
    ],
)
def test_what_is_wrong_with_a_tree_is_a_finding(rows: str, expected: list[tuple[str, int]]) -> None:
    assert codes(f"team,parent,from,until\n{rows}\n") == expected


def test_a_file_without_its_columns_is_refused() -> None:
    for text in ("team,other\na,b\n", "", "from,until\n,\n"):
        with pytest.raises(Refused):
            reading(text)
    with pytest.raises(Refused):
        read([], Context(RECEIVED_AT))


def test_a_tree_with_a_refused_row_withdraws_nothing() -> None:
    assert reading("team,parent\n,top\ntop,\n").unlimited == {"team_parent"}


def test_the_case_systems_own_list_is_looked_through_for_circles() -> None:
    teams = pl.DataFrame(
        {
            "team": ["a", "b", "c", "d"],
            "parent": ["b", "a", "s", "t"],
            "parent_name": [None, None, None, "South"],
            "_file": ["f"] * 4,
            "_row": [1, 2, 3, 4],
        }
    )
    found = [(one["code"][0], one["key"].to_list()) for one in _tree(teams)]
    assert found == [("R08", ["a", "b"]), ("R09", ["c"])]


names = st.sampled_from("abcdefgh")


@given(st.dictionaries(names, names), st.frozensets(names))
def test_whatever_the_parents_a_tree_has_an_end(parents: dict[str, str], tops: frozenset[str]) -> None:
    """The same, worked out by walking up from each name: below it is what meets a top before any circle."""
    circled = in_circles(parents)
    assert all(_up(parents, name)[-1] == name for name in circled)
    expected = set(tops)
    for name in parents:
        way = [] if name in circled else _up(parents, name)
        for at in way:
            if at in tops:
                expected.add(name)
                break
            if at in circled:
                break
    assert below(parents, tops) == expected


def _up(parents: dict[str, str], name: str) -> list[str]:
    way = list[str]()
    at = name
    while at in parents and (at := parents[at]) not in way:
        way.append(at)
        if at == name:
            break
    return way or [""]
