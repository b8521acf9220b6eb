"""Children whose rows are due: who is listed and why, what stops it, and that only two people erase."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, connection, transaction
from django.test import Client
from jsonschema import Draft202012Validator

from lineofsight.intake.delivery import NamedBytes
from lineofsight.service.access.handles import handle_of
from lineofsight.service.access.records import open_record
from lineofsight.service.models import AccessLogEntry, ErasureRequest, Grant, Link, Restriction
from lineofsight.service.receive import recipe
from lineofsight.service.store import backup, chain, picture, retention
from lineofsight.service.store.verify import verify
from lineofsight.vocabulary.identifiers import source_name
from tests.contracts.test_schemas import schema
from tests.service.homes import Home, filled_once
from tests.support.cases import AUTHORITY, describe, moment

NIGHT = {
    "ssd_person.csv": "pers_person_id,pers_dob,pers_death_date\n"
    "OLD,1950-06-05,\nLEAP,1952-02-29,\nYOUNG,2010-01-01,\nDIED,1990-01-01,2000-01-01\nNODOB,,\n"
    "NEED,1940-01-01,\nADOPTED,1920-01-01,\nTWICE,1945-01-01,\nOPEN,1945-01-01,\n",
    "ssd_cla_episodes.csv": "clae_person_id,clae_cla_episode_start_date,clae_cla_episode_ceased_date,clae_cla_episode_ceased_reason\n"
    "OLD,1960-01-01,1966-01-01,E3\nLEAP,1960-01-01,1961-01-01,E3\nYOUNG,2012-01-01,2013-01-01,E3\n"
    "DIED,1998-01-01,2000-01-01,E2\nNODOB,1998-01-01,2000-01-01,E3\nADOPTED,1921-01-01,1924-03-05,E11\n"
    "TWICE,1950-01-01,1951-01-01,E3\nTWICE,1955-01-01,1961-01-01,E3\nOPEN,1950-01-01,,\n",
    "ssd_cin_episodes.csv": "cine_person_id,cine_referral_id,cine_referral_date,cine_close_date,cine_close_reason\n"
    "NEED,R1,1950-01-02,1951-01-02,RC9\nADOPTED,R2,1923-01-01,1924-06-01,RC1\nCLOSED,R3,1924-01-01,1926-02-01,RC1\n",
}


def load_night(tables: dict[str, str]) -> recipe.Outcome:
    return recipe.load(
        [NamedBytes(name, text.encode()) for name, text in tables.items()],
        "night",
        AUTHORITY,
        source_name("nightly"),
        received_at=moment("2019-10-08"),
        by="tests",
        confirmed=True,
    )


@pytest.fixture
@filled_once
def old_records(home: Home) -> Home:
    describe()
    load_night(NIGHT)
    return home


def due(home: Home, day: str = "2026-11-27") -> dict[str, Any]:
    done = home.run("retention", "due", "--authority", AUTHORITY, "--as-at", day, "--by", "Ada", "--json")
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    validator: Draft202012Validator = schema("retention-due")
    validator.validate(answer)
    return answer


def since(answer: dict[str, Any]) -> dict[str, str]:
    return {one["child"]: one["due_since"] for one in answer["children"]}


@pytest.mark.databases
def test_children_are_due_by_the_rule_that_keeps_them_longest(old_records: Home) -> None:
    answer = due(old_records)
    assert since(answer) == {
        "DIED": "2015-01-01",
        "TWICE": "2020-01-01",
        "ADOPTED": "2024-03-05",
        "OLD": "2025-06-05",
        "CLOSED": "2026-02-01",  # no day of an order: not before the day on which the case was closed
    }
    assert [one["child"] for one in answer["children"]] == ["DIED", "TWICE", "ADOPTED", "OLD", "CLOSED"]
    because = {one["child"]: one["because"] for one in answer["children"]}
    assert because["DIED"] == "looked after, and died under 18: 15 years from death"
    assert {one["child"]: one["why"] for one in answer["cannot_tell"]} == {
        "NODOB": "the date of birth is not recorded",
        "OPEN": "looked after at any time: 75 years from birth, but an episode has not ended in the record",
    }
    assert (answer["children_counted"], answer["without_rule"], answer["holds"]) == (10, 1, [])
    assert "LEAP" in since(due(old_records, "2027-03-01"))
    assert "LEAP" not in since(due(old_records, "2027-02-28"))
    assert "OLD" not in since(due(old_records, "2025-06-04"))
    assert "OLD" in since(due(old_records, "2025-06-05"))


def test_every_child_listed_is_in_the_access_log(old_records: Home) -> None:
    before = AccessLogEntry.objects.count()
    due(old_records)
    seen = AccessLogEntry.objects.filter(number__gt=before)
    listed = {"DIED", "TWICE", "ADOPTED", "OLD", "CLOSED", "NODOB", "OPEN"}
    assert {one.child for one in seen} == listed
    assert {(one.by, one.channel) for one in seen} == {("Ada", "retention due")}


def test_a_rule_that_the_authority_sets_holds_from_its_day(old_records: Home) -> None:
    arguments = (
        "retention",
        "set-rule",
        "not-looked-after",
        "--authority",
        AUTHORITY,
        "--source",
        "policy 9",
    )
    more = ("--counted-from", "last record", "--by", "Ada", "--from", "2026-12-01")
    assert old_records.run(*arguments, *more, "--years", 35).returncode == 0
    assert "NEED" not in since(due(old_records, "2026-11-30"))
    answer = due(old_records, "2026-12-01")
    assert (since(answer)["NEED"], answer["without_rule"]) == ("1986-01-02", 0)
    refused = old_records.run(*arguments, "--counted-from", "sometime", "--years", 35, "--by", "Ada")
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
    done = old_records.run("retention", "policy", "--authority", AUTHORITY, "--as-at", "2026-12-01", "--json")
    schema("retention-policy").validate(json.loads(done.stdout))
    assert json.loads(done.stdout)["files"]["days"] == 35


def erase(home: Home, child: str, by: str = "Ada", second: str = "Ben") -> Any:
    named = ("--authority", AUTHORITY, "--child", "-", "--by", by, "--second", second)
    return home.run("retention", "erase", *named, stdin=f"{child}\n")


@pytest.mark.databases
def test_two_people_erase_a_child_who_is_due_and_nobody_else(old_records: Home) -> None:
    for child, by, second, why in (
        ("OLD", "Ada", " ada ", "Two people"),
        ("OLD", "Ada", "", "Two people"),
        ("YOUNG", "Ada", "Ben", "not due today"),
        ("NODOB", "Ada", "Ben", "not due today"),
        ("OPEN", "Ada", "Ben", "not due today"),
        ("NOBODY", "Ada", "Ben", "not due today"),
    ):
        done = erase(old_records, child, by, second)
        assert (done.returncode, why in done.stderr) == (2, True), done.stderr
    assert not Link.objects.filter(kind=chain.ERASED).exists()
    done = erase(old_records, "OLD")
    assert done.returncode == 0, done.stderr
    says = chain.body_of(Link.objects.get(kind=chain.ERASED))
    assert says["by"] == "Ada and Ben"
    assert says["ground"] == ("retention rule looked-after (looked after at any time: 75 years from birth)")
    assert "OLD" not in since(due(old_records))
    assert "OLD" not in picture.history(AUTHORITY, "child")["child"].to_list()
    assert verify(each_row=True).holds


def test_a_hold_stops_every_erasure_until_it_ends(old_records: Home) -> None:
    named = ("--authority", AUTHORITY, "--by", "Ada")
    assert old_records.run("retention", "hold", *named, "--why", "an inquiry").returncode == 0
    (hold,) = due(old_records)["holds"]
    assert (hold["why"], hold["by"], hold["delivery"]) == ("an inquiry", "Ada", "")
    done = erase(old_records, "OLD")
    assert (done.returncode, f"Hold {hold['number']} stands" in done.stderr) == (2, True)
    ended = old_records.run("retention", "end-hold", hold["number"], *named, "--why", "it has reported")
    assert ended.returncode == 0, ended.stderr
    assert erase(old_records, "OLD").returncode == 0


def test_a_correction_and_a_second_source_never_make_rows_due_earlier(old_records: Home) -> None:
    corrected = {
        **NIGHT,
        "ssd_person.csv": NIGHT["ssd_person.csv"].replace("OLD,1950-06-05", "OLD,1955-06-05"),
    }
    recipe.load(
        [NamedBytes(name, text.encode()) for name, text in corrected.items()],
        "night", AUTHORITY, source_name("nightly"), received_at=moment("2019-10-09"), by="tests", confirmed=True,
    )  # fmt: skip
    assert "OLD" not in since(due(old_records))
    assert open_record(AUTHORITY).authority == AUTHORITY


# -- on the page ------------------------------------------------------------------------------------


def client_of(name: str, role: str = "director") -> Client:
    user, made = User.objects.get_or_create(username=name)
    if made:
        Grant.objects.create(user=user, role=role, authority=AUTHORITY, given_by="tests", given_at=1)
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


PAGE = f"/service/{AUTHORITY}/records-due/"
DECIDE = f"{PAGE}decide/"


def ask(client: Client, *children: str) -> Any:
    return client.post(PAGE, {"children": [handle_of(AUTHORITY, child) for child in children]})


def text_of(answer: Any) -> str:
    return " ".join(re.sub("<[^>]+>", " ", answer.content.decode()).split())


@pytest.mark.databases
def test_one_person_asks_and_another_erases(old_records: Home) -> None:
    ada, ben = client_of("ada", "analyst"), client_of("ben")
    assert ask(ada, "OLD", "TWICE").status_code == 302
    assert [one.child for one in ErasureRequest.objects.order_by("number")] == ["OLD", "TWICE"]
    assert not Link.objects.filter(kind=chain.ERASED).exists()
    first, second = ErasureRequest.objects.order_by("number").values_list("pk", flat=True)
    assert "You asked for this, so somebody else has to decide." in text_of(ada.get(PAGE))
    own = ada.post(DECIDE, {"number": first, "decision": "erase", "confirmed": "yes"})
    assert (own.status_code, "Somebody else has to decide this" in text_of(own)) == (422, True)
    check = ben.post(DECIDE, {"number": first, "decision": "erase"})
    assert "Check before you erase" in text_of(check)
    assert not Link.objects.filter(kind=chain.ERASED).exists()  # not before it was checked
    assert ben.post(DECIDE, {"number": first, "decision": "erase", "confirmed": "yes"}).status_code == 302
    says = chain.body_of(Link.objects.get(kind=chain.ERASED))
    assert (says["by"], says["ground"]) == (
        "ada and ben",
        "retention rule looked-after (looked after at any time: 75 years from birth)",
    )
    erased = ErasureRequest.objects.get(pk=first)
    assert (erased.child, erased.reason, erased.salt) == (f"erasure {says['number']}", "", "")
    assert (erased.decision, erased.asked_by, erased.decided_by) == ("erased", "ada", "ben")
    again = ben.post(DECIDE, {"number": first, "decision": "erase", "confirmed": "yes"})
    assert (again.status_code, "No request with that number" in text_of(again)) == (422, True)
    assert ben.post(DECIDE, {"number": second, "decision": "keep"}).status_code == 302
    assert ErasureRequest.objects.get(pk=second).decision == "kept"
    assert "TWICE" in picture.history(AUTHORITY, "child")["child"].to_list()
    found = verify(each_row=True)
    assert found.holds, found.failures


@pytest.mark.databases
def test_requests_are_sealed_and_backups_keep_them(
    old_records: Home, tmp_path: Path, new_home: Callable[[str], Home]
) -> None:
    ask(client_of("ada"), "OLD")
    backup.backup(tmp_path / "one.tar")
    restored = new_home("restored")
    done = restored.run("restore", tmp_path / "one.tar")
    assert done.returncode == 0, done.stdout + done.stderr
    with pytest.raises(DatabaseError, match="append-only"):
        ErasureRequest.objects.update(child="YOUNG")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        ErasureRequest.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER service_erasurerequest_no_update" + _on())
        cursor.execute("UPDATE service_erasurerequest SET child = 'YOUNG'")
    assert {failure.part for failure in verify().failures} == {"erasures asked for"}


def _on() -> str:
    return " ON service_erasurerequest" if connection.vendor == "postgresql" else ""


def test_what_is_not_due_held_or_restricted_cannot_be_asked_for(old_records: Home) -> None:
    ada, ben = client_of("ada"), client_of("ben")
    shut = Restriction.objects.create(authority=AUTHORITY, child="OLD", reason="a reason", by="ben", at=1)
    shut.allowed.add(User.objects.get(username="ben"))
    page = text_of(ada.get(PAGE))
    assert "1 more is restricted to named people" in page
    assert " OLD " not in page
    assert " OLD " in text_of(ben.get(PAGE))
    for children in (["OLD"], ["YOUNG"], ["NODOB"], []):
        assert ask(ada, *children).status_code == 422
    assert ask(ben, "OLD").status_code == 302
    number = ErasureRequest.objects.get().pk
    refused = ada.post(DECIDE, {"number": number, "decision": "erase", "confirmed": "yes"})
    assert (refused.status_code, "No request with that number" in text_of(refused)) == (422, True)
    shut.lifted_by, shut.lifted_at = "ben", 2
    shut.save()
    retention.hold(AUTHORITY, "an inquiry", by="Ada")
    assert "nothing may be erased by a rule: an inquiry" in text_of(ada.get(PAGE))
    held = ada.post(DECIDE, {"number": number, "decision": "erase", "confirmed": "yes"})
    assert (held.status_code, "stands: nothing may be erased" in text_of(held)) == (422, True)
    assert ask(ada, "TWICE").status_code == 422
    assert not Link.objects.filter(kind=chain.ERASED).exists()


def test_the_page_logs_the_children_it_shows_and_names_no_child_in_an_address(old_records: Home) -> None:
    before = AccessLogEntry.objects.count()
    answer = client_of("ada").get(PAGE)
    seen = AccessLogEntry.objects.filter(number__gt=before)
    assert {one.child for one in seen} == {"DIED", "TWICE", "ADOPTED", "OLD", "CLOSED", "NODOB", "OPEN"}
    assert {(one.by, one.channel) for one in seen} == {("ada", "page: retention")}
    addresses = re.findall(r'(?:href|action|value)="([^"]*)"', answer.content.decode())
    assert not [one for one in addresses if re.search("OLD|TWICE|NODOB", one)]
    schema("retention-due").validate(client_of("ada").get(f"{PAGE}?format=json").json())
