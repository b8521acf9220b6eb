"""Making the signed file in which what is public crosses to a public home. Each is numbered and stated in the chain."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from lineofsight.intake import signed_file
from lineofsight.intake.signed_file import PublicFile
from lineofsight.service.access.public_parts import PublicParts, public_parts
from lineofsight.service.store import chain, clock, crossings, signing
from lineofsight.vocabulary.identifiers import AuthorityCode
from lineofsight.vocabulary.refusal import Refused


@dataclass(frozen=True)
class Waiting:
    """What would cross now: how much of each kind, the file before, and whether there is a key to sign with."""

    counts: dict[str, int]
    last: crossings.Made | None
    has_key: bool
    is_changed: bool
    """Whether anything became public, or was erased, since the file before."""


@dataclass(frozen=True)
class MadeFile:
    """A file that was made: its name, its bytes, what it says, and how much of each kind it holds."""

    name: str
    content: bytes
    says: PublicFile
    counts: dict[str, int]


def waiting(authority: AuthorityCode, *, whole: bool = False) -> Waiting:
    """What a file would hold if it were made now."""
    last = next(reversed(crossings.made(authority)), None)
    head = chain.head()
    found = public_parts(authority, _after(last, whole=whole), head.number if head else 0)
    return Waiting(found.counts, last, signing.is_there(), _is_changed(authority, last, found))


def make(authority: AuthorityCode, *, office: str, by: str, whole: bool = False) -> MadeFile:
    """Make the next file, and state in the chain who made it.

    `office` is published in the file; `by` stays in the service's own chain. `whole`: everything that is public, and not
    only what came since the file before. Raises Refused where there is no key, or nothing to cross.
    """
    if not by.strip() or not office.strip():
        raise Refused("Say who makes it.", command="Add --by NAME.")
    key = signing.key()
    with chain.writing():
        head = chain.head()
        last = next(reversed(crossings.made(authority)), None)
        if head is None:
            raise Refused("The record is empty, so there is nothing to make public.")
        found = public_parts(authority, _after(last, whole=whole), head.number)
        if not whole and not _is_changed(authority, last, found):
            if last is None:
                raise Refused("Nothing of this authority is public yet, so no file was made.")
            raise Refused(
                f"Nothing public has changed since file {last.number}, so no file was made.",
                command="To make everything again as a whole file, add --whole.",
            )
        says = PublicFile(
            authority=authority,
            number=last.number + 1 if last else 1,
            previous=last.sha256 if last else "",
            whole=whole or last is None,
            made_at=clock.now(),
            made_by=office.strip()[:200],
            position=head.number,
            head=head.hash,
            key=signed_file.public_key(key),
            parts=signed_file.hashes(found.parts),
        )
        content = signed_file.signed(says, found.parts, key)
        crossings.note_made(says, hashlib.sha256(content).hexdigest(), found.counts, by=by.strip()[:200])
    return MadeFile(f"public-{authority}-{says.number:04d}.zip", content, says, found.counts)


def _after(last: crossings.Made | None, *, whole: bool) -> int:
    return 0 if whole or last is None else last.position


def _is_changed(authority: str, last: crossings.Made | None, found: PublicParts) -> bool:
    return bool(found.counts) or (
        last is not None and chain.erased_since(authority, "statement", last.position)
    )
