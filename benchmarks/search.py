"""Search of the public record beside looking through every statement for every word."""

from __future__ import annotations

import csv
import statistics
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.measuring import Size, ratio, seconds
from lineofsight.queries.record import View
from lineofsight.queries.search import search
from lineofsight.queries.search_index import SearchIndex
from lineofsight.queries.statements import statements
from lineofsight.service.access.records import open_record
from tests.support.records import load_the_public_record

_QUESTIONS = Path(__file__).parents[1] / "tests" / "acceptance" / "questions.csv"
_VIEW = View(None, datetime(2100, 1, 1, tzinfo=UTC), public=True)


def measure(_home: Path, size: Size) -> None:
    """The sample is loaded; every question is asked in turn, and the median time is printed."""
    load_the_public_record()
    record = open_record("928")
    known = statements(record, _VIEW)
    typed = [row["typed"] for row in csv.DictReader(_QUESTIONS.read_text("utf-8").splitlines())] * size.rounds
    search(record, _VIEW, typed[0])
    ours = [seconds(lambda words=words: search(record, _VIEW, words)) for words in typed]
    theirs = [seconds(lambda words=words: known.search(words)) for words in typed]
    median = statistics.median(ours)
    ratio(
        "a question typed, beside a scan of every statement",
        median,
        statistics.median(theirs),
        2,
        f", median {median * 1000:.1f} ms, longest {max(ours) * 1000:.0f} ms, {len(known)} statements",
    )
    made = statistics.median(seconds(lambda: SearchIndex(known)) for _ in range(size.rounds))
    ratio(
        "the index of a record, beside every question asked once",
        made,
        median * len(typed) / size.rounds,
        None,
        f", {made * 1000:.0f} ms",
    )
