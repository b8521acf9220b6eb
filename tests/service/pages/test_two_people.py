"""No one person opens children: roles and resets are confirmed by a second, and nobody learns another's password."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.test import Client

from lineofsight.service.access import appointments, confirming, one_time, people, second_steps
from lineofsight.service.access.roles import PERMITTED, SCOPED, Permission, Role
from lineofsight.service.access.viewer import authorities_of
from lineofsight.service.models import Grant, OneTimeLink, PersonChange, RoleRequest
from lineofsight.service.store.verify import verify
from tests.service.homes import Home, filled_once
from tests.service.test_access import AUTHORITY, somebody

NEW = "another horse battery"


@pytest.fixture(autouse=True)
@filled_once
def _people(home: Home) -> None:
    for name, role in (
        ("ada", "administrator"),
        ("ben", "administrator"),
        ("dora", "director"),
        ("lea", "improvement lead"),
    ):
        somebody(name, role)


def signed_in(name: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=name), backend="django.contrib.auth.backends.ModelBackend")
    return client


def ask(name: str, role: str, by: str = "ada", **bounds: str) -> str:
    form = {"name": name, "role": role, "confirmed": "yes", **bounds}
    return signed_in(by).post("/service/999/people/give/", form).content.decode()


def decide(by: str, decision: str = "confirm", number: int | None = None) -> Any:
    one = RoleRequest.objects.order_by("-number").values_list("number", flat=True).first()
    return signed_in(by).post(
        "/service/999/people/requests/", {"number": number or one, "decision": decision}
    )


def roles(name: str) -> list[str]:
    return list(Grant.objects.filter(user__username=name, ended_at=None).values_list("role", flat=True))


def link_for(name: str, by: str = "ada") -> str:
    answer = (
        signed_in(by)
        .post(f"/service/999/people/of/{name}/", {"action": "link", "confirmed": "yes"})
        .content.decode()
    )
    found = re.search(r"/sign-in/choose/[\w-]+/", answer)
    return found[0] if found else ""


def code_in(answer: Any) -> str:
    found = re.search(r"<code>([A-Z0-9]{8})</code>", answer.content.decode())
    return found[1] if found else ""


def choose(link: str, code: str = "", password: str = NEW) -> int:
    return Client().post(link, {"code": code, "password": password, "again": password}).status_code


@pytest.mark.parametrize("role", Role)
def test_a_role_that_opens_children_or_grants_roles_waits_for_a_second_person(role: Role) -> None:
    bound = {"team": {"team": "TA"}, "worker": {"worker": "W1"}}
    bounds = bound.get(SCOPED.get(role, ""), {})
    if role in appointments.APPOINTED:
        bounds = {"begins": "2019-06-10", "ends": "9999-01-01", "document": "A direction"}
    ask("new", role.value, **bounds)
    opens = PERMITTED[role] & {
        Permission.CHILDREN,
        Permission.PEOPLE,
        Permission.CONFIRM_ROLES,
        Permission.LOOKS,
    }
    assert roles("new") == ([] if opens else [role.value])
    assert (role in confirming.GUARDED) == bool(opens)
    assert User.objects.get(username="new").has_usable_password() is False


@pytest.mark.parametrize("by", ["ada", "new", "lea"])
def test_neither_the_asker_nor_the_receiver_nor_anybody_else_confirms(by: str) -> None:
    somebody("new", "administrator")
    ask("new", "director")
    assert decide(by).status_code in (403, 422)
    assert roles("new") == ["administrator"]


@pytest.mark.parametrize("by", ["ben", "dora"])
def test_a_second_person_confirms_and_only_link_and_code_together_open_the_account(by: str) -> None:
    ask("new", "director")
    assert link_for("new") == ""
    answer = decide(by)
    code = code_in(answer)
    assert roles("new") == ["director"]
    assert code
    assert link_for("new", by="ben") == "" or by != "ben"
    link = link_for("new", by="ada")
    assert choose(link) == 422
    assert choose(link, "AAAAAAAA") == 422
    assert choose(link, code.lower(), "short") == 422
    assert choose(link, code) == 302
    assert choose(link, code) == 410
    assert User.objects.get(username="new").check_password(NEW)
    assert link_for("new") == ""
    assert verify().failures == []


def test_five_wrong_codes_end_a_link_and_a_new_link_ends_the_old() -> None:
    ask("new", "director")
    code = code_in(decide("dora"))
    first = link_for("new")
    second = link_for("new")
    assert Client().get(first).status_code == 410
    for _ in range(5):
        choose(second, "AAAAAAAA")
    assert choose(second, code) == 410
    assert OneTimeLink.objects.filter(ended_at=None).count() == 0


def test_a_link_made_before_a_later_reset_does_not_stand() -> None:
    """Whoever holds the link and its code may be who the reset is meant to keep out."""
    ask("new", "director")
    code = code_in(decide("dora"))
    link = link_for("new")
    signed_in("ada").post("/service/999/people/of/new/", {"action": "password", "confirmed": "yes"})
    later = code_in(decide("dora"))
    assert later != code
    assert [choose(link, given) for given in (code, later)] == [410, 410]


def test_a_link_ends_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    ask("new", "member")
    link = link_for("new")
    assert Client().get(link).status_code == 200
    later = one_time._now() + 5 * 3_600_000_000
    monkeypatch.setattr(one_time, "_now", lambda: later)
    assert Client().get(link).status_code == 410


def test_the_administrators_hold_on_a_members_account_ends_when_it_is_given_children() -> None:
    """An administrator makes a member, chooses its password by the link, and has it made director."""
    ask("new", "member")
    assert choose(link_for("new"), password="known to ada alone") == 302
    Authenticator.objects.create(user=User.objects.get(username="new"), type="totp", data={})
    held = signed_in("new")
    assert held.get("/my-access/").status_code == 200
    ask("new", "director")
    code = code_in(decide("dora"))
    assert not User.objects.get(username="new").has_usable_password()
    assert not Authenticator.objects.filter(user__username="new").exists()
    assert held.get("/my-access/")["Location"].startswith("/sign-in/")
    assert choose(link_for("new")) == 422
    assert code


@pytest.mark.parametrize("action", ["password", "reset"])
def test_resetting_somebody_who_sees_children_takes_two_ends_sessions_and_is_told(action: str) -> None:
    user = User.objects.get(username="dora")
    user.set_password("the right horse battery")
    user.save()
    Authenticator.objects.create(user=user, type="totp", data={})
    held = signed_in("dora")
    signed_in("ada").post("/service/999/people/of/dora/", {"action": action, "confirmed": "yes"})
    assert held.get("/my-access/").status_code == 200
    assert decide("dora").status_code == 422
    assert decide("ada").status_code == 422
    assert decide("ben").status_code == 200
    assert held.get("/my-access/")["Location"].startswith("/sign-in/")
    page = signed_in("dora").get("/my-access/").content.decode()
    assert "by ada and ben" in page
    assert "your account" in page
    somebody("dan", "director")
    assert "by ada and ben" in signed_in("dan").get("/my-access/").content.decode()
    number = PersonChange.objects.order_by("-number").values_list("number", flat=True)[0]
    signed_in("dora").post("/my-access/notices-read/", {"number": number})
    assert "Changes to accounts" not in signed_in("dora").get("/my-access/").content.decode()


def test_no_page_of_an_administrator_holds_a_password() -> None:
    pages = [ask("new", "member"), ask("new2", "director")]
    for action in ("password", "link"):
        answer = signed_in("ada").post("/service/999/people/of/new/", {"action": action, "confirmed": "yes"})
        pages.append(answer.content.decode())
    assert not any("assword for" in page for page in pages)
    assert not User.objects.get(username="new").has_usable_password()


def test_what_was_asked_is_not_carried_out_for_an_asker_who_has_left_or_too_late() -> None:
    ask("new", "director")
    people.end(Grant.objects.get(user__username="ada").number, AUTHORITY, by="ben")
    assert decide("dora").status_code == 422
    assert roles("new") == []
    assert decide("dora", "turn-down").status_code == 200
    assert decide("dora").status_code == 422


def test_a_confirmation_is_not_replayed_nor_made_by_get_nor_elsewhere() -> None:
    ask("new", "director")
    number = RoleRequest.objects.get().number
    signed_in("dora").get(f"/service/999/people/requests/?number={number}&decision=confirm")
    assert roles("new") == []
    assert decide("dora").status_code == 200
    people.end(Grant.objects.get(user__username="new").number, AUTHORITY, by="ben")
    assert decide("dora", number=number).status_code == 422
    assert roles("new") == []
    assert (
        signed_in("dora")
        .post("/service/901/people/requests/", {"number": number, "decision": "confirm"})
        .status_code
        == 403
    )


def test_the_shell_can_give_a_role_and_the_grant_says_so(home: Home) -> None:
    ran = home.run(
        "person", "sue", "--role", "director", "--authority", AUTHORITY, "--by", "ben", stdin=f"{NEW}\n"
    )
    assert ran.returncode == 0, ran.stderr
    assert Grant.objects.get(user__username="sue").given_by.startswith("command line (")


def test_a_code_is_taken_once_by_workers_at_once(home: Home) -> None:
    program = (
        "from django.contrib.auth.models import User\n"
        "from lineofsight.service.access.second_steps import use_once\n"
        "print(use_once(User.objects.get(username='ada'), '123456'))\n"
    )
    started = [home.python(program) for _ in range(3)]
    assert sorted(one.communicate()[0].strip() for one in started) == ["False", "False", "True"]
    assert not second_steps.use_once(User.objects.get(username="ada"), "123456")


def test_wrong_old_passwords_are_counted_and_stopped() -> None:
    user = User.objects.get(username="ada")
    user.set_password("the right horse battery")
    user.save()
    client = signed_in("ada")
    for _ in range(10):
        client.post("/my-access/password/", {"oldpassword": "wrong", "password1": NEW, "password2": NEW})
    form = {"oldpassword": "the right horse battery", "password1": NEW, "password2": NEW}
    assert client.post("/my-access/password/", form).status_code == 200
    assert User.objects.get(username="ada").check_password("the right horse battery")


def test_many_names_from_one_address_are_stopped() -> None:
    user = User.objects.get(username="lea")
    user.set_password(NEW)
    user.save()
    for number in range(50):
        Client().post("/sign-in/", {"login": f"name{number}", "password": "wrong"})
    assert Client().post("/sign-in/", {"login": "lea", "password": NEW}).status_code != 302
    other = Client(REMOTE_ADDR="10.0.0.9")
    assert other.post("/sign-in/", {"login": "lea", "password": NEW}).status_code == 302


def test_two_steps_are_asked_by_default_of_whoever_sees_children() -> None:
    import os
    import subprocess
    import sys

    plain = {name: value for name, value in os.environ.items() if name != "LINEOFSIGHT_MFA"}
    program = "from lineofsight.service import settings; print(settings.MFA_REQUIRED)"
    ran = subprocess.run(
        [sys.executable, "-c", program], env=plain, capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "True"
    for role in confirming.GUARDED:
        assert PERMITTED[role] & set(people._NEEDS_SECOND_STEP)


def test_without_a_second_step_nothing_opens_where_it_is_required(settings: Any) -> None:
    settings.MFA_REQUIRED = True
    client = signed_in("dora")
    for address in (
        "/service/999/",
        "/service/999/unallocated/",
        "/my-access/",
        "/service/999/people/requests/",
    ):
        assert client.get(address)["Location"] == "/my-access/second-step/make/"
    assert authorities_of(User.objects.get(username="dora"), Permission.CHILDREN) == ["999"]
