"""Erasure: rows and their salts go, their seals stay, and the chain says who, when and on what ground."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import polars as pl
from django.db import transaction

from lineofsight.record.arrow import LEAF
from lineofsight.record.block import unpack
from lineofsight.record.schema import Table
from lineofsight.record.tables import TABLES
from lineofsight.service import kept, ledger, picture
from lineofsight.service.models import Block, Link
from lineofsight.vocabulary.identifiers import AuthorityCode
from lineofsight.vocabulary.refusal import Refused

_Matches = Callable[[Table, Block], pl.Expr | None]
"""For a table and a block of it, which rows go; None where none can."""


def erase_child(authority: AuthorityCode, child: str, ground: str, *, by: str) -> Link:
    """Erase every row that names a child, in every table; refuses where there is none."""

    def matches(table: Table, block: Block) -> pl.Expr | None:
        if table.name == "finding":
            return pl.col("key").str.split("/").list.contains(child)
        named = [pl.col(name) == child for name in table.child]
        return pl.any_horizontal(named) if named else None

    return _erase(authority, ground, "child", matches, by=by)


def erase_statement(authority: AuthorityCode, reference: str, ground: str, *, by: str) -> Link:
    """Erase every version of a statement, and the findings about it; refuses where there is none."""
    source, _, id = reference.partition("/")

    def matches(table: Table, block: Block) -> pl.Expr | None:
        if block.link.source != source or table.name not in ("statement", "finding"):
            return None
        return pl.col("id") == id if table.name == "statement" else pl.col("key") == id

    return _erase(authority, ground, "statement", matches, by=by)


def _erase(authority: AuthorityCode, ground: str, what: str, matches: _Matches, *, by: str) -> Link:
    if not ground.strip() or not by.strip():
        raise Refused("Say on which ground and who decided it; both are kept.")

    def choose() -> tuple[list[Block], Callable[[Block], list[int]]]:
        found = Block.objects.filter(authority=authority).select_related("link").order_by("link_id", "table")
        return [one for one in found if one.table in TABLES], lambda one: _leaves(one, matches)

    link = ledger.erase(authority, ground, what, choose, _bytes_of, by=by, at=ledger.now())
    if link is None:
        raise Refused(f"This authority's record holds no such {what}; nothing was erased.")
    _release(link)
    for name in TABLES:
        picture.catch_up(authority, name)
    return link


def _leaves(one: Block, matches: _Matches) -> list[int]:
    which = matches(TABLES[one.table], one)
    if which is None:
        return []
    rows = pl.DataFrame(pl.from_arrow(unpack(bytes(one.body)).drop_columns(["_salt"])))
    leaves: list[int] = rows.filter(which.fill_null(False))[LEAF].to_list()
    return leaves


def _bytes_of(concerned: Sequence[Block]) -> list[str]:
    """The hashes of the kept bytes of every delivery concerned: what was erased must not stay there."""
    says = [ledger.body_of(one.link) for one in concerned]
    return sorted({file["sha256"] for one in says for file in _files(one)})


def _files(says: dict[str, Any]) -> list[dict[str, str]]:
    files: list[dict[str, str]] = says.get("kept", [])
    return files


def _release(link: Link) -> None:
    """Remove the released bytes, once the chain says that they are."""
    hashes = ledger.body_of(link)["released"]
    transaction.on_commit(lambda: [kept.release(sha256) for sha256 in hashes])
