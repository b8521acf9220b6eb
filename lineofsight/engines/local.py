"""History files on one machine, with Polars: written once, memory-mapped, shared by all workers.

For one authority and table, a folder holds *segments* (versions of rows in ledger order, which never
change once written), one file of *ends* (when each version stopped being current) and a manifest. The
manifest names the files and the link of the chain up to which they are complete. New files count only
when the manifest is renamed, so a reader sees one state or the next, and a killed process leaves the last.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import narwhals.stable.v2 as nw
import polars as pl
import pyarrow as pa

from lineofsight.record import frames
from lineofsight.record.arrow import table_schema
from lineofsight.record.entry import ATTESTED, LEAF, OPERATION, SALT, Operation
from lineofsight.record.schema import Table
from lineofsight.vocabulary.moments import FOREVER

_ENDS = [frames.ATTESTED_TO, frames.WITNESSED_TO]
_MOST_SEGMENTS = 24
_STALE_SECONDS = 600
_INDEX = "_index"
_MANIFEST = "manifest.json"


@dataclass(frozen=True)
class ReceivedBlock:
    """A block as history is read from it: which link brought it, from whom, when, and its entries."""

    link: int
    source: str
    first_position: int
    witnessed_at: int
    entries: pa.Table


@dataclass(frozen=True)
class Manifest:
    """Which files are the history, and up to which link of the chain they are complete."""

    link: int = 0
    hash: str = ""
    segments: list[str] = field(default_factory=list)
    ends: str = ""

    @property
    def files(self) -> list[str]:
        """Every file it names."""
        return [*self.segments, self.ends] if self.segments else []


def received_frame(block: ReceivedBlock) -> pl.DataFrame:
    """A block's entries with the columns of history: source, link, position and moments."""
    own = pl.DataFrame(pl.from_arrow(block.entries.drop_columns([SALT]))).rename(
        {ATTESTED: frames.ATTESTED_FROM}
    )
    return own.with_columns(
        pl.lit(block.source).alias(frames.SOURCE),
        pl.lit(block.link, pl.Int32).alias(frames.DELIVERY),
        (pl.col(LEAF).cast(pl.Int64) + block.first_position).alias(frames.POSITION),
        pl.lit(block.witnessed_at, pl.Int64).alias(frames.WITNESSED_FROM),
    ).drop(LEAF)


def whole(table: Table, rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with every column of their table. A column added after they were written is empty."""
    names = set(rows.columns)
    later = [one for one in table_schema(table) if one.name not in names]
    if not later:
        return rows
    empty = pl.DataFrame(pl.from_arrow(table_schema(table).empty_table())).schema
    return rows.with_columns(pl.lit(None, empty[one.name]).alias(one.name) for one in later)


def empty_history(table: Table) -> pl.DataFrame:
    """A history with every column and no rows."""
    own = pl.DataFrame(pl.from_arrow(table_schema(table).empty_table()))
    moments = [frames.POSITION, frames.ATTESTED_FROM, frames.WITNESSED_FROM, *_ENDS]
    return own.with_columns(
        pl.lit(None, pl.String).alias(frames.SOURCE),
        pl.lit(None, pl.Int32).alias(frames.DELIVERY),
        *(pl.lit(None, pl.Int64).alias(name) for name in moments),
    ).select(_history_columns(table))


def _together(parts: list[pl.DataFrame]) -> pl.DataFrame:
    """Frames joined into one. A frame from before a column was added has its columns in another order."""
    names = parts[0].columns
    return pl.concat([one if one.columns == names else one.select(names) for one in parts], rechunk=False)


def _history_columns(table: Table) -> list[str]:
    own = [frames.SOURCE, frames.DELIVERY, frames.POSITION, frames.ATTESTED_FROM, frames.WITNESSED_FROM]
    return [*own, *table.names, *_ENDS]


class HistoryFiles:
    """The history files of one authority and table, in a folder of their own."""

    def __init__(self, folder: Path, table: Table) -> None:
        self.folder = folder
        self.table = table

    def manifest(self) -> Manifest:
        """The manifest; an empty one if it cannot be read or a file that it names is gone."""
        try:
            found = Manifest(**json.loads((self.folder / _MANIFEST).read_text("utf-8")))
            whole = isinstance(found.link, int) and all(
                (self.folder / name).is_file() for name in found.files
            )
        except (OSError, ValueError, TypeError):
            return Manifest()
        return found if whole else Manifest()

    def rows(self) -> pl.DataFrame:
        """Every version ever stated, with its span; memory-mapped."""
        try:
            return self._open(self.manifest())
        except (
            FileNotFoundError
        ):  # another worker has replaced the files since: the new manifest names others
            return self._open(self.manifest())

    def _open(self, manifest: Manifest) -> pl.DataFrame:
        if not manifest.segments:
            return empty_history(self.table)
        names = [name for name in _history_columns(self.table) if name not in _ENDS]
        parts = [whole(self.table, self._read(name)).select(names) for name in manifest.segments]
        return pl.concat(parts, rechunk=False).hstack(self._read(manifest.ends).get_columns())

    def _read(self, name: str) -> pl.DataFrame:
        """A file's rows, mapped into memory without a copy, because text was written as views; OSError if damaged."""
        try:
            with pa.memory_map(str(self.folder / name)) as mapped:
                return pl.DataFrame(pl.from_arrow(pa.ipc.open_file(mapped).read_all()))
        except pa.ArrowException as fault:
            raise OSError(f"{name} is not a history file that can be read: rebuild it") from fault

    def catch_up(
        self, blocks: Iterable[ReceivedBlock], link: int, hash: str, before: Manifest | None = None
    ) -> None:
        """Add the blocks after the link of `before`, so that the files are complete up to `link`.

        `before` is the manifest by which the blocks were chosen. If several workers catch up at once, each
        builds a complete and correct state on what it saw, and the state of the last to finish counts.
        """
        before = self.manifest() if before is None else before
        received = [
            whole(self.table, received_frame(block))
            for block in blocks
            if block.link > before.link and block.entries.num_rows
        ]
        if not received:
            self._point(Manifest(link, hash, before.segments, before.ends))
            return
        versions = self._open(before)
        ends, segment = self._closed(versions, _together(received))
        names = [*before.segments, self._write(segment.drop(_ENDS))]
        if len(names) > _MOST_SEGMENTS:
            names = [self._write(pl.concat([versions.drop(_ENDS), segment.drop(_ENDS)]))]
        both = pl.concat([ends, segment.select(_ENDS)])
        self._point(Manifest(link, hash, names, self._write(both)))

    def replace(self, blocks: Iterable[ReceivedBlock], link: int, hash: str) -> None:
        """Build the files anew from all the blocks there are; until then readers see the old ones."""
        self.catch_up(blocks, link, hash, Manifest())

    def _closed(self, versions: pl.DataFrame, received: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
        """The ends of the known versions once `received` is known, and the new versions with their ends.

        Only keys with another version need work; no other version has ended.
        """
        keys = frames.key_columns(self.table)
        narrow = [*keys, frames.POSITION, frames.ATTESTED_FROM, frames.WITNESSED_FROM]
        open_rows = versions.select(*narrow, frames.WITNESSED_TO).with_row_index(_INDEX)
        open_rows = open_rows.filter(pl.col(frames.WITNESSED_TO) == FOREVER).drop(frames.WITNESSED_TO)
        touched = open_rows.join(received.select(keys), on=keys, how="semi", nulls_equal=True)
        both = pl.concat([touched, received.select(narrow)], how="diagonal")
        ended = _ended(self.table, both)
        closing = ended.filter(pl.col(_INDEX).is_not_null())
        return _with_closings(versions.select(_ENDS), closing), self._new_versions(received, ended)

    def _new_versions(self, received: pl.DataFrame, ended: pl.DataFrame) -> pl.DataFrame:
        """The versions that `received` states, in the order of the ledger, with their ends."""
        ends = ended.filter(pl.col(_INDEX).is_null()).select(frames.POSITION, *_ENDS)
        every = received.with_columns(pl.lit(FOREVER, pl.Int64).alias(name) for name in _ENDS)
        every = every.sort(frames.POSITION).update(ends, on=frames.POSITION) if ends.height else every
        stated = every.filter(pl.col(OPERATION) == Operation.STATED.value)
        return stated.select(_history_columns(self.table))

    def _write(self, frame: pl.DataFrame) -> str:
        self.folder.mkdir(parents=True, exist_ok=True)
        name = f"{uuid4().hex}.arrow"
        frame.rechunk().write_ipc(self.folder / name, compression="uncompressed")
        return name

    def _point(self, manifest: Manifest) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._leave(set(self.manifest().files) - set(manifest.files))
        draft = self.folder / f"{uuid4().hex}.json"
        draft.write_text(json.dumps(asdict(manifest)), "utf-8")
        draft.replace(self.folder / _MANIFEST)
        self._tidy(manifest)

    def _tidy(self, manifest: Manifest) -> None:
        """Remove files that no manifest has named for ten minutes, because nobody can still be opening them."""
        named = {_MANIFEST, *manifest.files}
        now = (self.folder / _MANIFEST).stat().st_mtime
        for path in self.folder.iterdir():
            with suppress(FileNotFoundError):  # another worker may be tidying too
                if path.name not in named and now - path.stat().st_mtime > _STALE_SECONDS:
                    path.unlink()

    def _leave(self, names: Iterable[str]) -> None:
        """Start the ten minutes for files that the next manifest does not name."""
        for name in names:
            with suppress(FileNotFoundError):
                (self.folder / name).touch()


def _ended(table: Table, versions: pl.DataFrame) -> pl.DataFrame:
    """The versions that another with the same key follows, with the moments at which it replaces them."""
    keys = frames.key_columns(table)
    met = versions.filter(versions.select(pl.struct(keys).is_duplicated()).to_series())
    if not met.height:
        return met.with_columns(pl.lit(FOREVER, pl.Int64).alias(name) for name in _ENDS)
    return collect(frames.with_ends(table, lazy(met)))


def _with_closings(ends: pl.DataFrame, closing: pl.DataFrame) -> pl.DataFrame:
    if not closing.height:
        return ends
    at = closing[_INDEX]
    return ends.with_columns(ends[name].rechunk().scatter(at, closing[name]) for name in _ENDS)


def lazy(frame: pl.DataFrame) -> frames.Frame:
    """A Polars frame in the form that the rules use."""
    return nw.from_native(frame.lazy())


def collect(frame: frames.Frame) -> pl.DataFrame:
    """The collected result of a lazy frame."""
    native: pl.LazyFrame = frame.to_native()
    return native.collect()


class Polars:
    """The engine for answers on one machine."""

    def table(self, columns: Mapping[str, Sequence[Any]]) -> frames.Frame:
        """A frame of a few rows. Columns hold whole numbers, except the text columns that `frames` names."""
        types = {name: pl.String if name in frames.TEXTS else pl.Int64 for name in columns}
        return lazy(pl.DataFrame(columns, schema=types))

    def keep(self, frame: frames.Frame) -> frames.Frame:
        """The same rows, worked out now."""
        return lazy(collect(frame))

    def rows(self, frame: frames.Frame) -> list[dict[str, Any]]:
        """The rows of a frame."""
        return collect(frame).to_dicts()
