"""Tests of actions: measures of the record that show, for any day, whether an improvement was sustained.

A test is one sentence, such as `unallocated under 10 for 13 weeks` or `allocated but not seen: none for
4 weeks`. It is judged by one count for each day. A day without a count (None) neither passes nor fails.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from lineofsight.vocabulary.refusal import Refused

UNALLOCATED = "unallocated"
NOT_SEEN = "allocated but not seen"
MEASURES = (UNALLOCATED, NOT_SEEN)
"""The measures a test may be about."""

HOLDS = "holds"
FAILS = "fails"
TOO_SHORT = "not yet long enough"
CANNOT_BE_TOLD = "cannot be told"

Counts = Sequence[tuple[date, int | None]]
"""One count for each day in order; None if it is not known."""

_WORDS = [
    "none",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
]
_NUMBER = rf"[0-9]{{1,6}}|{'|'.join(_WORDS[1:])}"
_LONGEST_DAYS = 1_830
_WRITTEN = re.compile(
    rf"(?P<measure>{'|'.join(MEASURES)}):? (?:(?P<none>none)|(?P<how>under|at most) (?P<limit>{_NUMBER}))"
    rf" for (?P<span>{_NUMBER}) (?P<unit>day|week)s?"
)


@dataclass(frozen=True)
class Test:
    """A measure, its highest allowed value, and for how many days in a row."""

    __test__ = False  # a term of this service; pytest must not collect it

    measure: str
    at_most: int
    days: int
    written: str

    def met_by(self, count: int) -> bool:
        """Whether a day's count is within the limit."""
        return count <= self.at_most


def read_test(text: str) -> Test:
    """The test that a sentence means; refuses any other sentence and says how to write one."""
    match = _WRITTEN.fullmatch(" ".join(text.lower().split()).rstrip("."))
    if match is None:
        raise Refused(
            f"{text[:80]!r} is not a test that can be measured. Write it as `unallocated under 10 for 13 weeks` or "
            f"`allocated but not seen: none for 4 weeks`; it can be of {' or '.join(MEASURES)}."
        )
    limit = 0 if match["none"] else _number(match["limit"]) - (match["how"] == "under")
    days = _number(match["span"]) * (7 if match["unit"] == "week" else 1)
    if limit < 0 or not 1 <= days <= _LONGEST_DAYS:
        raise Refused(
            f"{text[:80]!r} could never be met or never fail. Allow at least none, for one day to five years."
        )
    return Test(match["measure"], limit, days, text)


def can_read_test(text: str) -> bool:
    """Whether a sentence is a measurable test."""
    try:
        read_test(text)
    except Refused:
        return False
    return True


def _number(text: str) -> int:
    return int(text) if text.isdigit() else _WORDS.index(text)


@dataclass(frozen=True)
class Outcome:
    """The result of a test on a day. `since`: the first day of the present run within, or beyond, the limit;
    `count`: the day's count."""

    state: str
    since: date | None
    count: int | None
    or_before: bool = False
    """Whether the run may have begun before `since`, because no earlier count was used or known."""

    @property
    def since_words(self) -> str:
        """The first day of the run in words, with "or before" if it may have begun earlier."""
        if self.since is None:
            return ""
        return f"{self.since.isoformat()}{' or before' if self.or_before else ''}"

    @property
    def says(self) -> str:
        """The outcome in words."""
        if self.state == FAILS and self.since:
            return f"fails since {self.since_words}"
        if self.state == TOO_SHORT and self.since:
            return f"not yet long enough: within the limit since {self.since_words}"
        return self.state


def outcome(test: Test, counts: Counts, day: date) -> Outcome:
    """The result of a test on a day, by the counts up to that day.

    It holds if every day of its span was within the limit. A day beyond the limit fails it, until
    a day within the limit. If a count is missing in the run or the span, it is not known whether it holds.
    """
    told = {at: count for at, count in counts if at <= day}
    count = told.get(day)
    if count is None:
        return Outcome(CANNOT_BE_TOLD, None, None)
    met = test.met_by(count)
    since = _run(test, told, day, met=met)
    if not met:
        return Outcome(FAILS, since, count, since == min(told))
    return Outcome(_held(test, told, since, day), since, count, since == min(told))


def _held(test: Test, told: dict[date, int | None], since: date, day: date) -> str:
    first = day - timedelta(days=test.days - 1)
    if since <= first:
        return HOLDS
    before = told.get(since - timedelta(days=1))
    return CANNOT_BE_TOLD if before is None else TOO_SHORT


def _run(test: Test, told: dict[date, int | None], day: date, *, met: bool) -> date:
    """The first day of the unbroken run, within or beyond the limit, that includes a day."""
    since = day
    while (count := told.get(since - timedelta(days=1))) is not None and test.met_by(count) is met:
        since -= timedelta(days=1)
    return since


def first_failing(test: Test, counts: Counts, first: date, last: date) -> date | None:
    """The first day beyond the limit between two days, both included."""
    beyond = (at for at, n in counts if first <= at <= last and n is not None and not test.met_by(n))
    return next(beyond, None)
