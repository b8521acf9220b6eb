"""When a child's rows are due: at the edges of each rule, and where it cannot be told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from lineofsight.retention.due import ChildFacts, Verdict, verdict, years_after
from lineofsight.retention.rules import (
    ADOPTED,
    DIED,
    LOOKED_AFTER,
    NOT_LOOKED_AFTER,
    SHIPPED,
    in_force,
    rule_named,
)
from lineofsight.vocabulary.refusal import Refused

RULES = in_force([], date(2026, 1, 1))
CARED_FOR = ChildFacts("C1", born_on=date(1951, 6, 5), looked_after=True, last_record_on=date(1967, 1, 1))
LATE = date(2300, 1, 1)


def told(facts: ChildFacts, day: date) -> tuple[str, str]:
    found = verdict(facts, RULES, day)
    return found.state, found.rule


def first_day_due(facts: ChildFacts) -> date | None:
    found = verdict(facts, RULES, LATE)
    if found.state == "due" and found.due_on is not None:
        before = verdict(facts, RULES, found.due_on - timedelta(days=1))
        assert before.state == "not due"
        assert verdict(facts, RULES, found.due_on).state == "due"
    return found.due_on


def test_looked_after_are_due_on_the_75th_birthday_and_not_the_day_before() -> None:
    assert first_day_due(CARED_FOR) == date(2026, 6, 5)


def test_a_birthday_on_29_february_without_one_is_1_march() -> None:
    assert first_day_due(replace(CARED_FOR, born_on=date(1952, 2, 29))) == date(2027, 3, 1)
    assert years_after(date(1952, 2, 29), 100) == date(2052, 2, 29)


def test_died_under_18_is_15_years_from_death_and_at_18_the_75th_birthday() -> None:
    died = replace(CARED_FOR, died_on=date(1969, 6, 4))  # the day before 18
    assert (first_day_due(died), told(died, LATE)) == (date(1984, 6, 4), ("due", DIED))
    grown_up = replace(CARED_FOR, died_on=date(1969, 6, 5))
    assert (first_day_due(grown_up), told(grown_up, LATE)) == (date(2026, 6, 5), ("due", LOOKED_AFTER))
    leap = replace(CARED_FOR, born_on=date(1952, 2, 29), died_on=date(1970, 2, 28))
    assert told(leap, LATE) == ("due", DIED)
    assert told(replace(leap, died_on=date(1970, 3, 1)), LATE) == ("due", LOOKED_AFTER)


def test_adopted_are_kept_100_years_from_the_order_whatever_else_would_end_sooner() -> None:
    adopted = replace(CARED_FOR, adopted=True, ordered_on=date(1955, 3, 2))
    assert (first_day_due(adopted), told(adopted, LATE)) == (date(2055, 3, 2), ("due", ADOPTED))
    died = replace(adopted, died_on=date(1960, 1, 1))
    assert first_day_due(died) == date(2055, 3, 2)


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        (replace(CARED_FOR, born_on=None), "the date of birth is not recorded"),
        (replace(CARED_FOR, born_on=None, died_on=date(1960, 1, 1)), "the date of birth is not recorded"),
        (replace(CARED_FOR, adopted=True), "the day of the order is not recorded"),
        (replace(CARED_FOR, open=True), "an episode has not ended"),
    ],
)
def test_what_cannot_be_told_is_said_and_never_due(facts: ChildFacts, why: str) -> None:
    found = verdict(facts, RULES, LATE)
    assert found.state == "cannot tell"
    assert why in found.because


def test_an_open_episode_is_told_only_where_the_rows_would_be_due() -> None:
    assert told(replace(CARED_FOR, open=True), date(2026, 6, 4)) == ("not due", LOOKED_AFTER)


def test_no_law_says_how_long_rows_of_others_are_kept_so_the_authority_has_to() -> None:
    others = replace(CARED_FOR, looked_after=False)
    assert told(others, LATE) == ("no rule", NOT_LOOKED_AFTER)
    (without,) = (rule for rule in SHIPPED if rule.years is None)
    assert (without.code, without.source) == (NOT_LOOKED_AFTER, "")
    set_here = rule_named(NOT_LOOKED_AFTER).set_to(
        35, "last record", source="policy 9", in_force_from=date(2026, 2, 1), set_by="Ada"
    )
    assert in_force([set_here], date(2026, 1, 31))[NOT_LOOKED_AFTER].years is None
    rules = in_force([set_here], date(2026, 2, 1))
    found = verdict(others, rules, LATE)
    assert found == Verdict(
        "due",
        NOT_LOOKED_AFTER,
        "in need or protected, never looked after: 35 years from the latest day recorded",
        date(2002, 1, 1),
    )
    assert verdict(replace(others, last_record_on=None), rules, LATE).state == "cannot tell"


def test_an_authority_may_keep_longer_than_the_law_and_never_shorter() -> None:
    rule = rule_named(LOOKED_AFTER)
    more = {"source": "policy 9", "in_force_from": date(2026, 2, 1), "set_by": "Ada"}
    assert rule.set_to(100, "birth", **more).years == 100  # type: ignore[arg-type]
    for years, counted_from in ((74, "birth"), (75, "last record"), (0, "birth"), (151, "birth"), (80, "x")):
        with pytest.raises(Refused):
            rule.set_to(years, counted_from, **more)  # type: ignore[arg-type]
    with pytest.raises(Refused, match="no rule of that name"):
        rule_named("foster-carers")


def test_every_rule_that_has_years_has_a_source_a_confidence_and_a_day() -> None:
    for rule in SHIPPED:
        assert rule.confidence
        if rule.years is not None:
            assert rule.source
            assert rule.counted_from
            assert rule.in_force_from is not None
