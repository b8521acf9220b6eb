"""The search page: what was found and why, filters with counts, its JSON and CSV, and the view it respects."""

from __future__ import annotations

import csv
import html
import io
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lineofsight.service.models import Grant
from lineofsight.service.receive.recipe import Outcome
from tests.contracts.test_schemas import schema
from tests.service.homes import NORTHSHIRE, Home, a_statement, filled_once, load
from tests.service.pages.test_queries import MOST

PAGE = "/public-record/928/statements"


def shown(**query: str) -> str:
    answer = Client().get(PAGE, query)
    assert answer.status_code == 200
    return answer.content.decode()


def in_words(page: str) -> str:
    """What a reader reads of the main part of a page."""
    main = page[page.index("<main") : page.index("</main")]
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", "", main)))


def answered(**query: str) -> dict[str, Any]:
    found: dict[str, Any] = Client().get(PAGE, {**query, "format": "json"}).json()
    return found


def ids(answer: dict[str, Any]) -> list[str]:
    return [one["id"] for one in answer["statements"]]


def options(page: str, name: str) -> dict[str, int]:
    """The values of a filter, each with its count."""
    (select,) = re.findall(rf'<select[^>]* name="{name}">(.*?)</select>', page, re.DOTALL)
    return {
        html.unescape(value): int(count.replace(",", ""))
        for value, count in re.findall(
            r'<option value="([^"]+)"[^>]*>[^<]*?\(([0-9,]+)\)\s*</option>', select
        )
    }


# -- what is shown ------------------------------------------------------------------------------------


def test_a_result_has_its_title_author_day_kind_source_and_the_words_found(record: Outcome) -> None:
    page = shown(q="why did the director leave in october 2019?")
    first = page[page.index('<li class="los-statement') :]
    first = first[: first.index("</li>")]
    assert "/public-record/928/statements/public-record/stated-reason-for-the-directors-departure?" in first
    said = re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", "", first)))
    assert "Theresa Grant" in said
    assert "October 2019" in said
    assert "Reason" in said
    assert "Source: Community Care" in said
    assert "Words found: director, leave, October 2019" in said
    assert re.search(r"<mark>director.?s?", html.unescape(first))
    assert "Left out: why, did, the, in." in in_words(page)


def test_words_that_are_not_in_a_result_are_named(record: Outcome) -> None:
    words = in_words(shown(q="unallocated scrutiny commissioner"))
    assert "Not in it: " in words
    assert "more with some of the words follow" in words


def test_without_words_every_statement_is_shown_oldest_first(record: Outcome) -> None:
    page = shown()
    assert "statements available by" in in_words(page)
    assert "oldest first" in in_words(page)
    assert "<mark>" not in page
    months = [one["said_on"][:7] for one in answered()["statements"] if len(one["said_on"]) > 4]
    assert months == sorted(months)


def test_what_was_typed_stays_and_is_never_markup(record: Outcome) -> None:
    page = shown(q='<script>alert(1)</script> "')
    assert "<script>alert" not in page
    assert 'value="&lt;script&gt;alert(1)&lt;/script&gt; &quot;"' in page


@pytest.mark.parametrize(
    "q", ["\x00", '"', "chair NOT (", "{x}: y", "NEAR(", "*", "\ue000", "-" * 500, "a " * 500]
)
def test_a_page_answers_whatever_is_typed(record: Outcome, q: str) -> None:
    assert Client().get(PAGE, {"q": q}).status_code == 200
    assert Client().get(PAGE, {"q": q, "format": "json"}).status_code == 200
    assert Client().get(PAGE, {"q": q, "format": "csv"}).status_code == 200


# -- nothing found ------------------------------------------------------------------------------------


def test_nothing_found_says_what_was_looked_for_and_links_to_near_words(record: Outcome) -> None:
    page = shown(q="malcom newsham")
    words = in_words(page)
    assert "has these words. Searched for: malcom, newsham." in words
    assert "No statement has newsham. Near words: Newsam" in words
    links = [
        html.unescape(href)
        for href in re.findall(r'<a class="govuk-link" href="([^"]+)">\s*Malcolm Newsam', page)
    ]
    (again,) = [parse_qs(urlsplit(link).query)["q"] for link in links]
    assert again == ["Malcolm Newsam"]
    assert "newsam-appointed-commissioner" in ids(answered(q=again[0]))


def test_nothing_under_a_filter_says_how_much_there_is_without_it(record: Outcome) -> None:
    page = shown(q="section 114", kind="question", topic="reviews")
    assert re.search(
        r"No statement with these filters. Without them \d+ statements? would be found", in_words(page)
    )
    (href,) = re.findall(
        r'<a class="govuk-link" href="([^"]+)">\s*\d+ statements?</a>', re.sub(r"\s*would be found", "", page)
    )
    assert parse_qs(urlsplit(html.unescape(href)).query).keys() == {"q", "as_at", "known"}


def test_a_quotation_that_is_nowhere_can_be_searched_without_its_marks(record: Outcome) -> None:
    page = shown(q='"the director the chair"')
    (href,) = re.findall(r'href="([^"]+)">Search for the same words without quotation marks', page)
    assert parse_qs(urlsplit(html.unescape(href)).query)["q"] == ["the director the chair"]


def test_where_nothing_was_typed_but_signs_the_page_says_so(record: Outcome) -> None:
    assert "Nothing was searched for. Type at least one word or number." in in_words(shown(q="?!"))


# -- filters ------------------------------------------------------------------------------------------


def test_each_filter_says_how_many_it_would_leave_and_leaves_so_many(record: Outcome) -> None:
    page = shown(q="ofsted")
    for name in ("kind", "topic", "year"):
        counts = options(page, name)
        assert counts
        for value, count in list(counts.items())[:3]:
            assert answered(q="ofsted", **{name: value})["count"] == count, (name, value)


def test_counts_of_a_filter_follow_the_other_filters_and_not_itself(record: Outcome) -> None:
    every = options(shown(q="ofsted"), "kind")
    some = options(shown(q="ofsted", kind="reason", year="2018"), "kind")
    assert sum(some.values()) == answered(q="ofsted", year="2018")["count"]
    assert all(count <= every[kind] for kind, count in some.items())
    assert len(some) > 1


def test_a_year_is_one_that_a_statement_is_about(record: Outcome) -> None:
    found = answered(year="2016")["statements"]
    assert found
    assert all(
        one["about"]["first_day"][:4] <= "2016" <= (one["about"]["last_day"] or "2016")[:4] for one in found
    )
    assert "single-inspection-2016-overall" in [one["id"] for one in found]
    assert answered(year="sixteen")["count"] == 0


def test_a_filter_can_be_taken_away_and_the_rest_stays(record: Outcome) -> None:
    page = shown(q="ofsted", kind="reason", theme="assessment")
    hrefs = re.findall(r'<a class="govuk-link" href="([^"]+)">\s*<span aria-hidden="true">', page)
    left = [set(parse_qs(urlsplit(html.unescape(href)).query)) - {"as_at", "known"} for href in hrefs]
    assert left == [{"q", "theme"}, {"q", "kind"}]
    assert '<input type="hidden" name="theme" value="assessment">' in page


def test_the_days_a_statement_was_said_narrow_the_list(record: Outcome) -> None:
    found = answered(said_from="2019-06-10", said_to="2019-06-11")["statements"]
    assert found
    assert {one["said_on"] for one in found} <= {"2019-06-10", "2019-06-11", "2019-06", "2019"}


def test_what_was_written_before_as_about_still_narrows_by_every_word_as_it_is_written(
    record: Outcome,
) -> None:
    found = answered(about="unallocated 232")
    assert found["count"]
    assert "q" not in found
    assert all(
        word in " ".join(map(str, (one["headline"], one["says"], one["value"]))).lower()
        for one in found["statements"]
        for word in ("232",)
    )
    both = answered(about="unallocated", q="october 2018")
    assert set(ids(both)) <= set(ids(answered(q="october 2018")))
    assert 0 < both["count"] < answered(q="october 2018")["count"]
    assert "all of these letters: unallocated" in in_words(shown(about="unallocated"))


# -- JSON and CSV -------------------------------------------------------------------------------------


def test_json_says_what_was_looked_for_and_keeps_to_its_schema(record: Outcome) -> None:
    answer = answered(q="Why did the director leave?")
    schema("search").validate(answer)
    assert (answer["q"], answer["looked_for"]) == ("Why did the director leave?", ["director", "leave"])
    without = answered()
    schema("statements").validate(without)
    assert answer["count"] == len(answer["statements"]) < without["count"]


def test_csv_has_the_same_statements_in_the_same_order(record: Outcome) -> None:
    answer = Client().get(PAGE, {"q": "section 114", "format": "csv"})
    assert answer["Content-Type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["statement"].partition("/")[2] for row in rows] == ids(answered(q="section 114"))
    assert rows[0]["rests_on"] == "attested"
    assert all(
        row["source"] and row["said_by"] and row["address"].startswith("/public-record/928/") for row in rows
    )


def test_a_view_that_cannot_be_given_gives_no_csv(record: Outcome) -> None:
    answer = Client().get(PAGE, {"q": "chair", "format": "csv", "as_at": "2019-02-30"})
    assert answer["Content-Type"].startswith("text/html")


# -- the view -----------------------------------------------------------------------------------------


def test_only_what_was_known_then_is_found(record: Outcome) -> None:
    now, then = answered(q="malcolm newsam"), answered(q="malcolm newsam", as_at="2018-12-10", known="then")
    assert 0 < then["count"] < now["count"]
    assert all(one["attested_at"][:10] <= "2018-12-11" for one in then["statements"])
    assert "malcolm" in then["looked_for"]


def test_what_was_received_later_is_not_found_among_what_had_been_received(record: Outcome) -> None:
    view = {"as_at": "2019-10-09", "known": "then", "witnessed": "on"}
    assert answered(q="director", **view)["count"] == 0


@pytest.fixture
@filled_once
def own_work(home: Home) -> Home:
    load(
        a_statement("first", subject_kind="action", says="Zebra: to allocate every child"),
        a_statement("second", says="Zebra: said in public"),
    )
    return home


def test_an_authoritys_own_work_is_found_only_by_who_may_see_it(own_work: Home) -> None:
    page = f"/public-record/{NORTHSHIRE}/statements"
    public = Client().get(page, {"q": "zebra", "format": "json"}).json()
    assert ids(public) == ["second"]
    assert "No word is spelt nearly like it" in Client().get(page, {"q": "alocate"}).content.decode()
    director = User.objects.create_user("director")
    Grant.objects.create(user=director, role="director", authority=NORTHSHIRE, given_by="tests", given_at=0)
    client = Client()
    client.force_login(director)
    assert ">allocate</a>" in client.get(page, {"q": "alocate"}).content.decode()
    assert sorted(ids(client.get(page, {"q": "zebra", "format": "json"}).json())) == ["first", "second"]


def test_a_result_says_what_became_of_the_statement(own_work: Home) -> None:
    load(
        a_statement("promise", says="Hippo: all will be well", kind="undertaking", due_on="2019-10"),
        a_statement("result", says="It was not", breaks="promise"),
        a_statement("doubt", says="It will not be", contradicts="promise"),
        source="another",
    )
    words = in_words(Client().get(f"/public-record/{NORTHSHIRE}/statements", {"q": "hippo"}).content.decode())
    assert "Undertaking Source read Broken Contradicted by 1" in words
    rows = (
        Client()
        .get(f"/public-record/{NORTHSHIRE}/statements", {"q": "hippo", "format": "csv"})
        .content.decode()
    )
    assert "broken; contradicted by 1" in rows.replace("'", "")


def test_what_is_delivered_is_found_at_once(own_work: Home) -> None:
    page = f"/public-record/{NORTHSHIRE}/statements"
    assert Client().get(page, {"q": "giraffe", "format": "json"}).json()["count"] == 0
    load(a_statement("third", says="Giraffe"), source="another")
    assert ids(Client().get(page, {"q": "giraffe", "format": "json"}).json()) == ["third"]


@pytest.mark.databases
def test_the_page_asks_the_database_no_more_than_others_and_ranks_the_same_on_each(record: Outcome) -> None:
    with CaptureQueriesContext(connection) as asked:
        page = Client().get(PAGE, {"q": "when did the council declare bankruptcy?"})
    assert len(asked.captured_queries) <= MOST
    assert b"article-3" in page.content
    assert ids(answered(q="section 114 notice"))[0] in (
        "first-section-114-notice",
        "second-section-114-notice",
        "two-spending-notices-in-2018",
    )


# -- the box on other pages ---------------------------------------------------------------------------


def test_the_box_for_other_pages_leads_to_the_search_in_the_same_view() -> None:
    class Asked:
        path = "/public-record/928/"
        pairs = (("as_at", "2019-10-09"), ("known", "then"))

    box = render_to_string("components/search_box.html", {"asked": Asked()})
    assert 'action="/public-record/928/statements"' in box
    assert '<input type="hidden" name="known" value="then">' in box
    assert 'name="q"' in box
    assert '<label class="govuk-label" for="find">Search what was said</label>' in box
