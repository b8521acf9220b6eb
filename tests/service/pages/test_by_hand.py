"""A statement entered by hand: taken through the same door, or refused at its fields."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from lineofsight.queries import statements as read
from lineofsight.service.access.records import open_record
from lineofsight.service.models import Grant, Link

NEW = "/public-record/928/new"
GOOD = {
    "id": "a-new-one",
    "headline": "Asked in council",
    "kind": "question",
    "says": "A member asked how many were waiting.",
    "subject_kind": "measure",
    "subject": "children without a social worker",
    "topic": ["allocation"],
    "said_by": "A councillor",
    "said_on": "2019-10-10",
    "source_title": "Minutes",
    "source_publisher": "The council",
    "confidence": "read",
}


@pytest.fixture
def administrator(db: None) -> Client:
    client = Client()
    client.force_login(_somebody("amira", "administrator"))
    return client


def _somebody(name: str, role: str, authority: str = "928") -> User:
    user = User.objects.create(username=name)
    Grant.objects.create(user=user, role=role, authority=authority, given_by="tests", given_at=0)
    return user


@pytest.mark.parametrize(
    ("role", "authority", "status"),
    [
        ("member", "928", 403),
        ("worker", "928", 403),
        ("team manager", "928", 403),
        ("director", "999", 403),
        ("analyst", "928", 422),
        ("improvement lead", "928", 422),
        ("director", "928", 422),
    ],
)
def test_only_those_whose_role_permits_it_may_add_one(
    db: None, role: str, authority: str, status: int
) -> None:
    client = Client()
    client.force_login(_somebody("somebody", role, authority))
    assert client.post(NEW, {}).status_code == status
    assert client.get(NEW).status_code == (200 if status == 422 else 403)
    if read.authorities(open_record("928")):
        assert (b"Add a statement" in client.get("/public-record/928/statements").content) == (status == 422)


@pytest.mark.databases
def test_it_is_taken_and_has_its_own_page(administrator: Client) -> None:
    answer = administrator.post(NEW, GOOD)
    assert (answer.status_code, answer["Location"]) == (
        302,
        "/public-record/928/statements/by-hand/a-new-one",
    )
    page = administrator.get(answer["Location"])
    assert b"A member asked how many were waiting." in page.content
    assert Link.objects.get(kind="read").source == "by-hand"
    [version] = read.versions(open_record("928"), "by-hand/a-new-one")
    assert version.topics == ["allocation"]


@pytest.mark.parametrize(
    ("change", "field", "says"),
    [
        ({"source_title": ""}, "source_title", "Add its source"),
        ({"said_on": "2019-02-30"}, "said_on", "cannot be read as a day, month or year"),
        ({"kind": "rumour"}, "kind", "valid choice"),
        ({"kind": "not found"}, "looked_in", "where it was looked for"),
        (
            {"subject_kind": "review", "subject": "The child called Example"},
            "subject",
            "its public code and nothing else",
        ),
        ({"said_on": "2999-01-01"}, "said_on", "after the delivery was received"),
    ],
)
def test_it_is_refused_at_its_field_and_nothing_is_kept(
    administrator: Client, change: dict[str, str], field: str, says: str
) -> None:
    answer = administrator.post(NEW, GOOD | change)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert f'href="#id_{field}"' in answer.content.decode()
    assert not Link.objects.exists()


@pytest.mark.parametrize(
    ("address", "is_link"),
    [
        ("https://example.org/a", True),
        ("HTTP://example.org/a", True),
        ("httpjavascript:alert(1)", False),
        ("javascript:alert(1)", False),
        ("example.org", False),
    ],
)
def test_an_address_becomes_a_link_only_where_it_is_one_of_the_web(
    administrator: Client, address: str, is_link: bool
) -> None:
    page = administrator.get(administrator.post(NEW, GOOD | {"source_address": address})["Location"])
    assert (f'href="{address}"' in page.content.decode()) is is_link


def test_a_short_name_is_used_once(administrator: Client) -> None:
    administrator.post(NEW, GOOD)
    again = administrator.post(NEW, GOOD | {"says": "Something else."})
    assert again.status_code == 422
    assert "Another statement already has this short name" in again.content.decode()
    assert len(read.versions(open_record("928"), "by-hand/a-new-one")) == 1


def test_it_needs_a_sign_in(db: None) -> None:
    answer = Client().post(NEW, GOOD)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/")
    assert not Link.objects.exists()


def test_it_needs_the_form_s_own_token(db: None) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.create(username="ben"))
    assert client.post(NEW, GOOD).status_code == 403


@pytest.mark.databases
def test_ten_wrong_passwords_lock_the_account(db: None) -> None:
    User.objects.create_user("cass", password="right horse battery")
    client = Client()
    for _ in range(10):
        client.post("/sign-in/", {"login": "cass", "password": "wrong"})
    locked = client.post("/sign-in/", {"login": "cass", "password": "right horse battery"})
    assert locked.status_code == 429


def test_an_empty_record_says_that_nothing_is_held(db: None) -> None:
    assert b"Nothing is loaded yet" in Client().get("/").content


REVIEW = {**GOOD, "subject_kind": "review", "subject": "Child Zz", "kind": "official record"}


def told(client: Client, step: str, day: str) -> int:
    id = f"{step}-{day}".replace(" ", "-")
    return client.post(NEW, {**REVIEW, "id": id, "step": step, "said_on": day, "about_from": day}).status_code


def test_a_step_that_runs_backwards_is_refused_and_nothing_is_kept(administrator: Client) -> None:
    assert told(administrator, "published", "2024-05-30") == 302
    before = Link.objects.count()
    assert told(administrator, "notified", "2024-06-03") == 422
    assert told(administrator, "decided to review", "2024-06-03") == 422
    assert Link.objects.count() == before


@pytest.mark.parametrize("kind", ["action", "gate", "question"])
def test_steps_that_are_checked_elsewhere_are_not_entered_here(administrator: Client, kind: str) -> None:
    words = {**GOOD, "subject_kind": kind, "subject": "nobody waits", "step": "proposed"}
    assert administrator.post(NEW, words).status_code == 422
