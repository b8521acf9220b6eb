"""A list whose numbers meet none of a roster's is told loudly, and waits where it would leave every child without a worker."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lineofsight.intake.delivery import NamedBytes
from lineofsight.queries.reading import reading
from lineofsight.service.access.records import open_record
from lineofsight.service.receive import recipe
from lineofsight.vocabulary.identifiers import SourceName
from tests.service.homes import Home
from tests.support import answers
from tests.support.cases import AUTHORITY, describe, moment, night

ASKED = answers.Asked(AUTHORITY)
ROSTER = {"cin_episodes": "\n".join(f"R{n}, C{n}, 2019-01-01, N,," for n in range(6))}
WITH_WORKERS = {
    **ROSTER,
    "involvements": "\n".join(f"{n}, C{n}, W1, CW, TA, 2019-01-05,, R{n}" for n in range(6)),
}
STRANGE = tuple(f"9{n:05}" for n in range(6))
KNOWN = ("C0", "C1", "C2", "900003")


def listed(at: str, children: tuple[str, ...], *, confirmed: bool = False) -> recipe.Outcome:
    lines = "\n".join(f"{child},Ada Byron,CW,2019-01-05" for child in children)
    file = NamedBytes("list.csv", f"Child ID,Allocated worker,Role,Start date\n{lines}\n".encode())
    source = SourceName("list")
    return recipe.load(
        [file], file.name, AUTHORITY, source, received_at=moment(at), by="tests", confirmed=confirmed
    )


def waits(outcome: recipe.Outcome) -> bool:
    return bool(answers.delivery_of(outcome)["waiting"])


def told(outcome: recipe.Outcome, code: str) -> list[dict[str, Any]]:
    return [one for one in answers.findings_of(outcome.link.delivery) if one["code"] == code]


def states() -> dict[str, int]:
    return dict(answers.figure(ASKED, date(2019, 12, 1), answers.latest(ASKED))["states"])


@pytest.fixture
def roster_alone(home: Home) -> Home:
    """A roster that does not say who answers, and a list that does, for the whole service."""
    describe(live="false")
    describe("list", kind="worklist", more='covers = "service"')
    return home


def test_a_list_that_speaks_for_all_and_knows_none_waits(roster_alone: Home) -> None:
    night("2019-10-01", ROSTER)
    outcome = listed("2019-10-02", STRANGE)
    assert waits(outcome)
    assert "names none of the children counted" in told(outcome, "W03")[0]["says"]
    assert states()["cannot_tell"] == 6 and states()["none"] == 0


def test_a_roster_that_comes_after_the_list_waits_as_well(roster_alone: Home) -> None:
    listed("2019-10-01", STRANGE)
    assert waits(night("2019-10-02", ROSTER))


def test_one_that_knows_some_does_not_wait_and_its_confirmation_holds_for_later_nights(
    roster_alone: Home,
) -> None:
    night("2019-10-01", ROSTER)
    assert not waits(listed("2019-10-02", KNOWN))
    assert waits(listed("2019-10-03", STRANGE))
    assert not waits(listed("2019-10-03", STRANGE, confirmed=True))
    assert not waits(listed("2019-10-04", STRANGE[:5]))


def test_a_list_of_one_child_or_none_speaks_for_all(roster_alone: Home) -> None:
    night("2019-10-01", ROSTER)
    assert not waits(listed("2019-10-02", STRANGE[:1]))
    assert states()["none"] == 6


def test_a_setting_that_lets_such_a_list_speak_for_all_waits(home: Home) -> None:
    describe(live="false")
    describe("list", kind="worklist")
    night("2019-10-01", ROSTER)
    assert not waits(listed("2019-10-02", STRANGE))
    before = len(answers.every_delivery())
    describe("list", kind="worklist", more='covers = "service"')
    assert answers.every_delivery()[before]["waiting"]


@pytest.mark.parametrize(("children", "severity"), [(STRANGE, "warning"), (KNOWN, "note")])
def test_children_whom_no_other_source_knows_are_told(
    home: Home, children: tuple[str, ...], severity: str
) -> None:
    describe()
    describe("list", kind="worklist")
    night("2019-10-01", WITH_WORKERS)
    outcome = listed("2019-10-02", children)
    [finding] = told(outcome, "J04")
    assert finding["severity"] == severity
    [join] = [
        one
        for one in reading(open_record(AUTHORITY), outcome.link.delivery).joins
        if one.described_in.startswith("episodes")
    ]
    assert (join.rows, join.met) == (
        len(children),
        len([child for child in children if child.startswith("C")]),
    )
    assert states()["allocated"] == 6, "the roster answers for its own children"


def test_numbers_that_differ_only_by_zeros_are_proposed(home: Home) -> None:
    describe()
    describe("list", kind="worklist")
    night("2019-10-01", WITH_WORKERS)
    assert "differ only by" in told(listed("2019-10-02", ("0c0", "0C1")), "J04")[0]["says"]


def test_nothing_is_told_where_all_are_known_or_nobody_else_tells(home: Home) -> None:
    describe("list", kind="worklist")
    assert not told(listed("2019-09-01", STRANGE), "J04")
    describe()
    night("2019-10-01", WITH_WORKERS)
    assert not told(listed("2019-10-02", ("C0", "C1")), "J04")


def test_a_single_list_for_the_whole_service_takes_its_next_file_and_new_settings(home: Home) -> None:
    """The commonest beginning: one list, of every child. It names whom it counts, so it can know none of nobody else's."""
    describe("list", kind="worklist", more='covers = "service"')
    listed("2019-10-01", STRANGE)
    second = listed("2019-10-02", STRANGE[:5])
    delivery = answers.delivery_of(second)
    assert (delivery["accepted"] + delivery["unchanged"], delivery["waiting"]) == (5, False)
    assert [
        one["code"] for one in answers.findings_of(second.link.delivery) if one["severity"] == "refused"
    ] == []
    assert states()["allocated"] == 5
    before = len(answers.every_delivery())
    describe("list", kind="worklist", live="false", more='covers = "service"')
    assert not any(delivery["waiting"] for delivery in answers.every_delivery()[before:])
