"""A file, a zip or a folder as named bytes, with care for zips that mean harm."""

from __future__ import annotations

import lzma
import struct
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path

from lineofsight.intake.delivery import NamedBytes
from lineofsight.vocabulary.refusal import Refused

_UNREADABLE = (
    zipfile.BadZipFile,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
    zlib.error,
    struct.error,
    lzma.LZMAError,
)
"""What Python raises for the broken zips there are in the world."""

MOST_BYTES = 512 * 2**20
MOST_FILES = 2_000
MOST_RATIO = 200
"""A file that unpacks to more than this many times its packed size is refused, beyond SMALL_BYTES."""
SMALL_BYTES = 50 * 2**20


def read_path(path: Path) -> list[NamedBytes]:
    """The files of a path, sorted by name; refuses what is not there or cannot be opened."""
    try:
        if path.is_dir():
            return _folder(path)
        if path.exists() and not path.is_file():
            raise Refused(f"{path.name!r} is neither a file nor a folder; save what it gives as a file.")
        return [NamedBytes(_label(path.name), path=_readable(path))]
    except FileNotFoundError:
        raise Refused(f"There is no file or folder called {path.name!r}; check the path.") from None
    except OSError as fault:
        raise Refused(f"{path.name!r} cannot be opened: {fault.strerror}.") from None


def _folder(path: Path) -> list[NamedBytes]:
    files = sorted(p for p in path.rglob("*") if p.is_file() and not p.name.startswith("."))
    if not files:
        raise Refused(f"The folder {path.name!r} holds no file; name the folder with the files in it.")
    return [NamedBytes(_label(p.relative_to(path).as_posix()), path=_readable(p)) for p in files]


def _readable(path: Path) -> Path:
    """The path of a file that can be opened; raises OSError where it cannot."""
    path.open("rb").close()
    return path


def _label(name: str) -> str:
    """A file's name as text: one whose bytes are not UTF-8 comes with halves of characters in it."""
    return name.encode("utf-8", "replace").decode()


def opened(files: Sequence[NamedBytes]) -> list[NamedBytes]:
    """The same files with every zip among them replaced by what is in it."""
    return [inner for file in files for inner in (_unzipped(file) if _is_zip(file) else [file])]


EVIDENCE = ".evidence"
"""How the name of a file of evidence ends: kept as it came, whatever it is, and found again by its hash."""

BOOKS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
"""How the names of workbooks end."""

SHEETS = (".csv", ".txt", ".tsv")
"""How the names of texts that hold a table end."""

TABLES = (*SHEETS, *BOOKS)
"""How the names of the files end that may hold a table."""

_WHOLE = (*BOOKS, ".docx", EVIDENCE)
"""Files that may be zips inside, and are kept whole."""


ZIP = b"PK\x03\x04"
"""How zips begin, and with them today's workbooks and letters."""
_PARTS_OF_BOOKS = ("xl/workbook.xml", "xl/workbook.bin", "content.xml")


def _is_zip(file: NamedBytes) -> bool:
    return file.beginning(4) == ZIP and not file.name.lower().endswith(_WHOLE) and not holds_a_book(file)


def holds_a_book(file: NamedBytes) -> bool:
    """Whether a zip is a workbook inside, whatever it is called; one that cannot be opened is not."""
    if file.beginning(4) != ZIP:
        return False
    try:
        check_directory(file)
        with file.stream() as stream, zipfile.ZipFile(stream) as archive:
            return not set(_PARTS_OF_BOOKS).isdisjoint(archive.namelist())
    except (Refused, *_UNREADABLE):
        return False


def is_whole_zip(file: NamedBytes) -> bool:
    """Whether a zip can be opened and holds files."""
    try:
        check_directory(file)
        with file.stream() as stream, zipfile.ZipFile(stream) as archive:
            return bool(archive.namelist())
    except (Refused, *_UNREADABLE):
        return False


def _unzipped(file: NamedBytes) -> list[NamedBytes]:
    try:
        check_directory(file)
        with file.stream() as stream, zipfile.ZipFile(stream) as archive:
            members = [
                m for m in archive.infolist() if not m.is_dir() and not m.filename.startswith("__MACOSX/")
            ]
            check_sizes(file.name, members)
            return sorted((_member(archive, m) for m in members), key=lambda f: f.name)
    except _UNREADABLE:
        raise Refused(
            f"{file.name!r} is a zip that cannot be opened; make it again, without a password."
        ) from None


def check_archive(file: NamedBytes) -> None:
    """Refuse a zip that cannot be opened, or would unpack to too much, by its list of files alone."""
    if not _is_zip(file):
        return
    check_directory(file)
    try:
        with file.stream() as stream, zipfile.ZipFile(stream) as archive:
            check_sizes(file.name, [member for member in archive.infolist() if not member.is_dir()])
    except _UNREADABLE:
        raise Refused(
            f"{file.name!r} is a zip that cannot be opened; make it again, without a password."
        ) from None


_MOST_DIRECTORY = 2 * 2**20
_END = b"PK\x05\x06"


def check_directory(file: NamedBytes) -> None:
    """Refuse a zip whose list of files is longer than an extract's can be, before any of it is read."""
    with file.stream() as stream:
        stream.seek(max(0, file.size - 70_000))
        tail = stream.read()
    at = tail.rfind(_END)
    if (
        at >= 0
        and len(tail) >= at + 16
        and int.from_bytes(tail[at + 12 : at + 16], "little") > _MOST_DIRECTORY
    ):
        raise Refused(f"{file.name!r} holds more files than an extract can; send the files themselves.")


def check_sizes(name: str, members: Sequence[zipfile.ZipInfo]) -> None:
    """Refuse a zip, or a workbook, that would unpack to more than an extract can be."""
    packed = sum(m.compress_size for m in members) or 1
    whole = sum(m.file_size for m in members)
    if (
        len(members) > MOST_FILES
        or whole > MOST_BYTES
        or (whole > SMALL_BYTES and whole > MOST_RATIO * packed)
    ):
        raise Refused(f"{name!r} would unpack to more than an extract can be; send the files themselves.")


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> NamedBytes:
    """One file of a zip. Its name is only ever a label: nothing is written where it points."""
    with archive.open(member) as stream:
        content = stream.read(member.file_size + 1)
    if len(content) > member.file_size:
        raise zipfile.BadZipFile
    return NamedBytes(member.filename, content)
