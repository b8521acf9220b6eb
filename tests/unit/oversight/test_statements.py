"""Statements beside each other: links, contradictions, search, and what one says of itself."""

from __future__ import annotations

from datetime import date

import pytest

from lineofsight.oversight.statements import INVERSES, Statement, Statements, statement_from
from lineofsight.record.tables.statement import RELATIONS, STATEMENT
from tests.support.builders import a_known, a_statement, as_csv, known, read


def ids(statements: list[Statement]) -> list[str]:
    return [one.id for one in statements]


def test_a_row_of_the_table_is_a_statement() -> None:
    (row,) = read(as_csv([a_statement(headline="H")])).rows["statement"].to_dicts()
    one = statement_from(row, authority="928", delivered_by="letters", link=3, attested_at=1, witnessed_at=2)
    assert (one.reference, one.headline, one.link) == ("letters/s-1", "H", 3)
    assert all(getattr(one, name) == row[name] for name in STATEMENT.names)


def test_a_title_is_its_headline_or_the_beginning_of_its_words() -> None:
    """Cut between words, so that a title is at most 90 characters."""
    assert a_known(headline="H").title == "H"
    assert a_known(says="x" * 90).title == "x" * 90
    long = a_known(says="word " * 30).title
    assert long == "word " * 16 + "word …"
    assert len(long) <= 90


@pytest.mark.parametrize(
    ("said_on", "first", "last"),
    [
        ("2018-10-17", date(2018, 10, 17), date(2018, 10, 17)),
        ("2018-10", date(2018, 10, 1), date(2018, 10, 31)),
        ("2018", date(2018, 1, 1), date(2018, 12, 31)),
    ],
)
def test_when_it_can_have_been_said(said_on: str, first: date, last: date) -> None:
    assert (a_known(said_on=said_on).said_first, a_known(said_on=said_on).said_last) == (first, last)


def test_a_day_that_is_none_can_have_been_any() -> None:
    """Intake lets none through; a record read under other rules must not stop a page."""
    one = a_known(said_on="2018", about_from="2018", begun_on=1, ended_on=2)
    one = Statement(**{**vars(one), "said_on": "long ago"})
    assert (one.said_first, one.said_last) == (date.min, date.max)


def test_the_days_it_speaks_about() -> None:
    one = a_known(about_from="2018-10", about_to="2018-11")
    assert (one.first_day, one.last_day) == (date(2018, 10, 1), date(2018, 11, 30))
    assert [
        one.speaks_of(day)
        for day in (date(2018, 9, 30), date(2018, 10, 1), date(2018, 11, 30), date(2018, 12, 1))
    ] == [
        False,
        True,
        True,
        False,
    ]


def test_what_still_runs_has_no_last_day() -> None:
    one = a_known(about_from="2018-10", about_to="open")
    assert one.last_day is None
    assert one.speaks_of(date(2100, 1, 1))


def test_lists_are_parted() -> None:
    one = a_known(topic="allocation leadership", theme="assessment; children in care")
    assert (one.topics, one.themes) == (["allocation", "leadership"], ["assessment", "children in care"])
    assert (a_known(topic=None).topics, a_known().themes) == ([], [])


@pytest.mark.parametrize(
    ("value", "number"),
    [("4161", 4161), ("4,161", 4161), ("1,234,567.5", 1234567.5), ("-2.5", -2.5), ("0", 0), ("267", 267)],
)
def test_numbers(value: str, number: float) -> None:
    assert a_known(value=value).number == number


@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        "Inadequate",
        "nan",
        "inf",
        "1_000",
        "1e5",
        "2018-19",
        "12%",
        "1,23",
        "4161 children",
        "٤",
        ".5",
        "5.",
        "9" * 400,
    ],
)
def test_what_is_no_number(value: str | None) -> None:
    """Python takes nan, 1_000 and 1e5 for numbers; nobody who publishes figures writes them so."""
    assert a_known(value=value).number is None


# -- links ---------------------------------------------------------------------------------------

REQUEST = {"id": "q", "kind": "request", "said_on": "2018-01-01"}


@pytest.mark.parametrize("relation", RELATIONS)
def test_a_link_is_seen_from_both_ends(relation: str) -> None:
    """Within its source by id, across sources by source and id; what is not known is lost, not left out silently."""
    all_of_them = known(
        REQUEST,
        {"id": "q", "delivered_by": "other"},
        {"id": "a", relation: "q other/q gone record/never"},
    )
    one = all_of_them.by_reference["record/a"]
    assert [other.reference for other in all_of_them.to(one, relation)] == ["record/q", "other/q"]
    assert all_of_them.lost(one, relation) == ["record/gone", "record/never"]
    assert ids(all_of_them.of(all_of_them.by_reference["other/q"], relation)) == ["a"]
    assert all_of_them.of(one, relation) == []
    assert relation in INVERSES


def test_a_contradiction_counts_whichever_says_so_and_once() -> None:
    both = known(
        {"id": "a", "contradicts": "b", "said_on": "2019"},
        {"id": "b", "contradicts": "a", "said_on": "2018"},
        {"id": "c", "contradicts": "b", "said_on": "2017"},
    )
    assert ids(both.contradictions(both.by_reference["record/b"])) == ["c", "a"]
    assert ids(both.contradictions(both.by_reference["record/a"])) == ["b"]
    assert ids(both.contradictions(both.by_reference["record/c"])) == ["b"]


def test_they_stand_in_the_order_in_which_they_were_said() -> None:
    """Of the same day by reference, so that a page is the same each time."""
    some = known(
        {"id": "b", "said_on": "2018-10"},
        {"id": "c", "said_on": "2017"},
        {"id": "a", "said_on": "2018-10-01"},
    )
    assert ids(list(some)) == ["c", "a", "b"]
    assert len(some) == 3


def test_by_cells() -> None:
    some = known(
        {"id": "a", "kind": "claim"},
        {"id": "b", "kind": "request"},
        {"id": "c", "kind": "request", "holder": "H"},
    )
    assert ids(some.where(kind="request")) == ["b", "c"]
    assert ids(some.where(kind="request", holder="H")) == ["c"]
    assert ids(some.where()) == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("allocated", ["a"]),
        ("CHILDREN allocated", ["a"]),
        ("allocated ofsted", ["a"]),
        ("allocated nowhere", []),
        ("ofsted", ["a", "b"]),
        ("  ", ["a", "b"]),
        ("267", ["b"]),
        ("unallocat", []),
    ],
)
def test_every_word_must_occur_somewhere(words: str, found: list[str]) -> None:
    """Case and order do not matter, nor in which cell; parts of words count."""
    some = known(
        {"id": "a", "says": "Some children were not allocated.", "source_publisher": "Ofsted"},
        {"id": "b", "value": "267", "said_by": "Ofsted"},
    )
    assert ids(some.search(words)) == found


def test_no_statement() -> None:
    assert list(Statements([])) == []
