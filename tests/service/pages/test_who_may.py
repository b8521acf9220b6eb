"""Every address, as every kind of person, read and written: what is not in the table fails, and nobody sees more."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from lineofsight.intake.delivery import NamedBytes
from lineofsight.queries import quality
from lineofsight.queries.statements import handle_of
from lineofsight.service.access import handles
from lineofsight.service.access.records import open_record
from lineofsight.service.models import Appointment, BrokenGlass, Grant, Link, Restriction
from lineofsight.service.receive import recipe
from lineofsight.vocabulary.identifiers import SourceName
from tests.service.homes import Home, a_statement, filled_once, written
from tests.support.cases import AUTHORITY, describe, moment, night

ACTION = "nobody waits / for a worker"
ASKED = "how many / wait"
EVIDENCE = hashlib.sha256(b"evidence").hexdigest()
PASSWORD = make_password("right horse battery")
EPISODES = "R1, C1, 2019-01-01, N,,\nR2, C2, 2019-02-01, N,,\nR3, C3, 2019-03-01, N,,"
INVOLVEMENTS = "1, C1, W1, CW, TA, 2019-01-05,, R1\n2, C2, W2, CW, TB, 2019-02-05,, R2\n3, C3, W1, CW, TA, 2019-03-05,, R3"
WORKERS = "W1, S1, Social Worker, SW1, 1.0,\nW2, S2, Social Worker, SW2, 1.0,"

PEOPLE: dict[str, dict[str, Any]] = {
    "nobody": {},
    "no-role": {"grants": []},
    "inactive": {"grants": [("director", "999", "", "")], "active": False},
    "ended": {"grants": [("director", "999", "", "")], "ended": True},
    "elsewhere": {"grants": [("director", "901", "", "")]},
    "worker": {"grants": [("worker", "999", "", "W1")]},
    "manager": {"grants": [("team manager", "999", "TA", "")]},
    "head": {"grants": [("head of service", "999", "TA", "")]},
    "other-manager": {"grants": [("team manager", "999", "TB", "")]},
    "glass": {"grants": [("team manager", "999", "TB", "")], "glass": ["C1"]},
    "expired-glass": {"grants": [("team manager", "999", "TB", "")], "glass": ["C1"], "expired": True},
    "analyst": {"grants": [("analyst", "999", "", "")]},
    "named": {"grants": [("director", "999", "", "")]},
    "director": {"grants": [("director", "999", "", "")]},
    "improvement": {"grants": [("improvement lead", "999", "", "")]},
    "commissioner": {"grants": [("commissioner", "999", "", "")], "until": "9999-01-01"},
    "partner": {"grants": [("improvement partner", "999", "", "")], "until": "9999-01-01"},
    "past-commissioner": {"grants": [("commissioner", "999", "", "")], "until": "2019-12-31"},
    "partnership": {"grants": [("safeguarding partnership", "999", "", "")], "until": ""},
    "transition": {"grants": [("transition lead", "999", "", "")]},
    "auditor": {"grants": [("auditor", "999", "", "")]},
    "member": {"grants": [("member", "999", "", "")]},
    "administrator": {"grants": [("administrator", "999", "", "")]},
}
"""Everybody who asks. C1 and C3 are in team TA with W1, C2 in TB with W2; C3 is restricted to `named`."""

NOBODYS = {"nobody", "inactive"}
"""Whom the sign-in page answers."""
CHILDREN = {
    "worker",
    "manager",
    "head",
    "other-manager",
    "glass",
    "expired-glass",
    "analyst",
    "named",
    "director",
}
READ_BY_APPOINTMENT = {"commissioner", "partner"}
OVERSIGHT = CHILDREN - {"worker"} | {"improvement", "partnership"} | READ_BY_APPOINTMENT
FIGURES = CHILDREN - {"worker"} | {"improvement", "transition"} | READ_BY_APPOINTMENT
HEADLINE = FIGURES | {"worker", "member"}
WHOLE = {"analyst", "named", "director"}
DIRECTORS = {"named", "director"}
DELIVERIES = WHOLE | {"administrator"}
LOOKS = DIRECTORS | {"administrator"}
ANYBODY = set(PEOPLE) - NOBODYS
GLASS = CHILDREN - {"analyst"}
IMPROVES = DIRECTORS | {"improvement"}
JUDGES = IMPROVES | {"analyst"}
C1 = {"worker", "manager", "head", "glass"} | WHOLE

ON_BOTH_DATABASES = {"nobody", "other-manager", "named", "member", "administrator", "commissioner", "auditor"}
"""Between them they open every page."""
FEW = {
    "nobody",
    "no-role",
    "worker",
    "manager",
    "glass",
    "director",
    "member",
    "administrator",
    "commissioner",
    "auditor",
}
"""One of each kind; continuous integration asks as everybody."""
NAMES = [
    pytest.param(
        name,
        marks=[
            *([pytest.mark.databases] if name in ON_BOTH_DATABASES else []),
            *([] if name in FEW else [pytest.mark.slow]),
        ],
    )
    for name in PEOPLE
]

# Each address: who may read it, and what those answered with something else are answered (the rest: 403).
# A name that stands for several children is filled in with a child's handle.
Expected = dict[str, tuple[set[str], dict[str, int]]]
READ: Expected = {
    "service/": (
        set(),
        dict.fromkeys(HEADLINE | {"administrator", "elsewhere", "partnership", "auditor"}, 302),
    ),
    "service/999/": (HEADLINE, {}),
    "service/999/children/": (CHILDREN, {}),
    "service/999/unallocated/": (CHILDREN, {}),
    "service/999/find/": (set(), dict.fromkeys(ANYBODY, 405)),
    "service/999/teams/": (FIGURES, {}),
    "service/999/figure/": (HEADLINE, {}),
    "service/999/improvement/": (OVERSIGHT, {}),
    "service/999/improvement/new": (IMPROVES, {}),
    "service/999/improvement/<action>/": (OVERSIGHT, {}),
    "service/999/improvement/<action>/step": (IMPROVES | {"analyst"}, {}),
    "service/999/improvement/<action>/evidence/<sha256>": (OVERSIGHT, {}),
    "service/999/obligations/": (OVERSIGHT, {}),
    "service/999/questions/": (OVERSIGHT, {}),
    "service/999/questions/new": (IMPROVES, {}),
    "service/999/questions/gate": (DIRECTORS | {"analyst"}, {}),
    "service/999/questions/<none>/step": (set(), dict.fromkeys(IMPROVES, 404)),
    "service/999/questions/gate/<none>/step": (set(), dict.fromkeys(DIRECTORS | {"analyst"}, 404)),
    "service/999/members-questions/new": ({"member"}, {}),
    "service/999/members-questions/<asked>/receipt": ({"member"}, {}),
    "service/999/members-questions/<asked>/follow-up": ({"member"}, {}),
    "service/999/members-questions/<asked>/clarify": ({"member"}, {}),
    "service/999/members-questions/<asked>/answer": (IMPROVES, {}),
    "service/999/child/<C1>/": (C1, {}),
    "service/999/child/<C2>/": ({"other-manager", "glass", "expired-glass"} | WHOLE, {}),
    "service/999/child/<C3>/": ({"named"}, {}),
    "service/999/child/<none>/": (set(), {}),
    "service/999/child/<C1>/looks/": (C1 | LOOKS, {}),
    "service/999/child/<C3>/looks/": (LOOKS, {}),
    "service/999/child/<none>/looks/": (set(), {"administrator": 404}),
    "service/999/child/<C1>/open/": (GLASS - C1, dict.fromkeys(GLASS & C1, 302)),
    "service/999/child/<C3>/open/": (GLASS - {"named"}, {"named": 302}),
    "service/999/child/<none>/open/": (GLASS, {}),
    "service/999/child/<C1>/correct/": (WHOLE, {}),
    "service/999/child/<C3>/correct/": ({"named"}, {}),
    "service/999/child/<none>/correct/": (set(), {}),
    "service/999/child/<C1>/restriction/": (DIRECTORS, {}),
    "service/999/child/<C3>/restriction/": ({"named"}, {}),
    "service/999/child/<none>/restriction/": (set(), {}),
    "service/999/opened-with-a-reason/": (LOOKS, {}),
    "service/999/make-public/": (DIRECTORS, {}),
    "service/999/people/": ({"administrator"}, {}),
    "service/999/people/give/": ({"administrator"}, {}),
    "service/999/people/of/director/": ({"administrator"}, {}),
    "service/999/people/of/elsewhere/": (set(), {"administrator": 404}),
    "service/999/people/requests/": (LOOKS, {}),
    "service/999/records-due/": (WHOLE, {}),
    "service/999/records-due/decide/": (set(), dict.fromkeys(WHOLE, 302)),
    "service/999/deliveries/": (DELIVERIES, {}),
    "service/999/deliveries/new": (DELIVERIES, {}),
    "service/999/deliveries/source": (DELIVERIES, {}),
    "service/999/deliveries/sources/nightly": (DELIVERIES, {}),
    "service/999/deliveries/new-source/files": (DELIVERIES, {}),
    **{
        f"service/999/deliveries/new-source/{step}": (set(), dict.fromkeys(DELIVERIES, 302))
        for step in ("columns", "owners", "coverage", "figure")
    },
    "service/999/deliveries/<delivery>/": (DELIVERIES, {}),
    "service/999/deliveries/<delivery>/reading": (DELIVERIES, {}),
    "service/999/deliveries/<delivery>/confirm": (set(), dict.fromkeys(DELIVERIES, 302)),
    "service/999/deliveries/<delivery>/set-aside": (set(), dict.fromkeys(DELIVERIES, 302)),
    "service/999/data-quality/": (DELIVERIES | READ_BY_APPOINTMENT, {}),
    "service/999/audit/": ({"auditor"}, {}),
    "service/999/data-quality/<issue>/": (DELIVERIES, {}),
    "service/999/data-quality/<issue>/answer": (WHOLE, {}),
    "service/999/reports/enter": (JUDGES, {}),
    "service/999/reports/<sha256>/1": (set(), dict.fromkeys(JUDGES, 404)),
    "my-access/": (ANYBODY, {}),
    "my-access/notices-read/": (set(), dict.fromkeys(ANYBODY, 405)),
    "my-access/password/": (ANYBODY, {}),
    "my-access/second-step/": (ANYBODY, {}),
    "my-access/second-step/make/": (set(), dict.fromkeys(ANYBODY, 302)),
    "my-access/second-step/remove/": (set(), dict.fromkeys(ANYBODY, 404)),
    "my-access/second-step/codes/": (set(), dict.fromkeys(ANYBODY, 404)),
    "my-access/second-step/codes/new/": (set(), dict.fromkeys(ANYBODY, 302)),
    "sign-in/": (NOBODYS, dict.fromkeys(ANYBODY, 302)),
    "sign-in/code/": (set(), dict.fromkeys(PEOPLE, 302)),
    "sign-in/choose/<token>/": (set(), dict.fromkeys(PEOPLE, 410)),
    "sign-in/stopped/": (set(PEOPLE), {}),
    "sign-in/again/": (ANYBODY, dict.fromkeys(NOBODYS, 302)),
    "sign-in/again/code/": (set(), dict.fromkeys(PEOPLE, 302)),
    "sign-out/": (set(), dict.fromkeys(ANYBODY, 405)),
}
# Writing without any words: what is refused for whom it is refused, a form shown again to whoever may.
WRITE: Expected = {
    "service/999/audit/": ({"auditor"}, {}),
    "service/999/deliveries/new-source/files": (set(), dict.fromkeys(DELIVERIES, 422)),
    **{
        f"service/999/deliveries/new-source/{step}": (set(), dict.fromkeys(DELIVERIES, 302))
        for step in ("columns", "owners", "coverage", "figure")
    },
    "service/999/data-quality/<issue>/answer": (set(), dict.fromkeys(WHOLE, 422)),
    "service/999/questions/new": (set(), dict.fromkeys(IMPROVES, 422)),
    "service/999/questions/gate": (set(), dict.fromkeys(DIRECTORS | {"analyst"}, 422)),
    "service/999/questions/<none>/step": (set(), dict.fromkeys(IMPROVES, 404)),
    "service/999/members-questions/new": (set(), {"member": 422}),
    "service/999/members-questions/<asked>/follow-up": (set(), {"member": 422}),
    "service/999/members-questions/<asked>/clarify": (set(), {"member": 422}),
    "service/999/members-questions/<asked>/answer": (set(), dict.fromkeys(IMPROVES, 422)),
    "service/999/improvement/new": (set(), dict.fromkeys(IMPROVES, 422)),
    "service/999/improvement/<action>/step": (set(), dict.fromkeys(IMPROVES | {"analyst"}, 422)),
    "service/999/make-public/": (set(), dict.fromkeys(DIRECTORS, 422)),
    "service/999/people/give/": (set(), {"administrator": 422}),
    "service/999/people/of/director/": ({"administrator"}, {}),
    "service/999/people/of/elsewhere/": (set(), {"administrator": 404}),
    "service/999/people/requests/": (set(), dict.fromkeys(LOOKS, 422)),
    "service/999/records-due/": (set(), dict.fromkeys(WHOLE, 422)),
    "service/999/records-due/decide/": (set(), dict.fromkeys(WHOLE, 422)),
    "my-access/notices-read/": (set(), dict.fromkeys(ANYBODY, 302)),
    "service/999/find/": (set(), dict.fromkeys(CHILDREN, 302)),
    "service/999/child/<C1>/open/": (set(), dict.fromkeys(GLASS - C1, 422) | dict.fromkeys(GLASS & C1, 302)),
    "service/999/child/<C3>/open/": (set(), dict.fromkeys(GLASS, 422) | {"named": 302}),
    "service/999/child/<none>/open/": (set(), dict.fromkeys(GLASS, 422)),
    "service/999/child/<C1>/correct/": (set(), dict.fromkeys(WHOLE, 422)),
    "service/999/child/<none>/correct/": (set(), {}),
    "service/999/child/<C1>/restriction/": (set(), dict.fromkeys(DIRECTORS, 422)),
    "service/999/child/<none>/restriction/": (set(), {}),
}
READ_ONLY = {
    "service/999/data-quality/",
    "service/999/data-quality/<issue>/",
    "service/999/deliveries/<delivery>/reading",
    "service/",
    "service/999/",
    "service/999/children/",
    "service/999/unallocated/",
    "service/999/teams/",
    "service/999/figure/",
    "service/999/child/<C1>/",
    "service/999/child/<C1>/looks/",
    "service/999/opened-with-a-reason/",
    "service/999/people/",
    "my-access/",
    "service/999/improvement/",
    "service/999/improvement/<action>/",
    "service/999/improvement/<action>/evidence/<sha256>",
    "service/999/obligations/",
    "service/999/questions/",
    "service/999/members-questions/<asked>/receipt",
}
ELSEWHERE_TESTED = {"", "head/", "about/"}
"""The public record's addresses are in the table of test_routes; those of signing in are written in test_sign_in."""


@pytest.fixture
@filled_once
def service(home: Home) -> Home:
    describe()
    night("2019-10-09", {"cin_episodes": EPISODES, "involvements": INVOLVEMENTS, "professionals": WORKERS})
    said = a_statement(
        "act",
        subject_kind="action",
        subject=ACTION,
        step="agreed",
        said_on="2019-09-01",
        source_date="2019-09-01",
        evidence=EVIDENCE,
    )
    files = [written(said), NamedBytes("plan.evidence", b"evidence")]
    recipe.load(
        files, "s.jsonl", AUTHORITY, SourceName("by-hand"), received_at=moment("2019-09-02"), by="tests"
    )
    asked = a_statement(
        "asked",
        subject_kind="member question",
        subject=ASKED,
        step="asked",
        kind="question",
        said_on="2019-09-01",
        source_date="2019-09-01",
    )
    recipe.load(
        [written(asked)],
        "q.jsonl",
        AUTHORITY,
        SourceName("members-questions"),
        received_at=moment("2019-09-02"),
        by="member",
    )
    for name, one in PEOPLE.items():
        if name != "nobody":
            _make(name, **one)
    shut = Restriction.objects.create(authority=AUTHORITY, child="C3", reason="a reason", by="named", at=1)
    shut.allowed.add(User.objects.get(username="named"))
    return home


def _make(
    name: str,
    grants: list[tuple[str, str, str, str]],
    active: bool = True,
    ended: bool = False,
    glass: tuple[str, ...] = (),
    expired: bool = False,
    until: str | None = None,
) -> None:
    user = User.objects.create(username=name, password=PASSWORD, is_active=active)
    for role, authority, team, worker in grants:
        grant = Grant.objects.create(
            user=user,
            role=role,
            authority=authority,
            team=team,
            worker=worker,
            given_by="tests",
            given_at=1,
            ended_at=2 if ended else None,
            ended_by="tests" if ended else "",
        )
        if until is not None:
            Appointment.objects.create(
                grant=grant, begins_on="2019-01-01", ends_on=until, document="A direction"
            )
    for child in glass:
        BrokenGlass.objects.create(
            user=user,
            authority=AUTHORITY,
            child=child,
            reason="a reason",
            at=1,
            until=2 if expired else 4_000_000_000_000_000,
        )


def client_of(name: str) -> Client:
    client = Client()
    if name != "nobody":
        client.force_login(
            User.objects.get(username=name), backend="django.contrib.auth.backends.ModelBackend"
        )
    return client


def filled(address: str) -> str:
    for child in ("C1", "C2", "C3"):
        address = address.replace(f"<{child}>", handles.handle_of(AUTHORITY, child))
    address = (
        address.replace("<action>", handle_of(ACTION))
        .replace("<asked>", handle_of(ASKED))
        .replace("<sha256>", EVIDENCE)
    )
    if "<issue>" in address:
        issues = quality.data_quality(open_record(AUTHORITY), date(2019, 10, 9), sees_children=True).issues
        address = address.replace("<issue>", issues[0].id if issues else "none")
    delivery = Link.objects.filter(kind="read", source="nightly").first()
    return "/" + address.replace("<none>", "a" * 24).replace(
        "<delivery>", delivery.delivery if delivery else ""
    )


def expected(table: Expected, address: str, name: str) -> int:
    if name in NOBODYS and not address.startswith("sign-in/"):
        return 302
    seeing, other = table[address]
    if name in other:
        return other[name]
    return 200 if name in seeing else 403


def routes() -> Iterator[str]:
    def walk(resolver: URLResolver, before: str) -> Iterator[str]:
        for pattern in resolver.url_patterns:
            if isinstance(pattern, URLResolver):
                yield from walk(pattern, before + str(pattern.pattern))
            elif isinstance(pattern, URLPattern):
                yield before + str(pattern.pattern)

    yield from walk(get_resolver(), "")


def test_every_address_of_people_and_services_is_in_the_table() -> None:
    mine = {route for route in routes() if route.startswith(("service/", "my-access/", "sign-"))}
    shapes = {
        address.replace("questions/<none>", "questions/<str:question>")
        .replace("gate/<none>", "gate/<str:gate>")
        .replace("999", "<str:authority>")
        .replace("of/director", "of/<str:name>")
        .replace("of/elsewhere", "of/<str:name>")
        .replace("<C1>", "<str:handle>")
        .replace("<C2>", "<str:handle>")
        .replace("<action>", "<str:action>")
        .replace("<sha256>/1", "<sha256>/<int:number>")
        .replace("<sha256>", "<str:sha256>")
        .replace("<C3>", "<str:handle>")
        .replace("<none>", "<str:handle>")
        .replace("<delivery>", "<str:id>")
        .replace("<token>", "<str:token>")
        .replace("<issue>", "<str:issue>")
        .replace("<asked>", "<str:question>")
        .replace("sources/nightly", "sources/<str:name>")
        for address in READ
    }
    assert mine == shapes


def test_every_page_that_opens_is_opened_on_both_databases() -> None:
    opened = {address for address, (seeing, _) in READ.items() if seeing}
    assert opened == {address for address in opened if READ[address][0] & ON_BOTH_DATABASES}


@pytest.mark.parametrize("name", NAMES)
def test_everybody_is_answered_as_the_table_says(service: Home, name: str) -> None:
    client = client_of(name)
    found = {address: client.get(filled(address)).status_code for address in READ}
    assert found == {address: expected(READ, address, name) for address in READ}


@pytest.mark.parametrize("name", NAMES)
def test_nobody_writes_what_the_table_does_not_let_them(service: Home, name: str) -> None:
    client = client_of(name)
    found = {address: client.post(filled(address)).status_code for address in WRITE}
    assert found == {address: expected(WRITE, address, name) for address in WRITE}


@pytest.mark.parametrize("address", sorted(READ_ONLY))
def test_what_is_read_is_not_written(service: Home, address: str) -> None:
    assert client_of("director").post(filled(address)).status_code == 405


def test_another_authority_is_refused_whatever_the_address(service: Home) -> None:
    for address in READ:
        if address.startswith("service/999/") and "find" not in address:
            assert client_of("director").get(filled(address).replace("999", "901")).status_code == 403, (
                address
            )


@pytest.mark.parametrize("name", sorted(PEOPLE))
def test_nothing_signed_in_is_kept_by_a_browser(service: Home, name: str) -> None:
    client = client_of(name)
    for address in ("/my-access/", "/service/999/", "/nowhere", "/sign-in/"):
        assert client.get(address)["Cache-Control"] == "no-store", address
