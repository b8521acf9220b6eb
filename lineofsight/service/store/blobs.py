"""Kept bytes: every delivery as it came, one file for each different content, named by its hash.

A delivery's bytes are kept before the chain names them. So that none are left that no link names,
an *arrival* lists them first: a file in `kept/arriving`, locked for as long as its process lives.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from django.conf import settings

from lineofsight.intake.delivery import NamedBytes
from lineofsight.service.store import chain
from lineofsight.vocabulary.refusal import Refused

_HASH = re.compile(r"[0-9a-f]{64}")
_ARRIVAL = re.compile(r"[0-9a-f]{16}")


def folder() -> Path:
    """Where kept bytes lie."""
    return Path(settings.HOME) / "kept"


def _arrivals() -> Path:
    return folder() / "arriving"


def path_of(sha256: str) -> Path:
    """Where the bytes of that hash lie, whether or not they are there."""
    return folder() / sha256[:2] / sha256


def manifest_of(files: Sequence[NamedBytes], hashes: Sequence[str]) -> bytes:
    """A folder's own text: a line `name sha256` for each file, sorted (counting rule 18)."""
    return "".join(sorted(f"{file.name} {hash}\n" for file, hash in zip(files, hashes, strict=True))).encode()


class Arrival:
    """Bytes while the chain is about to name them, or to release them: listed until it has.

    When it ends, those that no link names are removed.
    """

    def __init__(self, hashes: Iterable[str]) -> None:
        self._hashes = list(hashes)
        self._list = _arrivals() / secrets.token_hex(8)
        _arrivals().mkdir(parents=True, exist_ok=True)
        draft = self._list.with_suffix(".draft")
        self._lock = draft.open("w")
        _locks(self._lock)
        self._lock.write("".join(f"{sha256}\n" for sha256 in self._hashes))
        self._lock.flush()
        os.fsync(self._lock.fileno())
        draft.replace(self._list)  # it appears listed and locked, so nobody takes it for one left behind
        _sync_folder(_arrivals())

    def keep(self, contents: Mapping[str, NamedBytes]) -> None:
        """Have all of these bytes on the disk under their hash, and their names in their folders."""
        for sha256, file in contents.items():
            if not path_of(sha256).exists():
                with file.stream() as stream:
                    self.keep_stream(sha256, stream)

    def keep_stream(self, sha256: str, content: IO[bytes]) -> None:
        """The same for the bytes of one file, without holding them all in memory."""
        target = path_of(sha256)
        if target.exists():
            return
        draft = self._list.with_suffix(".draft")
        with draft.open("wb") as stream:
            found = hashlib.sha256()
            while part := content.read(2**20):
                found.update(part)
                stream.write(part)
            if found.hexdigest() != sha256:
                raise Refused("A file was changed while it was being received; deliver it again.")
            stream.flush()
            os.fsync(stream.fileno())
        if not target.parent.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            _sync_folder(folder())
        draft.replace(target)
        _sync_folder(target.parent)

    def completed(self) -> None:
        """A link that has been committed names these bytes: there is nothing to take away."""
        self._hashes = []

    def end(self) -> None:
        """Take the list away, and first the bytes on it that no link names."""
        if self._hashes:
            _remove_unnamed(self._list, self._hashes)
        self._list.unlink(missing_ok=True)
        self._list.with_suffix(".draft").unlink(missing_ok=True)
        self._lock.close()


@contextmanager
def arriving(contents: Mapping[str, NamedBytes]) -> Iterator[Arrival]:
    """Keep bytes, by their hash, while the delivery they came in is appended; those nobody names go again."""
    tidy()
    arrival = Arrival(contents)
    try:
        arrival.keep(contents)
        yield arrival
    finally:
        arrival.end()


def tidy() -> None:
    """Take away what killed processes left: bytes they kept and never had a link name, and their drafts."""
    for path in _listed_arrivals():
        with path.open() as stream:
            if _locks(stream, wait=False):
                _remove_unnamed(path, _HASH.findall(stream.read()))
                path.unlink(missing_ok=True)
                path.with_suffix(".draft").unlink(missing_ok=True)


def _listed_arrivals() -> list[Path]:
    try:
        return [
            path
            for path in _arrivals().iterdir()
            if _ARRIVAL.fullmatch(path.stem) and not path.suffix and path.is_file()
        ]
    except (FileNotFoundError, NotADirectoryError):
        return []


def arriving_hashes(beside: Path | None = None) -> set[str]:
    """The hashes of bytes that deliveries under way, or ones that were killed, have listed."""
    found = set()
    for path in _listed_arrivals():
        if path == beside:
            continue
        try:
            found.update(_HASH.findall(path.read_text("utf-8", "replace")))
        except FileNotFoundError:
            continue  # it has just been appended or given up
    return found


def _remove_unnamed(list_: Path, hashes: Iterable[str]) -> None:
    with chain.writing():
        unlisted = set(hashes) - arriving_hashes(beside=list_)
        for sha256 in unlisted - chain.named_hashes(unlisted):
            path_of(sha256).unlink(missing_ok=True)


def _locks(stream: IO[Any], *, wait: bool = True) -> bool:
    """Whether this process now holds the file's lock; where the platform has none, nothing is ever left behind."""
    try:
        import fcntl
    except ImportError:
        return wait
    try:
        fcntl.flock(stream, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _sync_folder(path: Path) -> None:
    """Make the names in a folder survive a power cut, not only the bytes."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read(name: str, sha256: str) -> NamedBytes:
    """The bytes of that hash, under the name the delivery gave them; raises FileNotFoundError."""
    path = path_of(sha256)
    path.open("rb").close()
    return NamedBytes(name, path=path)


def hash_of(sha256: str) -> str | None:
    """The hash of what lies where the bytes of that hash should; None where nothing does.

    Empty where what lies there cannot be read as a file: a folder, a pipe, a broken disk.
    """
    path = path_of(sha256)
    try:
        if path.exists() and not path.is_file():
            return ""  # a pipe would keep whoever opens it waiting for ever
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError:
        return ""


def strays() -> list[str]:
    """What lies among kept bytes without being kept bytes, or under a name that is not a hash in its place."""
    every = sorted(folder().rglob("*")) if folder().exists() else []
    found = (
        path for path in every if not path.is_dir() and path.parent != _arrivals() and not _is_in_place(path)
    )
    return [path.relative_to(folder()).as_posix() for path in found]


def _is_arrival(path: Path) -> bool:
    return (
        path.parent == _arrivals() and bool(_ARRIVAL.fullmatch(path.stem)) and path.suffix in ("", ".draft")
    )


def hashes() -> set[str]:
    """The hashes under which bytes are kept."""
    return {path.name for path in folder().glob("??/*") if _is_in_place(path)}


def _is_in_place(path: Path) -> bool:
    return (
        bool(_HASH.fullmatch(path.name))
        and path == path_of(path.name)
        and path.is_file()
        and not path.is_symlink()
    )
