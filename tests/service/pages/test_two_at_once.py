"""Two people who enter something at the same moment: the second is told, and nothing of theirs is kept."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from lineofsight.service.models import Link
from lineofsight.service.receive import recipe
from tests.service.homes import Home
from tests.service.pages.test_by_hand import GOOD, REVIEW
from tests.service.pages.test_improvement_pages import BASE, NEW, PLACE, step
from tests.service.pages.test_question_pages import GATE, QUESTION, SAID, STEP, put
from tests.service.pages.test_who_may import _make, client_of

BY_HAND = "/public-record/999/new"
ASKED = "/service/999/questions/"


@pytest.fixture
def both(home: Home) -> tuple[Client, Client]:
    for name in ("dee", "dan"):
        _make(name, [("director", "999", "", "")])
    return client_of("dee"), client_of("dan")


def overtaken(
    monkeypatch: pytest.MonkeyPatch, first: Callable[[], Any], second: Callable[[], Any]
) -> HttpResponse:
    """What the second is answered when the first is recorded between the second's check and its turn."""
    real = recipe.refusals

    def meanwhile(*given: Any) -> Any:
        monkeypatch.setattr(recipe, "refusals", real)
        assert first().status_code == 302
        return real(*given)

    monkeypatch.setattr(recipe, "refusals", meanwhile)
    answer: HttpResponse = second()
    return answer


def check_second(answer: HttpResponse, before: int, says: str) -> None:
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "entry was recorded just before yours" in page
    assert says in page
    assert Link.objects.count() == before + 1


def test_two_record_the_same_step_of_an_action(
    both: tuple[Client, Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    dee, dan = both
    assert dee.post(f"{BASE}new", NEW).status_code == 302
    before = Link.objects.count()
    done = step("2019-03-02", "said done")
    answer = overtaken(
        monkeypatch, lambda: dee.post(f"{PLACE}step", done), lambda: dan.post(f"{PLACE}step", done)
    )
    check_second(answer, before, "It is said done, so it cannot be said done")


def test_two_choose_the_same_name(both: tuple[Client, Client], monkeypatch: pytest.MonkeyPatch) -> None:
    dee, dan = both
    for address, said, says in (
        (f"{BASE}new", NEW, "There is already an action with that name"),
        (f"{ASKED}new", QUESTION, "There is already a question with that name"),
        (BY_HAND, GOOD, "Another statement already has this short name"),
        (
            f"{ASKED}gate",
            {**SAID, "name": "transfer", "on": "2019-01-11"},
            "There is already a readiness check with that name",
        ),
    ):
        before = Link.objects.count()
        answer = overtaken(monkeypatch, partial(dee.post, address, said), partial(dan.post, address, said))
        check_second(answer, before, says)


def test_two_take_steps_that_cannot_both_be_taken(
    both: tuple[Client, Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    dee, dan = both
    put(dee)
    before = Link.objects.count()
    answered = {**SAID, "step": "answered", "on": "2019-03-06"}
    withdrawn = {**SAID, "step": "question withdrawn", "on": "2019-03-06"}
    answer = overtaken(monkeypatch, lambda: dee.post(STEP, answered), lambda: dan.post(STEP, withdrawn))
    check_second(answer, before, "It is answered, so it cannot be question withdrawn")
    passed, held = ({**SAID, "step": name, "on": "2019-03-07"} for name in ("passed", "held back"))
    answer = overtaken(monkeypatch, lambda: dee.post(GATE, passed), lambda: dan.post(GATE, held))
    check_second(answer, before + 1, "It is passed, so it cannot be held back")


def test_a_step_of_a_review_does_not_run_backwards_past_another(
    both: tuple[Client, Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    dee, dan = both
    published = {
        **REVIEW,
        "id": "a",
        "step": "published",
        "said_on": "2024-05-30",
        "about_from": "2024-05-30",
    }
    notified = {**REVIEW, "id": "b", "step": "notified", "said_on": "2024-06-03", "about_from": "2024-06-03"}
    answer = overtaken(monkeypatch, lambda: dee.post(BY_HAND, published), lambda: dan.post(BY_HAND, notified))
    check_second(answer, 0, "so it cannot be notified")
