"""Reads a delivery in a process of its own, and limits how much memory and time that takes."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings

from lineofsight.engines import describe_job
from lineofsight.intake import reader
from lineofsight.intake.delivery import Context, NamedBytes, Reading
from lineofsight.service.store import clock
from lineofsight.vocabulary.refusal import Refused

R = TypeVar("R")

MOST_MEMORY = 900 * 2**20
MOST_SECONDS = 14.0
"""How long one reading may take, of the clock and of the processor."""
MOST_SECONDS_WAITING = 45.0
"""How long it may take of the clock where others keep the processor from it: a busy machine must not refuse a good file."""
TRIES = 2
"""A delivery whose reading has failed this often is not read again."""
_CHECK_SECONDS = 0.01
_SMALL_BYTES = 64 * 2**10
_OUR_OWN = re.compile(r".*\.(json|toml|jsonl|yaml)")
_RSS = re.compile(r"VmRSS:\s+(\d+) kB")


class TooMuch(Refused):
    """A delivery that cannot be read within the memory and time allowed."""


def read(kind: str, files: Sequence[NamedBytes], context: Context) -> Reading:
    """Read a delivery. Raises Refused where it cannot be one, TooMuch where it takes too much memory or time.

    Where the program fails in the reader's process it raises ReadingFailed with the place.

    A few small written lists, such as a form makes, are read in this process: their size limits what they take.
    """
    is_small = sum(file.size for file in files) <= _SMALL_BYTES and all(
        _OUR_OWN.fullmatch(file.name.lower()) for file in files
    )
    if not settings.READ_APART or is_small:
        return reader.read(kind, files, context)
    return _apart(
        lambda folder: reader.write_job(folder, kind, files, context), reader.__name__, reader.read_reading
    )


def pages(file: NamedBytes, first: int = 1) -> reader.Pages:
    """A report's words, and the pictures of the page `first` and some after it. Raises as `read` does."""
    if not settings.READ_APART:
        return reader.pages(file, first)
    kind, context = f"{reader.PAGES}{first}", Context(clock.now())
    return _apart(
        lambda folder: reader.write_job(folder, kind, [file], context), reader.__name__, reader.read_pages
    )


def look(files: Sequence[NamedBytes], asked: Mapping[str, Any]) -> dict[str, Any]:
    """What files of a source that is being described hold, as `describe_job.answer` finds it. Raises as `read` does."""
    if not settings.READ_APART:
        return describe_job.answer(files, asked)
    return _apart(
        lambda folder: describe_job.write_job(folder, files, asked),
        describe_job.__name__,
        describe_job.read_answer,
    )


def _apart(write_job: Callable[[Path], Path], module: str, read_back: Callable[[Path], R]) -> R:
    """Write a job into a folder of its own, let the module's process do it, and read what it wrote back."""
    why = ""
    for _ in range(TRIES):
        folder = Path(tempfile.mkdtemp(prefix="reading-", dir=incoming()))
        try:
            why = _read_apart(write_job(folder), module)
            if not why:
                return read_back(folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    raise TooMuch(
        f"The delivery could not be read: {why}. Send it again in smaller parts, or have the file looked at."
    )


def incoming() -> Path:
    """Where files are stored while they are received or read: in the home and nowhere else."""
    folder = Path(settings.HOME) / "incoming"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def tidy_incoming() -> None:
    """Remove what killed processes left there: nothing older than an hour is still needed."""
    old = clock.now().timestamp() - 3600
    for path in incoming().iterdir():
        try:
            if path.stat().st_mtime < old:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        except OSError:
            continue  # another process was first


def _read_apart(job: Path, module: str) -> str:
    """Run one reading process; gives why it did not read the delivery, empty where it did."""
    process = subprocess.Popen(
        [sys.executable, "-m", module, str(job)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    begun = time.monotonic()
    why = ""
    try:
        while process.poll() is None:
            if _memory_of(process.pid) > MOST_MEMORY:
                why = "it takes more memory than a delivery may"
            elif _takes_too_long(process.pid, time.monotonic() - begun):
                why = "it takes longer than a delivery may"
            if why:
                break
            time.sleep(_CHECK_SECONDS)
    finally:
        process.kill()
        process.wait()
    if why or (job.parent / reader.RESULT).exists():
        return why
    return "the process that read it ended early"


def _takes_too_long(pid: int, seconds: float) -> bool:
    """Whether a process that has run for so many seconds has had its time."""
    if seconds <= MOST_SECONDS:
        return False
    return seconds > MOST_SECONDS_WAITING or _processor_seconds(pid) > MOST_SECONDS


def _processor_seconds(pid: int) -> float:
    """How long a process has had a processor; infinite where the platform does not say."""
    try:
        cells = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(cells[11]) + int(cells[12])) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError):
        return float("inf")


def _memory_of(pid: int) -> int:
    """How many bytes a process holds in memory; 0 where the platform does not say."""
    try:
        match = _RSS.search(Path(f"/proc/{pid}/status").read_text())
    except OSError:
        return 0
    return int(match[1]) * 1024 if match else 0
