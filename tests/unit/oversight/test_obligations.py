"""Everything promised in one list, and the aspects no plan covers."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lineofsight.oversight.coverage import coverage
from lineofsight.oversight.improvement import actions
from lineofsight.oversight.obligations import STANDINGS, Obligation, obligations
from tests.support.builders import known
from tests.support.drawn import drawn

CASELOADS = "allocation and caseloads"
FINDING = {"id": "finding", "subject_kind": "inspection", "theme": CASELOADS, "said_on": "2018-10-30"}
PROMISE = {
    "id": "promise",
    "kind": "undertaking",
    "theme": CASELOADS,
    "due_on": "2019-03-31",
    "said_on": "2018-11-01",
}
REQUIRED = {
    "id": "req",
    "subject_kind": "requirement",
    "subject": "r1",
    "step": "required",
    "due_on": "2019-06",
    "said_on": "2018-12-01",
    "kind": "official record",
    "said_by": "the department",
    "asked_of": "the council",
}
ACTION = {
    "id": "act",
    "subject_kind": "action",
    "subject": "a1",
    "step": "agreed",
    "due_on": "2019-04-30",
    "said_on": "2019-01-15",
    "bears_on": "finding",
    "owner": "the director",
}


def listed(*cells: dict[str, Any], day: str) -> list[Obligation]:
    some, at = known(*cells), date.fromisoformat(day)
    return obligations(some, actions(some, at), at)


def test_everything_promised_is_in_it_oldest_first() -> None:
    found = listed(FINDING, PROMISE, REQUIRED, ACTION, day="2019-02-01")
    assert [(one.kind, one.name, one.year, one.owner, one.standing) for one in found] == [
        ("undertaking", "record/promise", 2018, "The council", "open"),
        ("requirement", "r1", 2018, "the council", "open"),
        ("action", "a1", 2019, "the director", "open"),
    ]
    assert listed(FINDING, PROMISE, REQUIRED, ACTION, day="2018-10-31") == []


def test_where_the_same_was_promised_before() -> None:
    again = {**PROMISE, "id": "again", "said_on": "2019-05-01"}
    answers = {**PROMISE, "id": "linked", "theme": None, "bears_on": "req", "said_on": "2019-06-01"}
    found = {
        one.name: one for one in listed(FINDING, PROMISE, REQUIRED, ACTION, again, answers, day="2020-01-01")
    }
    assert found["record/promise"].before == ()
    assert found["a1"].before == ("record/promise",)
    assert found["record/again"].before == ("record/promise", "a1")
    assert (found["record/linked"].before, found["record/linked"].linked) == (("r1",), ("r1",))


STANDS = drawn("""
    steps                       | day        | standing
    ----------------------------+------------+-----------
    required                    | 2019-05-01 | open
    required                    | 2019-06-03 | due
    required                    | 2019-06-30 | due
    required                    | 2019-07-01 | overdue
    required, met               | 2019-07-01 | kept
    required, not met           | 2019-07-01 | broken
    required, not met, met      | 2019-07-01 | kept
    required, requirement dropped | 2019-07-01 | dropped
    met                         | 2019-07-01 | kept
""")


@pytest.mark.parametrize("case", STANDS, ids=lambda case: f"{case['steps']} {case['day']}")
def test_where_a_requirement_stands(case: dict[str, str]) -> None:
    said = [
        {**REQUIRED, "id": f"r{at}", "step": step.strip(), "said_on": f"2018-12-0{at + 1}"}
        for at, step in enumerate(case["steps"].split(","))
    ]
    (found,) = listed(*said, day=case["day"])
    assert found.standing == case["standing"]


def test_what_keeps_or_breaks_a_requirement_tells_where_it_stands() -> None:
    for how, standing in (("keeps", "kept"), ("breaks", "broken")):
        (found,) = listed(REQUIRED, {"id": "o", how: "req", "said_on": "2019-01-01"}, day="2019-02-01")
        assert found.standing == standing


@pytest.mark.parametrize(
    ("steps", "standing"),
    [
        ([], "overdue"),
        (["evidence given"], "overdue"),
        (["said done"], "said done"),
        (["said done", "signed off"], "signed off"),
        (["said done", "signed off", "sustained"], "sustained"),
        (["dropped"], "dropped"),
    ],
)
def test_where_an_action_stands(steps: list[str], standing: str) -> None:
    said = [
        {**ACTION, "id": f"s{at}", "step": step, "said_on": f"2019-02-0{at + 1}", "bears_on": None}
        for at, step in enumerate(steps)
    ]
    (found,) = listed(ACTION, *said, day="2019-05-01")
    assert found.standing == standing
    assert standing in STANDINGS


def test_evidence_stands_until_the_day_has_passed() -> None:
    given = {**ACTION, "id": "given", "step": "evidence given", "said_on": "2019-02-01", "bears_on": None}
    assert listed(ACTION, given, day="2019-04-30")[0].standing == "evidenced"


@pytest.mark.parametrize(
    ("how", "standing"),
    [
        ("keeps", "kept"),
        ("breaks", "broken"),
        ("became_of", "outcome told"),
        ("keeps breaks", "kept and broken, by different accounts"),
    ],
)
def test_what_became_of_a_promise_counts_from_its_day(how: str, standing: str) -> None:
    told = [
        {"id": f"o{at}", relation: "promise", "said_on": "2019-03-01"}
        for at, relation in enumerate(how.split())
    ]
    assert listed(PROMISE, *told, day="2019-03-01")[0].standing == standing
    assert listed(PROMISE, *told, day="2019-02-28")[0].standing == "open"


def test_an_action_on_a_reviews_finding_is_a_recommendation_followed() -> None:
    review = {
        "id": "review",
        "subject_kind": "review",
        "subject": "Child Ak",
        "said_on": "2019-01-01",
        "said_by": "the board",
    }
    (found,) = listed(review, {**ACTION, "bears_on": "review"}, day="2019-02-01")
    assert (found.kind, found.source) == ("recommendation", "the board")


def test_a_directed_thing_is_a_requirement() -> None:
    (found,) = listed(
        {
            "id": "d",
            "subject_kind": "direction",
            "kind": "official record",
            "due_on": "2018",
            "said_on": "2018-01-01",
        },
        day="2019-01-01",
    )
    assert (found.kind, found.standing) == ("requirement", "overdue")


def test_an_aspect_with_no_plan_is_there_to_be_seen() -> None:
    plan = {
        "id": "plan",
        "subject_kind": "aspect",
        "subject": "assessment",
        "said_on": "2019-01-01",
        "about_to": "2019-06-30",
    }
    proposed = {
        **ACTION,
        "id": "idea",
        "subject": "a2",
        "step": "proposed",
        "theme": "care leavers",
        "bears_on": None,
    }
    some, day = known(FINDING, PROMISE, ACTION, plan, proposed), date(2019, 2, 1)
    found = {one.name: one for one in coverage(some, actions(some, day), day)}
    assert len(found) == 13
    assert [name for name, one in found.items() if one.covered] == [CASELOADS, "assessment"]
    loads = found[CASELOADS]
    assert [len(x) for x in (loads.findings, loads.plans, loads.actions, loads.undertakings)] == [1, 0, 1, 1]
    assert [one.name for one in found["care leavers"].proposed] == ["a2"]
    later = date(2019, 8, 1)
    assert not {one.name: one for one in coverage(some, [], later)}["assessment"].covered


@pytest.mark.parametrize("said_on", ["2018", "2018-11", "2018-11-01"])
def test_when_it_was_promised_is_as_exact_as_its_source(said_on: str) -> None:
    (one,) = listed({**PROMISE, "said_on": said_on}, day="2019-02-01")
    assert one.said_about == said_on


def test_an_action_is_dated_by_the_days_it_is_about() -> None:
    (one,) = listed({**ACTION, "said_on": "2019-02-20", "about_from": "2019-01"}, day="2019-03-01")
    assert one.said_about == "2019-01"
