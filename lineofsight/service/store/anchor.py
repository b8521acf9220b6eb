"""The anchors: append-only files outside the database that note the heads of the two chains.

One is for the chain of deliveries, the other for the access chain; both work alike. Each append first
notes the head it is about to commit, as meant (`~7 hash`) and, once it is committed, the head itself
(`7 hash`). So only the newest head can be missing, and then it is noted as meant, even where the process
was killed in between. Every other gap means that the anchor was cut; a head noted that the chain no longer
has means that the chain was cut or rewritten.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

_LINE = re.compile(r"(~?)([1-9][0-9]{0,17}) ([0-9a-f]{64})")
_TAIL_BYTES = 8192
CHAIN = "anchor.txt"
ACCESS_CHAIN = "access-anchor.txt"


@dataclass
class Anchor:
    """What an anchor notes, each a link's number and hash: heads, heads that were meant, and lines that are neither."""

    noted: list[tuple[int, str]] = field(default_factory=list)
    meant: set[tuple[int, str]] = field(default_factory=set)
    broken: list[str] = field(default_factory=list)


def path(name: str = CHAIN) -> Path:
    """Where an anchor is stored."""
    return Path(settings.HOME) / name


def read(name: str = CHAIN) -> Anchor:
    """The whole anchor; an empty one where there is no file."""
    try:
        return _parsed(path(name).read_bytes())
    except FileNotFoundError:
        return Anchor()


def _parsed(content: bytes) -> Anchor:
    anchor = Anchor()
    for line in content.decode("utf-8", "replace").split("\n"):
        match = _LINE.fullmatch(line)
        if match is None:
            anchor.broken += [line] if line else []
        elif match[1]:
            anchor.meant.add((int(match[2]), match[3]))
        else:
            anchor.noted.append((int(match[2]), match[3]))
    return anchor


def _newest_lines(name: str) -> Anchor:
    try:
        with path(name).open("rb") as stream:
            size = stream.seek(0, os.SEEK_END)
            stream.seek(max(0, size - _TAIL_BYTES))
            tail = stream.read()
    except FileNotFoundError:
        return Anchor()
    return _parsed(tail if size <= _TAIL_BYTES else tail.partition(b"\n")[2])


def mean(number: int, hash: str, name: str = CHAIN) -> None:
    """Note the head that is about to be committed."""
    _append(f"~{number} {hash}\n", name)


def note(number: int, hash: str, name: str = CHAIN) -> None:
    """Note a head that has been committed."""
    _append(f"{number} {hash}\n", name)


def settle(number: int, hash: str, name: str = CHAIN) -> None:
    """Note a committed head that is noted only as meant: the process that meant it was killed before noting it."""
    newest = _newest_lines(name)
    if (number, hash) in newest.meant and (number, hash) not in newest.noted:
        note(number, hash, name)


def _append(line: str, name: str) -> None:
    """Append one line, in one write that reaches the disk."""
    handle = os.open(path(name), os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        size = os.lseek(handle, 0, os.SEEK_END)
        if size:
            os.lseek(handle, size - 1, os.SEEK_SET)
        torn = bool(size) and os.read(handle, 1) != b"\n"  # a power cut tore the last line: begin a new one
        os.write(handle, f"\n{line}".encode() if torn else line.encode())
        os.fsync(handle)
    finally:
        os.close(handle)
