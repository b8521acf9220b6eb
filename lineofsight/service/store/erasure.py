"""Erasure: rows and their salts go, their seals stay, and the chain says who, when and on what ground."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl

from lineofsight.intake.delivery import Context, NamedBytes, Reading
from lineofsight.intake.unpacking import check_sizes
from lineofsight.record.arrow import LEAF, SALT
from lineofsight.record.block import unpack, without
from lineofsight.record.schema import Table
from lineofsight.record.tables import TABLES
from lineofsight.service.models import Block, BrokenGlass, Link, Look, Restriction
from lineofsight.service.store import blobs, chain, clock, picture, reader_process, sealing
from lineofsight.vocabulary.identifiers import AuthorityCode
from lineofsight.vocabulary.refusal import Refused


@dataclass(frozen=True)
class _Target:
    """What is to be erased: which rows of a block are it, and whether a delivery's bytes hold it."""

    what: str
    name: str
    rows: Callable[[Table, Block], pl.Expr | None]
    """For a table and a block of it, which rows go; None where none can."""
    held_in: Callable[[dict[str, Any], list[NamedBytes]], bool]
    """Whether a delivery's bytes hold it, from what its link says and its files in which the name occurs."""
    also: Callable[[Link], None] = lambda _: None
    """What else goes in the same transaction."""


def erase_child(authority: AuthorityCode, child: str, ground: str, *, by: str) -> Link:
    """Erase every row that names a child, in every table, and its number from what access keeps; refuses where there is none."""

    own = {"involvement": ("referral", _named_by("episode", "referral", authority, child)),
           **dict.fromkeys(("care_review", "placement"), ("care", _named_by("care_episode", "care", authority, child)))}  # fmt: skip

    def rows(table: Table, _: Block) -> pl.Expr | None:
        if table.name == "finding":
            return pl.format("/{}/", "key").str.contains(
                f"/{child}/", literal=True
            )  # a number may hold a stroke
        named = [pl.col(name) == child for name in table.child]
        if table.name in own:
            column, numbers = own[table.name]
            named.append(pl.col("child").is_null() & pl.col(column).is_in(numbers))
        return pl.any_horizontal(named) if named else None

    def unname(link: Link) -> None:
        """That somebody looked, restricted or broke the glass stays; at whom, and the words about it, go."""
        stands, gone = f"erasure {link.number}", {}
        for subject, model in (("restrictions", Restriction), ("openings with a reason", BrokenGlass)):
            gone[subject] = [
                _unname(one, stands, reason="")
                for one in model.objects.filter(authority=authority, child=child)
            ]
        looks = Look.objects.filter(authority=authority, child=child).order_by("number")
        sealing.unname(link.number, [_unname(one, stands) for one in looks.iterator()], gone)

    return _erase(authority, ground, _Target("child", child, rows, lambda *_: True, unname), by=by)


def _unname(one: Look | Restriction | BrokenGlass, stands: str, **also: str) -> int:
    """Take the child's number out of one row, and its salt; gives the row's number."""
    hidden = [one.child] if isinstance(one, Look) else [one.child, one.reason]
    sealed = sealing.child_seal(one.salt, *hidden)
    type(one).objects.filter(pk=one.pk).update(child=stands, salt="", child_seal=sealed, **also)
    return one.pk


def _named_by(table: str, column: str, authority: AuthorityCode, child: str) -> list[str]:
    """The numbers of a child's episodes: rows that name only such a number are the child's too."""
    history = picture.history(authority, table)
    return history.filter(pl.col("child") == child)[column].drop_nulls().unique().to_list()


def erase_statement(authority: AuthorityCode, reference: str, ground: str, *, by: str) -> Link:
    """Erase every version of a statement, and the findings about it; refuses where there is none.

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
        found = reader_process.read(says["format"], files, Context(clock.now()))
    except Refused:
        return True
    present = found.present.get("statement")
    return present is None or any(id in one["id"] for one in present) or _lost_rows(found)


def _lost_rows(found: Reading) -> bool:
    """Whether the reading has rows of which not even the key is known."""
    return any(
        finding.filter(pl.col("key").is_null() & (pl.col("severity") == "refused")).height
        for finding in found.findings
    )


def _erase(authority: AuthorityCode, ground: str, target: _Target, *, by: str) -> Link:
    if not ground.strip() or not by.strip():
        raise Refused("Say on which ground and who decided it; both are kept.")
    if not target.name.strip():
        raise Refused(f"Say which {target.what} to erase; a statement is written source/id.")
    blobs.tidy()
    arrivals: list[blobs.Arrival] = []

    def choose() -> tuple[list[chain.Erasing], list[str]]:
        going = list(_going(authority, target))
        released = _released(authority, target, {one.block.link_id for one in going})
        arrivals.append(blobs.Arrival(released))  # killed after the commit, the next to come removes them
        picture.forget(authority)
        return going, released

    try:
        link = chain.erase(authority, ground, target.what, choose, target.also, by=by, at=clock.now())
    finally:
        for arrival in arrivals:
            arrival.end()
    if link is None:
        raise Refused(f"This authority's record holds no such {target.what}; nothing was erased.")
    picture.forget(authority)
    for name in TABLES:
        picture.catch_up(authority, name)
    return link


def _going(authority: str, target: _Target) -> Iterator[chain.Erasing]:
    found = Block.objects.filter(authority=authority, table__in=TABLES).select_related("link")
    for one in found.order_by("link_id", "table").iterator(chunk_size=8):
        which = target.rows(TABLES[one.table], one)
        if which is not None and (leaves := _leaves(one, which)):
            yield chain.Erasing(one, leaves, without(bytes(one.body), leaves))


def _leaves(one: Block, which: pl.Expr) -> list[int]:
    rows = pl.DataFrame(pl.from_arrow(unpack(bytes(one.body)).drop_columns([SALT])))
    leaves: list[int] = rows.filter(which.fill_null(False))[LEAF].to_list()
    return leaves


def _released(authority: str, target: _Target, concerned: set[int]) -> list[str]:
    """The hashes of all kept bytes of every delivery that holds it, whether or not it was news there.

    A row that came again unchanged is in no block of that delivery, yet in its bytes.
    """
    links = Link.objects.filter(authority=authority, kind__in=(chain.RECEIVED, chain.READ)).order_by("number")
    released: set[str] = set()
    for link in links:
        says = chain.body_of(link)
        hashes = {file["sha256"] for file in says["kept"]}
        if not hashes <= released and (link.number in concerned or _holds(says, target)):
            released |= hashes
    return sorted(released)


def _holds(says: dict[str, Any], target: _Target) -> bool:
    files = list(_files_naming(says, target.name))
    return bool(files) and target.held_in(says, files)


def _files_naming(says: dict[str, Any], name: str) -> Iterator[NamedBytes]:
    """The files of a delivery, as they are kept, in whose bytes a name occurs as a word of its own."""
    for file in says["kept"]:
        if not file["name"]:
            continue
        try:
            one = blobs.read(file["name"], file["sha256"])
        except FileNotFoundError:
            continue  # released before
        if _holds_word(one.content, name):
            yield one


def _holds_word(content: bytes, name: str) -> bool:
    """Whether a name occurs in a file; one that would unpack to more than can be searched is taken to hold it."""
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
