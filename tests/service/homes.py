"""Homes of their own for tests of the service: a folder and a database, on whichever this pass runs."""

from __future__ import annotations

import contextlib
import functools
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import Any, ParamSpec, TypeVar
from unittest.mock import patch
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg
import pytest
from django.conf import settings
from django.db import connections
from django.db.utils import load_backend
from jsonschema import Draft202012Validator

from lineofsight.intake.delivery import NamedBytes
from lineofsight.service.cli import main
from lineofsight.service.receive import recipe
from lineofsight.vocabulary.identifiers import authority_code, source_name
from lineofsight.vocabulary.moments import read_moment
from tests.support import surroundings

NORTHSHIRE = authority_code("901")
RECORD = source_name("record")


@dataclass
class Home:
    """A folder and a database. `run` starts the command on it as a process of its own."""

    path: Path
    url: str = ""
    settings: dict[str, str] = field(default_factory=dict)
    started: list[subprocess.Popen[str]] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        """What a process of this home is told, and nothing of the developer's own settings."""
        plain = {name: value for name, value in os.environ.items() if not name.startswith("LINEOFSIGHT_")}
        plain.pop("DATABASE_URL", None)
        here = {
            "LINEOFSIGHT_HOME": str(self.path),
            "PYTHONPATH": str(surroundings.ROOT),
            "LINEOFSIGHT_SECRET_KEY": "x" * 50,
        }
        return {**plain, **here, **({"DATABASE_URL": self.url} if self.url else {}), **self.settings}

    def run(self, *arguments: object, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
        """A command's exit code, stdout and stderr, run in this process unless the home has settings of its own."""
        if self.settings:
            return self.run_apart(*arguments, stdin=stdin)
        if self.path == settings.HOME:
            return _run_here(self.path.parent, arguments, stdin or "")
        with standing_in(self, database_of(self)):
            return _run_here(self.path.parent, arguments, stdin or "")

    def run_apart(self, *arguments: object, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
        """The same from a process of its own."""
        return subprocess.run(
            command(*arguments),
            env=self.environment,
            cwd=self.path.parent,
            capture_output=True,
            text=True,
            input=stdin,
            timeout=300,
            check=False,
        )

    def answer(self, *arguments: object) -> Any:
        """What a command that succeeds prints as JSON: one document, which keeps to its published schema."""
        done = self.run(*arguments, "--json")
        assert done.returncode == 0, done.stderr
        said = json.loads(done.stdout)
        keeps_to_its_schema(str(arguments[0]), said)
        return said

    def start(self, *arguments: object) -> subprocess.Popen[str]:
        """The command, started and not waited for."""
        return self._start(command(*arguments))

    def python(self, program: str, *arguments: object) -> subprocess.Popen[str]:
        """A Python program with Django set up on this home, started and not waited for."""
        begin = "import os, django\nos.environ['DJANGO_SETTINGS_MODULE'] = 'lineofsight.service.settings'\ndjango.setup()\n"
        return self._start([sys.executable, "-c", begin + program, *map(str, arguments)])

    def _start(self, line: list[str]) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            line,
            env=self.environment,
            cwd=self.path.parent,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self.started.append(process)
        return process

    def end(self) -> None:
        """End whatever was started and still runs."""
        for process in self.started:
            process.kill()
            process.communicate()


def keeps_to_its_schema(name: str, said: Any) -> None:
    """Raises where an answer is not what its schema publishes."""
    published = json.loads(
        (resources.files("lineofsight.queries") / "schemas" / f"{name}.json").read_text("utf-8")
    )
    Draft202012Validator(published).validate(said)


def _run_here(folder: Path, arguments: Sequence[object], stdin: str) -> subprocess.CompletedProcess[str]:
    stdout, stderr = io.StringIO(), io.StringIO()
    line = ["lineofsight", *map(str, arguments)]
    with (
        contextlib.chdir(folder),
        patch.object(sys, "argv", line),
        patch.object(sys, "stdin", io.StringIO(stdin)),
        redirect_stdout(stdout),
        redirect_stderr(stderr),
        pytest.raises(SystemExit) as left,
    ):
        main()
    return subprocess.CompletedProcess(line, int(left.value.code or 0), stdout.getvalue(), stderr.getvalue())


def command(*arguments: object) -> list[str]:
    """The command line of a command."""
    return [sys.executable, "-m", "lineofsight", *map(str, arguments)]


# -- databases ----------------------------------------------------------------------------------


def postgres_url(name: str) -> str:
    """The address of another database on the PostgreSQL that the tests may use."""
    return urlunsplit(urlsplit(surroundings.POSTGRES)._replace(path=f"/{name}"))


def make_postgres(template: str | None = None, *, name: str | None = None) -> str:
    """A new database's name."""
    name = name or f"lineofsight_{uuid4().hex[:16]}"
    with psycopg.connect(surroundings.POSTGRES, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}" + (f" TEMPLATE {template}" if template else ""))
    return name


def drop_postgres(name: str) -> None:
    """Away with it, whoever is still connected."""
    with psycopg.connect(surroundings.POSTGRES, autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@contextmanager
def standing_in(home: Home, database: str) -> Iterator[None]:
    """Within it, this process too keeps its record in that home."""
    before = connections["default"]
    options = dict(before.settings_dict["OPTIONS"])
    if "init_command" in options:
        # What survives a power cut is not what tests find out, and waiting for the disk is half of a load.
        options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
    wrapper = load_backend(before.settings_dict["ENGINE"]).DatabaseWrapper(
        {**before.settings_dict, "NAME": database, "OPTIONS": options}, "default"
    )
    folder = settings.HOME
    connections["default"] = wrapper
    settings.HOME = home.path
    try:
        yield
    finally:
        wrapper.close()
        connections["default"] = before
        settings.HOME = folder


def database_of(home: Home) -> str:
    """What Django calls a home's database."""
    return home.url.rpartition("/")[2] if home.url else str(home.path / "lineofsight.sqlite3")


# -- homes filled once ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Copy:
    """What a home held at some moment: its folder, and a database where it is on PostgreSQL."""

    folder: Path
    database: str = ""

    @classmethod
    def of(cls, home: Home, folder: Path) -> Copy:
        """A copy in a folder that is not there yet."""
        connections["default"].close()  # the last to leave writes SQLite's log into its file
        shutil.copytree(home.path, folder)
        return cls(folder, make_postgres(database_of(home)) if home.url else "")

    def put_into(self, home: Home) -> None:
        """Replace what a home holds."""
        connections["default"].close()
        self.put_files_into(home)
        if self.database:
            drop_postgres(database_of(home))
            make_postgres(self.database, name=database_of(home))

    def put_files_into(self, home: Home) -> None:
        """Replace what a home's folder holds; on PostgreSQL its database stays."""
        shutil.rmtree(home.path, ignore_errors=True)
        shutil.copytree(self.folder, home.path)


Given = ParamSpec("Given")
Gives = TypeVar("Gives")
_FILLED: dict[str, tuple[Copy, Any]] = {}


def filled_once(fill: Callable[Given, Gives]) -> Callable[Given, Gives]:
    """Stands under `@pytest.fixture`: the first test fills its home, each after it gets a copy of that one.

    For fixtures that do the same to the home they are given each time, and to nothing else. They give the
    home, words or nothing (and then the home, which nobody asks for).
    """
    name = f"{fill.__module__}.{fill.__qualname__}"

    @functools.wraps(fill)
    def filled(*args: Given.args, **given: Given.kwargs) -> Gives:
        home = next(value for value in given.values() if isinstance(value, Home))
        if name not in _FILLED:
            gives = fill(*args, **given)
            folder = Path(tempfile.mkdtemp(dir=surroundings.SCRATCH)) / "home"
            _FILLED[name] = Copy.of(home, folder), None if gives is home else gives
            return gives
        copy, gives = _FILLED[name]
        copy.put_into(home)
        return deepcopy(gives) if gives is not None else home

    return filled


def drop_filled() -> None:
    """Away with the databases that copies are made of; their folders go with the run's scratch folder."""
    for copy, _ in _FILLED.values():
        if copy.database:
            drop_postgres(copy.database)
    _FILLED.clear()


# -- deliveries ---------------------------------------------------------------------------------


def a_statement(id: str, **said: str) -> dict[str, str]:
    """A statement that passes every check, but for what is said otherwise."""
    usual = {
        "subject_kind": "service",
        "subject": "children's services",
        "topic": "allocation",
        "says": f"What was said in {id}.",
        "said_by": "a councillor",
        "said_on": "2019-10-01",
        "kind": "claim",
        "source_title": "Minutes",
        "source_publisher": "Northshire Council",
        "source_date": "2019-10-01",
        "confidence": "read",
    }
    return {"id": id, **usual, **said}


def written(*statements: Mapping[str, str], name: str = "statements.jsonl") -> NamedBytes:
    """Statements as a file."""
    return NamedBytes(name, "".join(json.dumps(one) + "\n" for one in statements).encode())


def load(
    *statements: Mapping[str, str],
    source: str = "record",
    at: str | None = None,
    by: str = "Cass",
    name: str = "statements.jsonl",
    confirmed: bool = False,
) -> recipe.Outcome:
    """Load statements as one file, in this process."""
    return recipe.load(
        [written(*statements, name=name)],
        name,
        NORTHSHIRE,
        source_name(source),
        received_at=moment(at),
        by=by,
        confirmed=confirmed,
    )


def moment(text: str | None) -> datetime | None:
    """A moment as a person writes it."""
    return read_moment(text) if text else None


def full_roster(source: str = "record") -> None:
    """From here on that source's absent rows have been withdrawn."""
    said = f'name = "{source}"\nauthority = "{NORTHSHIRE}"\nformat = "statements"\nroster = "full"\n'
    recipe.set_source(said.encode(), by="Cass")
