"""Data quality as a list of work: by cause, with its history, what people answered, and a CSV for who puts it right."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from lineofsight.queries.quality import Issue, data_quality, kind_of_file
from lineofsight.service.access.records import open_record
from lineofsight.service.models import AccessLogEntry, Link
from lineofsight.service.store import clock
from lineofsight.vocabulary.moments import london_day
from tests.contracts.test_schemas import schema
from tests.service.homes import Home, filled_once
from tests.service.pages.test_of_a_service import signed_in
from tests.support.cases import AUTHORITY, describe, night

AT = "/service/999/data-quality/"
GOOD = "R1, C1, 2019-01-01, N,,\nR3, C3, 2019-01-01, N,,"
FIRST = f"{GOOD}\nR2, , 2019-01-01, N,,"
SECOND = f"{FIRST}\nR4, , 2019-01-01, N,,"
PLANS = "C3, R3, 31/02/2019,"


@pytest.fixture
@filled_once
def nights(home: Home) -> Home:
    """Three nights: from the second on a row without a child, in the third two, and a plan whose day cannot be."""
    describe()
    night("2019-10-07", {"cin_episodes": GOOD})
    night("2019-10-08", {"cin_episodes": FIRST})
    night("2019-10-09", {"cin_episodes": SECOND, "cin_plans": PLANS})
    return home


def issues(*, sees_children: bool = True, today: date = date(2019, 10, 9)) -> dict[str, Issue]:
    found = data_quality(open_record(AUTHORITY), today, sees_children=sees_children)
    assert found.open + found.accepted == len(found.issues)
    return {one.name: one for one in found.issues}


def refused(**given: Any) -> tuple[Issue, Issue]:
    """The rows without a child, and the plan."""
    by_table = {one.table: one for one in issues(**given).values() if one.severity == "refused"}
    return by_table["episode"], by_table["need_plan"]


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


# -- grouped by cause -----------------------------------------------------------------------------


def test_an_issue_has_its_rows_its_first_day_and_its_trend(nights: Home) -> None:
    lacks, _ = refused()
    assert (lacks.says, lacks.sentences) == ("This row has no child ID.", 1)
    assert (lacks.findings, lacks.rows, lacks.new, lacks.gone) == (2, 2, 1, 0)
    assert lacks.first_seen_on == date(2019, 10, 8)
    assert [one.findings for one in lacks.nights] == [0, 1, 2]
    assert lacks.children is None, "its rows name none"


def test_what_is_resolved_is_counted_and_what_is_gone_is_no_issue(nights: Home) -> None:
    night("2019-10-10", {"cin_episodes": FIRST, "cin_plans": "C3, R3, 2019-02-01,"})
    found = issues()
    [lacks] = [one for one in found.values() if one.severity == "refused"]
    assert (lacks.findings, lacks.new, lacks.gone) == (1, 0, 1)
    assert [one.findings for one in lacks.nights] == [0, 1, 2, 1]


def test_children_are_counted_and_few_of_them_only_for_who_may_see_children(nights: Home) -> None:
    _, plan = refused()
    assert (plan.children, plan.few_children) == (1, False)
    _, hidden = refused(sees_children=False)
    assert (hidden.children, hidden.few_children) == (None, True)
    assert "fewer than 5" in page(signed_in("administrator"), f"{AT}{plan.id}/")
    assert signed_in("administrator", worker="adam").get(f"{AT}?format=json").json()["issues"]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("ssd_cin_episodes.csv", "ssd_cin_episodes"),
        ("duty 2019-10-09.csv", "duty"),
        ("duty_20191010.xlsx", "duty"),
        ("Annex A.xlsx / List 6", "Annex A.xlsx / List 6"),
        ("20191010.csv", "20191010.csv"),
        ("", ""),
    ],
)
def test_a_kind_of_file_is_its_name_without_its_day(name: str, kind: str) -> None:
    assert kind_of_file(name) == kind


# -- answered -------------------------------------------------------------------------------------


def today() -> date:
    return london_day(clock.now())


def sent(client: Client, issue: Issue, **given: str) -> Any:
    return client.post(f"{AT}{issue.id}/answer", {"owner": "", "why": "", "until": "", **given})


WHY = "The old system kept no child for these."


def test_an_accepted_issue_stands_below_until_its_day_is_over(nights: Home) -> None:
    lacks, _ = refused()
    until = today() + timedelta(days=3)
    client = signed_in("analyst")
    answer = sent(client, lacks, owner="Case system team", why=WHY, until=until.isoformat())
    assert (answer.status_code, answer["Location"]) == (302, f"{AT}{lacks.id}/")
    shown = page(client, AT)
    open_ones, accepted = shown.split("Known and accepted")
    assert lacks.id in accepted and lacks.id not in open_ones
    assert "Case system team" in accepted and WHY in accepted
    last, _ = refused(today=until)
    assert last.accepted and last.answers[0].said_by == "analyst"
    lapsed, _ = refused(today=until + timedelta(days=1))
    assert not lapsed.accepted
    assert lapsed.answers[0].why == WHY, "an answer that lapsed is still shown"


def test_the_same_answer_again_after_another_counts(nights: Home) -> None:
    lacks, _ = refused()
    client = signed_in("director")
    for owner in ("Team A", "Team B", "Team A"):
        assert sent(client, lacks, owner=owner).status_code == 302
    now, _ = refused()
    assert [one.owner for one in now.answers] == ["Team A", "Team B", "Team A"]
    assert not now.accepted
    assert page(client, f"{AT}{lacks.id}/").count("owned by Team A") == 2


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({}, "Say who owns it"),
        ({"why": WHY}, "Give the day until which it is accepted."),
        ({"until": "2050-01-01", "why": WHY}, "Give a day from today"),
        ({"until": "2019-10-09", "why": WHY}, "Give a day from today"),
        ({"until": "never", "why": WHY}, "never"),
        ({"until": "today", "why": "short"}, "Give a reason of at least 10 letters."),
        ({"owner": "the worker of C3"}, "Do not give a child"),
        ({"until": "today", "why": "because (C1) moved away"}, "Do not give a child"),
    ],
)
def test_an_answer_that_says_too_little_or_too_much_is_refused(
    nights: Home, given: dict[str, str], says: str
) -> None:
    lacks, _ = refused()
    count = Link.objects.count()
    given = {name: today().isoformat() if text == "today" else text for name, text in given.items()}
    answer = sent(signed_in("analyst"), lacks, **given)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert Link.objects.count() == count, "nothing is kept of it"


def test_who_may_not_accept_sees_no_way_to(nights: Home) -> None:
    lacks, _ = refused()
    assert f"{lacks.id}/answer" in page(signed_in("analyst"), f"{AT}{lacks.id}/")
    administrator = signed_in("administrator", worker="adam")
    assert f"{lacks.id}/answer" not in page(administrator, f"{AT}{lacks.id}/")
    assert sent(administrator, lacks, owner="me").status_code == 403


def test_an_issue_that_is_not_there_is_not_found(nights: Home) -> None:
    client = signed_in("analyst")
    for address in (f"{AT}nothing/", f"{AT}nothing/answer"):
        assert client.get(address).status_code == 404


# -- taken away -----------------------------------------------------------------------------------


def rows(client: Client, issue: Issue) -> list[dict[str, str]]:
    text = client.get(f"{AT}{issue.id}/?format=csv").content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_the_rows_go_to_whoever_puts_them_right_and_children_are_logged(nights: Home) -> None:
    _, plan = refused()
    [row] = rows(signed_in("analyst"), plan)
    assert (row["file"], row["row"], row["source"]) == ("ssd_cin_plans.csv", "1", "nightly")
    assert "C3" in row["key"]
    assert list(AccessLogEntry.objects.values_list("child", flat=True)) == ["C3"]
    [row] = rows(signed_in("administrator", worker="adam"), plan)
    assert (row["row"], row["key"]) == ("1", "")


def test_the_list_is_narrowed_and_an_empty_one_says_so(nights: Home) -> None:
    client = signed_in("analyst")
    assert "No open issue is of that kind" in page(client, f"{AT}?table=nowhere")
    narrowed = client.get(f"{AT}?severity=refused&format=json").json()["issues"]
    assert {one["severity"] for one in narrowed} == {"refused"}
    assert len(narrowed) == 2


def test_an_authority_without_deliveries_has_no_issues(home: Home) -> None:
    describe()
    assert "No open issues" in page(signed_in("analyst"), AT)
    assert "No issues" in home.run("data-quality", "--authority", "999").stdout


def test_the_command_answers_as_the_page_does(nights: Home) -> None:
    lacks, _ = refused()
    client = signed_in("analyst")
    until = today() + timedelta(days=3)
    sent(client, lacks, owner="Case system team", why=WHY, until=until.isoformat())
    said = nights.answer("data-quality", "--authority", "999")
    schema("data-quality").validate(said)
    answer = client.get(f"{AT}?format=json").json()
    answer.pop("synthetic")
    assert said == answer
    assert said["accepted"] == 1
    words = nights.run("data-quality", "--authority", "999").stdout
    assert f"Owner: Case system team; accepted until {until}" in words
    assert "2 now (1 new, 0 resolved); first seen 2019-10-08" in words
