"""The acceptance test of the product: two public documents make thirty-one statements; each has an answer.

For each: the address of its page and its JSON, in which the claim stands as its author's, with its
source, and beside it what other sources say or that nothing was found. `MUST_SAY` names, for each,
words or values that the statements beside it have to hold between them: what a good answer shows.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from lineofsight.service.receive.recipe import Outcome

MUST_SAY: dict[str, list[str]] = {
    "L1": ["31 August 2018", "1 April 2021", "invit"],
    "L2": ["section 114", "Caller", "KPMG"],
    "L3": ["agency", "vacan", "commissioner"],
    "L4": ["Hopkins", "Hagger", "Hodges", "not found"],
    "L5": ["25 October 2019", "Imray", "Hodges"],
    "L6": ["Newsam", "tension", "appointed"],
    "L7": ["tension", "contract", "no official reason"],
    "L8": ["551", "383", "267", "81", "152", "300", "602", "not found"],
    "L9": ["plan", "board"],
    "L10": ["July 2020", "undertak"],
    "L11": ["2013", "2016", "267", "requires improvement", "July 2019"],
    "L12": ["progress", "inspect"],
    "L13": ["requires improvement", "inadequate"],
    "L14": ["2013", "2016", "2018", "2019", "2022"],
    "L15": ["Child Ak", "Child Ap", "JL", "not found"],
    "L16": ["agency", "referral", "safeguarding", "spend"],
    "L17": ["allocated", "not found"],
    "L18": ["scrutiny", "publish", "vacan"],
    "L19": ["2018", "not found"],
    "L20": ["scrutiny", "contract", "trust"],
    "L21": ["option", "trust", "commissioner"],
    "C1": ["November 2018", "1 November 2020", "June"],
    "C2": ["May 2019", "trust"],
    "C3": ["February 2018", "July 2018"],
    "C4": ["267", "October 2018"],
    "C5": ["liable", "commission", "company"],
    "C6": ["Lincolnshire", "Newsam", "not found"],
    "C7": ["published", "review"],
    "C8": ["JL", "would not serve", "board"],
    "C9": ["leader", "minister"],
    "C10": ["Panel", "draft", "not found"],
}
LINKED = (
    "contradicts",
    "contradicted_by",
    "answered_by",
    "kept_by",
    "broken_by",
    "became",
    "corrected_by",
    "borne_on_by",
)


def address_of(item: str) -> str:
    document = "letter" if item.startswith("L") else "article"
    return f"/public-record/928/statements/public-record/{document}-{item[1:]}"


@pytest.fixture(scope="module")
def everything(record: Outcome) -> dict[str, Any]:
    answer = Client().get("/public-record/928/statements?format=json").json()
    return {one["reference"]: one for one in answer["statements"]}


def test_there_are_thirty_one() -> None:
    assert len(MUST_SAY) == 31


@pytest.mark.parametrize("item", MUST_SAY)
def test_a_statement_of_the_two_documents_is_answered(item: str, everything: dict[str, Any]) -> None:
    client = Client()
    page = client.get(address_of(item))
    answer = client.get(f"{address_of(item)}?format=json").json()
    one = answer["statement"]

    assert page.status_code == 200
    assert (one["item"], one["authority"]) == (item, "928")
    assert one["source"]["title"]
    assert one["source"]["publisher"]
    assert one["kind"] in ("claim", "reported", "request", "question"), "a claim is never turned into a fact"
    beside = [everything[other["reference"]] for name in LINKED for other in one[name]]
    assert len({other["reference"] for other in beside}) >= 2
    assert all(other["source"]["title"] for other in beside)
    told = json.dumps([one, *beside], ensure_ascii=False).lower() + _in_words(beside)
    missing = [words for words in MUST_SAY[item] if words.lower() not in told]
    assert not missing, f"nothing beside {item} says {missing}"


def _in_words(statements: list[dict[str, Any]]) -> str:
    """The days of statements as people write them, so that a day can be looked for in words."""
    from lineofsight.vocabulary.days import in_words

    days = {
        one[name]
        for one in statements
        for name in ("said_on", "about_from", "about_to", "due_on")
        if one[name]
    }
    return " ".join(in_words(day) for day in days if day != "open").lower()


def test_the_letter_is_shown_beside_the_official_record_that_contradicts_it(
    everything: dict[str, Any],
) -> None:
    three_of_four = everything["928/public-record/letter-13"]
    against = [everything[other["reference"]] for other in three_of_four["contradicted_by"]]
    assert any(one["kind"] == "official record" for one in against)


def test_figures_of_the_same_days_by_different_counters_stand_side_by_side(
    everything: dict[str, Any],
) -> None:
    counts = {
        (one["about"]["first_day"][:7], one["value"], one["counter"])
        for one in everything.values()
        if one["subject"] == "children without a social worker" and one["value"]
    }
    october_2018 = {value for month, value, _ in counts if month == "2018-10"}
    october_2019 = {value for month, value, _ in counts if month == "2019-10"}
    assert {"383", "267"} <= october_2018
    assert {"232", "300"} <= october_2019
    assert len({counter for _, _, counter in counts}) >= 4


def test_the_record_is_as_large_as_it_says_and_every_statement_has_a_source(
    everything: dict[str, Any],
) -> None:
    assert len(everything) >= 150
    assert all(one["source"]["title"] and one["source"]["publisher"] for one in everything.values())
    assert all(one["looked_in"] for one in everything.values() if one["kind"] == "not found")


def test_no_link_leads_to_nothing(everything: dict[str, Any]) -> None:
    assert {
        one["reference"]: one["links_to_nothing_known"]
        for one in everything.values()
        if one["links_to_nothing_known"]
    } == {}


def test_what_became_known_later_is_not_known_then(record: Outcome) -> None:
    """The reason for the commissioner's going came out on 18 November 2019, not when he gave it."""
    client = Client()
    address = (
        "/public-record/928/statements/public-record/reason-in-the-commissioners-letter-of-23-september-2019"
    )
    then = client.get(f"{address}?as_at=2019-10-09&known=then&format=json").json()
    now = client.get(f"{address}?as_at=2019-10-09&known=now&format=json").json()
    assert then["statement"] is None
    assert then["known_by"] == "2019-10-10T22:59:59.999999Z"
    assert now["statement"]["said_on"] == "2019-09-23"


def test_nothing_was_witnessed_before_this_record_took_it_in(record: Outcome) -> None:
    answer = Client().get("/public-record/928/statements?known_by=2020-01-01&witnessed=on&format=json").json()
    assert (answer["count"], answer["rests_on"]) == (0, "witnessed")
