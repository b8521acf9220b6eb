"""How much of anything one delivery may hold: looked at before it is parsed, so that a refusal costs little."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lineofsight.intake.delivery import NamedBytes
from lineofsight.vocabulary.refusal import Refused

MOST_BYTES = 512 * 2**20
"""Of all the files of a delivery, as they come and unpacked."""
MOST_COLUMNS = 2_000
MOST_LINE_BYTES = 2 * 2**20
MOST_SETTINGS_BYTES = 64 * 2**10
MOST_KEY_PARTS = 8
MOST_KEY_LETTERS = 200
MOST_DEPTH = 64
MOST_LIST_BYTES = 64 * 2**20
"""Of a file of statements or of a reading, as JSON or YAML."""
LISTS = (".yaml", ".yml", ".json", ".jsonl")
"""How the names of files of written lists end."""
_PART = 2**20
_SEPARATORS = (b",", b"|", b"\t", b";")


def check_delivery(files: Sequence[NamedBytes]) -> None:
    """Refuse a delivery that is larger than one can be."""
    if sum(file.size for file in files) > MOST_BYTES:
        raise Refused("The files together are over 512 MB; deliver them in parts.")


def check_unpacked(files: Sequence[NamedBytes]) -> None:
    """Refuse files that no reader should begin on: too many columns, a line without end, lists without end."""
    check_delivery(files)
    for file in files:
        if file.name.lower().endswith(LISTS):
            _check_list(file)
        elif file.name.lower().endswith((".csv", ".txt", ".tsv")):
            _check_lines(file)


def _check_list(file: NamedBytes) -> None:
    if file.size > MOST_LIST_BYTES:
        raise Refused(
            f"{file.name!r} is over 64 MB, more than a file of statements can be; deliver it in parts."
        )
    if file.name.lower().endswith((".json", ".jsonl")):
        _check_depth(file)


def _check_depth(file: NamedBytes) -> None:
    """Brackets within brackets cost memory far beyond the bytes they take."""
    depth = 0
    with file.stream() as stream:
        while part := stream.read(_PART):
            for letter in re.findall(rb"[\[\]{}]", part):
                depth += 1 if letter in b"[{" else -1
                if depth > MOST_DEPTH * 16:
                    raise Refused(
                        f"{file.name!r} nests lists within lists too deeply; write each statement flat."
                    )


def _check_lines(file: NamedBytes) -> None:
    """The first line's columns, and that lines end: a file of one endless line is no table."""
    with file.stream() as stream:
        first = stream.readline(MOST_LINE_BYTES + 1)
        if max(first.count(one) for one in _SEPARATORS) >= MOST_COLUMNS:
            raise Refused(
                f"{file.name!r} has over {MOST_COLUMNS:,} columns, more than a table can have; send the table itself."
            )
        since = 0
        stream.seek(0)
        while part := stream.read(_PART):
            at = part.rfind(b"\n")
            if at >= 0:
                if since + part.find(b"\n") > MOST_LINE_BYTES:
                    break
                since = len(part) - at - 1
            else:
                since += len(part)
            if since > MOST_LINE_BYTES:
                break
        else:
            return
    raise Refused(f"{file.name!r} has a line of over 2 MB; it is cut off, or no table of rows.")


_KEY = re.compile(rb"^[ \t]*\[{0,2}[ \t]*([^=\n#]*)", re.MULTILINE)


def check_settings(content: bytes) -> None:
    """Refuse settings that are too long, or whose keys are: a key of many parts costs memory by its square."""
    if len(content) > MOST_SETTINGS_BYTES:
        raise Refused("The settings are over 64 kB, more than the settings of a source can be.")
    for line in content.split(b"\n"):
        key = line.partition(b"=")[0]
        if len(key) > MOST_KEY_LETTERS and key.count(b".") + key.count(b"[") > MOST_KEY_PARTS:
            raise Refused("The settings have a key of too many parts; see docs/how-to/describe-a-source.md.")
    if (
        re.search(rb"(?:[^\s=.\"']{1,80}[ \t]*\.[ \t]*){9}", content)
        or content.count(b"[") > 2_000
        or content.count(b"{") > 2_000
    ):
        raise Refused("The settings nest too deeply; see docs/how-to/describe-a-source.md.")
