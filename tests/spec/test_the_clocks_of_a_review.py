"""The clocks of a practice review: day begun, day due, and what is said where a day was never told."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lineofsight.oversight.reviews import Review, reviews
from lineofsight.oversight.statements import Statement, Statements

LATER = date(2024, 6, 3)


def statements(steps: dict[str, str]) -> Statements:
    return Statements(_statement(at, step, day) for at, (step, day) in enumerate(steps.items()))


def _statement(at: int, step: str, day: str) -> Statement:
    first = date.fromisoformat(day if len(day) == 10 else f"{day}-01")
    cells: dict[str, Any] = {
        "subject_kind": "review",
        "subject": "Child Zz",
        "says": step,
        "said_by": "the partnership",
        "kind": "official record",
        "source_title": "t",
        "source_publisher": "p",
        "confidence": "read",
    }
    return Statement(
        authority="999",
        delivered_by="tests",
        link=1,
        attested_at=0,
        witnessed_at=0,
        id=f"s{at}",
        said_on=day,
        about_from=day,
        begun_on=first.toordinal(),
        ended_on=first.toordinal() + 1,
        step=step,
        **cells,
    )


def review(steps: dict[str, str], day: date = LATER) -> Review:
    (one,) = reviews(statements(steps), day)
    return one


def state(code: str, steps: dict[str, str], day: date = LATER) -> tuple[str | None, str]:
    one = next(each for each in review(steps, day).clocks if each.clock.code == code)
    return one.due_on.isoformat() if one.due_on else None, one.state


@pytest.mark.parametrize(
    ("incident", "notified", "due", "said"),
    [
        ("2024-03-25", "2024-04-03", "2024-04-03", "met"),  # over Good Friday and Easter Monday
        ("2024-03-25", "2024-04-04", "2024-04-03", "late by 1 days"),
        ("2024-03-25", None, "2024-04-03", "overdue by 61 days"),
    ],
)
def test_c1_five_working_days_to_notify(incident: str, notified: str | None, due: str, said: str) -> None:
    steps = {"incident": incident} | ({"notified": notified} if notified else {})
    assert state("C1", steps) == (due, said)


def test_c2_fifteen_working_days_from_the_notification() -> None:
    steps = {"incident": "2024-05-01", "notified": "2024-05-02"}
    assert state("C2", steps, date(2024, 5, 20)) == ("2024-05-24", "running")  # over the early May holiday
    assert state("C2", steps | {"rapid review held": "2024-05-28"}) == ("2024-05-24", "late by 4 days")


def test_c3_six_calendar_months_to_the_corresponding_day() -> None:
    assert state("C3", {"decided to review": "2023-08-31"}) == ("2024-02-29", "overdue by 95 days")


def test_c4_seven_working_days_before_publication() -> None:
    steps = {"sent to the panel": "2024-05-20", "published": "2024-05-30"}
    assert state("C4", steps) == ("2024-05-20", "met")
    assert state("C4", {"published": "2024-05-30"}) == ("2024-05-20", "cannot be told")


def test_a_step_told_to_the_month_starts_no_clock() -> None:
    assert state("C1", {"incident": "2024-03"}) == (None, "cannot be told")


def test_the_regime_is_that_of_the_day_and_the_code_is_all_that_is_held() -> None:
    assert review({"incident": "2018-06-28"}).regime.name == "serious case review"
    assert review({"incident": "2018-06-29"}).regime.name == "practice review"
    assert review({"incident": "2018-06-29"}).code == "Child Zz"
