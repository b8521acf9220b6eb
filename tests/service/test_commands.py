"""The console commands: help with an example, exit codes, one sentence for a mistake, one document for --json."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from django.contrib.auth.models import User

from lineofsight.queries import deliveries
from lineofsight.service.cli.commands import lineofsight
from lineofsight.service.settings import SETTINGS
from lineofsight.service.store.verify import verify
from tests.service.homes import Home, a_statement, filled_once, keeps_to_its_schema, load, written
from tests.support import surroundings

PACKAGE = surroundings.ROOT / "lineofsight"
LOAD = ("--authority", "901", "--source", "record")


def commands(group: click.Group = lineofsight, *path: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for name, one in sorted(group.commands.items()):
        yield (*path, name), one
        if isinstance(one, click.Group):
            yield from commands(one, *path, name)


ALL = dict(commands())


@pytest.fixture
@filled_once
def record(home: Home) -> Home:
    load(a_statement("one", bears_on="two"), a_statement("bad", kind="nonsense"))
    return home


def a_mistake(home: Home, *arguments: object) -> str:
    """A command that exits with 2, says one sentence on stderr and nothing on stdout."""
    done = home.run(*arguments)
    assert done.returncode == 2, (done.returncode, done.stdout, done.stderr)
    assert done.stdout == ""
    lines = done.stderr.splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("Error: ")
    assert "Traceback" not in lines[0]
    return lines[0]


# -- help -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_help_ends_with_an_example_that_can_be_given(home: Home, path: tuple[str, ...]) -> None:
    done = home.run(*path, "--help")
    assert done.returncode == 0
    assert done.stderr == ""
    example = re.search(r"Example:\s+(.*)", done.stdout, re.DOTALL)
    assert example, done.stdout
    words = example[1].split()
    words = words[next(at for at, word in enumerate(words) if word == "lineofsight") + 1 :]
    assert tuple(words[: len(path)]) == path
    known = {name for parameter in ALL[path].params for name in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= known
    assert (ALL[path].help or "").strip()


def test_the_command_alone_lists_the_commands(home: Home) -> None:
    assert home.run("--help").returncode == 0
    done = home.run()
    assert done.returncode == 2
    assert "demo" in done.stdout + done.stderr


def test_the_commands_of_the_contract_are_there() -> None:
    promised = [
        "demo",
        "serve",
        "work",
        "load",
        "deliveries",
        "findings",
        "statements",
        "verify",
        "head",
        "rebuild",
        "erase",
        "backup",
        "restore",
        "settings",
    ]
    assert {(name,) for name in promised} | {("source", "set")} <= ALL.keys()
    options = {
        path: {name for parameter in one.params for name in parameter.opts} for path, one in ALL.items()
    }
    assert {"--authority", "--source", "--received-at", "--by", "--confirm-withdrawals", "--json"} <= options[
        "load",
    ]
    assert {"--port", "--no-serve"} <= options["demo",]
    assert {"--about", "--as-at", "--known-by", "--json"} <= options["statements",]
    assert {"--head", "--json"} <= options["verify",]
    assert {"--authority", "--child", "--ground", "--by"} <= options["erase",]


# -- answers --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        ("deliveries",),
        pytest.param(("deliveries", "--authority", "901"), marks=pytest.mark.slow),
        pytest.param(("statements",), marks=pytest.mark.slow),
        ("verify",),
        pytest.param(("statements", "--witnessed"), marks=pytest.mark.slow),
    ],
)
def test_json_is_one_document_on_stdout_and_nothing_beside_it(
    record: Home, arguments: tuple[str, ...]
) -> None:
    done = record.run_apart(*arguments, "--json")
    assert done.returncode == 0
    assert done.stderr == ""
    keeps_to_its_schema(arguments[0], json.loads(done.stdout))


@pytest.mark.databases
def test_every_answer_keeps_to_its_schema_whatever_has_happened(record: Home) -> None:
    other = record.path.parent / "other.jsonl"
    other.write_bytes(
        written(a_statement("two", contradicts="one"), a_statement("three", contradicts="nowhere")).content
    )
    for arguments in (("--later",), (), ("--received-at", "2019-10-01")):
        record.answer(
            "load", other, "--authority", "901", "--source", "other-" + str(len(arguments)), *arguments
        )
    for one in record.answer("deliveries"):
        record.answer("findings", one["id"])
    record.answer("statements", "--as-at", "2019-10-01")
    (record.path / "anchor.txt").unlink()
    done = record.run("verify", "--json")
    assert done.returncode == 1
    keeps_to_its_schema("verify", json.loads(done.stdout))


@pytest.mark.databases
def test_answers_of_an_empty_record(home: Home) -> None:
    assert home.answer("deliveries") == []
    assert home.answer("statements")["statements"] == []
    assert home.answer("verify") == {"holds": True, "head": None, "first": None, "failures": []}
    for arguments in (
        ("deliveries",),
        ("statements",),
        ("verify",),
        ("rebuild", "--compare"),
        ("work", "--once"),
    ):
        done = home.run(*arguments)
        assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.databases
def test_answers_in_words(record: Home) -> None:
    one = record.answer("deliveries")[0]["id"]
    for arguments, word in {
        ("deliveries",): "2 received = 1 accepted + 0 unchanged + 1 quarantined",
        ("findings", one): "S05 refused",
        ("statements",): "What was said in one.",
        ("verify",): "The record holds: 1 links",
        ("head",): verify().head or "",
    }.items():
        done = record.run(*arguments)
        assert done.returncode == 0
        assert word in done.stdout


def test_a_reader_that_closes_the_pipe_is_no_fault(record: Home) -> None:
    load(*(a_statement(f"s{number}", says="words " * 100) for number in range(300)), source="other")
    line = f"{sys.executable} -m lineofsight statements --json | head -c 10"
    done = subprocess.run(
        ["sh", "-c", line], env=record.environment, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""


# -- mistakes -------------------------------------------------------------------------------------


MISTAKES: dict[str, tuple[object, ...]] = {
    "missing file": ("load", "nowhere.csv", *LOAD),
    "empty folder": ("load", "empty", *LOAD),
    "folder in which no file is ours": ("load", "others", *LOAD),
    "nothing to load": ("load", *LOAD),
    "no authority": ("load", "a.jsonl", "--source", "record"),
    "no source": ("load", "a.jsonl", "--authority", "901"),
    "bad authority": ("load", "a.jsonl", "--authority", "90", "--source", "record"),
    "bad authority in words": ("deliveries", "--authority", "Northshire"),
    "bad source": ("load", "a.jsonl", "--authority", "901", "--source", "My Source"),
    "bad moment": ("load", "a.jsonl", *LOAD, "--received-at", "yesterday"),
    "moment that cannot be": ("load", "a.jsonl", *LOAD, "--received-at", "2019-13-01T00:00:00Z"),
    "far moment": ("load", "a.jsonl", *LOAD, "--received-at", "9999-12-31"),
    "nobody": ("load", "a.jsonl", *LOAD, "--by", ""),
    "a name that is not text": ("load", "a.jsonl", *LOAD, "--by", "Am\udcffra"),
    "a delivery that is not text": ("findings", "\udcff"),
    "a password that is not text": ("administrator", "amira", "--password", "correct horse batter\udcff"),
    "not a statements file": ("load", "words.docx", *LOAD),
    "empty file": ("load", "empty.csv", *LOAD),
    "empty JSON": ("load", "empty.json", *LOAD),
    "broken YAML": ("load", "broken.yaml", *LOAD),
    "broken JSON": ("load", "broken.json", *LOAD),
    "broken zip": ("load", "broken.zip", *LOAD),
    "bad bytes": ("load", "bytes.csv", *LOAD),
    "bad day": ("statements", "--as-at", "8 October"),
    "a day that cannot be": ("statements", "--as-at", "2019-02-30"),
    "bad known-by": ("statements", "--known-by", "then"),
    "bad authority to ask": ("statements", "--authority", "1"),
    "no such delivery": ("findings", "0123456789abcdef"),
    "no such word": ("nonsense",),
    "no such option": ("verify", "--nonsense"),
    "no findings of what": ("findings",),
    "bad TOML": ("source", "set", "bad.toml"),
    "TOML of nothing": ("source", "set", "empty.toml"),
    "TOML in other bytes": ("source", "set", "bytes.csv"),
    "TOML that is not there": ("source", "set", "nowhere.toml"),
    "a folder as TOML": ("source", "set", "others"),
    "bad format": ("source", "set", "format.toml"),
    "bad roster": ("source", "set", "roster.toml"),
    "bad valid_from": ("source", "set", "day.toml"),
    "erase what": ("erase", "--authority", "901", "--ground", "g", "--by", "Ben"),
    "erase both": (
        "erase",
        "--authority",
        "901",
        "--child",
        "1",
        "--statement",
        "a/b",
        "--ground",
        "g",
        "--by",
        "Ben",
    ),
    "erase whom": ("erase", "--authority", "901", "--child", "nobody", "--ground", "g", "--by", "Ben"),
    "rebuild without compare": ("rebuild",),
    "restore nothing": ("restore", "nowhere.tar"),
    "restore no backup": ("restore", "a.jsonl"),
    "backup nowhere": ("backup", "nowhere/backup.tar"),
    "bad port": ("serve", "--port", "x"),
    "no port": ("serve", "--port", "0"),
    "no host": ("serve", "--host", "no.such.host.invalid"),
    "no time": ("work", "--every", "0"),
    "short password": ("administrator", "amira", "--password", "short"),
    "bad name": ("administrator", "a" * 200, "--password", "correct horse battery"),
    "name with spaces": ("administrator", "a b", "--password", "correct horse battery"),
}


@pytest.fixture
def mistaken(home: Home) -> Home:
    """Files that nobody can read, where commands are run."""
    files: dict[str, bytes] = {
        "a.jsonl": written(a_statement("one")).content,
        "words.docx": b"PK words",
        "others/words.docx": b"words",
        "empty.csv": b"",
        "empty.json": b"",
        "broken.yaml": b"statements: [",
        "broken.json": b'{"statements": [',
        "broken.zip": b"PK\x03\x04 not a zip",
        "bytes.csv": b"\x00\xff\xfe\x81",
        "bad.toml": b"name = ",
        "empty.toml": b"",
        "format.toml": b'name = "a"\nauthority = "901"\nformat = "nonsense"\n',
        "roster.toml": b'name = "a"\nauthority = "901"\nformat = "statements"\nroster = "half"\n',
        "day.toml": b'name = "a"\nauthority = "901"\nformat = "statements"\nvalid_from = "soon"\n',
    }
    for name, content in files.items():
        (home.path.parent / name).parent.mkdir(exist_ok=True)
        (home.path.parent / name).write_bytes(content)
    (home.path.parent / "empty").mkdir()
    return home


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_exits_with_2_and_one_sentence_that_says_what_to_do(mistaken: Home, mistake: str) -> None:
    said = a_mistake(mistaken, *MISTAKES[mistake])
    assert len(said) > 30
    assert mistaken.answer("deliveries") == []
    assert verify().holds


def test_a_port_in_use_is_said_before_anything_is_served(home: Home) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert "another --port" in a_mistake(home, "serve", "--port", taken.getsockname()[1])


def run_with(home: Home, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return Home(home.path, home.url, settings).run_apart(*arguments)


def says_once(done: subprocess.CompletedProcess[str]) -> None:
    assert done.returncode == 2, (done.returncode, done.stdout, done.stderr)
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "arguments", [("deliveries",), pytest.param(("verify", "--json"), marks=pytest.mark.slow)]
)
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LINEOFSIGHT_HOME", "{folder}/file/inside"),
        ("LINEOFSIGHT_HOME", "{folder}/file"),
        ("LINEOFSIGHT_HOME", "/proc/lineofsight"),
        ("DATABASE_URL", "postgres://nobody@127.0.0.1:1/nothing"),
        ("DATABASE_URL", "nonsense://x"),
        ("DATABASE_URL", "words"),
        ("DATABASE_URL", "sqlite:////proc/nowhere.sqlite3"),
        ("DATABASE_URL", "sqlite:///{folder}/file"),
        ("LINEOFSIGHT_HTTPS", "yes"),
    ],
)
def test_a_home_or_database_that_cannot_be_used_is_one_sentence(
    home: Home, name: str, value: str, arguments: tuple[str, ...]
) -> None:
    (home.path.parent / "file").write_bytes(b"words" * 1000)
    said = value.format(folder=home.path.parent)
    without_key = {"LINEOFSIGHT_SECRET_KEY": ""} if name == "LINEOFSIGHT_HOME" else {}
    says_once(run_with(home, *arguments, **{name: said}, **without_key))


AS_NOBODY = """
import encodings.cp1252, encodings.utf_16, encodings.utf_8_sig  # nobody may not read the files they are in
import sys
from unittest.mock import patch
from lineofsight.service import cli
from lineofsight.service.cli import commands, wording
from lineofsight.queries import deliveries
from lineofsight.service.access.records import open_records
deliveries.deliveries(open_records()); wording.make_ready(); __import__("django.db").db.connections.close_all()
os.setgid(65534); os.setuid(65534)
with patch.object(sys, "argv", ["lineofsight", *sys.argv[1:]]):
    cli.main()
"""


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody who may not write")
def test_a_home_without_permission_is_one_sentence(home: Home) -> None:
    def as_nobody(*arguments: object) -> None:
        process = home.python(AS_NOBODY, *arguments)
        said, fault = process.communicate(timeout=60)
        assert (process.returncode, said) == (2, ""), (said, fault)
        assert len(fault.splitlines()) == 1, fault
        assert "Traceback" not in fault

    path = home.path.parent / "private.jsonl"
    path.write_bytes(written(a_statement("one")).content)
    for folder in (home.path, *home.path.parents):
        if folder.is_relative_to("/tmp/pytest-of-root"):
            folder.chmod(0o755)
    path.chmod(0o600)
    as_nobody("load", path, *LOAD)  # a file that may not be read
    path.chmod(0o644)
    as_nobody("load", path, *LOAD)  # a home that may not be written to
    as_nobody("backup", home.path / "backup.tar")
    home.path.chmod(0o700)
    as_nobody("load", path, *LOAD)
    home.path.chmod(0o755)
    assert home.answer("deliveries") == []


def test_a_fault_of_ours_is_told_by_its_place_and_not_by_what_was_read(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fault(*_: object) -> None:
        raise KeyError("Peregrine")

    monkeypatch.setattr(deliveries, "deliveries", fault)
    done = home.run("deliveries")
    assert done.returncode == 70
    assert "Peregrine" not in done.stderr
    assert "KeyError" in done.stderr
    assert len(done.stderr.splitlines()) == 1


# -- settings -------------------------------------------------------------------------------------


def test_settings_lists_every_setting_that_is_used() -> None:
    used = set()
    for path in PACKAGE.rglob("*.py"):
        used |= set(re.findall(r"\b(LINEOFSIGHT_[A-Z_]+|DATABASE_URL)\b", path.read_text("utf-8")))
    assert {one.name for one in SETTINGS} == used
    reads = [
        path for path in PACKAGE.rglob("*.py") if re.search(r"os\.(environ|getenv)", path.read_text("utf-8"))
    ]
    assert {path.relative_to(PACKAGE).as_posix() for path in reads} <= {
        "service/settings.py",
        "service/cli/__init__.py",
        "service/cli/drilling.py",  # gives a process a home of its own
        "service/health/looking.py",  # looks for names that nothing reads
        "service/serving/metrics.py",  # what the metrics library reads itself
        "service/cli/running.py",
        "service/wsgi.py",
    }


def test_settings_says_which_are_set_and_not_to_what(home: Home) -> None:
    done = home.run_apart("settings")
    assert done.returncode == 0
    for one in SETTINGS:
        assert one.name in done.stdout
        assert one.says in done.stdout
    assert "x" * 50 not in done.stdout


# -- people and the rest --------------------------------------------------------------------------


def test_an_administrator_is_made_once_and_may_be_given_another_password(home: Home) -> None:
    for password in ("correct horse battery", "staple horse correct"):
        assert home.run("administrator", "amira", "--password", password).returncode == 0
        assert User.objects.get().check_password(password)
    assert User.objects.get().is_staff


@pytest.mark.databases
def test_demo_loads_the_samples_once(home: Home) -> None:
    for _ in range(2):
        done = home.run("demo", "--no-serve", "--nights", "none")
        assert done.returncode == 0, done.stderr
        assert "head of the chain" in done.stdout
    found = [
        (one["authority"], one["source"])
        for one in home.answer("deliveries")
        if one["source"] != "described-by-hand"
    ]
    assert sorted(found) == [
        ("928", "official-outcomes"),
        ("928", "public-record"),
        ("940", "official-outcomes"),
        ("941", "official-outcomes"),
    ]
    assert home.run("verify").returncode == 0
    assert home.run("rebuild", "--compare").returncode == 0


def test_what_a_home_holds_is_its_keepers_alone(tmp_path: Path) -> None:
    home = Home(tmp_path / "fresh")
    (tmp_path / "a.jsonl").write_bytes(written(a_statement("one")).content)
    assert home.run_apart("load", "a.jsonl", *LOAD).returncode == 0
    for path in [home.path, *home.path.rglob("*")]:
        assert path.stat().st_mode & 0o077 == 0, path


@pytest.mark.slow
@pytest.mark.databases
def test_two_first_commands_at_once_make_one_home(tmp_path: Path) -> None:
    home = Home(tmp_path / "fresh")
    first = [home.start("deliveries", "--json") for _ in range(3)]
    try:
        for one in first:
            said, fault = one.communicate(timeout=60)
            assert (one.returncode, json.loads(said)) == (0, []), fault
    finally:
        home.end()


def test_serve_answers_and_work_reads_while_it_does(home: Home) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    serving = home.start("serve", "--port", port)
    assert serving.stdout is not None
    assert str(port) in serving.stdout.readline()
    for _ in range(100):
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
                connection.sendall(b"GET / HTTP/1.0\r\nHost: localhost\r\n\r\n")
                assert connection.recv(100).startswith(b"HTTP/1.")
                break
        except ConnectionRefusedError:
            time.sleep(0.2)
    path = home.path.parent / "a.jsonl"
    path.write_bytes(written(a_statement("one")).content)
    home.answer("load", path, *LOAD, "--later")
    assert home.run("work", "--once").returncode == 0
    assert home.answer("statements")["count"] == 1
    serving.terminate()
    assert serving.wait(20) == 0
