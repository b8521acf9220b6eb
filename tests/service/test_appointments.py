"""People from outside: what an appointment covers, that it ends by itself, and that an auditor meets no child."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.test import Client

from lineofsight.service.access import appointments, people
from lineofsight.service.access.records import open_record
from lineofsight.service.access.roles import PERMITTED, Permission, Role
from lineofsight.service.access.viewer import log_access_by, viewer_of
from lineofsight.service.models import Appointment
from lineofsight.service.receive import recipe
from lineofsight.service.store import clock
from lineofsight.service.store.verify import verify
from lineofsight.vocabulary.identifiers import SourceName
from lineofsight.vocabulary.refusal import Refused
from tests.service.homes import Home, a_statement, filled_once, written
from tests.support.cases import AUTHORITY, describe, moment, night

APPOINTED = {
    "topics": "",
    "begins": "2019-06-10",
    "ends": "2019-12-31",
    "document": "Direction of 10 June 2019",
}


@pytest.fixture
@filled_once
def service(home: Home) -> Home:
    describe()
    night(
        "2019-10-09",
        {
            "cin_episodes": "R1, CHILD77, 2019-01-01, N,,",
            "involvements": "1, CHILD77, W1, CW, TA, 2019-01-05,, R1",
            "professionals": "W1, S1, Social Worker, SW1, 1.0,",
        },
    )
    for name, topic in (("nobody waits", "allocation"), ("every vacancy is filled", "staffing")):
        said = a_statement(
            name.split()[0],
            subject_kind="action",
            subject=f"plan / {name}",
            headline=name,
            topic=topic,
            step="agreed",
            said_on="2019-09-01",
            source_date="2019-09-01",
        )
        recipe.load(
            [written(said)],
            f"{topic}.jsonl",
            AUTHORITY,
            SourceName("by-hand"),
            received_at=moment("2019-09-02"),
            by="tests",
        )
    with transaction.atomic():
        log_access_by("dora", AUTHORITY, ["CHILD77"], "page: child")
    return home


def give(name: str, role: str, **appointment: str) -> User:
    user, _ = User.objects.get_or_create(username=name)
    said = {**APPOINTED, **appointment} if Role(role) in appointments.APPOINTED else None
    people.give_to(user, people.wanted(name, role, AUTHORITY, appointment=said), by="tests")
    return user


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def at(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    now = datetime.fromisoformat(text).replace(tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: now)


def test_access_ends_after_the_last_day_without_anybody_doing_anything(
    service: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in(give("cora", "commissioner"))
    page = "/service/999/obligations/"
    for moment_of_day, status in (
        ("2019-06-09T22:30:00", 403),
        ("2019-06-09T23:30:00", 200),
        ("2019-12-31T23:59:00", 200),
        ("2020-01-01T00:00:00", 403),
    ):
        at(monkeypatch, moment_of_day)
        assert client.get(page).status_code == status, moment_of_day
    person = people.named("cora", AUTHORITY)
    assert person is not None
    assert person["roles"][0]["in_force"] is False
    assert "Outside the days of the appointment" in client.get("/my-access/").content.decode()


@pytest.mark.parametrize("role", ["commissioner", "improvement partner", "safeguarding partnership"])
def test_oversight_is_bounded_to_the_topics_of_the_appointment(service: Home, role: str) -> None:
    client = signed_in(give("cora", role, topics="staffing", ends="9999-01-01"))
    for address in ("/service/999/improvement/", "/service/999/improvement/?format=json"):
        page = client.get(address).content.decode()
        assert "every vacancy is filled" in page, address
        assert "nobody waits" not in page, address
    found = client.get("/public-record/999/statements").content.decode()
    assert "vacancy" not in found, "on public pages they see what anybody sees"
    everything = signed_in(give("paul", role, ends="9999-01-01"))
    assert "nobody waits" in everything.get("/service/999/improvement/").content.decode()


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.WORKER, Role.TEAM_MANAGER, Role.HEAD_OF_SERVICE}))
def test_who_is_not_of_the_service_never_has_a_child_in_scope(service: Home, role: Role) -> None:
    viewer = viewer_of(give("x", role.value, ends="9999-01-01"), AUTHORITY)
    outside = {*appointments.APPOINTED, Role.TRANSITION_LEAD, Role.AUDITOR}
    assert (role in outside) <= (not viewer.may(Permission.CHILDREN) and not viewer.whole)
    assert (role in outside) <= (not viewer.may(Permission.BREAK_GLASS) and not viewer.may(Permission.LOOKS))


@pytest.mark.parametrize(
    ("role", "changes", "field"),
    [
        ("commissioner", {"ends": ""}, "ends"),
        ("commissioner", {"begins": ""}, "begins"),
        ("commissioner", {"begins": "soon"}, "begins"),
        ("commissioner", {"ends": "soon"}, "ends"),
        ("commissioner", {"ends": "2019-06-09"}, "ends"),
        ("commissioner", {"document": " "}, "document"),
        ("commissioner", {"document": "x" * 501}, "document"),
        ("commissioner", {"topics": "gardening"}, "covers"),
        ("director", {"topics": "money"}, "covers"),
        ("director", {"topics": ""}, "begins"),
    ],
)
def test_an_appointment_that_does_not_suffice_is_refused(
    role: str, changes: dict[str, str], field: str
) -> None:
    with pytest.raises(appointments.Missing) as refused:
        people.wanted("a", role, AUTHORITY, appointment={**APPOINTED, **changes})
    assert refused.value.field == field


def test_a_role_that_needs_an_appointment_is_not_given_without_one() -> None:
    with pytest.raises(Refused):
        people.wanted("a", "commissioner", AUTHORITY)


def test_an_appointment_is_sealed_and_never_changes(service: Home) -> None:
    give("cora", "commissioner")
    assert verify().holds
    with pytest.raises(DatabaseError), transaction.atomic():
        Appointment.objects.update(ends_on="9999-01-01")
    with pytest.raises(DatabaseError), transaction.atomic():
        Appointment.objects.all().delete()


def test_an_auditor_proves_the_record_and_meets_no_child(service: Home) -> None:
    client = signed_in(give("alan", "auditor"))
    assert client.get("/service/")["Location"] == "/service/999/audit/"
    page, answer = client.get("/service/999/audit/"), client.get("/service/999/audit/?format=json")
    checked = client.post("/service/999/audit/").content.decode()
    assert "The record holds" in checked
    for content in (page.content.decode(), answer.content.decode(), checked):
        assert "CHILD77" not in content
    found = answer.json()
    assert {one["chain"] for one in found["heads"]} == {"deliveries", "access"}
    assert found["access_log"]["by_person"] == [["dora", 1]]
    assert found["access_log"]["count"] == 1
    assert all(len(one["hash"]) == len(one["sha256"]) == 64 for one in found["deliveries"])
    assert {one["role"] for one in found["roles"]} == {"auditor"}


def test_an_auditors_check_says_what_does_not_hold(service: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    from lineofsight.service.access import audit
    from lineofsight.service.store.verify import Verified
    from lineofsight.service.store.verify_chain import Failure

    monkeypatch.setattr(
        audit.verify, "verify", lambda: Verified("h", "h", 1, [Failure("", "chain", "link 2 was changed")])
    )
    client = signed_in(give("alan", "auditor"))
    page = client.post("/service/999/audit/").content.decode()
    assert "does not hold" in page
    assert "chain: link 2 was changed" in page
    with audit._one_at_a_time:
        assert client.post("/service/999/audit/").status_code == 503


@pytest.mark.parametrize("answer", ["heads", "log_counts", "seals", "roles_history", "check"])
def test_nobody_else_is_given_what_an_auditor_sees(service: Home, answer: str) -> None:
    from lineofsight.service.access import audit

    with pytest.raises(PermissionDenied):
        getattr(audit, answer)(viewer_of(give("dora", "director"), AUTHORITY))
    with pytest.raises(PermissionDenied):
        audit.deliveries(viewer_of(give("dora", "director"), AUTHORITY), open_record(AUTHORITY))


@pytest.mark.parametrize(
    ("role", "page"),
    [
        ("commissioner", "/service/999/"),
        ("improvement partner", "/service/999/"),
        ("safeguarding partnership", "/service/999/obligations/"),
        ("transition lead", "/service/999/"),
        ("auditor", "/service/999/audit/"),
    ],
)
def test_each_role_begins_on_a_page_that_is_theirs_and_shows_no_child(
    service: Home, role: str, page: str
) -> None:
    client = signed_in(give("x", role, ends="9999-01-01"))
    assert client.get("/service/")["Location"] == page
    found: Any = client.get(page)
    assert found.status_code == 200
    assert "CHILD77" not in found.content.decode()


def test_a_role_with_an_appointment_is_given_on_the_page(service: Home) -> None:
    client = signed_in(give("ada", "administrator"))
    asked = {
        "name": "cora",
        "role": "commissioner",
        "covers": ["staffing", "money"],
        "begins": "2019-06-10",
        "ends": "9999-01-01",
        "document": "Direction of 10 June 2019",
    }
    without = client.post("/service/999/people/give/", {**asked, "document": ""})
    assert without.status_code == 422
    assert "Enter the document that appoints them" in without.content.decode()
    check = client.post("/service/999/people/give/", asked).content.decode()
    assert "money, staffing" in check
    assert check.count('name="covers"') == 2
    client.post("/service/999/people/give/", {**asked, "confirmed": "yes"})
    assert viewer_of(User.objects.get(username="cora"), AUTHORITY).topics == ("money", "staffing")
    page = client.get("/service/999/people/of/cora/").content.decode()
    assert "Covers money, staffing" in page
    assert "Direction of 10 June 2019" in page
    assert Permission.OVERSIGHT in PERMITTED[Role.COMMISSIONER]
