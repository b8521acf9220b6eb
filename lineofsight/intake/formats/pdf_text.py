"""The words of a PDF, page by page and line by line, as PDFium reads them."""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import pypdfium2 as pdfium

from lineofsight.intake.delivery import NamedBytes
from lineofsight.vocabulary.refusal import Refused

MOST_PAGES = 500
MOST_BYTES = 60 * 2**20
_HYPHENS = ("\x02", "\ufffe", "\u00ad")
"""What PDFium writes for a hyphen at a line's end: it joins the lines there."""
_ONE_AT_A_TIME = threading.RLock()
"""PDFium keeps state that its callers share: two threads inside it at once end the process."""
_EDGE = 2
"""How many lines from the top or the foot of a page a running head may stand."""


@dataclass(frozen=True)
class Line:
    """One line of a page; pages from 1."""

    page: int
    text: str


def is_pdf(content: bytes) -> bool:
    """Whether bytes begin as a PDF does, whatever their file is called."""
    return b"%PDF-" in content[:1024]


def lines_of(file: NamedBytes) -> list[Line]:
    """A PDF's lines without page numbers and running heads; refuses what cannot be read, saying why."""
    return lines_in(pages_of(file))


def lines_in(texts: Sequence[str]) -> list[Line]:
    """The lines of pages' texts, without page numbers and running heads.

    A report's title may be its running head too: what begins the first page stays.
    """
    pages = [_of_page(page) for page in texts]
    heads = _running(pages)
    return [
        Line(number, line)
        for number, page in enumerate(pages, 1)
        for at, line in enumerate(page)
        if _EDGE <= at < len(page) - _EDGE or _shape(line) not in heads or (number == 1 and at < _EDGE)
    ]


def pages_of(file: NamedBytes) -> list[str]:
    """The text of each page, as PDFium gives it."""
    with opened(file) as document:
        return [_text(document[at]) for at in range(len(document))]


@contextmanager
def opened(file: NamedBytes) -> Iterator[pdfium.PdfDocument]:
    """A PDF's pages, open while they are read; refuses what cannot be read, saying why."""
    if not is_pdf(file.beginning(1024)):
        raise Refused(f"{file.name!r} is not a PDF, whatever it is called; fetch the report again.")
    if file.size > MOST_BYTES:
        raise Refused(f"{file.name!r} is larger than a report can be; send the report itself.")
    with _ONE_AT_A_TIME:
        try:
            document = pdfium.PdfDocument(file.content)
        except pdfium.PdfiumError:
            raise Refused(
                f"{file.name!r} is a PDF that cannot be opened; fetch it again, without a password."
            ) from None
        try:
            if len(document) > MOST_PAGES:
                raise Refused(f"{file.name!r} has over {MOST_PAGES} pages; send the report itself.")
            yield document
        except pdfium.PdfiumError:
            raise Refused(f"{file.name!r} has a page that cannot be read; fetch it again.") from None
        finally:
            document.close()


def _text(page: pdfium.PdfPage) -> str:
    words = page.get_textpage()
    text: str = words.get_text_range()
    words.close()
    page.close()
    for hyphen in _HYPHENS:
        text = text.replace(hyphen, "-")
    return text


def _of_page(page: str) -> list[str]:
    """A page's lines; a number alone at its top or foot is the page's own."""
    lines = [" ".join(line.split()) for line in page.split("\n")]
    lines = [line for line in lines if line]
    for at in (0, -1):
        if lines and re.fullmatch(r"\d{1,3}", lines[at]):
            del lines[at]
    return lines


def _shape(line: str) -> str:
    """A line as it recurs from page to page: its last number is that of the page."""
    return re.sub(r"\s*\d{1,3}$", "", line)


def _running(pages: Sequence[Sequence[str]]) -> set[str]:
    """Running heads and feet: long lines that begin or end more than a third of the pages."""
    edges = [{_shape(line) for line in (*page[:_EDGE], *page[-_EDGE:])} for page in pages if page]
    counts = Counter(line for edge in edges for line in edge if len(line) > 12)
    return {line for line, count in counts.items() if count > 3 and count * 3 > len(pages)}
