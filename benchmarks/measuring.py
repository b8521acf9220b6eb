"""What the benchmarks share: how much is measured, and a measurement printed beside a plain way to do the same."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """How much is measured."""

    rows: int
    """Statements in the delivery."""
    children: int
    """Children of the made-up county."""
    rounds: int
    people: int
    """People or visitors who ask for pages at once."""
    seconds: float
    """How long visitors go on asking."""
    slow_clients: int
    reports: int
    """Made-up inspection reports, where the published ones do not lie beside the project."""
    record_reports: int
    """Made-up reports in the record in which an authority's repeated findings are looked for."""


USUAL = Size(
    rows=600_000,
    children=30_000,
    rounds=3,
    people=50,
    seconds=10,
    slow_clients=200,
    reports=12,
    record_reports=490,
)
"""The size at which ratios are quoted."""

SMALL = Size(
    rows=600, children=400, rounds=1, people=3, seconds=0.5, slow_clients=5, reports=2, record_reports=8
)
"""The size that shows only that every benchmark still runs; its ratios are mostly fixed costs."""

LONGEST_READING_SECONDS = 600.0
"""How long a delivery may be read while measuring. The service allows far less, and a busy machine would end the run."""

MEASURED: list[str] = []
"""A line of the table of ratios for each that was printed."""


def pair(
    name: str, bound: float | None, ours: Callable[[], object], theirs: Callable[[], object], rounds: int
) -> None:
    """Time two ways of doing the same in turn (ours, theirs, ours, theirs …) and print the medians and their ratio."""
    our_times, their_times = [], []
    for _ in range(rounds):
        our_times.append(seconds(ours))
        their_times.append(seconds(theirs))
    ratio(name, statistics.median(our_times), statistics.median(their_times), bound)


def ratio(name: str, ours: float, theirs: float, bound: float | None, more: str = "") -> None:
    """Print two times and their ratio. One over its bound is marked and does not fail: a busy machine is not a fault."""
    if bound is None:
        verdict = "no bound"
    else:
        verdict = f"{'within' if ours <= bound * theirs else 'OVER'} {bound:g}x"
    MEASURED.append(f"| {name} | {ours / theirs:.2f} | {'none' if bound is None else f'{bound:g}'} |")
    print(
        f"{name:<62} {ours:8.3f} s  beside {theirs:8.3f} s  = {ours / theirs:6.2f}x  ({verdict}){more}",
        flush=True,
    )


def seconds(work: Callable[[], object]) -> float:
    """How long something takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def ten_times(work: Callable[[], object]) -> Callable[[], None]:
    """The same ten times over, for what is too quick to be timed once."""

    def repeated() -> None:
        for _ in range(10):
            work()

    return repeated
