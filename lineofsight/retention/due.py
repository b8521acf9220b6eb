"""Whether one child's rows are due, by the rules in force on a day. Plain Python on what is known of the child."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from lineofsight.retention.rules import ADOPTED, DIED, LOOKED_AFTER, NOT_LOOKED_AFTER, Rule

GROWN_UP = 18
_DAY_OF = {
    "birth": "the date of birth is not recorded",
    "death": "the date of death is not recorded",
    "order": "the day of the order is not recorded",
    "last record": "no day is recorded of anything done for this child",
}

_FROM = {"birth": "birth", "death": "death", "order": "the order", "last record": "the latest day recorded"}


@dataclass(frozen=True)
class ChildFacts:
    """What decides how long a child's rows are kept.

    `adopted`: an order was made, on `ordered_on` where its day is known. `open`: an episode of need or of being
    looked after has not ended. `last_record_on`: the latest day that any row of the child gives.
    """

    child: str
    born_on: date | None = None
    died_on: date | None = None
    looked_after: bool = False
    adopted: bool = False
    ordered_on: date | None = None
    open: bool = False
    last_record_on: date | None = None


@dataclass(frozen=True)
class Verdict:
    """What a rule says of one child on a day; `due_on` is the first day on which the rows need not be kept."""

    state: Literal["due", "not due", "cannot tell", "no rule"]
    rule: str
    because: str
    due_on: date | None = None


def years_after(day: date, years: int) -> date:
    """The anniversary of a day. That of 29 February in a year without one is 1 March, so nothing goes a day early."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def verdict(facts: ChildFacts, rules: Mapping[str, Rule], as_at: date) -> Verdict:
    """Whether a child's rows are due. Of several rules that apply, the one that keeps them longest decides."""
    found = [_by_rule(facts, rules[code]) for code in _applying(facts)]
    for state in ("cannot tell", "no rule"):
        if unclear := next((one for one in found if one.state == state), None):
            return unclear
    longest = max(found, key=lambda one: one.due_on or date.max)
    if longest.due_on is None or longest.due_on > as_at:
        return longest
    if facts.open:
        why = f"{longest.because}, but an episode has not ended in the record"
        return Verdict("cannot tell", longest.rule, why, longest.due_on)
    return Verdict("due", longest.rule, longest.because, longest.due_on)


def _applying(facts: ChildFacts) -> list[str]:
    codes = [ADOPTED] if facts.adopted else []
    if facts.looked_after:
        return [*codes, DIED if _died_young(facts) else LOOKED_AFTER]
    return codes or [NOT_LOOKED_AFTER]


def _died_young(facts: ChildFacts) -> bool:
    """Whether the child died under 18; one whose birth is not recorded is not taken to have."""
    if facts.died_on is None or facts.born_on is None:
        return False
    return facts.died_on < years_after(facts.born_on, GROWN_UP)


def _by_rule(facts: ChildFacts, rule: Rule) -> Verdict:
    if rule.years is None or rule.counted_from is None:
        return Verdict("no rule", rule.code, rule.confidence)
    day = {
        "birth": facts.born_on,
        "death": facts.died_on,
        "order": facts.ordered_on,
        "last record": facts.last_record_on,
    }[rule.counted_from]
    if day is None:
        return Verdict("cannot tell", rule.code, _DAY_OF[rule.counted_from])
    because = f"{rule.title.lower()}: {rule.years} years from {_FROM[rule.counted_from]}"
    return Verdict("not due", rule.code, because, years_after(day, rule.years))
