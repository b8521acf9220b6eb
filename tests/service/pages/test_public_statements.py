"""The page of a statement and the documents: once each, our words apart from the author's, nothing before its day."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client, RequestFactory

from lineofsight.service.pages.public_record.asked import asked_of
from lineofsight.service.pages.public_record.statement import GROUPS, groups_of
from lineofsight.service.receive.recipe import Outcome
from lineofsight.vocabulary.days import in_words

LETTER = "/public-record/928/statements/public-record/letter-10"
DOCUMENTS = "/public-record/928/documents"


def page(address: str) -> str:
    return Client().get(address).content.decode()


def test_before_it_was_public_a_statement_s_page_says_nothing_of_it(record: Outcome) -> None:
    then = page(f"{LETTER}?as_at=2019-06-01&known=then")
    now = page(LETTER)
    (title,) = re.findall(r'<h1 class="govuk-heading-l">(.*?)</h1>', now)
    assert title not in then
    assert "This statement was not public by then" in then
    assert "Birch" not in then


def test_our_findings_are_not_shown_before_they_were_written(record: Outcome) -> None:
    """The documents were public in 2019; what this record finds on them was written in 2026."""
    later = page(f"{DOCUMENTS}?as_at=2020-06-01&known=then")
    assert "Our findings were written later" in later
    assert "los-finding--" not in later
    assert "los-finding--" in page(DOCUMENTS)
    full = Client().get(f"{LETTER}?as_at=2020-06-01&known=then&format=json").json()["statement"]
    assert (full["note"], full["our_finding"], full["noted_on"]) == (None, None, None)
    assert Client().get(f"{LETTER}?format=json").json()["statement"]["our_finding"]


def test_every_sentence_of_the_two_documents_has_a_finding_with_its_reason(record: Outcome) -> None:
    statements = Client().get(f"{DOCUMENTS}?format=json").json()["statements"]
    assert len(statements) == 31
    without = [each["id"] for each in statements if not (each["our_finding"] and each["note"])]
    assert without == []
    assert max(len(each["note"]) for each in statements) <= 160


@pytest.mark.parametrize("id", ["letter-8", "letter-13", "article-1"])
def test_everything_linked_stands_once(record: Outcome, id: str) -> None:
    """Some statements are linked in two ways; each stands under the heading that tells most."""
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    asked = asked_of(request, "928")
    among = asked.statements()
    found = groups_of(asked, among.by_reference[f"public-record/{id}"], among)
    headings = [group["words"] for group in found]
    assert headings == [heading for heading, _ in GROUPS if heading in headings]
    links = [one["href"] for group in found for one in group["statements"]]
    assert len(links) == len(set(links)) > 2


def test_the_page_says_how_to_cite_it(record: Outcome) -> None:
    text = " ".join(page(LETTER).split())
    (cite,) = re.findall(r'los-cite">(.*?)</dd>', text)
    assert "Northampton Labour Group" in cite
    assert cite.endswith("/public-record/928/statements/public-record/letter-10")


def test_pairs_found_again_stand_with_what_was_done_between_from_the_day_they_were_judged(
    record: Outcome,
) -> None:
    """At least ten pairs of the county's inspections from 2012 to 2019; none before this record judged it."""
    address = "/public-record/928/raised-again"
    pairs = Client().get(f"{address}?format=json").json()["parts"]["before"]["pairs"]
    assert len([pair for pair in pairs if int(pair["later"]["day"][-4:]) <= 2019]) >= 10
    assert all(pair["because"] and pair["judged_on"] for pair in pairs)
    assert any(pair["between"] for pair in pairs)
    then = Client().get(f"{address}?as_at=2020-01-01&known=then&format=json").json()["parts"]["before"]
    assert then["pairs"] == []
    assert then["grades"]


def test_a_grade_s_day_is_no_sharper_than_its_source(record: Outcome) -> None:
    """An inspection known only by its year must not seem to have been in January."""
    grades = Client().get("/public-record/928/raised-again?format=json").json()["parts"]["before"]["grades"]
    statements = Client().get("/public-record/928/statements?format=json").json()["statements"]
    written = {each["address"]: each["about_from"] or each["said_on"] for each in statements}
    for grade in grades:
        assert grade["when"] == in_words(written[grade["href"].partition("?")[0]])
