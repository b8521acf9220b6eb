"""Every register's transitions as truth tables: every step from every standing, taken or refused; history never refused."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from lineofsight.oversight.machines import MACHINES
from lineofsight.oversight.reviews import BEFORE, PRESENT
from lineofsight.oversight.transitions import BEGIN, Machine, Transition, stood
from lineofsight.vocabulary.codes import code_set
from lineofsight.vocabulary.refusal import Refused


@dataclass(frozen=True)
class Step:
    step: str


def steps(*names: str) -> list[Step]:
    return [Step(name) for name in names]


CASES = [
    (machine, standing, step)
    for machine in MACHINES
    for standing in machine.standings
    for step in machine.steps
]


@pytest.mark.parametrize(("machine", "standing", "step"), CASES, ids=lambda one: getattr(one, "name", one))
def test_a_step_is_taken_where_the_table_has_it_and_refused_with_what_can_follow_elsewhere(
    machine: Machine, standing: str, step: str
) -> None:
    wanted = {one.to for one in machine.transitions if one.step == step and standing in one.froms}
    assert machine.can_step(standing, step) == bool(wanted)
    if wanted:
        assert {machine.check_step(standing, step)} == wanted
    else:
        with pytest.raises(Refused, match="cannot be"):
            machine.check_step(standing, step)


@pytest.mark.parametrize("machine", MACHINES, ids=lambda one: one.name)
def test_every_standing_can_be_reached_and_every_step_is_a_code(machine: Machine) -> None:
    reached = {BEGIN}
    for _ in machine.standings:
        reached |= {one.to for one in machine.transitions if set(one.froms) & reached}
    assert reached == set(machine.standings)
    assert set(machine.steps) <= set(code_set("step"))
    assert machine.diagram().count("-->") == 1 + sum(len(one.froms) for one in machine.transitions)


def test_a_table_in_which_a_step_leads_to_two_is_refused() -> None:
    with pytest.raises(ValueError, match="leads to two"):
        Machine("odd", (Transition("a", (BEGIN,), "x", ""), Transition("a", (BEGIN,), "y", "")))


def test_history_goes_over_gaps_and_keeps_what_is_out_of_order() -> None:
    found = stood(
        PRESENT, steps("decided to withhold", "not received by the panel", "notified"), over_gaps=True
    )
    assert found.standing == "withheld, Panel not shown"
    assert [one.step for one in found.gaps] == ["decided to withhold"]
    assert [one.step for one in found.out_of_order] == ["notified"]
    strict = stood(PRESENT, steps("decided to withhold", "incident"))
    assert (strict.standing, len(strict.out_of_order)) == ("known", 1)


def test_a_whole_review_ends_published_with_no_gap() -> None:
    found = stood(PRESENT, steps("incident", "notified", "rapid review held", "decided to review", "review begun", "review completed",
                                 "sent to the panel", "acknowledged by the panel", "decided to publish", "published"))  # fmt: skip
    assert (found.standing, found.gaps, found.out_of_order) == ("published", (), ())


@pytest.mark.parametrize("machine", [BEFORE, PRESENT])
def test_withheld_tells_whether_the_panel_was_shown(machine: Machine) -> None:
    unshown = stood(machine, steps("review completed", "decided to withhold"), over_gaps=True)
    shown = stood(
        machine,
        steps("review completed", "sent to the panel", "acknowledged by the panel", "decided to withhold"),
        over_gaps=True,
    )
    late = stood(
        machine,
        steps("review completed", "decided to withhold", "sent to the panel", "acknowledged by the panel"),
        over_gaps=True,
    )
    assert [one.standing for one in (unshown, shown, late)] == [
        "withheld, Panel not shown",
        "withheld with reasons",
        "withheld with reasons",
    ]
