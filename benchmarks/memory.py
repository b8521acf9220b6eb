"""The most memory that one load of a county and a figure take, in a process that does nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

from benchmarks import county
from benchmarks.measuring import Size

_BOUND_GB = 1


def measure(_home: Path, size: Size) -> None:
    """Load in a process of its own, whose most is then not that of what was measured before."""
    with tempfile.TemporaryDirectory() as home:
        packed = Path(home) / "night.zip"
        packed.write_bytes(county.zipped(county.county(size.children)))
        subprocess.run(
            [sys.executable, "-m", "benchmarks.memory", str(packed)],
            check=True,
            env={**os.environ, "LINEOFSIGHT_HOME": home},
        )


def _load_and_ask(packed: Path) -> None:
    import django
    from django.core.management import call_command

    django.setup()
    from benchmarks.loading import FIRST_NIGHT, load_night, new_authority
    from lineofsight.queries.figures import FigureQuery, figure
    from lineofsight.service.access.records import open_record
    from lineofsight.vocabulary.moments import microseconds

    call_command("migrate", verbosity=0)
    content = packed.read_bytes()
    before = _most_gb()
    authority = new_authority("001")
    load_night(content, authority)
    figure(open_record(authority), FigureQuery(date(2019, 10, 8), microseconds(FIRST_NIGHT)))
    most = _most_gb()
    verdict = "within" if most <= _BOUND_GB else "OVER"
    print(
        f"{'one load and a figure, most memory':<62} {most:8.2f} GB beside {before:8.2f} GB before"
        f" = {most / before:6.2f}x  ({verdict} {_BOUND_GB} GB)",
        flush=True,
    )


def _most_gb() -> float:
    """The most memory this process has taken; getrusage would give its parent's where that took more."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1e6


if __name__ == "__main__":
    _load_and_ask(Path(sys.argv[1]))
