"""Somebody who has read only the letter and the article comes to the first screen."""

from __future__ import annotations

import json
import re
import urllib.request

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Service

PAGES = (
    "/",
    "/?as_at=2019-06-11&known=then",
    "/?as_at=2012-01-01&known=then&witnessed=on",
    "/public-record/928/latest",
    "/public-record/928/unallocated",
    "/public-record/928/leaders",
    "/public-record/928/raised-again",
    "/public-record/928/promises",
    "/public-record/928/requests",
    "/public-record/928/background",
    "/public-record/928/money",
    "/public-record/928/money?as_at=2018-12-01&known=then",
    "/public-record/928/integrity",
    "/public-record/928/documents",
    "/public-record/928/statements?about=unallocated",
    "/public-record/928/statements?about=nothing-says-this",
    "/public-record/928/statements?q=why+did+the+director+leave+in+october+2019",
    "/public-record/928/statements?q=malcom+newsham",
    "/public-record/928/statements/public-record/letter-8",
    "/public-record/928/statements/public-record/letter-16",
    "/public-record/928/registers",
    "/public-record/928/registers/posts",
    "/public-record/928/registers/reviews?as_at=2019-06-11",
    "/public-record/928/registers/directions?as_at=2020-02-01",
    "/public-record/928/registers/duties?as_at=2021-04-02",
    "/public-record/928/registers/decisions?as_at=2020-11-02",
    "/public-record/928/registers/reviews?as_at=2011-01-01",
    "/public-record/928/inspections",
    "/public-record/928/evidence",
    "/public-record/928/questions",
    "/public-record/928/returning",
    "/head/",
    "/about/",
    "/sign-in/",
)
FEW = (
    "/",
    "/public-record/928/promises",
    "/public-record/928/inspections",
    "/public-record/928/registers",
    "/sign-in/",
)
"""Looked at by everybody who runs the tests; continuous integration looks at all."""
WIDTHS = (320, 390, 768, 1280)


def _marked(address: str) -> object:
    return address if address in FEW else pytest.param(address, marks=pytest.mark.slow)


@pytest.mark.parametrize("address", [*map(_marked, PAGES)])
def test_no_page_is_wider_than_the_screen_or_breaks_an_accessibility_rule(
    address: str, service: Service, page: Page
) -> None:
    page.goto(service.address + address)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{address} at {width}"
        if width in (390, 1280):
            found = Axe().run(
                page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
            )
            assert found.violations_count == 0, found.generate_report()


PARTS = {
    "What was said lately": "What was said in the month to 9 October 2019",
    "Children without a social worker": "Children without a social worker",
    "People in charge on a day": "People in charge on 9 October 2019",
    "What inspections found": "What inspections found",
    "Promises, and what happened": "Promises, and what happened",
    "Requests and questions in public": "Requests and questions in public",
    "Background by year": "Background: staffing, demand and money by year",
    "Money: budget, spending and warnings": "Money: budget, spending and warnings",
    "Integrity check": "Integrity check",
}


@pytest.mark.parametrize("link", PARTS)
def test_every_part_is_one_step_from_the_first_screen(link: str, service: Service, page: Page) -> None:
    page.goto(service.address)
    page.locator(".los-parts").get_by_role("link", name=link, exact=True).click()
    expect(page.get_by_role("heading", level=1, name=PARTS[link])).to_be_visible()


def test_the_first_screen_answers_in_ten_seconds(service: Service, page: Page) -> None:
    """What it is, the search and the questions stand on the first screen; the whole is short enough to look over."""
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(service.address)
    expect(page.get_by_role("heading", level=1, name=re.compile("^Northamptonshire"))).to_be_visible()
    cards = page.locator(".los-cards--asked .los-card")
    assert cards.count() == 8
    for box in (page.get_by_role("searchbox").bounding_box(), cards.last.bounding_box()):
        assert box
        assert box["y"] + box["height"] <= 900
    words, high = page.evaluate(
        "[document.body.innerText.split(/\\s+/).length, document.documentElement.scrollHeight]"
    )
    assert words <= 1200
    assert high <= 3000
    assert len(page.content().encode()) <= 90_000


def test_every_card_says_its_day_and_opens_the_page_behind_it(service: Service, page: Page) -> None:
    page.goto(service.address)
    links = page.locator(".los-cards--asked a")
    found = [str(link.get_attribute("href")) for link in links.all()]
    assert len(set(found)) == 8
    for address in found:
        assert page.goto(service.address + address).status == 200  # type: ignore[union-attr]


def test_the_counts_are_all_on_their_page(service: Service, page: Page) -> None:
    page.goto(f"{service.address}/public-record/928/unallocated")
    expect(page.get_by_text("not comparable")).to_be_visible()
    counts = page.get_by_role("region", name="Published counts")
    for number in ("551", "383", "267", "81", "232", "300"):
        expect(counts.get_by_role("link", name=re.compile(rf"\b{number}\b")).first).to_be_visible()


def test_known_then_hides_what_came_out_later(service: Service, page: Page) -> None:
    page.goto(f"{service.address}/public-record/928/unallocated?as_at=2019-10-09")
    counts = page.get_by_role("region", name="Published counts")
    expect(counts.get_by_role("link", name=re.compile(r"\b300\b"))).to_be_visible()
    page.get_by_text("See it as it was on another day").click()
    page.get_by_label("Information available on that day").check()
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_text("available by 10 October 2019")).to_be_visible()
    expect(counts.get_by_role("link", name=re.compile(r"^267\b"))).to_be_visible()
    expect(counts.get_by_role("link", name=re.compile(r"\b300\b"))).to_have_count(0)


def test_from_the_letter_to_what_contradicts_it_and_its_source(service: Service, page: Page) -> None:
    page.goto(service.address)
    page.get_by_role("link", name="The two documents").click()
    page.get_by_role("link", name="L13", exact=True).click()
    expect(page.get_by_role("heading", name=re.compile("Contradicted by"))).to_be_visible()
    page.get_by_role("link", name=re.compile("Full details of .*")).first.click()
    page.get_by_text("Where this comes from, and when it was known").click()
    expect(page.get_by_text("Published", exact=True)).to_be_visible()
    expect(page.get_by_text("Received", exact=True)).to_be_visible()


def test_searching_and_narrowing_keeps_its_state_in_the_address(service: Service, page: Page) -> None:
    page.goto(f"{service.address}/public-record/928/statements")
    page.get_by_label("Words or a question").fill("why did the commissioner go?")
    page.get_by_label("Kind of statement").select_option("reason")
    page.get_by_role("button", name="Search").click()
    assert "q=why+did+the+commissioner+go" in page.url
    expect(page.get_by_text("Searched for: commissioner")).to_be_visible()
    assert "kind=reason" in page.url
    page.get_by_role("link", name=re.compile("Remove kind")).click()
    assert "kind=" not in page.url
    assert "q=why+did+the+commissioner+go" in page.url


def test_it_works_without_javascript(service: Service, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 800})
    page = context.new_page()
    page.goto(service.address)
    page.get_by_text("See it as it was on another day").click()
    page.get_by_label("Information available on that day").check()
    page.get_by_role("button", name="Show").click()
    assert "known=then" in page.url
    page.get_by_role("link", name="What was said lately").click()
    assert "known=then" in page.url
    expect(page.get_by_role("link", name="search all statements")).to_be_visible()
    context.close()


def test_an_administrator_adds_a_statement_and_a_refusal_says_what_to_do(
    service: Service, page: Page
) -> None:
    page.goto(f"{service.address}/public-record/928/new")
    page.get_by_label("Name").fill("administrator")
    page.get_by_label("Password").fill(service.password)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Short name").fill("asked-in-council")
    page.get_by_label("What was said", exact=True).fill("A member asked how many children were waiting.")
    page.get_by_label("Kind of statement").select_option("question")
    page.get_by_label("Kind of subject").select_option("measure")
    page.get_by_label("Subject", exact=True).fill("children without a social worker")
    page.get_by_label("Who said it").fill("A councillor")
    page.get_by_label("When it was said").fill("2019-10-10")
    page.get_by_label("Title of the source").fill("Minutes of the council")
    page.get_by_label("Publisher").fill("The council")
    axe = Axe().run(page)
    assert [v["id"] for v in axe.response["violations"] if v["impact"] in ("serious", "critical")] == []
    page.get_by_role("button", name="Add statement").click()
    expect(page.get_by_text("The statement was added.")).to_be_visible()
    expect(page.get_by_role("heading", name="A member asked how many children were waiting.")).to_be_visible()


@pytest.mark.expects_status(422)
def test_a_statement_without_a_source_is_refused_at_its_field(service: Service, page: Page) -> None:
    page.goto(f"{service.address}/public-record/928/new")
    page.get_by_label("Name").fill("administrator")
    page.get_by_label("Password").fill(service.password)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Short name").fill("no-source")
    page.get_by_role("button", name="Add statement").click()
    expect(page.get_by_role("heading", name="The statement was not saved")).to_be_visible()
    expect(
        page.get_by_role("link", name=re.compile("A statement without a source is not taken"))
    ).to_have_count(2)


def test_what_the_terminal_says_first_is_the_summary(service: Service) -> None:
    assert "551  the council" in service.printed
    assert "267  Ofsted" in service.printed
    assert "Integrity check, head of the chain: " in service.printed
    assert service.address in service.printed


def test_it_prints_whole(service: Service, page: Page) -> None:
    page.goto(f"{service.address}/public-record/928/unallocated")
    page.emulate_media(media="print")
    expect(page.get_by_text("9 October 2019, using information available by")).to_be_visible()
    assert page.get_by_role("navigation", name="Menu").is_visible() is False
    assert page.locator(".los-scroll").first.evaluate("e => getComputedStyle(e).overflowX") == "visible"


def test_the_head_on_the_page_is_the_head_of_the_record(service: Service) -> None:
    with urllib.request.urlopen(f"{service.address}/head/?format=json") as answer:
        head = json.load(answer)
    assert head["holds"] is True
    assert re.fullmatch("[0-9a-f]{64}", head["head"])
