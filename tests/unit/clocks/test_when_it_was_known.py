"""When the record could know that a clock was broken, and what was done in time but recorded late."""

from __future__ import annotations

from datetime import date

import pytest

from lineofsight.clocks.chain import Rules
from lineofsight.clocks.child import Knowledge, noticed_at, recorded_late
from lineofsight.record.frames import ATTESTED_FROM, ATTESTED_TO
from lineofsight.vocabulary.calendar import england
from lineofsight.vocabulary.moments import microseconds, start_of
from tests.support.clock_rows import ordinal, rows_of

DAY = 86_400_000_000
EPISODE = "episode referral=r 2019-10-08.. from={}"
DONE = "assessment referral=r 2019-10-09..{} from={}"


def night(day: str) -> int:
    """Three in the morning."""
    return microseconds(start_of(date.fromisoformat(day))) + DAY // 8


def knowledge(rows: str, *, since: str = "2019-01-01", until: str = "2020-02-01") -> Knowledge:
    nights = [
        night("2019-10-09"),
        night("2019-12-10"),
        night("2019-12-11"),
        night("2019-12-12"),
        night("2020-01-10"),
    ]
    as_at = ordinal("2020-01-31")
    assert as_at is not None

    def rules_by(moment: int) -> Rules:
        return Rules(
            as_at, england(), lambda source, table: night(since) <= moment, {}, frozenset({night(since)})
        )

    return Knowledge("A", rows_of(rows), ATTESTED_FROM, ATTESTED_TO, night(until), nights, rules_by)


@pytest.mark.parametrize(
    ("rows", "noticed", "late"),
    [
        (f"{EPISODE.format(night('2019-10-09'))}", "2019-12-11", False),  # due on 10 December
        (
            f"{EPISODE.format(night('2019-12-12'))}",
            "2019-12-12",
            False,
        ),  # the referral itself was recorded late
        (
            f"{EPISODE.format(night('2019-10-09'))}\n{DONE.format('2019-12-09', night('2019-12-10'))}",
            None,
            False,
        ),
        (
            f"{EPISODE.format(night('2019-10-09'))}\n{DONE.format('2019-12-09', night('2020-01-10'))}",
            None,
            True,
        ),
        (
            f"{EPISODE.format(night('2019-10-09'))}\n{DONE.format('2019-12-20', night('2020-01-10'))}",
            "2019-12-11",
            False,
        ),
    ],
)
def test_a_breach_is_noticed_by_the_first_delivery_after_it(
    rows: str, noticed: str | None, late: bool
) -> None:
    known = knowledge(rows)
    (clock,) = known.clocks_by(known.known_by).values()
    as_at = known.rules_by(known.known_by).as_at
    assert noticed_at(known, clock, as_at) == (None if noticed is None else night(noticed))
    assert recorded_late(known, clock) is late


def test_a_row_withdrawn_since_hides_nothing_of_when_it_was_noticed() -> None:
    done = DONE.format("2019-12-09", night("2019-12-10")) + f" to={night('2020-01-10')}"
    known = knowledge(f"{EPISODE.format(night('2019-10-09'))}\n{done}")
    (clock,) = known.clocks_by(known.known_by).values()
    assert noticed_at(known, clock, known.rules_by(known.known_by).as_at) == night("2020-01-10")


def test_nothing_is_noticed_before_the_source_delivers_what_would_end_it() -> None:
    known = knowledge(EPISODE.format(night("2019-10-09")), since="2019-12-12")
    (clock,) = known.clocks_by(known.known_by).values()
    assert noticed_at(known, clock, known.rules_by(known.known_by).as_at) == night("2019-12-12")
