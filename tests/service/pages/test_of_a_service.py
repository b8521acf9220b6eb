"""The pages of a service: what each shows, of whom, to whom, and that every child shown is written down."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from lineofsight.service.access import handles
from lineofsight.service.models import AccessLogEntry, Grant, Restriction
from tests.service.homes import Home, filled_once
from tests.support.cases import AUTHORITY, describe, night

TODAY, REGISTER, TEAMS, FIGURE = (
    "/service/999/",
    "/service/999/unallocated/",
    "/service/999/teams/",
    "/service/999/figure/",
)
EPISODES = """
    R1, C1, 2019-01-01, N,,
    R2, C2, 2019-02-01, N,,
    R3, C3, 2019-03-01, N,,
    R4, C4, 2019-04-01, N,,
    R5, C5, 2019-05-01, N,,
    R6, C6, 2019-06-01, N,,
    R7, C7, 2019-06-01, N,,
    """
INVOLVEMENTS = """
    1, C1, W1,     CW, TA, 2019-01-05,, R1
    2, C2, M1,     CW, TA, 2019-02-05,, R2
    3, C3, DUTY01, CW, TA, 2019-03-05,, R3
    4, C4,,        CW, TB, 2019-04-05,, R4
    5, C5, W2,     CW, TB, 2019-05-05, 2019-06-05, R5
    6, C6, W2,     CW, TB, 2019-06-05,, R6
    """
WORKERS = """
    W1, S1, Social Worker, SW1, 1.0,
    W2, S2, Social Worker, SW2, 0.5,
    W3, S3, Social Worker, SW3, 1.0,
    M1, S4, Team Manager,  SW4, 1.0,
    """
PERSONS = "C1, 2010-01-01,\nC2, 2011-01-01,\nC3, 2012-01-01,"
PLANS = "C3, R3, 2019-04-01,"


@pytest.fixture
@filled_once
def county(home: Home) -> Home:
    describe()
    tables = {
        "cin_episodes": EPISODES,
        "involvements": INVOLVEMENTS,
        "professionals": WORKERS,
        "person": PERSONS,
        "cin_plans": PLANS,
    }
    night("2019-10-01", tables)
    later = EPISODES.replace("R7, C7, 2019-06-01, N,,", "R7, C7, 2019-06-01, N, 2019-10-05,")
    night("2019-10-09", tables | {"cin_episodes": later})
    return home


def signed_in(role: str, *, team: str = "", worker: str = "", authority: str = AUTHORITY) -> Client:
    user, _ = User.objects.get_or_create(username=role.replace(" ", "-") + team + worker)
    Grant.objects.create(
        user=user, role=role, authority=authority, team=team, worker=worker, given_by="tests", given_at=0
    )
    client = Client()
    client.force_login(user)
    return client


def children(client: Client, more: str = "") -> list[str]:
    answer = client.get(f"{REGISTER}?format=json{more}")
    assert answer.status_code == 200
    return [row["child"] for row in answer.json()["children"]]


def page_of(child: str) -> str:
    return f"/service/999/child/{handles.handle_of(AUTHORITY, child)}/"


def words_of(answer: Any) -> str:
    """A page without its form's token, in which any two letters may stand beside each other."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())


def looks() -> list[tuple[str, str]]:
    return list(AccessLogEntry.objects.order_by("number").values_list("child", "channel"))


def test_today_gives_the_figure_with_all_it_rests_on(county: Home) -> None:
    page = signed_in("director").get(TODAY).content.decode()
    assert "of 6 children are without an allocated worker" in page.replace("<strong>", "").replace(
        "</strong>", ""
    )
    for said in (
        "open-episodes, version 1",
        "8 October 2019",
        "9 October 2019, 4:00am",
        "2019-10-09 03:00 UTC",
        "nightly",
        "Synthetic",
    ):
        assert said in page
    answer = signed_in("analyst").get(f"{TODAY}?format=json").json()
    assert (answer["population"], answer["unallocated"]) == (6, 4)
    assert answer["states"] == {"allocated": 2, "held": 2, "team_only": 1, "none": 1, "cannot_tell": 0}
    assert sum(one["children"] for one in answer["waits"]) == 4
    assert answer["changed"]["exits"]["unexplained"] == 1, "C7 was closed without a reason"


def test_a_band_of_days_counts_the_children_of_its_list(county: Home) -> None:
    """On this day C5 has waited 7 days: no longer in the band that ends there, and in the next."""
    client, day = signed_in("analyst"), "&as_at=2019-06-12"
    answer = client.get(f"{TODAY}?format=json{day}").json()
    for band in answer["waits"]:
        until = "" if band["days_to"] is None else f"&days_to={band['days_to'] - 1}"
        listed = children(client, f"{day}&days_from={band['days_from']}{until}")
        assert len(listed) == band["children"]
        assert ("C5" in listed) == (band["days_from"] == 7)
    assert sum(band["children"] for band in answer["waits"]) == answer["unallocated"]


@pytest.mark.parametrize(
    ("more", "listed"),
    [
        ("", ["C2", "C3", "C4", "C5"]),
        ("&state=held", ["C2", "C3"]),
        ("&reason=manager", ["C2"]),
        ("&team=TA", ["C2", "C3"]),
        ("&team=TB", ["C4", "C5"]),
        ("&standing=child+in+need+plan", ["C3"]),
        ("&standing=none+of+these", ["C2", "C4", "C5"]),
        ("&days_from=200", ["C2", "C3"]),
        ("&days_to=200", ["C4", "C5"]),
        ("&days_from=190", ["C2", "C3", "C4"]),
        ("&days_to=190", ["C4", "C5"]),
        ("&days_to=189", ["C5"]),
        ("&days_from=a+lot", ["C2", "C3", "C4", "C5"]),
        ("&sort=days", ["C5", "C4", "C3", "C2"]),
        ("&sort=-child", ["C5", "C4", "C3", "C2"]),
        ("&sort=nothing", ["C2", "C3", "C4", "C5"]),
        ("&as_at=2019-06-04", ["C2", "C3", "C4", "C6", "C7"]),
        ("&as_at=2018-01-01", []),
    ],
)
def test_the_register_is_narrowed_and_sorted_by_its_address(
    county: Home, more: str, listed: list[str]
) -> None:
    assert children(signed_in("director"), more) == listed


def test_the_register_shows_what_json_and_csv_give(county: Home) -> None:
    client = signed_in("director")
    page = client.get(REGISTER).content.decode()
    text = client.get(f"{REGISTER}?format=csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["child"] for row in rows] == children(client)
    assert [page.index(f">{row['child']}<") for row in rows] == sorted(
        page.index(f">{row['child']}<") for row in rows
    )
    assert {row["synthetic"] for row in rows} == {"yes"}
    assert rows[0]["as_at"] == "2019-10-08"
    assert rows[0]["definition"] == "open-episodes, version 1"


@pytest.mark.parametrize("cell", ["=1+1", "@SUM(A1)", "-1+1", "\uff1d1+1", "\uff20SUM(A1)"])
def test_a_cell_that_a_spreadsheet_would_run_is_quoted(home: Home, cell: str) -> None:
    describe()
    night(
        "2019-10-09",
        {"cin_episodes": f"R1, {cell}, 2019-01-01, N,,", "involvements": "1, C9, W1, CW, T, 2019-01-05,, R9"},
    )
    text = signed_in("director").get(f"{REGISTER}?format=csv").content.decode("utf-8-sig")
    assert next(csv.DictReader(io.StringIO(text)))["child"] == f"'{cell}"


def test_every_child_listed_or_opened_is_written_down(county: Home) -> None:
    client = signed_in("director")
    client.get(f"{REGISTER}?state=held")
    assert looks() == [("C2", "page: register"), ("C3", "page: register")]
    client.get(page_of("C1"))
    assert looks()[-1] == ("C1", "page: child")
    client.get(f"{REGISTER}?format=csv&reason=manager")
    assert looks()[-1] == ("C2", "page: register, CSV")


def test_nothing_is_shown_where_the_look_cannot_be_written(
    county: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in("director")
    client.raise_request_exception = False

    def fails(*_: Any, **__: Any) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(AccessLogEntry.objects, "bulk_create", fails)
    monkeypatch.setattr(AccessLogEntry.objects, "create", fails)
    for address in (REGISTER, f"{REGISTER}?format=csv", f"{REGISTER}?format=json", TODAY, page_of("C2")):
        answer = client.get(address)
        assert answer.status_code == 500
        assert b"C2" not in answer.content


def test_a_team_manager_sees_the_teams_own_children_and_how_many_others_there_are(county: Home) -> None:
    client = signed_in("team manager", team="TB")
    assert children(client) == ["C4", "C5"]
    assert client.get(f"{REGISTER}?format=json").json()["out_of_scope"] == 2
    page = words_of(client.get(REGISTER))
    assert "2 of them are in other teams" in page
    assert "C2" not in page


def test_a_worker_sees_only_children_in_their_own_hands(county: Home) -> None:
    assert children(signed_in("worker", worker="M1")) == ["C2"]


def test_a_workers_list_comes_without_the_figures_by_state(county: Home) -> None:
    """Their role has no counts, so the answer beside their list has none either."""
    answer = signed_in("worker", worker="M1").get(f"{REGISTER}?format=json").json()
    assert answer["unallocated"] == 4
    assert not {"states", "disagreements"}.intersection(answer)
    assert signed_in("team manager", team="TA").get(f"{REGISTER}?format=json").json()["states"]["held"] == 2


def test_a_restricted_child_is_counted_and_not_shown_to_others(county: Home) -> None:
    client = signed_in("director")
    Restriction.objects.create(authority=AUTHORITY, child="C2", reason="known to staff", by="tests", at=0)
    assert children(client) == ["C3", "C4", "C5"]
    page = client.get(REGISTER).content.decode()
    assert "1 are restricted" in page
    assert ">C2<" not in page


def test_a_member_sees_the_headline_alone(county: Home) -> None:
    client = signed_in("member")
    later = EPISODES.replace("R7, C7, 2019-06-01, N,,", "R7, C7, 2019-06-01, N, 2019-10-05,")
    night("2019-10-15", {"cin_episodes": later, "involvements": INVOLVEMENTS, "professionals": WORKERS})
    for address in (TODAY, FIGURE):
        page = words_of(client.get(address))
        assert "Fewer than 5" in page, "counts of one to four are not shown"
        assert "open-episodes" in page
        for hidden in ("Not with a caseworker", "manager", "Team only", "C2", "TA", "TB"):
            assert hidden not in page
        answer = client.get(f"{address}?format=json").json()
        assert "states" not in answer
        assert answer["unallocated"] is None
    for address in (REGISTER, TEAMS, page_of("C1")):
        assert client.get(address).status_code == 403


@pytest.mark.parametrize("address", [TODAY, FIGURE])
def test_the_headline_has_one_definition_so_none_is_told_from_two(county: Home, address: str) -> None:
    client = signed_in("member")
    answer = client.get(f"{address}?definition=need-a-worker&format=json")
    assert answer.status_code == 400
    assert "one definition only" in answer.json()["refused"]
    page = client.get(f"{address}?definition=need-a-worker").content.decode()
    assert "one definition only" in page
    assert "need-a-worker" not in page
    assert client.get(f"{address}?definition=open-episodes&format=json").status_code == 200
    assert signed_in("worker", worker="M1").get(f"{REGISTER}?definition=need-a-worker").status_code == 200


def test_a_childs_page_tells_who_answers_and_since_when(county: Home) -> None:
    client = signed_in("director")
    page = client.get(page_of("C2")).content.decode()
    assert "Without an allocated worker, 249 days" in page
    assert "aged 8" in page
    held = client.get(page_of("C5")).content.decode()
    assert "Without an allocated worker, 125 days" in held
    allocated = client.get(page_of("C1")).content.decode()
    assert ">Allocated<" in allocated
    assert "Without an allocated worker," not in allocated.split("<h2")[0]
    before = client.get(f"{page_of('C5')}?as_at=2019-05-20").content.decode()
    assert "Without an allocated worker," not in before.split("<h2")[0]
    closed = client.get(page_of("C7")).content.decode()
    assert "There was no open episode on this day" in closed


def test_whoever_answered_once_is_given_that_time_and_nothing_since(home: Home) -> None:
    """Scope follows the day asked, so nothing that began after it is given with it, not in JSON either."""
    describe()
    episodes = "R1, C1, 2019-01-01, N, 2019-03-01, RC1\n R-LATER, C1, 2019-06-01, N,,"
    involvements = (
        "1, C1, W1, CW, TA, 2019-01-05, 2019-03-01, R1\n 2, C1, W-LATER, CW, T-LATER, 2019-06-05,, R-LATER"
    )
    visits = "C1, 2019-02-01, Y\n C1, 2019-07-07, Y"
    first = {"cin_episodes": "R1, C1, 2019-01-01, N,,", "involvements": "1, C1, W1, CW, TA, 2019-01-05,, R1"}
    night("2019-02-15", first)
    night("2019-10-09", {"cin_episodes": episodes, "involvements": involvements, "cin_visits": visits})
    client = signed_in("worker", worker="W1")
    assert client.get(page_of("C1")).status_code == 403
    then = client.get(f"{page_of('C1')}?format=json&as_at=2019-02-10")
    assert then.json()["as_at"] == "2019-02-10"
    assert [row["worker"] for row in then.json()["rows"]["involvement"]] == ["W1"]
    page = client.get(f"{page_of('C1')}?as_at=2019-02-10").content.decode()
    for since in ("W-LATER", "R-LATER", "T-LATER", "2019-07-07", "7 July 2019", "2019-06-0"):
        assert since not in then.content.decode()
        assert since not in page
    whole = signed_in("director").get(f"{page_of('C1')}?format=json").json()
    assert [row["worker"] for row in whole["rows"]["involvement"]] == ["W1", "W-LATER"]


def test_a_name_without_end_does_not_widen_the_drawing(home: Home) -> None:
    describe()
    name = "N" * 10_000
    night(
        "2019-10-09",
        {"cin_episodes": "R1, C1, 2019-01-01, N,,", "involvements": f"1, C1, {name}, CW, T, 2019-01-05,, R1"},
    )
    page = signed_in("director").get(page_of("C1")).content.decode()
    drawn = re.findall(r"<text[^>]*>([^<]*N{9}[^<]*)", page)
    assert drawn
    assert max(map(len, drawn)) < 100
    assert name in page, "the table has it whole"


def test_a_childs_page_tells_what_was_known_when(home: Home) -> None:
    """Allocated on a day by an entry made a week later: both stay to be seen."""
    describe()
    episodes = {"cin_episodes": "R1, C1, 2019-01-01, N,,"}
    night("2019-10-02", episodes | {"involvements": "2, C8, W8, CW, T, 2019-01-05,, R8"})
    night("2019-10-09", episodes | {"involvements": "1, C1, W1, CW, TA, 2019-09-20,, R1"})
    page = signed_in("director").get(f"{page_of('C1')}?as_at=2019-10-01").content.decode()
    known = page.split("What was known about")[1].split("</ol>")[0]
    assert (
        known.index("2 October 2019, 4:00am")
        < known.index("No worker")
        < known.index("9 October 2019, 4:00am")
    )
    assert known.index("9 October 2019") < known.index("Allocated") < known.index("W1")


def test_a_number_is_found_without_reaching_an_address(county: Home) -> None:
    client = signed_in("director")
    answer = client.post("/service/999/find/", {"number": " C2 "})
    assert answer.status_code == 302
    assert "C2" not in answer["Location"]
    assert client.get(answer["Location"]).status_code == 200
    unknown = client.post("/service/999/find/", {"number": "C-404"})
    assert client.get(unknown["Location"]).status_code == 403
    assert client.get("/service/999/find/").status_code == 405


def test_no_page_holds_a_childs_number_in_an_address(county: Home) -> None:
    client = signed_in("director")
    for address in (TODAY, REGISTER, TEAMS, FIGURE, page_of("C2")):
        page = client.get(address).content.decode()
        hrefs = [part.split('"')[0] for part in page.split('href="')[1:]]
        assert not [href for href in hrefs if "C2" in href]


def test_teams_tells_who_has_room(county: Home) -> None:
    page = signed_in("director").get(TEAMS).content.decode()
    workers = page.split('id="workers"')[1]
    assert workers.index("W3") < workers.index("W1") < workers.index("W2"), "no child, one, one at half time"
    team = signed_in("analyst").get(f"{TEAMS}?team=TB").content.decode().split('id="workers"')[1]
    assert "W2" in team
    assert ">W1<" not in team


def test_a_figure_stands_beside_itself_by_another_definition_and_as_known_then(county: Home) -> None:
    client = signed_in("improvement lead")
    answer = client.get(f"{FIGURE}?format=json&as_at=2019-10-08").json()
    assert [one["unallocated"] for one in answer["definitions"]] == [4, 1]
    page = client.get(f"{FIGURE}?from=2019-09-30").content.decode()
    assert page.index("Unexplained") < page.index("Children who joined it")
    assert "1 left the list without an explanation" in page
    again = client.get(f"{FIGURE}?from=2020-09-30").content.decode()
    assert "The first day must be before the last day." in again
    other = client.get(f"{FIGURE}?definition=need-a-worker&format=json").json()
    assert other["definition"]["name"] == "need-a-worker"
    wrong = client.get(f"{FIGURE}?definition=mine&format=json")
    assert (wrong.status_code, "open-episodes" in wrong.json()["refused"]) == (400, True)


@pytest.mark.parametrize("address", [TODAY, REGISTER, TEAMS, FIGURE])
def test_an_authority_of_which_nothing_is_known_says_so(home: Home, address: str) -> None:
    answer = signed_in("director").get(address)
    assert answer.status_code == 200
    assert b"No case data has been loaded" in answer.content


@pytest.mark.parametrize("address", [TODAY, REGISTER, TEAMS, FIGURE])
@pytest.mark.parametrize(
    "asked", ["as_at=2019-02-30", "known_by=yesterday", "known=maybe", "page=-1", "page=x", "team=%00"]
)
def test_what_cannot_be_asked_is_said_and_the_usual_view_shown(
    county: Home, address: str, asked: str
) -> None:
    answer = signed_in("director").get(f"{address}?{asked}")
    assert answer.status_code == 200
    assert (b"This day cannot be shown" in answer.content) is asked.startswith(("as_at", "known"))


def test_the_days_of_the_view_are_of_the_latest_extract(county: Home) -> None:
    answer = json.loads(signed_in("director").get(f"{TODAY}?format=json").content)
    assert date.fromisoformat(answer["as_at"]) == date(2019, 10, 8)


def test_who_was_named_later_had_no_room_before(county: Home) -> None:
    """A roster states no first day: whoever is first named on a later night was not there to be given a child."""
    tables = {"cin_episodes": EPISODES, "involvements": INVOLVEMENTS, "person": PERSONS, "cin_plans": PLANS}
    night("2019-10-20", tables | {"professionals": WORKERS + "W9, S9, Social Worker, SW9, 1.0,"})
    client = signed_in("director")
    assert "W9" in client.get(f"{TEAMS}?who=everybody").content.decode()
    before = words_of(client.get(f"{TEAMS}?who=everybody&as_at=2019-10-12"))
    assert "W9" not in before
    assert "W3" in before


# -- one's own children ---------------------------------------------------------------------------


def test_a_day_before_anything_was_received_has_no_count_of_nought(county: Home) -> None:
    """Nobody counted, so no table of noughts is shown, and nobody is said to have a worker."""
    page = (
        signed_in("director").get("/service/999/?as_at=2019-10-08&known=then&witnessed=on").content.decode()
    )
    assert "No data about this day had been received by then" in page
    assert "Allocation of every child" not in page and "has an allocated worker" not in page


def test_only_a_figure_for_a_sunday_is_said_to_be_for_a_sunday(county: Home) -> None:
    sunday = "The figure is for a Sunday"
    assert sunday in signed_in("member").get("/service/999/figure/").content.decode()
    assert sunday not in signed_in("worker", worker="W1").get("/service/999/figure/").content.decode()


def test_a_day_after_the_latest_data_is_said_to_be_after_it(county: Home) -> None:
    director = signed_in("director")
    assert (
        "This day is after the latest data" in director.get("/service/999/?as_at=2099-01-01").content.decode()
    )
    assert "This day is after the latest data" not in director.get("/service/999/").content.decode()


def test_days_that_are_no_number_are_not_said_to_narrow_the_list(county: Home) -> None:
    page = signed_in("director").get(f"{REGISTER}?days_from=soon").content.decode()
    assert "Filters in use" not in page


def test_a_worker_begins_with_their_own_children_and_each_is_written_down(county: Home) -> None:
    client = signed_in("worker", worker="W1")
    assert client.get("/service/").headers["Location"] == "/service/999/children/"
    answer = client.get("/service/999/children/?format=json").json()
    assert [(row["child"], row["state"], row["workers"]) for row in answer["children"]] == [
        ("C1", "allocated", ["W1"])
    ]
    assert answer["synthetic"] is True
    assert {look.child for look in AccessLogEntry.objects.filter(channel="page: children, JSON")} == {"C1"}


def test_a_directors_list_is_of_every_open_child_and_a_restricted_one_is_only_counted(county: Home) -> None:
    Restriction.objects.create(authority=AUTHORITY, child="C2", reason="r", by="t", at=0)
    answer = signed_in("director").get("/service/999/children/?format=json").json()
    assert [row["child"] for row in answer["children"]] == ["C1", "C3", "C4", "C5", "C6"]
    assert answer["restricted"] == 1
    page = signed_in("team manager", team="TA").get("/service/999/children/").content.decode()
    assert "Your children" in page and "C4" not in page and "1 more is restricted" in page


def test_an_attempt_to_open_a_child_out_of_scope_is_written_down(county: Home) -> None:
    client = signed_in("worker", worker="W1")
    handle = handles.handle_of(AUTHORITY, "C6")
    assert client.get(f"/service/999/child/{handle}/").status_code == 403
    assert [(look.child, look.channel) for look in AccessLogEntry.objects.filter(child="C6")] == [
        ("C6", "page: child, refused")
    ]


def test_head_says_how_long_a_page_is_and_gives_none_of_it(county: Home) -> None:
    client = signed_in("director")
    answer = client.head("/service/999/figure/")
    assert answer.status_code == 200 and answer.content == b""
    assert int(answer.headers["Content-Length"]) > 1000
