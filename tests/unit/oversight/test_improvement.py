"""Actions out of statements: owners, days, evidence, sign-off, and reopening themselves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest

from lineofsight.oversight import improvement
from lineofsight.oversight.improvement import Action, actions
from lineofsight.oversight.plan_checks import honesty
from lineofsight.oversight.sustained import Counts
from lineofsight.vocabulary.refusal import Refused
from tests.support.builders import known

POST = "director of children's services"
TEST = "unallocated under 10 for 4 weeks"
FINDING = {
    "id": "finding",
    "subject_kind": "inspection",
    "theme": "allocation and caseloads",
    "said_on": "2018-11-01",
}
HOPE = {
    "id": "p1",
    "subject_kind": "post",
    "subject": POST,
    "event": "appointed",
    "holder": "A. Hope",
    "said_on": "2018-01-01",
    "about_to": "2019-03-31",
}
LEFT = {
    "id": "p2",
    "subject_kind": "post",
    "subject": POST,
    "event": "left",
    "holder": "A. Hope",
    "said_on": "2019-03-31",
}
VALE = {
    "id": "p3",
    "subject_kind": "post",
    "subject": POST,
    "event": "appointed",
    "holder": "B. Vale",
    "said_on": "2019-04-01",
    "about_to": "open",
}


def step(on: str, step: str | None, **cells: Any) -> dict[str, Any]:
    name = f"{on}-{(step or 'said').replace(' ', '-')}"
    return {
        "id": name,
        "subject_kind": "action",
        "subject": "nobody-waits",
        "step": step,
        "said_on": on,
        **cells,
    }


AGREED = step(
    "2019-01-01",
    "agreed",
    owner=POST,
    due_on="2019-02-28",
    test=TEST,
    bears_on="finding",
    headline="Nobody waits",
)
DONE = [
    AGREED,
    step("2019-02-01", "evidence given", evidence="a" * 64),
    step("2019-02-10", "said done", said_by=POST),
    step("2019-02-20", "signed off", said_by="the independent chair"),
    step("2019-03-01", "sustained", said_by="the independent chair"),
]


def counts_of(*told: tuple[str, int]) -> improvement.SeriesOf:
    """A series that changes on some days and stays."""

    def series(measure: str, first: date, last: date) -> Counts:
        assert measure == "unallocated"
        days = [first + timedelta(days=at) for at in range((last - first).days + 1)]
        return [(day, next((n for on, n in reversed(told) if on <= day.isoformat()), None)) for day in days]

    return series


LOW = counts_of(("2018-01-01", 3))


def one(steps: Sequence[dict[str, Any]], day: str, series: improvement.SeriesOf = LOW) -> Action:
    (found,) = actions(known(FINDING, HOPE, LEFT, VALE, *steps), date.fromisoformat(day), series)
    return found


@pytest.mark.parametrize(
    ("day", "standing"),
    [
        ("2019-01-01", "agreed"),
        ("2019-02-01", "evidenced"),
        ("2019-02-10", "said done"),
        ("2019-02-20", "signed off"),
        ("2019-03-01", "sustained"),
        ("2030-01-01", "sustained"),
    ],
)
def test_it_stands_as_at_any_day(day: str, standing: str) -> None:
    assert one(DONE, day).standing == standing


def test_there_is_none_before_it_began() -> None:
    assert actions(known(*DONE), date(2018, 12, 31)) == []


def test_what_it_is() -> None:
    found = one(DONE, "2019-02-05")
    assert (found.title, found.owner, found.due, found.test_written) == (
        "Nobody waits",
        POST,
        "2019-02-28",
        TEST,
    )
    assert [one.id for one in found.about] == ["finding"]
    assert found.themes == ["allocation and caseloads"]
    assert [one.evidence for one in found.evidence] == ["a" * 64]
    assert (found.holders, found.vacant, found.owner_left) == (("A. Hope",), False, False)
    assert found.said_done_by is None
    assert one(DONE, "2019-02-10").said_done_by == POST


def test_its_owner_may_have_left() -> None:
    found = one([AGREED], "2019-05-01")
    assert (found.holders_when_taken_on, found.holders, found.owner_left) == (
        ("A. Hope",),
        ("B. Vale",),
        True,
    )
    changed = one([AGREED, step("2019-04-15", "owner changed", owner="another post")], "2019-05-01")
    assert (changed.owner, changed.holders, changed.owner_left) == ("another post", (), False)
    assert not one(DONE, "2019-05-01").owner_left  # it is closed


def test_every_day_it_was_due_is_kept() -> None:
    found = one(
        [
            AGREED,
            step("2019-02-27", "due date moved", due_on="2019-04"),
            step("2019-02-28", None, due_on="2019-04"),
        ],
        "2019-05-01",
    )
    assert (found.dues, found.due) == (("2019-02-28", "2019-04"), "2019-04")
    assert found.is_overdue(date(2019, 5, 1))
    assert not found.is_overdue(date(2019, 4, 30))


def test_a_step_that_cannot_follow_is_kept_and_told() -> None:
    found = one([AGREED, step("2019-01-02", "signed off")], "2019-02-01")
    assert found.standing == "agreed"
    assert [one.step for one in found.progress.out_of_order] == ["signed off"]


def test_steps_of_one_day_follow_as_steps_do() -> None:
    same = [
        step("2019-01-01", "said done"),
        AGREED,
        step("2019-01-01", "evidence given"),
        step("2019-01-01", "proposed"),
    ]
    assert one(same, "2019-01-01").standing == "said done"


def test_it_reopens_itself_from_the_day_its_test_fails() -> None:
    series = counts_of(("2018-01-01", 3), ("2019-06-10", 12), ("2019-06-20", 4))
    assert one(DONE, "2019-06-09", series).standing == "sustained"
    failed = one(DONE, "2019-06-10", series)
    assert (failed.standing, failed.reopened_itself_on) == ("reopened", date(2019, 6, 10))
    assert failed.outcome and failed.outcome.says == "fails since 2019-06-10"
    later = one(DONE, "2019-12-01", series)
    assert (later.standing, later.outcome and later.outcome.state) == ("reopened", "holds")


def test_it_may_be_done_again_after_it_reopened_itself() -> None:
    series = counts_of(("2018-01-01", 3), ("2019-06-10", 12), ("2019-06-20", 4), ("2020-01-01", 40))
    again = [
        *DONE,
        step("2019-07-01", "said done"),
        step("2019-07-02", "signed off"),
        step("2019-08-01", "sustained"),
    ]
    found = one(again, "2019-09-01", series)
    assert (found.standing, found.progress.out_of_order, found.reopened_itself_on) == ("sustained", (), None)
    assert one(again, "2020-01-01", series).reopened_itself_on == date(2020, 1, 1)


def test_sustained_said_while_the_test_fails_is_reopened_the_same_day() -> None:
    found = one(DONE, "2019-03-01", counts_of(("2018-01-01", 30)))
    assert (found.standing, found.reopened_itself_on) == ("reopened", date(2019, 3, 1))


def test_what_is_reopened_by_hand_does_not_reopen_itself_too() -> None:
    series = counts_of(("2018-01-01", 3), ("2019-06-10", 12))
    found = one([*DONE, step("2019-05-01", "reopened")], "2019-07-01", series)
    assert (found.standing, found.reopened_itself_on) == ("reopened", None)


def test_what_nobody_can_tell_reopens_nothing() -> None:
    found = one(DONE, "2019-07-01", improvement.no_series)
    assert (found.standing, found.outcome and found.outcome.state) == ("sustained", "cannot be told")


@pytest.mark.parametrize(
    ("by", "said_done_by", "says"),
    [
        (["the independent chair"], [], ""),
        (["the independent chair", "cass"], ["amira"], ""),
        ([POST], [], "owner cannot"),
        ([POST.upper()], [], "owner cannot"),
        (["a. hope"], [], "owner cannot"),
        (["the head of quality"], [], "said that it is done"),
        (["somebody", "amira"], ["Amira"], "said that it is done"),
        ([" "], [], "Say who"),
    ],
)
def test_who_signs_off(by: list[str], said_done_by: list[str], says: str) -> None:
    found = one([*DONE[:2], step("2019-02-10", "said done", said_by="the head of quality")], "2019-02-11")
    assert improvement.can_sign_off(found, by, said_done_by) is not bool(says)
    if says:
        with pytest.raises(Refused, match=says):
            improvement.check_sign_off(found, by, said_done_by)


@pytest.mark.parametrize(
    ("test", "series", "says"),
    [
        (TEST, LOW, ""),
        (TEST, counts_of(("2018-01-01", 10)), "its test fails"),
        (TEST, counts_of(("2018-01-01", 10), ("2019-02-10", 9)), "not yet long enough"),
        (TEST, improvement.no_series, "cannot be told"),
        ("it is better", LOW, "not a test that can be measured"),
        (None, LOW, "no test"),
    ],
)
def test_sustained_is_measured_and_not_said(
    test: str | None, series: improvement.SeriesOf, says: str
) -> None:
    found = one([{**AGREED, "test": test}, *DONE[1:4]], "2019-02-21", series)
    assert improvement.can_sustain(found) is not bool(says)
    if says:
        with pytest.raises(Refused, match=says):
            improvement.check_sustained(found)


def test_how_honest_a_plan_is() -> None:
    moved = step("2019-02-01", "due date moved", due_on="2019-03-15")
    bare = [
        {**step(on, s), "id": f"b{on}", "subject": "bare"}
        for on, s in (("2019-01-01", "agreed"), ("2019-01-02", "said done"))
    ]
    found = honesty(
        actions(known(HOPE, LEFT, VALE, AGREED, moved, *bare), date(2019, 5, 1), LOW), date(2019, 5, 1)
    )
    assert [one.name for one in found.closed_without_evidence] == ["bare"]
    assert [one.name for one in found.moved] == ["nobody-waits"]
    assert [one.name for one in found.owners_left] == ["nobody-waits"]
    assert [one.name for one in found.overdue] == ["nobody-waits"]
