"""What it costs to read a delivery in a process of its own, beside reading it here; and what that process takes."""

from __future__ import annotations

import resource
import tempfile
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from django.conf import settings

from benchmarks import county
from benchmarks.measuring import Size, pair
from lineofsight.intake.delivery import Context, NamedBytes
from lineofsight.service.store import reader_process

_WORKLIST = b"child,worker,team,role,start,end\n" + b"C1,W1,T1,CW,2019-01-01,\n" * 10


def measure(_home: Path, size: Size) -> None:
    """A night of a county and a worklist of ten rows; of the second, starting the process is nearly all."""
    with tempfile.TemporaryDirectory() as folder:
        night, small = Path(folder) / "night.zip", Path(folder) / "list.csv"
        night.write_bytes(county.zipped(county.county(size.children)))
        small.write_bytes(_WORKLIST)
        for name, kind, path, bound in (
            (
                f"a night of {size.children:,} children read in its own process, beside here",
                "ssd_tables",
                night,
                2,
            ),
            ("a worklist of ten rows read in its own process, beside here", "worklist", small, 100),
        ):
            apart, here = (partial(_read, kind, path, apart=apart) for apart in (True, False))
            pair(name, bound, apart, here, size.rounds)
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"{'most memory of a reading process':<62} {most:8.0f} MB  (bound 1,024 MB)", flush=True)


def _read(kind: str, path: Path, *, apart: bool) -> None:
    before = settings.READ_APART
    settings.READ_APART = apart
    try:
        reader_process.read(
            kind, [NamedBytes(path.name, path=path)], Context(datetime(2019, 10, 9, 5, tzinfo=UTC))
        )
    finally:
        settings.READ_APART = before
