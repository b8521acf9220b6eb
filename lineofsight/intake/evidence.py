"""Files of evidence: which kinds are taken, told by their bytes, and how large one may be."""

from __future__ import annotations

import io
import zipfile

from lineofsight.vocabulary.refusal import Refused

MOST_BYTES = 20 * 2**20
_BEGINNINGS = (b"%PDF-", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
_OFFICE = ("[Content_Types].xml", "mimetype")
"""What lies in the zip that a Word, Excel or OpenDocument file is."""
_MOST_MEMBERS = 5_000


def check_evidence(content: bytes) -> None:
    """Refuse what is no evidence: over 20 MB, empty, or not a PDF, picture, office document or plain text."""
    if len(content) > MOST_BYTES:
        raise Refused("The file of evidence is over 20 MB; give a smaller one, or say where it is.")
    if not content:
        raise Refused("The file of evidence is empty; choose the one that shows it.")
    if not (content.startswith(_BEGINNINGS) or _is_office(content) or _is_text(content)):
        raise Refused(
            "Evidence is a PDF, a PNG or JPEG picture, a Word, Excel or OpenDocument file, or plain text; "
            "save the file as one of these."
        )


def _is_office(content: bytes) -> bool:
    if not content.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return False
    return len(names) <= _MOST_MEMBERS and any(name in names for name in _OFFICE)


def _is_text(content: bytes) -> bool:
    try:
        text = content.decode("utf-8")
        return "\0" not in text and not text.startswith("PK\x03\x04")
    except UnicodeDecodeError:
        return False
