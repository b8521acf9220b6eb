"""`just bench`: prints each measurement beside its baseline, with the ratio and the promised bound.

Every pair is measured in turn (ours, theirs, ours, theirs …) in one run; the median is quoted. A
ratio over its bound is printed as such and does not fail: a busy machine is not a fault.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path


def main() -> None:
    """Measure in a home that is thrown away."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rows", type=int, default=600_000, help="rows in the delivery (600,000)")
    parser.add_argument("--rounds", type=int, default=3, help="rounds of each pair (3)")
    parser.add_argument("--children", type=int, default=30_000, help="children of the county (30,000)")
    parser.add_argument(
        "--only",
        choices=(
            "record",
            "who-answers",
            "pages",
            "inspections",
            "visitors",
            "apart",
            "restricted",
            "ten-times",
        ),
        default="",
        help="one part only",
    )
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lineofsight-bench-") as home:
        os.environ["LINEOFSIGHT_HOME"] = home
        os.environ["DJANGO_SETTINGS_MODULE"] = "lineofsight.service.settings"
        os.environ["LINEOFSIGHT_MFA"] = "optional"
        os.environ.pop("DATABASE_URL", None)
        import django

        django.setup()
        from benchmarks import apart, inspections, pages, record, restricted, visitors, who_answers

        if asked.only in ("", "record"):
            record.measure(Path(home), asked.rows, asked.rounds)
        if asked.only in ("", "who-answers"):
            who_answers.measure(Path(home), asked.children, asked.rounds)
            who_answers.memory(asked.children)
        if asked.only in ("", "pages"):
            pages.measure(Path(home), asked.children, asked.rounds)
        if asked.only in ("", "inspections"):
            inspections.measure(asked.rounds)
        if asked.only in ("", "visitors"):
            visitors.measure(Path(home))
        if asked.only in ("", "apart"):
            apart.measure(asked.children, asked.rounds)
        if asked.only == "restricted":
            restricted.measure(Path(home), asked.children)
        if asked.only == "ten-times":
            who_answers.ten_times(asked.children)


def pair(
    name: str, bound: float, ours: Callable[[], object], theirs: Callable[[], object], rounds: int
) -> None:
    """Time two ways of doing the same in turn and print the medians and their ratio."""
    mine, plain = [], []
    for _ in range(rounds):
        mine.append(_seconds(ours))
        plain.append(_seconds(theirs))
    a, b = statistics.median(mine), statistics.median(plain)
    verdict = "within" if a <= bound * b else "OVER"
    print(f"{name:<58} {a:8.3f} s  beside {b:8.3f} s  = {a / b:5.2f}x  ({verdict} {bound:g}x)", flush=True)


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
