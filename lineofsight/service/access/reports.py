"""The kept bytes of inspection reports, and their pages as words and pictures, for whoever completes a reading."""

from __future__ import annotations

from functools import lru_cache
from typing import IO

from lineofsight.intake.delivery import NamedBytes
from lineofsight.intake.formats.pdf_picture import picture_of
from lineofsight.intake.formats.pdf_text import pages_of
from lineofsight.service import kept, ledger
from lineofsight.vocabulary.refusal import Refused

_MOST_PAGES = 12
"""How many of a report's first pages are shown beside the form: grades and what must improve stand there."""


def opened(sha256: str | None) -> IO[bytes] | None:
    """A report's bytes as they were delivered; None where they are not kept, or were released."""
    if not sha256 or not ledger.names_bytes(sha256) or kept.hash_of(sha256) != sha256:
        return None
    return kept.path_of(sha256).open("rb")


@lru_cache(maxsize=8)
def words(sha256: str | None) -> tuple[tuple[int, str], ...]:
    """The words of a report's first pages, by page; none where the bytes are gone or no PDF."""
    file = _file(sha256)
    try:
        return tuple(enumerate(pages_of(file)[:_MOST_PAGES], 1)) if file else ()
    except Refused:
        return ()


def picture(sha256: str | None, number: int) -> bytes | None:
    """One of a report's pages as PNG; None where there is no such page, or the bytes are gone or no PDF."""
    file = _file(sha256)
    try:
        return picture_of(file, number) if file else None
    except Refused:
        return None


def _file(sha256: str | None) -> NamedBytes | None:
    stream = opened(sha256)
    if stream is None:
        return None
    with stream:
        return NamedBytes("report.pdf", stream.read())
