"""A manager, an analyst, a director and a member come in on a Monday morning, each to their own pages."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys import small_county
from tests.journeys.conftest import wait_for
from tests.support import surroundings
from tests.support.cases import csv_of

AT = "/service/999"
RECORD = "/public-record/999"
WIDTHS = (320, 390, 768, 1280)
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
PAGES = (
    ("dora", f"{AT}/"), ("dora", f"{AT}/?as_at=2019-10-07&known=then"), ("dora", f"{AT}/?as_at=2018-01-01"),
    ("dora", f"{AT}/unallocated/"), ("dora", f"{AT}/unallocated/?state=held&sort=team"), ("dora", f"{AT}/unallocated/?state=none&team=west"),
    ("dora", f"{AT}/teams/"), ("dora", f"{AT}/figure/?from=2019-10-01"), ("dora", f"{AT}/deliveries/"), ("dora", f"{AT}/data-quality/"),
    ("dora", f"{AT}/deliveries/new"), ("dora", f"{AT}/deliveries/source"), ("dora", f"{AT}/opened-with-a-reason/"), ("dora", "/my-access/"),
    ("tess", f"{AT}/"), ("tess", f"{AT}/unallocated/"), ("wes", f"{AT}/unallocated/"), ("wes", f"{AT}/children/"), ("tess", f"{AT}/children/"), ("ida", f"{AT}/figure/"), ("max", f"{AT}/"),
    ("dora", f"{RECORD}/inspections?as_at=2026-01-01"), ("dora", f"{RECORD}/inspections/ilacs-2019-03-04"), ("dora", f"{RECORD}/inspections/ilacs-2022-11-07/complete?as_at=2026-01-01"),
    ("dora", f"{RECORD}/returning?as_at=2026-01-01"), ("max", f"{RECORD}/returning"),
    ("adam", f"{AT}/people/"), ("adam", f"{AT}/people/give/"), ("adam", f"{AT}/people/of/tess/"), ("adam", f"{AT}/people/requests/"), ("adam", f"{AT}/deliveries/"),
)  # fmt: skip


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a service on a small county."""
    home = tmp_path_factory.mktemp("small")
    environment = {**os.environ, "LINEOFSIGHT_HOME": str(home), "PYTHONPATH": str(surroundings.ROOT)}
    environment.pop("DATABASE_URL", None)
    subprocess.run(
        [sys.executable, "-m", "tests.journeys.small_county"],
        env=environment,
        check=True,
        cwd=surroundings.ROOT,
    )
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    printed = home / "printed.txt"
    with printed.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "lineofsight", "serve", "--port", str(port)],
            env=environment,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(address, process, printed)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=30)


SignIn = Callable[[Page, str], None]


@pytest.fixture(scope="module")
def cookies(small: str, browser: Browser) -> dict[str, list[dict[str, object]]]:
    """Each person signed in once."""
    found = {}
    for name in small_county.PEOPLE:
        context = browser.new_context(java_script_enabled=False)
        page = context.new_page()
        sign_in(page, small, name)
        found[name] = [dict(one) for one in context.cookies()]
        context.close()
    return found


def sign_in(page: Page, address: str, name: str) -> None:
    page.goto(f"{address}/sign-in/")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(small_county.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def as_person(context: BrowserContext, cookies: dict[str, list[dict[str, object]]], name: str) -> None:
    context.clear_cookies()
    context.add_cookies(cookies[name])  # type: ignore[arg-type]


def check(page: Page, address: str) -> None:
    """No page is wider than the screen or breaks a rule of accessibility, at any width."""
    page.goto(address)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{address} at {width}"
        if width in (390, 1280):
            found = Axe().run(page, options=RULES)
            assert found.violations_count == 0, found.generate_report()


@pytest.mark.slow
@pytest.mark.parametrize(("name", "path"), PAGES)
def test_every_page_fits_and_is_accessible(
    name: str, path: str, small: str, cookies: dict[str, list[dict[str, object]]], page: Page
) -> None:
    as_person(page.context, cookies, name)
    check(page, small + path)


@pytest.mark.parametrize("link", [None, "Access log for this child", "Restrict who can see this child"])
def test_a_childs_pages_fit_and_are_accessible(
    link: str | None, small: str, cookies: dict[str, list[dict[str, object]]], page: Page
) -> None:
    as_person(page.context, cookies, "dora")
    page.goto(f"{small}{AT}/unallocated/")
    page.locator("table tbody th a").first.click()
    expect(page.get_by_text(re.compile(r"Without an allocated worker, \d+ days"))).to_be_visible()
    if link:
        page.get_by_role("link", name=link).first.click()
    check(page, page.url)


@pytest.mark.slow
def test_a_member_asks_and_is_asked_back_on_pages_that_fit_and_are_accessible(
    small: str, cookies: dict[str, list[dict[str, object]]], page: Page
) -> None:
    as_person(page.context, cookies, "max")
    page.goto(f"{small}{AT}/")
    page.get_by_role("link", name="Ask a question in public").click()
    check(page, page.url)
    page.get_by_label("Your question").fill("How many children waited longest?")
    page.get_by_label("Who has to answer").fill("director of children’s services")
    page.get_by_label("Time for the answer").select_option("document")
    page.get_by_role("button", name="Ask in public").click()
    expect(page.get_by_role("heading", name="Your question was asked")).to_be_visible()
    check(page, page.url)
    page.get_by_role("link", name="The page of your question").click()
    place = page.url
    as_person(page.context, cookies, "dora")
    page.goto(place)
    page.get_by_role("link", name="Reply").click()
    check(page, page.url)
    page.get_by_label("What you do").select_option("clarification asked")
    page.get_by_label("Your answer").fill("Which day do you mean?")
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Clock stopped since")).to_be_visible()
    check(page, page.url)
    page.context.clear_cookies()
    check(page, f"{small}{RECORD}/questions")
    page.goto(place)
    expect(page.get_by_text("Which day do you mean?")).to_be_visible()


@pytest.mark.slow
def test_an_issue_is_accepted_until_a_day_and_stands_below(
    small: str, cookies: dict[str, list[dict[str, object]]], page: Page
) -> None:
    as_person(page.context, cookies, "dora")
    page.goto(f"{small}{AT}/data-quality/")
    page.get_by_role("link", name="This row has no child ID.").click()
    check(page, page.url)
    page.get_by_role("button", name="Name the owner or accept it").click()
    check(page, page.url)
    page.get_by_label("Who owns it").fill("Case system team")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("owned by Case system team")).to_be_visible()
    page.goto(f"{small}{AT}/deliveries/")
    page.locator("a[href*='/deliveries/']").filter(has_text="2019").first.click()
    expect(page.get_by_role("heading", name="What was read")).to_be_visible()
    check(page, page.url)


@pytest.mark.slow
def test_a_director_sees_what_a_delivery_would_change_and_sets_it_aside(
    small: str, cookies: dict[str, list[dict[str, object]]], page: Page
) -> None:
    as_person(page.context, cookies, "dee")
    check(page, f"{small}/service/{small_county.NEIGHBOUR}/deliveries/")
    page.get_by_role("link", name="nightly, received 9 October 2019").click()
    check(page, page.url)
    expect(page.get_by_role("row", name="Without an allocated worker")).to_contain_text("120")
    page.get_by_role("link", name="Decide later").click()
    check(page, page.url)
    page.get_by_role("link", name="Set it aside").click()
    check(page, page.url)
    page.get_by_label("Why the delivery is not to be loaded").fill("The roles are missing from the extract.")
    page.get_by_role("button", name="Set the delivery aside").click()
    expect(page.get_by_text("Set aside by dee,")).to_contain_text("The roles are missing from the extract.")
    expect(page.get_by_text("120 of 120 children")).to_be_visible()
    check(page, page.url)


@pytest.mark.expects_status(403, 404)
@pytest.mark.parametrize(
    ("name", "path"),
    [("max", f"{AT}/unallocated/"), ("dora", f"{AT}/child/nobody/"), ("dora", "/service/928/")],
)
def test_refusals_fit_and_are_accessible(
    name: str, path: str, small: str, cookies: dict[str, list[dict[str, object]]], page: Page
) -> None:
    as_person(page.context, cookies, name)
    check(page, small + path)


def test_a_manager_finds_who_has_waited_longest_and_who_has_room(small: str, browser: Browser) -> None:
    """Without JavaScript: sign in, read the longest waits, see who has room."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 800})
    page = context.new_page()
    sign_in(page, small, "tess")
    longest = page.get_by_role("region", name="Children waiting longest")
    expect(longest.get_by_role("row").nth(1)).to_contain_text("days")
    page.get_by_role("link", name="Teams and workers").click()
    workers = page.get_by_role("region", name="Workers").get_by_role("row")
    expect(workers.nth(1)).to_contain_text("W3")
    context.close()


def test_an_analyst_delivers_an_extract_and_finds_the_figure(
    small: str, browser: Browser, tmp_path: Path
) -> None:
    """Without JavaScript: the page that waits asks for itself again until the delivery is read."""
    file = tmp_path / "ssd_involvements.csv"
    file.write_bytes(
        csv_of(
            "involvements", "1, C001, W1, CW, north, 2019-01-05,, R1\n2, C002, W2, CW, north, 2019-01-05,, R2"
        )
    )
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, small, "ana")
    page.get_by_role("link", name="Deliveries", exact=True).click()
    page.get_by_role("link", name="Load files").click()
    page.get_by_role("button", name="Load files", exact=True).click()
    expect(page.get_by_text("Choose the files to load").first).to_be_visible()
    page.get_by_label("Source", exact=True).select_option("nightly")
    page.get_by_label("Files, or one zip file").set_input_files(file)
    page.get_by_role("button", name="Load files", exact=True).click()
    expect(
        page.get_by_text("= 0 accepted").or_(page.get_by_text(re.compile("accepted"))).first
    ).to_be_visible(timeout=30_000)
    page.get_by_role("link", name="How this figure is worked out", exact=True).click()
    expect(
        page.get_by_text("Both definitions, with information available today and on that day")
    ).to_be_visible()
    context.close()


def test_a_member_finds_the_figure_and_its_definition(small: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, small, "max")
    expect(page.get_by_role("heading", name="Children without an allocated worker")).to_be_visible()
    expect(page.get_by_text("without an allocated worker where no worker is named in a role")).to_be_visible()
    expect(page.get_by_text("open-episodes, version 1")).to_be_visible()
    context.close()


def test_a_list_is_printed_without_menu_or_filter(
    small: str, cookies: dict[str, list[dict[str, object]]], page: Page
) -> None:
    as_person(page.context, cookies, "dora")
    page.goto(f"{small}{AT}/unallocated/")
    page.emulate_media(media="print")
    expect(page.get_by_role("table").first).to_be_visible()
    for hidden in (
        page.get_by_role("navigation", name="Menu"),
        page.get_by_role("form", name="Filter the list"),
        page.get_by_role("link", name="Download as CSV"),
    ):
        expect(hidden).to_be_hidden()


def test_a_narrowed_list_can_be_sent_to_a_colleague(
    small: str, cookies: dict[str, list[dict[str, object]]], page: Page
) -> None:
    as_person(page.context, cookies, "dora")
    page.goto(f"{small}{AT}/unallocated/?as_at=2019-10-08&known_by=2019-10-10T00:00:00Z")
    page.get_by_label("Why not with a caseworker").select_option("manager")
    page.get_by_role("button", name="Show").last.click()
    sent = page.url
    shown = page.locator("table tbody th").all_inner_texts()
    as_person(page.context, cookies, "ana")
    page.goto(sent)
    assert page.locator("table tbody th").all_inner_texts() == shown != []


LIST = """Weekly allocation list,,,
Run by the duty office,,,
Kid ref,Who has them,Squad,Since when
101,Ann Smith,East,01/09/2018
102,Duty Tray East,East,03/09/2018
103,Unallocated,West,05/10/2018
104,Karen Pool,West,06/10/2018
"""


@pytest.mark.slow
def test_an_analyst_describes_a_source_by_its_file_to_the_right_figure(
    small: str, cookies: dict[str, list[dict[str, object]]], page: Page
) -> None:
    as_person(page.context, cookies, "ana")
    page.goto(f"{small}{AT}/deliveries/")
    page.get_by_role("link", name="Describe a new source").click()
    steps = [page.url]
    page.get_by_label("What to call this source").fill("weekly-list")
    file = {"name": "list.csv", "mimeType": "text/csv", "buffer": LIST.encode()}
    page.get_by_label("Files, or one zip file").set_input_files(file)  # type: ignore[arg-type]
    page.get_by_role("button", name="Continue").click()
    steps.append(page.url)
    page.get_by_label("The worker", exact=True).select_option("Who has them")
    page.get_by_label("The team").select_option("Squad")
    page.get_by_role("button", name="Continue").click()
    steps.append(page.url)
    page.get_by_label("What Duty Tray East is").select_option("Does not count")
    page.get_by_label("What Karen Pool is").select_option("A person")
    page.get_by_role("button", name="Continue").click()
    steps.append(page.url)
    page.get_by_label("Which children does this source know?").select_option("named")
    page.get_by_label("Is each new file a full list?").select_option("full")
    page.get_by_role("button", name="See the figure").click()
    expect(page.get_by_text("2 of 4 children")).to_be_visible()
    for address in [*steps, page.url]:
        check(page, address)
    page.get_by_role("link", name="Leave without saving").click()
