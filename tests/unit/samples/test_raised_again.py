"""The pairs of findings that a person judged to be raised again: each leads to statements that bear it out."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import pytest

from lineofsight.intake.delivery import Context, NamedBytes
from lineofsight.intake.formats import statements
from lineofsight.samples import PUBLIC_RECORD
from lineofsight.samples.profiles import NORTHAMPTONSHIRE, THORNMERE
from lineofsight.vocabulary.profile import RaisedAgain

NOW = datetime(2026, 11, 26, tzinfo=UTC)
PAIRS = pytest.mark.parametrize("pair", NORTHAMPTONSHIRE.raised_again, ids=lambda pair: pair.later)


@cache
def said() -> dict[str, dict[str, Any]]:
    """Every statement of the public record by its reference."""
    files = [NamedBytes(path.name, path.read_bytes()) for path in sorted(PUBLIC_RECORD.folder.iterdir())]
    rows = statements.read(files, Context(NOW)).rows["statement"].iter_rows(named=True)
    return {f"{PUBLIC_RECORD.source}/{row['id']}": row for row in rows}


def themes(row: dict[str, Any]) -> list[str]:
    return (row["theme"] or "").split("; ")


def test_at_least_ten_pairs_were_judged_of_the_real_county_and_none_twice() -> None:
    pairs = [(one.earlier, one.later, one.theme) for one in NORTHAMPTONSHIRE.raised_again]
    assert len(pairs) == len(set(pairs)) >= 10
    assert THORNMERE.raised_again == ()


@PAIRS
def test_both_ends_are_weaknesses_that_inspections_found_in_one_theme(pair: RaisedAgain) -> None:
    ends = [said()[pair.earlier], said()[pair.later]]
    assert [(one["subject_kind"], one["found"]) for one in ends] == [("inspection", "weakness")] * 2
    assert all(pair.theme in themes(one) for one in ends)
    assert ends[0]["subject"] != ends[1]["subject"], "two inspections, not one"


@PAIRS
def test_the_later_is_after_the_earlier_and_what_was_done_lies_between(pair: RaisedAgain) -> None:
    earlier, later = said()[pair.earlier], said()[pair.later]
    assert earlier["begun_on"] < later["begun_on"]
    for reference in pair.done_between:
        done = said()[reference]
        assert done["begun_on"] <= later["begun_on"], reference
        assert done["ended_on"] is None or done["ended_on"] > earlier["begun_on"], reference


@PAIRS
def test_a_judgement_has_a_day_and_a_reason(pair: RaisedAgain) -> None:
    assert date(2026, 1, 1) <= pair.judged_on <= NOW.date()
    assert pair.because.endswith(".")
