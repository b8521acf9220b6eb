"""Take the README's pictures anew: `python -m docs.pictures`, from a demonstration whose county is loaded.

Only the public record and the fictional county are shown. Needs the developers' tools and Chromium.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import shutil
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

PICTURES = Path(__file__).parent / "pictures"
_WIDTH, _HEIGHT = 1280, 760
_MOST_BYTES = 150_000
_AUTHORITY = "999"
_PERSON = "dora.director"
_CHILD = "SYN0006860"
"""A fictional child on the register whose worker left."""


def main() -> None:
    """Open the three pages as a reader would, and keep the top of each."""
    parser = argparse.ArgumentParser(prog="python -m docs.pictures", description=__doc__)
    parser.add_argument(
        "--address", default="http://127.0.0.1:8000", help="where the demonstration is served"
    )
    parser.add_argument("--home", type=Path, default=Path("var"), help="its home, which holds the sign-ins")
    options = parser.parse_args()
    password = json.loads((options.home / "demo-sign-ins.json").read_text("utf-8"))[_PERSON]
    PICTURES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        sandbox = [] if os.geteuid() else ["--no-sandbox"]  # Chromium has none for root
        browser = playwright.chromium.launch(executable_path=_chromium(), args=sandbox)
        page = browser.new_page(locale="en-GB", viewport={"width": _WIDTH, "height": _HEIGHT})
        page.goto(f"{options.address}/")
        _keep(page, "public-record")

        page.goto(f"{options.address}/sign-in/")
        page.fill("input[name=login]", _PERSON)
        page.fill("input[name=password]", password)
        page.click("main button[type=submit]")
        page.goto(f"{options.address}/service/{_AUTHORITY}/unallocated/")
        _keep(page, "register")

        page.get_by_role("link", name=_CHILD).click()
        _keep(page, "child")
        browser.close()


def _chromium() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next((path for path in map(shutil.which, names) if path), None)


def _keep(page: Page, name: str) -> None:
    """Write the top of a page in as many colours as fit the size that a README may load."""
    page.wait_for_load_state("networkidle")
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    for colours in (256, 128, 64, 32):
        packed = io.BytesIO()
        picture.quantize(colours, dither=Image.Dither.NONE).save(packed, "PNG", optimize=True)
        if packed.tell() < _MOST_BYTES:
            break
    (PICTURES / f"{name}.png").write_bytes(packed.getvalue())
    print(f"{name}.png: {packed.tell():,} bytes, {colours} colours, {page.title()}")


if __name__ == "__main__":
    main()
