"""Notices of deliveries and late sources: sent once each, signed, tried again, and with nothing of a child in them."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from django.core import mail

from lineofsight.intake.delivery import NamedBytes
from lineofsight.service.receive import notices, recipe
from lineofsight.service.store import clock, stamps
from lineofsight.vocabulary.identifiers import SourceName
from tests.service.homes import Home
from tests.support.cases import AUTHORITY, describe, moment

CHILD = "C778899"


class Answer:
    """What the other side answered."""

    def __init__(self, status: int) -> None:
        self.status_code, self.ok, self.is_redirect = status, status < 300, 300 <= status < 400


@pytest.fixture
def posted(settings: Any, monkeypatch: pytest.MonkeyPatch) -> list[tuple[bytes, dict[str, str]]]:
    found: list[tuple[bytes, dict[str, str]]] = []

    def post(url: str, *, data: bytes, headers: dict[str, str], **_: object) -> Answer:
        assert url == settings.WEBHOOK_URL
        found.append((data, headers))
        return Answer(204)

    settings.WEBHOOK_URL, settings.WEBHOOK_SECRET = "https://monitor.example/hook", "s"
    monkeypatch.setattr(requests, "post", post)
    return found


@pytest.fixture
def deliver(home: Home) -> Callable[[str], None]:
    describe("nightly")

    def load(day: str) -> None:
        text = f"cine_person_id,cine_referral_id,cine_referral_date\n{CHILD},R1,2025-01-02\n{CHILD},,2025-01-02\n"
        files = [NamedBytes("ssd_cin_episodes.csv", text.encode())]
        recipe.load(
            files, f"{CHILD}.zip", AUTHORITY, SourceName("nightly"), received_at=moment(day), by="tests"
        )

    return load


def test_each_delivery_is_told_once_signed_and_without_a_child(
    deliver: Callable[[str], None], posted: list[tuple[bytes, dict[str, str]]]
) -> None:
    assert notices.tell_new() == 0, "the past is not told"
    deliver("2025-03-01")
    assert notices.tell_new() == 1
    assert notices.tell_new() == 0
    ((body, headers),) = posted
    said = json.loads(body)
    assert (said["event"], said["authority"], said["source"]) == ("delivery read", AUTHORITY, "nightly")
    assert said["counts"]["received"] == 2
    expected = hmac.new(b"s", body, hashlib.sha256).hexdigest()
    assert headers[notices.SIGNATURE] == f"sha256={expected}"
    assert CHILD not in body.decode()


def test_one_that_fails_is_told_again_and_keeps_nobody_waiting(
    deliver: Callable[[str], None],
    posted: list[tuple[bytes, dict[str, str]]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    notices.tell_new()
    deliver("2025-03-01")
    monkeypatch.setattr(requests, "post", lambda *_, **__: Answer(503))
    assert notices.tell_new() == 0
    asked: list[bytes] = []
    monkeypatch.setattr(requests, "post", lambda *_, data, **__: asked.append(data) or Answer(204))
    assert notices.tell_new() == 0, "it waits before it tries again"
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(minutes=1))
    assert notices.tell_new() == 1
    assert len(asked) == 1
    last = stamps.read(notices.TOLD)
    assert last is not None
    assert last.says["failures"] == 0


def test_a_late_source_is_told_once_a_day_and_by_mail_too(
    home: Home, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    describe("nightly", more='expected = "nightly"')
    text = f"cine_person_id,cine_referral_id,cine_referral_date\n{CHILD},R1,2025-01-02\n"
    files = [NamedBytes("ssd_cin_episodes.csv", text.encode())]
    recipe.load(
        files, "a.zip", AUTHORITY, SourceName("nightly"), received_at=moment("2025-03-01"), by="tests"
    )
    settings.MAIL_TO = ["monitor@council.example"]
    monkeypatch.setattr(clock, "now", lambda: datetime(2025, 3, 9, 9, tzinfo=UTC))
    notices.tell_new()
    assert (notices.tell_new(), notices.tell_new()) == (1, 0)
    (message,) = mail.outbox
    assert message.subject == "Line of Sight: source late, nightly"
    assert CHILD not in message.body


def test_nobody_is_told_where_nobody_is_named(home: Home) -> None:
    assert notices.tell_new() == 0
    assert stamps.read(notices.TOLD) is None
