"""Pages of the public record are drawn once for each view and state of the record, and then given to everybody.

Only to visitors without a session: a page for somebody signed in is never kept, and never taken from
here. It sits before every other layer, so that a page already drawn costs one small query.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

import brotli
from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse

from lineofsight.service.access import records
from lineofsight.service.access.view import present
from lineofsight.service.receive import loading
from lineofsight.vocabulary.moments import london_day

Answer = Callable[[HttpRequest], HttpResponse]
Key = tuple[str, ...]

MOST_BYTES = 64 * 2**20
FRESH_SECONDS = 120
"""After this a page is drawn again, so that the moment it says it is known by is not old."""
_PATHS = re.compile(r"/|/about/|/head/|/public-record/[0-9]{3}/?|/public-record/[0-9]{3}/[a-z-]{1,40}/?")
_WORDS = {
    "as_at": re.compile(r"(19|20)[0-9]{2}-[01][0-9]-[0-3][0-9]"),
    "known": re.compile(r"now|then"),
    "witnessed": re.compile(r"on|1"),
}
"""The words of an address that are kept apart; with any other that is read, a page is drawn for whoever asks."""
_FEW_WORDS = re.compile(r"/|/about/|/head/|/public-record/[0-9]{3}/")
"""Pages that read no other words than these, so that any other changes nothing and need not be kept apart."""
_READ = frozenset({*_WORDS, "as_at_year", "as_at_month", "as_at_day", "known_by", "format"})
_LEFT_OUT = frozenset({"content-length", "content-encoding", "vary", "etag", "date"})


@dataclass
class _Page:
    """A drawn page in each encoding."""

    etag: str
    headers: list[tuple[str, str]]
    bodies: dict[str, bytes]
    fresh_until: float

    @property
    def size(self) -> int:
        """How many bytes it takes."""
        return sum(map(len, self.bodies.values()))


@dataclass
class _Pages:
    """Drawn pages, the least lately given going first when there are too many."""

    pages: OrderedDict[Key, _Page] = field(default_factory=OrderedDict)
    lock: threading.Lock = field(default_factory=threading.Lock)
    drawing: dict[Key, threading.Lock] = field(default_factory=dict)
    size: int = 0

    def get(self, key: Key) -> _Page | None:
        """A page, where it was drawn."""
        with self.lock:
            found = self.pages.get(key)
            if found is not None:
                self.pages.move_to_end(key)
            return found

    def put(self, key: Key, page: _Page) -> None:
        """Keep a page."""
        with self.lock:
            old = self.pages.pop(key, None)
            self.size += page.size - (old.size if old else 0)
            self.pages[key] = page
            while self.size > MOST_BYTES and self.pages:
                _, gone = self.pages.popitem(last=False)
                self.size -= gone.size

    def lock_of(self, key: Key) -> threading.Lock:
        """The lock that lets one thread at a time draw a page."""
        with self.lock:
            if len(self.drawing) > 1000:
                self.drawing = {one: lock for one, lock in self.drawing.items() if lock.locked()}
            return self.drawing.setdefault(key, threading.Lock())


_pages = _Pages()


def forget() -> None:
    """Forget every drawn page."""
    with _pages.lock:
        _pages.pages.clear()
        _pages.size = 0


def drawn_once(get_response: Answer) -> Answer:
    """Give a public page that was drawn already, or draw it once for all who ask at the same time."""

    def middleware(request: HttpRequest) -> HttpResponse:
        key = _key(request)
        if key is None:
            return get_response(request)
        found = _pages.get(key)
        now = time.monotonic()
        if found is not None and found.fresh_until > now:
            return _given(request, found)
        lock = _pages.lock_of(key)
        if not lock.acquire(blocking=found is None):
            return _given(request, found) if found else get_response(request)
        try:
            again = _pages.get(key)
            if again is not None and again.fresh_until > time.monotonic():
                return _given(request, again)
            return _drawn(request, key, get_response)
        finally:
            lock.release()

    return middleware


def _key(request: HttpRequest) -> Key | None:
    """What a page is kept under; None where it is drawn for whoever asks."""
    if request.method not in ("GET", "HEAD") or not _PATHS.fullmatch(request.path):
        return None
    if settings.MODE == "service":
        return None  # nothing is for everybody there
    if settings.SESSION_COOKIE_NAME in request.COOKIES or "messages" in request.COOKIES:
        return None
    words = sorted(request.GET.lists())
    if _FEW_WORDS.fullmatch(request.path):
        words = [(name, values) for name, values in words if name in _READ]
    if any(
        name not in _WORDS or len(values) != 1 or not _WORDS[name].fullmatch(values[0])
        for name, values in words
    ):
        return None
    try:
        host = request.get_host()
    except DisallowedHost:
        return None
    said = "&".join(f"{name}={values[0]}" for name, values in words)
    return (
        request.scheme or "",
        host,
        request.path,
        said,
        records.state(),
        london_day(present()).isoformat(),
        str(loading.now()),
    )


def _drawn(request: HttpRequest, key: Key, get_response: Answer) -> HttpResponse:
    method, request.method = request.method, "GET"
    try:
        response = get_response(request)
    finally:
        request.method = method
    if not _is_for_everybody(request, response):
        return response
    body = response.content
    headers = [(name, value) for name, value in response.items() if name.lower() not in _LEFT_OUT]
    bodies = {"": body, "br": brotli.compress(body, quality=5), "gzip": gzip.compress(body, 6, mtime=0)}
    etag = hashlib.sha256(body).hexdigest()[:32]
    page = _Page(etag, headers, bodies, time.monotonic() + FRESH_SECONDS)
    _pages.put(key, page)
    return _given(request, page)


def _is_for_everybody(request: HttpRequest, response: HttpResponse) -> bool:
    match = request.resolver_match
    return (
        response.status_code == 200
        and not response.streaming
        and not response.cookies
        and match is not None
        and not getattr(match.func, "login_required", True)
        and response.get("Content-Type", "").startswith("text/html")
        and "no-store" not in response.get("Cache-Control", "")
        and b"csrfmiddlewaretoken" not in response.content
    )


def _given(request: HttpRequest, page: _Page) -> HttpResponse:
    encoding = next((one for one in ("br", "gzip") if one in _accepted(request)), "")
    etag = f'"{page.etag}{encoding and "-"}{encoding}"'
    known = {word.strip().removeprefix("W/") for word in request.headers.get("If-None-Match", "").split(",")}
    response = HttpResponse(status=304) if etag in known else HttpResponse(page.bodies[encoding])
    for name, value in page.headers:
        response[name] = value
    if encoding and response.status_code == 200:
        response["Content-Encoding"] = encoding
    response["ETag"] = etag
    response["Vary"] = "Accept-Encoding, Cookie"
    response["Cache-Control"] = "no-cache"
    return response


_NEVER = re.compile(r";\s*q=0(\.0*)?\s*$")


def _accepted(request: HttpRequest) -> set[str]:
    """The encodings a client takes, without those that it says it never takes."""
    words = request.headers.get("Accept-Encoding", "").lower().split(",")
    return {word.split(";")[0].strip() for word in words if not _NEVER.search(word)}
