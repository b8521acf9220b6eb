"""A delivery as intake takes it, and the reading it makes of it."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import IO

import polars as pl

from lineofsight.intake.report import ReadingReport
from lineofsight.vocabulary.moments import london_day, microseconds
from lineofsight.vocabulary.nobody import as_one_name


class NamedBytes:
    """One file of a delivery: its name inside it, and its bytes, in memory or on the disk.

    A file on the disk is read when its bytes are asked for, and not kept: whoever only hashes, copies or
    passes it on holds none of it.
    """

    def __init__(self, name: str, content: bytes = b"", *, path: Path | None = None) -> None:
        self.name = name
        self.path = path
        self._content = content
        self._sha256 = ""

    @property
    def content(self) -> bytes:
        """All of its bytes."""
        return self._content if self.path is None else self.path.read_bytes()

    @property
    def size(self) -> int:
        """How many bytes it has."""
        return len(self._content) if self.path is None else self.path.stat().st_size

    def stream(self) -> IO[bytes]:
        """Its bytes to be read in parts; the caller closes it."""
        return io.BytesIO(self._content) if self.path is None else self.path.open("rb")

    def beginning(self, count: int) -> bytes:
        """Its first bytes."""
        with self.stream() as stream:
            return stream.read(count)

    @property
    def sha256(self) -> str:
        """The hash of its bytes, in hexadecimal; worked out once."""
        if not self._sha256:
            found = hashlib.sha256()
            with self.stream() as stream:
                while part := stream.read(2**20):
                    found.update(part)
            self._sha256 = found.hexdigest()
        return self._sha256

    def called(self, name: str) -> NamedBytes:
        """The same file under another name."""
        return NamedBytes(name, self._content, path=self.path)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, NamedBytes) and (self.name, self.sha256) == (other.name, other.sha256)

    def __hash__(self) -> int:
        return hash((self.name, self.sha256))

    def __repr__(self) -> str:
        return f"NamedBytes({self.name!r}, {self.size} bytes)"


def manifest_of(files: Sequence[NamedBytes], hashes: Sequence[str]) -> bytes:
    """The text that stands for several files: a line `name sha256` for each, sorted (counting rule 18)."""
    return "".join(sorted(f"{file.name} {hash}\n" for file, hash in zip(files, hashes, strict=True))).encode()


def hash_of(files: Sequence[NamedBytes], hashes: Sequence[str]) -> str:
    """The hash that stands for a delivery: that of its one file, or of the manifest of several (counting rule 18)."""
    if len(hashes) == 1:
        return hashes[0]
    return hashlib.sha256(manifest_of(files, hashes)).hexdigest()


@dataclass(frozen=True)
class Context:
    """What a reading may depend on beside the bytes: when it is said to have been received, and its source.

    `ends_inclusive`: the source's last days are included, so intake adds a day. `columns`: what the
    source calls the columns of a worklist, by our names.
    """

    received_at: datetime
    ends_inclusive: bool = False
    columns: Mapping[str, str] = field(default_factory=dict)
    authority: str = ""
    """Whose delivery it is, by its code."""
    workers_named: frozenset[str] = frozenset()
    """The workers that the source's settings name, as owners who do not count or placeholders."""
    other_lists: bool = False
    """Whether a workbook's lists 1, 2, 10 and 11 are read, of which no figure is worked out."""
    roles: frozenset[str] | None = None
    """The roles that the source's settings count, as written there; None where every role counts."""
    closed: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """For a heading of a worklist the values that mean that the case is closed."""
    is_full_list: bool = False
    """Whether each delivery of the source is its whole list."""
    spellings: Mapping[str, str] = field(default_factory=dict)
    """For another spelling of a worker's name, in small letters, the name under which the worker is known."""
    different: Sequence[Sequence[str]] = ()
    """Names, in small letters, that look alike and are different workers', a list for each set of them."""

    def has_settled(self, one: str, other: str) -> bool:
        """Whether the source's settings say if two names are one worker's."""
        names = [as_one_name(one), as_one_name(other)]
        first, second = (as_one_name(self.spellings.get(name, name)) for name in names)
        is_joined = first == second and bool(set(names) & set(self.spellings))
        return is_joined or any(
            {first, second} <= set(line) or set(names) <= set(line) for line in self.different
        )

    @property
    def received_on(self) -> date:
        """The London day of receipt."""
        return london_day(self.received_at)

    @property
    def received_us(self) -> int:
        """The moment of receipt in microseconds."""
        return microseconds(self.received_at)


@dataclass(frozen=True)
class Reading:
    """What intake made of a delivery, before it is compared with what is already known.

    `rows`: for each table the rows that passed, in its columns and `_attested`, `_file`, `_row`.
    `quarantined` counts rows refused; `findings` says why, each in its place. `present`: for each
    table the keys of every row in the delivery, refused or not, since a refused row is not absent:
    frames of the key's columns or, where part of a key could not be read, of the rest of it; of a
    row that could not be split, every cell, since any may be its key. `unlimited` names the tables
    of which any row may be present, since their file was cut off.
    """

    rows: Mapping[str, pl.DataFrame]
    present: Mapping[str, Sequence[pl.DataFrame]]
    received: int
    quarantined: int
    findings: Sequence[pl.DataFrame]
    unlimited: frozenset[str] = frozenset()
    refused_rows: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    """For each table that counts children, its refused rows: `child` where the row shows which, `_file` and `_row`."""
    lists: frozenset[str] = frozenset()
    """Of a workbook, the lists that are in it and say who answers."""
    subject_kinds: frozenset[str] = frozenset()
    """Of statements: the kinds of subject that any row names, also one that was refused or could not be split."""
    report: ReadingReport = field(default_factory=ReadingReport)
    """What was read of each file and what was not."""
