"""Backup and restore: the chain, its blocks, the stored files, the anchors, and the accounts with the access log.

A backup is one tar file that does not depend on the database it came from, so it also moves a record from
SQLite to PostgreSQL and back. It is written from one state of the ledger, and nobody has to stop working;
only an erasure, or a release of files, in the meantime makes it begin again. It holds the files that were stored
then and none that were released before, so it must expire as soon as they would have been released.
"""

from __future__ import annotations

import errno
import hashlib
import io
import json
import os
import re
import tarfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import DatabaseError

from lineofsight.intake.formats import formats
from lineofsight.record.tables import TABLES
from lineofsight.service.models import Block, ErasedBlock, Link
from lineofsight.service.store import anchor, backup_people, blobs, chain, sealing, signing
from lineofsight.vocabulary.refusal import Refused

_FORMAT = "lineofsight-backup-2"
_BEFORE_SEALS = "lineofsight-backup-1"
"""The format of backups made before the access chain began: their accounts and log are sealed when restored."""
_BLOCK = re.compile(r"blocks/([1-9][0-9]{0,17})-([a-z_]{1,40})\.(arrow|seals)")
_FILE = re.compile(r"kept/([0-9a-f]{64})")
_LINK = ("number", "kind", "delivery", "authority", "source", "witnessed_at", "body", "previous", "hash")
_ERASED_BLOCK = ("number", "link_id", "block_id", "before", "after")
_ANCHORS = (anchor.CHAIN, anchor.ACCESS_CHAIN)
_TRIES = 5
_REMOVES = (chain.ERASED, chain.RELEASED)
"""Links after which a backup begun before them would keep what they removed."""
_NO_LINKS = (errno.EPERM, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK)
"""What a memory stick or a network folder answers that cannot give one file two names."""
_ODD_CONTENT = (ArithmeticError, AttributeError, EOFError, LookupError, RecursionError, TypeError, ValueError)
"""What reading a file that is no backup may raise."""
_MOST_SMALL_BYTES = 2**31
"""Only stored files may be larger: every other member is read into memory."""


def backup(file: Path, *, with_signing_key: bool = False) -> int:
    """Write the record to `file`, complete or not at all; gives how many links it holds. Raises Refused.

    The private key with which a service signs is left out unless it is asked for.
    """
    private = signing.content() if with_signing_key else None
    if not file.name or file.is_dir():
        raise Refused(f"{str(file)!r} is a folder. Give the name of a file to write the backup to.")
    if file.exists():
        raise Refused(
            f"{str(file)!r} exists already. Give the name of a new file, so that no backup is overwritten."
        )
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        for _ in range(_TRIES):
            try:
                number = _write(draft, private)
            except FileNotFoundError:
                if not draft.parent.is_dir():
                    raise
                _check_files_are_there()
                continue  # files were released in the meantime
            if not Link.objects.filter(kind__in=_REMOVES, number__gt=number).exists():
                _put(draft, file)
                return number
    except OSError as fault:
        raise Refused(
            f"The backup cannot be written to {str(file)!r} ({fault.strerror}). Give another place."
        ) from None
    finally:
        draft.unlink(missing_ok=True)
    raise Refused(
        "Rows or files were removed repeatedly while the backup was being written. Try again when that has ended."
    )


def _put(draft: Path, file: Path) -> None:
    """Give the draft its name. Raises FileExistsError where somebody made that file meanwhile."""
    try:
        os.link(draft, file)  # unlike a rename, it overwrites nothing
    except OSError as fault:
        if fault.errno not in _NO_LINKS:
            raise
        if file.exists():
            raise FileExistsError(fault.errno, os.strerror(errno.EEXIST)) from None
        draft.rename(file)


def _check_files_are_there() -> None:
    links = [json.loads(body) for body in Link.objects.order_by("number").values_list("body", flat=True)]
    if any(not blobs.path_of(sha256).exists() for sha256 in chain.stored_by(links)):
        raise Refused("Stored files are missing, so no backup was written. `lineofsight verify` says which.")


def _write(draft: Path, private: bytes | None) -> int:
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as stream:
        with tarfile.open(fileobj=stream, mode="w") as tar, chain.reading():
            number = _write_members(tar)
            if private is not None:
                _add(tar, signing.NAME, private)
        stream.flush()
        os.fsync(stream.fileno())
    return number


def _write_members(tar: tarfile.TarFile) -> int:
    links = list(Link.objects.order_by("number").values(*_LINK))
    number = links[-1]["number"] if links else 0
    _add(tar, "format", _FORMAT.encode())
    _add(tar, "links.jsonl", _lines(links))
    _add(tar, "erased.jsonl", _lines(ErasedBlock.objects.order_by("number").values(*_ERASED_BLOCK)))
    for name, rows in backup_people.rows():
        _add(tar, f"{name}.jsonl", _lines(rows))
    access = sealing.head()
    for name, newest in ((anchor.CHAIN, number), (anchor.ACCESS_CHAIN, access.number if access else 0)):
        _add(tar, name, "".join(_anchor_lines(name, newest)).encode())
    for block in Block.objects.order_by("number").iterator(chunk_size=4):
        _add(tar, f"blocks/{block.link_id}-{block.table}.arrow", bytes(block.body))
        _add(tar, f"blocks/{block.link_id}-{block.table}.seals", bytes(block.seals))
    for sha256 in sorted(chain.stored_by(json.loads(link["body"]) for link in links)):
        with blobs.path_of(sha256).open("rb") as stream:
            entry = tarfile.TarInfo(f"kept/{sha256}")
            entry.size = os.fstat(stream.fileno()).st_size
            tar.addfile(entry, stream)
    return number


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    tar.addfile(entry, io.BytesIO(content))


def _lines(rows: Iterable[Any]) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode(
        "utf-8", "surrogatepass"
    )


def _anchor_lines(name: str, number: int) -> Iterator[str]:
    """An anchor up to that link; of heads that were meant only that link's."""
    whole = anchor.read(name)
    yield from (f"{line}\n" for line in whole.broken)
    yield from (f"~{n} {hash}\n" for n, hash in sorted(whole.meant) if n == number)
    yield from (f"{n} {hash}\n" for n, hash in whole.noted if n <= number)


# -- restoring ----------------------------------------------------------------------------------


def restore(file: Path) -> None:
    """Restore a backup into a home whose record is empty. Raises Refused, and changes nothing, where it cannot."""
    _check_empty()
    try:
        # Uncompressed only: a few compressed bytes could unpack to more than a disk holds.
        with tarfile.open(file, "r:") as tar:
            _restore(tar)
    except FileNotFoundError:
        raise Refused(f"There is no file called {file.name!r}. Check the path.") from None
    except (PermissionError, IsADirectoryError) as fault:
        raise Refused(f"{file.name!r} cannot be opened: {fault.strerror}.") from None
    except (tarfile.TarError, DatabaseError, OSError, ValidationError, *_ODD_CONTENT):
        raise Refused(f"{file.name!r} is not a backup that can be read, so nothing was restored.") from None


def _check_empty() -> None:
    if chain.head() is not None:
        raise Refused("This home already holds a record. Restore into an empty one (set LINEOFSIGHT_HOME).")
    backup_people.check_empty()


def _restore(tar: tarfile.TarFile) -> None:
    members = _members(tar)
    made_as = _content(tar, members, "format").decode()
    if made_as not in (_FORMAT, _BEFORE_SEALS):
        raise ValueError
    sealed = made_as == _FORMAT
    if not settings.HOLDS_CHILDREN:
        _check_public(tar, members)
    hashes = [match[1] for name in members if (match := _FILE.fullmatch(name))]
    arrival = blobs.Arrival(hashes)
    paths = {name: anchor.path(name) for name in _ANCHORS}
    before = {name: path.read_bytes() if path.exists() else None for name, path in paths.items()}
    try:
        for sha256 in hashes:
            _restore_file(tar, members[f"kept/{sha256}"], arrival, sha256)
        with chain.writing():
            _check_empty()
            _restore_rows(tar, members, sealed=sealed)
            for name in _ANCHORS if sealed else (anchor.CHAIN,):
                paths[name].write_bytes(_content(tar, members, name))
            if signing.NAME in members and not signing.is_there():
                signing.put(_content(tar, members, signing.NAME))
    except BaseException:
        for name, content in before.items():
            if content is None:
                paths[name].unlink(missing_ok=True)
            else:
                paths[name].write_bytes(content)
        raise
    finally:
        arrival.end()  # removes the files again where no link came to name them


def _check_public(tar: tarfile.TarFile, members: dict[str, tarfile.TarInfo]) -> None:
    """Raise Refused, before anything is written, where a backup holds children: a public record has no room for them."""
    tables = {match[2] for name in members if (match := _BLOCK.fullmatch(name))}
    bodies = [json.loads(row["body"]) for row in _rows(tar, members, "links.jsonl")]
    read_as = {body["format"] for body in bodies if "format" in body}
    named = any(True for name in backup_people.ABOUT_CHILDREN for _ in _rows(tar, members, f"{name}.jsonl"))
    if named or not tables <= TABLES.keys() or not read_as <= formats().keys():
        raise Refused(
            "This is the backup of a service, and a public record takes no children's records, so nothing was restored. "
            "Restore it into a home of its own with LINEOFSIGHT_MODE=service."
        )


def _members(tar: tarfile.TarFile) -> dict[str, tarfile.TarInfo]:
    """The members by name. Raises ValueError where one is no plain file (a link could lead to any), or comes twice."""
    members: dict[str, tarfile.TarInfo] = {}
    for member in tar:
        if not member.isreg() or member.issparse() or member.name in members:
            raise ValueError
        members[member.name] = member
    return members


def _stream(tar: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    stream = tar.extractfile(member)
    if stream is None:
        raise ValueError
    return stream


def _content(tar: tarfile.TarFile, members: dict[str, tarfile.TarInfo], name: str) -> bytes:
    member = members[name]
    if member.size > _MOST_SMALL_BYTES:
        raise ValueError
    content = _stream(tar, member).read()
    if len(content) != member.size:
        raise EOFError
    return content


def _restore_file(tar: tarfile.TarFile, member: tarfile.TarInfo, arrival: blobs.Arrival, sha256: str) -> None:
    with _stream(tar, member) as stream:
        digest = hashlib.sha256()
        while part := stream.read(2**20):
            digest.update(part)
    if digest.hexdigest() != sha256:
        raise ValueError
    with _stream(tar, member) as stream:
        arrival.keep_stream(sha256, stream)


def _rows(tar: tarfile.TarFile, members: dict[str, tarfile.TarInfo], name: str) -> Iterator[dict[str, Any]]:
    if name not in members and name.removesuffix(".jsonl") in backup_people.ADDED_LATER:
        return  # made before there were any; where it was cut out, `verify` misses the rows
    for line in _content(tar, members, name).decode("utf-8", "surrogatepass").split("\n"):
        if line:
            yield json.loads(line)


def _restore_rows(tar: tarfile.TarFile, members: dict[str, tarfile.TarInfo], *, sealed: bool) -> None:
    rows_of_links = [_only(row, _LINK) for row in _rows(tar, members, "links.jsonl")]
    links = {row["number"]: Link(**row) for row in rows_of_links}
    _check_complete([json.loads(link.body) for link in links.values()], members)
    Link.objects.bulk_create(links.values(), batch_size=100)
    erased = [_only(row, _ERASED_BLOCK) for row in _rows(tar, members, "erased.jsonl")]
    after = {row["block_id"]: row["after"] for row in erased}
    blocks = sorted(
        (int(match[1]), match[2])
        for name in members
        if (match := _BLOCK.fullmatch(name)) and match[3] == "arrow"
    )
    for number, (link_number, table) in enumerate(blocks, 1):
        link, member = links[link_number], f"blocks/{link_number}-{table}"
        committed = json.loads(link.body)["blocks"][table]["sha256"]
        Block.objects.create(
            number=number,
            link=link,
            table=table,
            authority=link.authority,
            sha256=after.get(number, committed),
            body=_content(tar, members, f"{member}.arrow"),
            seals=_content(tar, members, f"{member}.seals"),
        )
    ErasedBlock.objects.bulk_create([ErasedBlock(**row) for row in erased], batch_size=100)

    def read(name: str) -> Iterator[dict[str, Any]]:
        return _rows(tar, members, f"{name}.jsonl")

    backup_people.restore(read if sealed else backup_people.as_sealed(read))
    if not sealed:
        sealing.seal_what_stands()


def _check_complete(bodies: list[dict[str, Any]], members: Iterable[str]) -> None:
    """Raise EOFError where members are missing: a backup cut short after a member would look like a smaller one."""
    blocks = {
        f"blocks/{says['number']}-{table}.{part}"
        for says in bodies
        for table in says["blocks"]
        for part in ("arrow", "seals")
    }
    if not (blocks | {f"kept/{sha256}" for sha256 in chain.stored_by(bodies)}) <= set(members):
        raise EOFError


def _only(row: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    if set(row) != set(names):
        raise ValueError
    return row
