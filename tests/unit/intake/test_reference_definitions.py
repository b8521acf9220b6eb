"""The columns of each case system's definition of the dataset, one row a table: each is read whole.

`reference_columns.csv` holds the column names of the reference definitions for SystemC (Liquidlogic), Mosaic and
Eclipse, of the tables that are read: which columns a system lacks stands beside them.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import pytest

from lineofsight.intake.delivery import Context, NamedBytes, Reading
from lineofsight.intake.finding import numbered
from lineofsight.intake.formats import formats
from lineofsight.intake.formats.ssd_columns import SSD_TABLES
from lineofsight.intake.formats.ssd_tables import table_named
from tests.support.builders import RECEIVED_AT

SYSTEMS = ("systemc", "mosaic", "eclipse")
NAMES_NO_CHILD = {
    "systemc": {"care_review"},
    "mosaic": {"involvement", "need_visit", "protection_visit", "placement"},
    "eclipse": {"care_review"},
}
"""Tables in which the child is known only from the referral, the plan or the period of care."""


def columns(system: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    with (Path(__file__).parent / "reference_columns.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if system not in row["lacking"].split():
                found[row["table"]].append(row["column"])
    return found


def read(system: str) -> Reading:
    files = []
    for table, headings in columns(system).items():
        cells = [
            "2025-01-02" if _is_day(heading) else "T1" if "team" in heading.split("_") else "1"
            for heading in headings
        ]
        text = ",".join(headings) + "\n" + ",".join(cells) + "\n"
        files.append(NamedBytes(f"{table}.csv", text.encode()))
    return formats()["ssd_tables"].read(files, Context(RECEIVED_AT))


def _is_day(heading: str) -> bool:
    words = heading.split("_")
    return bool({"date", "dob", "due"} & set(words)) or heading.endswith(
        ("latest_contact", "missing_episode_start")
    )


@pytest.mark.parametrize("system", SYSTEMS)
def test_every_table_of_a_system_is_read_whole(system: str) -> None:
    reading = read(system)
    heights = {name: rows.height for name, rows in reading.rows.items()}
    assert heights == {one.table: 1 for one in SSD_TABLES if one.table != "family" or system != "mosaic"}
    assert (reading.received, reading.quarantined) == (len(heights), 0)
    assert numbered(reading.findings).filter(numbered(reading.findings)["severity"] == "refused").height == 0
    assert reading.unlimited == frozenset()


@pytest.mark.parametrize("system", SYSTEMS)
def test_every_row_but_an_involvements_has_its_child(system: str) -> None:
    without = set()
    for file in read(system).report.files:
        lacking = {column.column for column in file.columns if column.how == "missing"}
        if "child" in lacking and file.read_as not in ("worker", "team"):
            without.add(file.read_as)
    assert without == NAMES_NO_CHILD[system]
    for name, rows in read(system).rows.items():
        if "child" in rows.columns:
            assert rows["child"].to_list() == [None if name in without and name == "involvement" else "1"]


@pytest.mark.parametrize("system", SYSTEMS)
def test_the_only_columns_not_known_are_those_of_a_scratch_table(system: str) -> None:
    found = numbered(read(system).findings)
    unknown = found.filter(found["code"] == "F04")
    assert set(unknown["file"]) == ({"ssd_cp_reviews.csv"} if system == "mosaic" else set())


@pytest.mark.parametrize("system", SYSTEMS)
def test_no_column_of_days_is_left_out(system: str) -> None:
    found = numbered(read(system).findings)
    assert found.filter(found["code"].is_in(["D01", "D03"])).height == 0
    for name, rows in read(system).rows.items():
        table = next(one for one in SSD_TABLES if one.table == name)
        headings = next(names for file, names in columns(system).items() if table_named(file) is table)
        assert all(rows[ours][0] is not None for ours, theirs in table.chosen(headings).items() if theirs), (
            name
        )
