"""A decision's cells come from steps; a contract's indicators keep their targets, and say when they were never revised."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lineofsight.oversight.decisions import Decision, Indicator, decisions
from tests.support.builders import known

LET = {
    "id": "let",
    "subject_kind": "contract",
    "subject": "the contract",
    "said_on": "2018-04-01",
    "kind": "official record",
}


def made(day: str, *cells: dict[str, Any], kind: str = "decision") -> Decision:
    some = [
        {"id": f"d{at}", "subject_kind": "decision", "subject": "to let it", "said_on": "2018-01-10", **one}
        for at, one in enumerate(cells)
    ]
    return decisions(known(*some), date.fromisoformat(day), kind)[0]


def indicators(day: str, *cells: dict[str, Any]) -> dict[str, Indicator]:
    some = [
        {"subject_kind": "indicator", "subject": "calls answered", "bears_on": "let", **one} for one in cells
    ]
    return {one.name: one for one in made(day, LET, *some, kind="contract").indicators}


def target(step: str, on: str, value: str, **more: str) -> dict[str, Any]:
    return {
        "step": step,
        "said_on": on,
        "about_from": on,
        "about_to": "open",
        "value": value,
        "unit": "%",
        **more,
    }


def test_each_step_has_its_cell_and_whoever_decided_is_named() -> None:
    one = made(
        "2018-12-31",
        {"step": "option considered"},
        {"step": "advised", "said_by": "the solicitor"},
        {"step": "decided", "owner": "the cabinet", "said_by": "a newspaper", "said_on": "2018-02-01"},
        {"step": "dissented", "said_by": "Cllr A", "said_on": "2018-02-01"},
    )
    assert {name: len(many) for name, many in one.steps.items()} == {
        "decided": 1,
        "options": 1,
        "advice": 1,
        "dissent": 1,
    }
    assert (one.deciders, one.standing) == (("the cabinet",), "decided")


def test_whoever_says_that_they_decided_is_the_decider() -> None:
    assert made("2018-12-31", {"step": "decided", "said_by": "the board"}).deciders == ("the board",)


def test_of_a_decision_told_without_steps_nobody_is_said_to_have_decided() -> None:
    one = made("2018-12-31", {"kind": "official record"})
    assert (one.deciders, one.standing, one.steps["decided"]) == ((), "not begun", ())


@pytest.mark.parametrize(("day", "standing"), [("2018-01-31", "open"), ("2018-02-01", "decided")])
def test_a_step_counts_from_the_day_it_was_told(day: str, standing: str) -> None:
    """A statement may speak of years before: the decision was not taken in their first."""
    long = {"step": "decided", "said_on": "2018-02-01", "about_from": "2013", "about_to": "2018-02"}
    assert made(day, {"step": "advised"}, long).standing == standing


def test_what_was_told_long_after_counts_from_the_last_day_it_speaks_of() -> None:
    late = {"step": "decided", "said_on": "2024-01-01", "about_from": "2018-01-20", "about_to": "2018-01-20"}
    assert made("2018-01-20", late).standing == "decided"


def test_a_revised_target_stands_and_its_days_are_kept() -> None:
    cells = (target("target set", "2018-04-01", "90"), target("target revised", "2019-02-01", "80"))
    before, after = (indicators(day, *cells)["calls answered"] for day in ("2019-01-31", "2019-02-01"))
    assert (before.target, before.revised_on, before.set_on) == ("90 %", (), date(2018, 4, 1))
    assert (after.target, after.revised_on, after.set_on) == ("80 %", (date(2019, 2, 1),), date(2018, 4, 1))


def test_an_indicator_of_another_contract_is_not_this_ones() -> None:
    other = {**LET, "id": "other", "subject": "another contract"}
    measured = {"id": "m", "subject_kind": "indicator", "subject": "calls answered", "bears_on": "other"}
    some = known(LET, other, measured | target("target set", "2018-04-01", "90"))
    found = decisions(some, date(2019, 1, 1), "contract")
    assert {one.subject: len(one.indicators) for one in found} == {"the contract": 0, "another contract": 1}


def test_a_dropped_indicator_says_so() -> None:
    cells = (target("target set", "2018-04-01", "90"), target("target dropped", "2019-02-01", ""))
    found = indicators("2019-06-01", *cells)["calls answered"]
    assert (found.progress.standing, found.target) == ("dropped", "90 %")
