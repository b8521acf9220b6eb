"""Words for nobody, teams, and people who are called like them."""

from __future__ import annotations

import pytest

from lineofsight.vocabulary.nobody import (
    is_nobody,
    is_nobody_by_title,
    is_team,
    may_be_nobody,
    stands_for_nobody,
)


@pytest.mark.parametrize(
    "cell",
    [
        "Unallocated",
        "UN-ALLOCATED",
        "*Unallocated*",
        "zzz Unallocated",
        "Unallocated (East)",
        "Currently unallocated",
        "Not yet assigned",
        "No SW",
        "No named social worker",
        "None allocated",
        "Vacant Post",
        "Vacancy 4",
        "Post vacant",
        "SW vacancy",
        "T.B.C.",
        "TBA",
        "To be allocated",
        "Worker to be confirmed",
        "Awaiting allocation",
        "Pending allocation",
        "Allocation pending",
        "Duty",
        "Duty SW 2",
        "Worker, Duty",
        "Agency worker",
        "Dummy user",
        "N/A",
        "Unknown",
        "(none)",
        "?",
        "---",
        "-1",
        "Left the authority",
        "Waiting list",
    ],
)
def test_a_word_for_nobody_is_no_worker(cell: str) -> None:
    assert is_nobody(cell)
    assert stands_for_nobody(cell) and stands_for_nobody("W1", cell)


@pytest.mark.parametrize(
    "cell",
    [
        "Ada Duty",
        "Duty, Ada",
        "Sandra Pool",
        "Tray, Maria",
        "Left, Anna",
        "Vacant, John",
        "Ann Blank",
        "Nan Smith",
        "Na Li",
        "Ben Okri (Duty team)",
        "Ben Okri - North team",
        "Jo Unit",
        "Noah Worker",
        "W1",
        "S-0001",
        "10",
        "11",
        "Unali Khan",
        "Agency: J Smith",
        "Hope Waiting",
    ],
)
def test_people_called_like_it_are_people(cell: str) -> None:
    assert not stands_for_nobody(cell)


@pytest.mark.parametrize(
    "cell", ["Duty Team", "North Locality Team", "Team 2", "CIN Team 3", "Assessment Hub", "MASH inbox"]
)
def test_a_team_is_no_worker(cell: str) -> None:
    assert is_team(cell)
    assert stands_for_nobody(cell)


@pytest.mark.parametrize("cell", [None, "", "Ada Byron"])
def test_nothing_and_a_plain_name_say_nothing_of_it(cell: str | None) -> None:
    assert not is_nobody(cell) and not is_team(cell) and not may_be_nobody(cell)


@pytest.mark.parametrize("name", ["Ada Duty", "Sandra Pool", "Jo Unit", "Cover, Jane"])
def test_a_name_with_such_a_word_is_doubtful(name: str) -> None:
    assert may_be_nobody(name)


@pytest.mark.parametrize(
    ("title", "nobody"),
    [
        *((title, True) for title in ("Vacant", "Vacant Social Worker Post", "Unallocated")),
        *(
            (title, False)
            for title in ("Duty Social Worker", "Agency Social Worker", "N/A", "Unknown", "", None)
        ),
    ],
)
def test_a_job_title_tells_of_a_vacancy_only(title: str | None, nobody: bool) -> None:
    assert is_nobody_by_title(title) == nobody
    assert stands_for_nobody("W1", "Ada Byron", title) == nobody


def test_whom_a_person_has_named_is_a_person() -> None:
    assert stands_for_nobody("Duty Team")
    assert not stands_for_nobody(" DUTY  team", people=frozenset({"duty team"}))
