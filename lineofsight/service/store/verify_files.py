"""Verify the stored files, the anchor and an old head against the links of the chain."""

from __future__ import annotations

from django.db import DatabaseError

from lineofsight.service.models import Link
from lineofsight.service.store import anchor, blobs
from lineofsight.service.store.verify_chain import Walk

_FILES = "kept bytes"
"""What failures call the stored files; `verify --json` answers with it."""


def check_stored_files(walk: Walk) -> None:
    """Check that what is stored is what deliveries brought, and that nothing else is gone than what a link released."""
    arriving = blobs.arriving_hashes()
    for sha256, deliveries in walk.files.items():
        why = _wrong_with(walk, sha256, arriving)
        if why:
            for delivery in deliveries:
                walk.fails(delivery, _FILES, why)
    for sha256 in sorted(blobs.hashes() - walk.files.keys() - arriving):
        if not _named_since(walk, sha256) and blobs.path_of(sha256).exists():
            walk.fails("", _FILES, f"{sha256} is stored, and no delivery brought it")
    for _ in blobs.strays():
        walk.fails("", _FILES, "there is a file that is not stored under its hash")


def _wrong_with(walk: Walk, sha256: str, arriving: set[str]) -> str | None:
    stored = blobs.hash_of(sha256)
    if sha256 in walk.released:
        if stored is None or sha256 in arriving or _named_since(walk, sha256):
            return None
        return f"they were released under {_released_by(walk, sha256)}, yet they are still there"
    if stored is None:
        return None if _named_since(walk, sha256) else "they are missing"
    return None if stored == sha256 else "they are not what was received"


def _released_by(walk: Walk, sha256: str) -> str:
    number = walk.released[sha256]
    policy = next((one.policy for one in walk.releases if one.link == number), None)
    return f"erasure {number}" if policy is None else policy.name


def _named_since(walk: Walk, sha256: str) -> bool:
    """Whether a link appended since the chain was read names that file, so that it was just stored or released."""
    try:
        return Link.objects.filter(number__gt=walk.number, body__contains=sha256).exists()
    except DatabaseError:
        return False


def check_anchor(walk: Walk) -> None:
    """Check that the anchor notes the head of every link, and no head that the chain does not have."""
    try:
        noted_there = anchor.read()
    except OSError:
        walk.fails("", "anchor", "its file cannot be read")
        return
    # 1. Every head noted there is in the chain.
    for number, hash in noted_there.noted:
        if walk.hashes.get(number) != hash and not _appended_since(walk, number, hash):
            why = f"the chain no longer has the head of link {number} noted there"
            walk.fails(walk.names.get(number, ""), "anchor", why)
    # 2. Every link is noted there; of the newest it is enough that it was meant to be: its process may have
    #    been killed after the commit, or is about to note it.
    noted = {number for number, _ in noted_there.noted}
    if (walk.number, walk.hashes.get(walk.number, "")) in noted_there.meant:
        noted.add(walk.number)
    missing = sorted(walk.names.keys() - noted)
    if missing:
        heads = "the head" if len(missing) == 1 else f"{len(missing)} heads, the first"
        why = f"{heads} of link {missing[0]}, is not noted there: it was cut, or the link put in beside it"
        walk.fails(walk.names[missing[0]] if len(missing) == 1 else "", "anchor", why)
    # 3. Every line is a head, or the beginning of one that a power cut tore.
    heads_written = {f"{number} {hash}" for number, hash in walk.hashes.items()}
    for line in noted_there.broken:
        if not any(head.startswith(line.removeprefix("~")) for head in heads_written):
            walk.fails("", "anchor", "a line of it is not a head")


def _appended_since(walk: Walk, number: int, hash: str) -> bool:
    try:
        return number > walk.number and Link.objects.filter(number=number, hash=hash).exists()
    except DatabaseError:
        return False


def check_head(walk: Walk, head: str, access_hashes: set[str]) -> None:
    """Check that a head noted earlier is still a hash of the chain, or of the access chain."""
    if head.strip().lower() not in {*walk.hashes.values(), *access_hashes}:
        why = "that head is not part of this chain: the chain was cut or rewritten since it was noted"
        walk.fails("", "head", why)
