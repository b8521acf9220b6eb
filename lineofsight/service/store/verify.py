"""Verify that nothing the ledger took in was changed, taken out, put in or moved.

Covers every cell of the chain (`verify_chain`), its blocks (`verify_blocks`), the stored files, the anchor
and an old head (`verify_files`), and the access chain with all it seals (`verify_access`). It cannot see a
chain that was rewritten whole, or cut at its end, together with its anchor: whoever noted an old head can
(`verify --head`). Whatever lies in the database or beside it, this does not raise: it says what is wrong,
and where.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import DatabaseError, connection

from lineofsight.service.store import chain, verify_access, verify_blocks, verify_chain, verify_files
from lineofsight.service.store.verify_chain import Failure, Release, Walk


@dataclass(frozen=True)
class Verified:
    """Whether the record holds, its newest and first hashes, how many links it has, what failed.

    `releases`: the files that are gone because the policy by which they are kept had passed. That is no failure.
    """

    head: str | None
    first: str | None
    link_count: int
    failures: list[Failure]
    releases: list[Release] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether nothing failed."""
        return not self.failures

    def as_json(self) -> dict[str, Any]:
        """The answer of `verify --json`."""
        failures = [vars(failure) for failure in self.failures]
        return {"holds": self.holds, "head": self.head, "first": self.first, "failures": failures}


def verify(head: str | None = None, *, each_row: bool = False) -> Verified:
    """Verify the whole record and, where a head (hash of a link) is given, that it is still part of the chain.

    With `each_row` every row is hashed again against its own seal, which the hash of its block already
    covers: slower, and worth it once after a restore or before an inquiry.
    """
    walk = Walk()
    try:
        with chain.reading(), _any_text():
            verify_chain.check_links(walk)
            verify_blocks.check_blocks(walk, each_row=each_row)
            verify_blocks.check_erased_blocks(walk)
            access_hashes = verify_access.check(walk.fails_anywhere, walk.access, walk.erasures)
    except DatabaseError as fault:
        walk.fails(
            "", "database", f"it cannot be read to its end ({type(fault).__name__}): its file is damaged"
        )
        access_hashes = set()
    verify_files.check_stored_files(walk)
    verify_files.check_anchor(walk)
    if head is not None:
        verify_files.check_head(walk, head, access_hashes)
    numbers = sorted(walk.hashes)
    newest, first = (walk.hashes[numbers[-1]], walk.hashes[numbers[0]]) if numbers else (None, None)
    return Verified(newest, first, len(numbers), walk.failures, walk.releases)


@contextmanager
def _any_text() -> Iterator[None]:
    """Read text in SQLite that is not UTF-8 too, so that it is found wrong instead of ending the reading."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    handle: Any = connection.connection
    usual = handle.text_factory
    handle.text_factory = lambda content: content.decode("utf-8", "surrogateescape")
    try:
        yield
    finally:
        handle.text_factory = usual


def summary(verified: Verified) -> list[str]:
    """The lines that a person reads at the terminal."""
    if verified.failures:
        lines = [
            f"  {failure.delivery or 'record'} · {failure.part} · {failure.why}"
            for failure in verified.failures
        ]
        return ["The record does not hold.", *lines, *_said_of_releases(verified)]
    if verified.head is None:
        return ["The record is empty: there is nothing to verify yet."]
    holds = f"The record holds: {verified.link_count} links, head {verified.head}"
    return [holds, *_said_of_releases(verified)]


def _said_of_releases(verified: Verified) -> list[str]:
    """A line for each policy under which files were released."""
    lines = []
    for policy in dict.fromkeys(one.policy for one in verified.releases):
        under = [one for one in verified.releases if one.policy == policy]
        files, deliveries = (sum(getattr(one, name) for one in under) for name in ("files", "deliveries"))
        lines.append(
            f"Released under {policy.name}: {files:,} files of {deliveries:,} deliveries, last on {under[-1].on}. "
            "Their fingerprints and rows stay."
        )
    return lines
