"""Who issued an instrument, and what is said of its end."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lineofsight.oversight import directions
from tests.support.builders import known

ISSUE: dict[str, Any] = {
    "id": "issue",
    "subject_kind": "direction",
    "subject": "direction of 2018",
    "step": "issued",
    "kind": "official record",
    "said_by": "Department",
    "said_on": "2018-11-30",
    "about_to": "open",
}
NOT_FOUND: dict[str, Any] = {
    "id": "no-end",
    "subject_kind": "direction",
    "subject": "direction of 2018",
    "kind": "not found",
    "said_by": "This record",
    "said_on": "2026-11-22",
    "about_from": "2022",
    "about_to": "2026-11",
    "answers": "issue",
}


def standing(day: str, *told: dict[str, Any]) -> str:
    (one,) = directions.instruments(known(*told), date.fromisoformat(day))
    return one.standing


@pytest.mark.parametrize(("day", "is_now"), [("2021-12-31", "in force"), ("2022-01-01", "no end was found")])
def test_an_end_that_was_looked_for_in_vain_is_not_a_time_in_force(day: str, is_now: str) -> None:
    assert standing(day, ISSUE, NOT_FOUND) == is_now


def test_without_such_a_search_an_instrument_with_no_end_stays_in_force() -> None:
    assert standing("2024-01-01", ISSUE) == "in force"


@pytest.mark.parametrize(
    ("kind", "said_by", "issuer"),
    [
        ("official record", "Department", "Department"),
        ("reported", "Department, as reported by a paper", "Department, as reported by a paper"),
        ("reported", "A paper", None),
    ],
)
def test_a_reporter_is_not_the_issuer(kind: str, said_by: str, issuer: str | None) -> None:
    (one,) = directions.instruments(known({**ISSUE, "kind": kind, "said_by": said_by}), date(2019, 1, 1))
    assert one.issuer == issuer
