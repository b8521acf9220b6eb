"""What did the council spend on children's services against its budget in 2018-19, and what warnings were issued?"""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from lineofsight.service.receive.recipe import Outcome

ADDRESS = "/public-record/928/money"


def answer(query: str) -> dict[str, Any]:
    found: dict[str, Any] = Client().get(f"{ADDRESS}?{query}&format=json").json()["parts"]["money"]
    return found


def row(found: dict[str, Any], year: str) -> dict[str, Any]:
    return next(each for each in found["rows"] if each["year"] == year)


def test_the_question_of_2018_19_is_answered(record: Outcome) -> None:
    found = answer("as_at=2019-03-31")["answer"]
    assert found["year"] == "2018-19"
    assert "budgeted £134.0 million" in found["says"] and "spent £117.6 million" in found["says"]
    assert "no variance is worked out" in found["says"], "the two have different definitions"
    assert any("2018-19" in each["headline"] for each in found["not_found"])
    warned = {(each["day"], each["headline"]) for each in found["warnings"]}
    assert ("2 February 2018", "First section 114 notice, 2 February 2018") in warned
    assert ("24 July 2018", "Second section 114 notice, July 2018") in warned
    assert all(each["said_by"] and each["href"] for each in found["warnings"])


def test_the_page_says_the_same_with_where_was_looked(record: Outcome) -> None:
    page = " ".join(Client().get(f"{ADDRESS}?as_at=2019-03-31").content.decode().split())
    for words in (
        "£134.0 million",
        "2 February 2018",
        "24 July 2018",
        "Looked in: ",
        "worked out by this record",
    ):
        assert words in page


@pytest.mark.parametrize("day", ["2017-11-14", "2017-11-16"])
def test_an_outturn_is_not_shown_before_it_was_published(record: Outcome, day: str) -> None:
    """The outturn of 2016-17 was published on 16 November 2017; *known then* reaches to the end of the next day."""
    found = row(answer(f"as_at={day}&known=then"), "2016-17")
    texts = [each["text"] for each in found["outturn"]["figures"]]
    assert ("£127.8 million" in texts) is (day == "2017-11-16")
    assert bool(found["variance"]["worked_out"]) is (day == "2017-11-16")
    assert [each["text"] for each in found["budget"]["figures"]] == ["£106.4 million"]


def test_no_cell_of_the_years_is_empty_or_nothing(record: Outcome) -> None:
    found = answer("as_at=2019-10-09")
    assert [each["year"] for each in found["rows"]][:1] == ["2012-13"]
    assert [each["year"] for each in found["rows"]][-1] == "2025-26"
    for each in found["rows"]:
        for name in ("budget", "outturn", "variance"):
            cell = each[name]
            assert cell["figures"] or cell["not_found"] or cell.get("worked_out"), (each["year"], name)
            assert all(figure["amount"] > 0 for figure in cell["figures"])


def test_what_is_worked_out_is_under_nobody_elses_name(record: Outcome) -> None:
    """The auditor's 18.1 million stands under its name; the 21.4 million from the returns is this record's own."""
    found = row(answer("as_at=2017-03-31"), "2016-17")["variance"]
    assert [(each["text"], each["said_by"].split(",")[0]) for each in found["figures"]] == [
        ("£18.1 million", "KPMG")
    ]
    assert [(each["amount"], "said_by" in each) for each in found["worked_out"]] == [(21_413_000, False)]


def test_the_later_bills_are_in_a_table_of_their_own(record: Outcome) -> None:
    found = answer("as_at=2026-01-01")
    years = {each["year"] for each in found["bills"]}
    assert {"2022-23", "2023-24", "2024-25", "2025-26"} <= years
    assert "North Northamptonshire spent" in " ".join(found["answer"]["others"])
