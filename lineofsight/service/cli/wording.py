"""What commands share: refusals on one line, JSON on stdout, progress on a terminal only."""

from __future__ import annotations

import functools
import getpass
import json
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import click
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import DatabaseError, InterfaceError, OperationalError, connection, connections
from django.db.migrations.executor import MigrationExecutor
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

from lineofsight.queries.as_json import to_json
from lineofsight.service.store import home_mode, newer, sealing
from lineofsight.vocabulary.refusal import Refused

P = ParamSpec("P")
R = TypeVar("R")


class Example(click.Command):
    """A command whose help ends with an example that works as it stands."""

    def __init__(self, *args: Any, example: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.epilog = f"Example:  {example}"


class ExampleGroup(click.Group):
    """A group of commands that is a command too, with an example of its own."""

    def __init__(self, *args: Any, example: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **{"invoke_without_command": True, **kwargs})
        self.epilog = f"Example:  {example}"


def answers(command: Callable[P, R]) -> Callable[P, R]:
    """A command of the record: its home is made ready, and a refusal is one clear sentence."""

    @functools.wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        make_ready()
        return command(*args, **kwargs)

    return _in_sentences(wrapped)


def answers_without_home(command: Callable[P, R]) -> Callable[P, R]:
    """A command that needs no home and makes none: a refusal is one clear sentence."""
    return _in_sentences(command)


def _in_sentences(command: Callable[P, R]) -> Callable[P, R]:
    @functools.wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except Refused as refused:
            raise click.ClickException(f"{refused} {refused.command}".strip()) from None
        except BrokenPipeError:
            raise
        except OSError as fault:
            raise click.ClickException(_cannot_use(fault)) from None
        except (OperationalError, InterfaceError):
            raise click.ClickException(
                "The database did not answer, or kept others waiting too long; nothing was left half done. Try again."
            ) from None
        finally:
            connections.close_all()

    return wrapped


def _cannot_use(fault: OSError) -> str:
    """What a person can do about a file; its name inside the home, which says nothing of its content."""
    where = Path(fault.filename) if isinstance(fault.filename, str) else Path(settings.HOME)
    return f"{str(where)!r} cannot be used ({fault.strerror}); check who may write there, and the room on the disk."


def make_ready() -> None:
    """Make the home and its database's tables where they are not there yet.

    SQLite tells whoever opens a database while another closes it for the last time that it is
    locked, without waiting: so opening is tried again.
    """
    for pause in _PAUSES:
        try:
            return _make_ready()
        except OperationalError:
            connections.close_all()
            time.sleep(pause)
    return _make_ready()


_PAUSES = (0.05, 0.1, 0.2, 0.4)


def _make_ready() -> None:
    home = Path(settings.HOME)
    try:
        home.mkdir(parents=True, exist_ok=True)
        home_mode.check()
        executor = MigrationExecutor(connection)
        newer.check(executor.loader)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            _migrate(home)
    except OSError as fault:
        raise Refused(
            f"The home {str(home)!r} cannot be used ({fault.strerror}); check LINEOFSIGHT_HOME."
        ) from None
    except (DatabaseError, ImproperlyConfigured) as fault:
        why = str(fault).partition("\n")[0].strip()
        raise Refused(
            f"The record's database cannot be opened ({why}); check DATABASE_URL and LINEOFSIGHT_HOME."
        ) from None


def _migrate(home: Path) -> None:
    """Make the tables, one process at a time."""
    try:
        import fcntl  # only where the platform has it
    except ImportError:
        call_command("migrate", verbosity=0, interactive=False)
        sealing.seal_what_stands()
        return
    with (home / "migrating.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        call_command("migrate", verbosity=0, interactive=False)
        sealing.seal_what_stands()  # rows of a home made before they were sealed


def say_json(answer: Any) -> None:
    """Print exactly one JSON document on stdout."""
    click.echo(json.dumps(to_json(answer), ensure_ascii=False, indent=2))


def progress() -> Progress:
    """A progress line on stderr, shown only on a terminal."""
    return _progress(SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())


def counted() -> Progress:
    """The same with a bar, where it is known how much there is to do."""
    return _progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )


def _progress(*columns: ProgressColumn) -> Progress:
    return Progress(*columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty())


def child_given(text: str) -> str:
    """A child's number as given, or, for `-`, the first line of standard input: arguments can be read by others."""
    if text != "-":
        return text
    line = sys.stdin.readline().strip()
    if not line:
        raise Refused("Standard input holds no child's number; write it on its first line.")
    return line


def whoever() -> str:
    """The name under which this person is signed in to the machine."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


def present() -> datetime:
    """The present moment."""
    return datetime.now(UTC)
