"""Every step of an action, a question and a gate, from every standing: what is not in the table cannot be."""

from __future__ import annotations

import pytest

from lineofsight.oversight.improvement import ACTION
from lineofsight.oversight.members_questions import MEMBERS_QUESTION
from lineofsight.oversight.questions import GATE, QUESTION
from lineofsight.oversight.transitions import Machine
from lineofsight.vocabulary.codes import code_set
from lineofsight.vocabulary.refusal import Refused
from tests.support.drawn import drawn

TABLES: list[tuple[Machine, str]] = [
    (ACTION, """
        standing   | proposed | agreed | due date moved | owner changed | evidence given | said done | signed off | sustained | reopened | dropped
        -----------+----------+--------+----------------+---------------+----------------+-----------+------------+-----------+----------+--------
        not begun  | proposed | agreed |                |               |                |           |            |           |          |
        proposed   |          | agreed | proposed       | proposed      |                |           |            |           |          | dropped
        agreed     |          |        | agreed         | agreed        | evidenced      | said done |            |           |          | dropped
        evidenced  |          |        | evidenced      | evidenced     | evidenced      | said done |            |           |          | dropped
        said done  |          |        |                | said done     | said done      |           | signed off |           | reopened | dropped
        signed off |          |        |                |               | signed off     |           |            | sustained | reopened |
        sustained  |          |        |                |               |                |           |            |           | reopened |
        reopened   |          |        | reopened       | reopened      | evidenced      | said done |            |           | reopened | dropped
        dropped    |          |        |                |               |                |           |            |           | reopened |
    """),
    (QUESTION, """
        standing        | asked | followed up | partly answered | answered | none found | question withdrawn
        ----------------+-------+-------------+-----------------+----------+------------+-------------------
        not begun       | asked |             |                 |          |            |
        asked           |       | followed up | partly answered | answered | none found | withdrawn
        followed up     |       | followed up | partly answered | answered | none found | withdrawn
        partly answered |       | followed up | partly answered | answered |            | withdrawn
        answered        |       | followed up |                 |          |            |
        none found      |       | followed up | partly answered | answered | none found | withdrawn
        withdrawn       |       |             |                 |          |            |
    """),
    (GATE, """
        standing  | gate set | waived    | held back | passed
        ----------+----------+-----------+-----------+-------
        not begun | set      |           |           |
        set       |          | set       | held back | passed
        held back |          | held back | held back | passed
        passed    |          |           |           |
    """),
    (MEMBERS_QUESTION, """
        standing            | asked   | followed up | clarification asked | clarified | answered | answer refused
        --------------------+---------+-------------+---------------------+-----------+----------+---------------
        not begun           | waiting | waiting     |                     |           |          |
        waiting             |         |             | clarification asked |           | answered | refused
        clarification asked |         |             |                     | waiting   | answered | refused
        answered            |         |             |                     |           |          |
        refused             |         |             |                     |           |          |
    """),
]  # fmt: skip
CASES = [(machine, row) for machine, table in TABLES for row in drawn(table)]


@pytest.mark.parametrize(
    ("machine", "row"), CASES, ids=lambda one: getattr(one, "name", None) or one["standing"]
)
def test_every_step_from_every_standing(machine: Machine, row: dict[str, str]) -> None:
    standing = row["standing"]
    for step in machine.steps:
        to = row[step] or None
        assert machine.after(standing, step) == to, step
        assert machine.can_step(standing, step) is (to is not None)
        if to:
            assert machine.check_step(standing, step) == to
        else:
            with pytest.raises(Refused, match=f"It is {standing}, so it cannot be {step}"):
                machine.check_step(standing, step)


@pytest.mark.parametrize(("machine", "table"), TABLES, ids=lambda one: getattr(one, "name", ""))
def test_the_table_holds_every_standing_and_step(machine: Machine, table: str) -> None:
    rows = drawn(table)
    assert [row["standing"] for row in rows] == sorted(
        machine.standings, key=[r["standing"] for r in rows].index
    )
    assert set(rows[0]) - {"standing"} == set(machine.steps)
    assert set(machine.steps) <= set(code_set("step"))
