"""Files, zips and folders as named bytes; zips that mean harm, or are broken, are refused."""

from __future__ import annotations

import io
import os
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lineofsight.intake import unpacking
from lineofsight.intake.delivery import NamedBytes
from lineofsight.intake.unpacking import opened, read_path
from lineofsight.vocabulary.refusal import Refused
from tests.support.builders import a_statement, a_zip, as_csv, as_yaml, read

ONE = NamedBytes("one.yaml", b"statements: []\n")
TWO = NamedBytes("two.csv", b"id,says\n")


def names(files: list[NamedBytes]) -> list[str]:
    return [file.name for file in files]


def test_evidence_is_kept_as_it_came_though_it_is_a_zip_inside() -> None:
    """A document of Word's is a zip: taken apart, its hash would name nothing that is kept."""
    held = NamedBytes("5e.evidence", a_zip(ONE).content)
    assert opened([held]) == [held]


# -- paths ---------------------------------------------------------------------------------------


def test_a_file(tmp_path: Path) -> None:
    (tmp_path / "f.yaml").write_bytes(b"\xff\x00")
    assert read_path(tmp_path / "f.yaml") == [NamedBytes("f.yaml", b"\xff\x00")]


def test_a_folder_is_read_in_the_order_of_its_names_with_what_lies_under_it(tmp_path: Path) -> None:
    """What begins with a point is the machine's own and left out."""
    (tmp_path / "b").mkdir()
    for name in ("z.yaml", "a.yaml", "b/c.csv", ".DS_Store", "b/.hidden"):
        (tmp_path / name).write_text(name)
    assert names(read_path(tmp_path)) == ["a.yaml", "b/c.csv", "z.yaml"]


@pytest.mark.parametrize("what", ["missing.yaml", "empty", "n" * 300, "file/inside", "pipe.csv"])
def test_what_cannot_be_opened_is_refused_by_its_name(tmp_path: Path, what: str) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("")
    with pytest.raises(Refused, match=r"There is no file|holds no file|cannot be opened|neither a file"):
        read_path(tmp_path / what)


def test_a_name_that_is_not_utf8_is_still_a_name(tmp_path: Path) -> None:
    """An old machine's file names hold bytes that are no character; they must not stop the reading."""
    folder = tmp_path / "folder"
    folder.mkdir()
    path = Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.csv"))
    path.write_bytes(as_csv([a_statement()]).content)
    for files in (read_path(path), read_path(folder)):
        assert names(files) == ["caf?.csv"]
        assert read(*files).received == 1


# -- zips ----------------------------------------------------------------------------------------


def test_a_zip_is_its_files_in_the_order_of_their_names() -> None:
    assert opened([a_zip(TWO, ONE)]) == [ONE, TWO]


def test_zips_and_files_beside_each_other() -> None:
    assert names(opened([a_zip(TWO), ONE])) == ["two.csv", "one.yaml"]


def test_a_zip_is_known_by_its_bytes_not_by_its_name() -> None:
    assert opened([a_zip(ONE, name="x.yaml")]) == [ONE]
    workbook = a_zip(ONE, name="book.XLSX")
    assert opened([workbook]) == [workbook], "a workbook is a zip that is not meant to be opened"


def test_a_zip_in_a_zip_stays_shut() -> None:
    """It is kept and told of, not opened: zips in zips have no end."""
    inner = a_zip(ONE, name="inner.zip")
    assert opened([a_zip(inner)]) == [inner]


def test_folders_and_what_a_mac_adds_are_left_out() -> None:
    assert opened([a_zip(NamedBytes("d/", b""), NamedBytes("__MACOSX/._one.yaml", b"x"), ONE)]) == [ONE]


@pytest.mark.parametrize(
    "name", ["../../etc/cron.d/x.yaml", "/etc/passwd.yaml", "C:\\x.yaml", "a/../../b.yaml"]
)
def test_a_name_that_points_elsewhere_is_only_a_label(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is written where it points: its bytes are kept under their hash."""
    monkeypatch.chdir(tmp_path)
    (file,) = opened([a_zip(NamedBytes(name, as_yaml([a_statement()]).content))])
    assert file.name == name
    assert read(file).received == 1
    assert list(tmp_path.iterdir()) == []


def test_a_zip_with_a_password_is_refused() -> None:
    """Python cannot write one: the mark that says "encrypted" is set by hand, in both of its places."""
    content = bytearray(a_zip(ONE).content)
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + at] |= 1
    with pytest.raises(Refused, match="without a password"):
        opened([NamedBytes("f.zip", bytes(content))])


def test_a_zip_that_would_unpack_to_too_much_is_refused() -> None:
    """Sixty million spaces in a few kilobytes: no extract is like that."""
    with pytest.raises(Refused, match="would unpack to more than an extract can be"):
        opened([a_zip(NamedBytes("f.csv", b" " * 60 * 2**20))])


@pytest.mark.parametrize(("limit", "value"), [("MOST_FILES", 1), ("MOST_BYTES", 10)])
def test_a_zip_of_too_many_files_or_bytes_is_refused(
    monkeypatch: pytest.MonkeyPatch, limit: str, value: int
) -> None:
    monkeypatch.setattr(unpacking, limit, value)
    with pytest.raises(Refused, match="would unpack to more"):
        opened([a_zip(ONE, TWO)])


@pytest.mark.parametrize("says", [1, 2**31])
def test_a_zip_that_lies_about_a_size_is_refused_or_cut_short(says: int) -> None:
    """Sizes stand in the directory at its end. One that says less than there is must not bring in more."""
    content = bytearray(a_zip(NamedBytes("f.yaml", b"statements: []" * 100)).content)
    at = content.index(b"PK\x01\x02") + 24
    content[at : at + 4] = says.to_bytes(4, "little")
    with pytest.raises(Refused):
        opened([NamedBytes("f.zip", bytes(content))])


@pytest.mark.parametrize(
    "method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
)
def test_every_way_of_packing_is_opened_and_its_damage_refused(method: int) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        archive.writestr("f.yaml", os.urandom(4_000).hex())
    content = packed.getvalue()
    assert len(opened([NamedBytes("f.zip", content)])[0].content) == 8_000
    spoilt = content[:200] + bytes(64) + content[264:]
    with pytest.raises(Refused, match="cannot be opened"):
        opened([NamedBytes("f.zip", spoilt)])


SOUND = a_zip(ONE, TWO).content


@given(st.integers(0, len(SOUND) - 1), st.integers(1, 255))
@example(0, 1)
def test_a_zip_with_a_byte_changed_is_opened_or_refused(at: int, change: int) -> None:
    """Never another exception, wherever the byte lies."""
    content = bytearray(SOUND)
    content[at] ^= change
    with suppress(Refused):
        opened([NamedBytes("f.zip", bytes(content))])


@pytest.mark.parametrize("end", [4, 10, len(SOUND) // 2, len(SOUND) - 1])
def test_a_zip_cut_off_is_refused(end: int) -> None:
    with pytest.raises(Refused, match="cannot be opened"):
        opened([NamedBytes("f.zip", SOUND[:end])])


def test_a_file_that_gives_more_than_it_says_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Should Python's own reader ever hand out more than a file's size, that is refused here."""

    class Stream(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return b"x" * (size or 0)

    file = a_zip(ONE)
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_: Stream())
    with pytest.raises(Refused, match="cannot be opened"):
        opened([file])
