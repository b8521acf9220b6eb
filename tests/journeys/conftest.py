"""A real service: the demonstration as a new user starts it, in a home of its own, on a free port."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import ConsoleMessage, Page, Response


@dataclass(frozen=True)
class Service:
    """Where the service is, what it printed before serving, and its home."""

    address: str
    printed: str
    home: Path

    @property
    def password(self) -> str:
        """The password it printed for the demonstration's administrator."""
        found = re.search(r"administrator\s+(\S+)", self.printed)
        assert found, self.printed
        return found[1]


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    home = tmp_path_factory.mktemp("home")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "LINEOFSIGHT_HOME": str(home)}
    environment.pop("DATABASE_URL", None)
    printed = home / "printed.txt"
    with printed.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "lineofsight", "demo", "--port", str(port), "--nights", "none"],
            env=environment,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(address, process, printed)
        yield Service(address, printed.read_text(), home)
    finally:
        process.terminate()
        process.wait(timeout=30)


def wait_for(address: str, process: subprocess.Popen[bytes], printed: Path) -> None:
    """Until a service that was started answers; what it printed where it does not."""
    for _ in range(300):
        if process.poll() is not None:
            break
        try:
            urllib.request.urlopen(f"{address}/about/", timeout=5).close()
            return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"the service did not start:\n{printed.read_text()}")


@pytest.fixture(autouse=True)
def _nothing_fails_quietly(request: pytest.FixtureRequest) -> Iterator[None]:
    """Every browser test fails on a response of 400 or more, or an error in the console."""
    if "page" not in request.fixturenames:
        yield
        return
    page: Page = request.getfixturevalue("page")
    allowed = request.node.get_closest_marker("expects_status")
    wrong: list[str] = []

    def answered(response: Response) -> None:
        if response.status >= 400 and not (allowed and response.status in allowed.args):
            wrong.append(f"{response.status} {response.url}")

    def said(message: ConsoleMessage) -> None:
        if message.type == "error" and not (allowed and "Failed to load resource" in message.text):
            wrong.append(message.text)

    page.on("response", answered)
    page.on("console", said)
    page.on("pageerror", lambda fault: wrong.append(str(fault)))
    yield
    assert wrong == []
