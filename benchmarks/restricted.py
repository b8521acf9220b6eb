"""How far somebody who sees totals of all children, and lists without the restricted ones, can tell who is restricted.

Totals by state, by team and by time waited include every child; the register leaves restricted
children out and says how many. The difference between the two tells something about them.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks import county
from benchmarks.loading import load_night, new_authority
from benchmarks.measuring import Size
from lineofsight.queries.figures import FigureQuery, latest_moment
from lineofsight.queries.lists import BANDS, unallocated_rows
from lineofsight.service.access.records import open_record

_TRIES = 200
_RESTRICTED = (1, 5, 20)


def measure(_home: Path, size: Size) -> None:
    """Restrict some children at random, many times, and print how often the difference tells about one of them."""
    authority = new_authority("910")
    load_night(county.zipped(county.county(size.children)), authority)
    record = open_record(authority)
    rows = list(unallocated_rows(record, FigureQuery(date(2019, 10, 8), latest_moment(record))))
    told: dict[str, Callable[[Any], object]] = {
        "state": lambda row: row.listed.state,
        "team": lambda row: row.team,
        "waiting": lambda row: _band(row.listed.days),
    }
    drawn = random.Random(1)
    for count in (number for number in _RESTRICTED if number <= len(rows)):
        for name, value in told.items():
            certain, guessed = 0, 0.0
            for _ in range(_TRIES):
                values = Counter(value(row) for row in drawn.sample(rows, count))
                certain += len(values) == 1
                guessed += sum((number / count) ** 2 for number in values.values())
            print(
                f"{count:>3} restricted of {len(rows):,} unallocated: {name:<8}"
                f" certain in {100 * certain / _TRIES:5.1f} % of draws,"
                f" a guess about one child right in {100 * guessed / _TRIES:5.1f} %",
                flush=True,
            )


def _band(days: int | None) -> int:
    return next(
        (low for low, high in BANDS if days is not None and low <= days and (high is None or days < high)), -1
    )
