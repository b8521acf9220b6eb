"""Signing in at an OpenID Connect server that runs here and answers over HTTP: redirects, PKCE, signatures, groups, logout.

The directory is the server's own: a test changes what it says of somebody and asks for a page.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from types import ModuleType
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import oidc_provider_mock
import pytest
import requests
from allauth.socialaccount.models import SocialAccount, SocialToken
from cryptography.hazmat.primitives.asymmetric import rsa
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client

from lineofsight.service import urls as service_urls
from lineofsight.service.access import confirming, people, provider_roles
from lineofsight.service.access import provider_sessions as sessions
from lineofsight.service.access.viewer import viewer_of
from lineofsight.service.models import Grant, PersonChange, ProviderSession, RoleRequest
from lineofsight.service.pages.sign_in import provider, recheck
from lineofsight.service.pages.sign_in import urls as sign_in_urls
from lineofsight.vocabulary.identifiers import AuthorityCode
from lineofsight.vocabulary.refusal import Refused
from tests.service.homes import Home, filled_once
from tests.support.cases import AUTHORITY, describe, night

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
"""The server is a test's tool and uses functions of its own libraries that will go."""

ROLES = """
[[role]]
value = "8a2b-directors"
name = "SG-Childrens-Directors"
role = "director"
authority = "999"

[[role]]
value = "8a2b-north"
role = "team manager"
authority = "999"
teams = ["TA"]

[[role]]
value = "8a2b-heads"
role = "head of service"
authority = "999"
teams = ["TA", "TB"]

[[role]]
claim = "roles"
value = "LineOfSight.Commissioner"
role = "commissioner"
authority = "999"
from = 2019-06-10
until = 9999-12-31
topics = "staffing"
document = "Direction of 10 June 2019"

[[role]]
value = "8a2b-workers"
role = "worker"
authority = "999"

[[role]]
value = "8a2b-last-year"
role = "director"
authority = "999"
until = 2019-12-31
"""
PAGE = "/service/999/teams/"


class Directory:
    """What the server says of somebody, and the key with which it signs."""

    def __init__(self, address: str) -> None:
        self.address = address

    def says(self, sub: str, **claims: Any) -> None:
        """The server says this of somebody from now on."""
        said = {"preferred_username": f"{sub}@example.org", "name": sub, **claims}
        answer = requests.put(f"{self.address}/users/{sub}", json=said, timeout=5)
        assert answer.status_code == 204

    def revokes(self, sub: str) -> None:
        """The server takes back every token of somebody."""
        assert requests.post(f"{self.address}/users/{sub}/revoke-tokens", timeout=5).status_code == 204


@pytest.fixture
@filled_once
def service(home: Home) -> Home:
    describe()
    night(
        "2019-10-09",
        {
            "cin_episodes": "R1, C1, 2019-01-01, N,,",
            "involvements": "1, C1, W1, CW, TA, 2019-01-05,, R1",
            "professionals": "W1, S1, Social Worker, SW1, 1.0,",
        },
    )
    return home


@pytest.fixture(scope="module")
def running() -> Iterator[str]:
    with oidc_provider_mock.run_server_in_thread(access_token_max_age=timedelta(hours=1)) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
def directory(
    running: str, service: Home, settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> Directory:
    app = {
        "provider_id": "organisation",
        "name": "Northshire Council",
        "client_id": "los",
        "secret": "a secret",
        "settings": {
            "server_url": running,
            "scope": ["openid", "profile"],
            "fetch_userinfo": False,
            "uid_field": "sub",
        },
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
    roles = tmp_path / "roles.toml"
    roles.write_text(ROLES)
    settings.OIDC_ROLES_FILE = str(roles)
    settings.OIDC_NAME = "Northshire Council"
    settings.OIDC_RECHECK_SECONDS = 0
    addresses = ModuleType("addresses_with_a_server")
    addresses.urlpatterns = [*service_urls.urlpatterns, *sign_in_urls._elsewhere]  # type: ignore[attr-defined]
    addresses.handler403 = service_urls.handler403  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, addresses.__name__, addresses)
    settings.ROOT_URLCONF = addresses.__name__
    provider.described.cache_clear()
    provider.keys_at.cache_clear()
    return Directory(running)


def come(sub: str) -> tuple[Client, Any]:
    """Sign in as somebody: from here to the server and back, as a browser goes."""
    client = Client()
    there = client.post("/sign-in/organisation/login/")["Location"]
    asked = parse_qs(urlsplit(there).query)
    assert asked["code_challenge_method"] == ["S256"]
    back = requests.post(there, data={"sub": sub}, allow_redirects=False, timeout=5).headers["Location"]
    place = urlsplit(back)
    assert place.netloc == "testserver"
    return client, client.get(f"{place.path}?{place.query}")


def roles_of(name: str) -> list[tuple[str, str]]:
    found = Grant.objects.filter(user__username=name, ended_at=None).order_by("role", "team")
    return [(one.role, one.team) for one in found]


def test_leaving_the_group_ends_access_with_the_next_page(directory: Directory) -> None:
    directory.says("amira", groups=["8a2b-north", "unknown"])
    client, answer = come("amira")
    assert (answer.status_code, answer["Location"]) == (302, "/service/")
    assert client.get(PAGE).status_code == 200
    assert roles_of("amira@example.org") == [("team manager", "TA")]

    directory.says("amira", groups=["unknown"])
    refused = client.get(PAGE)
    assert (refused.status_code, refused["Location"]) == (302, "/sign-in/")
    assert client.get(PAGE)["Location"].startswith("/sign-in/?next="), "the session itself is over"
    assert "no longer gives you a role" in client.get("/sign-in/").content.decode()
    assert roles_of("amira@example.org") == []
    assert come("amira")[1].status_code == 403


def test_another_group_gives_another_role_with_the_next_page(directory: Directory) -> None:
    directory.says("amira", groups=["8a2b-north"])
    client, _ = come("amira")
    assert client.get("/service/999/people/requests/").status_code == 403
    directory.says("amira", groups=["8a2b-directors", "8a2b-heads"])
    assert client.get("/service/999/people/requests/").status_code == 200
    assert roles_of("amira@example.org") == [
        ("director", ""),
        ("head of service", "TA"),
        ("head of service", "TB"),
    ]


def test_the_page_says_which_group_of_which_server_gave_a_role_and_when(directory: Directory) -> None:
    directory.says("dora", groups=["8a2b-directors"])
    client, _ = come("dora")
    own = client.get("/my-access/").content.decode()
    given = "the sign-in server of Northshire Council, by group SG-Childrens-Directors"
    assert given in own
    assert "are approved there" in own
    assert not RoleRequest.objects.exists(), "the server approves, and no second person here"
    ada = User.objects.create_user("ada")
    people.give_to(ada, people.wanted("ada", "administrator", AUTHORITY), by="tests")
    there = Client()
    there.force_login(ada, backend="django.contrib.auth.backends.ModelBackend")
    page = there.get("/service/999/people/of/dora@example.org/").content.decode()
    assert given in page
    assert "End the role" not in page
    grant = Grant.objects.get(user__username="dora@example.org")
    with pytest.raises(Refused, match="would come back"):
        people.end(grant.number, AUTHORITY, by="ada")


def test_nobody_here_adds_a_role_to_those_the_server_gives(directory: Directory, settings: Any) -> None:
    directory.says("amira", groups=["8a2b-north"])
    client, _ = come("amira")
    ada = User.objects.create_user("ada")
    people.give_to(ada, people.wanted("ada", "administrator", AUTHORITY), by="tests")
    for role in ("member", "director"):
        wanted = people.wanted("amira@example.org", role, AUTHORITY)
        with pytest.raises(Refused, match="gives their roles"):
            confirming.give(wanted, viewer=viewer_of(ada, AUTHORITY))
        with pytest.raises(Refused, match="gives their roles"):
            people.give_to(User.objects.get(username="amira@example.org"), wanted, by="command line (root)")
    settings.OIDC_LOCAL_ROLES = True
    confirming.give(people.wanted("amira@example.org", "member", AUTHORITY), viewer=viewer_of(ada, AUTHORITY))
    assert client.get(PAGE).status_code == 200
    assert roles_of("amira@example.org") == [("member", ""), ("team manager", "TA")]
    settings.OIDC_LOCAL_ROLES = False
    assert client.get(PAGE).status_code == 200
    assert roles_of("amira@example.org") == [("team manager", "TA")], (
        "and where they may not mix, they do not"
    )


def test_tokens_taken_back_end_the_session(directory: Directory) -> None:
    directory.says("amira", groups=["8a2b-north"])
    client, _ = come("amira")
    directory.revokes("amira")
    assert client.get(PAGE)["Location"] == "/sign-in/"
    assert ProviderSession.objects.get().ended_at is not None
    assert ProviderSession.objects.get().tokens == ""


def test_between_two_checks_what_was_said_counts_and_then_is_asked_again(
    directory: Directory, settings: Any
) -> None:
    settings.OIDC_RECHECK_SECONDS = 60
    directory.says("amira", groups=["8a2b-north"])
    client, _ = come("amira")
    directory.says("amira", groups=[])
    assert client.get(PAGE).status_code == 200, "within the minute"
    _grow_older(61)
    assert client.get(PAGE)["Location"] == "/sign-in/"


def test_a_server_that_does_not_answer_closes_after_the_grace(
    directory: Directory, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.OIDC_RECHECK_SECONDS, settings.OIDC_GRACE_SECONDS = 60, 120
    directory.says("amira", groups=["8a2b-north"])
    client, _ = come("amira")

    def nobody(*_: Any, **__: Any) -> Any:
        raise requests.ConnectionError

    monkeypatch.setattr(requests.Session, "request", nobody)
    _grow_older(100)
    assert client.get(PAGE).status_code == 200, "within the grace"
    _grow_older(81)
    assert client.get(PAGE)["Location"] == "/sign-in/"
    assert "cannot be reached" in client.get("/sign-in/").content.decode()


def _grow_older(seconds: int) -> None:
    for row in ProviderSession.objects.all():
        ProviderSession.objects.filter(pk=row.pk).update(checked_at=row.checked_at - seconds * 1_000_000)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_fault_of_the_server_is_no_answer(
    directory: Directory, settings: Any, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    settings.OIDC_RECHECK_SECONDS, settings.OIDC_GRACE_SECONDS = 60, 120
    directory.says("amira", groups=["8a2b-north"])
    client, _ = come("amira")
    answer = requests.Response()
    answer.status_code = status
    monkeypatch.setattr(requests.Session, "post", lambda *_, **__: answer)
    _grow_older(61)
    assert client.get(PAGE).status_code == 200
    _grow_older(200)
    assert client.get(PAGE)["Location"] == "/sign-in/"


def test_no_token_lies_anywhere_it_can_be_read(directory: Directory) -> None:
    directory.says("amira", groups=["8a2b-north"])
    client, _ = come("amira")
    assert not SocialToken.objects.exists()
    row = ProviderSession.objects.get()
    session = sessions.current(row.id, row.user_id)
    assert session is not None
    assert len(session.tokens.refresh) > 10
    assert len(session.tokens.access) > 10
    kept = json.dumps([row.tokens, dict(client.session), SocialAccount.objects.get().extra_data], default=str)
    kept += "".join(one.session_data for one in Session.objects.all())
    for token in (session.tokens.access, session.tokens.refresh):
        assert token not in kept


@pytest.mark.parametrize(
    "more", [{"_claim_names": {"groups": "src1"}}, {"hasgroups": True}, {"hasgroups": "true"}]
)
def test_too_many_groups_to_list_are_refused_with_what_to_do(
    directory: Directory, more: dict[str, Any]
) -> None:
    directory.says("amira", groups=["8a2b-directors"])
    client, _ = come("amira")
    directory.says("amira", **more)
    assert client.get(PAGE)["Location"] == "/sign-in/"
    assert "more groups than" in client.get("/sign-in/").content.decode()
    assert roles_of("amira@example.org") == []
    refused = come("amira")[1]
    assert refused.status_code == 403
    assert "more groups than" in refused.content.decode()


def test_workers_appointments_and_days_come_by_the_file(directory: Directory) -> None:
    directory.says("wes", groups=["8a2b-workers"], employeeid="W1")
    come("wes")
    assert Grant.objects.get(user__username="wes@example.org").worker == "W1"
    directory.says("nadia", groups=["8a2b-workers"])
    assert come("nadia")[1].status_code == 403, "a worker without a number is none"
    directory.says("cora", roles=["LineOfSight.Commissioner"])
    come("cora")
    assert viewer_of(User.objects.get(username="cora@example.org"), AUTHORITY).topics == ("staffing",)
    given = Grant.objects.get(user__username="cora@example.org")
    assert given.given_by.endswith("by roles LineOfSight.Commissioner")
    directory.says("old", groups=["8a2b-last-year"])
    assert come("old")[1].status_code == 403


def test_a_check_that_changes_nothing_writes_no_role(directory: Directory) -> None:
    directory.says("cora", roles=["LineOfSight.Commissioner"], groups=["8a2b-north"])
    client, _ = come("cora")
    before = list(Grant.objects.values_list("number", "given_at", "ended_at"))
    assert client.get("/service/999/").status_code == client.get("/service/999/").status_code == 200
    assert list(Grant.objects.values_list("number", "given_at", "ended_at")) == before


def test_a_list_of_roles_that_cannot_be_read_lets_nobody_on(directory: Directory, settings: Any) -> None:
    directory.says("amira", groups=["8a2b-north"])
    client, _ = come("amira")
    settings.OIDC_ROLES_FILE = "/nowhere.toml"
    assert client.get(PAGE)["Location"] == "/sign-in/"
    assert come("amira")[1].status_code == 403


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("role = 3", "sections"),
        ("[[role]]\nvalue = 'a'\nrole = 'king'\nauthority = '999'", "no such role"),
        ("[[role]]\nvalue = 'a'\nrole = 'team manager'\nauthority = '999'", "Enter the team"),
        ("[[role]]\nvalue = 'a'\nrole = 'commissioner'\nauthority = '999'", "first day"),
        ("[[role]]\nvalue = ''\nrole = 'director'\nauthority = '999'", "empty"),
        ("[[role]]\nvalue = 'a'\nrole = 'director'\nauthority = '9'", "gives no role"),
        ("[[role]]\nvalue = 'a'\nrole = 'director'\nauthority = '999'\nteam = 'TA'", "unknown key 'team'"),
        ("[[role]]\nvalue = 'a'\nrole = 'director'\nauthority = '999'\nfrom = 'soon'", "days"),
        ("[[role]]\nvalue = 'a'\nrole = 'team manager'\nauthority = '999'\nteams = 'TA'", "list"),
        ("[[role]]\nrole = 'director'", "needs value"),
        ("not toml", "not TOML"),
    ],
)
def test_a_file_that_can_give_no_role_says_where(tmp_path: Any, settings: Any, text: str, why: str) -> None:
    path = tmp_path / "roles.toml"
    path.write_text(text)
    settings.OIDC_ROLES_FILE = str(path)
    with pytest.raises(Refused, match=why):
        provider_roles.mapping()


# -- the server signs somebody out --------------------------------------------------------------


KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture
def signing(directory: Directory, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Logout tokens as the server would sign them: the mock has no such endpoint, so its key is one of ours for a while."""

    def made(key: Any = KEY, algorithm: str = "RS256", **changes: Any) -> str:
        claims = {
            "iss": directory.address,
            "aud": "los",
            "iat": int(time.time()),
            "jti": "j-1",
            "sub": "amira",
            "events": {provider.LOGOUT: {}},
        }
        said = {name: value for name, value in {**claims, **changes}.items() if value is not None}
        return jwt.encode(said, key, algorithm, headers={"kid": "k1", "typ": "logout+jwt"})

    return made


def _with_key(monkeypatch: pytest.MonkeyPatch) -> None:
    own = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key()))
    key = jwt.PyJWK({**own, "alg": "RS256"})

    class Keys:
        def get_signing_key(self, _: str) -> jwt.PyJWK:
            return key

        def get_signing_keys(self) -> list[jwt.PyJWK]:
            return [key]

    monkeypatch.setattr(provider, "keys_at", lambda _: Keys())


def sent(token: str) -> int:
    client = Client(enforce_csrf_checks=True)
    return int(client.post("/sign-in/organisation/logout/", {"logout_token": token}).status_code)


def test_signed_out_there_is_signed_out_here_at_once(
    directory: Directory, settings: Any, signing: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.OIDC_RECHECK_SECONDS = 3600
    directory.says("amira", groups=["8a2b-north"])
    directory.says("ben", groups=["8a2b-north"])
    (amira, _), (ben, _) = come("amira"), come("ben")
    _with_key(monkeypatch)
    token = signing()
    assert sent(token) == 200
    assert amira.get(PAGE)["Location"] == "/sign-in/"
    assert ben.get(PAGE).status_code == 200


def test_a_logout_token_that_comes_again_ends_only_what_began_before_it(
    directory: Directory, settings: Any, signing: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.OIDC_RECHECK_SECONDS = 3600
    directory.says("amira", groups=["8a2b-north"])
    client, _ = come("amira")
    _with_key(monkeypatch)
    assert sent(signing(iat=int(time.time()) - 30)) == 200
    assert client.get(PAGE).status_code == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "another"},
        {"iss": "http://localhost:1"},
        {"iat": 1_000_000_000},
        {"jti": None},
        {"sub": None},
        {"events": None},
        {"events": {"something": {}}},
        {"events": {provider.LOGOUT: "x"}},
        {"nonce": "n"},
        {"exp": 1_000_000_000},
    ],
)
def test_what_is_no_logout_token_ends_nothing(
    directory: Directory,
    settings: Any,
    signing: Any,
    monkeypatch: pytest.MonkeyPatch,
    changes: dict[str, Any],
) -> None:
    settings.OIDC_RECHECK_SECONDS = 3600
    directory.says("amira", groups=["8a2b-north"])
    client, _ = come("amira")
    _with_key(monkeypatch)
    assert sent(signing(**changes)) == 400
    assert client.get(PAGE).status_code == 200


def test_a_logout_token_with_another_signature_ends_nothing(
    directory: Directory, settings: Any, signing: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.OIDC_RECHECK_SECONDS = 3600
    directory.says("amira", groups=["8a2b-north"])
    client, _ = come("amira")
    assert sent(signing()) == 400, "a key that the server does not have"
    _with_key(monkeypatch)
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    assert sent(signing(key=other)) == 400
    assert sent(signing(key="k" * 32, algorithm="HS256")) == 400
    assert sent("") == sent("a.b.c") == 400
    assert Client().get("/sign-in/organisation/logout/").status_code == 405
    assert client.get(PAGE).status_code == 200


def test_an_identity_that_another_key_signed_signs_nobody_in(
    directory: Directory, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory.says("amira", groups=["8a2b-north"])
    _with_key(monkeypatch)
    client, answer = come("amira")
    assert answer.status_code != 302
    assert client.get(PAGE).status_code == 302
    assert not User.objects.filter(username__startswith="amira").exists()


def test_a_session_of_the_server_without_its_row_is_over(directory: Directory) -> None:
    directory.says("amira", groups=["8a2b-north"])
    client, _ = come("amira")
    ProviderSession.objects.all().delete()
    assert client.get(PAGE)["Location"] == "/sign-in/"
    assert recheck.PROVIDER_SESSION not in client.session


def test_two_requests_of_one_session_ask_the_server_once(directory: Directory) -> None:
    directory.says("amira", groups=["8a2b-north"])
    come("amira")
    row = ProviderSession.objects.get()
    first, second = (sessions.current(row.id, row.user_id) for _ in range(2))
    assert first is not None
    assert second is not None
    assert sessions.claim(first)
    assert not sessions.claim(second)
    sessions.checked(first, first.tokens)
    assert not sessions.claim(second), "what it knew is older than what the other was told"
    assert not PersonChange.objects.exists()
    assert AuthorityCode(AUTHORITY) == "999"


def test_a_stopped_account_comes_in_by_no_server(directory: Directory) -> None:
    directory.says("amira", groups=["8a2b-north"])
    client, _ = come("amira")
    User.objects.filter(username="amira@example.org").update(is_active=False)
    assert client.get(PAGE)["Location"].startswith("/sign-in/")
    assert come("amira")[1]["Location"] == "/sign-in/stopped/"


def test_whoever_signs_out_leaves_no_tokens_behind(directory: Directory) -> None:
    directory.says("amira", groups=["8a2b-north"])
    client, _ = come("amira")
    assert ProviderSession.objects.get().tokens
    client.post("/sign-out/")
    row = ProviderSession.objects.get()
    assert row.tokens == ""
    assert row.ended_at is not None
