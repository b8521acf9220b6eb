"""A delivery as it was received: whose it is, its files and their hashes; and what became of it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from lineofsight.intake.delivery import Context, NamedBytes, hash_of, manifest_of
from lineofsight.intake.formats.service_file import FORMAT
from lineofsight.intake.limits import check_delivery
from lineofsight.intake.public_only import check_public
from lineofsight.intake.settings import SourceSettings
from lineofsight.intake.unpacking import read_path
from lineofsight.record.block import Block
from lineofsight.record.tables import holds_children
from lineofsight.service.models import Link
from lineofsight.service.receive.sources import format_of, settings_of
from lineofsight.service.store import blobs, chain, clock, reader_process
from lineofsight.vocabulary.identifiers import AuthorityCode, DeliveryId, SourceName
from lineofsight.vocabulary.moments import london_day, written
from lineofsight.vocabulary.refusal import Refused


@dataclass(frozen=True)
class Outcome:
    """What became of a delivery: its newest link, and whether the source had delivered these files already."""

    link: Link
    already_received: bool = False


@dataclass(frozen=True)
class Received:
    """A delivery as it was received. `hashes` are those of `files`, in the same order."""

    authority: AuthorityCode
    source: SourceName
    format: str
    name: str
    files: Sequence[NamedBytes]
    hashes: Sequence[str]
    received_at: datetime
    backfilled: bool
    by: str
    signed: Mapping[str, Any] | None = None
    """Of the rows of a signed file: which file, and who signed it."""

    @classmethod
    def acknowledged_by(cls, link: Link) -> Received:
        """The delivery that a link of kind `received` acknowledged; its files have names and hashes, and no bytes."""
        says = chain.body_of(link)
        named = [file for file in says["kept"] if file["name"]]
        return cls(
            authority=AuthorityCode(link.authority),
            source=SourceName(link.source),
            format=says["format"],
            name=says["name"],
            files=[NamedBytes(file["name"], b"") for file in named],
            hashes=tuple(file["sha256"] for file in named),
            received_at=chain.received_at(link),
            backfilled=says["backfilled"],
            by=says["by"],
            signed=says.get("signed"),
        )

    @property
    def received_on(self) -> date:
        """The London day of receipt."""
        return london_day(self.received_at)

    @property
    def sha256(self) -> str:
        """The hash of its one file; of several, that of their manifest (counting rule 18)."""
        return hash_of(self.files, self.hashes)

    @property
    def id(self) -> DeliveryId:
        """The delivery's own id: the same bytes of the same source at the same moment are the same delivery."""
        named = "|".join((self.authority, self.source, self.sha256, written(self.received_at)))
        return DeliveryId(hashlib.sha256(named.encode()).hexdigest()[:16])

    def context(self, settings: SourceSettings) -> Context:
        """What reading it depends on beside its bytes, where `settings` are those of its source on the day."""
        return settings.context(self.received_at)

    def contents(self) -> dict[str, NamedBytes]:
        """What is to be stored, by its hash: each file and, of several files, their manifest."""
        contents = dict(zip(self.hashes, self.files, strict=True))
        if len(self.files) == 1:
            return contents
        return {self.sha256: NamedBytes("", manifest_of(self.files, self.hashes)), **contents}

    def stored_files(self) -> list[NamedBytes]:
        """Its files, to be read from where they are stored. Raises FileNotFoundError where one is missing."""
        return [blobs.read(file.name, sha256) for file, sha256 in zip(self.files, self.hashes, strict=True)]

    def says(self) -> dict[str, Any]:
        """What its links state of it from the moment it is acknowledged."""
        files = [
            {"name": file.name, "sha256": hash} for hash, file in zip(self.hashes, self.files, strict=True)
        ]
        manifest = [{"name": "", "sha256": self.sha256}] if len(self.files) > 1 else []
        return {
            "format": self.format,
            "name": self.name,
            "sha256": self.sha256,
            "kept": manifest + files,
            "received_at": written(self.received_at),
            "backfilled": self.backfilled,
            **({"signed": dict(self.signed)} if self.signed else {}),
        }

    def link(
        self, kind: str, says: Mapping[str, Any], blocks: Mapping[str, Block] | None = None
    ) -> chain.NewLink:
        """A link about this delivery, to be appended."""
        return chain.NewLink(kind, self.authority, self.source, self.id, says, blocks or {})


def accept(
    files: Sequence[NamedBytes],
    name: str,
    authority: AuthorityCode,
    source: SourceName,
    received_at: datetime | None,
    by: str,
    signed: Mapping[str, Any] | None = None,
) -> Received:
    """Take a delivery in, and clear up what killed processes left. Raises Refused where it cannot be one.

    `signed` is given of the rows of a signed file, whose signature has been checked.
    """
    now = clock.now()
    if not by.strip():
        raise Refused("Say who delivers it.", command="Add --by NAME.")
    if received_at is not None and received_at > now:
        raise Refused(
            "The moment of receipt is in the future. Give the moment it was received, or leave it out."
        )
    blobs.tidy()
    reader_process.tidy_incoming()
    check_delivery(files)
    settings = settings_of(authority, source, london_day(received_at or now))
    read_as = format_of(settings, files) if signed is None else FORMAT.name
    if not holds_children():
        check_public(files, read_as)
    return Received(
        authority=authority,
        source=source,
        format=read_as,
        name=name,
        files=files,
        hashes=tuple(file.sha256 for file in files),
        received_at=received_at or now,
        backfilled=received_at is not None,
        by=by,
        signed=signed,
    )


def read_path_once(path: Path) -> tuple[list[NamedBytes], str]:
    """The files of a path, and the name it is delivered under; names that are not UTF-8 are made so."""

    def plain(name: str) -> str:
        return name.encode("utf-8", "replace").decode()

    return [file.called(plain(file.name)) for file in read_path(path)], plain(
        path.name or path.resolve().name
    )
