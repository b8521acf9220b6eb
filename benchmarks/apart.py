"""What it costs to read a delivery in a process of its own, beside reading it here; and what that process holds."""

from __future__ import annotations

import resource
import tempfile
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from django.conf import settings

from benchmarks import county
from benchmarks.__main__ import pair
from lineofsight.intake.delivery import Context, NamedBytes
from lineofsight.service.store import reader_process

_WORKLIST = b"child,worker,team,role,start,end\n" + b"C1,W1,T1,CW,2019-01-01,\n" * 10


def measure(children: int, rounds: int) -> None:
    """A night of a county and a worklist of ten rows; bounds 2 and 100, since starting a process is most of the second."""
    with tempfile.TemporaryDirectory() as folder:
        night, small = Path(folder) / "night.zip", Path(folder) / "list.csv"
        night.write_bytes(county.zipped(county.county(children)))
        small.write_bytes(_WORKLIST)
        for name, kind, path, bound in (
            (f"a night of {children:,} children, read apart", "ssd_tables", night, 2.0),
            ("a worklist of ten rows, read apart", "worklist", small, 100.0),
        ):
            apart, here = (partial(_read, kind, path, apart=one) for one in (True, False))
            pair(name, bound, apart, here, rounds)
    held = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"{'the most the reading process held':<58} {held:8.0f} MB  (bound 1,024 MB)", flush=True)


def _read(kind: str, path: Path, *, apart: bool) -> None:
    settings.READ_APART = apart
    reader_process.read(
        kind, [NamedBytes(path.name, path=path)], Context(datetime(2019, 10, 9, 5, tzinfo=UTC))
    )
    settings.READ_APART = True
