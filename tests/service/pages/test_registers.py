"""The public record asked back as registers, as at various days: posts, reviews, directions, duties."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from lineofsight.oversight.reviews import CLOCKS
from lineofsight.queries import decisions, registers
from lineofsight.queries.as_json import to_json
from lineofsight.queries.record import View
from lineofsight.queries.statements import statements
from lineofsight.service.access.records import open_record
from lineofsight.service.receive.recipe import Outcome
from lineofsight.vocabulary.moments import known_then
from tests.contracts.test_schemas import schema
from tests.support import answers as read

COUNTY, TRUST = "Northamptonshire County Council", "Northamptonshire Children's Trust"
NORTH, WEST = "North Northamptonshire Council", "West Northamptonshire Council"
DIRECTOR = "director of children's services"


def view(day: str, *, then: bool = False) -> View:
    on = date.fromisoformat(day)
    return View(on, known_then(on) if then else datetime(2100, 1, 1, tzinfo=UTC))


def instruments(day: str, **more: bool) -> dict[str, dict[str, Any]]:
    return {one["subject"]: one for one in read.instruments("928", view(day, **more))}


def review(code: str, day: str, **more: bool) -> dict[str, Any]:
    return next(one for one in read.reviews("928", view(day, **more)) if one["code"] == code)


@pytest.mark.parametrize("name", ["posts", "reviews", "directions", "duties", "decisions"])
@pytest.mark.parametrize("day", ["2012-01-01", "2013-09-01", "2019-06-11", "2026-01-01"])
def test_every_answer_keeps_to_its_schema(record: Outcome, name: str, day: str) -> None:
    kind = decisions if name == "decisions" else registers
    answer = to_json(getattr(kind, name)(open_record("928"), view(day)))
    schema(name).validate(json.loads(json.dumps(answer)))


@pytest.mark.parametrize("name", ["posts", "reviews", "directions", "duties", "decisions"])
def test_an_authority_of_which_nothing_is_told_has_empty_registers(record: Outcome, name: str) -> None:
    kind = decisions if name == "decisions" else registers
    answer = to_json(getattr(kind, name)(open_record("301"), view("2019-06-11")))
    assert all(value == [] for key, value in answer.items() if isinstance(value, list))


def test_how_many_recommendations_were_told_stands_with_both_reviews(record: Outcome) -> None:
    for code in ("Child Ak", "Child Ap"):
        told = review(code, "2019-06-11")
        assert [one["value"] for one in told["recommendations_told"]] == ["16"]
        assert told["recommendations"] == []


# -- reviews ------------------------------------------------------------------------------------


def test_jl_was_withheld_before_the_panel_was_shown(record: Outcome) -> None:
    found = review("JL", "2019-06-11")
    assert found["publication"] == "withheld, Panel not shown"
    assert found["look_again_on"] is None and "Safeguarding Children Board" in found["decision"]["said_by"]
    assert found["regime"] == "serious case review"  # the board's, though of the months after June 2018
    assert {clock["state"] for clock in found["clocks"]} == {"cannot be told"}
    assert review("JL", "2019-06-11", then=True)["publication"] == "withheld, Panel not shown"


def test_what_a_review_came_to_is_told_as_at_the_day(record: Outcome) -> None:
    assert review("Child Ak", "2019-06-05")["publication"] == "published"
    assert "Child Ak" not in {one["code"] for one in read.reviews("928", view("2019-06-01", then=True))}
    assert review("Child R", "2016-02-01")["publication"] == "no decision known"
    assert review("Child R", "2016-03-23")["regime"] == "serious case review"


def test_limits_that_were_not_read_as_law_say_so(record: Outcome) -> None:
    assert {clock.code: clock.confidence for clock in CLOCKS} == {
        "C1": "partial",
        "C2": "partial",
        "C3": "unconfirmed",
        "C4": "unconfirmed",
        "C5": "partial",
    }
    assert [clock["code"] for clock in review("JL", "2019-06-11")["clocks"]] == ["C5"]


# -- directions ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "in_force"),
    [
        ("2018-06-01", {"best-value direction of May 2018"}),
        ("2018-12-15", {"best-value direction of May 2018", "direction of November 2018"}),
        ("2019-07-01", {"best-value direction of May 2018", "updated direction of June 2019"}),
        ("2020-02-01", {"best-value direction of May 2018", "direction of October 2019"}),
        ("2022-01-01", set()),
    ],
)
def test_which_instruments_were_in_force(record: Outcome, day: str, in_force: set[str]) -> None:
    assert {subject for subject, one in instruments(day).items() if one["in_force"]} == in_force


def test_one_instrument_takes_the_place_of_another(record: Outcome) -> None:
    found = instruments("2020-02-01")
    assert found["direction of November 2018"]["standing"] == "replaced"
    assert found["direction of November 2018"]["replaced_by"] == ["updated direction of June 2019"]
    assert found["updated direction of June 2019"]["replaces"] == ["direction of November 2018"]
    assert found["direction of 2013"]["standing"] == "no end was found"


def required(instrument: str, day: str, **more: bool) -> dict[str, dict[str, Any]]:
    """What an instrument requires, by the name of the statement."""
    found = instruments(day, **more)[instrument]["requirements"]
    return {one["reference"].rpartition("/")[2]: one for one in found}


def test_the_trusts_requirement_was_open_then_missed_then_met(record: Outcome) -> None:
    def company(day: str) -> dict[str, Any]:
        return required("updated direction of June 2019", day)["what-the-revised-direction-requires"]

    days = ("2019-07-01", "2020-08-01", "2020-11-01")
    assert [company(day)["standing"] for day in days] == ["open", "not met", "met"]
    assert company("2020-11-01")["late_days"] == 93  # from the end of July 2020


@pytest.mark.parametrize(
    ("instrument", "requirements"),
    [
        ("direction of 2013", 2),
        ("best-value direction of May 2018", 4),
        ("direction of November 2018", 3),
        ("updated direction of June 2019", 6),
        ("direction of October 2019", 3),
    ],
)
def test_what_a_source_tells_of_an_order_is_entered_one_requirement_at_a_time(
    record: Outcome, instrument: str, requirements: int
) -> None:
    """Each has an owner; what no source tells was looked for, and that is a statement too."""
    told = instruments("2022-01-01")[instrument]
    assert len(told["requirements"]) == requirements
    every = statements(open_record("928"), view("2022-01-01"))
    names = [one["reference"].removeprefix("928/") for one in told["requirements"]]
    owners = {every.by_reference[name].owner for name in names}
    assert owners <= {COUNTY, "commissioner for children's services", "best-value commissioners"}
    assert any(one["kind"] == "not found" for one in told["statements"])


def test_the_first_direction_was_not_met_when_the_second_was_issued(record: Outcome) -> None:
    at_once = "first-direction-requires-improvement-at-once"
    gather = "first-direction-commissioner-to-gather-views"
    before = required("direction of November 2018", "2019-05-01")
    after = required("direction of November 2018", "2019-06-10")
    assert (before[at_once]["standing"], before[gather]["standing"]) == ("open", "open")
    assert (after[at_once]["standing"], after[gather]["standing"]) == ("not met", "met")


def test_two_ministries_instruments_are_shown_to_conflict(record: Outcome) -> None:
    (conflict,) = instruments("2019-10-09")["updated direction of June 2019"]["conflicts"]
    assert conflict["of"] == "best-value direction of May 2018"
    assert instruments("2019-09-01")["best-value direction of May 2018"]["conflicts"] == []


def test_the_commissioner_and_the_improvement_partner_stand_under_the_direction_that_kept_them(
    record: Outcome,
) -> None:
    told = instruments("2019-07-01")["updated direction of June 2019"]["appointed"]
    assert "Lincolnshire stays improvement partner under the updated direction" in [
        one["headline"] for one in told
    ]
    before = instruments("2019-06-01")
    assert all("Lincolnshire" not in one["headline"] for each in before.values() for one in each["appointed"])


# -- duties -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "liable", "commissions", "operates"),
    [
        ("2019-06-11", [COUNTY], [], [COUNTY]),
        ("2020-10-31", [COUNTY], [], [COUNTY]),
        ("2020-11-01", [COUNTY], [COUNTY], [TRUST]),
        ("2021-04-01", [NORTH, WEST], [NORTH, WEST], [TRUST]),
    ],
)
def test_who_was_liable_commissioned_and_operated(
    record: Outcome, day: str, liable: list[str], commissions: list[str], operates: list[str]
) -> None:
    (found,) = read.functions("928", view(day))
    assert found["on_the_day"] == {"liable": liable, "commissions": commissions, "operates": operates}


# -- posts --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "holder"),
    [
        ("2014-01-01", "Alex Hopkins"),
        ("2017-01-01", "Lesley Hagger"),
        ("2019-06-11", "Sally Hodges"),
        ("2020-06-01", "Cathi Hadley"),
    ],
)
def test_who_was_director(record: Outcome, day: str, holder: str) -> None:
    found = {one["post"]: one for one in read.posts("928", view(day))}
    assert [one["holder"] for one in found[DIRECTOR]["on_the_day"]] == [holder]


def test_a_vacancy_is_a_row_of_its_own(record: Outcome) -> None:
    found = {one["post"]: one for one in read.posts("928", view("2019-10-09"))}
    assert any(one["vacant"] for one in found[DIRECTOR]["tenures"])


def test_what_a_director_found_open_on_the_day_she_came(record: Outcome) -> None:
    """The requirements are those of orders in force on the day, not of one that another has replaced."""
    found = read.posts("928", view("2019-10-09"))
    director = next(one for one in found if one["post"] == DIRECTOR)
    hodges = next(one for one in director["inherited"] if one["holder"] == "Sally Hodges")
    assert hodges["unallocated"]["value"] == 81 and hodges["on"].startswith("2019-02")
    hadley = next(one for one in director["inherited"] if one["holder"] == "Cathi Hadley")
    assert {one["code"] for one in hadley["reviews"]} >= {"JL"} and len(hadley["requirements"]) == 9


def test_nothing_of_a_register_is_known_before_it_was_said(record: Outcome) -> None:
    assert (
        read.instruments("928", View(date(2019, 7, 1), datetime(2019, 6, 1, tzinfo=UTC)))[-1]["subject"]
        == "direction of November 2018"
    )


# -- decisions and contracts ------------------------------------------------------------------------


def test_the_decision_for_a_trust_has_its_reasons_and_those_who_spoke_against(record: Outcome) -> None:
    found = {one["subject"]: one for one in read.decided("928", view("2019-12-31"))["decisions"]}
    trust = found["decision to form a children's trust"]["parts"]
    assert len(trust["reasons"]) >= 2 and len(trust["for and against"]) >= 3
    assert any("offered" in one["headline"] for one in trust["recorded"])  # another option


def test_the_contracts_indicators_never_revised_are_told(record: Outcome) -> None:
    (contract,) = read.decided("928", view("2024-01-01"))["contracts"]
    told = {one["reference"].rpartition("/")[2] for many in contract["parts"].values() for one in many}
    assert {"performance-indicators-unchanged-since-2020", "scope-84-per-cent-of-the-budget"} <= told
    assert read.decided("928", view("2012-01-01"))["contracts"] == []


@pytest.mark.parametrize(
    ("subject", "day", "deciders", "told_on"),
    [
        ("decision to end government supervision, July 2017", "2017-06-30", [], None),
        (
            "decision to end government supervision, July 2017",
            "2017-07-31",
            ["Robert Goodwill, children's minister"],
            "2017-07-01",
        ),
        ("decision to form a children's trust", "2019-12-31", ["HM Government"], "2019-05-14"),
        (
            "decision not to publish review JL",
            "2019-12-31",
            ["Northamptonshire Safeguarding Children Board"],
            "2019-06-07",
        ),
    ],
)
def test_who_decided_is_told_from_the_day_it_was_said(
    record: Outcome, subject: str, day: str, deciders: list[str], told_on: str | None
) -> None:
    """The years a statement speaks about, which led to a decision, are not those in which it was taken."""
    found = {one["subject"]: one for one in read.decided("928", view(day))["decisions"]}[subject]
    assert (found["deciders"], found["decided_on"]) == (deciders, told_on)


def test_options_and_advice_are_cells_and_dissent_that_nobody_tells_is_empty(record: Outcome) -> None:
    found = {one["subject"]: one for one in read.decided("928", view("2019-12-31"))["decisions"]}
    steps = found["decision to form a children's trust"]["steps"]
    told = {name: [one["reference"].rpartition("/")[2] for one in many] for name, many in steps.items()}
    assert told == {
        "decided": ["announcement-of-may-2019"],
        "options": ["another-option-a-council-offered-to-take-over"],
        "advice": ["commissioners-report-published"],
        "dissent": [],
    }
