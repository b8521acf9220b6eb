"""A leaving day that a workforce list states: children are without a worker from that day, as known then (rule 12)."""

from __future__ import annotations

from datetime import date

import pytest

from lineofsight.intake.delivery import NamedBytes
from lineofsight.service.receive import recipe
from lineofsight.vocabulary.identifiers import SourceName
from lineofsight.vocabulary.moments import microseconds
from tests.service.homes import Home, filled_once
from tests.support import answers
from tests.support.cases import AUTHORITY, describe, moment

ASKED = answers.Asked(AUTHORITY)
NIGHT = {
    "ssd_cin_episodes.csv": "cine_person_id,cine_referral_id,cine_referral_date\nC1,R1,2025-01-02\nC2,R2,2025-01-02\n",
    "ssd_involvements.csv": "invo_person_id,invo_professional_id,invo_professional_role_id,invo_involvement_start_date\n"
    "C1,W1,CW,2025-01-02\nC2,W2,CW,2025-01-02\n",
    "ssd_professionals.csv": "prof_professional_id,prof_staff_id,prof_professional_name\nW1,S1,Ada\nW2,S2,Bea\n",
}


def load(source: str, at: str, **files: str) -> None:
    named = [NamedBytes(name.replace("__", "."), text.encode()) for name, text in files.items()]
    recipe.load(named, "files", AUTHORITY, SourceName(source), received_at=moment(at), by="tests")


def staff(source: str, at: str, *lines: str) -> None:
    load(source, at, workforce__csv="\n".join(["Staff ID,Leaving date,FTE", *lines, ""]))


def without(day: str, known_by: str | None = None) -> list[tuple[str, str | None]]:
    by = microseconds(moment(known_by)) if known_by else answers.latest(ASKED)
    found = answers.register(ASKED, date.fromisoformat(day), by)
    return [(row["child"], row["reason"]) for row in found["children"]]


@pytest.fixture
@filled_once
def loaded(home: Home) -> Home:
    describe("nightly")
    describe("staff")
    load("nightly", "2025-03-01", **{name.replace(".", "__"): text for name, text in NIGHT.items()})
    return home


@pytest.mark.parametrize("number", ["W1", "s1 "])
def test_a_worker_leaves_on_the_day_that_the_list_of_another_source_states(loaded: Home, number: str) -> None:
    staff("staff", "2025-03-05", f"{number},2025-03-10,1", "W2,,0.5")
    assert without("2025-03-09") == []
    assert without("2025-03-10") == [("C1", "leaver")]
    assert without("2025-03-10", "2025-03-04") == []
    load = answers.caseload(ASKED, moment("2025-03-09").date(), answers.latest(ASKED))
    assert {row["worker"]: row["fte"] for row in load["workers"]} == {"W1": 1.0, "W2": 0.5}


def test_a_leaving_day_that_is_taken_back_brings_the_worker_back(loaded: Home) -> None:
    staff("staff", "2025-03-05", "W1,2025-03-10,1")
    staff("staff", "2025-03-12", "W1,,1")
    assert without("2025-03-11") == []
    assert without("2025-03-11", "2025-03-11") == [("C1", "leaver")]


def test_the_stated_day_stands_over_the_first_roster_without_the_worker(loaded: Home) -> None:
    rest = NIGHT | {
        "ssd_professionals.csv": "prof_professional_id,prof_staff_id,prof_professional_name\nW2,S2,Bea\n"
    }
    load("nightly", "2025-03-20", **{name.replace(".", "__"): text for name, text in rest.items()})
    assert without("2025-03-19") == []
    assert without("2025-03-20") == [("C1", "leaver")]
    staff("staff", "2025-03-25", "W1,2025-03-10,1")
    assert without("2025-03-09") == []
    assert without("2025-03-10") == [("C1", "leaver")]
    staff("staff", "2025-03-28", "W2,,1")
    assert without("2025-03-19") == []
    assert without("2025-03-20") == [("C1", "leaver")]


def test_what_the_case_system_states_itself_stands(loaded: Home) -> None:
    own = "prof_professional_id,prof_professional_name,prof_leaving_date\nW1,Ada,2025-04-01\nW2,Bea,\n"
    load(
        "nightly",
        "2025-03-02",
        **{name.replace(".", "__"): text for name, text in (NIGHT | {"ssd_professionals.csv": own}).items()},
    )
    staff("staff", "2025-03-05", "W1,2025-03-10,1")
    assert without("2025-03-31") == []
    assert without("2025-04-01") == [("C1", "leaver")]


def test_the_list_beside_a_worklist_speaks_of_workers_whom_no_roster_names(home: Home) -> None:
    describe("duty", kind="worklist")
    lines = "child,worker,role,start\nC1,Ada Byron,CW,2025-01-02\nC2,Bea Webb,CW,2025-01-02\n"
    load("duty", "2025-03-01", list__csv=lines, workforce__csv="Worker,Leaving date\nada byron,2025-03-10\n")
    assert without("2025-03-09") == []
    assert without("2025-03-10") == [("C1", "leaver")]
    load("duty", "2025-03-15", list__csv=lines, workforce__csv="Worker,Leaving date\nBea Webb,\n")
    assert without("2025-03-16") == []
