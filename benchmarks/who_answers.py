"""Who answers: a county's full load, its next night, a past figure, a trend."""

from __future__ import annotations

import hashlib
import io
import itertools
import sqlite3
import subprocess
import sys
import tempfile
import time
import zipfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
from django.core.management import call_command

from benchmarks import county
from benchmarks.__main__ import pair
from lineofsight.intake.delivery import NamedBytes
from lineofsight.queries import figures
from lineofsight.queries.figures import FigureQuery
from lineofsight.record import frames
from lineofsight.record.tables import TABLES
from lineofsight.service.access.records import open_record
from lineofsight.service.receive import recipe
from lineofsight.service.store import chain, picture
from lineofsight.vocabulary.identifiers import AuthorityCode, SourceName
from lineofsight.vocabulary.moments import microseconds

_DAY = date(2019, 10, 8)
_FIRST_NIGHT = datetime(2019, 10, 8, 3, tzinfo=UTC)


def described(number: int) -> tuple[AuthorityCode, SourceName]:
    """An authority of its own with one nightly source, so that each load is a first load."""
    code = f"{number:03}"
    recipe.set_source(county.SETTINGS.replace(b'"999"', f'"{code}"'.encode()), by="bench")
    return AuthorityCode(code), SourceName("nightly-ssd")


def load(packed: bytes, authority: AuthorityCode, source: SourceName, moment: datetime) -> int:
    """Load a night and open what says who answers; gives how many rows were received."""
    outcome = recipe.load(
        [NamedBytes("night.zip", packed)], "night.zip", authority, source, received_at=moment, by="bench"
    )
    picture.history(authority, "involvement")
    counts = chain.body_of(outcome.link)["counts"]
    assert counts["quarantined"] < counts["received"] / 100, counts
    return int(counts["received"])


def measure(home: Path, children: int, rounds: int) -> None:
    """All measurements of who answers."""
    call_command("migrate", verbosity=0)
    night = county.county(children)
    packed = county.zipped(night)
    rows = sum(frame.height for frame in night.values())
    print(f"{children:,} children, {rows:,} rows, {len(packed) / 1e6:.0f} MB of zip", flush=True)
    numbers = itertools.count(1)

    def ours() -> None:
        load(packed, *described(next(numbers)), _FIRST_NIGHT)

    def theirs() -> None:
        _untyped(packed, home / f"untyped-{next(numbers)}.sqlite3")

    pair("full load, zip to readable picture, beside bulk insert", 2, ours, theirs, rounds)
    authority, source = described(900)
    load(packed, authority, source, _FIRST_NIGHT)
    _nights(night, authority, source, rounds)
    _figures(authority, rounds)


def _nights(night: county.Files, authority: AuthorityCode, source: SourceName, rounds: int) -> None:
    nights = [county.zipped(county.next_night(night, seed=20 + at)) for at in range(rounds)]
    left = iter(enumerate(nights, 1))
    again = itertools.cycle(nights)

    def ours() -> None:
        at, packed = next(left)
        load(packed, authority, source, _FIRST_NIGHT + timedelta(days=at))

    pair(
        "a night with 1 % changed, beside reading and hashing rows",
        2,
        ours,
        lambda: _hashed(next(again)),
        rounds,
    )


def _figures(authority: AuthorityCode, rounds: int) -> None:
    record = open_record(authority)
    moments = itertools.cycle([microseconds(_FIRST_NIGHT + timedelta(days=at)) for at in range(3)])
    table = TABLES["involvement"]
    rows = picture.history(authority, "involvement")
    figures.figure(record, FigureQuery(_DAY, next(moments)))

    def scan() -> None:
        moment, day = next(moments), _DAY.toordinal()
        known = rows.lazy().filter(
            (pl.col(frames.ATTESTED_FROM) <= moment) & (pl.col(frames.ATTESTED_TO) > moment)
        )
        begun = pl.col(table.begins).is_null() | (pl.col(table.begins) <= day)
        assert (
            known.filter(begun & (pl.col(table.ends).is_null() | (pl.col(table.ends) > day))).collect().rows()
        )

    def figure() -> None:
        assert figures.figure(record, FigureQuery(_DAY, next(moments))).population

    pair("a past figure, warm, beside a scan of the same rows", 2, _often(figure), _often(scan), rounds * 3)
    last = date(2019, 10, 8)
    first = last - timedelta(days=729)
    moment = microseconds(_FIRST_NIGHT)
    pair("a trend of 730 days, beside one day", 10, lambda: figures.trend(record, FigureQuery(last, moment), first),
         lambda: figures.trend(record, FigureQuery(last, moment), last), rounds * 2)  # fmt: skip
    pair("a register with since and last worker, beside a figure", 10, lambda: figures.register(record, FigureQuery(_DAY, moment)),
         figure, rounds * 2)  # fmt: skip


def _often(work: object) -> object:
    def ten() -> None:
        for _ in range(10):
            work()  # type: ignore[operator]

    return ten


def _files(packed: bytes) -> list[bytes]:
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return [archive.read(name) for name in archive.namelist()]


def _untyped(packed: bytes, to: Path) -> None:
    """Polars reads each CSV; SQLite takes every cell as it is."""
    connection = sqlite3.connect(to)
    for at, content in enumerate(_files(packed)):
        frame = pl.read_csv(content, infer_schema=False)
        connection.execute(f"CREATE TABLE t{at} ({', '.join(frame.columns)})")
        with connection:
            connection.executemany(
                f"INSERT INTO t{at} VALUES ({', '.join('?' * frame.width)})", frame.iter_rows()
            )
    connection.close()


def _hashed(packed: bytes) -> None:
    for content in _files(packed):
        frame = pl.read_csv(content, infer_schema=False)
        for row in frame.iter_rows():
            hashlib.sha256("|".join(cell or "" for cell in row).encode()).digest()


def memory(children: int) -> None:
    """Load one county in a process of its own and print the most memory it took."""
    packed = Path(tempfile.mkdtemp()) / "night.zip"
    packed.write_bytes(county.zipped(county.county(children)))
    code = ("import os, tempfile; os.environ['LINEOFSIGHT_HOME'] = tempfile.mkdtemp();"
            "os.environ['DJANGO_SETTINGS_MODULE'] = 'lineofsight.service.settings'; import django; django.setup();"
            f"from benchmarks import who_answers; who_answers.one_load({str(packed)!r})")  # fmt: skip
    subprocess.run([sys.executable, "-c", code], check=True)


def _peak() -> float:
    """The most memory this process has taken, in GB; unlike getrusage, not that of its parent."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1e6


def one_load(path: str) -> None:
    """One full load and a figure, in a process that has done nothing else."""
    call_command("migrate", verbosity=0)
    packed = Path(path).read_bytes()
    before = _peak()
    load(packed, *described(1), _FIRST_NIGHT)
    figures.figure(open_record("001"), FigureQuery(_DAY, microseconds(_FIRST_NIGHT)))
    peak = _peak()
    print(f"peak memory of one load and a figure: {peak:.2f} GB (before it {before:.2f} GB; bound 1 GB)")


def ten_times(children: int) -> None:
    """One load of a county and one of ten times as many children, side by side."""
    call_command("migrate", verbosity=0)
    taken = []
    for at, size in enumerate((children, children * 10)):
        packed, whose = county.zipped(county.county(size)), described(800 + at)
        begun = time.perf_counter()
        rows = load(packed, *whose, _FIRST_NIGHT)
        taken.append(time.perf_counter() - begun)
        print(f"{size:,} children, {rows:,} rows: loaded in {taken[-1]:.1f} s", flush=True)
    print(f"ten times the county takes {taken[1] / taken[0]:.1f} times as long (bound 12)")
