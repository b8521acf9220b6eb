"""Backup and restore: the chain, its blocks, the kept bytes, the anchor and the people who may sign in.

One tar file that says nothing of which database it came from, so it also moves a record from
SQLite to PostgreSQL and back. Since the chain only grows, it is written without stopping anybody:
up to the newest link at the start; only an erasure in the meantime makes it begin again.
"""

from __future__ import annotations

import io
import json
import os
import re
import tarfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core import serializers
from django.db import transaction

from lineofsight.service import anchor, kept, ledger
from lineofsight.service.models import Block, ErasedBlock, Link
from lineofsight.vocabulary.refusal import Refused

_FORMAT = "lineofsight-backup-1"
_BLOCK = re.compile(r"blocks/(\d+)-([a-z_]+)\.(arrow|seals)")
_KEPT = re.compile(r"kept/([0-9a-f]{64})")
_LINK = ("number", "kind", "delivery", "authority", "source", "witnessed_at", "body", "previous", "hash")


def backup(file: Path) -> int:
    """Write the record to `file`, complete or not at all; gives how many links it holds."""
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        for _ in range(5):
            newest = ledger.head()
            number = newest.number if newest else 0
            _write(draft, number)
            if not Link.objects.filter(kind=ledger.ERASED, number__gt=number).exists():
                os.replace(draft, file)
                return number
    except OSError as fault:
        raise Refused(f"The backup cannot be written to {file} ({fault.strerror}); give another place.") from None
    finally:
        draft.unlink(missing_ok=True)
    raise Refused("Rows were erased again and again while this ran; try once that has ended.")


def _write(draft: Path, number: int) -> None:
    with tarfile.open(draft, "w") as tar:
        for name, content in _members(number):
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    handle = os.open(draft, os.O_RDONLY)
    os.fsync(handle)
    os.close(handle)


def _members(number: int) -> Iterator[tuple[str, bytes]]:
    yield "format", _FORMAT.encode()
    links = list(Link.objects.filter(number__lte=number).order_by("number").values(*_LINK))
    yield "links.jsonl", _lines(links)
    yield "erased.jsonl", _lines(_erased_rows(number))
    yield "people.json", serializers.serialize("json", User.objects.order_by("pk")).encode()
    yield "anchor.txt", "".join(f"{n} {h}\n" for n, h in sorted(anchor.heads().items()) if n <= number).encode()
    for one in Block.objects.filter(link_id__lte=number).order_by("link_id", "table").iterator(chunk_size=4):
        yield f"blocks/{one.link_id}-{one.table}.arrow", bytes(one.body)
        yield f"blocks/{one.link_id}-{one.table}.seals", bytes(one.seals)
    for sha256 in sorted(_kept_by(links)):
        yield f"kept/{sha256}", kept.path_of(sha256).read_bytes()


def _lines(rows: Iterable[dict[str, Any]]) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def _erased_rows(number: int) -> Iterator[dict[str, Any]]:
    found = ErasedBlock.objects.filter(link_id__lte=number).order_by("id")
    yield from found.values("link_id", "block__link_id", "block__table", "before", "after")


def _kept_by(links: list[dict[str, Any]]) -> set[str]:
    bodies = [json.loads(link["body"]) for link in links]
    held = {file["sha256"] for body in bodies for file in body.get("kept", [])}
    return held - {sha256 for body in bodies for sha256 in body.get("released", [])}


def restore(file: Path) -> None:
    """Restore a backup into a home whose record is empty; refuses anything else and leaves it as it was."""
    if ledger.head() is not None:
        raise Refused("This home already holds a record; restore into an empty one (set LINEOFSIGHT_HOME).")
    try:
        with tarfile.open(file) as tar:
            _restore(tar)
    except (OSError, tarfile.TarError, ValueError, KeyError, UnicodeDecodeError):
        raise Refused(f"{file.name!r} is not a backup of a record that can be read; nothing was restored.") from None


def _restore(tar: tarfile.TarFile) -> None:
    if _content(tar, "format").decode() != _FORMAT:
        raise ValueError
    for member in tar:
        if match := _KEPT.fullmatch(member.name):
            if kept.keep([kept.NamedBytes("", _content(tar, member.name))])[0] != match[1]:
                raise ValueError
    with transaction.atomic():
        Link.objects.bulk_create([Link(**row) for row in _rows(tar, "links.jsonl")], batch_size=200)
        _restore_blocks(tar)
        for person in serializers.deserialize("json", _content(tar, "people.json").decode()):
            person.save()
    anchor.path().write_bytes(_content(tar, "anchor.txt"))


def _restore_blocks(tar: tarfile.TarFile) -> None:
    erased = list(_rows(tar, "erased.jsonl"))
    after = {(row["block__link_id"], row["block__table"]): row["after"] for row in erased}
    made = {}
    for member in tar:
        match = _BLOCK.fullmatch(member.name)
        if match and match[3] == "arrow":
            made[int(match[1]), match[2]] = _restore_block(tar, int(match[1]), match[2], after)
    for row in erased:
        block = made[row["block__link_id"], row["block__table"]]
        ErasedBlock.objects.create(link_id=row["link_id"], block=block, before=row["before"], after=row["after"])


def _restore_block(tar: tarfile.TarFile, number: int, table: str, after: dict[tuple[int, str], str]) -> Block:
    link = Link.objects.get(number=number)
    committed = json.loads(link.body)["blocks"][table]["sha256"]
    return Block.objects.create(
        link=link,
        table=table,
        authority=link.authority,
        sha256=after.get((number, table), committed),
        body=_content(tar, f"blocks/{number}-{table}.arrow"),
        seals=_content(tar, f"blocks/{number}-{table}.seals"),
    )


def _rows(tar: tarfile.TarFile, name: str) -> Iterator[dict[str, Any]]:
    for line in _content(tar, name).decode().splitlines():
        yield json.loads(line)


def _content(tar: tarfile.TarFile, name: str) -> bytes:
    stream = tar.extractfile(name)
    if stream is None:
        raise ValueError
    return stream.read()
