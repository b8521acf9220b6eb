"""A source answers for the children it names, and says nothing of others unless its settings say so (counting rules 11 and 13)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lineofsight.intake.delivery import NamedBytes
from lineofsight.service.receive import recipe
from lineofsight.vocabulary.identifiers import SourceName
from lineofsight.vocabulary.moments import microseconds
from tests.service.homes import Home, filled_once
from tests.support import answers
from tests.support.answers import Asked
from tests.support.cases import AUTHORITY, describe, moment, night

ASKED = Asked(AUTHORITY)
STAFF = "W1, s1, Social Worker, SW1, 1.0,"
TWO = {
    "cin_episodes": "R1, C1, 2019-01-01, N,,\nR2, C2, 2019-01-01, N,,",
    "involvements": "1, C1, W1, CW, T1, 2019-01-05,, R1\n2, C2, W1, CW, T1, 2019-01-05,, R2",
    "professionals": STAFF,
}


@pytest.fixture(autouse=True)
@filled_once
def _described(home: Home) -> None:
    describe()
    night("2019-10-01", TWO)


def figure(day: str = "2019-10-08", known_by: str = "2019-12-01") -> dict[str, Any]:
    return answers.figure(ASKED, date.fromisoformat(day), microseconds(moment(known_by)))


def states(day: str = "2019-10-08", known_by: str = "2019-12-01") -> dict[str, int]:
    return {name: count for name, count in figure(day, known_by)["states"].items() if count}


def test_a_full_roster_says_nothing_of_children_it_does_not_name() -> None:
    describe("other")
    night("2019-10-02", {"cin_episodes": "R2, C2, 2019-01-01, N,,", "involvements": ""}, "other")
    assert (states(), figure()["disagreements"]) == ({"allocated": 1, "none": 1}, 1)


def test_any_row_names_a_child_and_a_withdrawn_row_no_longer_does() -> None:
    describe("other")
    night("2019-10-02", {"person": "C2, 2010-01-01,", "involvements": ""}, "other")
    assert states() == {"allocated": 1, "none": 1}
    night("2019-10-03", {"person": "", "involvements": ""}, "other", confirmed=True)
    assert states() == {"allocated": 2}
    assert states(known_by="2019-10-02") == {"allocated": 1, "none": 1}, "by then the row was known"


def test_a_source_that_covers_the_service_speaks_of_every_child() -> None:
    describe("other", more='covers = "service"')
    night("2019-10-02", {"cin_episodes": "", "involvements": ""}, "other")
    assert (states(), figure()["disagreements"]) == ({"none": 2}, 2)


def test_two_case_systems_each_answer_for_their_own_children() -> None:
    describe("successor")
    new = {
        "cin_episodes": "N1, 900, 2019-01-01, N,,",
        "involvements": "1, 900, , CW, T1, 2019-01-05,, N1",
        "professionals": STAFF,
    }
    night("2019-10-02", new, "successor")
    assert (states(), figure()["disagreements"]) == ({"allocated": 2, "team_only": 1}, 0)


def test_a_partial_source_speaks_of_children_whose_worker_it_stated() -> None:
    describe("duty", kind="worklist", roster="partial")
    text = "child,worker,team,role,start,end\nC1,,T1,CW,2019-01-01,\n"
    file = NamedBytes("list.csv", text.encode())
    at = moment("2019-10-02")
    recipe.load([file], file.name, AUTHORITY, SourceName("duty"), received_at=at, by="tests")
    assert states() == {"allocated": 1, "team_only": 1}


def test_a_source_no_longer_speaks_from_its_last_day() -> None:
    describe("other", more="valid_to = 2019-10-06")
    night("2019-10-02", {"cin_episodes": "R2, C2, 2019-01-01, N,,", "involvements": ""}, "other")
    assert states("2019-10-05") == {"allocated": 1, "none": 1}
    assert states("2019-10-06") == {"allocated": 2}
    describe(more="valid_to = 2019-10-07")
    assert states("2019-10-07") == {"cannot_tell": 2}, "nobody is left who speaks, and no child is lost"
    trend = answers.trend(ASKED, date(2019, 10, 5), date(2019, 10, 7), microseconds(moment("2019-12-01")))[
        "days"
    ]
    assert [row["states"]["allocated"] for row in trend] == [1, 2, 0]


def test_a_worker_the_settings_name_is_held_whatever_the_name_says() -> None:
    """The lines of owners and the placeholders are asked before anything else (counting rule 10)."""
    describe("other")
    rows = "1, C1, UNKNOWN, CW, T1, 2019-01-05,, R1\n2, C2, DUTY01, CW, T1, 2019-01-05,, R2"
    night("2019-10-02", {**TWO, "involvements": rows}, "other")
    found = answers.register(ASKED, date(2019, 10, 8), microseconds(moment("2019-12-01")))["children"]
    assert {row["child"]: (row["state"], row["reason"]) for row in found} == {
        "C1": ("held", "placeholder"),
        "C2": ("held", "duty tray"),
    }


def test_children_whom_two_case_systems_give_one_number_are_told() -> None:
    """Each system answers for its own ID; that the two may be one child is a finding of the later delivery."""
    theirs = "pers_person_id,pers_upn,pers_legacy_id\nM1,A123,\nM2,,\n"
    ours = "pers_person_id,pers_upn,pers_legacy_id\n900,A123,\n901,,M2\n"
    codes = []
    for source, text in (("old", theirs), ("new", ours)):
        describe(source)
        file = NamedBytes("ssd_person.csv", text.encode())
        at = moment("2019-10-02")
        outcome = recipe.load([file], file.name, AUTHORITY, SourceName(source), received_at=at, by="tests")
        codes.append([row["code"] for row in answers.findings_of(outcome.link.delivery)])
    assert not {"R06", "R07"} & set(codes[0])
    assert {"R06", "R07"} <= set(codes[1])
