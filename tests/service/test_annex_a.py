"""Workbook after workbook: who answered on each day, as known then and now (counting rule 14)."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from lineofsight.intake.delivery import NamedBytes
from lineofsight.service.receive import recipe
from lineofsight.service.store import chain
from lineofsight.vocabulary.identifiers import SourceName
from lineofsight.vocabulary.moments import microseconds
from tests.service.homes import Home, filled_once
from tests.support import answers
from tests.support.cases import AUTHORITY, describe, moment, night
from tests.unit.intake.test_annex_a import LIST_6, book, six

ASKED = answers.Asked(AUTHORITY)
EIGHT = ["Child Unique ID", "Date Started to be Looked After", "Allocated Team", "Allocated Worker"]


@pytest.fixture
@filled_once
def described(home: Home) -> Home:
    describe("annex-a", kind="annex_a")
    return home


def workbook(at: str, *rows: Any, more: dict[str, Any] | None = None) -> recipe.Outcome:
    file = book({"List 6": [LIST_6, *rows], **(more or {})})
    return recipe.load(
        [file], file.name, AUTHORITY, SourceName("annex-a"), received_at=moment(at), by="tests"
    )


def states(day: str, known_by: str | None = None) -> dict[str, int]:
    by = microseconds(moment(known_by)) if known_by else answers.latest(ASKED)
    found = answers.figure(ASKED, date.fromisoformat(day), by)
    return {name: count for name, count in found["states"].items() if count}


def listed(day: str) -> list[tuple[str, str, str | None, str | None]]:
    answer = answers.register(ASKED, date.fromisoformat(day), answers.latest(ASKED))
    return [(row["child"], row["state"], row["since"], row["last_worker"]) for row in answer["children"]]


def test_a_cell_holds_from_its_workbook_to_the_next_and_before_nobody_can_tell(described: Home) -> None:
    workbook("2021-03-01", six("1"), six("2", worker="Unallocated"))
    workbook("2021-04-01", six("1", worker=None), six("2", worker="Bea Webb"))
    assert states("2021-02-28") == {"cannot_tell": 2}
    assert states("2021-03-01") == {"allocated": 1, "team_only": 1}
    assert states("2021-03-31") == {"allocated": 1, "team_only": 1}, (
        "the first workbook still holds, though the second changed it"
    )
    assert states("2021-04-01") == {"allocated": 1, "team_only": 1}
    assert listed("2021-03-31") == [("2", "team_only", "2021-03-01", None)]
    assert listed("2021-05-01") == [("1", "team_only", "2021-04-01", "Ada Byron")]


def test_the_same_cells_again_go_on_under_their_first_day(described: Home) -> None:
    workbook("2021-03-01", six("1"), six("2", worker=None))
    outcome = workbook("2021-04-01", six("1"), six("2", worker=None), six("3"))
    counts = chain.body_of(outcome.link)["counts"]
    assert counts["withdrawn"] == 0
    assert listed("2021-04-10") == [("2", "team_only", "2021-03-01", None)]


def test_what_was_known_then_stays_to_be_asked(described: Home) -> None:
    workbook("2021-03-01", six("1"))
    workbook("2021-04-01", six("1", worker=None, team=None))
    assert states("2021-04-05", known_by="2021-03-20") == {"allocated": 1}
    assert states("2021-04-05") == {"none": 1}


def test_a_child_who_left_the_list_and_one_whose_list_is_missing(described: Home) -> None:
    eight = {"List 8": [EIGHT, ["1", date(2020, 5, 1), "Care", "Cora Lane"]]}
    workbook("2021-03-01", six("1", worker=None), more=eight)
    assert states("2021-03-10") == {"allocated": 1}
    workbook("2021-04-01", six("1", worker=None))
    assert states("2021-04-10") == {"allocated": 1}, "a list that is not there ends nothing"
    workbook("2021-05-01", six("1", worker=None), more={"List 8": [EIGHT]})
    assert states("2021-05-10") == {"team_only": 1}, "one that is there and empty ends what it said"


def test_a_live_source_heard_later_tells_and_the_workbook_is_told_to_disagree(described: Home) -> None:
    workbook("2021-03-01", six("1"))
    describe("nightly")
    night(
        "2021-03-02",
        {"cin_episodes": "R1, 1, 2020-01-02, N,,", "involvements": "1, 1, , CW, T9, 2020-01-05,, R1"},
        "nightly",
    )
    found = answers.figure(ASKED, date(2021, 3, 2), answers.latest(ASKED))
    assert (found["states"]["team_only"], found["disagreements"]) == (1, 1)
    before = answers.figure(ASKED, date(2021, 2, 20), answers.latest(ASKED))
    assert (before["states"]["team_only"], before["disagreements"]) == (1, 0), (
        "of days before it the workbook says nothing"
    )


def test_sources_do_not_disagree_on_a_child_of_whom_nobody_can_tell(described: Home) -> None:
    """Two rosters say different things of a child whom only a later workbook counts: on earlier days it is not known."""
    describe("nightly")
    describe("other")
    closed = "R1, 1, 2020-01-02, N, 2020-06-01, RC8\nR2, 2, 2020-01-02, N,,"
    theirs = "2, 2, W2, CW, T9, 2020-01-05,, R2"
    night(
        "2021-02-01", {"cin_episodes": closed, "involvements": f"1, 1, W1, CW, T9, 2020-01-05,, R1\n{theirs}"}
    )
    night("2021-02-02", {"cin_episodes": closed, "involvements": theirs}, "other")
    workbook("2021-03-01", six("1"))
    before = figure("2021-02-20")
    assert states("2021-02-20") == {"allocated": 1, "cannot_tell": 1}
    assert before["disagreements"] == 0
    assert figure("2021-03-02")["disagreements"] == 1, "on the workbook's own day the child is counted"


def test_settings_decide_whose_name_does_not_count(described: Home) -> None:
    workbook("2021-03-01", six("1", worker="DUTY01"), six("2", worker="unknown"))
    assert states("2021-03-01") == {"held": 2}


def test_a_trend_crosses_workbooks(described: Home) -> None:
    workbook("2021-03-01", six("1", worker=None))
    workbook("2021-03-04", six("1"))
    rows = answers.trend(ASKED, date(2021, 2, 27), date(2021, 3, 6), answers.latest(ASKED))["days"]
    assert [row["unallocated"] for row in rows] == [None, None, 1, 1, 1, 0, 0, 0]


def test_a_real_workbook_is_read_whole(described: Home, shared_data: Path) -> None:
    content = (shared_data / "samples/annex_a/Annex_A.xlsx").read_bytes()
    outcome = recipe.load(
        [NamedBytes("Annex_A.xlsx", content)],
        "Annex_A.xlsx",
        AUTHORITY,
        SourceName("annex-a"),
        received_at=moment("2021-03-16"),
        by="tests",
    )
    counts = chain.body_of(outcome.link)["counts"]
    assert counts["received"] == counts["accepted"] + counts["unchanged"] + counts["quarantined"]
    assert counts["quarantined"] == 0
    codes = {row["code"] for row in answers.findings_of(outcome.link.delivery)}
    assert {"A05", "R02"} <= codes
    assert states("2021-03-15") == {"cannot_tell": 5}
    assert states("2021-03-16") == {"none": 5}, "every worker's cell of its list 6 holds an error"


def nightly(at: str, episodes: str, involvements: str) -> None:
    night(at, {"cin_episodes": episodes, "involvements": involvements}, "nightly", confirmed=True)


def unallocated_states(day: str, known_by: str) -> dict[str, str]:
    """The state of each unallocated child."""
    by = microseconds(moment(known_by))
    return {
        row["child"]: row["state"] for row in answers.register(ASKED, date.fromisoformat(day), by)["children"]
    }


def test_a_workbook_adds_to_earlier_days_only_children_of_whom_nobody_can_tell(described: Home) -> None:
    describe("nightly")
    nightly(
        "2021-03-01",
        "R1, 1, 2020-01-02, N,,\nR2, 2, 2020-01-02, N, 2020-06-01, RC1",
        "1, 1, W1, CW, T9, 2020-01-05,, R1",
    )
    before = states("2021-03-02", known_by="2021-03-03")
    workbook("2021-03-10", six("1", worker=None), six("2"), six("3"))
    assert before == {"allocated": 1}
    assert states("2021-03-02") == {"allocated": 1, "cannot_tell": 2}
    assert answers.figure(ASKED, date(2021, 3, 2), answers.latest(ASKED))["disagreements"] == 0
    assert states("2021-03-10") == {"allocated": 2, "team_only": 1}


def test_a_later_workbook_changes_nobody_on_the_days_of_an_earlier_one(described: Home) -> None:
    """Neither by a child it adds, nor by one it leaves out or closes, nor by being heard last."""
    describe("nightly")
    workbook("2021-03-01", six("1"), six("2", worker=None), six("4", worker=None))
    nightly("2021-03-05", "R4, 4, 2020-01-02, N,,", "1, 4, W1, CW, T9, 2020-01-05,, R4")
    days = ("2021-03-01", "2021-03-06", "2021-03-31")
    before = [(states(day, known_by="2021-03-31"), unallocated_states(day, "2021-03-31")) for day in days]
    workbook("2021-04-01", six("1", worker=None), six("3"), six("4", worker=None))
    after = [(states(day, known_by="2021-04-02"), unallocated_states(day, "2021-04-02")) for day in days]
    assert before == [({"allocated": 2, "team_only": 1}, {"2": "team_only"})] * 3
    assert after == [({**found, "cannot_tell": 1}, listed) for found, listed in before]
    assert unallocated_states("2021-04-01", "2021-04-02") == {"1": "team_only", "4": "team_only"}
    rows = answers.trend(ASKED, date(2021, 3, 30), date(2021, 4, 1), answers.latest(ASKED))["days"]
    assert [row["states"]["cannot_tell"] for row in rows] == [1, 1, 0]


def figure(day: str) -> dict[str, Any]:
    return answers.figure(ASKED, date.fromisoformat(day), answers.latest(ASKED))


@pytest.mark.parametrize(
    ("end", "complete", "allocated"),
    [
        ("soon", False, 0),
        ("32/13/2021", False, 0),
        ("ongoing", True, 1),
        ("", True, 1),
        ("31/12/9999", True, 1),
    ],
)
def test_a_worker_whose_last_day_cannot_be_read_does_not_answer_as_if_nothing_were_wrong(
    described: Home, end: str, complete: bool, allocated: int
) -> None:
    head = [
        "Child Unique ID",
        "Date Started to be Looked After",
        "Date Ceased to be Looked After",
        "Allocated Worker",
    ]
    eight = [head, ["1", date(2020, 5, 1), end, "Ada Byron"]]
    workbook("2021-03-01", six("1", worker=None, team=None), more={"List 8": eight})
    assert figure("2021-03-02")["complete"] is complete
    assert figure("2021-03-02")["states"]["allocated"] == allocated


def test_a_child_whose_closing_day_cannot_be_read_stays_in_the_count_as_not_known(described: Home) -> None:
    workbook("2021-03-01", six("1"), six("2", **{"CIN Closure Date": "soon"}))
    assert states("2021-03-02") == {"allocated": 1, "cannot_tell": 1}
    workbook("2021-04-01", six("1", **{"CIN Closure Date": "soon"}), six("2"))
    assert states("2021-04-02") == {"allocated": 2}, "what was known of the first child before stands"
    assert figure("2021-04-02")["complete"] is False


def test_rows_beneath_a_worker_named_once_are_not_known(described: Home) -> None:
    rows = [
        six(str(at), worker=name or None, team=None)
        for at, name in enumerate(("Ada Byron", "", "", "Ben Cole", "", ""))
    ]
    workbook("2021-03-01", *rows)
    assert states("2021-03-02") == {"allocated": 2, "cannot_tell": 4}
    assert figure("2021-03-02")["complete"] is False
