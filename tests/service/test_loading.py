"""While the demonstration loads its county, every page says how far it is; once it is there, or was stopped, none does."""

from __future__ import annotations

import json

from django.test import Client

from lineofsight.service.pages import public_cache
from lineofsight.service.receive import loading
from tests.service.homes import Home, a_statement, load


def test_pages_say_how_far_it_is_and_stop_saying_so(home: Home) -> None:
    public_cache.forget()
    load(a_statement("one"))
    first = "/public-record/901/"
    assert b"being loaded" not in Client().get(first).content
    loading.tell("Thornmere", 3, 40)
    assert b"3 of 40 nights" in Client().get(first).content
    assert b"3 of 40 nights" in Client().get("/sign-in/").content
    loading.ended()
    assert b"being loaded" not in Client().get(first).content


def test_what_a_stopped_loader_left_is_not_shown(home: Home) -> None:
    loading.tell("Thornmere", 3, 40)
    said = json.loads((home.path / "loading.json").read_text())
    (home.path / "loading.json").write_text(json.dumps({**said, "process": 2**22 + 7}))
    assert loading.now() is None
    (home.path / "loading.json").write_text("{")
    assert loading.now() is None
