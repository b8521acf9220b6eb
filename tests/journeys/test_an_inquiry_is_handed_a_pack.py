"""Somebody downloads an evidence pack, takes it to a machine without a network, checks it and reads it."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Service

PAGES = (
    "index",
    "days",
    "who",
    "claims",
    "promises",
    "questions",
    "figures",
    "statements/public-record/letter-19",
)


def downloaded(service: Service, browser: Browser, folder: Path) -> Path:
    """The pack as the page gives it without JavaScript, unpacked."""
    context = browser.new_context(java_script_enabled=False, accept_downloads=True)
    page = context.new_page()
    page.goto(f"{service.address}/public-record/928/")
    page.get_by_role("link", name="Evidence pack").first.click()
    page.get_by_label("First day").fill("2019-09-01")
    page.get_by_label("Last day").fill("2019-10-31")
    with page.expect_download() as told:
        page.get_by_role("button", name="Download the pack").click()
    with zipfile.ZipFile(told.value.path()) as archive:
        archive.extractall(folder)
    context.close()
    return next(folder.iterdir())


@pytest.mark.slow
def test_it_checks_itself_and_every_page_opens_without_a_network(
    service: Service, browser: Browser, page: Page, tmp_path: Path
) -> None:
    pack = downloaded(service, browser, tmp_path)
    line = [sys.executable, "-I", str(pack / "verify.py")]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    assert done.stdout.startswith("This pack holds: "), done.stdout
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.context.set_offline(True)
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        for name in PAGES:
            page.goto((pack / f"{name}.html").as_uri())
            assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} at {width}"
            found = Axe().run(page)
            assert [each["id"] for each in found.response["violations"]] == [], f"{name} at {width}"
    assert all(address.startswith("file://") for address in asked)
    page.goto((pack / "index.html").as_uri())
    page.get_by_role("link", name="Requests and questions").click()
    expect(page.get_by_text("no answer found").first).to_be_visible()
    page.emulate_media(media="print")
    assert page.get_by_role("navigation", name="Pages of this pack").is_visible() is False
