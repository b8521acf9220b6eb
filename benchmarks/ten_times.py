"""A county, and one of ten times as many children: how the time to load grows."""

from __future__ import annotations

from pathlib import Path

from benchmarks import county
from benchmarks.loading import load_night, new_authority
from benchmarks.measuring import Size, ratio, seconds


def measure(_home: Path, size: Size) -> None:
    """One load of each, side by side."""
    times = []
    for code, children in (("801", size.children), ("802", size.children * 10)):
        packed, authority = county.zipped(county.county(children)), new_authority(code)
        times.append(seconds(lambda packed=packed, authority=authority: load_night(packed, authority)))
    ratio(f"a load of {size.children * 10:,} children, beside {size.children:,}", times[1], times[0], 12)
