"""Files with headings and no rows: what they would take away is told and, in a small service too, waits."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lineofsight.service.receive import recipe
from tests.service.homes import Home, filled_once
from tests.support import answers
from tests.support.cases import AUTHORITY, describe, night

ASKED = answers.Asked(AUTHORITY)


@pytest.fixture(autouse=True)
@filled_once
def _described(home: Home) -> None:
    describe()


def tables(children: int) -> dict[str, str]:
    return {
        "cin_episodes": "\n".join(f"R{n}, C{n}, 2019-01-01, N,," for n in range(children)),
        "involvements": "\n".join(f"{n}, C{n}, W1, CW, TA, 2019-01-05,, R{n}" for n in range(children)),
        "cin_visits": "\n".join(f"C{n}, 2019-02-01, Y" for n in range(children)),
        "professionals": "W1, s1, Social Worker, SW1, 1.0,",
    }


def told(outcome: recipe.Outcome) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in answers.findings_of(outcome.link.delivery):
        found.setdefault(one["code"], []).append(one["says"])
    return found


def figure() -> dict[str, Any]:
    return answers.figure(ASKED, date(2019, 12, 1), answers.latest(ASKED))


@pytest.mark.parametrize("table", ["cin_episodes", "involvements"])
def test_a_table_that_figures_rest_on_waits_when_it_comes_without_rows(table: str) -> None:
    night("2019-10-01", tables(5))
    outcome = night("2019-10-02", {**tables(5), table: ""})
    assert answers.delivery_of(outcome)["waiting"]
    assert "headings and no rows" in told(outcome)["W01"][0]
    assert figure()["states"]["allocated"] == 5
    confirmed = night("2019-10-02", {**tables(5), table: ""}, confirmed=True)
    assert not answers.delivery_of(confirmed)["waiting"]
    assert (
        f"all 5 {'episode' if table == 'cin_episodes' else 'involvement'} rows" in told(confirmed)["W04"][0]
    )


def test_a_few_rows_and_other_tables_are_told_and_do_not_wait() -> None:
    night("2019-10-01", tables(4))
    outcome = night("2019-10-02", {**tables(4), "involvements": "", "cin_visits": "", "professionals": ""})
    assert not answers.delivery_of(outcome)["waiting"]
    assert len(told(outcome)["W04"]) == 3


def test_a_table_that_keeps_a_row_or_was_empty_before_is_no_news() -> None:
    night("2019-10-01", tables(6))
    fewer = night("2019-10-02", {**tables(1), "person": ""})
    assert "W04" not in told(fewer)
    assert "W04" not in told(night("2019-10-03", {**tables(1), "person": ""}))
