"""Whatever a file holds, no process takes over a gigabyte, and what is refused is refused by a limit."""

from __future__ import annotations

import io
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest

from lineofsight.intake import limits
from lineofsight.intake.delivery import NamedBytes
from lineofsight.intake.settings import read_settings
from lineofsight.intake.unpacking import check_archive
from lineofsight.service.models import Lease, Link
from lineofsight.service.receive import recipe, waiting
from lineofsight.service.store import chain, reader_process
from lineofsight.vocabulary.identifiers import SourceName
from lineofsight.vocabulary.refusal import Refused
from tests.service.homes import NORTHSHIRE, RECORD, Home, a_statement, command, written
from tests.support.cases import AUTHORITY, describe, night

GIGABYTE = 2**30
_WATCH = """
import resource, subprocess, sys
code = subprocess.call(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024)
sys.exit(code)
"""
"""Starts a command and prints the most that it or a process it started held, in bytes.

The tests' own process may hold more than that, and a process begins with the mark of the one that starts it.
"""


@pytest.fixture
def apart(settings: Any) -> None:
    settings.READ_APART = True


def refused_in_bounds(home: Home, path: Path, kind: str = "ssd_tables") -> str:
    """What is said of a file refused or set aside by a process of its own, with no process over a gigabyte."""
    describe("hostile", kind=kind)
    load = command("load", str(path), "--authority", AUTHORITY, "--source", "hostile")
    ran = subprocess.run(
        [sys.executable, "-c", _WATCH, *load],
        env=home.environment,
        cwd=home.path.parent,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert int(ran.stdout.split()[-1]) < GIGABYTE
    assert ran.returncode == 2, ran.stderr
    assert len(ran.stderr.strip().splitlines()) == 1
    return ran.stderr


def a_bomb(megabytes: int, name: str = "cin_episodes.csv") -> bytes:
    held = io.BytesIO()
    with (
        zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open(name, "w", force_zip64=True) as member,
    ):
        for _ in range(megabytes):
            member.write(b"0" * 2**20)
    return held.getvalue()


def test_keys_without_end_are_refused_before_they_are_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []
    really = tomllib.loads

    def noted(text: str) -> dict[str, Any]:
        parsed.append(text)
        return really(text)

    monkeypatch.setattr(tomllib, "loads", noted)
    for text in (
        b"a" + b".a" * 15_000 + b" = 1\n",
        b"x = " + b"[" * 30_000,
        b"[" + b"a." * 12_000 + b"a]\n",
        b"x" * 70_000,
        b"a . a . a . a . a . a . a . a . a . a = 1\n",
    ):
        with pytest.raises(Refused):
            read_settings(text)
    assert parsed == []
    good = b'name = "n"\nauthority = "999"\nformat = "ssd_tables"\nroster = "full"\n[allocation]\nroles_that_count = ["C.W."]\n'
    assert read_settings(good).name == "n"
    assert len(parsed) == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.json", b"[" * 200_000),
        ("a.csv", b"a," * 2_001 + b"a\n1\n"),
        ("a.csv", b"a,b\n" + b"x" * 3 * 2**20),
        ("a.csv", b"a|" * 2_001),
        ("b.csv", b"z" * 5 * 2**20),
    ],
)
def test_limits_refuse_by_looking(name: str, content: bytes) -> None:
    with pytest.raises(Refused):
        limits.check_unpacked([NamedBytes(name, content)])


def test_what_is_usual_is_within_every_limit() -> None:
    rows = b"a,b,c\n" + b"1,2,3\n" * 400_000
    limits.check_unpacked([NamedBytes("a.csv", rows), NamedBytes("s.json", b'{"statements": [{"id": "1"}]}')])


def test_a_zip_is_judged_by_its_list_of_files_alone() -> None:
    with pytest.raises(Refused):
        check_archive(NamedBytes("a.zip", a_bomb(600)))
    many = io.BytesIO()
    with zipfile.ZipFile(many, "w") as archive:
        for number in range(3_000):
            archive.writestr(f"{number}.csv", b"")
    with pytest.raises(Refused):
        check_archive(NamedBytes("a.zip", many.getvalue()))


def test_a_delivery_read_apart_is_the_same(home: Home, apart: None) -> None:
    describe()
    tables = {"cin_episodes": "R1, C1, 2019-01-01, N,,", "involvements": "1, C1, W1, CW, TA, 2019-01-05,, R1"}
    outcome = night("2019-10-09", tables)
    assert chain.body_of(outcome.link)["counts"]["accepted"] == 2
    assert list(reader_process.incoming().iterdir()) == []


def test_a_reader_that_dies_twice_has_its_delivery_set_aside_and_others_go_on(
    home: Home, apart: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader_process, "MOST_MEMORY", 2**20)
    describe()
    big = NamedBytes("cin_episodes.csv", b"no table at all\n" * 10_000)
    recipe.receive([big], "n", AUTHORITY, SourceName("nightly"), received_at=None, by="x")
    recipe.receive([written(a_statement("one"))], "s.jsonl", NORTHSHIRE, RECORD, received_at=None, by="x")
    for link in list(waiting.links()):
        recipe.read_waiting(link, by="work")
    assert list(waiting.links()) == []
    found = {
        link.source: chain.body_of(link)["counts"]
        for link in Link.objects.filter(kind__in=(chain.READ, chain.SET_ASIDE))
        if link.source in ("nightly", "record")
    }
    assert found["nightly"]["refusals"] == 1
    assert found["record"]["accepted"] == 1


def test_a_delivery_that_ends_its_reader_and_who_watches_it_is_set_aside(home: Home) -> None:
    recipe.receive([written(a_statement("one"))], "s.jsonl", NORTHSHIRE, RECORD, received_at=None, by="x")
    (link,) = waiting.links()
    Lease.objects.create(delivery=link.delivery, until=1, tries=2)
    outcome = recipe.read_waiting(link, by="work")
    assert outcome is not None
    assert chain.body_of(outcome.link)["counts"]["refusals"] == 1


def test_a_file_changed_while_it_is_received_is_refused(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "s.jsonl"
    path.write_bytes(written(a_statement("one")).content)
    file = NamedBytes("s.jsonl", path=path)
    assert file.sha256
    path.write_bytes(written(a_statement("two")).content)
    with pytest.raises(Refused, match="changed"):
        recipe.load([file], "s.jsonl", NORTHSHIRE, RECORD, received_at=None, by="x")


def test_what_a_killed_upload_leaves_is_tidied_away(home: Home) -> None:
    import os

    left, young = reader_process.incoming() / "left", reader_process.incoming() / "young"
    for path in (left, young):
        path.write_bytes(b"rows of children")
    os.utime(left, (1, 1))
    reader_process.tidy_incoming()
    assert not left.exists()
    assert young.exists()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("columns", "over 2,000 columns"),
        ("line", "a line of over 2 MB"),
        ("zeros", "a line of over 2 MB"),
        ("zip", "would unpack to more"),
        ("rows", "than a delivery may"),  # more memory, or on a slow machine longer: either ends its reader
        ("workbook", "would unpack to more"),
    ],
)
def test_hostile_files_are_refused_by_a_limit_and_in_memory(home: Home, what: str, said: str) -> None:
    """By looking, and not by a reader that ran until it was stopped, but where only its rows are too many."""
    path = home.path.parent / {"zip": "night.zip", "workbook": "list.xlsx"}.get(what, "cin_episodes.csv")
    with path.open("wb") as stream:
        if what == "columns":
            stream.write(b"c," * 1_000_000 + b"c\n" + b"1," * 1_000_000 + b"1\n")
        elif what == "line":
            for _ in range(200):
                stream.write(b"x" * 2**20)
        elif what == "zeros":
            stream.truncate(512 * 2**20)
        elif what == "zip":
            stream.write(a_bomb(3_000))
        elif what == "workbook":
            stream.write(a_bomb(3_000, "xl/worksheets/sheet1.xml"))
        else:
            stream.write(b"cine_table_id,cine_person_id,cine_referral_date\n")
            row = b"R12345678,C12345678,2019-01-01\n" * 30_000
            for _ in range(500):
                stream.write(row)
    assert said in refused_in_bounds(home, path, "annex_a" if what == "workbook" else "ssd_tables")
