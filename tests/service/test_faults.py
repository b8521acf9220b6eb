"""A fault in one delivery, at whatever stage, is that delivery's finding, and every other delivery is read."""

from __future__ import annotations

import errno
import re
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.db import OperationalError

from lineofsight.intake import compare_delivery, reader
from lineofsight.intake.delivery import NamedBytes
from lineofsight.intake.faults import place_of
from lineofsight.service.cli import running
from lineofsight.service.models import Lease, Link
from lineofsight.service.receive import compare, confirmation, faults, recipe, waiting
from lineofsight.service.store import blobs, chain, picture, reader_process
from lineofsight.service.store.verify import verify
from lineofsight.vocabulary.identifiers import AuthorityCode, SourceName
from tests.service.homes import NORTHSHIRE, RECORD, Home, a_statement, full_roster, load, written
from tests.support import answers
from tests.support.cases import AUTHORITY, describe, files

SECRET = "Ada Quill"
"""Stands in every message of a fault, as a child's name might."""
OTHERS = AuthorityCode("902")


def raises(
    fault: BaseException, module: Any, name: str, when: Callable[..., bool] = lambda *_, **__: True
) -> Any:
    """A stand-in for a function of a module, which raises where `when` is true of what it is given."""
    really = getattr(module, name)

    def stand_in(*arguments: Any, **named: Any) -> Any:
        if when(*arguments, **named):
            raise fault
        return really(*arguments, **named)

    return stand_in


def is_of_nightly(received: Any, *_: Any, **__: Any) -> bool:
    return bool(received.source == "nightly")


def holds_involvements(reading: Any, *_: Any, **__: Any) -> bool:
    return "involvement" in reading.rows


STAGES: dict[str, tuple[Any, str, Callable[..., bool]]] = {
    "asking for its settings": (recipe, "settings_of", lambda _, source, *__: source == "nightly"),
    "opening its stored files": (waiting, "with_stored_files", is_of_nightly),
    "reading": (reader, "read", lambda kind, *_: kind == "ssd_tables"),
    "comparing": (compare_delivery, "compare_rows", lambda table, *_, **__: table.name == "involvement"),
    "checking references": (compare, "references", holds_involvements),
    "looking for missing files": (compare, "missing_files", is_of_nightly),
    "counting": (compare, "_counts", lambda reading, compared, _: "involvement" in compared),
    "comparing the figure": (confirmation, "figure_change", lambda *_: True),
    "packing": (compare, "packed", lambda entries: "involvement" in entries),
    "sealing": (chain, "_insert_blocks", lambda _, packed: "involvement" in packed),
}
"""Each stage of the recipe: the module and function that stands for it, and when it fails."""

FAULTS: list[BaseException] = [
    KeyError(SECRET),
    ArithmeticError(SECRET),
    RecursionError(SECRET),
    MemoryError(SECRET),
    UnicodeDecodeError("utf-8", SECRET.encode(), 0, 1, SECRET),
    pl.exceptions.ComputeError(SECRET),
    pl.exceptions.PanicException(SECRET),
    OSError(SECRET),
    sqlite3.DatabaseError(SECRET),
]


def queue() -> list[Link]:
    """Five deliveries acknowledged: two of the source that fails, one of another source, two of other authorities."""
    describe()
    tables = {"cin_episodes": "R1, C1, 2019-01-01, N,,", "involvements": "1, C1, W1, CW, TA, 2019-01-05,, R1"}
    first, second = files(tables), files({**tables, "involvements": "1, C1, W2, CW, TA, 2019-01-05,, R1"})
    brought: list[tuple[list[NamedBytes], AuthorityCode, SourceName]] = [
        (first, AUTHORITY, SourceName("nightly")),
        ([written(a_statement("one"))], AUTHORITY, RECORD),
        ([written(a_statement("two"))], NORTHSHIRE, RECORD),
        (second, AUTHORITY, SourceName("nightly")),
        ([written(a_statement("three"))], OTHERS, RECORD),
    ]
    return [
        recipe.receive(each, "files", authority, source, received_at=None, by="Cass").link
        for each, authority, source in brought
    ]


def check_nothing_is_lost() -> None:
    """The bytes of every delivery are stored as they came, and the record holds."""
    for link in Link.objects.filter(kind=chain.RECEIVED):
        for file in chain.body_of(link)["kept"]:
            assert blobs.hash_of(file["sha256"]) == file["sha256"]
    held = verify(each_row=True)
    assert held.holds, held.failures


EACH = [
    *((stage, FAULTS[0]) for stage in STAGES),
    *(("checking references", fault) for fault in FAULTS[1:]),
    ("sealing", FAULTS[-1]),
]
"""Every stage with one fault, and every fault at one stage."""


@pytest.mark.parametrize(
    ("stage", "fault"),
    [
        pytest.param(
            stage,
            fault,
            id=f"{stage}: {type(fault).__name__}",
            marks=[pytest.mark.databases] if stage == "sealing" else [],
        )
        for stage, fault in EACH
    ],
)
def test_a_fault_at_any_stage_is_a_finding_and_the_others_are_read(
    home: Home,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    stage: str,
    fault: BaseException,
) -> None:
    links = queue()
    module, name, when = STAGES[stage]
    with monkeypatch.context() as patched:
        patched.setattr(module, name, raises(fault, module, name, when))
        done = home.run("work", "--once")
    assert done.returncode == 0, done.stderr
    found = {one["id"]: one for one in answers.every_delivery()}
    failed = [found[link.delivery] for link in links if link.source == "nightly"]
    others = [found[link.delivery] for link in links if link.source != "nightly"]
    assert [one["set_aside"] for one in failed] == [True, True]
    assert not any(one["waiting"] for one in found.values())
    assert [one["accepted"] for one in others] == [1, 1, 1]
    for one in failed:
        assert (one["received"], one["quarantined"]) == (1, 1)
        (finding,) = answers.findings_of(one["id"])
        assert (finding["code"], finding["severity"]) == ("F00", "refused")
        assert re.search(rf"lineofsight\.[a-z_.]+, line \d+ \({type(fault).__name__}\)", finding["says"])
        assert SECRET not in str(finding)
    assert SECRET not in done.stdout + done.stderr + caplog.text
    check_nothing_is_lost()
    # Once the program is mended the same files are loaded again.
    again = recipe.load(
        files(
            {"cin_episodes": "R1, C1, 2019-01-01, N,,", "involvements": "1, C1, W1, CW, TA, 2019-01-05,, R1"}
        ),
        "files",
        AUTHORITY,
        SourceName("nightly"),
        received_at=None,
        by="Cass",
    )
    assert answers.delivery_of(again)["accepted"] == 2


@pytest.mark.databases
def test_a_fault_once_it_was_appended_takes_nothing_back(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    links = queue()
    with monkeypatch.context() as patched:
        patched.setattr(picture, "catch_up_each", raises(KeyError(SECRET), picture, "catch_up_each"))
        assert home.run("work", "--once").returncode == 0
    found = {one["id"]: one for one in answers.every_delivery()}
    assert [found[link.delivery]["set_aside"] for link in links] == [False] * 5
    assert not any(one["waiting"] for one in found.values())
    check_nothing_is_lost()


@pytest.mark.databases
@pytest.mark.parametrize(
    "fault",
    [OSError(errno.ENOSPC, "No space left"), OSError(errno.EIO, "I/O"), OperationalError("locked")],
    ids=["a full disk", "a broken disk", "a busy database"],
)
def test_a_fault_of_the_machine_waits_and_the_others_are_read(
    home: Home, monkeypatch: pytest.MonkeyPatch, fault: BaseException
) -> None:
    links = queue()
    monkeypatch.setattr(running, "_PAUSE", 0.01)
    with monkeypatch.context() as patched:
        patched.setattr(compare, "references", raises(fault, compare, "references", holds_involvements))
        done = home.run("work", "--once")
    assert done.returncode == 2
    waits = {one["id"]: one["waiting"] for one in answers.every_delivery()}
    assert [waits[link.delivery] for link in links] == [True, False, False, True, False]
    check_nothing_is_lost()
    assert home.run("work", "--once").returncode == 0  # and once it has passed, they are read
    assert not any(one["waiting"] or one["set_aside"] for one in answers.every_delivery())


@pytest.mark.databases
def test_a_delivery_that_cannot_even_be_set_aside_keeps_nobody_waiting(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    links = queue()
    monkeypatch.setattr(running, "_PAUSE", 0.01)
    with monkeypatch.context() as patched:
        for name in ("references", "refusal"):
            when = holds_involvements if name == "references" else (lambda *_: True)
            patched.setattr(compare, name, raises(KeyError(SECRET), compare, name, when))
        done = home.run("work", "--once")
    assert done.returncode == 2
    assert SECRET not in done.stderr
    waits = {one["id"]: one["waiting"] for one in answers.every_delivery()}
    assert [waits[link.delivery] for link in links] == [True, False, False, True, False]
    check_nothing_is_lost()


@pytest.mark.databases
def test_others_who_keep_appending_are_no_fault_of_a_delivery(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    links = queue()
    with monkeypatch.context() as patched:
        patched.setattr(recipe, "_TRIES", 0)
        with pytest.raises(recipe.Busy):
            recipe.read_waiting(links[0], by="work")
    assert home.run("work", "--once").returncode == 0
    assert not any(one["set_aside"] for one in answers.every_delivery())


# -- the reader's own process ---------------------------------------------------------------------


@pytest.fixture
def apart(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.READ_APART = True


def test_a_fault_in_the_readers_process_is_told_by_its_place(
    home: Home, apart: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    links = queue()
    really = reader.write_job
    # A format that nobody has makes the reader's own process fail, once it has begun.
    monkeypatch.setattr(reader, "write_job", lambda folder, _, *rest: really(folder, SECRET, *rest))
    outcome = recipe.read_waiting(links[0], by="work")
    assert outcome is not None
    (finding,) = answers.findings_of(outcome.link.delivery)
    assert re.search(r"failed in lineofsight\.intake\.formats, line \d+ \(KeyError\)", finding["says"])
    assert SECRET not in str(finding)


@pytest.mark.parametrize("how", ["a signal", "memory", "time"])
def test_a_reader_that_is_ended_twice_has_its_delivery_set_aside(
    home: Home, apart: None, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    links = queue()
    started: list[Any] = []
    really = reader_process.subprocess.Popen

    def counted(line: list[str], **named: Any) -> Any:
        program = "import os, signal, time; os.kill(os.getpid(), signal.SIGKILL)" if how == "a signal" else ""
        started.append(really([line[0], "-c", program or "import time; time.sleep(60)"], **named))
        return started[-1]

    with monkeypatch.context() as patched:
        patched.setattr(reader_process.subprocess, "Popen", counted)
        patched.setattr(reader_process, "MOST_MEMORY", 1 if how == "memory" else 2**40)
        if how == "time":
            patched.setattr(reader_process, "MOST_SECONDS", 0.1)
            patched.setattr(reader_process, "MOST_SECONDS_WAITING", 0.1)
        outcome = recipe.read_waiting(links[0], by="work")
    assert outcome is not None
    assert len(started) == reader_process.TRIES
    assert answers.delivery_of(outcome)["set_aside"] is True
    for link in links[1:]:
        recipe.read_waiting(link, by="work")
    assert [one["accepted"] for one in answers.every_delivery() if not one["set_aside"]][1:] == [1, 1, 2, 1]
    check_nothing_is_lost()


def test_a_reader_that_was_ended_once_is_tried_again(
    home: Home, apart: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    links = queue()
    really, started = reader_process.subprocess.Popen, []

    def first_dies(line: list[str], **named: Any) -> Any:
        started.append(line)
        return really([line[0], "-c", "raise SystemExit(9)"] if len(started) == 1 else line, **named)

    monkeypatch.setattr(reader_process.subprocess, "Popen", first_dies)
    outcome = recipe.read_waiting(links[0], by="work")
    assert outcome is not None
    assert answers.delivery_of(outcome)["accepted"] == 2


@pytest.mark.databases
def test_a_delivery_that_ended_whoever_read_it_twice_is_set_aside_and_its_bytes_stay(home: Home) -> None:
    links = queue()
    Lease.objects.create(delivery=links[0].delivery, until=1, tries=reader_process.TRIES)
    assert home.run("work", "--once").returncode == 0
    found = {one["id"]: one for one in answers.every_delivery()}
    assert [found[link.delivery]["set_aside"] for link in links] == [True, False, False, False, False]
    check_nothing_is_lost()


# -- loading at once ------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", [name for name in STAGES if name != "opening its stored files"])
def test_loaded_at_once_it_is_stored_and_set_aside_and_the_command_refuses(
    home: Home, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    describe()
    folder = home.path.parent / "night"
    folder.mkdir()
    tables = {"cin_episodes": "R1, C1, 2019-01-01, N,,", "involvements": "1, C1, W1, CW, TA, 2019-01-05,, R1"}
    for file in files(tables):
        (folder / file.name).write_bytes(file.content)
    module, name, when = STAGES[stage]
    arguments = ("load", folder, "--authority", AUTHORITY, "--source", "nightly", "--json")
    with monkeypatch.context() as patched:
        patched.setattr(module, name, raises(KeyError(SECRET), module, name, when))
        done = home.run(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.strip().splitlines()) == 1
    assert SECRET not in done.stderr
    (aside,) = [one for one in answers.every_delivery() if one["source"] == "nightly"]
    assert aside["set_aside"] is True
    assert aside["id"] in done.stderr
    assert [one["code"] for one in answers.findings_of(aside["id"])] == ["F00"]
    check_nothing_is_lost()
    assert home.run(*arguments).returncode == 0


def test_a_fault_while_confirming_leaves_it_waiting(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    full_roster()
    load(*(a_statement(f"s{number}") for number in range(500)))
    held = load(a_statement("s1"))
    with monkeypatch.context() as patched:
        patched.setattr(compare, "references", raises(KeyError(SECRET), compare, "references"))
        done = home.run("deliveries", "confirm", held.link.delivery, "--by", "Ben")
    assert done.returncode == 2
    assert "lineofsight.service.receive.compare, line" in done.stderr
    assert SECRET not in done.stderr
    assert home.run("deliveries", "confirm", held.link.delivery, "--by", "Ben").returncode == 0


def test_what_is_entered_on_a_page_is_not_stored_where_the_program_fails(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compare, "references", raises(KeyError(SECRET), compare, "references"))
    with pytest.raises(KeyError):
        recipe.record_statement([written(a_statement("one"))], NORTHSHIRE, RECORD, by="Cass")
    assert not Link.objects.exists()
    assert blobs.hashes() == set()


# -- what a finding says of a place ---------------------------------------------------------------


def test_the_place_is_the_innermost_line_of_ours(tmp_path: Path) -> None:
    (tmp_path / reader.RESULT).write_text(SECRET)
    with pytest.raises(ValueError, match="Expecting value") as raised:
        reader.read_reading(tmp_path)
    assert re.fullmatch(r"lineofsight\.intake\.reader, line \d+ \(JSONDecodeError\)", place_of(raised.value))
    assert place_of(KeyError(SECRET)) == "an unknown place (KeyError)"


def test_an_error_number_tells_the_machines_faults_from_a_parsers() -> None:
    assert faults.is_of_the_machine(OSError(errno.ENOSPC, SECRET))
    assert faults.is_of_the_machine(FileNotFoundError(errno.ENOENT, SECRET))
    assert faults.is_of_the_machine(OperationalError(SECRET))
    assert not faults.is_of_the_machine(OSError(SECRET))
    assert not faults.is_of_the_machine(KeyError(SECRET))
