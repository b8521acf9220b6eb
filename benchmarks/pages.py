"""Pages of a county's service over HTTP: the register beside an empty page, and many people at once."""

from __future__ import annotations

import http.client
import itertools
import os
import re
import socket
import statistics
import subprocess
import sys
import threading
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from django.contrib.auth.models import User
from django.core.management import call_command

from benchmarks import county
from benchmarks.__main__ import pair
from lineofsight.intake.delivery import NamedBytes
from lineofsight.service.models import Grant
from lineofsight.service.receive import recipe
from lineofsight.vocabulary.identifiers import AuthorityCode, SourceName

_PASSWORD = "only for measuring, on this machine"
_PEOPLE = 50
_VISITS = 6
_REGISTER = "/service/999/unallocated/"
_EMPTY = "/service/999/unallocated/?state=nothing"
_PAGES = (
    "/service/999/",
    _REGISTER,
    f"{_REGISTER}?state=held&sort=team",
    "/service/999/teams/",
    "/service/999/figure/",
)


def measure(home: Path, children: int, rounds: int) -> None:
    """A county loaded, a service started, pages asked for by one person and by many."""
    call_command("migrate", verbosity=0)
    recipe.set_source(county.SETTINGS, by="bench")
    night = [NamedBytes("night.zip", county.zipped(county.county(children)))]
    recipe.load(night, "night.zip", AuthorityCode("999"), SourceName("nightly-ssd"),
              received_at=datetime(2019, 10, 9, 5, tzinfo=UTC), by="bench")  # fmt: skip
    for number in range(_PEOPLE):
        user = User.objects.create_user(f"person-{number}", password=_PASSWORD)
        Grant.objects.create(user=user, role="director", authority="999", given_by="bench", given_at=0)
    with _serving(home) as port:
        one = Visitor(port, "person-0")
        for page in (_EMPTY, *_PAGES):
            one.visit(page)
        pair("the register, beside an empty page of the same stack", 3, lambda: _often(one, _REGISTER),
             lambda: _often(one, _EMPTY), rounds * 3)  # fmt: skip
        _many(port)


def _often(one: Visitor, page: str) -> None:
    for _ in range(10):
        one.visit(page)


class Visitor:
    """One person signed in; a connection a visit, as from behind a proxy."""

    def __init__(self, port: int, name: str) -> None:
        self._port = port
        self._cookies: dict[str, str] = {}
        page = self.visit("/sign-in/")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token, page[:500]
        said = {"csrfmiddlewaretoken": token[1], "username": name, "login": name, "password": _PASSWORD}
        self.visit("/sign-in/", urllib.parse.urlencode(said))
        assert "sessionid" in self._cookies, "could not sign in"

    def visit(self, page: str, body: str | None = None) -> str:
        """A page's text; raises where it is anything but a page or a way to one."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if body is not None:
            headers |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "Referer": f"http://127.0.0.1:{self._port}/",
            }
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        connection.request("GET" if body is None else "POST", page, body, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        for name, value in answer.getheaders():
            if name == "Set-Cookie":
                key, _, rest = value.partition("=")
                self._cookies[key] = rest.partition(";")[0]
        assert answer.status in (200, 302), f"{answer.status} {page}"
        return text


def _many(port: int) -> None:
    """Fifty people at once, a bounded number of visits each, on this machine only."""
    visitors = [Visitor(port, f"person-{number}") for number in range(_PEOPLE)]
    times: list[float] = []
    faults: list[str] = []

    def visits(one: Visitor, first: int) -> None:
        for page in itertools.islice(itertools.cycle(_PAGES), first, first + _VISITS):
            begun = time.perf_counter()
            try:
                one.visit(page)
            except (AssertionError, OSError) as fault:
                faults.append(str(fault))
            times.append(time.perf_counter() - begun)

    threads = [
        threading.Thread(target=visits, args=(one, at % len(_PAGES))) for at, one in enumerate(visitors)
    ]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    whole = time.perf_counter() - begun
    print(f"{_PEOPLE} people at once, {len(times)} visits in {whole:.1f} s = {len(times) / whole:.0f} a second; "
          f"median {statistics.median(times):.2f} s, longest {max(times):.2f} s; {len(faults)} failed", flush=True)  # fmt: skip
    for fault in faults[:3]:
        print(f"  {fault}")


@contextmanager
def _serving(home: Path) -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    program = [sys.executable, "-m", "lineofsight", "serve", "--port", str(port)]
    process = subprocess.Popen(
        program, env={**os.environ, "LINEOFSIGHT_HOME": str(home)}, stdout=subprocess.DEVNULL
    )
    try:
        for _ in range(150):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.2)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=30)
