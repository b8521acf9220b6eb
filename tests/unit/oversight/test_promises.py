"""Undertakings and directions with what became of them; requests and questions with their replies."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lineofsight.oversight import promises as p
from tests.support.builders import known
from tests.support.drawn import drawn

UNDERTAKING = {"id": "u", "kind": "undertaking", "said_on": "2018-01-01"}

STANDINGS = drawn("""
    due_on     | told of it       | day        | standing
    -----------+------------------+------------+-----------------------------------------
               |                  | 2050-01-01 | no outcome found
    2018-06    |                  | 2018-06-30 | no outcome found
    2018-06    |                  | 2018-07-01 | due, with no outcome found
    2018-06-15 |                  | 2018-06-15 | no outcome found
    2018-06-15 |                  | 2018-06-16 | due, with no outcome found
    2018       |                  | 2018-12-31 | no outcome found
    2018       |                  | 2019-01-01 | due, with no outcome found
    2018-06    | keeps            | 2050-01-01 | kept
    2018-06    | breaks           | 2018-10-16 | due, with no outcome found
    2018-06    | breaks           | 2018-10-17 | broken
    2018-06    | keeps breaks     | 2050-01-01 | kept and broken, by different accounts
    2018-06    | became_of        | 2050-01-01 | outcome told
    2018-06    | became_of keeps  | 2050-01-01 | kept
    2018-06    | became_of breaks | 2050-01-01 | broken
    2018-06    | answers          | 2050-01-01 | due, with no outcome found
""")


@pytest.mark.parametrize("case", STANDINGS, ids=lambda case: " ".join(case.values()))
def test_where_it_stands(case: dict[str, str]) -> None:
    """A month promised is late only when it is over. What contradicts itself is said to, not decided; and where
    nobody tells of an outcome that is all that is said: not that it was broken."""
    told = [{"id": f"o{at}", relation: "u"} for at, relation in enumerate(case["told of it"].split())]
    some = known({**UNDERTAKING, "due_on": case["due_on"] or None}, *told)
    (promise,) = p.promises(some, date.fromisoformat(case["day"]))
    assert promise.standing == case["standing"]


@pytest.mark.parametrize(
    ("cells", "is_one"),
    [
        ({"kind": "undertaking"}, True),
        ({"kind": "official record", "subject_kind": "direction", "due_on": "2018"}, True),
        ({"kind": "reported", "subject_kind": "direction", "step": "required"}, True),
        ({"kind": "official record", "subject_kind": "direction", "step": "issued"}, False),
        ({"kind": "official record", "subject_kind": "direction"}, False),
        ({"kind": "claim", "due_on": "2018"}, False),
        ({"kind": "request", "due_on": "2018"}, False),
    ],
)
def test_what_is_promised_or_directed(cells: dict[str, Any], is_one: bool) -> None:
    """What a direction says is a thing to be done if it is required, or has a day."""
    assert bool(p.promises(known(cells), date(2019, 1, 1))) is is_one


@pytest.mark.parametrize(
    ("step", "standing"), [("replaced", "overtaken"), ("dropped", "overtaken"), (None, "outcome told")]
)
def test_only_what_was_replaced_or_given_up_is_overtaken(step: str | None, standing: str) -> None:
    some = known(UNDERTAKING, {"id": "o", "became_of": "u", "step": step})
    assert p.promises(some, date(2020, 1, 1))[0].standing == standing


ORDER = {
    "id": "u",
    "subject_kind": "direction",
    "step": "required",
    "said_on": "2016-04-27",
    "about_from": "2013-07",
}


def test_an_order_counts_from_its_own_day_and_is_met_or_not_but_never_broken() -> None:
    some = known(ORDER, {"id": "o", "breaks": "u", "said_on": "2016-05-01"})
    assert p.promises(some, date(2013, 6, 30)) == []
    (before,), (after,) = (p.promises(some, date(year, 6, 1)) for year in (2014, 2016))
    assert (before.made_about, before.status) == ("2013-07", "open on this day")
    assert [one.id for one in before.later] == ["o"]
    assert p.counted([before]) == [("with an outcome only after this day", 1)]
    assert (after.standing, after.status) == (p.BROKEN, "not met")


def test_what_was_said_after_the_day_is_neither_promised_nor_asked() -> None:
    some = known(UNDERTAKING, {"id": "q", "kind": "request", "said_on": "2018-01-01"})
    assert (p.promises(some, date(2017, 12, 31)), p.asked(some, date(2017, 12, 31))) == ([], [])
    assert len(p.promises(some, date(2018, 1, 1))) == len(p.asked(some, date(2018, 1, 1))) == 1


def test_outcomes_are_in_the_order_they_were_said_and_each_once() -> None:
    """One statement may both tell what became of a promise and show it kept."""
    some = known(
        UNDERTAKING,
        {"id": "later", "keeps": "u", "became_of": "u", "said_on": "2019-05"},
        {"id": "first", "breaks": "u", "said_on": "2018-05"},
    )
    (promise,) = p.promises(some, date(2020, 1, 1))
    assert [one.id for one in promise.outcomes] == ["first", "later"]


def test_promises_are_oldest_first() -> None:
    some = known({**UNDERTAKING, "id": "b", "said_on": "2019"}, {**UNDERTAKING, "id": "a", "said_on": "2020"})
    assert [one.statement.id for one in p.promises(some, date(2021, 1, 1))] == ["b", "a"]


def test_a_question_with_its_replies() -> None:
    """Looked for and not found is no reply, and is said beside it."""
    some = known(
        {"id": "q1", "kind": "question", "said_on": "2018-01"},
        {"id": "q2", "kind": "request", "said_on": "2018-02"},
        {"id": "q3", "kind": "request", "said_on": "2018-03"},
        {"id": "claim", "kind": "claim"},
        {"id": "r", "answers": "q1 q2"},
        {"id": "n", "kind": "not found", "looked_in": "the minutes", "answers": "q2 q3"},
    )
    told = [
        (a.statement.id, a.answered, [r.id for r in a.replies], [n.id for n in a.not_found])
        for a in p.asked(some)
    ]
    assert told == [("q1", True, ["r"], []), ("q2", True, ["r"], ["n"]), ("q3", False, [], ["n"])]
