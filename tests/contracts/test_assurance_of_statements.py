"""The tables of the statements that were gone through have one line for each statement, and say what changed."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
import yaml

from lineofsight.samples import PUBLIC_RECORD
from tests.support.surroundings import ROOT

TABLES = ROOT / "docs" / "assurance" / "statements"
FILES = sorted(
    path for path in TABLES.glob("*.csv") if (PUBLIC_RECORD.folder / path.with_suffix(".yaml").name).exists()
)


def read(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text("utf-8").splitlines()))


@pytest.mark.parametrize("table", FILES, ids=lambda path: path.stem)
def test_every_statement_of_a_file_has_its_line(table: Path) -> None:
    text = (PUBLIC_RECORD.folder / f"{table.stem}.yaml").read_text("utf-8")
    ids = [one["id"] for one in yaml.load(text, Loader=yaml.BaseLoader)["statements"]]
    assert sorted(row["id"] for row in read(table)) == sorted(ids)


@pytest.mark.parametrize("table", FILES, ids=lambda path: path.stem)
def test_a_line_says_what_changed_unless_it_was_right(table: Path) -> None:
    for row in read(table):
        assert row["source_opened"] in ("yes", "part", "no"), row
        assert row["change"] or row["verdict"] == "right", row
