"""Erasure: removes rows and their salts, leaves their seals, and states in the chain who did it, when and why."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl

from lineofsight.intake.delivery import Context, NamedBytes
from lineofsight.intake.formats.service_file import FORMAT as SERVICE_FILE
from lineofsight.intake.formats.service_file import ROWS
from lineofsight.intake.unpacking import check_sizes
from lineofsight.record.block import unpack, without
from lineofsight.record.entry import LEAF, SALT
from lineofsight.record.schema import Table
from lineofsight.record.tables import TABLES
from lineofsight.service.models import AccessLogEntry, Block, BrokenGlass, ErasureRequest, Link, Restriction
from lineofsight.service.store import blobs, chain, clock, picture, reader_process, sealing
from lineofsight.vocabulary.identifiers import AuthorityCode
from lineofsight.vocabulary.refusal import Refused


@dataclass(frozen=True)
class _Target:
    """What is to be erased: which rows of a block, and whether the files of a delivery hold it."""

    what: str
    name: str
    rows: Callable[[Table, Block], pl.Expr | None]
    """For a table and a block of it, which rows to erase; None where none can be meant."""
    held_in: Callable[[dict[str, Any], list[NamedBytes]], bool]
    """Whether a delivery's files hold it, from what its link states and its files in which the name occurs."""
    also: Callable[[Link], None] = lambda _: None
    """What else is done in the same transaction."""


def erase_child(
    authority: AuthorityCode,
    child: str,
    ground: str,
    *,
    by: str,
    also: Callable[[Link], None] = lambda _: None,
) -> Link:
    """Erase every row that names a child, in every table, and the child's number from the access log.

    `also` is done in the same transaction, before the child's number is removed elsewhere. Raises Refused where
    the record holds no such child.
    """
    care_episodes = ("care", _numbers_of("care_episode", "care", authority, child))
    named_by_number = {
        "involvement": ("referral", _numbers_of("episode", "referral", authority, child)),
        "care_review": care_episodes,
        "placement": care_episodes,
    }

    def rows(table: Table, _: Block) -> pl.Expr | None:
        if table.name == "finding":
            # Between strokes, and not split at them: a child's number may hold a stroke.
            return pl.format("/{}/", "key").str.contains(f"/{child}/", literal=True)
        named = [pl.col(name) == child for name in table.child]
        if table.name in named_by_number:
            column, numbers = named_by_number[table.name]
            named.append(pl.col("child").is_null() & pl.col(column).is_in(numbers))
        return pl.any_horizontal(named) if named else None

    def unname(link: Link) -> None:
        """Rows about access to the child stay; the child's number and the words about the child are removed."""
        also(link)
        stands_for, unnamed = f"erasure {link.number}", {}
        for subject, model in _NAMING_CHILDREN:
            rows = model.objects.filter(authority=authority, child=child)
            unnamed[subject] = [_unname(row, stands_for, reason="") for row in rows]
        looks = AccessLogEntry.objects.filter(authority=authority, child=child).order_by("number")
        sealing.unname(link.number, [_unname(look, stands_for) for look in looks.iterator()], unnamed)

    return _erase(authority, ground, _Target("child", child, rows, lambda *_: True, unname), by=by)


_NAMING_CHILDREN: tuple[tuple[str, type[Restriction | BrokenGlass | ErasureRequest]], ...] = (
    ("restrictions", Restriction),
    ("openings with a reason", BrokenGlass),
    ("erasures asked for", ErasureRequest),
)
"""The tables that name a child and why, by what the access chain calls them."""


def _unname(
    row: AccessLogEntry | Restriction | BrokenGlass | ErasureRequest, stands_for: str, **also: str
) -> int:
    """Remove the child's number and the salt from one row; gives the row's number."""
    hidden = [row.child] if isinstance(row, AccessLogEntry) else [row.child, row.reason]
    sealed = sealing.child_seal(row.salt, *hidden)
    type(row).objects.filter(pk=row.pk).update(child=stands_for, salt="", child_seal=sealed, **also)
    return row.pk


def _numbers_of(table: str, column: str, authority: AuthorityCode, child: str) -> list[str]:
    """The numbers of a child's episodes: rows that name such a number and no child are the child's too."""
    history = picture.history(authority, table)
    return history.filter(pl.col("child") == child)[column].drop_nulls().unique().to_list()


def erase_statement(authority: AuthorityCode, reference: str, ground: str, *, by: str) -> Link:
    """Erase every version of a statement, and the findings about it. Raises Refused where there is none.

    `reference` is `source/id`, or `authority/source/id` as answers give it.
    """
    source, _, id = reference.removeprefix(f"{authority}/").partition("/")

    def rows(table: Table, block: Block) -> pl.Expr | None:
        if block.link.source != source or table.name not in ("statement", "finding"):
            return None
        return pl.col("id") == id if table.name == "statement" else pl.col("key") == id

    def held_in(says: dict[str, Any], files: list[NamedBytes]) -> bool:
        return says["source"] == source and _states(says, files, id)

    return _erase(authority, ground, _Target("statement", id, rows, held_in), by=by)


def _states(says: dict[str, Any], files: list[NamedBytes], id: str) -> bool:
    """Whether files state the id, and do not only link to it; where that cannot be told, they do."""
    try:
        reading = reader_process.read(says["format"], files, Context(clock.now()))
    except Refused:
        return True
    present = reading.present.get("statement")
    if present is None or any(id in keys["id"] for keys in present):
        return True
    without_key = pl.col("key").is_null() & (pl.col("severity") == "refused")
    return any(findings.filter(without_key).height for findings in reading.findings)


def _erase(authority: AuthorityCode, ground: str, target: _Target, *, by: str) -> Link:
    if not ground.strip() or not by.strip():
        raise Refused("Say on which ground it is erased and who decided it. Both are recorded.")
    if not target.name.strip():
        raise Refused(f"Say which {target.what} to erase. A statement is written source/id.")
    blobs.tidy()
    arrivals: list[blobs.Arrival] = []
    tables: set[str] = set()

    def choose() -> tuple[list[chain.Erasing], list[str]]:
        erasing = list(_erasing(authority, target))
        released = _released(authority, target, {change.block.link_id for change in erasing})
        # Listed, so that the next process removes them where this one is killed after the commit.
        arrivals.append(blobs.Arrival(released))
        tables.update(change.block.table for change in erasing)
        picture.forget(authority, tables)
        return erasing, released

    try:
        link = chain.erase(authority, ground, target.what, choose, target.also, by=by, at=clock.now())
    finally:
        for arrival in arrivals:
            arrival.end()
    if link is None:
        raise Refused(f"This authority's record holds no such {target.what}, so nothing was erased.")
    picture.forget(authority, tables)
    for name in TABLES:
        picture.catch_up(authority, name)
    return link


def _erasing(authority: str, target: _Target) -> Iterator[chain.Erasing]:
    """The blocks of an authority that hold rows to be erased."""
    blocks = Block.objects.filter(authority=authority, table__in=TABLES).select_related("link")
    for block in blocks.order_by("link_id", "table").iterator(chunk_size=8):
        which = target.rows(TABLES[block.table], block)
        if which is None:
            continue
        body = bytes(block.body)
        rows = pl.DataFrame(pl.from_arrow(unpack(body).drop_columns([SALT])))
        leaves: list[int] = rows.filter(which.fill_null(False))[LEAF].to_list()
        if leaves:
            yield chain.Erasing(block, leaves, without(body, leaves))


def _released(authority: str, target: _Target, concerned: set[int]) -> list[str]:
    """The hashes of all files still stored of every delivery that holds it.

    Its rows are not enough to tell: a row that was delivered again unchanged is in no block of that
    delivery, yet in its files. Most deliveries that name children have no file left to be searched.
    """
    stored = chain.stored_hashes()
    links = Link.objects.filter(authority=authority, kind__in=(chain.RECEIVED, chain.READ)).order_by("number")
    released: set[str] = set()
    for link in links.iterator():
        says = chain.body_of(link)
        hashes = {file["sha256"] for file in says["kept"] if _may_hold_rows(says, file["name"])}
        hashes &= stored
        if hashes <= released:
            continue
        files = [] if link.number in concerned else list(_files_naming(says, target.name))
        if link.number in concerned or (files and target.held_in(says, files)):
            released |= hashes
    return sorted(released)


def _may_hold_rows(says: dict[str, Any], name: str) -> bool:
    """Whether a file may hold what is erased. The manifest and signature of a signed file prove all its deliveries."""
    return says["format"] != SERVICE_FILE.name or name in ("", ROWS)


def _files_naming(says: dict[str, Any], name: str) -> Iterator[NamedBytes]:
    """The stored files of a delivery in which a name occurs as a word of its own."""
    for file in says["kept"]:
        if not file["name"]:
            continue
        try:
            stored = blobs.read(file["name"], file["sha256"])
        except FileNotFoundError:
            continue  # an earlier erasure released it
        if _holds_word(stored.content, name):
            yield stored


def _holds_word(content: bytes, name: str) -> bool:
    """Whether a name occurs in a file; a file that would unpack to too much to be searched is taken to hold it."""
    word = rf"(?<![A-Za-z0-9_-]){re.escape(name)}(?![A-Za-z0-9_-])"
    try:
        return any(re.search(word, text) for text in _texts(content))
    except Refused:
        return True


def _texts(content: bytes) -> Iterator[str]:
    """Everything in a file that may be read as text: itself, or what is packed in it."""
    if zipfile.is_zipfile(io.BytesIO(content)):
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                check_sizes("", archive.infolist())
                for member in archive.infolist():
                    yield from _texts(archive.read(member))
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError):
            pass  # it was refused when it was delivered
        return
    wide = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    yield content.decode("utf-16" if wide else "utf-8", "replace")
