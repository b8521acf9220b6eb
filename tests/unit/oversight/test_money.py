"""Budget, outturn and variance by financial year, and the warnings about a council's money."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lineofsight.oversight.money import (
    BUDGET,
    OUTTURN,
    VARIANCE,
    Year,
    financial_year,
    money,
    year_words,
)
from tests.support.builders import known

NET = "net current expenditure, as returned"


def sum_of(id: str, subject: str, value: str | None, start: int = 2018, **cells: Any) -> dict[str, Any]:
    return {
        "id": id,
        "subject_kind": "budget",
        "subject": subject,
        "value": value,
        "unit": "GBP",
        "definition": NET,
        "said_on": f"{start + 1}-11-15",
        "about_from": f"{start}-04-01",
        "about_to": f"{start + 1}-03-31",
        "kind": "official record",
        **cells,
    }


def only_year(*cells: dict[str, Any]) -> Year:
    (year,) = money(known(*cells)).years
    return year


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2018-03-31", "2017-18"),
        ("2018-04-01", "2018-19"),
        ("2019-03-31", "2018-19"),
        ("1999-12-31", "1999-00"),
    ],
)
def test_a_financial_year_begins_on_the_first_of_april(day: str, words: str) -> None:
    assert year_words(financial_year(date.fromisoformat(day))) == words


def test_a_figure_is_of_the_year_that_holds_all_its_days() -> None:
    found = money(
        known(
            sum_of("whole", BUDGET, "100"),
            sum_of("months", BUDGET, "90", about_from="2018-04", about_to="2019-03"),
            sum_of("across", BUDGET, "80", about_from="2018-03-31", about_to="2019-03-31"),
            sum_of("open", BUDGET, "70", about_to="open"),
        )
    )
    assert [one.statement.id for one in found.years[0].of(BUDGET)] == ["months", "whole"]
    assert len(found.years) == 1


def test_a_variance_is_worked_out_from_two_figures_of_one_definition() -> None:
    year = only_year(sum_of("b", BUDGET, "133,960", unit="GBP thousand"), sum_of("o", OUTTURN, "140000000"))
    (one,) = year.worked_out
    assert (one.amount, one.budget.statement.id, one.outturn.statement.id) == (6_040_000, "b", "o")


@pytest.mark.parametrize(
    "cells",
    [
        {"definition": "gross expenditure"},
        {"definition": None},
        {"area": "North Northamptonshire"},
        {"bound": "at least"},
        {"unit": "per cent"},
        {"value": None},
    ],
)
def test_no_variance_is_worked_out_from_what_cannot_be_compared(cells: dict[str, Any]) -> None:
    year = only_year(sum_of("b", BUDGET, "100"), sum_of("o", OUTTURN, "120") | cells)
    assert year.worked_out == []


def test_no_variance_is_worked_out_where_neither_states_a_definition() -> None:
    year = only_year(
        sum_of("b", BUDGET, "100", definition=None), sum_of("o", OUTTURN, "120", definition=None)
    )
    assert year.worked_out == []


def test_of_a_revised_outturn_the_last_counts() -> None:
    year = only_year(
        sum_of("b", BUDGET, "100", said_on="2018-06-28"),
        sum_of("z-first", OUTTURN, "120", said_on="2019-11-14"),
        sum_of("a-revised", OUTTURN, "125", said_on="2020-02-01"),
    )
    assert [one.amount for one in year.worked_out] == [25]


def test_what_was_looked_for_in_vain_stands_in_each_whole_year_of_the_search() -> None:
    sought = sum_of(
        "n", OUTTURN, None, kind="not found", looked_in="returns", about_from="2016-10", about_to="2019-03"
    )
    found = money(known(sought, sum_of("b", BUDGET, "100", start=2015)))
    assert [(year.start, list(year.not_found)) for year in found.years] == [
        (2015, []), (2016, []), (2017, [OUTTURN]), (2018, [OUTTURN]),
    ]  # fmt: skip


def test_the_year_of_a_day_is_its_own_or_the_latest_before_with_a_figure() -> None:
    found = money(known(sum_of("b", BUDGET, "100"), sum_of("later", BUDGET, "110", start=2020)))
    asked = {
        day: found.year_of(date.fromisoformat(day)) for day in ("2018-03-31", "2018-04-01", "2020-03-31")
    }
    assert [year.words if year else None for year in asked.values()] == [None, "2018-19", "2018-19"]


def test_the_figure_named_first_is_official_and_of_the_common_definition() -> None:
    found = money(
        known(
            sum_of("paper", BUDGET, "124", kind="reported", definition="as the paper gives it"),
            sum_of("official", BUDGET, "125"),
            sum_of("gross", BUDGET, "150", definition="gross", said_on="2021"),
            sum_of("other-year", BUDGET, "100", start=2017),
        )
    )
    chosen = found.main(found.years[-1], BUDGET)
    assert chosen is not None and chosen.statement.id == "official"
    assert found.main(found.years[-1], VARIANCE) is None


def test_a_notice_stands_once_with_what_was_said_about_it() -> None:
    subject = "section 114 notice, July 2018"
    found = money(
        known(
            sum_of(
                "backed", subject, None, said_on="2018-07-24", about_from="2018-07-24", about_to="2018-07-24"
            ),
            sum_of(
                "notice",
                subject,
                "70000000",
                said_on="2018-07-24",
                about_from="2018-07-24",
                about_to="2018-07-24",
            ),
            sum_of(
                "old", "warning of 2015", None, said_on="2015-10", about_from="2015-10", about_to="2015-10"
            ),
            sum_of("b", BUDGET, "100"),
        )
    )
    assert [(one.notice.id, [o.id for o in one.about_it]) for one in found.warnings] == [
        ("old", []),
        ("notice", ["backed"]),
    ]
    assert [one.notice.id for one in found.warned_about(found.years[-1])] == ["notice"]


def test_later_bills_and_other_sums_are_apart_from_the_years() -> None:
    found = money(
        known(
            sum_of("trust", "children's trust budget 2022-23", "130000000", start=2022),
            sum_of("north", "North Northamptonshire Council budget 2025-26", "9400000", start=2025),
            sum_of("forecast", "children's services forecast", "7500000"),
            sum_of("panel", "spending cuts of 2018-19", "1000"),
        )
    )
    assert found.years == []
    assert [one.id for one in found.bills] == ["trust", "north"]
    assert [one.id for one in found.other] == ["forecast"]
