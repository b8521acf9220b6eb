"""The picture: history files, caught up with the ledger and opened. The ledger is enough to make them again."""

from __future__ import annotations

import logging
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

import polars as pl
import pyarrow as pa
from django.conf import settings

from lineofsight.engines.local import HistoryFiles, Manifest, collect, empty_history, lazy
from lineofsight.record import frames
from lineofsight.record.tables import TABLES
from lineofsight.service.models import Block, Link
from lineofsight.service.store import chain

_log = logging.getLogger(__name__)
_TRIES = 100
_UNREADABLE = (
    OSError,
    pa.ArrowException,
    pl.exceptions.PolarsError,
    pl.exceptions.PanicException,
    ValueError,
    KeyError,
)


def folder() -> Path:
    """Where history files are stored."""
    return Path(settings.HOME) / "history"


def _files(authority: str, table: str, under: Path | None = None) -> HistoryFiles:
    return HistoryFiles((under or folder()) / authority / table, TABLES[table])


@contextmanager
def _changing(authority: str) -> Iterator[None]:
    """One process at a time changes an authority's history files; whoever reads need not wait."""
    folder().mkdir(parents=True, exist_ok=True)
    with (folder() / f"{authority}.lock").open("w") as lock:
        try:
            import fcntl
        except ImportError:
            pass
        else:
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _manifest(files: HistoryFiles) -> Manifest:
    """What the files are caught up to; an empty manifest also where it was edited into something else."""
    manifest = files.manifest()
    names = manifest.segments if isinstance(manifest.segments, list) else [None]
    is_whole = isinstance(manifest.link, int) and all(
        isinstance(text, str) for text in (manifest.hash, manifest.ends, *names)
    )
    return manifest if is_whole else Manifest()


def catch_up(authority: str, table: str) -> HistoryFiles:
    """The history files of a table, caught up with everything the ledger holds of it."""
    files = _files(authority, table)
    if not _is_caught_up(_manifest(files), chain.newest(authority, table)):
        with _changing(authority):
            _catch_up(files, authority, table)
    return files


def catch_up_each(authority: str, tables: Iterable[str]) -> None:
    """Catch up the history files of tables that a delivery changed; it is in the ledger also where this fails."""
    try:
        for table in tables:
            catch_up(authority, table)
    except OSError as fault:
        _log.warning("The history files could not be caught up (%s); the next reader will.", fault.strerror)


def _catch_up(files: HistoryFiles, authority: str, table: str) -> None:
    manifest = _manifest(files)
    newest = chain.newest(authority, table)
    if _is_caught_up(manifest, newest):
        return
    if not _is_of_this_chain(manifest) or chain.erased_since(authority, table, manifest.link):
        _make_anew(files, authority, table, newest)
        return
    try:
        since = chain.received_blocks(authority, table, manifest.link, newest)
        files.catch_up(since, newest, _hash_of(newest), before=manifest)
    except _UNREADABLE:
        _make_anew(files, authority, table, newest)


def _make_anew(files: HistoryFiles, authority: str, table: str, until: int) -> None:
    shutil.rmtree(files.folder, ignore_errors=True)
    files.catch_up(chain.received_blocks(authority, table, until=until), until, _hash_of(until))


def _hash_of(number: int) -> str:
    return Link.objects.values_list("hash", flat=True).get(number=number) if number else ""


def _is_caught_up(manifest: Manifest, newest: int) -> bool:
    return manifest.link >= newest and _is_of_this_chain(manifest)


def _is_of_this_chain(manifest: Manifest) -> bool:
    """Whether files caught up to that link belong to this ledger, and not to one restored over it."""
    return manifest.link == 0 or Link.objects.filter(number=manifest.link, hash=manifest.hash).exists()


def history(authority: str, table: str) -> pl.DataFrame:
    """Every version ever stated of a table's rows, with its spans and the link that brought it.

    Files that cannot be read are made anew: they hold nothing that the ledger does not.
    """
    files = _files(authority, table)
    for attempt in range(_TRIES):
        newest = chain.newest(authority, table)
        manifest = _manifest(files)
        if not _is_caught_up(manifest, newest):
            with _changing(authority):
                _catch_up(files, authority, table)
            manifest = _manifest(files)
            if not _is_caught_up(manifest, newest):
                continue  # another process is just making them anew
        if not manifest.ends:
            return empty_history(TABLES[table])
        try:
            rows = _opened(str(files.folder), table, manifest.ends)
        except _UNREADABLE:
            if _manifest(files) == manifest:
                _log.warning("The history of %s could not be read and is made anew.", table)
                with _changing(authority):
                    _make_anew(files, authority, table, chain.newest(authority, table))
            continue
        # Another process may have caught the files up in between: then what was opened may mix two states.
        if _manifest(files) == manifest:
            return rows
        time.sleep(attempt / 1000)
    raise RuntimeError("the history files change faster than they can be opened")


@lru_cache(maxsize=96)  # a child's page opens every table, and files are mapped, not read
def _opened(path: str, table: str, _ends: str) -> pl.DataFrame:
    """History opened once for each state of its files: their ends are named anew whenever they change."""
    return HistoryFiles(Path(path), TABLES[table]).rows()


def forget(authority: str, tables: Iterable[str]) -> None:
    """Remove the history files of an authority's tables at once, those not in use any more among them."""
    with _changing(authority):
        for table in tables:
            shutil.rmtree(folder() / authority / table, ignore_errors=True)
    # What a rebuild that was killed has left; one that is under way begins again.
    for rebuilt in folder().glob("rebuilt-*"):
        shutil.rmtree(rebuilt, ignore_errors=True)
    _opened.cache_clear()


def history_at(authority: str, table: str, newest: int, hashes: Mapping[int, str]) -> pl.DataFrame:
    """The same as `history`, where the caller knows the chain already: nothing is asked of the database again.

    `newest` is the number of the newest link that changed the table, `hashes` the authority's links by number.
    """
    files = _files(authority, table)
    manifest = _manifest(files)
    caught_up = manifest.link >= newest and hashes.get(manifest.link, "") == manifest.hash
    if not caught_up or not manifest.ends:
        return history(authority, table) if newest else empty_history(TABLES[table])
    try:
        rows = _opened(str(files.folder), table, manifest.ends)
    except _UNREADABLE:
        return history(authority, table)
    return rows if _manifest(files) == manifest else history(authority, table)


def known(authority: str, table: str, moment: int, *, witnessed: bool = False) -> pl.DataFrame:
    """The versions of a table's rows known by a moment (microseconds), as attested or as witnessed."""
    return collect(frames.known(lazy(history(authority, table)), moment, witnessed=witnessed))


def authorities(table: str) -> list[str]:
    """The authorities of which a table holds anything, in order."""
    return sorted(set(Block.objects.filter(table=table).values_list("authority", flat=True)))


def rebuild_and_compare() -> list[str]:
    """Build every history file anew and compare it with the present one; gives `authority/table how it differs`.

    Files that differ are made anew.
    """
    differing = []
    for authority, table in sorted(set(Block.objects.values_list("authority", "table"))):
        if table in TABLES:
            with _changing(authority):
                why = _differs(authority, table)
            if why:
                differing.append(f"{authority}/{table} {why}")
    return differing


def _differs(authority: str, table: str) -> str | None:
    """Why the present files are not what the ledger says, if they are not; they are made anew then."""
    present = _files(authority, table)
    if not present.folder.exists():
        why: str | None = "was missing"
    elif not _manifest(present).link:
        why = "could not be read" if any(present.folder.iterdir()) else "was missing"
    else:
        why = _differs_from_rebuilt(present, authority, table)
    if why:
        _make_anew(present, authority, table, chain.newest(authority, table))
    return why


def _differs_from_rebuilt(present: HistoryFiles, authority: str, table: str) -> str | None:
    if not _is_of_this_chain(_manifest(present)):
        return "belonged to another ledger"
    beside = Path(tempfile.mkdtemp(prefix="rebuilt-", dir=folder()))
    try:
        _check_files(present)
        _catch_up(present, authority, table)
        manifest = _manifest(present)
        rebuilt = _files(authority, table, beside)
        rebuilt.catch_up(
            chain.received_blocks(authority, table, until=manifest.link), manifest.link, manifest.hash
        )
        rows = present.rows().sort(frames.POSITION)
        return None if rows.equals(rebuilt.rows().sort(frames.POSITION), null_equal=True) else "differed"
    except _UNREADABLE:
        return "could not be read"
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _check_files(files: HistoryFiles) -> None:
    """Raise where Arrow could not have written a file: engines map files into memory without checking them."""
    manifest = _manifest(files)
    for name in [*manifest.segments, *filter(None, [manifest.ends])]:
        with pa.memory_map(str(files.folder / name)) as mapped:
            pa.ipc.open_file(mapped).read_all().validate(full=True)
