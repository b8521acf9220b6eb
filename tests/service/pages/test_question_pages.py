"""Questions put, answered and waived on pages, and a gate that cannot be passed silently."""

from __future__ import annotations

import pytest
from django.test import Client

from lineofsight.queries.statements import handle_of
from lineofsight.service.models import Link
from tests.service.homes import Home
from tests.service.pages.test_who_may import _make, client_of

BASE = "/service/999/questions/"
SAID = {
    "says": "It was said.",
    "said_by": "the scrutiny committee",
    "source_title": "Minutes",
    "source_publisher": "Northshire Council",
}
QUESTION = {
    **SAID,
    "name": "what-it-costs",
    "headline": "What will it cost?",
    "asked_of": "the cabinet",
    "due_on": "2019-02",
    "on": "2019-01-10",
}
STEP = f"{BASE}{handle_of('what-it-costs')}/step"
GATE = f"{BASE}gate/{handle_of('transfer')}/step"


@pytest.fixture
def director(home: Home) -> Client:
    _make("dee", [("director", "999", "", "")])
    return client_of("dee")


def standing(client: Client, day: str) -> list[str]:
    said = client.get(f"{BASE}?as_at={day}&format=json").json()
    return [one["standing"] for one in (*said["questions"], *said["gates"])]


def put(client: Client) -> None:
    assert client.post(f"{BASE}new", QUESTION).status_code == 302
    reference = (
        client.get(f"{BASE}?as_at=2019-02-01&format=json")
        .json()["questions"][0]["statements"][0]["reference"]
        .partition("/")[2]
    )
    gate = {**SAID, "name": "transfer", "headline": "The transfer", "bears_on": reference, "on": "2019-01-11"}
    assert client.post(f"{BASE}gate", gate).status_code == 302


def test_a_gate_is_passed_when_its_question_is_answered(director: Client) -> None:
    put(director)
    before = Link.objects.count()
    refused = director.post(GATE, {**SAID, "step": "passed", "on": "2019-03-05"})
    assert (refused.status_code, Link.objects.count()) == (422, before)
    assert "1 of its questions is open" in refused.content.decode()
    assert standing(director, "2019-03-05") == ["overdue", "set"]
    assert director.post(STEP, {**SAID, "step": "answered", "on": "2019-03-06"}).status_code == 302
    again = director.post(STEP, {**SAID, "step": "answered", "on": "2019-03-06"})
    assert "It is answered, so it cannot be answered" in again.content.decode()
    assert director.post(GATE, {**SAID, "step": "passed", "on": "2019-03-07"}).status_code == 302
    assert standing(director, "2019-03-07") == ["answered", "passed"]
    assert "What will it cost?" in director.get(f"{BASE}?as_at=2019-03-07").content.decode()


def test_a_question_is_waived_by_name_and_with_why(director: Client) -> None:
    put(director)
    for change, says in (
        ({"question": "another"}, "Choose the question"),
        ({"says": " "}, "Say why"),
        ({"on": "2019-01-01"}, "that day or a later one"),
        ({"step": "gate set"}, "cannot be gate set"),
        ({"step": "met"}, "Choose the step"),
    ):
        answer = director.post(
            GATE, {**SAID, "step": "waived", "question": "what-it-costs", "on": "2019-03-05", **change}
        )
        assert (answer.status_code, says in answer.content.decode()) == (422, True), says
    assert (
        director.post(
            GATE, {**SAID, "step": "waived", "question": "what-it-costs", "on": "2019-03-05"}
        ).status_code
        == 302
    )
    assert director.post(GATE, {**SAID, "step": "passed", "on": "2019-03-06"}).status_code == 302
    assert (
        "Waived: What will it cost?, by the scrutiny committee"
        in director.get(f"{BASE}?as_at=2019-03-07").content.decode()
    )


def test_what_was_not_found_says_where_it_was_looked_for(director: Client) -> None:
    put(director)
    said = {**SAID, "step": "none found", "on": "2019-03-05"}
    assert director.post(STEP, said).status_code == 422
    assert director.post(STEP, {**said, "looked_in": "the minutes of the cabinet"}).status_code == 302
    assert standing(director, "2019-03-05") == ["overdue", "set"]
    assert "the minutes of the cabinet" in director.get(f"{BASE}?as_at=2019-03-07").content.decode()


def test_a_name_is_used_once(director: Client) -> None:
    put(director)
    assert (
        "There is already a question with that name" in director.post(f"{BASE}new", QUESTION).content.decode()
    )
    again = director.post(f"{BASE}gate", {**SAID, "name": "Transfer", "headline": "x", "on": "2019-01-11"})
    assert "There is already a readiness check with that name" in again.content.decode()
    assert "short name" in director.post(f"{BASE}new", {**QUESTION, "name": ""}).content.decode()
