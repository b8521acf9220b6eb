"""Pages of a county's service over HTTP: the register beside an empty page, and many people at once."""

from __future__ import annotations

import http.client
import itertools
import re
import statistics
import threading
import time
import urllib.parse
from pathlib import Path

from django.contrib.auth.models import User

from benchmarks import county
from benchmarks.loading import load_night, new_authority
from benchmarks.measuring import Size, pair, ratio, seconds, ten_times
from benchmarks.serving import serving
from lineofsight.service.models import Grant

_AUTHORITY = "920"
_PASSWORD = "only for measuring, on this machine"
_VISITS = 6
_REGISTER = f"/service/{_AUTHORITY}/unallocated/"
_EMPTY = f"{_REGISTER}?state=nothing"
_PAGES = (
    f"/service/{_AUTHORITY}/",
    _REGISTER,
    f"{_REGISTER}?state=held&sort=team",
    f"/service/{_AUTHORITY}/teams/",
    f"/service/{_AUTHORITY}/figure/",
)


def measure(home: Path, size: Size) -> None:
    """A county loaded, a service started, pages asked for by one person and by many."""
    load_night(county.zipped(county.county(size.children)), new_authority(_AUTHORITY))
    for number in range(size.people):
        user = User.objects.create_user(f"person-{number}", password=_PASSWORD)
        Grant.objects.create(user=user, role="director", authority=_AUTHORITY, given_by="bench", given_at=0)
    with serving(home) as port:
        person = Visitor(port, "person-0")
        for page in (_EMPTY, *_PAGES):
            person.visit(page)
        pair(
            "the register, beside an empty page of the same kind",
            3,
            ten_times(lambda: person.visit(_REGISTER)),
            ten_times(lambda: person.visit(_EMPTY)),
            size.rounds * 3,
        )
        alone = statistics.median(seconds(lambda page=page: person.visit(page)) for page in _PAGES * _VISITS)
        _many(port, size.people, alone)


class Visitor:
    """One person signed in; a connection a visit, as from behind a proxy."""

    def __init__(self, port: int, name: str) -> None:
        self._port = port
        self._cookies: dict[str, str] = {}
        page = self.visit("/sign-in/")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token, page[:500]
        form = {"csrfmiddlewaretoken": token[1], "username": name, "login": name, "password": _PASSWORD}
        self.visit("/sign-in/", urllib.parse.urlencode(form))
        assert "sessionid" in self._cookies, "could not sign in"

    def visit(self, page: str, body: str | None = None) -> str:
        """A page's text; raises where it is anything but a page or a redirection."""
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


def _many(port: int, people: int, alone: float) -> None:
    """Everybody at once, a bounded number of visits each, beside the median visit of somebody alone."""
    visitors = [Visitor(port, f"person-{number}") for number in range(people)]
    times: list[float] = []
    refused: list[str] = []
    unanswered: list[str] = []

    def visits(visitor: Visitor, first: int) -> None:
        for page in itertools.islice(itertools.cycle(_PAGES), first, first + _VISITS):
            begun = time.perf_counter()
            try:
                visitor.visit(page)
            except AssertionError as fault:
                refused.append(str(fault))
            except OSError as fault:
                unanswered.append(str(fault))
            times.append(time.perf_counter() - begun)

    threads = [
        threading.Thread(target=visits, args=(visitor, number % len(_PAGES)))
        for number, visitor in enumerate(visitors)
    ]

    def all_at_once() -> None:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    whole = seconds(all_at_once)
    more = f", {len(times) / whole:.0f} visits a second, longest {max(times):.2f} s, {len(unanswered)} unanswered"
    ratio(
        f"a visit among {people} people at once, beside one alone",
        statistics.median(times),
        alone,
        people,
        more,
    )
    assert not refused, refused[:3]
