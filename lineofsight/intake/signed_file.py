"""The signed file in which a service gives what is public to a public home: how it is written, and how it is opened.

A zip of parts that are stored and not packed, with fixed times, so that the same record gives the same bytes. The
manifest states the hash of every other part; the signature is over the manifest. Whoever opens the file writes it again
from its parts and compares: a file in which any byte differs is refused.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from lineofsight.intake.delivery import NamedBytes
from lineofsight.intake.limits import MOST_BYTES
from lineofsight.intake.unpacking import ZIP, check_directory
from lineofsight.vocabulary.identifiers import authority_code, source_name
from lineofsight.vocabulary.moments import read_moment, written
from lineofsight.vocabulary.refusal import Refused

VERSION = 1
MANIFEST, SIGNATURE, PRESENT = "manifest.json", "manifest.sig", "present.json"
_ROWS = re.compile(r"rows/([a-z0-9][a-z0-9-]{0,62})\.jsonl")
_REPORT = re.compile(r"reports/([0-9a-f]{64})\.pdf")
_SHA256 = re.compile("[0-9a-f]{64}")
_SIGNED = b"lineofsight public file 1\n"
"""What stands before the manifest in what is signed, so that no other signature of the key can be taken for it."""
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
_NOT_ONE = "is not a signed file as a service makes it, or it was changed or cut short; ask for it again"


@dataclass(frozen=True)
class PublicFile:
    """What the manifest of a file says.

    `number` counts the files of one authority from 1. `previous` is the hash of the manifest before it, empty in the
    first. `whole`: it holds everything that is public, and not only what came since. `position` and `head` are the
    service's newest link. `made_by` is an office.
    """

    authority: str
    number: int
    previous: str
    whole: bool
    made_at: datetime
    made_by: str
    position: int
    head: str
    key: str
    parts: Mapping[str, str]
    """The hash of each part by its name."""

    def content(self) -> bytes:
        """The manifest's bytes: what is signed."""
        said = {"format": "lineofsight public file", "version": VERSION, **asdict(self)}
        said["made_at"] = written(self.made_at)
        return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

    @property
    def sha256(self) -> str:
        """The hash of the manifest, by which the next file names this one."""
        return hashlib.sha256(self.content()).hexdigest()


@dataclass(frozen=True)
class Opened:
    """A file whose signature and parts hold: what it says, its parts' bytes by name, and its own signature."""

    says: PublicFile
    parts: Mapping[str, bytes]
    signature: bytes

    @property
    def proof(self) -> list[NamedBytes]:
        """The manifest and its signature, to be stored beside what they prove."""
        return [NamedBytes(MANIFEST, self.says.content()), NamedBytes(SIGNATURE, self.signature)]

    @property
    def sources(self) -> list[str]:
        """The sources of which it brings rows."""
        return sorted(match[1] for name in self.parts if (match := _ROWS.fullmatch(name)))

    def rows(self, source: str) -> bytes:
        """The rows of one source, a line of JSON each."""
        return self.parts[f"rows/{source}.jsonl"]

    def reports(self, source: str) -> list[NamedBytes]:
        """The reports that the rows of a source name."""
        text = self.rows(source).decode()
        return [
            NamedBytes(f"{match[1]}.pdf", content)
            for name, content in sorted(self.parts.items())
            if (match := _REPORT.fullmatch(name)) and match[1] in text
        ]

    def present(self) -> dict[str, list[str]]:
        """Every statement that the service still holds as public: by source, the marks of their ids."""
        found: dict[str, list[str]] = json.loads(self.parts[PRESENT])
        return found


def mark(source: str, id: str) -> str:
    """What stands for a statement in the list of those that still stand: a hash, so that it names nothing once erased."""
    return hashlib.sha256(f"{source}/{id}".encode()).hexdigest()[:32]


# -- keys -------------------------------------------------------------------------------------------


def public_key(key: Ed25519PrivateKey) -> str:
    """The public half of a key, as people hand it on."""
    return base64.b64encode(key.public_key().public_bytes_raw()).decode()


def key_given(text: str) -> str:
    """A public key as somebody gives it, or a refusal."""
    try:
        Ed25519PublicKey.from_public_bytes(base64.b64decode(text.strip(), validate=True))
    except (binascii.Error, ValueError):
        raise Refused(
            "That is not a service's public key: it is the line of 44 letters that signing-key prints."
        ) from None
    return text.strip()


def fingerprint(key: str) -> str:
    """Sixteen hexadecimal digits by which people compare a public key."""
    return hashlib.sha256(base64.b64decode(key)).hexdigest()[:16]


# -- writing ----------------------------------------------------------------------------------------


def signed(says: PublicFile, parts: Mapping[str, bytes], key: Ed25519PrivateKey) -> bytes:
    """The bytes of a file. The same says, parts and key give the same bytes."""
    return _zip(says, parts, base64.b64encode(key.sign(_SIGNED + says.content())))


def hashes(parts: Mapping[str, bytes]) -> dict[str, str]:
    """The hash of each part."""
    return {name: hashlib.sha256(content).hexdigest() for name, content in sorted(parts.items())}


def _zip(says: PublicFile, parts: Mapping[str, bytes], signature: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name, content in [
            (MANIFEST, says.content()),
            (SIGNATURE, signature),
            *sorted(parts.items()),
        ]:
            info = zipfile.ZipInfo(name, _FIRST_DAY)
            info.create_system = 3
            info.external_attr = 0o644 << 16
            archive.writestr(info, content)
    return stream.getvalue()


# -- opening ----------------------------------------------------------------------------------------


def may_be_one(file: NamedBytes) -> bool:
    """Whether a file begins as signed files do."""
    start = file.beginning(64)
    return start.startswith(ZIP) and start[30:].startswith(MANIFEST.encode())


def opened(file: NamedBytes) -> Opened:
    """A file whose signature holds by the key that it names. Raises Refused; whether to trust the key is not asked here."""
    members = _members(file)
    if MANIFEST not in members:
        raise Refused(f"{file.name!r} {_NOT_ONE}.")
    if SIGNATURE not in members:
        raise Refused(f"{file.name!r} is not signed, so nothing of it was loaded.")
    signature = members[SIGNATURE]
    says = _says(file.name, members[MANIFEST])
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(says.key, validate=True))
        key.verify(base64.b64decode(signature, validate=True), _SIGNED + members[MANIFEST])
    except (InvalidSignature, binascii.Error, ValueError):
        raise Refused(
            f"The signature of {file.name!r} does not hold: it was changed after it was signed. Nothing was loaded."
        ) from None
    parts = {name: content for name, content in members.items() if name not in (MANIFEST, SIGNATURE)}
    if hashes(parts) != dict(says.parts) or _zip(says, parts, signature) != file.content:
        raise Refused(f"{file.name!r} was changed after it was signed, so nothing of it was loaded.")
    return Opened(says, parts, signature)


def _members(file: NamedBytes) -> dict[str, bytes]:
    """The parts by name. What is packed, or lies beyond the file's own size, is not read at all."""
    check_directory(file)
    if file.size > MOST_BYTES:
        raise Refused(f"{file.name!r} is over 512 MB, more than a signed file can be.")
    try:
        with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
            members = archive.infolist()
            names = [member.filename for member in members]
            plain = all(
                each.compress_type == zipfile.ZIP_STORED and each.file_size == each.compress_size
                for each in members
            )
            fits = sum(each.file_size for each in members) <= file.size
            if not plain or not fits or len(set(names)) != len(names) or not all(map(_is_part, names)):
                raise Refused(f"{file.name!r} {_NOT_ONE}.")
            return {each.filename: archive.read(each) for each in members}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError):
        raise Refused(f"{file.name!r} {_NOT_ONE}.") from None


def _is_part(name: str) -> bool:
    fixed = name in (MANIFEST, SIGNATURE, PRESENT)
    return fixed or bool(_ROWS.fullmatch(name) or _REPORT.fullmatch(name))


def _says(name: str, content: bytes) -> PublicFile:
    """What a manifest says. Raises Refused where it is not written as `PublicFile.content` writes it."""
    try:
        said: dict[str, Any] = json.loads(content)
        version = said.pop("version")
        del said["format"]
        if version != VERSION:
            raise Refused(
                f"{name!r} is in version {str(version)[:10]} of the format, and this install reads version {VERSION}. "
                "Install the same release on both sides."
            )
        says = PublicFile(**{**said, "made_at": read_moment(said["made_at"])})
        if _is_well_formed(says) and says.content() == content:
            return says
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        pass
    raise Refused(f"{name!r} {_NOT_ONE}.")


def _is_well_formed(says: PublicFile) -> bool:
    authority_code(says.authority)
    numbers = type(says.number) is int and says.number >= 1 and type(says.position) is int
    texts = all(isinstance(text, str) for text in (says.made_by, says.key, says.head, says.previous))
    chained = not says.previous or bool(_SHA256.fullmatch(says.previous))
    for name in says.parts:
        if match := _ROWS.fullmatch(name):
            source_name(match[1])
    return numbers and texts and chained and type(says.whole) is bool and PRESENT in says.parts
