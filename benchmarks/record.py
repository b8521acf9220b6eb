"""The record: append and read back, open a picture, verify."""

from __future__ import annotations

import hashlib
import itertools
import random
import resource
import sqlite3
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl

from benchmarks.measuring import Size, pair
from lineofsight.intake.delivery import NamedBytes
from lineofsight.service.models import Block
from lineofsight.service.receive import recipe
from lineofsight.service.store import blobs, chain, picture, verify
from lineofsight.vocabulary.identifiers import AuthorityCode, SourceName
from lineofsight.vocabulary.moments import microseconds

_AUTHORITY = AuthorityCode("999")
_TABLE = "statement"


def generated_csv(path: Path, rows: int) -> None:
    """Write statements that differ in every row: reproducible, of nobody."""
    rng = random.Random(7)
    days = [(date(2012, 1, 1) + timedelta(days=n)).isoformat() for n in range(4000)]
    said = [rng.choice(days) for _ in range(rows)]
    numbers = [str(rng.randrange(10_000)) for _ in range(rows)]
    pl.DataFrame(
        {
            "id": [f"generated-{n}" for n in range(rows)],
            "subject_kind": ["measure"] * rows,
            "subject": [f"measure {n % 97}" for n in range(rows)],
            "topic": [("allocation", "staffing", "money")[n % 3] for n in range(rows)],
            "says": [f"Counter {n % 31} said that there were {numbers[n]} of them." for n in range(rows)],
            "value": numbers,
            "unit": ["children"] * rows,
            "said_by": [f"Counter {n % 31}" for n in range(rows)],
            "said_on": said,
            "about_from": said,
            "kind": ["claim"] * rows,
            "source_title": [f"Paper {n % 1009}" for n in range(rows)],
            "source_publisher": ["A publisher"] * rows,
            "source_date": said,
            "confidence": ["read"] * rows,
        }
    ).write_csv(path)


def measure(home: Path, size: Size) -> None:
    """All measurements of the record."""
    rows, rounds = size.rows, size.rounds
    csv = home / "generated.csv"
    generated_csv(csv, rows)
    print(f"{rows:,} rows, {csv.stat().st_size / 1e6:.1f} MB of CSV", flush=True)
    numbers = itertools.count(1)

    def ours() -> None:
        source = SourceName(f"bench-{next(numbers)}")
        outcome = recipe.load(
            [NamedBytes(csv.name, csv.read_bytes())],
            csv.name,
            _AUTHORITY,
            source,
            received_at=None,
            by="bench",
        )
        assert chain.body_of(outcome.link)["counts"]["accepted"] == rows
        assert picture.history(_AUTHORITY, _TABLE).filter(pl.col("_source") == source).height == rows

    def theirs() -> None:
        _untyped(csv, home / f"untyped-{next(numbers)}.sqlite3")

    pair("append and read back, beside Polars and a bulk insert", 2, ours, theirs, rounds)
    _picture(rounds)
    _verify(rounds)
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB", flush=True)


def _untyped(csv: Path, to: Path) -> None:
    """Polars reads the CSV; SQLite takes every cell as it is; then the rows are read back."""
    frame = pl.read_csv(csv, infer_schema=False)
    connection = sqlite3.connect(to)
    connection.execute(f"CREATE TABLE t ({', '.join(frame.columns)})")
    marks = ", ".join("?" * frame.width)
    with connection:
        connection.executemany(f"INSERT INTO t VALUES ({marks})", frame.iter_rows())
    rows = connection.execute("SELECT * FROM t").fetchall()
    assert len(rows) == frame.height
    connection.close()
    to.unlink()


def _picture(rounds: int) -> None:
    """Open the picture known by a moment half-way, beside reading every row of the history files."""
    moment = microseconds(datetime(2017, 6, 1, tzinfo=UTC))
    files = picture.catch_up(_AUTHORITY, _TABLE)
    segments = [files.folder / name for name in files.manifest().segments]

    def ours() -> None:
        picture._opened.cache_clear()
        assert picture.known(_AUTHORITY, _TABLE, moment).height

    def theirs() -> None:
        assert pl.scan_ipc(segments).collect().height

    pair("open the picture of a moment, beside a scan of its rows", 2, ours, theirs, rounds * 2)


def _verify(rounds: int) -> None:
    """Verify everything, beside hashing the same bytes: kept deliveries, blocks and seals."""

    def theirs() -> None:
        for path in sorted(blobs.folder().rglob("*")):
            if path.is_file():
                hashlib.sha256(path.read_bytes()).digest()
        for block in Block.objects.iterator(chunk_size=4):
            hashlib.sha256(bytes(block.body)).digest()
            hashlib.sha256(bytes(block.seals)).digest()

    def ours() -> None:
        assert verify.verify().holds

    pair("verify, beside hashing the same bytes", 3, ours, theirs, rounds * 2)
    pair(
        "verify every row, beside hashing the same bytes",
        None,
        lambda: verify.verify(each_row=True),
        theirs,
        1,
    )
