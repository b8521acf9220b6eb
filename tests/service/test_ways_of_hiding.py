"""Every way in which children nobody answers for have been kept out of a figure is planted here, and found."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lineofsight.vocabulary.moments import microseconds
from tests.service.homes import Home, filled_once
from tests.support import answers
from tests.support.answers import Asked
from tests.support.cases import AUTHORITY, describe, moment, night

ASKED = Asked(AUTHORITY)
EPISODE = "R1, C1, 2019-01-01, N,,"
STAFF = """W1, s1, Social Worker, SW1, 1.0,
M1, s2, Team Manager, SW2, 1.0,
K1, s3, Support Worker,, 1.0,"""


def involved(worker: str, begun: str = "2019-01-05", ended: str = "", role: str = "CW") -> str:
    return f"1, C1, {worker}, {role}, T1, {begun}, {ended}, R1"


def loaded(*involvements: str, staff: str = STAFF, at: str = "2019-10-08", episodes: str = EPISODE) -> None:
    night(at, {"cin_episodes": episodes, "involvements": "\n".join(involvements), "professionals": staff})


def only_child(day: str = "2019-10-08", known_by: str = "2019-12-01") -> dict[str, Any]:
    found = answers.register(ASKED, date.fromisoformat(day), microseconds(moment(known_by)))["children"]
    assert len(found) == 1
    child: dict[str, Any] = found[0]
    return child


def state(day: str = "2019-10-08", known_by: str = "2019-12-01") -> dict[str, int]:
    figure = answers.figure(ASKED, date.fromisoformat(day), microseconds(moment(known_by)))
    return {name: n for name, n in figure["states"].items() if n}


@pytest.fixture(autouse=True)
@filled_once
def _described(home: Home) -> None:
    describe()


@pytest.mark.parametrize(
    ("involvement", "reason"),
    [
        (involved("M1"), "manager"),
        (involved("DUTY01"), "duty tray"),
        (involved("UNKNOWN"), "placeholder"),
        (involved("K1"), "not registered"),
        (involved("W1", role="FS"), "role"),
    ],
)
def test_held_by_somebody_who_does_not_count(involvement: str, reason: str) -> None:
    loaded(involvement)
    child = only_child()
    assert (child["state"], child["reason"], child["since"]) == ("held", reason, "2019-01-01")


def test_left_with_a_team() -> None:
    loaded(involved(""))
    assert only_child()["state"] == "team_only"


def test_a_worker_who_left_by_the_roster() -> None:
    """From the day of the first full roster that lacks the worker, and not before."""
    loaded(involved("W1"))
    loaded(involved("W1"), staff="M1, s2, Team Manager, SW2, 1.0,", at="2019-10-20")
    assert state("2019-10-19") == {"allocated": 1}
    child = only_child("2019-10-20")
    assert (child["reason"], child["since"], child["last_worker"]) == ("leaver", "2019-10-20", "W1")


def test_a_worker_who_left_by_a_stated_day() -> None:
    loaded(involved("W1"), staff="W1, s1, Social Worker, SW1, 1.0, 2019-08-01")
    assert state("2019-07-31") == {"allocated": 1}
    assert only_child("2019-08-01")["reason"] == "leaver"


def test_a_title_holds_from_the_delivery_that_first_said_it() -> None:
    """A worker made manager in October answered for the child in September."""
    loaded(involved("W1"), at="2019-10-01")
    loaded(involved("W1"), at="2019-10-08", staff="W1, s1, Team Manager, SW1, 1.0,")
    assert state("2019-09-01") == {"allocated": 1}
    assert state("2019-10-07") == {"allocated": 1}
    assert only_child("2019-10-08")["reason"] == "manager"


def test_backdating_changes_what_is_known_now_and_not_what_was_known_then() -> None:
    loaded(at="2019-10-08")
    loaded(involved("W1", begun="2019-09-01"), at="2019-10-11")
    assert state("2019-10-05", known_by="2019-10-09") == {"none": 1}
    assert state("2019-10-05", known_by="2019-10-11") == {"allocated": 1}
    asked = {"first": date(2019, 10, 8), "last": date(2019, 10, 11)}
    found = answers.bridge(ASKED, asked["first"], asked["last"], None, microseconds(moment("2019-10-12")))
    assert found["children"] == [{"child": "C1", "move": "corrected"}]
    assert (found["from"]["unallocated"], found["to"]["unallocated"]) == (1, 0)


@pytest.mark.parametrize(
    ("reason", "move"),
    [
        ("", "unexplained"),
        ("XX", "unexplained"),
        ("RC1", "closed"),
        ("rc8", "assessed"),
        ("RC9", "assessed"),
        ("RC5", "transferred"),
    ],
)
def test_closed_in_a_clean_up(reason: str, move: str) -> None:
    """Children who leave the figure because their episode was closed are told apart by why."""
    loaded(at="2019-10-08")
    loaded(at="2019-10-20", episodes=f"R1, C1, 2019-01-01, N, 2019-10-15, {reason}")
    found = answers.bridge(
        ASKED, date(2019, 10, 8), date(2019, 10, 20), None, microseconds(moment("2019-10-20"))
    )
    assert {name: n for name, n in found["exits"].items() if n} == {move: 1}
    assert next(iter(found["exits"])) == "unexplained"


def test_closed_on_the_last_day_of_the_two_is_closed() -> None:
    loaded(at="2019-10-08")
    loaded(at="2019-10-20", episodes="R1, C1, 2019-01-01, N, 2019-10-20, RC1")
    found = answers.bridge(
        ASKED, date(2019, 10, 8), date(2019, 10, 20), None, microseconds(moment("2019-10-20"))
    )
    assert found["children"] == [{"child": "C1", "move": "closed"}]


def test_an_episode_that_vanished() -> None:
    loaded(at="2019-10-08", episodes=f"{EPISODE}\nR2, C2, 2019-01-01, N,,")
    loaded(at="2019-10-20", episodes="R2, C2, 2019-01-01, N,,")
    found = answers.bridge(
        ASKED, date(2019, 10, 8), date(2019, 10, 20), None, microseconds(moment("2019-10-20"))
    )
    assert found["children"] == [{"child": "C1", "move": "unexplained"}]


def test_one_sources_stale_word_over_anothers_none(home: Home) -> None:
    """The source heard last tells; that the other says otherwise is counted."""
    describe("other")
    loaded(involved("W1"), at="2019-10-08")
    night("2019-10-09", {"cin_episodes": EPISODE, "involvements": "", "professionals": STAFF}, "other")
    figure = answers.figure(ASKED, date(2019, 10, 9), microseconds(moment("2019-10-10")))
    assert (figure["states"]["none"], figure["disagreements"]) == (1, 1)
    register = answers.register(ASKED, date(2019, 10, 9), microseconds(moment("2019-10-10")))
    says = [{"source": "other", "state": "none"}, {"source": "nightly", "state": "allocated"}]
    assert register["disagreeing"] == [{"child": "C1", "says": says}]
    earlier = answers.figure(ASKED, date(2019, 10, 8), microseconds(moment("2019-10-08")))
    assert (earlier["states"]["allocated"], earlier["disagreements"]) == (1, 0)


def test_an_answer_names_the_sources_of_case_records_and_no_other() -> None:
    """Describing a source is a delivery as well, but no figure is worked out from it."""
    loaded(involved("W1"))
    figure = answers.figure(ASKED, date(2019, 10, 8), microseconds(moment("2030-01-01")))
    assert [source["source"] for source in figure["sources"]] == ["nightly"]


def test_a_source_whose_workers_are_not_live_never_tells(home: Home) -> None:
    describe("census", live="false")
    night("2019-10-09", {"cin_episodes": EPISODE, "involvements": ""}, "census")
    figure = answers.figure(ASKED, date(2019, 10, 9), microseconds(moment("2019-10-10")))
    assert (figure["unallocated"], figure["states"]["cannot_tell"], figure["complete"]) == (None, 1, False)


def test_allocated_and_not_seen_since_the_worker_took_over() -> None:
    """C2 was seen on the worker's first day, and C4 exactly four weeks ago: both are in time."""
    night(
        "2019-10-08",
        {
            "cin_episodes": f"{EPISODE}\nR2, C2, 2019-01-01, N,,\nR3, C3, 2019-01-01, N,,\nR4, C4, 2019-01-01, N,,",
            "involvements": f"{involved('W1', begun='2019-09-01')}\n2, C2, W1, CW, T1, 2019-10-01,, R2\n"
            "3, C3, W1, CW, T1, 2019-01-01,, R3\n4, C4, W1, CW, T1, 2019-01-01,, R4",
            "professionals": STAFF,
            "cin_visits": "C1, 2019-08-30, Y\nC1, 2019-09-20, N\nC2, 2019-10-01, Y\nC3, 2019-09-09, Y\nC4, 2019-09-10, Y",
        },
    )
    found = answers.not_seen(ASKED, date(2019, 10, 8), microseconds(moment("2019-10-08")))
    assert {row["child"]: row["why"] for row in found["children"]} == {
        "C1": "not since the worker took over",
        "C3": "not within the weeks allowed",
    }


def test_where_no_visit_is_known_nothing_is_said_of_seeing() -> None:
    loaded(involved("W1"))
    found = answers.not_seen(ASKED, date(2019, 10, 8), microseconds(moment("2019-10-08")))
    assert (found["allocated_not_seen"], found["children"]) == (None, [])


def test_caseload_counts_children_and_not_involvements() -> None:
    loaded(involved("W1"), involved("W1", role="cw ", begun="2019-02-01"), involved("M1"))
    found = answers.caseload(ASKED, date(2019, 10, 8), microseconds(moment("2019-10-08")))
    load = {row["worker"]: (row["children"], row["held"], row["fte"]) for row in found["workers"]}
    assert load == {"W1": (1, 0, 1.0), "M1": (0, 1, 1.0)}


def test_a_child_named_only_by_the_referral_is_answered_for() -> None:
    loaded("1,, W1, CW, T1, 2019-01-05,, R1")
    assert state() == {"allocated": 1}


def test_past_assessment_is_asked_for_by_its_own_definition() -> None:
    """Only children past assessment need a worker by that definition; an assessment counts in its own episode."""
    night(
        "2019-10-08",
        {
            "cin_episodes": "R1, C1, 2019-01-01, N,,\nR2, C2, 2019-01-01, N,,\nR3, C3, 2019-01-01, N,,\nR4, C4, 2019-06-01, N,,",
            "involvements": "",
            "cin_assessments": "C1, R1, 2019-01-02, 2019-02-01\nC2, R2, 2019-01-02,\nC4, R9, 2019-01-02, 2019-02-01",
            "cin_plans": "C3, R3, 2019-03-01,",
        },
    )
    asked = Asked(AUTHORITY, answers.states.NEED_A_WORKER)
    found = answers.register(asked, date(2019, 10, 8), microseconds(moment("2019-10-08")))
    assert [(row["child"], row["since"]) for row in found["children"]] == [
        ("C1", "2019-02-01"),
        ("C3", "2019-03-01"),
    ]


def test_the_team_of_an_allocated_child_does_not_hold_it_as_well() -> None:
    """A duty tray and a manager beside the worker take nothing from the worker's team, nor count the child twice."""
    loaded(involved("W1"), involved("M1"), involved("", role="DUTY"))
    (team,) = answers.caseload(ASKED, date(2019, 10, 8), microseconds(moment("2019-10-08")))["teams"]
    assert (team["team"], team["children"], team["held"], team["team_only"]) == ("T1", 1, 0, 0)
