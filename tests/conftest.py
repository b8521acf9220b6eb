"""What every test may ask for, and what keeps tests apart from the machine they run on.

Databases. Everything runs on SQLite. Where LINEOFSIGHT_TEST_POSTGRES gives an address, `./run test` runs
part of tests/service on PostgreSQL as well, with DATABASE_URL set: what is marked `databases`, where
the database itself could make a difference (the chain, triggers, locking, backup, and every page once).
A test that is about a single one says so with @pytest.mark.postgres or @pytest.mark.sqlite.
"""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from tests.support import surroundings

TESTS = surroundings.ROOT / "tests"
pytest_plugins = ("tests.service.fixtures",)

UNIT = TESTS / "unit"
SERVICE = TESTS / "service"

PLAYWRIGHT_FIXTURES = {"browser", "context", "new_context", "page", "playwright", "launch_browser"}


# ---- options ----------------------------------------------------------------------------------


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("lineofsight")
    group.addoption(
        "--no-skips",
        action="store_true",
        help="a missing Chromium or PostgreSQL fails the tests that need it, instead of skipping them",
    )
    group.addoption(
        "--examples",
        type=int,
        help="how many examples Hypothesis makes for each test (25; with --no-skips 100)",
    )


def pytest_configure(config: pytest.Config) -> None:
    examples = config.getoption("--examples") or (100 if config.getoption("--no-skips") else 25)
    # No deadline: a machine that is busy is not a fault. In CI the examples are the same each time.
    hypothesis.settings.register_profile(
        "lineofsight",
        deadline=None,
        derandomize="CI" in os.environ,
        max_examples=examples,
        print_blob=True,
    )
    hypothesis.settings.load_profile("lineofsight")


# ---- which tests run, and where ---------------------------------------------------------------


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if PLAYWRIGHT_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker("browser")
        if "record" in getattr(item, "fixturenames", ()):
            item.add_marker("django_db")  # or the database is not made where such tests run alone
        on_postgres = item.get_closest_marker("postgres") or item.get_closest_marker("databases")
        if on_postgres and not item.path.is_relative_to(SERVICE):
            raise pytest.UsageError(
                f"{item.nodeid} is marked for PostgreSQL but lies outside tests/service, where it would never run."
            )

    left_out = [item for item in items if _belongs_to_the_other_pass(item)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in set(left_out)]

    if any(item.get_closest_marker("browser") for item in items):
        # Playwright's plain interface keeps an event loop in this thread for as long as the browser
        # is open; without this Django then refuses every query, in other tests and at the end too.
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"


def _belongs_to_the_other_pass(item: pytest.Item) -> bool:
    if surroundings.ON_POSTGRES:
        mine = item.get_closest_marker("postgres") or item.get_closest_marker("databases")
        return not mine or bool(item.get_closest_marker("sqlite"))
    # Without PostgreSQL they stay, to be skipped by name (or failed) below.
    return bool(item.get_closest_marker("postgres")) and bool(surroundings.POSTGRES)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("browser") and not surroundings.browser_path():
        _cannot_run(item, "needs Chromium: install it, or name it in LINEOFSIGHT_TEST_CHROMIUM")
    if item.get_closest_marker("postgres") and not surroundings.ON_POSTGRES:
        _cannot_run(item, "needs PostgreSQL: give a database's URL in LINEOFSIGHT_TEST_POSTGRES")
    if item.get_closest_marker("shared") and not surroundings.SHARED_DATA.is_dir():
        pytest.skip("needs the data kept beside this repository")


def _cannot_run(item: pytest.Item, why: str) -> None:
    if item.config.getoption("--no-skips"):
        pytest.fail(why, pytrace=False)
    pytest.skip(why)


def pytest_report_header() -> str:
    database = "PostgreSQL (what is marked for it)" if surroundings.ON_POSTGRES else "SQLite"
    return f"lineofsight: on {database}; Chromium: {surroundings.browser_path() or 'none'}"


# ---- fixtures ---------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The data kept beside the repository; skips where there is none."""
    if not surroundings.SHARED_DATA.is_dir():
        pytest.skip("needs the data kept beside this repository")
    return surroundings.SHARED_DATA


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Playwright opens this machine's Chromium, not one of its own."""
    found = surroundings.browser_path()
    if not found:
        return browser_type_launch_args
    sandbox = [] if os.geteuid() else ["--no-sandbox"]  # Chromium has none for root
    quiet = [
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-quic",
    ]
    return {**browser_type_launch_args, "executable_path": found, "args": ["--disable-gpu", *quiet, *sandbox]}


@pytest.fixture(autouse=True, scope="session")
def _read_in_this_process() -> None:
    """Thousands of small loads would each start a process; tests of reading apart turn it on again."""
    from django.conf import settings

    settings.READ_APART = False


@pytest.fixture(autouse=True, scope="session")
def _guess_passwords_quickly() -> None:
    """Passwords are hashed as ever, in one round: a test that signs in need not be as slow as a guess."""
    from django.contrib.auth.hashers import PBKDF2PasswordHasher

    PBKDF2PasswordHasher.iterations = 1


@pytest.fixture(autouse=True, scope="session")
def _wait_for_no_disk() -> Iterator[None]:
    """Only a power cut shows whether bytes had reached the disk, and no test makes one."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(os, "fsync", lambda _: None)
        yield


@pytest.fixture(autouse=True)
def _no_network_below_the_service(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing under tests/unit reaches another machine, by address or by name."""
    if request.path.is_relative_to(UNIT):
        for method, place_of_address in (("connect", 0), ("connect_ex", 0), ("sendto", -1)):
            monkeypatch.setattr(
                socket.socket, method, _only_here(getattr(socket.socket, method), place_of_address)
            )
        monkeypatch.setattr(socket, "getaddrinfo", _only_names_of_here(socket.getaddrinfo))


def _only_here(method: Callable[..., Any], place_of_address: int) -> Callable[..., Any]:
    def guarded(self: socket.socket, *args: Any) -> Any:
        address = args[place_of_address]
        if isinstance(address, tuple):  # a Unix socket's address is a path, and local
            _refuse_elsewhere(address[0])
        return method(self, *args)

    return guarded


def _only_names_of_here(getaddrinfo: Callable[..., Any]) -> Callable[..., Any]:
    def guarded(host: Any, *args: Any, **kwargs: Any) -> Any:
        _refuse_elsewhere(host)
        return getaddrinfo(host, *args, **kwargs)

    return guarded


def _refuse_elsewhere(host: Any) -> None:
    name = host.decode() if isinstance(host, bytes) else host
    if name in (None, "", "localhost"):
        return
    try:
        if ipaddress.ip_address(name).is_loopback:
            return
    except ValueError:
        pass
    raise RuntimeError(
        f"a test under tests/unit reached for {name!r}: below the service nothing uses a network"
    )
