"""How `doctor` and the metrics word times, sizes and lists."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta


def span(gone: timedelta) -> str:
    """A stretch of time in its largest unit; a negative one as nothing."""
    seconds = max(0, int(gone.total_seconds()))
    for unit, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= length:
            return plural(seconds // length, unit)
    return plural(seconds, "second")


def plural(count: int, thing: str, things: str = "") -> str:
    """A count with its thing: `1 file`, `2 files`."""
    return f"{count:,} {thing if count == 1 else things or thing + 's'}"


def size(count: int) -> str:
    """A number of bytes in the largest unit it fills."""
    amount = float(count)
    for unit in ("bytes", "kB", "MB", "GB"):
        if amount < 1000:
            return f"{amount:.0f} {unit}" if amount >= 10 or unit == "bytes" else f"{amount:.1f} {unit}"
        amount /= 1000
    return f"{amount:.1f} TB"


def names(several: Iterable[str]) -> str:
    """Names in a row."""
    return ", ".join(several)
