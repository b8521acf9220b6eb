"""Every public list as CSV with the same rows as its page and its JSON, and the feed of changes."""

from __future__ import annotations

import csv
import io
import re
from xml.etree import ElementTree

import pytest
from django.test import Client

from lineofsight.service.receive.recipe import Outcome

ATOM = "{http://www.w3.org/2005/Atom}"
PARTS = ("latest", "unallocated", "leaders", "raised-again", "promises", "requests", "background", "money")
REGISTERS = ("posts", "reviews", "directions", "decisions", "duties")


def rows(address: str) -> list[dict[str, str]]:
    answer = Client().get(f"{address}?format=csv")
    assert answer["Content-Type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


@pytest.mark.parametrize("part", PARTS)
def test_a_part_gives_its_statements_as_csv_each_with_its_source(record: Outcome, part: str) -> None:
    found = rows(f"/public-record/928/{part}")
    assert found
    assert all(row["source_title"] and row["said_by"] and row["reference"] for row in found)
    assert all(row["known_by"] and row["as_at"] for row in found)


def test_the_month_s_statements_are_as_many_as_its_page_counts(record: Outcome) -> None:
    shown = Client().get("/public-record/928/latest?format=json").json()["parts"]["said"]
    assert len(rows("/public-record/928/latest")) == shown["count"] > 0


@pytest.mark.parametrize("list_of", [*PARTS, *(f"registers/{name}" for name in REGISTERS)])
def test_a_day_that_cannot_be_given_gives_no_csv_of_another(record: Outcome, list_of: str) -> None:
    answer = Client().get(f"/public-record/928/{list_of}?as_at=2019-02-30&format=csv")
    assert answer["Content-Type"].startswith("text/html")


@pytest.mark.parametrize(("part", "name"), [("promises", "promised"), ("requests", "requests")])
def test_the_number_on_the_page_is_the_number_of_rows(record: Outcome, part: str, name: str) -> None:
    address = f"/public-record/928/{part}"
    shown = Client().get(f"{address}?format=json").json()["parts"][name]
    assert len(rows(address)) == shown["count"] == len(shown["rows"])


@pytest.mark.parametrize("register", REGISTERS)
def test_a_register_is_given_as_csv(record: Outcome, register: str) -> None:
    found = rows(f"/public-record/928/registers/{register}")
    assert found
    assert all(row["known_by"] for row in found)
    page = Client().get(f"/public-record/928/registers/{register}").content.decode()
    assert "format=csv" in page


def test_every_requirement_of_an_order_is_a_line_of_its_csv(record: Outcome) -> None:
    address = "/public-record/928/registers/directions"
    orders = Client().get(f"{address}?format=json").json()["instruments"]
    required = [each["reference"] for order in orders for each in order["requirements"]]
    assert sorted(
        row["requirement_statement"] for row in rows(address) if row["requirement_statement"]
    ) == sorted(required)


def test_the_feed_gives_the_statements_received_last_each_once(record: Outcome) -> None:
    answer = Client().get("/public-record/928/changes.atom")
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = ElementTree.fromstring(answer.content)
    entries = feed.findall(f"{ATOM}entry")
    ids = [str(entry.findtext(f"{ATOM}id")) for entry in entries]
    assert len(ids) == len(set(ids)) == 100
    first = Client().get(ids[0].removeprefix("http://testserver"))
    assert first.status_code == 200
    moments = [str(entry.findtext(f"{ATOM}updated")) for entry in entries]
    assert moments == sorted(moments, reverse=True)


PAGES = (*PARTS, "documents", "inspections", "returning", *(f"registers/{name}" for name in REGISTERS))


@pytest.mark.parametrize("page", PAGES)
def test_every_table_has_a_caption(record: Outcome, page: str) -> None:
    text = Client().get(f"/public-record/928/{page}").content.decode()
    tables = re.findall(r"<table.*?</table>", text, re.DOTALL)
    assert [table[:200] for table in tables if "<caption" not in table] == []


@pytest.mark.parametrize("page", PAGES)
def test_a_table_too_wide_for_a_phone_becomes_cards_with_each_cell_named(record: Outcome, page: str) -> None:
    """Only the grid of inspections scrolls, and says so; a table of three columns fits."""
    text = Client().get(f"/public-record/928/{page}").content.decode()
    for table in re.findall(r"<table.*?</table>", text, re.DOTALL):
        head, _, body = table.partition("<tbody>")
        if head.count("<th ") <= 3 or "los-grid" in head:
            continue
        assert "los-table--stack" in head, head[:200]
        cells = re.findall(r"<t[dh]\b[^>]*>", body)
        assert [cell for cell in cells if not re.search(r'data-label="[^"]+"', cell)] == []


def test_the_grid_of_inspections_says_how_often_before_it_scrolls(record: Outcome) -> None:
    text = Client().get("/public-record/928/raised-again").content.decode()
    grid = text.partition("los-grid")[2]
    heads = re.findall(r'<th scope="col"[^>]*>(.*?)</th>', grid, re.DOTALL)
    assert heads[:2] == ["Weakness", "Times found"]
    assert "Scroll sideways" in grid
