"""Every address, as nobody and as an administrator. A route that is not in the table fails the test."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib import resources

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from jsonschema import Draft202012Validator

from lineofsight.service.models import Grant
from lineofsight.service.receive.recipe import Outcome

SIGN_IN = 302

# route → (an address of it, status as nobody, status as administrator)
ROUTES: dict[str, tuple[str, int, int]] = {
    "": ("/", 200, 200),
    "head/": ("/head/", 200, 200),
    "about/": ("/about/", 200, 200),
    "health/live": ("/health/live", 200, 200),
    "health/ready": ("/health/ready", 200, 200),
    "public-record/<str:authority>/": ("/public-record/928/", 200, 200),
    "public-record/<str:authority>/latest": ("/public-record/928/latest", 200, 200),
    "public-record/<str:authority>/unallocated": ("/public-record/928/unallocated", 200, 200),
    "public-record/<str:authority>/leaders": ("/public-record/928/leaders", 200, 200),
    "public-record/<str:authority>/raised-again": ("/public-record/928/raised-again", 200, 200),
    "public-record/<str:authority>/promises": ("/public-record/928/promises", 200, 200),
    "public-record/<str:authority>/requests": ("/public-record/928/requests", 200, 200),
    "public-record/<str:authority>/background": ("/public-record/928/background", 200, 200),
    "public-record/<str:authority>/money": ("/public-record/928/money", 200, 200),
    "public-record/<str:authority>/integrity": ("/public-record/928/integrity", 200, 200),
    "public-record/<str:authority>/changes.atom": ("/public-record/928/changes.atom", 200, 200),
    "public-record/<str:authority>/documents": ("/public-record/928/documents", 200, 200),
    "public-record/<str:authority>/statements": ("/public-record/928/statements", 200, 200),
    "public-record/<str:authority>/statements/<str:source>/<str:id>": (
        "/public-record/928/statements/public-record/letter-8", 200, 200,
    ),
    "public-record/<str:authority>/inspections": ("/public-record/928/inspections", 200, 200),
    "public-record/<str:authority>/inspections/<str:id>": ("/public-record/928/inspections/none", 404, 404),
    "public-record/<str:authority>/inspections/<str:id>/report": ("/public-record/928/inspections/none/report", SIGN_IN, 404),
    "public-record/<str:authority>/inspections/<str:id>/report/<int:number>": ("/public-record/928/inspections/none/report/1", SIGN_IN, 404),
    "public-record/<str:authority>/inspections/<str:id>/complete": ("/public-record/928/inspections/none/complete", SIGN_IN, 403),
    "public-record/<str:authority>/returning": ("/public-record/928/returning", 200, 200),
    "public-record/<str:authority>/returning/judge": ("/public-record/928/returning/judge", SIGN_IN, 405),
    "public-record/<str:authority>/registers": ("/public-record/928/registers", 200, 200),
    "public-record/<str:authority>/registers/posts": ("/public-record/928/registers/posts", 200, 200),
    "public-record/<str:authority>/registers/reviews": ("/public-record/928/registers/reviews", 200, 200),
    "public-record/<str:authority>/registers/directions": ("/public-record/928/registers/directions", 200, 200),
    "public-record/<str:authority>/registers/decisions": ("/public-record/928/registers/decisions", 200, 200),
    "public-record/<str:authority>/registers/duties": ("/public-record/928/registers/duties", 200, 200),
    "public-record/<str:authority>/questions": ("/public-record/928/questions", 200, 200),
    "public-record/<str:authority>/questions/<str:question>": ("/public-record/928/questions/none", 404, 404),
    "public-record/<str:authority>/evidence": ("/public-record/928/evidence", 200, 200),
    "public-record/<str:authority>/new": ("/public-record/928/new", SIGN_IN, 200),
}  # fmt: skip
PUBLIC_JSON = (
    "/",
    "/head/",
    "/public-record/928/",
    "/public-record/928/latest",
    "/public-record/928/unallocated",
    "/public-record/928/leaders",
    "/public-record/928/raised-again",
    "/public-record/928/promises",
    "/public-record/928/requests",
    "/public-record/928/background",
    "/public-record/928/money",
    "/public-record/928/integrity",
    "/public-record/928/documents",
    "/public-record/928/statements",
    "/public-record/928/inspections",
    "/public-record/928/evidence",
    "/public-record/928/returning",
    "/public-record/928/registers",
    "/public-record/928/registers/posts",
    "/public-record/928/registers/reviews",
    "/public-record/928/registers/directions",
    "/public-record/928/registers/duties",
    "/public-record/928/registers/decisions",
    "/public-record/928/questions",
)


def routes() -> Iterator[str]:
    def walk(resolver: URLResolver, before: str) -> Iterator[str]:
        for pattern in resolver.url_patterns:
            if isinstance(pattern, URLResolver):
                yield from walk(pattern, before + str(pattern.pattern))
            elif isinstance(pattern, URLPattern):
                yield before + str(pattern.pattern)

    yield from walk(get_resolver(), "")


def test_every_route_is_in_the_table() -> None:
    """Those of services, people and signing in are in the table of test_who_may, with every role."""
    mine = {one for one in routes() if not one.startswith(("service/", "my-access/", "sign-"))}
    assert mine == set(ROUTES)


@pytest.mark.databases
@pytest.mark.parametrize("route", ROUTES)
def test_it_answers_nobody_and_an_administrator_as_the_table_says(route: str, record: Outcome) -> None:
    address, as_nobody, as_administrator = ROUTES[route]
    address = address.format(delivery=record.link.delivery)
    administrator, _ = User.objects.get_or_create(username="routes")
    Grant.objects.create(
        user=administrator, role="administrator", authority="928", given_by="tests", given_at=0
    )
    signed_in = Client()
    signed_in.force_login(administrator)

    nobody = Client().get(address)

    assert nobody.status_code == as_nobody
    if as_nobody == SIGN_IN:
        assert nobody["Location"].startswith("/sign-in/?next=")
    assert signed_in.get(address).status_code == as_administrator


@pytest.mark.parametrize("address", PUBLIC_JSON)
def test_json_stands_beside_every_page(address: str, record: Outcome) -> None:
    answer = Client().get(f"{address}?format=json")
    assert answer["Content-Type"] == "application/json"
    assert isinstance(answer.json(), dict)


def test_json_stands_beside_the_deliveries_of_whoever_may_see_them(record: Outcome) -> None:
    """The same documents as `deliveries --json` and `findings --json`; of nobody signed in, a sign-in."""
    analyst, _ = User.objects.get_or_create(username="analyst")
    Grant.objects.create(user=analyst, role="analyst", authority="928", given_by="tests", given_at=0)
    signed_in = Client()
    signed_in.force_login(analyst)
    found = signed_in.get("/service/928/deliveries/?format=json").json()
    (one,) = [each for each in found if each["source"] == "public-record"]
    assert one["id"] == record.link.delivery
    assert signed_in.get(f"/service/928/deliveries/{one['id']}/?format=json").json() == []
    assert Client().get("/service/928/deliveries/?format=json").status_code == SIGN_IN


def test_a_host_that_is_not_ours_is_refused_and_not_repeated_in_the_log(
    record: Outcome, caplog: pytest.LogCaptureFixture
) -> None:
    answer = Client().get("/", headers={"host": "peregrine.example"})
    assert answer.status_code == 400
    assert "peregrine" not in answer.content.decode() + caplog.text


def test_the_first_pages_json_holds_every_part_of_it(record: Outcome) -> None:
    """The figures drawn there are of other days too, so the statements that speak of the day are not enough."""
    answer = Client().get("/?format=json").json()
    statements = json.loads(
        (resources.files("lineofsight.queries") / "schemas/public-record.json").read_text()
    )
    Draft202012Validator(statements).validate(answer)
    numbers = [one["number"] for one in answer["parts"]["unallocated"]["rows"]]
    assert {"551", "383", "267", "81", "232"} <= set(numbers)
    assert "drawing" not in answer["parts"]["unallocated"]
    assert answer["parts"]["head"]["head"]


@pytest.mark.parametrize("address", PUBLIC_JSON)
def test_json_in_a_view_that_cannot_be_given_says_why_and_answers_no_other(
    address: str, record: Outcome
) -> None:
    if address == "/head/":
        return  # it is the same in every view
    answer = Client().get(f"{address}?as_at=2019-02-30&format=json")
    assert answer.status_code == 400
    assert list(answer.json()) == ["refused"]
    assert "2019-02-30" in answer.json()["refused"]


@pytest.mark.parametrize("address", [a for a, *_ in ROUTES.values() if "{" not in a])
def test_it_carries_a_strict_content_security_policy(address: str, record: Outcome) -> None:
    policy = Client().get(address)["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("address", [*PUBLIC_JSON, "/public-record/928/statements/public-record/letter-8"])
def test_reading_pages_take_nothing(address: str, method: str, record: Outcome) -> None:
    assert getattr(Client(), method)(address).status_code == 405


@pytest.mark.parametrize(
    "address",
    [
        "/public-record/999/",
        "/public-record/928/statements/public-record/no-such",
        "/nowhere",
        "/public-record/x/statements",
    ],
)
def test_what_is_not_there_is_404_and_is_not_repeated(address: str, record: Outcome) -> None:
    answer = Client().get(address + "?about=PlantedName")
    assert answer.status_code == 404
    assert b"PlantedName" not in answer.content


@pytest.mark.parametrize(
    "asked",
    [
        "as_at=2019-02-30",
        "as_at=0001-01-01",
        "as_at=9999-12-31",
        "known_by=yesterday",
        "known=maybe",
        "as_at=%00",
        "page=-1",
        "page=x",
    ],
)
@pytest.mark.parametrize(
    "address", ["/", "/public-record/928/statements", "/public-record/928/statements/public-record/letter-8"]
)
def test_a_day_that_cannot_be_shows_the_usual_view_and_says_so(
    address: str, asked: str, record: Outcome
) -> None:
    answer = Client().get(f"{address}?{asked}")
    assert answer.status_code == 200
    if not asked.startswith("page"):
        assert b"cannot be shown" in answer.content
