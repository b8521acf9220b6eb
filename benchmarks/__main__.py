"""Measure: `just bench`, or `just bench --small` to see only that every benchmark still runs.

Each measurement is printed beside that of a plain way to do the same, with their ratio and the bound promised for it.
"""

from __future__ import annotations

import argparse
import dataclasses
import importlib
import os
import tempfile
from pathlib import Path

from benchmarks.measuring import LONGEST_READING_SECONDS, MEASURED, SMALL, USUAL

PARTS = ("record", "figures", "reading", "memory", "preview", "pages", "inspections", "search", "visitors")
"""The modules that the usual run measures, in this order; each has `measure(home, size)`.

`reading` asks how much memory the processes took that were started before it: only such as read deliveries may have been.
"""

ON_REQUEST = ("restricted", "ten_times")
"""Those that take long and are measured only when they are named, or small."""

NOTES = Path(__file__).parent / "README.md"
_LAST = "## Last measured\n"


def main() -> None:
    """Measure in a home that is thrown away."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--small", action="store_true", help="every benchmark at its smallest size")
    parser.add_argument("--rows", type=int, help=f"rows in the delivery ({USUAL.rows:,})")
    parser.add_argument("--children", type=int, help=f"children of the county ({USUAL.children:,})")
    parser.add_argument("--rounds", type=int, help=f"rounds of each pair ({USUAL.rounds})")
    parser.add_argument("--only", choices=(*PARTS, *ON_REQUEST), help="one part only")
    parser.add_argument(
        "--write",
        metavar="WHERE",
        help="put the ratios into benchmarks/README.md: on what they were measured",
    )
    options = parser.parse_args()
    given = {name: value for name in ("rows", "children", "rounds") if (value := getattr(options, name))}
    size = dataclasses.replace(SMALL if options.small else USUAL, **given)
    parts = [options.only] if options.only else [*PARTS, *(ON_REQUEST if options.small else ())]

    with tempfile.TemporaryDirectory(prefix="lineofsight-bench-") as home:
        os.environ["LINEOFSIGHT_HOME"] = home
        os.environ["DJANGO_SETTINGS_MODULE"] = "lineofsight.service.settings"
        os.environ["LINEOFSIGHT_MFA"] = "optional"
        os.environ.pop("DATABASE_URL", None)
        import django
        from django.core.management import call_command

        django.setup()
        from lineofsight.service.store import reader_process

        reader_process.MOST_SECONDS = LONGEST_READING_SECONDS
        call_command("migrate", verbosity=0)
        for part in parts:
            # Imported only now: Django must have read the settings above first.
            importlib.import_module(f"benchmarks.{part}").measure(Path(home), size)
    if options.write:
        _write(f"{size.rows:,} statements, {size.children:,} children, {options.write}.")


def _write(measured_on: str) -> None:
    """Put the ratios of this run where the notes have those of the last."""
    before = NOTES.read_text("utf-8").partition(_LAST)[0]
    table = ["| | ratio | bound |", "| --- | --- | --- |", *MEASURED]
    NOTES.write_text("\n".join([f"{before}{_LAST}", measured_on, "", *table, ""]), "utf-8")


if __name__ == "__main__":
    main()
