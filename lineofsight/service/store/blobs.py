"""Stored files: the bytes of every delivery as they came, one file for each content, named by its SHA-256 hash.

A delivery's files are stored before the chain names them. So that none stay that no link names, an
*arrival* lists them first: a file in `kept/arriving`, locked for as long as its process lives.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from collections.abc import Iterable, Iterator, Mapping
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
    """Where the files are stored."""
    return Path(settings.HOME) / "kept"


def _arrivals() -> Path:
    return folder() / "arriving"


def path_of(sha256: str) -> Path:
    """Where the file of that hash is stored, whether or not it is there."""
    return folder() / sha256[:2] / sha256


class Arrival:
    """Files listed while the chain is about to name them, or to release them.

    When the arrival ends, those that no link names are removed.
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
        # It appears locked, so that `tidy` does not take it for one that was left behind.
        draft.replace(self._list)
        _sync_folder(_arrivals())

    def keep(self, contents: Mapping[str, NamedBytes]) -> None:
        """Store each of these files under its hash, safe from a power cut. Raises Refused where one has changed."""
        for sha256, file in contents.items():
            if not path_of(sha256).exists():
                with file.stream() as stream:
                    self.keep_stream(sha256, stream)

    def keep_stream(self, sha256: str, content: IO[bytes]) -> None:
        """Store one file, without holding it all in memory. Raises Refused where its hash is another."""
        target = path_of(sha256)
        if target.exists():
            return
        draft = self._list.with_suffix(".draft")
        with draft.open("wb") as stream:
            digest = hashlib.sha256()
            while part := content.read(2**20):
                digest.update(part)
                stream.write(part)
            if digest.hexdigest() != sha256:
                raise Refused("A file was changed while it was being received. Deliver it again.")
            stream.flush()
            os.fsync(stream.fileno())
        if not target.parent.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            _sync_folder(folder())
        draft.replace(target)
        _sync_folder(target.parent)

    def completed(self) -> None:
        """A committed link names these files: none has to be removed."""
        self._hashes = []

    def end(self) -> None:
        """Remove the files on the list that no link names, then the list."""
        if self._hashes:
            _remove_unnamed(self._list, self._hashes)
        self._list.unlink(missing_ok=True)
        self._list.with_suffix(".draft").unlink(missing_ok=True)
        self._lock.close()


@contextmanager
def arriving(contents: Mapping[str, NamedBytes]) -> Iterator[Arrival]:
    """Store files, given by hash, while their delivery is appended; those that no link names are removed again."""
    tidy()
    arrival = Arrival(contents)
    try:
        arrival.keep(contents)
        yield arrival
    finally:
        arrival.end()


def tidy() -> None:
    """Remove what killed processes left: files that they stored and no link names, and their drafts."""
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
    """The hashes listed by arrivals under way, or by killed ones, but those of the list `beside`."""
    hashes = set()
    for path in _listed_arrivals():
        if path == beside:
            continue
        try:
            hashes.update(_HASH.findall(path.read_text("utf-8", "replace")))
        except FileNotFoundError:
            continue  # the arrival has just ended
    return hashes


def _remove_unnamed(list_: Path, hashes: Iterable[str]) -> None:
    with chain.writing():
        unlisted = set(hashes) - arriving_hashes(beside=list_)
        for sha256 in unlisted - chain.named_hashes(unlisted):
            path_of(sha256).unlink(missing_ok=True)


def _locks(stream: IO[Any], *, wait: bool = True) -> bool:
    """Whether this process now holds the file's lock; on a platform without locks, what was left behind stays."""
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
    """The stored file of that hash, under the name its delivery gave it. Raises FileNotFoundError."""
    path = path_of(sha256)
    path.open("rb").close()
    return NamedBytes(name, path=path)


def hash_of(sha256: str) -> str | None:
    """The hash of what is stored in the place of that hash; None where nothing is.

    Empty where it cannot be read as a file: a folder, a pipe, a broken disk.
    """
    path = path_of(sha256)
    try:
        if path.exists() and not path.is_file():
            return ""  # opening a pipe would wait for ever
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError:
        return ""


def strays() -> list[str]:
    """What is stored there under a name that is not a hash in its place, as paths from the folder."""
    paths = sorted(folder().rglob("*")) if folder().exists() else []
    return [
        path.relative_to(folder()).as_posix()
        for path in paths
        if not path.is_dir() and path.parent != _arrivals() and not _is_in_place(path)
    ]


def hashes() -> set[str]:
    """The hashes of all stored files."""
    return {path.name for path in folder().glob("??/*") if _is_in_place(path)}


def _is_in_place(path: Path) -> bool:
    return (
        bool(_HASH.fullmatch(path.name))
        and path == path_of(path.name)
        and path.is_file()
        and not path.is_symlink()
    )
