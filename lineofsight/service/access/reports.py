"""The kept bytes of inspection reports, and their words page by page, for whoever completes a reading."""

from __future__ import annotations

from functools import lru_cache
from typing import IO

from lineofsight.intake.delivery import NamedBytes
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
    stream = opened(sha256)
    if stream is None:
        return ()
    with stream:
        file = NamedBytes("report.pdf", stream.read())
    try:
        return tuple(enumerate(pages_of(file)[:_MOST_PAGES], 1))
    except Refused:
        return ()
