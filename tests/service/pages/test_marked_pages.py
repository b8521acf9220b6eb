"""Marked values of children turn up in no address, log, error or session, and names only before those who may see them."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from lineofsight.service.access import handles, listing
from lineofsight.service.models import Grant, PersonChange
from lineofsight.service.serving.faults import Faults
from tests.service.homes import Home
from tests.service.pages.test_who_may import NOBODYS, PEOPLE, READ, WRITE, _make, client_of, filled
from tests.support.cases import AUTHORITY, HEADINGS, describe, night

FORENAME, SURNAME, WORDS, BORN = "Peregrinella", "Falconbridgett", "Whisperedword", "2011-11-23"
BORN_WRITTEN = ("2011-11-23", "23 November 2011", "23/11/2011")
NUMBERS = ("MARKED7001", "MARKED7002", "MARKED7003")


FEW = ("nobody", "worker", "member")
"""Nobody signed in, their own children, no child at all; continuous integration asks as everybody."""


@pytest.fixture
def marked(home: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    """The service of test_who_may, its children C1 to C3 with marked numbers, names, birthdays and words."""
    one, two, three = NUMBERS
    monkeypatch.setitem(
        HEADINGS, "person", "pers_person_id,pers_dob,pers_death_date,pers_forename,pers_surname"
    )
    describe()
    night(
        "2019-10-09",
        {
            "cin_episodes": "\n".join(f"R{n}, {child}, 2019-01-01, N,," for n, child in enumerate(NUMBERS)),
            "involvements": f"1, {one}, DUTY01, CW, TA, 2019-01-05,, R0\n2, {two}, DUTY01, CW, TB, 2019-01-05,, R1\n"
            f"3, {three}, W1, CW, TA, 2019-01-05,, R2\n4, {WORDS}, W1, {WORDS}, TA, {WORDS},, R0",
            "professionals": "W1, S1, Social Worker, SW1, 1.0,\nW2, S2, Social Worker, SW2, 1.0,",
            "person": "\n".join(f"{child}, {BORN},, {FORENAME}, {SURNAME}" for child in NUMBERS),
        },
    )
    for name, person in PEOPLE.items():
        if name != "nobody":
            _make(name, **{**person, "glass": [one] if person.get("glass") else []})
    return home


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What the service itself writes to its log."""
    stream = io.StringIO()
    for name in ("", "django.request"):
        for handler in logging.getLogger(name).handlers:
            if type(handler) in (logging.StreamHandler, Faults):
                monkeypatch.setattr(handler, "stream", stream)
    return stream


def address_of(address: str) -> str:
    for at, child in enumerate(NUMBERS, 1):
        address = address.replace(f"<C{at}>", handles.handle_of(AUTHORITY, child))
    return filled(address)


def answers(name: str, client: Client) -> Iterator[tuple[str, HttpResponse]]:
    """Every page, its JSON and CSV, every form sent badly, finding by number, and addresses that are nowhere."""
    for address in READ:
        for more in ("", "?format=json", "?format=csv", "?as_at=yesterday", "?as_at=2019-10-08&known=then"):
            yield address, client.get(address_of(address) + more)
    for address in WRITE:
        yield address, client.post(address_of(address), {"reason": "no", "name": WORDS, "number": NUMBERS[1]})
    yield "find", client.post("/service/999/find/", {"number": NUMBERS[1]}, follow=True)
    upload = SimpleUploadedFile(f"{NUMBERS[0]}.csv", f"{SURNAME},{WORDS}\n{NUMBERS[0]}".encode())
    yield "upload", client.post("/service/999/deliveries/new", {"files": upload, "source": "nightly"})
    yield "404", client.get(f"/{SURNAME}/{NUMBERS[0]}")
    yield "400", client.get("/", headers={"host": f"{SURNAME}.example"})
    yield "sign-in", Client().post("/sign-in/", {"login": SURNAME, "password": NUMBERS[0]})


def marks(text: str) -> list[str]:
    return [mark for mark in (FORENAME, SURNAME, WORDS, *BORN_WRITTEN, *NUMBERS) if mark in text]


@pytest.mark.parametrize(
    "name", [name if name in FEW else pytest.param(name, marks=pytest.mark.slow) for name in PEOPLE]
)
def test_no_marked_value_is_in_an_address_a_log_or_before_whoever_may_not_see_it(
    marked: Home, name: str, caplog: pytest.LogCaptureFixture, written: io.StringIO
) -> None:
    caplog.set_level(logging.INFO)
    client = client_of(name)
    for address, answer in answers(name, client):
        text = answer.content.decode() if not answer.streaming else ""
        links = re.findall(r'(?:href|action|src)="([^"]*)"', text)
        assert marks(" ".join([*links, answer.get("Location", "")])) == [], address
        assert marks(str(answer.headers)) == [], address
        if answer.status_code not in (200, 422) or name in NOBODYS:
            assert marks(text) == [], (address, answer.status_code)
        opened = address.startswith("service/999/child/") and address.count("/") == 4
        if not opened and address != "find":
            assert [mark for mark in marks(text) if mark in (FORENAME, SURNAME, *BORN_WRITTEN)] == [], address
        if name in ("member", "improvement", "administrator", "elsewhere", "no-role", "ended"):
            assert [mark for mark in marks(text) if mark in NUMBERS] == [], address
    assert marks(written.getvalue()) == []
    kept = [
        one for one in caplog.records if one.name != "django.request"
    ]  # what is written of those, `written` holds
    assert marks("\n".join(one.getMessage() + str(one.exc_info or "") for one in kept)) == []
    assert marks("".join(str(one.get_decoded()) for one in Session.objects.all())) == []
    assert marks("".join(map(str, [*Grant.objects.values(), *PersonChange.objects.values()]))) == []


def test_a_fault_is_told_by_its_place_only(
    marked: Home, monkeypatch: pytest.MonkeyPatch, written: io.StringIO
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise RuntimeError(f"{SURNAME} {NUMBERS[0]}")

    monkeypatch.setattr(listing, "unallocated_list", fails)
    client = client_of("director")
    client.raise_request_exception = False
    answer = client.get("/service/999/unallocated/?team=Whisperedword")
    assert answer.status_code == 500
    assert marks(answer.content.decode()) == []
    assert client.get("/service/999/unallocated/?format=json").json().keys() == {"refused"}
    said = written.getvalue()
    assert "RuntimeError at" in said
    assert marks(said) == []


def test_errors_of_json_are_json(marked: Home) -> None:
    for address, status in (("/nowhere", 404), ("/service/901/", 403)):
        answer = client_of("director").get(f"{address}?format=json")
        assert (answer.status_code, answer["Content-Type"]) == (status, "application/json")
