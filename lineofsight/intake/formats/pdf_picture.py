"""A page of a PDF as a picture, for whoever holds a reading against what was printed."""

from __future__ import annotations

import io

from lineofsight.intake.delivery import NamedBytes
from lineofsight.intake.formats.pdf_text import opened

_WIDTH, _HEIGHT = 900, 1_600
"""How many dots a picture has at most: a page may say that it is as wide as a street."""


def picture_of(file: NamedBytes, number: int) -> bytes | None:
    """A page as PNG, pages from 1; None where there is none of that number. Refuses what cannot be read."""
    with opened(file) as document:
        if not 1 <= number <= len(document):
            return None
        page = document[number - 1]
        width, height = page.get_size()
        scale = min(_WIDTH / max(width, 1), _HEIGHT / max(height, 1))
        written = io.BytesIO()
        page.render(scale=scale).to_pil().save(written, "PNG", optimize=False)
        page.close()
        return written.getvalue()
