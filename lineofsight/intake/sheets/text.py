"""The text of a file: whatever encoding it was saved in, with plain line ends, and a finding where that was guessed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import polars as pl

from lineofsight.intake.delivery import NamedBytes
from lineofsight.intake.finding import WARNING, file_finding
from lineofsight.intake.sheets import said
from lineofsight.intake.unpacking import BOOKS
from lineofsight.vocabulary.refusal import Refused

_LOOKED_AT = 4_000
"""How many bytes are looked at where a file does not say what its encoding is."""
_WEB_PAGE = re.compile(
    r"\s*(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body|meta|script|style|table)\b",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True)
class Text:
    """The text of a file with `\\n` at the end of each line, its encoding in words, and what was found."""

    text: str
    encoding: str
    findings: list[pl.DataFrame] = field(default_factory=list)


def text_of(file: NamedBytes) -> Text:
    """Decode a file; refuses one that is no text, or a web page under a table's name."""
    check_kind(file)
    content = file.content.rstrip(b"\x1a") if not _is_utf16(file.beginning(_LOOKED_AT)) else file.content
    read = _utf16(file, content) if _is_utf16(content) else _bytes(file, content)
    if "\x00" in read.text:
        raise _not_text(file)
    plain = read.text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    _check_no_page(file, plain)
    findings = read.findings
    if file.name.lower().endswith(BOOKS):
        findings = [*findings, said.called_otherwise(file.name, "a workbook", "text")]
    return Text(plain, read.encoding, findings)


_KINDS = {
    b"%PDF": ("a PDF", "Export the table itself as CSV or .xlsx"),
    b"{\\rtf": ("a letter (RTF)", "Export the table itself as CSV or .xlsx"),
    b"MIME-Version": ("a saved web page", "Open it in a spreadsheet program and save it as .xlsx"),
    b"\x89PNG": ("a picture", "Export the table itself as CSV or .xlsx"),
    b"\xff\xd8\xff": ("a picture", "Export the table itself as CSV or .xlsx"),
}
"""How files begin that are sometimes called tables: what they are, and what to do."""
_XML_BOOK = re.compile(r"\s*<\?xml\b.{0,400}?urn:schemas-microsoft-com:office:spreadsheet", re.DOTALL)


def check_kind(file: NamedBytes) -> None:
    """Refuse a file whose first bytes say that it is no table, with what it is."""
    start = file.beginning(_LOOKED_AT).lstrip()
    for begins, (what, do) in _KINDS.items():
        if start.startswith(begins):
            raise Refused(f"{file.name!r} is {what}, not a table. {do}.")


def may_be_text(file: NamedBytes) -> bool:
    """Whether a file's beginning looks like text: no sign that stands in no text, or UTF-16."""
    start = file.beginning(_LOOKED_AT)
    return _is_utf16(start) or not any(byte < 9 or 13 < byte < 26 or 27 < byte < 32 for byte in start)


def _check_no_page(file: NamedBytes, plain: str) -> None:
    if _XML_BOOK.match(plain):
        raise Refused(
            f"{file.name!r} is a workbook saved as XML, which is not read. Open it in a spreadsheet program and save it as .xlsx."
        )
    if not _WEB_PAGE.match(plain):
        return
    if re.search(r"<t[hd]\b", plain, re.IGNORECASE):
        raise Refused(
            f"{file.name!r} is a web page with a table in it, not a workbook or a CSV file. Open it in a spreadsheet program, "
            "and save it as .xlsx."
        )
    raise Refused(
        f"{file.name!r} is a web page, not a table, as when a sign-in page is saved in place of the export. "
        "Export the table again."
    )


def _is_utf16(content: bytes) -> bool:
    """Whether a file is UTF-16: it says so, or every second byte of its beginning is zero."""
    start = content[:_LOOKED_AT]
    return start[:2] in (b"\xff\xfe", b"\xfe\xff") or _mostly_zero(start[1::2]) or _mostly_zero(start[::2])


def _mostly_zero(part: bytes) -> bool:
    return len(part) > 4 and part.count(0) > len(part) * 0.6


def _utf16(file: NamedBytes, content: bytes) -> Text:
    marked = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    encoding = "utf-16" if marked else "utf-16-le" if _mostly_zero(content[1:_LOOKED_AT:2]) else "utf-16-be"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        raise _not_text(file) from None
    says = "The file is UTF-16 without the mark that says so. It was read as UTF-16."
    guessed = [] if marked else [file_finding("F01", WARNING, file.name, says, "Save it as CSV UTF-8.")]
    return Text(text, "UTF-16", guessed)


def _bytes(file: NamedBytes, content: bytes) -> Text:
    """The file as UTF-8 or else as Windows-1252, unless it is UTF-8 that was cut off."""
    try:
        return Text(content.decode("utf-8-sig"), "UTF-8")
    except UnicodeDecodeError as fault:
        was_utf8_so_far = not content[: fault.start].isascii()
        if was_utf8_so_far and fault.reason == "unexpected end of data":
            raise Refused(
                f"{file.name!r} ends in the middle of a character; it was cut off. Deliver it whole."
            ) from None
    says = "The file is not UTF-8. It was read as Windows-1252."
    guessed = file_finding("F01", WARNING, file.name, says, "Save it as CSV UTF-8.")
    return Text(content.decode("cp1252", "replace"), "Windows-1252", [guessed])


def _not_text(file: NamedBytes) -> Refused:
    return Refused(f"{file.name!r} is not a text file; save it as CSV UTF-8 and load that.")
