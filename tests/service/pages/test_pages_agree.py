"""Pages that count or tell the same agree: a card with the page it opens, promises with government orders."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest
from django.test import Client

from lineofsight.service.receive.recipe import Outcome

RECORD = "/public-record/928"
DAYS = ("2014-01-01", "2016-06-01", "2018-06-01", "2019-03-01", "2019-06-12", "2019-10-09", "2019-11-01",
        "2020-03-01", "2020-12-01", "2026-01-01")  # fmt: skip


def told(address: str) -> Any:
    return Client().get(address).json()


def rows(address: str) -> list[dict[str, str]]:
    answer = Client().get(address).content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(answer)))


@pytest.mark.parametrize("known", ["now", pytest.param("then", marks=pytest.mark.slow)])
@pytest.mark.parametrize("day", DAYS[2::2] + DAYS[5:6])
def test_a_card_counts_what_the_page_it_opens_counts(record: Outcome, day: str, known: str) -> None:
    view = f"as_at={day}&known={known}"
    parts = told(f"/?{view}&format=json")["parts"]
    cards = {card["page"]: card["answer"] for card in parts["cards"]}
    for page, name in (("promises", "promised"), ("requests", "requests")):
        shown = told(f"{RECORD}/{page}?{view}&format=json")["parts"][name]
        assert shown == parts[name]
        assert shown["count"] == len(shown["rows"]) == len(rows(f"{RECORD}/{page}?{view}&format=csv")) > 0
        numbers = (
            [shown["count"], *(one["count"] for one in shown["standings"])]
            if name == "promised"
            else [shown["unanswered"], shown["count"]]
        )
        assert list(map(int, re.findall(r"\d+", cards[page]))) == numbers


_SAME = {"open": "no outcome found", "overdue": "due, with no outcome found"}


@pytest.mark.parametrize("known", ["now", "then"])
@pytest.mark.parametrize("day", DAYS)
def test_a_requirement_stands_among_promises_as_among_orders(record: Outcome, day: str, known: str) -> None:
    view = f"as_at={day}&known={known}&format=json"
    promised = {
        row["href"].split("?")[0].rsplit("/", 1)[-1]: row
        for row in told(f"{RECORD}/promises?{view}")["parts"]["promised"]["rows"]
        if row["ordered"]
    }
    orders = told(f"{RECORD}/registers/directions?{view}")["instruments"]
    required = {
        each["reference"].rsplit("/", 1)[-1]: each for order in orders for each in order["requirements"]
    }
    assert required or (day, known) == ("2014-01-01", "then")
    assert required.keys() <= promised.keys()
    for name, each in required.items():
        standing = _SAME.get(each["standing"], each["standing"])
        if each["standing"] in _SAME and each["shown_by"]:
            standing = "outcome told"
        if standing == "no outcome found" and promised[name]["afterwards"]:
            standing = "open on this day"
        if standing == "met" and each["late_days"]:
            standing = "met late"
        assert promised[name]["status"] == standing, name
        assert known == "now" or not promised[name]["afterwards"], name


def page(address: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", Client().get(address).content.decode()).split())


def test_whoever_orders_or_reports_is_not_shown_as_whoever_promised(record: Outcome) -> None:
    text = page(f"{RECORD}/promises?as_at=2020-03-01")
    assert "Who promised or ordered what" in text
    assert "Ordered of Northamptonshire County Council Ordered by Gavin Williamson" in text
    assert "director and assistant director of children&#x27;s services Source: Cllr Danielle Stone" in text
    assert "Overtaken" not in text


def test_an_order_is_dated_by_its_own_day(record: Outcome) -> None:
    assert "July 2013 told on 27 April 2016" in page(f"{RECORD}/promises?as_at=2019-10-09")


def test_a_broken_word_that_a_document_reports_is_not_its_authors(record: Outcome) -> None:
    text = page(f"{RECORD}/documents")
    assert text.count("Broken: a promise it reports") == 2
    assert "as the letter reports it" in text


def test_an_order_whose_text_was_not_found_says_so_at_its_head(record: Outcome) -> None:
    text = page(f"{RECORD}/registers/directions?as_at=2019-10-09")
    assert "Its full text was not found; these requirements are those that other sources give." in text
