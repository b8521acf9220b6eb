"""Actions on pages: read as at a day, taken step by step in order by whoever may, and nothing kept of what may not be."""

from __future__ import annotations

import hashlib
import io
import zipfile
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lineofsight.oversight.improvement import ACTION
from lineofsight.queries import improvement as read
from lineofsight.queries import statements
from lineofsight.queries.record import View
from lineofsight.queries.statements import handle_of
from lineofsight.service.access.records import open_record
from lineofsight.service.access.view import present
from lineofsight.service.models import Link
from lineofsight.service.pages.improvement.stating import SIGNING
from lineofsight.service.store import blobs
from tests.service.homes import Home, keeps_to_its_schema
from tests.service.pages.test_who_may import _make, client_of
from tests.support.cases import describe, night

NAME = "nobody-waits"
BASE = "/service/999/improvement/"
PLACE = f"{BASE}{handle_of(NAME)}/"
NEW = {
    "name": NAME,
    "headline": "Nobody waits for a worker",
    "step": "agreed",
    "says": "The director agreed to it.",
    "owner": "director of children's services",
    "due_on": "2019-12",
    "test": "unallocated: none for 1 week",
    "on": "2019-02-01",
    "said_by": "director of children's services",
    "source_title": "Improvement plan",
    "source_publisher": "Northshire Council",
}
QUESTION = {
    "name": "what-it-costs",
    "headline": "What will the worker cost?",
    "asked_of": "the cabinet",
    "on": "2019-01-10",
    "says": "It was asked.",
    "said_by": "the board",
    "source_title": "Minutes",
    "source_publisher": "Northshire Council",
}
ROLES = {
    "mia": "team manager",
    "ana": "analyst",
    "dee": "director",
    "imp": "improvement lead",
    "mem": "member",
    "adm": "administrator",
}
EPISODES = "R1, C1, 2019-01-01, N,,\nR2, C2, 2019-02-01, N,,"
INVOLVEMENTS = "1, C1, W1, CW, TA, 2019-01-05,, R1\n2, C2, W2, CW, TB, 2019-03-05,, R2"
WORKERS = "W1, S1, Social Worker, SW1, 1.0,\nW2, S2, Social Worker, SW2, 1.0,"


@pytest.fixture
def people(home: Home) -> dict[str, Client]:
    for name, role in ROLES.items():
        _make(name, [(role, "999", "TA" if role == "team manager" else "", "")])
    return {name: client_of(name) for name in ROLES}


def step(on: str, name: str, **said: Any) -> dict[str, Any]:
    return {
        "step": name,
        "on": on,
        "says": f"It was {name}.",
        "said_by": "the head of quality",
        "source_title": "Minutes",
        "source_publisher": "Northshire Council",
        **said,
    }


def stands(day: str = "2019-12-01") -> str | None:
    one = read.action(
        open_record("999"), View(date.fromisoformat(day), present()), date.fromisoformat(day), NAME
    )
    return one.standing if one else None


def deliveries() -> int:
    return Link.objects.count()


def a_document() -> bytes:
    """A Word file, which is a zip inside and is kept whole."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
    return held.getvalue()


def test_an_action_goes_from_its_finding_to_its_sign_off(people: dict[str, Client]) -> None:
    added = people["imp"].post(f"{BASE}new", NEW)
    assert (added.status_code, added["Location"]) == (302, f"{PLACE}?as_at=2019-02-01")
    content = a_document()
    given = step("2019-03-01", "evidence given", file=SimpleUploadedFile("a child's name.docx", content))
    assert people["imp"].post(f"{PLACE}step", given).status_code == 302
    assert people["imp"].post(f"{PLACE}step", step("2019-03-02", "said done")).status_code == 302
    assert (
        people["ana"]
        .post(f"{PLACE}step", step("2019-03-03", "signed off", said_by="the independent chair"))
        .status_code
        == 302
    )
    assert stands() == "signed off"
    sha256 = hashlib.sha256(content).hexdigest()
    assert blobs.path_of(sha256).read_bytes() == content
    page = people["mia"].get(f"{PLACE}?as_at=2019-12-01").content.decode()
    assert sha256[:12] in page
    assert "a child" not in page
    assert people["mia"].get(f"{PLACE}evidence/{sha256}").content == content
    assert people["mia"].get(f"{PLACE}evidence/{'0' * 64}").status_code == 404
    assert "agreed" in people["mia"].get(f"{PLACE}?as_at=2019-02-15&format=json").json()["standing"]


BEFORE: dict[str, list[str]] = {
    "agreed": [],
    "evidenced": ["evidence given"],
    "said done": ["said done"],
    "signed off": ["said done", "signed off"],
    "dropped": ["dropped"],
}


@pytest.mark.parametrize("standing", BEFORE)
@pytest.mark.parametrize("name", ROLES)
def test_a_step_in_the_wrong_order_or_by_the_wrong_role_is_refused_and_nothing_kept(
    people: dict[str, Client], standing: str, name: str
) -> None:
    people["imp"].post(f"{BASE}new", NEW)
    for at, one in enumerate(BEFORE[standing]):
        by = {"signed off": "the independent chair"}.get(one, "the head of quality")
        taken = people["ana" if one in SIGNING else "imp"].post(
            f"{PLACE}step", step(f"2019-03-0{at + 1}", one, said_by=by, evidence="in the minutes")
        )
        assert taken.status_code == 302
    before, role = deliveries(), ROLES[name]
    for one in ACTION.steps:
        if ACTION.can_step(standing, one):
            continue
        answer = people[name].post(
            f"{PLACE}step", step("2019-04-01", one, owner="x", due_on="2020", evidence="x", said_by="x")
        )
        may = (
            role == "director"
            or (role == "analyst" and one in SIGNING)
            or (role == "improvement lead" and one not in SIGNING)
        )
        assert answer.status_code == (422 if may else 403), one
        if may:
            assert f"It is {standing}, so it cannot be {one}" in answer.content.decode()
    assert deliveries() == before
    assert stands() == standing


@pytest.mark.parametrize(
    ("who", "said_by", "says"),
    [
        ("ana", "director of children's services", "owner cannot"),
        ("ana", "the head of quality", "said that it is done"),
        ("dee", "the independent chair", "said that it is done"),
        ("ana", "", "Say who signs it off|cannot sign|has no said_by"),
    ],
)
def test_nobody_signs_off_their_own(people: dict[str, Client], who: str, said_by: str, says: str) -> None:
    people["imp"].post(f"{BASE}new", NEW)
    people["dee"].post(f"{PLACE}step", step("2019-03-02", "said done"))
    before = deliveries()
    answer = people[who].post(f"{PLACE}step", step("2019-03-03", "signed off", said_by=said_by))
    assert answer.status_code == 422
    assert any(part in answer.content.decode() for part in says.split("|"))
    assert deliveries() == before


def test_sustained_is_measured_by_the_record(people: dict[str, Client]) -> None:
    people["imp"].post(f"{BASE}new", NEW)
    people["imp"].post(f"{PLACE}step", step("2019-03-02", "said done"))
    people["ana"].post(f"{PLACE}step", step("2019-03-03", "signed off", said_by="the independent chair"))
    refused = people["ana"].post(f"{PLACE}step", step("2019-03-08", "sustained")).content.decode()
    assert "has not been shown to hold" in refused
    describe()
    night("2019-03-20", {"cin_episodes": EPISODES, "involvements": INVOLVEMENTS, "professionals": WORKERS})
    refused = people["ana"].post(f"{PLACE}step", step("2019-03-08", "sustained")).content.decode()
    assert "not yet long enough" in refused
    assert people["ana"].post(f"{PLACE}step", step("2019-03-15", "sustained")).status_code == 302
    assert stands("2019-03-16") == "sustained"
    page = people["mia"].get(f"{PLACE}?as_at=2019-03-16").content.decode()
    assert "<svg" in page


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"name": ""}, "short name"),
        ({"step": "sustained"}, "cannot be sustained"),
        ({"step": "met"}, "Choose the step"),
        ({"owner": ""}, "Enter the post that owns"),
        ({"due_on": ""}, "Enter when the action is due"),
        ({"due_on": "soon"}, "cannot be read as a day, month or year"),
        ({"test": "it is better"}, "not a test that can be measured"),
        ({"on": "2999-01-01"}, "2200|in the future"),
        ({"on": "2199-01-01"}, "in the future"),
        ({"source_title": ""}, "source"),
    ],
)
def test_an_action_that_cannot_be_is_refused_and_nothing_kept(
    people: dict[str, Client], change: dict[str, str], says: str
) -> None:
    answer = people["dee"].post(f"{BASE}new", NEW | change)
    assert answer.status_code == 422
    assert any(part in answer.content.decode() for part in says.split("|"))
    assert not Link.objects.exists()


def test_a_name_is_used_once_and_a_day_is_not_before_the_last_step(people: dict[str, Client]) -> None:
    people["imp"].post(f"{BASE}new", NEW)
    assert (
        "There is already an action with that name" in people["imp"].post(f"{BASE}new", NEW).content.decode()
    )
    early = people["imp"].post(f"{PLACE}step", step("2019-01-01", "said done"))
    assert (early.status_code, "that day or a later one" in early.content.decode()) == (422, True)


def test_a_step_is_not_taken_by_the_form_for_any_statement(people: dict[str, Client]) -> None:
    said = {
        "id": "x",
        "subject_kind": "action",
        "subject": NAME,
        "step": "signed off",
        "says": "Done.",
        "said_by": "x",
        "kind": "claim",
        "said_on": "2019-01-01",
        "source_title": "t",
        "source_publisher": "p",
    }
    answer = people["dee"].post("/public-record/999/new", said)
    assert (
        answer.status_code,
        "on its own page of the service" in answer.content.decode(),
    ) == (422, True)
    assert not Link.objects.exists()


def test_every_page_is_there_before_anything_is_and_answers_as_its_schema_says(
    people: dict[str, Client],
) -> None:
    for name, words in (
        ("improvement", "No actions had been added"),
        ("obligations", "No promise made by this day"),
        ("questions", "Nobody had asked a question"),
    ):
        assert words in people["dee"].get(f"/service/999/{name}/").content.decode()
    people["imp"].post(f"{BASE}new", NEW)
    for name in ("improvement", "obligations", "questions"):
        page = people["dee"].get(f"/service/999/{name}/?as_at=2020-02-01")
        assert page.status_code == 200
        keeps_to_its_schema(
            name, people["dee"].get(f"/service/999/{name}/?as_at=2020-02-01&format=json").json()
        )
    listed = (
        people["mia"].get("/service/999/obligations/?as_at=2020-02-01&kind=action&year=2019").content.decode()
    )
    assert "Nobody waits for a worker" in listed
    assert "Overdue" in listed
    assert (
        "<strong>0</strong> of 1"
        in people["mia"].get("/service/999/obligations/?as_at=2020-02-01&kind=undertaking").content.decode()
    )


def test_an_authoritys_own_plan_is_shown_to_its_roles_and_to_nobody_else(people: dict[str, Client]) -> None:
    """What is entered there is a statement; that does not make it public."""
    assert people["imp"].post(f"{BASE}new", NEW).status_code == 302
    assert people["imp"].post("/service/999/questions/new", QUESTION).status_code == 302
    references = [one.reference for one in statements.statements(open_record("999"), View(None, present()))]
    assert len(references) == 2
    for name, client in {**people, "nobody": Client()}.items():
        role = name in ("mia", "ana", "dee", "imp")
        for reference in references:
            shown = client.get(f"/public-record/999/statements/{reference}")
            assert (name, shown.status_code) == (name, 200 if role else 404)
            told = client.get(f"/public-record/999/statements/{reference}?format=json&as_at=2019-12-01")
            assert (name, told.status_code) == (name, 200 if role else 404)
        for place in (
            "statements",
            "statements?q=worker",
            "statements?format=json",
            "",
            "registers?format=json",
        ):
            page = client.get(f"/public-record/999/{place}", follow=True).content.decode()
            assert role or not any(one in page for one in (*references, "Nobody waits for a worker")), (
                name,
                place,
            )
