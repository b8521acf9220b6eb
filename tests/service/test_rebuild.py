"""History files are disposable: damaged, edited, missing or another ledger's, they are made anew and it is said."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from django.db import connection

from lineofsight.record.tables import TABLES
from lineofsight.service.store import chain, picture
from tests.service.homes import (
    NORTHSHIRE,
    Home,
    a_statement,
    database_of,
    filled_once,
    full_roster,
    load,
    standing_in,
)


@pytest.fixture
@filled_once
def record(home: Home) -> Home:
    full_roster()
    load(a_statement("one"), a_statement("two"), a_statement("bad", kind="nonsense"))
    load(a_statement("two", value="7"), a_statement("three"))
    load(a_statement("one"), source="other")
    return home


def folder(table: str = "statement") -> Path:
    return picture.folder() / NORTHSHIRE / table


def manifest() -> dict[str, object]:
    said: dict[str, object] = json.loads((folder() / "manifest.json").read_text())
    return said


def differs_once(home: Home, word: str) -> None:
    """A first rebuild says that it differs, a second that nothing does; answers are right in between."""
    first = home.run("rebuild", "--compare")
    assert first.returncode == 1
    assert f"901/statement {word}" in first.stdout
    second = home.run("rebuild", "--compare")
    assert second.returncode == 0, second.stdout
    assert second.stdout.startswith("Every history file")
    assert {one["id"] for one in home.answer("statements")["statements"]} == {"one", "two", "three"}


@pytest.mark.databases
def test_equal_files_exit_with_0(record: Home) -> None:
    assert record.run("rebuild", "--compare").returncode == 0
    assert not list(picture.folder().glob("rebuilt*"))


@pytest.mark.databases
def test_files_that_lag_behind_the_ledger_are_not_damaged(record: Home) -> None:
    connection.close()
    before = folder().parent.parent.with_name("before")
    shutil.copytree(picture.folder(), before)
    load(a_statement("four"), source="other")
    shutil.rmtree(picture.folder())
    before.rename(picture.folder())
    assert record.run("rebuild", "--compare").returncode == 0


def test_a_missing_table_is_said_and_made_anew(record: Home) -> None:
    shutil.rmtree(folder())
    differs_once(record, "was missing")


@pytest.mark.parametrize("which", ["manifest", "ends", "segment"])
@pytest.mark.parametrize("how", ["gone", "empty", "short", "other", "not json"])
def test_a_damaged_file_is_said_and_made_anew(record: Home, which: str, how: str) -> None:
    said = manifest()
    name = {"manifest": "manifest.json", "ends": said["ends"], "segment": said["segments"][0]}[which]  # type: ignore[index]
    path = folder() / str(name)
    content = path.read_bytes()
    if how == "gone":
        path.unlink()
    else:
        path.write_bytes(
            {"empty": b"", "short": content[: len(content) // 2], "other": b"[7]", "not json": b"\xff" * 99}[
                how
            ]
        )
    differs_once(record, "could not be read")


@pytest.mark.parametrize(
    "said",
    [{"link": "x"}, {"link": 10**6}, {"hash": "0" * 64}, {"segments": 7}, {"ends": None}, {"ends": ""}],
)
def test_an_edited_manifest_is_said_and_made_anew(record: Home, said: dict[str, object]) -> None:
    (folder() / "manifest.json").write_text(json.dumps(manifest() | said))
    done = record.run("rebuild", "--compare")
    assert done.returncode == 1, done.stdout
    assert record.run("rebuild", "--compare").returncode == 0


def test_an_edited_row_is_said_and_made_anew(record: Home) -> None:
    for name in manifest()["segments"]:  # type: ignore[attr-defined]
        frame = pl.read_ipc((folder() / name).read_bytes())
        frame.with_columns(pl.lit("Nobody said this.").alias("says")).write_ipc(
            folder() / name, compression="uncompressed"
        )
    differs_once(record, "differed")


def test_edited_ends_are_said_and_made_anew(record: Home) -> None:
    path = folder() / str(manifest()["ends"])
    frame = pl.read_ipc(path.read_bytes())
    frame.with_columns(pl.lit(2**63 - 1).alias("_attested_to")).write_ipc(path, compression="uncompressed")
    differs_once(record, "differed")


def test_any_bit_flipped_in_a_history_file_is_found_without_falling_over(record: Home) -> None:
    """In a process of its own: engines map these files, and a fault there would end this one."""
    chance = random.Random(7)
    names = [str(manifest()["ends"]), *map(str, manifest()["segments"])]  # type: ignore[call-overload]
    for name in names:
        content = (folder() / name).read_bytes()
        for _ in range(6):
            at = chance.randrange(len(content))
            (folder() / name).write_bytes(
                content[:at] + bytes([content[at] ^ 1 << chance.randrange(8)]) + content[at + 1 :]
            )
            before = sorted(folder().iterdir())
            done = record.run_apart("rebuild", "--compare")
            assert done.returncode in (0, 1), (at, done.stderr)  # a bit that pads is no difference
            assert done.stderr == ""
            if done.returncode:
                again = record.run_apart("rebuild", "--compare")
                assert again.returncode == 0
                break
            assert sorted(folder().iterdir()) == before
            (folder() / name).write_bytes(content)
        names_now = [str(manifest()["ends"]), *map(str, manifest()["segments"])]  # type: ignore[call-overload]
        if names_now != names:
            return


@pytest.mark.databases
def test_a_home_without_its_history_folder_works(record: Home) -> None:
    shutil.rmtree(picture.folder())
    assert {one["id"] for one in record.answer("statements")["statements"]} == {"one", "two", "three"}
    load(a_statement("one", value="9"), source="other")
    shutil.rmtree(picture.folder())
    said = record.run("load", "nowhere", "--authority", "901", "--source", "record")
    assert said.returncode == 2
    assert record.run("verify").returncode == 0


def test_damaged_files_do_not_keep_answers_or_deliveries_from_anybody(record: Home) -> None:
    for path in folder().glob("*.arrow"):
        path.write_bytes(path.read_bytes()[:-40])
    picture._opened.cache_clear()
    assert record.answer("statements")["count"] == 4 - 1
    for path in folder().glob("*.arrow"):
        path.write_bytes(b"")
    picture._opened.cache_clear()
    load(a_statement("one", value="9"), source="other")
    assert record.run("rebuild", "--compare").returncode == 0


@pytest.mark.databases
def test_files_of_another_ledger_are_not_taken_for_this_ones(
    record: Home, new_home: Callable[[str], Home]
) -> None:
    other = new_home("other")
    with standing_in(other, database_of(other)):
        load(a_statement("elsewhere"))
        shutil.rmtree(picture.folder())
        shutil.copytree(record.path / "history", picture.folder())
        assert [one["id"] for one in other.answer("statements")["statements"]] == ["elsewhere"]
        shutil.rmtree(picture.folder())
        shutil.copytree(record.path / "history", picture.folder())
        done = other.run("rebuild", "--compare")
        assert done.returncode == 1
        assert "belonged to another ledger" in done.stdout


@pytest.mark.slow
@pytest.mark.databases
def test_many_deliveries_keep_the_files_few_and_equal(record: Home) -> None:
    for number in range(30):
        load(a_statement("one", value=str(number)), source="other")
    assert len(manifest()["segments"]) <= 24  # type: ignore[arg-type]
    assert record.run("rebuild", "--compare").returncode == 0
    assert picture.history(NORTHSHIRE, "statement").height == 5 + 30


@pytest.mark.slow
@pytest.mark.databases
def test_readers_and_a_loader_at_once_see_one_state_or_the_next(record: Home) -> None:
    """Others open history while it is changed and thrown away: never too few rows, and never a fault."""
    program = """
import sys, time
from lineofsight.service.store import picture
seen, until = 0, time.monotonic() + 4
while time.monotonic() < until:
    height = picture.history("901", "statement").height
    assert height >= seen, (height, seen)
    seen = height
print(seen)
"""
    readers = [record.python(program) for _ in range(2)]
    for number in range(12):
        load(a_statement("one", value=str(number)), source="other")
        if number % 4 == 3:
            picture.forget(NORTHSHIRE, TABLES)
    for reader in readers:
        _said, fault = reader.communicate(timeout=60)
        assert reader.returncode == 0, fault
    assert picture.history(NORTHSHIRE, "statement").height == 5 + 12


def test_rebuild_needs_compare(home: Home) -> None:
    assert home.run("rebuild").returncode == 2


def test_an_empty_record_has_nothing_to_rebuild(home: Home) -> None:
    assert home.run("rebuild", "--compare").returncode == 0
    assert chain.head() is None
