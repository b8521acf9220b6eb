"""What is seen of a child ends with responsibility; refused attempts are logged, alike and few; members see Sundays."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from lineofsight.service.access import attempts, handles
from lineofsight.service.models import AccessLogEntry, BrokenGlass, Restriction
from tests.service.homes import Home, filled_once
from tests.service.test_access import somebody
from tests.support.cases import AUTHORITY, describe, night

PEOPLE = "C1, Ann, Early, 2015-01-01\nC2, Ben, Other, 2015-01-01"
EPISODES = "R1, C1, 2019-01-01, N,,\nR2, C2, 2019-01-01, N,,"
FIRST = "1, C1, W1, CW, TA, 2019-01-05,, R1\n2, C2, W2, CW, TB, 2019-01-05,, R2"
MOVED = "1, C1, W1, CW, TA, 2019-01-05, 2019-10-02, R1\n3, C1, WORKERNINE, CW, TB, 2019-10-02,, R1\n2, C2, W2, CW, TB, 2019-01-05,, R2"
CLOSED = "R1, C1, 2019-01-01, N, 2019-10-20, RC1\nR2, C2, 2019-01-01, N,,"


@pytest.fixture(autouse=True)
@filled_once
def _county(home: Home) -> None:
    """C1 leaves team TA on 2 October; WORKERNINE is named then; the episode closes on the 20th."""
    describe()
    night("2019-10-01", {"cin_episodes": EPISODES, "involvements": FIRST})
    night("2019-10-03", {"cin_episodes": EPISODES, "involvements": MOVED})
    night("2019-10-25", {"cin_episodes": CLOSED, "involvements": MOVED})
    somebody("tess", "team manager", team="TA")
    somebody("tom", "team manager", team="TB")
    somebody("wes", "worker", worker="W1")
    somebody("dora", "director")
    somebody("una", "analyst")
    somebody("mel", "member")


def signed_in(name: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=name), backend="django.contrib.auth.backends.ModelBackend")
    return client


def page(child: str) -> str:
    return f"/service/999/child/{handles.handle_of(AUTHORITY, child)}/"


@pytest.mark.parametrize("name", ["tess", "wes"])
@pytest.mark.parametrize("query", ["", "&known=now", "&known_by=2019-12-01T00:00:00Z", "&format=json"])
def test_nothing_learned_after_the_last_day_is_shown_to_whoever_is_responsible_no_longer(
    name: str, query: str
) -> None:
    answer = signed_in(name).get(f"{page('C1')}?as_at=2019-09-15{query}")
    body = answer.content.decode()
    assert answer.status_code == 200
    for later in ("WORKERNINE", "2019-10-20", "20 October 2019", "RC1", "2019-10-25"):
        assert later not in body, later
    if "json" not in query:
        assert "You were responsible for this child until 1 October 2019" in body


def test_whoever_is_responsible_now_sees_everything() -> None:
    body = signed_in("tom").get(f"{page('C1')}?as_at=2019-10-24").content.decode()
    assert "20 October 2019" in body
    assert "You were responsible" not in body


def test_a_closed_child_is_the_last_teams_no_longer(home: Home) -> None:
    """No involvement follows the closing, so the team was the last one; what was learned at the closing is not shown."""
    ended = "1, C1, W1, CW, TA, 2019-01-05, 2019-09-20, R1\n2, C2, W2, CW, TB, 2019-01-05,, R2"
    night("2019-10-26", {"cin_episodes": CLOSED, "involvements": ended})
    body = signed_in("tess").get(f"{page('C1')}?as_at=2019-10-10").content.decode()
    assert "You were responsible for this child until 19 October 2019" in body
    assert "20 October 2019" not in body
    assert (
        signed_in("tess")
        .get(f"{page('C1')}?as_at=2019-10-25&format=json")
        .content.decode()
        .count("2019-10-20")
        == 0
    )


def test_the_access_log_is_for_those_responsible_now() -> None:
    assert signed_in("tess").get(f"{page('C1')}looks/?as_at=2019-09-15").status_code == 403
    assert signed_in("tom").get(f"{page('C1')}looks/?as_at=2019-09-15").status_code == 200
    assert signed_in("dora").get(f"{page('C1')}looks/").status_code == 200


def test_a_list_as_at_a_past_day_holds_nothing_learned_later_of_children_gone(home: Home) -> None:
    """A correction after the move makes C1 unallocated on the past day; the manager of then does not learn it."""
    corrected = MOVED.replace("1, C1, W1, CW", "1, C1, , CW")
    night("2019-10-28", {"cin_episodes": CLOSED, "involvements": corrected})
    for name, sees in (("tess", False), ("dora", True)):
        found = json.loads(
            signed_in(name).get("/service/999/unallocated/?as_at=2019-09-15&format=json").content
        )
        assert ("C1" in {row["child"] for row in found["children"]}) == sees, name


def shape(answer: Any) -> tuple[int, str]:
    body = answer.content.decode()
    for child in ("C1", "C2", "C404"):
        body = body.replace(handles.handle_of(AUTHORITY, child), "HANDLE")
    if 'name="csrfmiddlewaretoken"' in body:
        import re

        body = re.sub(r'value="[A-Za-z0-9]{64}"', "", body)
    return answer.status_code, body


@pytest.mark.parametrize("rest", ["", "looks/", "open/", "?format=json"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_unknown_restricted_and_out_of_scope_are_answered_alike_and_logged(rest: str, method: str) -> None:
    closed = Restriction.objects.create(
        authority=AUTHORITY, child="C1", reason="known to staff", by="dora", at=1
    )
    closed.allowed.add(User.objects.get(username="dora"))
    client = signed_in("tess")
    if method == "post" and rest != "open/":
        return
    found = {shape(getattr(client, method)(f"{page(child)}{rest}")) for child in ("C1", "C2", "C404")}
    assert len(found) == 1
    if method == "get":
        logged = list(
            AccessLogEntry.objects.filter(by="tess").order_by("number").values_list("child", "channel")
        )
        assert [child for child, _ in logged] == ["C1", "C2", ""]
        assert {channel for _, channel in logged} <= set(attempts.CHANNELS)


def test_find_tells_nothing_and_its_attempts_are_logged() -> None:
    client = signed_in("tess")
    for number in ("C1", "C2", "C404", "Ann Early"):
        answer = client.post("/service/999/find/", {"number": number})
        assert answer.status_code == 302
        assert client.get(answer["Location"]).status_code == 403
    logged = AccessLogEntry.objects.filter(by="tess").order_by("number").values_list("child", flat=True)
    assert list(logged) == ["C1", "C2", "", ""]


def test_attempts_are_limited_and_told_to_the_director() -> None:
    client = signed_in("tess")
    codes = [client.get(page(f"X{number}")).status_code for number in range(attempts.MOST_AN_HOUR + 2)]
    assert codes == [403] * attempts.MOST_AN_HOUR + [429] * 2
    assert signed_in("tom").get(page("X1")).status_code == 403
    assert "tess" in signed_in("dora").get("/service/999/opened-with-a-reason/").content.decode()


def test_a_reason_for_a_number_nobody_has_opens_nothing_and_is_kept() -> None:
    answer = signed_in("tess").post(
        f"{page('C404')}open/", {"reason": "The hospital has just called about them."}
    )
    assert answer.status_code == 422
    glass = BrokenGlass.objects.get()
    assert (glass.child, glass.until) == ("", glass.at)


def test_findings_on_the_command_line_are_looks(home: Home) -> None:
    night(
        "2019-10-29",
        {"cin_episodes": CLOSED, "involvements": MOVED + "\n9, C2, W2, CW, TB, 2019-05-05, 2019-01-01, R2"},
    )
    delivery = home.answer("deliveries", "--authority", AUTHORITY)[-1]["id"]
    found = home.answer("findings", delivery, "--by", "Cass")
    assert any("C2" in (row["key"] or "") for row in found)
    assert set(AccessLogEntry.objects.filter(by="Cass").values_list("child", "channel")) == {
        ("C2", "findings")
    }


def test_a_childs_number_is_read_from_standard_input(home: Home) -> None:
    ran = home.run("child", "-", "--authority", AUTHORITY, "--json", "--by", "Cass", stdin="C1\n")
    assert json.loads(ran.stdout)["child"] == "C1"
    assert home.run("child", "-", "--authority", AUTHORITY, stdin="").returncode == 2
    ran = home.run(
        "erase", "--authority", AUTHORITY, "--child", "-", "--ground", "g", "--by", "B", stdin="C1\n"
    )
    assert ran.returncode == 0, ran.stderr


def test_a_member_sees_only_sundays_as_known_at_their_end() -> None:
    client = signed_in("mel")
    answers = set()
    for back in range(60):
        day = date(2019, 10, 30) - timedelta(days=back)
        for more in (
            "",
            "&known=then",
            "&known_by=2019-10-04T12:00:00Z",
            "&witnessed=on",
            "&definition=need-a-worker",
        ):
            answer = client.get(f"/service/999/?as_at={day.isoformat()}&format=json{more}")
            if answer.status_code == 200:
                said = json.loads(answer.content)
                assert date.fromisoformat(said["as_at"]).weekday() == 6
                assert said["known_by"] == _end(said["as_at"])
                answers.add(json.dumps(said, sort_keys=True))
    assert 0 < len(answers) <= 10
    assert max(json.loads(one)["as_at"] for one in answers) == "2019-10-20"


def _end(day: str) -> str:
    from lineofsight.vocabulary.moments import end_of, written

    return written(end_of(date.fromisoformat(day)))
