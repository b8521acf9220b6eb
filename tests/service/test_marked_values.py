"""Marked values planted in cells, file names and bad files turn up in no log, message or traceback.

The one exception is the name of a file that a person has just given, alone or inside a zip or folder:
the sentence that refuses it must name it to them. Whatever reads it later names no file.
"""

from __future__ import annotations

import io
import json
import logging
import zipfile
from collections.abc import Callable

import pytest

from lineofsight.service.models import Link
from lineofsight.service.receive import recipe
from lineofsight.service.store import blobs, picture
from tests.service.homes import NORTHSHIRE, RECORD, Home, a_statement, load, written

MARK = "Peregrine"
LOAD = ("--authority", "901", "--source", "record")


def a_zip(**files: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


GOOD = written(a_statement(f"{MARK}-id", says=MARK, holder=MARK, said_by=MARK, value=MARK)).content
BAD: dict[str, bytes] = {
    "cells.jsonl": GOOD,
    "refused.jsonl": written(*(a_statement(f"{MARK}-{name}", **{name: MARK}) for name in
                               ("kind", "said_on", "about_to", "topic", "theme", "subject_kind", "event", "confidence"))).content,
    "repeats.jsonl": written(a_statement(f"{MARK}1", says=MARK), a_statement(f"{MARK}1", says=f"{MARK} else")).content,
    "private.jsonl": written(a_statement("a", says=f"Date of birth of {MARK}: 1 May 2010", subject_kind="review", subject=MARK)).content,
    "fields.jsonl": json.dumps({**a_statement("a"), MARK: MARK}).encode(),
    "list.json": json.dumps([MARK, [MARK], {MARK: MARK}, 7]).encode(),
    "object.json": json.dumps({MARK: [MARK]}).encode(),
    "words.json": f'"{MARK}"'.encode(),
    "cut.json": GOOD[:-9],
    "trailing.json": GOOD + MARK.encode(),
    "cut.yaml": f"statements:\n- id: '{MARK}\n  says: {MARK}".encode(),
    "tag.yaml": f"statements:\n- !!python/object:{MARK} {{a: {MARK}}}".encode(),
    "alias.yaml": f"statements:\n- id: *{MARK}".encode(),
    "anchor.yaml": f"statements:\n- &{MARK} {{id: a}}\n- *{MARK}".encode(),
    "escape.yaml": f'statements:\n- id: "{MARK}\\q"'.encode(),
    "tab.yaml": f"statements:\n\t- id: {MARK}".encode(),
    "twice.yaml": f"statements:\n- {MARK}: 1\n  {MARK}: 2\n  id: a".encode(),
    "directive.yaml": f"%{MARK} 1\n---\nstatements: []".encode(),
    "colon.yaml": f"statements:\n- id: a\n  says: {MARK}: {MARK}".encode(),
    "cells.csv": f'id,says\n{MARK},"{MARK}\n'.encode(),
    "short.csv": f"id,says\n{MARK}\n{MARK},{MARK},{MARK}\n".encode(),
    "headings.csv": f"{MARK},{MARK}\n1,2\n".encode(),
    "strange.csv": f"id,says,{MARK}\na,b,{MARK}\n".encode(),
    "nul.csv": f"id,says\n{MARK},\x00\n".encode(),
    "latin.csv": f"id,says\n{MARK}\xe9,b\n".encode("latin-1"),
    "inside.zip": a_zip(**{f"{MARK}/{MARK}.jsonl": GOOD, f"{MARK}.docx": b"words"}),
    "bad-inside.zip": a_zip(**{"words.csv": f"{MARK},{MARK}\n".encode()}),
    "cut.zip": a_zip(**{f"{MARK}.jsonl": GOOD})[:-30],
    "source.toml": f'name = "{MARK}"\n{MARK} = "{MARK}"\n'.encode(),
}  # fmt: skip


@pytest.fixture
def spoken(home: Home, caplog: pytest.LogCaptureFixture) -> Callable[..., str]:
    """Everything a command says and logs, down to the quietest."""
    caplog.set_level(logging.DEBUG)

    def run(*arguments: object) -> str:
        caplog.clear()
        done = home.run(*arguments)
        assert done.returncode in (0, 1, 2), (arguments, done.stderr)
        return (
            done.stdout
            + done.stderr
            + "\n".join(record.getMessage() + str(record.exc_info or "") for record in caplog.records)
        )

    return run


@pytest.mark.parametrize("name", BAD)
def test_no_marked_value_is_said_of_a_delivery(home: Home, spoken: Callable[..., str], name: str) -> None:
    path = home.path.parent / name
    path.write_bytes(BAD[name])
    said = [
        spoken("load", path, *LOAD),
        spoken("load", path, *LOAD, "--json"),
        spoken("load", path, *LOAD, "--later"),
    ]
    said += [
        spoken("load", path, "--authority", "901", "--source", "later", "--later"),
        spoken("work", "--once"),
    ]
    said += [
        spoken("deliveries"),
        spoken("deliveries", "--json"),
        spoken("verify"),
        spoken("verify", "--json"),
    ]
    said += [spoken("rebuild", "--compare"), spoken("backup", home.path.parent / "backup.tar")]
    if name.endswith(".toml"):
        said.append(spoken("source", "set", path))
        said = said[
            :-1
        ]  # what a settings file calls its settings is no child's, and must be named to be mended
    for one in said:
        assert MARK not in one, one


def test_no_file_name_inside_a_folder_is_said(home: Home, spoken: Callable[..., str]) -> None:
    folder = home.path.parent / "folder"
    folder.mkdir()
    for name, content in BAD.items():
        (folder / f"{MARK}-{name}").write_bytes(content)
    assert MARK not in spoken("load", folder, *LOAD, "--later")
    assert MARK not in spoken("work", "--once")
    assert MARK not in spoken("deliveries")


def test_a_process_that_reads_later_names_no_file(home: Home, spoken: Callable[..., str]) -> None:
    path = home.path.parent / f"{MARK}.jsonl"
    path.write_bytes(b"{")
    assert MARK not in spoken("load", path, *LOAD, "--later")
    assert MARK not in spoken("work", "--once")
    sha256 = next(iter(blobs.hashes()))
    recipe.receive(
        [written(a_statement("b"), name=f"{MARK}.jsonl")],
        f"{MARK}.jsonl",
        NORTHSHIRE,
        RECORD,
        received_at=None,
        by="Ben",
    )
    for one in blobs.hashes() - {sha256}:
        blobs.path_of(one).write_text(MARK)
    assert MARK not in spoken("work", "--once")
    assert MARK not in spoken("verify")


def test_what_is_damaged_or_erased_is_not_said(home: Home, spoken: Callable[..., str]) -> None:
    load(a_statement(MARK, says=MARK), a_statement("two"))
    for path in (picture.folder() / NORTHSHIRE / "statement").glob("*.arrow"):
        path.write_bytes(path.read_bytes()[:-50])
    picture._opened.cache_clear()
    assert MARK not in spoken("rebuild", "--compare")
    (blobs.folder() / MARK).write_text(MARK)
    assert MARK not in spoken("verify")
    (blobs.folder() / MARK).unlink()
    assert MARK not in spoken(
        "erase", "--authority", "901", "--statement", f"record/{MARK}", "--ground", "g", "--by", "Ben"
    )
    assert MARK not in "".join(Link.objects.values_list("body", flat=True))


def test_a_statement_is_never_in_a_files_name_in_the_home(home: Home) -> None:
    path = home.path.parent / f"{MARK}.jsonl"
    path.write_bytes(GOOD)
    home.answer("load", path, *LOAD)
    assert not [one for one in home.path.rglob("*") if MARK in one.name]
