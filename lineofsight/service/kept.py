"""Kept bytes: every delivery as it came, one file for each different content, named by its hash."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings

from lineofsight.intake.delivery import NamedBytes


def folder() -> Path:
    """Where kept bytes lie."""
    return Path(settings.HOME) / "kept"


def path_of(sha256: str) -> Path:
    """Where the bytes of that hash lie, whether or not they are there."""
    return folder() / sha256[:2] / sha256


def manifest_of(files: Sequence[NamedBytes]) -> bytes:
    """A folder's own text: a line `name sha256` for each file, sorted (counting rule 18)."""
    return "".join(sorted(f"{file.name} {file.sha256}\n" for file in files)).encode()


def keep(files: Sequence[NamedBytes]) -> tuple[str, list[str]]:
    """Keep the bytes of a delivery; gives its hash and those of all its files.

    One file is kept as it came. Several are kept each, and their manifest, whose hash is the
    delivery's. Every file is on the disk, and its name in its folder, before this returns.
    """
    hashes = [_keep(file.content) for file in files]
    if len(files) == 1:
        return hashes[0], hashes
    manifest = _keep(manifest_of(files))
    return manifest, [manifest, *hashes]


def _keep(content: bytes) -> str:
    sha256 = hashlib.sha256(content).hexdigest()
    path = path_of(sha256)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.parent / f".{secrets.token_hex(8)}"
        with draft.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(draft, path)
        _sync_folder(path.parent)
    return sha256


def _sync_folder(path: Path) -> None:
    """Make the name itself survive a power cut, not only the bytes."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read(name: str, sha256: str) -> NamedBytes:
    """The bytes of that hash, under the name the delivery gave them; raises FileNotFoundError."""
    return NamedBytes(name, path_of(sha256).read_bytes())


def hash_of(sha256: str) -> str | None:
    """The hash of what lies where the bytes of that hash should; None where nothing does."""
    try:
        with path_of(sha256).open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except FileNotFoundError:
        return None


def release(sha256: str) -> None:
    """Remove kept bytes that an erasure has released."""
    path_of(sha256).unlink(missing_ok=True)
