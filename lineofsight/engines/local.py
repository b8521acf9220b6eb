"""History files on one machine, with Polars: written once, memory-mapped, shared by all workers.

A folder holds, for one authority and table, *segments* (versions of rows, in ledger order, never
changed once written), one file of *ends* (when each version stopped being what was known) and a
manifest that names them and the link of the chain they are caught up to. Only the rename of the
manifest makes new files count, so a reader sees one state or the next and a kill leaves the last.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import narwhals.stable.v2 as nw
import polars as pl
import pyarrow as pa

from lineofsight.record import frames
from lineofsight.record.arrow import ATTESTED, LEAF, OPERATION, SALT, table_schema
from lineofsight.record.schema import Table
from lineofsight.vocabulary.moments import FOREVER

_ENDS = [frames.ATTESTED_TO, frames.WITNESSED_TO]
_MOST_SEGMENTS = 24
_STALE_SECONDS = 600
_MANIFEST = "manifest.json"


@dataclass(frozen=True)
class HeardBlock:
    """A block as history is read from it: which link brought it, from whom, when, and its entries."""

    link: int
    source: str
    first_position: int
    witnessed_at: int
    entries: pa.Table


@dataclass(frozen=True)
class Manifest:
    """Which files are the history, and how far along the chain they are caught up."""

    link: int = 0
    hash: str = ""
    segments: list[str] = field(default_factory=list)
    ends: str = ""


def heard_frame(table: Table, block: HeardBlock) -> pl.DataFrame:
    """A block's entries with the columns of history: source, link, position and moments."""
    own = pl.DataFrame(pl.from_arrow(block.entries.drop_columns([SALT]))).rename({ATTESTED: frames.ATTESTED_FROM})
    return own.with_columns(
        pl.lit(block.source).alias(frames.SOURCE),
        pl.lit(block.link, pl.Int32).alias(frames.DELIVERY),
        (pl.col(LEAF).cast(pl.Int64) + block.first_position).alias(frames.POSITION),
        pl.lit(block.witnessed_at, pl.Int64).alias(frames.WITNESSED_FROM),
    ).drop(LEAF)


def empty_history(table: Table) -> pl.DataFrame:
    """History with every column and no row."""
    own = pl.DataFrame(pl.from_arrow(table_schema(table).empty_table()))
    whole = [frames.POSITION, frames.ATTESTED_FROM, frames.WITNESSED_FROM, *_ENDS]
    return own.with_columns(
        pl.lit(None, pl.String).alias(frames.SOURCE),
        pl.lit(None, pl.Int32).alias(frames.DELIVERY),
        *(pl.lit(None, pl.Int64).alias(name) for name in whole),
    ).select(_history_columns(table))


def _history_columns(table: Table) -> list[str]:
    own = [frames.SOURCE, frames.DELIVERY, frames.POSITION, frames.ATTESTED_FROM, frames.WITNESSED_FROM]
    return [*own, *table.names, *_ENDS]


class HistoryFiles:
    """The history files of one authority and table, in a folder of their own."""

    def __init__(self, folder: Path, table: Table) -> None:
        self.folder = folder
        self.table = table

    def manifest(self) -> Manifest:
        """What the files are caught up to; an empty manifest where there are none or it cannot be read."""
        try:
            return Manifest(**json.loads((self.folder / _MANIFEST).read_text("utf-8")))
        except (FileNotFoundError, ValueError, TypeError):
            return Manifest()

    def rows(self) -> pl.DataFrame:
        """Every version ever stated, with its span; memory-mapped."""
        for _ in range(20):
            manifest = self.manifest()
            try:
                return self._open(manifest)
            except FileNotFoundError:  # another worker has just moved the files on: read the new manifest
                time.sleep(0.05)
        return self._open(self.manifest())

    def _open(self, manifest: Manifest) -> pl.DataFrame:
        if not manifest.segments:
            return empty_history(self.table)
        rows = pl.concat([self._read(name) for name in manifest.segments], rechunk=False)
        return rows.hstack(self._read(manifest.ends).get_columns())

    def _read(self, name: str) -> pl.DataFrame:
        """A file's rows, mapped into memory and not copied: text was written as views."""
        with pa.memory_map(str(self.folder / name)) as mapped:
            return pl.DataFrame(pl.from_arrow(pa.ipc.open_file(mapped).read_all()))

    def catch_up(self, blocks: Iterable[HeardBlock], link: int, hash: str) -> None:
        """Take in the blocks after the manifest's link, and be caught up to `link`."""
        heard = [heard_frame(self.table, block) for block in blocks if block.entries.num_rows]
        before = self.manifest()
        if not heard:
            self._point(Manifest(link, hash, before.segments, before.ends))
            return
        held = self.rows()
        ends, segment = self._closed(held, pl.concat(heard, rechunk=False))
        names = [*before.segments, self._write(segment.drop(_ENDS))]
        if len(names) > _MOST_SEGMENTS:
            names = [self._write(pl.concat([held.drop(_ENDS), segment.drop(_ENDS)]))]
        both = pl.concat([ends, segment.select(_ENDS)])
        self._point(Manifest(link, hash, names, self._write(both)))

    def replace(self, blocks: Iterable[HeardBlock], link: int, hash: str) -> None:
        """Build the files anew from all the blocks there are."""
        self._point(Manifest())
        self.catch_up(blocks, link, hash)

    def _closed(self, held: pl.DataFrame, heard: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
        """The ends of held versions once `heard` is known, and the new versions with their ends."""
        keys = frames.key_columns(self.table)
        index = "_index"
        narrow = [*keys, frames.POSITION, frames.ATTESTED_FROM, frames.WITNESSED_FROM]
        open_rows = held.select(*narrow, *_ENDS).with_row_index(index).filter(pl.col(_ENDS[1]) == FOREVER)
        touched = open_rows.join(heard.select(keys).unique(), on=keys, how="semi").drop(_ENDS)
        if touched.height:
            touched = touched.with_columns(pl.lit("stated").alias(OPERATION))
            whole = collect(frames.with_ends(self.table, lazy(pl.concat([touched, heard], how="diagonal"))))
        else:
            whole = collect(frames.with_ends(self.table, lazy(heard.with_columns(pl.lit(None, pl.UInt32).alias(index)))))
        new = whole.filter(pl.col(index).is_null() & (pl.col(OPERATION) == "stated")).sort(frames.POSITION)
        closing = whole.filter(pl.col(index).is_not_null()).select(index, *_ENDS)
        return _with_closings(held.select(_ENDS), closing, index), new.select(_history_columns(self.table))

    def _write(self, frame: pl.DataFrame) -> str:
        self.folder.mkdir(parents=True, exist_ok=True)
        name = f"{uuid4().hex}.arrow"
        frame.rechunk().write_ipc(self.folder / name, compression="uncompressed")
        return name

    def _point(self, manifest: Manifest) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        draft = self.folder / f"{uuid4().hex}.json"
        draft.write_text(json.dumps(asdict(manifest)), "utf-8")
        os.replace(draft, self.folder / _MANIFEST)
        self._tidy(manifest)

    def _tidy(self, manifest: Manifest) -> None:
        """Remove files that no manifest has named for ten minutes: nobody can still be opening them."""
        named = {_MANIFEST, manifest.ends, *manifest.segments}
        for path in self.folder.iterdir():
            if path.name not in named and time.time() - path.stat().st_mtime > _STALE_SECONDS:
                path.unlink(missing_ok=True)


def _with_closings(ends: pl.DataFrame, closing: pl.DataFrame, index: str) -> pl.DataFrame:
    if not closing.height:
        return ends
    at = closing[index]
    return ends.with_columns(ends[name].rechunk().scatter(at, closing[name]) for name in _ENDS)


def lazy(frame: pl.DataFrame) -> frames.Frame:
    """A Polars frame as the rules take it."""
    return nw.from_native(frame.lazy())


def collect(frame: frames.Frame) -> pl.DataFrame:
    """What a rule made of frames comes to."""
    native: pl.LazyFrame = frame.to_native()
    return native.collect()


def rows_of(frame: pl.DataFrame) -> Sequence[dict[str, Any]]:
    """A small frame as dictionaries."""
    return frame.to_dicts()
