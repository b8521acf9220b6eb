"""How far somebody who sees totals of all children, and lists without the restricted ones, can tell who is restricted.

Totals by state, by team and by how long children have waited hold everybody; the register leaves
restricted children out and says how many. The difference is what is told of them.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from django.core.management import call_command

from benchmarks import county
from lineofsight.intake.delivery import NamedBytes
from lineofsight.queries.figures import FigureQuery, latest_moment
from lineofsight.queries.lists import BANDS, unallocated_rows
from lineofsight.service.access.records import open_record
from lineofsight.service.receive import recipe
from lineofsight.vocabulary.identifiers import AuthorityCode, SourceName

_TRIES = 200


def measure(_home: Path, children: int) -> None:
    """Restrict some at random, 200 times each, and print how often the difference tells of one of them."""
    call_command("migrate", verbosity=0)
    recipe.set_source(county.SETTINGS, by="bench")
    night = [NamedBytes("night.zip", county.zipped(county.county(children)))]
    recipe.load(night, "night.zip", AuthorityCode("999"), SourceName("nightly-ssd"),
              received_at=datetime(2019, 10, 9, 5, tzinfo=UTC), by="bench")  # fmt: skip
    record = open_record("999")
    rows = unallocated_rows(record, FigureQuery(date(2019, 10, 8), latest_moment(record)))
    told: dict[str, Callable[[Any], object]] = {
        "state": lambda row: row.listed.state, "team": lambda row: row.team, "waiting": lambda row: _band(row.listed.days),
    }  # fmt: skip
    drawn = random.Random(1)
    for count in (1, 5, 20):
        for name, value in told.items():
            sure, guessed = 0, 0.0
            for _ in range(_TRIES):
                left = Counter(value(row) for row in drawn.sample(list(rows), count))
                sure += len(left) == 1
                guessed += sum((n / count) ** 2 for n in left.values())
            print(f"{count:>3} restricted of {len(rows):,} unallocated: {name:<8} certain in {100 * sure / _TRIES:5.1f} % of draws, "
                  f"a guess at one child right in {100 * guessed / _TRIES:5.1f} %", flush=True)  # fmt: skip


def _band(days: int | None) -> int:
    return next(
        (low for low, high in BANDS if days is not None and low <= days and (high is None or days < high)), -1
    )
