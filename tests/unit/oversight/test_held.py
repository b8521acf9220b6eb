"""The language of tests of actions, and how a test stands on a day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from lineofsight.oversight import sustained
from lineofsight.vocabulary.refusal import Refused
from tests.support.drawn import drawn

FIRST = date(2019, 1, 1)


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("unallocated under 10 for 13 weeks", ("unallocated", 9, 91)),
        ("allocated but not seen: none for 4 weeks", ("allocated but not seen", 0, 28)),
        ("Allocated but not seen: none for four weeks.", ("allocated but not seen", 0, 28)),
        ("unallocated  at most ten for seventeen days", ("unallocated", 10, 17)),
        ("unallocated: none for 1 week", ("unallocated", 0, 7)),
    ],
)
def test_what_a_sentence_means(text: str, means: tuple[str, int, int]) -> None:
    test = sustained.read_test(text)
    assert (test.measure, test.at_most, test.days) == means
    assert test.written == text
    assert sustained.can_read_test(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "unallocated",
        "unallocated under 10",
        "caseloads under 10 for 13 weeks",
        "unallocated under 10 for 13 months",
        "unallocated under -1 for 13 weeks",
        "unallocated under 10 for 13 weeks or so",
        "unallocated over 10 for 13 weeks",
        "unallocated under 1.5 for 13 weeks",
        "unallocated under none for 2 weeks",
    ],
)
def test_any_other_sentence_is_refused_with_how_one_is_written(text: str) -> None:
    assert not sustained.can_read_test(text)
    with pytest.raises(Refused, match="unallocated under 10 for 13 weeks"):
        sustained.read_test(text)


@pytest.mark.parametrize(
    "text",
    [
        "unallocated under 0 for 2 weeks",
        "unallocated under 5 for 0 days",
        "unallocated under 5 for 999 weeks",
    ],
)
def test_what_could_never_be_met_or_fail_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="could never be met"):
        sustained.read_test(text)


OUTCOMES = drawn("""
    counts          | outcome             | since      | why
    ----------------+---------------------+------------+-------------------------------
    2 2 2 2 2       | holds               | 2019-01-01 |
    9 2 2 2         | holds               | 2019-01-02 | beyond the span it may be more
    9 2 2           | not yet long enough | 2019-01-02 |
    2 2 9           | fails               | 2019-01-03 |
    2 9 9           | fails               | 2019-01-02 | the day it began
    2 9 ? 9         | fails               | 2019-01-04 |
    2 ? 2           | cannot be told      | 2019-01-03 | it may have been more between
    ? 2 2 2         | holds               | 2019-01-02 |
    2 2             | cannot be told      | 2019-01-01 | nothing is known of before
    2 2 ?           | cannot be told      |            |
    2 9 2           | not yet long enough | 2019-01-03 |
    3 3 3           | fails               | 2019-01-01 | under 3 is not 3
                    | cannot be told      |            |
""")


@pytest.mark.parametrize("case", OUTCOMES, ids=lambda case: case["counts"] or "nothing")
def test_how_a_test_of_three_days_stands(case: dict[str, str]) -> None:
    counts = [
        (FIRST + timedelta(days=at), None if n == "?" else int(n))
        for at, n in enumerate(case["counts"].split())
    ]
    day = FIRST + timedelta(days=max(0, len(counts) - 1))
    found = sustained.outcome(sustained.read_test("unallocated under 3 for 3 days"), counts, day)
    assert (found.state, found.since.isoformat() if found.since else "") == (case["outcome"], case["since"])


def test_what_comes_after_the_day_says_nothing_of_it() -> None:
    counts = [(FIRST + timedelta(days=at), n) for at, n in enumerate((1, 1, 1, 50))]
    test = sustained.read_test("unallocated under 3 for 3 days")
    assert sustained.outcome(test, counts, FIRST + timedelta(days=2)).state == sustained.HOLDS
    assert sustained.outcome(test, counts, FIRST + timedelta(days=3)).says == "fails since 2019-01-04"
    assert sustained.outcome(test, counts[2:3], FIRST + timedelta(days=2)).says == "cannot be told"
    short = sustained.outcome(test, [(FIRST, 9), (FIRST + timedelta(days=1), 1)], FIRST + timedelta(days=1))
    assert short.says == "not yet long enough: within the limit since 2019-01-02"
