"""Every register's transitions as truth tables: every step from every standing, taken or refused; history never refused."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from lineofsight.oversight.reviews import BEFORE, PRESENT
from lineofsight.oversight.state_machines import MACHINES
from lineofsight.oversight.transitions import BEGIN, Machine, Transition, progress_of
from lineofsight.vocabulary.codes import code_set
from lineofsight.vocabulary.refusal import Refused


@dataclass(frozen=True)
class Step:
    step: str


def steps(*names: str) -> list[Step]:
    return [Step(name) for name in names]


COMPLETED = """
    completed                   | decided to withhold: withheld, Panel not shown; sent to the panel: with the Panel
    with the Panel              | not received by the panel: completed; acknowledged by the panel: acknowledged by the Panel
                                | decided to withhold: withheld, Panel not shown
    withheld, Panel not shown   | sent to the panel: withheld, sent to the Panel; not received by the panel: withheld, Panel not shown
                                | decided to publish: to be published; decided to publish redacted: to be published redacted
                                | decided to publish learning only: learning to be published
    withheld, sent to the Panel | not received by the panel: withheld, Panel not shown; acknowledged by the panel: withheld with reasons
                                | decided to publish: to be published; decided to publish redacted: to be published redacted
                                | decided to publish learning only: learning to be published
    acknowledged by the Panel   | decided to publish: to be published; decided to publish redacted: to be published redacted
                                | decided to publish learning only: learning to be published; decided to withhold: withheld with reasons
    withheld with reasons       | decided to publish: to be published; decided to publish redacted: to be published redacted
                                | decided to publish learning only: learning to be published
    to be published             | published: published; decided to withhold: withheld with reasons
    to be published redacted    | published redacted: published redacted; decided to withhold: withheld with reasons
    learning to be published    | learning published: learning published; decided to withhold: withheld with reasons
"""
"""What can follow a completed review, before and after 2018."""

REVIEWED = """
    to be reviewed | review begun: under review
    under review   | review completed: completed
"""

WHAT_FOLLOWS = {
    "serious case review": """
        not begun | incident: known
        known     | decided to review: to be reviewed; decided not to review: not reviewed
    """
    + REVIEWED
    + COMPLETED
    + """
        completed      | decided to publish: to be published
        with the Panel | decided to publish: to be published
    """,
    "practice review": """
        not begun        | incident: known
        known            | notified: notified
        notified         | rapid review held: rapidly reviewed
        rapidly reviewed | decided to review: to be reviewed; decided not to review: not reviewed
    """
    + REVIEWED
    + COMPLETED,
    "instrument": """
        not begun | issued: in force
        in force  | varied: in force; replaced: replaced; lifted: lifted; expired: expired
    """,
    "requirement": """
        not begun | required: open
        open      | met: met; not met: not met; requirement dropped: dropped
        not met   | met: met; requirement dropped: dropped
        dropped   | required: open
    """,
    "function": """
        not begun | made liable: held; made commissioner: held; made operator: held
        held      | ended: ended
        ended     | made liable: held; made commissioner: held; made operator: held
    """,
    "decision": """
        not begun | option considered: open; advised: open; dissented: open; decided: decided
        open      | option considered: open; advised: open; dissented: open; decided: decided
        decided   | dissented: decided; decided: decided
    """,
    "indicator": """
        not begun | target set: set
        set       | target revised: set; target dropped: dropped
        dropped   | target set: set
    """,
}
"""Drawn by hand from the guidance and from what each register is for, not from the tables they are held against.

Actions, questions and gates are drawn in test_machines_of_improvement.
"""


def arrows(drawing: str) -> dict[tuple[str, str], str]:
    """Standing and step, with the standing that follows."""
    found: dict[tuple[str, str], str] = {}
    standing = ""
    for line in filter(str.strip, drawing.splitlines()):
        begun, _, following = line.partition("|")
        standing = begun.strip() or standing
        for one in following.split(";"):
            step, _, to = one.partition(":")
            assert (standing, step.strip()) not in found, (standing, step)
            found[standing, step.strip()] = to.strip()
    return found


def test_every_machine_is_drawn_by_hand() -> None:
    drawn_beside = {"action", "question", "gate", "member’s question"}
    assert {one.name for one in MACHINES} == {*WHAT_FOLLOWS, *drawn_beside}


@pytest.mark.parametrize(
    "machine", [one for one in MACHINES if one.name in WHAT_FOLLOWS], ids=lambda one: one.name
)
def test_a_step_is_taken_where_it_is_drawn_and_refused_everywhere_else(machine: Machine) -> None:
    drawing = arrows(WHAT_FOLLOWS[machine.name])
    assert {standing for standing, _ in drawing} | set(drawing.values()) == set(machine.standings)
    for standing in machine.standings:
        for step in machine.steps:
            to = drawing.pop((standing, step), None)
            assert machine.can_step(standing, step) is (to is not None), (standing, step)
            if to is not None:
                assert machine.check_step(standing, step) == to, (standing, step)
            else:
                with pytest.raises(Refused, match="cannot be"):
                    machine.check_step(standing, step)
    assert drawing == {}


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
    found = progress_of(
        PRESENT, steps("decided to withhold", "not received by the panel", "notified"), over_gaps=True
    )
    assert found.standing == "withheld, Panel not shown"
    assert [one.step for one in found.gaps] == ["decided to withhold"]
    assert [one.step for one in found.out_of_order] == ["notified"]
    strict = progress_of(PRESENT, steps("decided to withhold", "incident"))
    assert (strict.standing, len(strict.out_of_order)) == ("known", 1)


def test_a_whole_review_ends_published_with_no_gap() -> None:
    found = progress_of(
        PRESENT,
        steps(
            "incident",
            "notified",
            "rapid review held",
            "decided to review",
            "review begun",
            "review completed",
            "sent to the panel",
            "acknowledged by the panel",
            "decided to publish",
            "published",
        ),
    )
    assert (found.standing, found.gaps, found.out_of_order) == ("published", (), ())


@pytest.mark.parametrize("machine", [BEFORE, PRESENT])
def test_withheld_tells_whether_the_panel_was_shown(machine: Machine) -> None:
    unshown = progress_of(machine, steps("review completed", "decided to withhold"), over_gaps=True)
    shown = progress_of(
        machine,
        steps("review completed", "sent to the panel", "acknowledged by the panel", "decided to withhold"),
        over_gaps=True,
    )
    late = progress_of(
        machine,
        steps("review completed", "decided to withhold", "sent to the panel", "acknowledged by the panel"),
        over_gaps=True,
    )
    assert [one.standing for one in (unshown, shown, late)] == [
        "withheld, Panel not shown",
        "withheld with reasons",
        "withheld with reasons",
    ]
