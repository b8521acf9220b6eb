"""A head of service sees the children of their teams and of every team below these, by the tree as at today."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from lineofsight.intake.delivery import NamedBytes
from lineofsight.queries.holders import holders
from lineofsight.queries.team_tree import team_tree
from lineofsight.service.access import people, scope
from lineofsight.service.access.records import open_record
from lineofsight.service.access.viewer import Viewer, viewer_of
from lineofsight.service.receive import recipe
from lineofsight.vocabulary.identifiers import SourceName
from lineofsight.vocabulary.moments import end_of, microseconds
from tests.service.homes import Home, filled_once
from tests.support.cases import AUTHORITY, describe, moment, night

DAY = date(2019, 10, 8)
EPISODES = "\n".join(f"R{n}, C{n}, 2019-01-01, N,," for n in range(1, 5))
INVOLVEMENTS = """
    1, C1, W1, CW, TA, 2019-01-05,, R1
    2, C2, W2, CW, TB, 2019-01-05,, R2
    3, C3, W1, CW, TC, 2019-01-05,, R3
    4, C4, W1, CW, TA, 2019-01-05, 2019-05-01, R4
    """
WORKERS = "W1, S1, Social Worker, SW1, 1.0,\nW2, S2, Social Worker, SW2, 1.0,"
TREE = "team,parent,from,until\nsafeguarding,,,\nTA,safeguarding,,\nTB,TA,,2019-09-30\nTB,care,2019-10-01,\ncare,,,\n"


@pytest.fixture
@filled_once
def service(home: Home) -> Home:
    describe()
    night("2019-10-09", {"cin_episodes": EPISODES, "involvements": INVOLVEMENTS, "professionals": WORKERS})
    settings = b'name = "teams"\nauthority = "999"\nformat = "team_tree"\nroster = "full"\n'
    recipe.set_source(settings, by="tests")
    deliver(TREE, "2019-10-09T04:00:00Z")
    return home


def deliver(text: str, at: str) -> Any:
    return recipe.load(
        [NamedBytes("a.teams.csv", text.encode())],
        "a.teams.csv",
        AUTHORITY,
        SourceName("teams"),
        received_at=moment(at),
        by="tests",
        confirmed=True,
    )


def head(*teams: str) -> Viewer:
    user, _ = User.objects.get_or_create(username="hana")
    for team in teams:
        people.give_to(user, people.wanted("hana", "head of service", AUTHORITY, team=team), by="tests")
    return viewer_of(user, AUTHORITY)


def children_of(viewer: Viewer, day: date = DAY) -> list[str]:
    record = open_record(AUTHORITY)
    within = holders(record, day, microseconds(moment("2019-10-20")))
    return sorted(scope.in_scope(viewer, ["C1", "C2", "C3", "C4"], within))


def test_a_head_of_service_sees_every_team_below_and_the_child_whom_a_team_had_last(service: Home) -> None:
    assert children_of(head("safeguarding")) == ["C1", "C4"]
    assert children_of(head("care")) == ["C1", "C2", "C4"], "several teams are several roles, and add up"


def test_a_tree_that_changes_moves_the_scope_at_once(service: Home) -> None:
    viewer = head("safeguarding")
    assert children_of(viewer) == ["C1", "C4"]
    deliver(TREE + "TC,TA,,\n", "2019-10-10T04:00:00Z")
    assert children_of(head("safeguarding")) == ["C1", "C3", "C4"]
    deliver("team,parent\nsafeguarding,\nTA,\n", "2019-10-11T04:00:00Z")
    assert children_of(head("safeguarding")) == []


def test_the_tree_is_read_as_at_any_day_and_as_known_at_any_moment(service: Home) -> None:
    record = open_record(AUTHORITY)
    known = microseconds(end_of(date(2026, 11, 1)))
    assert team_tree(record, date(2019, 9, 30), known).below(["safeguarding"]) == {"safeguarding", "TA", "TB"}
    assert team_tree(record, date(2019, 10, 1), known).below(["safeguarding"]) == {"safeguarding", "TA"}
    assert team_tree(record, date(2019, 10, 1), microseconds(moment("2019-10-08"))).parents == ()


def test_the_page_shows_the_tree_of_its_day(service: Home) -> None:
    known = microseconds(end_of(date(2026, 11, 1)))
    tree = team_tree(open_record(AUTHORITY), date(2019, 9, 30), known)
    assert tree.lines() == [(0, "safeguarding"), (1, "TA"), (2, "TB")]
    head("safeguarding")
    client = Client()
    client.force_login(User.objects.get(username="hana"), backend="django.contrib.auth.backends.ModelBackend")
    for day, tb in (("2019-09-30", "– – </span>TB"), ("2019-10-01", "– </span>TB")):
        page = client.get(f"/service/999/teams/?as_at={day}").content.decode()
        assert tb in page, day


def test_a_circle_and_an_unknown_parent_open_nothing_and_break_nothing(service: Home) -> None:
    outcome = deliver("team,parent\nTA,TB\nTB,TA\nTC,nowhere\n", "2019-10-12T04:00:00Z")
    assert outcome.link.kind == "read"
    assert children_of(head("TA")) == ["C1", "C4"]
    tree = team_tree(open_record(AUTHORITY), DAY, microseconds(end_of(date(2026, 11, 1))))
    assert tree.in_circles == {"TA", "TB"}
    client = Client()
    client.force_login(User.objects.get(username="hana"), backend="django.contrib.auth.backends.ModelBackend")
    assert "above themselves" in client.get("/service/999/teams/").content.decode()


def test_a_head_of_services_page_of_teams_is_of_their_scope(service: Home) -> None:
    head("safeguarding")
    deliver(TREE + "TC,TA,,\n", "2019-10-10T04:00:00Z")
    client = Client()
    client.force_login(User.objects.get(username="hana"), backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/service/999/teams/").content.decode()
    assert "Your teams" in page
    own = page[: page.index('id="workers"')]
    assert ">TA</a>" in own
    assert ">TC</a>" in own
    assert ">TB</a>" not in own
    every = client.get("/service/999/teams/?teams=all").content.decode()
    assert ">TB</a>" in every[: every.index('id="workers"')]
    listed = client.get("/service/999/children/?format=json").json()
    assert {row["child"] for row in listed["children"]} == {"C1", "C3", "C4"}
