"""The restore drill: a backup is restored into a scratch home and verified there, and nothing of it is left."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import click

from lineofsight.queries.upkeep import Drill
from lineofsight.service.cli.reading import JSON
from lineofsight.service.cli.wording import Example, answers, progress, say_json
from lineofsight.service.models import Link
from lineofsight.service.store import reader_process, stamps
from lineofsight.vocabulary.refusal import Refused

_ENDINGS = (".tar",)
_PULSE_SECONDS = 5.0


@click.command(cls=Example, example="lineofsight restore-drill /mnt/elsewhere/lineofsight-2019-10-09.tar")
@click.argument("backup", type=click.Path(path_type=Path, exists=True))
@JSON
@answers
def restore_drill(backup: Path, as_json: bool) -> None:
    """Restore a backup into a scratch home, verify every row there, and say how long it took. Nothing is left of it.

    BACKUP is a backup, or a folder whose newest one is taken. The scratch home lies within this home, on SQLite
    whatever this home's database is. Exits 1 where the backup does not hold, or is of another record.
    """
    file = _newest(backup) if backup.is_dir() else backup
    with progress() as bar:
        bar.add_task("Restoring as a drill", total=None)
        drill = _restored(file)
    holds = drill.holds and drill.behind is not None
    stamps.note(stamps.DRILLED, holds=holds, links=drill.links, seconds=drill.seconds)
    if as_json:
        say_json(replace(drill, holds=holds))
    else:
        click.echo(_sentence(drill))
    sys.exit(0 if holds else 1)


def _newest(folder: Path) -> Path:
    files = [path for path in folder.iterdir() if path.suffix in _ENDINGS and path.is_file()]
    if not files:
        raise Refused(f"{str(folder)!r} holds no backup (a file that ends in .tar).")
    return max(files, key=lambda path: path.stat().st_mtime)


def _restored(file: Path) -> Drill:
    begun = time.monotonic()
    with _scratch_home() as home:
        done = _run(home, "restore", str(file.resolve()))
        said = _last_line(done.stdout if done.returncode == 1 else done.stderr)
        if done.returncode:
            return Drill(file.name, False, 0, None, round(time.monotonic() - begun, 1), said)
        head = json.loads(_run(home, "verify", "--json").stdout)["head"]
    seconds = round(time.monotonic() - begun, 1)
    newest = Link.objects.order_by("-number").values_list("number", flat=True).first() or 0
    number = Link.objects.filter(hash=head).values_list("number", flat=True).first()
    behind = None if number is None else newest - number
    return Drill(file.name, True, number or 0, behind, seconds, "")


@contextmanager
def _scratch_home() -> Iterator[Path]:
    """A home that goes when the drill ends; a reader removes it where the drill was killed."""
    folder = Path(tempfile.mkdtemp(prefix="drill-", dir=reader_process.incoming()))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """A command on the scratch home, in a process of its own; its folder is kept young, so that no reader takes it for left over."""
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment["LINEOFSIGHT_HOME"] = str(home)
    program = [sys.executable, "-m", "lineofsight", *words]
    with subprocess.Popen(
        program,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
    ) as process:
        while True:
            try:
                stdout, stderr = process.communicate(timeout=_PULSE_SECONDS)
                return subprocess.CompletedProcess(program, process.returncode, stdout, stderr)
            except subprocess.TimeoutExpired:
                os.utime(home)


def _last_line(text: str) -> str:
    return text.strip().rpartition("\n")[2].removeprefix("Error: ").strip()


def _sentence(drill: Drill) -> str:
    took = f"It took {drill.seconds} seconds; nothing is left of it."
    if not drill.holds:
        return f"{drill.backup} does not hold: {drill.said} {took}"
    if drill.behind is None:
        return f"{drill.backup} holds, but it is a backup of another record: this one does not have its head. {took}"
    return f"{drill.backup} was restored and holds: {drill.links} links, {drill.behind} fewer than the record has now. {took}"


COMMANDS = (restore_drill,)
