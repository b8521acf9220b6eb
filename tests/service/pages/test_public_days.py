"""The day that is shown: what was public by then is told apart, and nothing of later days is given away."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from lineofsight.service.receive.recipe import Outcome

RECORD = "/public-record/928/"


def page(address: str) -> str:
    return " ".join(Client().get(RECORD + address).content.decode().split())


def hollow(text: str) -> list[str]:
    """The numbers of the dots that are told as not known by then."""
    return re.findall(r"<title>([^<,]*)[^<]*, not known by then</title>", text)


def test_a_count_is_hollow_until_it_was_public_however_early_it_was_said(record: Outcome) -> None:
    """The letter was written by 9 October 2019 and public by 31 October."""
    on_the_9th = hollow(page("unallocated?as_at=2019-10-09"))
    assert {"232", "more than 200"} <= set(on_the_9th)
    assert "267" not in on_the_9th
    on_the_31st = hollow(page("unallocated?as_at=2019-10-31"))
    assert not {"232", "more than 200"} & set(on_the_31st)


def test_as_known_then_no_later_day_is_named(record: Outcome) -> None:
    """Not the next day either, whose end is the moment that *as known then* means."""
    for day, named in (("2020-03-15", False), ("2020-03-16", True), ("2020-02-20", False)):
        assert ("Zero reported" in page(f"?as_at={day}&known=then")) is named, day
    assert "Zero reported" in page("?as_at=2020-03-15")


@pytest.mark.parametrize(
    ("view", "name"),
    [
        ("as_at=2018-06-01&known=then", "Documents"),
        ("as_at=2019-06-12&known=then", "Documents"),
        ("as_at=2019-10-31&known=then", "The two documents"),
        ("as_at=2018-06-01", "The two documents"),
    ],
)
def test_the_menu_counts_only_the_documents_known_in_the_view(record: Outcome, view: str, name: str) -> None:
    menu = page(f"?{view}").partition("</header>")[0]
    assert [told for told in ("The two documents", "Documents") if re.search(rf">\s*{told}\s*<", menu)] == [
        name
    ]


def test_what_inspections_found_later_than_the_day_is_marked(record: Outcome) -> None:
    address = "raised-again?as_at=2018-11-01&format=json"
    found = Client().get(RECORD + address).json()["parts"]["before"]
    assert {one["later"] for one in found["grades"]} == {True, False}
    assert {one["later"] for one in found["occasions"]} == {True, False}
    then = Client().get(f"{RECORD}{address}&known=then").json()["parts"]["before"]
    assert {one["later"] for one in then["grades"]} == {False}


def test_a_claim_of_none_is_not_told_as_a_count(record: Outcome) -> None:
    """Wherever the number stands: in the table, beside its dot, and on its own page."""
    text = page("unallocated?as_at=2021-04-01")
    assert "0, as claimed by the commissioner and the trust" in text
    assert re.search(r"<tspan[^>]*>0, claimed</tspan>", text)
    assert "0 cases, as claimed by" in page("statements/public-record/zero-since-january-2020")


def test_a_search_for_a_day_that_no_statement_has_opens_the_record_on_it(record: Outcome) -> None:
    text = page("statements?q=who+was+responsible+on+1+December+2020")
    (href,) = re.findall(r'href="([^"]*)">open the record on 1 December 2020</a>', text)
    assert "as_at=2020-12-01" in href
    assert Client().get(href.replace("&amp;", "&")).status_code == 200
    assert "open the record on" not in page("statements?q=unallocated")


def test_a_number_that_we_found_wrong_is_read_after_our_note(record: Outcome) -> None:
    statements = Client().get(f"{RECORD}documents?format=json").json()["statements"]
    numbered = [each for each in statements if each["value"]]
    wrong = [each for each in numbered if each["our_finding"] in ("wrong", "disputed")]
    other = [each for each in numbered if each["our_finding"] == "right"]
    assert wrong
    assert other
    for each in wrong:
        text = page(f"statements/public-record/{each['id']}")
        assert "los-figure__value" not in text
        assert text.index("Our note") < text.index("What it counts")
    assert "los-figure__value" in page(f"statements/public-record/{other[0]['id']}")


def test_what_was_looked_for_in_several_years_is_told_once_by_the_table(record: Outcome) -> None:
    table = page("money").partition('id="years"')[2].partition("</table>")[0]
    assert "not found: see under the table" in table
    links = re.findall(r'href="([^"?]*)[^"]*"> Not found', table)
    assert len(links) == len(set(links))


def test_every_statement_of_a_list_leads_with_its_headline(record: Outcome) -> None:
    text = page("latest").partition("<main")[2]
    assert text.count("los-statement__title") == len(re.findall(r'<li class="los-statement\b', text)) > 5
