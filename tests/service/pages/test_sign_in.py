"""Signing in: a password, a second step, what comes first, and the organisation's own server."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.contrib.auth.models import AnonymousUser, User
from django.test import Client, RequestFactory
from django.urls import NoReverseMatch, reverse

from lineofsight.service.access import people
from lineofsight.service.access import provider_sessions as sessions
from lineofsight.service.access.provider_roles import roles_given
from lineofsight.service.access.roles import Role
from lineofsight.service.models import Grant, PersonChange
from lineofsight.service.pages.sign_in.adapters import Elsewhere, SecondSteps
from lineofsight.vocabulary.identifiers import AuthorityCode

pytestmark = pytest.mark.usefixtures("home")

PASSWORD = "right horse battery"
MAKE, CODES = "/my-access/second-step/make/", "/my-access/second-step/codes/"


def somebody(role: str = "director") -> User:
    user = User.objects.create_user("amira", password=PASSWORD)
    people.give_to(user, people.wanted("amira", role, AuthorityCode("999")), by="tests")
    return user


def sign_in(client: Client, password: str = PASSWORD, **more: str) -> Any:
    return client.post("/sign-in/", {"login": "amira", "password": password, **more})


def code_for(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def make_second_step(client: Client) -> str:
    again = client.get(MAKE)["Location"]
    assert again.startswith("/sign-in/again/"), "the password is asked for again first"
    answer = client.post(again, {"password": PASSWORD}, follow=True)
    assert answer.status_code == 200
    page = answer.content.decode()
    found = re.search(r"<code>([A-Z2-7]+)</code>", page)
    assert found, page
    assert "<svg" in page
    assert "style=" not in page
    assert client.post(MAKE, {"code": code_for(found[1])}).status_code == 302
    return found[1]


def test_a_password_signs_in_and_the_address_asked_for_is_shown() -> None:
    somebody()
    client = Client()
    assert client.get("/my-access/")["Location"] == "/sign-in/?next=/my-access/"
    assert sign_in(client, next="/my-access/")["Location"] == "/my-access/"
    assert b"signed in as amira" in client.get("/my-access/").content
    assert sign_in(Client(), next="https://example.org/")["Location"] == "/service/"


def test_a_wrong_password_says_so_and_repeats_neither() -> None:
    somebody()
    page = sign_in(Client(), "Peregrine wrong")
    assert page.status_code == 200
    assert b"The name or the password is wrong" in page.content
    assert b"Peregrine" not in page.content


def test_a_second_step_is_made_without_a_script_and_then_asked_for() -> None:
    somebody()
    client = Client()
    sign_in(client)
    secret = make_second_step(client)
    kept = Authenticator.objects.get(type="totp").data["secret"]
    assert secret not in kept, "it lies in the database encrypted"
    codes = re.findall(r"<code>(\d+)</code>", client.get(CODES).content.decode())
    assert len(codes) == 10

    again = Client()
    assert sign_in(again)["Location"].startswith("/sign-in/code/")
    assert again.get("/my-access/").status_code == 302, "a password alone is not enough"
    assert again.post("/sign-in/code/", {"code": "000000"}).status_code == 200
    assert again.post("/sign-in/code/", {"code": code_for(secret)})["Location"] == "/service/"
    third = Client()
    sign_in(third)
    assert third.post("/sign-in/code/", {"code": codes[0]}).status_code == 302
    fourth = Client()
    sign_in(fourth)
    assert fourth.post("/sign-in/code/", {"code": codes[0]}).status_code == 200, (
        "a recovery code is good once"
    )


def test_ten_wrong_codes_lock_the_account() -> None:
    somebody()
    client = Client()
    sign_in(client)
    secret = make_second_step(client)
    guessing = Client()
    sign_in(guessing)
    answers = [guessing.post("/sign-in/code/", {"code": "000000"}).status_code for _ in range(10)]
    assert answers[-1] == 429
    assert guessing.post("/sign-in/code/", {"code": code_for(secret)}).status_code != 302
    assert sign_in(Client()).status_code == 429


def test_where_it_is_required_a_second_step_comes_before_anything(settings: Any) -> None:
    settings.MFA_REQUIRED = True
    somebody()
    client = Client()
    sign_in(client)
    for address in ("/service/", "/service/999/", "/my-access/", "/"):
        assert client.get(address)["Location"] == MAKE, address
    make_second_step(client)
    assert client.get("/my-access/").status_code == 200


def test_whom_the_organisations_server_signed_in_has_made_theirs_there(settings: Any) -> None:
    settings.MFA_REQUIRED, settings.OIDC_RECHECK_SECONDS = True, 60
    user = somebody()
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session["account_authentication_methods"] = [{"method": "socialaccount", "at": 1.0}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    assert client.get("/my-access/")["Location"] == "/sign-in/", (
        "nothing shows that the server still knows them"
    )

    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session["account_authentication_methods"] = [{"method": "socialaccount", "at": 1.0}]
    session["account_authentication_methods_user"] = str(user.pk)
    session["provider_session"] = sessions.begin(
        user, issuer="i", subject="s", sid="", tokens=sessions.Tokens("a", "r")
    )
    session.save()
    assert client.get("/my-access/").status_code == 200


@pytest.mark.parametrize("role", ["member", "improvement lead"])
def test_who_sees_no_child_needs_no_second_step(settings: Any, role: str) -> None:
    settings.MFA_REQUIRED = True
    somebody(role)
    client = Client()
    sign_in(client)
    assert client.get("/my-access/").status_code == 200


def test_a_password_somebody_gave_is_changed_first() -> None:
    given = "what ben chose for them"
    dev = User.objects.create_user("dev", password=given)
    people.give_to(dev, people.wanted("dev", "member", AuthorityCode("999")), by="ben")
    people.note(dev, people.PASSWORD_GIVEN, "ben")
    client = Client()
    client.post("/sign-in/", {"login": "dev", "password": given})
    assert client.get("/service/999/")["Location"] == "/my-access/password/"
    chosen = {
        "oldpassword": given,
        "password1": "another horse battery",
        "password2": "another horse battery",
    }
    assert client.post("/my-access/password/", chosen).status_code == 302
    client.post("/sign-in/", {"login": "dev", "password": "another horse battery"})
    assert client.get("/my-access/").status_code == 200
    assert list(PersonChange.objects.values_list("what", flat=True)) == ["password given", "password chosen"]


def test_nobody_signs_up_and_nothing_else_of_the_package_can_be_reached() -> None:
    for name in (
        "account_signup",
        "account_reset_password",
        "account_email",
        "socialaccount_signup",
        "socialaccount_connections",
        "openid_connect_login",
    ):
        with pytest.raises(NoReverseMatch):
            reverse(name)
    for address in ("/accounts/signup/", "/accounts/login/", "/sign-up/", "/accounts/password/reset/"):
        assert Client().get(address).status_code == 404


def test_a_secret_of_another_key_matches_no_code(settings: Any) -> None:
    sealed = SecondSteps().encrypt("JBSWY3DPEHPK3PXP")
    assert SecondSteps().decrypt(sealed) == "JBSWY3DPEHPK3PXP"
    settings.SECRET_KEY = "another"
    assert SecondSteps().decrypt(sealed) != SecondSteps().decrypt(sealed)


# -- the organisation's server -------------------------------------------------------------------

MAPPING = "LOS.Director=director@999; LOS.North=team manager@999/TA; LOS.Worker=worker@999; LOS.Odd=king@999"


@pytest.fixture
def server(settings: Any) -> None:
    settings.OIDC_ROLES = MAPPING


def coming(roles: object, *, uid: str = "u-1", worker: str = "") -> SocialLogin:
    """Somebody whom the server vouches for, as allauth hands them over."""
    claims = {"oid": uid, "preferred_username": "amira@example.org", "roles": roles, "employeeid": worker}
    account = SocialAccount.objects.filter(uid=uid).first()
    if account:
        account.extra_data = {"id_token": claims}
        return SocialLogin(user=account.user, account=account)
    account = SocialAccount(provider="organisation", uid=uid, extra_data={"id_token": claims})
    return SocialLogin(user=User(username="amira@example.org"), account=account)


def arrive(login: SocialLogin) -> list[tuple[str, str, str, str]]:
    request = RequestFactory().get("/")
    request.session = {}  # type: ignore[assignment]
    request.user = AnonymousUser()
    adapter = Elsewhere(request)
    adapter.pre_social_login(request, login)
    if not login.is_existing:
        assert adapter.is_open_for_signup(request, login)
        adapter.save_user(request, login)
    found = Grant.objects.filter(user=login.user, ended_at=None).order_by("role")
    return [(one.role, one.authority, one.team, one.worker) for one in found]


@pytest.mark.parametrize(
    ("roles", "worker", "meant"),
    [
        (["LOS.Director"], "", [("director", "", "")]),
        (["LOS.North", "else"], "", [("team manager", "TA", "")]),
        (["LOS.Worker"], "W1", [("worker", "", "W1")]),
        (["LOS.Worker"], "", []),
        (["LOS.Odd"], "", []),
        (["los.director"], "", []),
        ("LOS.Director", "", [("director", "", "")]),
        ([], "", []),
        ([7, {}], "", []),
    ],
)
def test_what_a_servers_roles_are_here(server: None, roles: Any, worker: str, meant: list[Any]) -> None:
    claims = {"roles": roles if roles is not None else [], "employeeid": worker}
    assert [(one.wanted.role, one.wanted.team, one.wanted.worker) for one in roles_given(claims)] == meant


def test_roles_are_taken_anew_at_every_sign_in(server: None, settings: Any) -> None:
    settings.OIDC_LOCAL_ROLES = True
    assert arrive(coming(["LOS.Director"])) == [("director", "999", "", "")]
    user = User.objects.get(username="amira@example.org")
    assert not user.has_usable_password()
    people.give_to(user, people.wanted("x", Role.MEMBER, AuthorityCode("999")), by="ben")
    assert arrive(coming(["LOS.North"])) == [("member", "999", "", ""), ("team manager", "999", "TA", "")]
    with pytest.raises(ImmediateHttpResponse) as refused:
        arrive(coming([]))
    assert refused.value.response.status_code == 403
    assert not Grant.objects.filter(user=user, given_by__startswith=people.BY_SERVER, ended_at=None).exists()


def test_nobody_without_a_role_is_added(server: None) -> None:
    with pytest.raises(ImmediateHttpResponse):
        arrive(coming(["unknown"]))
    assert not User.objects.exists()
