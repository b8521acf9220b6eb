"""A public page is drawn once for a view and state of the record; nobody signed in is given it, or fills it."""

from __future__ import annotations

import gzip
import threading

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict
from django.test import Client, RequestFactory
from django.urls import resolve

from lineofsight.service.pages import public_cache
from lineofsight.service.pages.public_record import asked
from lineofsight.service.store import erasure
from tests.service.homes import NORTHSHIRE, Home, a_statement, load
from tests.service.pages.test_of_a_service import signed_in

FIRST = "/public-record/901/"


@pytest.fixture(autouse=True)
def _record(home: Home) -> None:
    public_cache.forget()
    load(a_statement("one", says="The first of all."))


def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    counted: list[str] = []
    inside = public_cache._drawn

    def count(request, key, get_response):  # type: ignore[no-untyped-def]
        counted.append(request.path)
        return inside(request, key, get_response)

    monkeypatch.setattr(public_cache, "_drawn", count)
    return counted


def test_a_page_is_drawn_once_and_again_when_the_record_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    counted = drawn(monkeypatch)
    bodies = [Client().get(FIRST).content for _ in range(3)]
    assert len(set(bodies)) == 1
    assert len(counted) == 1
    load(a_statement("two", says="The second of all."))
    assert b"The second of all" in Client().get("/public-record/901/statements").content
    assert Client().get(FIRST).content != bodies[0] or len(counted) > 1


def test_an_erased_statement_is_gone_at_once() -> None:
    assert b"The first of all" in Client().get("/public-record/901/statements").content
    erasure.erase_statement(NORTHSHIRE, "record/one", "it should never have been taken", by="Ben")
    assert b"The first of all" not in Client().get("/public-record/901/statements").content


def test_a_message_for_one_visitor_is_drawn_for_that_visitor(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was done is told on the next page: in a cookie, where somebody has no session."""
    Client().get(FIRST)
    counted = drawn(monkeypatch)
    visitor = Client()
    visitor.cookies["messages"] = "something to be told"
    answer = visitor.get(FIRST)
    assert answer.status_code == 200
    assert counted == []
    assert "ETag" not in answer


def test_etag_and_compression() -> None:
    first = Client().get(FIRST)
    assert Client().get(FIRST, headers={"If-None-Match": first["ETag"]}).status_code == 304
    packed = Client().get(FIRST, headers={"Accept-Encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == first.content
    assert "Cookie" in packed["Vary"]
    assert first["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("br, gzip", "br"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0.0,gzip; q=0", None),
        ("identity", None),
        ("GZIP;q=0.5", "gzip"),
    ],
)
def test_an_encoding_that_is_refused_is_not_given(accepted: str, encoding: str | None) -> None:
    assert Client().get(FIRST, headers={"Accept-Encoding": accepted}).get("Content-Encoding") == encoding


def test_somebody_signed_in_is_given_a_page_of_their_own_and_leaves_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    counted = drawn(monkeypatch)
    client = signed_in("director", authority="901")
    page = client.get(FIRST)
    assert page.status_code == 200
    assert counted == []
    assert page["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "query",
    [
        "format=json",
        "known_by=2019-10-09",
        "as_at_year=2019",
        "as_at=2019-10-09&as_at=2019-10-08",
        "as_at=' or 1",
        "known=" + "n" * 500,
    ],
)
def test_other_words_in_the_address_keep_nothing(monkeypatch: pytest.MonkeyPatch, query: str) -> None:
    counted = drawn(monkeypatch)
    Client().get(f"{FIRST}?{query}")
    assert counted == []


def test_words_that_no_page_reads_do_not_have_it_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    counted = drawn(monkeypatch)
    kept = Client().get(FIRST)["ETag"]
    assert {Client().get(f"{FIRST}?x={number}&y=z").get("ETag") for number in range(5)} == {kept}
    assert len(counted) == 1
    assert b"nothing-like-it" not in Client().get(f"{FIRST}?about=nothing-like-it").content
    Client().get("/public-record/901/statements?about=first")
    assert len(counted) == 1


def test_a_first_page_reads_no_word_that_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every word that drawing it looks up is among those that are told apart or drawn anew."""
    looked_up: set[str] = set()

    class Watched(QueryDict):
        def get(self, key, default=None):  # type: ignore[no-untyped-def]
            looked_up.add(key)
            return super().get(key, default)

        def __getitem__(self, key):  # type: ignore[no-untyped-def]
            looked_up.add(key)
            return super().__getitem__(key)

    view_asked = asked.view_asked

    def watching(words, now, usual):  # type: ignore[no-untyped-def]
        class Words(dict):  # type: ignore[type-arg]
            def get(self, key, default=None):  # type: ignore[no-untyped-def]
                looked_up.add(key)
                return super().get(key, default)

        return view_asked(Words(words), now, usual)

    monkeypatch.setattr(asked, "view_asked", watching)
    for path in (FIRST, "/", "/about/", "/head/"):
        request = RequestFactory().get(path)
        request.GET = Watched("")
        request.user = AnonymousUser()
        found = resolve(path)
        assert found.func(request, *found.args, **found.kwargs).status_code == 200
    assert {"as_at", "format"} <= looked_up
    assert looked_up <= public_cache._READ


def test_days_and_hosts_are_kept_apart_and_old_pages_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(public_cache, "MOST_BYTES", 400_000)
    for day in range(1, 29):
        page = Client().get(f"{FIRST}?as_at=2019-10-{day:02}").content.decode()
        assert f"{day} October 2019" in page
    assert public_cache._pages.size <= 400_000


def test_what_is_not_found_or_needs_a_sign_in_is_not_kept() -> None:
    for address in ("/public-record/000/", "/public-record/901/complete", "/sign-in/"):
        Client().get(address)
    assert [key[2] for key in public_cache._pages.pages] == []


def test_many_at_once_draw_a_page_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """One draws, the others wait and are given the same."""
    pages = public_cache._Pages()
    lock = pages.lock_of(("a",))
    assert lock is pages.lock_of(("a",))
    found: list[bool] = []
    with lock:
        thread = threading.Thread(target=lambda: found.append(lock.acquire(blocking=False)))
        thread.start()
        thread.join()
    assert found == [False]
