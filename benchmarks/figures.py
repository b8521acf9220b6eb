"""Figures about who answers: a county's full load, its next night, a past figure, a trend, a register."""

from __future__ import annotations

import hashlib
import io
import itertools
import sqlite3
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import polars as pl

from benchmarks import county
from benchmarks.loading import FIRST_NIGHT, load_night, new_authority
from benchmarks.measuring import Size, pair, ten_times
from lineofsight.queries import figures
from lineofsight.queries.figures import FigureQuery
from lineofsight.record import frames
from lineofsight.record.tables import TABLES
from lineofsight.service.access.records import open_record
from lineofsight.service.store import picture
from lineofsight.vocabulary.identifiers import AuthorityCode
from lineofsight.vocabulary.moments import microseconds

_DAY = date(2019, 10, 8)
_TREND_DAYS = 730


def measure(home: Path, size: Size) -> None:
    """Load a county again and again, then ask the last one."""
    night = county.county(size.children)
    packed = county.zipped(night)
    rows = sum(frame.height for frame in night.values())
    print(f"{size.children:,} children, {rows:,} rows, {len(packed) / 1e6:.1f} MB of zip", flush=True)
    numbers = itertools.count(1)

    def ours() -> None:
        authority = new_authority(f"{next(numbers):03}")
        load_night(packed, authority)
        picture.history(authority, "involvement")

    def theirs() -> None:
        _insert_untyped(packed, home / f"untyped-{next(numbers)}.sqlite3")

    pair("a full load, zip to history, beside a bulk insert", 2, ours, theirs, size.rounds)
    authority = new_authority("900")
    load_night(packed, authority)
    _nights(night, authority, size.rounds)
    _figures(authority, size.rounds)


def _nights(night: county.Files, authority: AuthorityCode, rounds: int) -> None:
    nights = [county.zipped(county.next_night(night, seed=20 + number)) for number in range(rounds)]
    to_load = iter(enumerate(nights, 1))
    to_hash = itertools.cycle(nights)

    def ours() -> None:
        number, packed = next(to_load)
        load_night(packed, authority, FIRST_NIGHT + timedelta(days=number))
        picture.history(authority, "involvement")

    pair(
        "a night with 1 % changed, beside hashing its rows",
        2,
        ours,
        lambda: _hash_rows(next(to_hash)),
        rounds,
    )


def _figures(authority: AuthorityCode, rounds: int) -> None:
    """What was worked out is kept, so a figure asked again and one of a day not asked before are measured apart."""
    record = open_record(authority)
    moment = microseconds(FIRST_NIGHT)
    table = TABLES["involvement"]
    rows = picture.history(authority, "involvement")
    figure_days, register_days, scan_days = _days_back(0), _days_back(1), _days_back(0)

    def figure_again() -> None:
        assert figures.figure(record, FigureQuery(_DAY, moment)).population

    def figure() -> None:
        assert figures.figure(record, FigureQuery(next(figure_days), moment)).population

    def register() -> None:
        assert figures.register(record, FigureQuery(next(register_days), moment)).population

    def scan() -> None:
        day = next(scan_days).toordinal()
        known = rows.lazy().filter(
            (pl.col(frames.ATTESTED_FROM) <= moment) & (pl.col(frames.ATTESTED_TO) > moment)
        )
        begun = pl.col(table.begins).is_null() | (pl.col(table.begins) <= day)
        ended = pl.col(table.ends).is_not_null() & (pl.col(table.ends) <= day)
        assert known.filter(begun & ~ended).collect().rows()

    def trend() -> None:
        figures.trend(record, FigureQuery(_DAY, moment), _DAY - timedelta(days=_TREND_DAYS - 1))

    def trend_of_a_day() -> None:
        figures.trend(record, FigureQuery(_DAY, moment), _DAY)

    figure_again()  # opens the history, which every later figure finds open
    pair(
        "a figure asked again, beside a scan of its rows",
        2,
        ten_times(figure_again),
        ten_times(scan),
        rounds * 3,
    )
    pair("a figure of a day not asked before, beside a scan of its rows", None, figure, scan, rounds * 5)
    pair("a register of a day not asked before, beside such a figure", 10, register, figure, rounds * 5)
    pair(f"a trend of {_TREND_DAYS} days, beside one of a day", 10, trend, trend_of_a_day, rounds * 2)


def _days_back(first: int) -> Iterator[date]:
    """Every other day backwards: two that begin at 0 and 1 never come to the same day."""
    return (_DAY - timedelta(days=1 + first + 2 * number) for number in itertools.count())


def _files(packed: bytes) -> list[bytes]:
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return [archive.read(name) for name in archive.namelist()]


def _insert_untyped(packed: bytes, to: Path) -> None:
    """Polars reads each CSV; SQLite takes every cell as it is."""
    connection = sqlite3.connect(to)
    for number, content in enumerate(_files(packed)):
        frame = pl.read_csv(content, infer_schema=False)
        connection.execute(f"CREATE TABLE t{number} ({', '.join(frame.columns)})")
        marks = ", ".join("?" * frame.width)
        with connection:
            connection.executemany(f"INSERT INTO t{number} VALUES ({marks})", frame.iter_rows())
    connection.close()
    to.unlink()


def _hash_rows(packed: bytes) -> None:
    for content in _files(packed):
        for row in pl.read_csv(content, infer_schema=False).iter_rows():
            hashlib.sha256("|".join(cell or "" for cell in row).encode()).digest()
