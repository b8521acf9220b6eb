"""The picture: history files caught up with the ledger and opened."""

from __future__ import annotations

import shutil
from functools import lru_cache
from pathlib import Path

import polars as pl
from django.conf import settings

from lineofsight.engines.local import HistoryFiles, collect, lazy
from lineofsight.record import frames
from lineofsight.record.tables import TABLES
from lineofsight.service import ledger
from lineofsight.service.models import Block, Link


def folder() -> Path:
    """Where history files lie; everything in it can be made again from the ledger."""
    return Path(settings.HOME) / "history"


def _files(authority: str, table: str, under: Path | None = None) -> HistoryFiles:
    return HistoryFiles((under or folder()) / authority / table, TABLES[table])


def catch_up(authority: str, table: str) -> HistoryFiles:
    """The history files of a table, caught up with everything the ledger holds of it."""
    files = _files(authority, table)
    manifest = files.manifest()
    newest = ledger.newest(authority, table)
    if manifest.link >= newest and _is_of_this_chain(manifest.link, manifest.hash):
        return files
    hash = Link.objects.get(number=newest).hash if newest else ""
    if not _is_of_this_chain(manifest.link, manifest.hash) or ledger.erased_since(authority, manifest.link):
        files.replace(ledger.heard_blocks(authority, table), newest, hash)
    else:
        files.catch_up(ledger.heard_blocks(authority, table, manifest.link), newest, hash)
    return files


def _is_of_this_chain(number: int, hash: str) -> bool:
    """Whether files caught up to that link belong to this ledger, and not to one restored over it."""
    return number == 0 or Link.objects.filter(number=number, hash=hash).exists()


def history(authority: str, table: str) -> pl.DataFrame:
    """Every version ever stated of a table's rows, with its spans and the link that brought it."""
    files = catch_up(authority, table)
    return _opened(str(files.folder), table, files.manifest().ends)


@lru_cache(maxsize=16)
def _opened(path: str, table: str, ends: str) -> pl.DataFrame:
    """History opened once for each state of its files: `ends` is named anew whenever they change."""
    return HistoryFiles(Path(path), TABLES[table]).rows()


def known(authority: str, table: str, moment: int, *, witnessed: bool = False) -> pl.DataFrame:
    """The versions of a table's rows known by a moment (microseconds), as attested or as witnessed."""
    return collect(frames.known(lazy(history(authority, table)), moment, witnessed=witnessed))


def authorities(table: str) -> list[str]:
    """The authorities of which a table holds anything, in order."""
    return sorted(set(Block.objects.filter(table=table).values_list("authority", flat=True)))


def rebuild_and_compare() -> list[str]:
    """Build every history file anew beside the present ones and compare; gives what differs.

    Where nothing differs the new files are thrown away; where something does they take its place.
    """
    differing = []
    for authority, table in sorted(set(Block.objects.values_list("authority", "table"))):
        if table in TABLES and not _same_when_rebuilt(authority, table):
            differing.append(f"{authority}/{table}")
    return differing


def _same_when_rebuilt(authority: str, table: str) -> bool:
    present = catch_up(authority, table)
    beside = folder() / "rebuilt"
    rebuilt = _files(authority, table, beside)
    manifest = present.manifest()
    rebuilt.replace(ledger.heard_blocks(authority, table), manifest.link, manifest.hash)
    same = _equal(present, rebuilt)
    if not same:
        shutil.rmtree(present.folder, ignore_errors=True)
        catch_up(authority, table)
    shutil.rmtree(beside, ignore_errors=True)
    return same


def _equal(one: HistoryFiles, other: HistoryFiles) -> bool:
    order = [frames.POSITION]
    try:
        return one.rows().sort(order).equals(other.rows().sort(order), null_equal=True)
    except (OSError, pl.exceptions.PolarsError):
        return False
