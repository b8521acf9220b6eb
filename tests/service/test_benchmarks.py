"""Benchmarks run at their smallest size, so that a change that breaks one is seen. No time is asserted.

Those that start a service or a process of their own take longest: continuous integration runs every one
with `python -m benchmarks --small`.
"""

from __future__ import annotations

import dataclasses
import importlib
import re
from pathlib import Path

import pytest

from benchmarks import rarity, repeats, reports
from benchmarks.__main__ import ON_REQUEST, PARTS
from benchmarks.measuring import SMALL, pair, ratio
from tests.service.homes import Home
from tests.service.test_inspections import report
from tests.support.surroundings import ROOT

pytestmark = pytest.mark.sqlite

RATIO = re.compile(
    r"^.{62} +\d+\.\d{3} s  beside +\d+\.\d{3} s  = +\d+\.\d\dx  \((within|OVER|no bound)", re.MULTILINE
)
TINY = dataclasses.replace(SMALL, rows=50)


@pytest.mark.parametrize(
    "part",
    ["record", *(pytest.param(part, marks=pytest.mark.slow) for part in ("figures", "search", "ten_times"))],
)
def test_it_measures_and_prints_ratios(part: str, home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    importlib.import_module(f"benchmarks.{part}").measure(home.path, TINY)
    assert RATIO.search(capsys.readouterr().out)


def test_it_compares_similar_findings_and_reads_reports(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    importlib.import_module("benchmarks.inspections").measure(home.path, TINY)
    assert len(RATIO.findall(capsys.readouterr().out)) == 3


def test_it_measures_similarity_on_judged_findings_beside_plain_tf_idf(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two made-up reports, named as a collection names them, and a table that judges the later one's only finding."""
    folder = tmp_path / "80418_norfolk"
    folder.mkdir()
    earlier = ["Return home interviews in time.", "Pathway plans.", "Supervision."]
    (folder / "a - 20 october 2015.pdf").write_bytes(report("Norfolk", "4 to 15 May 2015", earlier))
    (folder / "b - 19 January 2018.pdf").write_bytes(
        report("Norfolk", "6 to 17 November 2017", ["The take-up of return conversations."])
    )
    judged = tmp_path / "judged.csv"
    judged.write_text(
        "part,authority,earlier,later,number,repeats\ntuning,norfolk,2015-10-20,2018-01-19,1,1\n", "utf-8"
    )
    monkeypatch.setattr(repeats, "JUDGED", judged)
    monkeypatch.setattr("sys.argv", ["repeats", str(tmp_path)])
    repeats.main()
    told = capsys.readouterr().out
    assert "tuning: 1 findings, 1 of them repeats" in told
    assert re.search(r"ours +the repeated finding is first in 1, among three in 1, of 1", told)
    assert rarity.counted(["Pathway plans."] * 10 + ["Visits."])["plan"] == 10


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


def test_it_tells_how_much_of_a_folder_of_reports_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "80418_norfolk"
    folder.mkdir()
    (folder / "a.pdf").write_bytes(report("Norfolk", "7 to 18 November 2022", ["Neglect."]))
    (folder / "b.pdf").write_bytes(b"<html>")
    table = tmp_path / "grades.csv"
    grades = ",".join(
        f"{area}_grade"
        for area in (
            "overall_effectiveness",
            "impact_of_leaders",
            "help_and_protection",
            "in_care",
            "care_leavers",
        )
    )
    head = f"local_authority,pdf_filename,inspection_start_date,{grades}"
    table.write_text(f"{head}\nnorfolk,a.pdf,07/11/2022,good,inadequate,good,good,\n")
    reports.main([str(tmp_path), "--grades", str(table)])
    said = capsys.readouterr().out
    assert "ILACS 2018, full inspection, 2022: 1 read whole" in said
    assert "refused: 1 is not a PDF" in said and "2 files, 4 grades, 1 items" in said
    assert "impact_of_leaders_grade: good, table inadequate" in said and "4 same" in said
