"""Benchmarks run at their smallest size, so that a change that breaks one is seen. No time is asserted.

Those that start a service or a process of their own take longest: continuous integration runs every one
with `python -m benchmarks --small`.
"""

from __future__ import annotations

import dataclasses
import importlib
import re

import pytest

from benchmarks.__main__ import ON_REQUEST, PARTS
from benchmarks.measuring import SMALL, pair, ratio
from tests.service.homes import Home
from tests.support.surroundings import ROOT

pytestmark = pytest.mark.sqlite

RATIO = re.compile(
    r"^.{62} +\d+\.\d{3} s  beside +\d+\.\d{3} s  = +\d+\.\d\dx  \((within|OVER|no bound)", re.MULTILINE
)
TINY = dataclasses.replace(SMALL, rows=50)


@pytest.mark.parametrize("part", ["record", "figures", "ten_times"])
def test_it_measures_and_prints_ratios(part: str, home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    importlib.import_module(f"benchmarks.{part}").measure(home.path, TINY)
    assert RATIO.search(capsys.readouterr().out)


def test_it_compares_similar_findings_and_reads_reports(capsys: pytest.CaptureFixture[str]) -> None:
    importlib.import_module("benchmarks.inspections").measure(ROOT, TINY)
    assert len(RATIO.findall(capsys.readouterr().out)) == 2


def test_it_says_how_far_restricted_children_can_be_guessed(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    importlib.import_module("benchmarks.restricted").measure(home.path, TINY)
    assert "1 restricted of" in capsys.readouterr().out


def test_every_module_that_measures_is_run() -> None:
    measuring = [
        path.stem
        for path in (ROOT / "benchmarks").glob("*.py")
        if "\ndef measure(" in path.read_text("utf-8")
    ]
    assert sorted(measuring) == sorted((*PARTS, *ON_REQUEST))


def test_a_ratio_over_its_bound_is_marked_and_does_not_fail(capsys: pytest.CaptureFixture[str]) -> None:
    ratio("slow", 3.0, 1.0, 2)
    ratio("quick", 1.0, 1.0, 2)
    ratio("neither", 9.0, 1.0, None)
    pair("timed", None, lambda: sum(range(1_000)), lambda: sum(range(1_000)), 1)
    assert RATIO.findall(capsys.readouterr().out) == ["OVER", "within", "no bound", "no bound"]
