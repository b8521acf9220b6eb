"""The anchor: an append-only file of the chain's heads, outside the database.

It is written after each commit, so it may lag behind the chain but never run ahead of it: a head
in the anchor that the chain no longer has means that the chain was cut or rewritten.
"""

from __future__ import annotations

import os
from pathlib import Path

from django.conf import settings


def path() -> Path:
    """Where the anchor lies."""
    return Path(settings.HOME) / "anchor.txt"


def heads() -> dict[int, str]:
    """Every head noted, by the number of its link; a line that is not one is taken as a head of no link."""
    try:
        lines = path().read_text("utf-8").splitlines()
    except FileNotFoundError:
        return {}
    return dict(_head(line) for line in lines if line.strip())


def _head(line: str) -> tuple[int, str]:
    number, _, hash = line.partition(" ")
    return (int(number), hash.strip()) if number.isdigit() else (0, line)


def note(links: list[tuple[int, str]]) -> None:
    """Append the heads of those links, in one write that reaches the disk."""
    if not links:
        return
    handle = os.open(path(), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(handle, "".join(f"{number} {hash}\n" for number, hash in links).encode())
        os.fsync(handle)
    finally:
        os.close(handle)
