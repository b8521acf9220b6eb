"""What the registers' pages say first: what became of a review, what is open, who is responsible, and what is not loaded."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from lineofsight.service.receive.recipe import Outcome


def page(register: str, day: str, known: str = "now") -> str:
    address = f"/public-record/928/registers{register}?as_at={day}&known={known}"
    answer = Client().get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def rows(text: str, caption: str) -> list[list[str]]:
    """The cells of the table whose caption begins so, in words."""
    tables = re.findall(r"<table.*?</table>", text, re.DOTALL)
    (table,) = [each for each in tables if re.search(rf"<caption[^>]*>\s*{caption}", each)]
    body = table.partition("<tbody>")[2]
    return [
        [plain(cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)]
        for row in re.findall(r"<tr.*?</tr>", body, re.DOTALL)
    ]


def plain(markup: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", markup).replace("&#x27;", "'").split())


# -- reviews ------------------------------------------------------------------------------------


def test_reviews_lead_with_what_became_of_each(record: Outcome) -> None:
    text = page("/reviews", "2019-10-09")
    found = {row[0]: row[1:] for row in rows(text, "What became of each review")}
    outcome, decided, reason, panel = found["JL"]
    assert outcome == "Withheld"
    assert decided == "Northamptonshire Safeguarding Children Board , June 2019"
    assert "best for the children concerned" in reason
    assert panel.startswith("No (") and "10 June 2019" in panel
    assert found["Child Ak"][0] == "Published" and "5 June 2019" in found["Child Ak"][1]
    assert found["Child N"] == ["No decision known", "No source loaded says", "No source loaded gives one",
                                "No source loaded says"]  # fmt: skip
    assert text.index("What became of each review") < text.index("Time limits of")


# -- government orders --------------------------------------------------------------------------


def test_orders_lead_with_those_open_on_the_day_and_their_open_requirements(record: Outcome) -> None:
    text = page("/directions", "2019-10-09")
    open_now = rows(text, "Requirements not met by 9 October 2019")
    assert re.search(rf"2 orders in force.*?{len(open_now)} requirements not met by then", plain(text))
    assert {row[1] for row in open_now} == {
        "Updated direction of June 2019",
        "Best-value direction of May 2018",
    }
    assert any(row[2] == "July 2020" for row in open_now)
    assert text.index("Requirements not met by") < text.index("Every order, the latest first")


def test_a_requirement_stands_in_full_beside_what_met_it_or_that_nothing_was_found(record: Outcome) -> None:
    text = page("/directions", "2022-01-01")
    cells = [
        row for row in rows_of_all(text) if row[0].startswith("To establish a children's services trust")
    ]
    (trust,) = cells
    assert "The notice says that the council is to co-operate" in trust[0]
    assert "For: Northamptonshire County Council" in trust[0]
    assert trust[2] == "Met" and trust[3].startswith("Met, according to: The trust began")
    assert "No outcome found in what was loaded" in text
    assert "Searched: stored web pages" in text
    assert "No order loaded is known to be in force on this day" in plain(text)
    assert "Requirements not met by" not in text


def rows_of_all(text: str) -> list[list[str]]:
    parts = text.split("What it requires</caption>")[1:]
    return [
        [plain(cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)]
        for part in parts
        for row in re.findall(
            r"<tr.*?</tr>", part.partition("<tbody>")[2].partition("</tbody>")[0], re.DOTALL
        )
    ]


def test_what_a_replaced_order_left_open_is_not_open(record: Outcome) -> None:
    statuses = {row[2] for row in rows_of_all(page("/directions", "2022-01-01"))}
    assert "Open" not in statuses and "Not known to be met" in statuses


def test_an_order_whose_end_was_not_found_is_not_drawn_to_a_sure_day(record: Outcome) -> None:
    text = page("/directions", "2020-11-02")
    assert "<title>No end was found, Jul 2013 to about Apr 2016</title>" in text
    assert re.search(r"<title>In force, \d requirements? not met, May 2018 to Mar 2021</title>", text)


# -- people in charge ---------------------------------------------------------------------------


def test_posts_are_drawn_by_body(record: Outcome) -> None:
    text = page("/posts", "2023-01-01")
    heads = [plain(head) for head in re.findall(r"<h2.*?</h2>", text, re.DOTALL)]
    bodies = [
        "Northamptonshire, the whole county",
        "Northamptonshire Children's Trust",
        "North Northamptonshire Council",
        "West Northamptonshire Council",
        "The government's commissioners and improvement partner",
        "Northamptonshire Safeguarding Children Board",
        "Improvement board",
    ]
    assert [head for head in heads if head in bodies] == bodies
    titles = set(re.findall(r"<title[^>]*>Who held each post: ([^<]+)</title>", text))
    assert {title.replace("&#x27;", "'") for title in titles} == set(bodies)


def test_the_months_and_years_of_a_post_are_not_told_as_days(record: Outcome) -> None:
    holders = {
        row[0]: row[2:4] for row in rows(page("/posts", "2022-01-01"), "Holders: chair of the safeguarding")
    }
    assert holders["Keith Makin"] == ["2014", "June 2019"]


# -- who is responsible -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "cells"),
    [
        ("2019-10-09", ["Northamptonshire County Council", "No source loaded names anybody"]),
        ("2020-11-02", ["Northamptonshire County Council", "Northamptonshire County Council"]),
        ("2022-01-01", ["North Northamptonshire Council; West Northamptonshire Council"] * 2),
    ],
)
def test_who_is_responsible_is_one_row_a_service(record: Outcome, day: str, cells: list[str]) -> None:
    ((service, answers, commissions, runs),) = rows(page("/duties", day), "Who is responsible on")
    assert service == "Children's social care" and [answers, commissions] == cells
    assert runs == (
        "Northamptonshire County Council" if day < "2020-11-01" else "Northamptonshire Children's Trust"
    )


def test_a_month_of_a_duty_is_not_told_as_its_first_day(record: Outcome) -> None:
    found = rows(page("/duties", "2022-01-01"), "Who was responsible for")
    assert ["Commissions it", "North Northamptonshire Council", "April 2021"] in [row[:3] for row in found]


# -- what was not loaded ------------------------------------------------------------------------


@pytest.mark.parametrize("known", ["now", "then"])
def test_nothing_that_was_not_loaded_is_counted_as_zero(record: Outcome, known: str) -> None:
    for day in ("2005-01-01", "2011-01-01", "2013-01-01", "2019-10-09"):
        main = plain(page("", day, known).partition("<main")[2])
        assert not re.search(r"(?<![\d,.:])0 [a-z]", main), (day, main)


def test_a_register_of_which_nothing_was_available_says_so(record: Outcome) -> None:
    assert plain(page("", "2005-01-01", "then")).count("None loaded") == 5


@pytest.mark.parametrize("part", ["", "/latest", "/promises", "/requests", "/leaders", "/unallocated", "/inspections",
                                  "/returning"])  # fmt: skip
def test_no_page_counts_zero_before_anything_was_said(record: Outcome, part: str) -> None:
    text = plain(Client().get(f"/public-record/928{part}?as_at=1999-01-01&known=then").content.decode())
    assert not re.search(r"(?<![\d,.:])0 [a-z]", text)


def test_what_a_holder_took_over_has_no_zero_of_what_was_not_loaded(record: Outcome) -> None:
    assert not re.search(r">\s*0 (?:open|promise|review)", page("/posts", "2022-01-01"))


def test_what_came_after_the_day_is_told_as_that_on_promises_and_orders_alike(record: Outcome) -> None:
    """With information of today, nobody is told on an earlier day that no outcome was found."""
    orders, promises = (
        page("/directions", "2019-10-09"),
        Client().get("/public-record/928/promises?as_at=2019-10-09").content.decode(),
    )
    assert "Later:" in orders
    assert "After 9 October 2019:" in promises
    then = page("/directions", "2019-10-09", "then")
    assert "Later:" not in then


def test_inspections_lead_with_every_grade_and_tell_nothing_of_later_rules(record: Outcome) -> None:
    early = Client().get("/public-record/928/inspections?as_at=2016-05-12&known=then").content.decode()
    assert "Every grade that a source gives" in early
    assert "March 2013" in early
    for later in ("West Northamptonshire", "January 2023", "April 2026", "Load one"):
        assert later not in early.split("<main")[1].split("</main>")[0]
