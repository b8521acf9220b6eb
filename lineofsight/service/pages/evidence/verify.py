"""Check this evidence pack: run `python3 verify.py` in its folder. It needs Python alone, and no network.

It checks that every file is as MANIFEST.sha256 lists it and that none is missing or added; that every statement
hashes to its seal, the seals to what its delivery states, and each delivery to its link of the chain; and that
what the pages and statements.json show of a statement is what was sealed. With `--head HASH`, a check code noted
elsewhere, it also checks that the code is part of this chain and covers every statement of the pack.

It prints one sentence. Exit code 0: everything holds; 1: something does not.
"""

from __future__ import annotations

import hashlib
import json
import sys
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath
from typing import Any

MANIFEST = "MANIFEST.sha256"
FAN_OUT = 1024
SEAL_BYTES = 32
Cells = dict[str, Any]


class Broken(Exception):
    """Something of the pack does not hold; its text says what."""


def sha256(content: bytes) -> str:
    """A hash in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


# -- files -----------------------------------------------------------------------------------------


def check_files(folder: Path) -> int:
    """Check every file against the manifest, and that there is no other; gives how many there are."""
    listed = read_manifest(folder)
    for name, expected in listed.items():
        path = folder / name
        if path.is_symlink() or not path.is_file():
            raise Broken(f"the file {name} is missing")
        if sha256(path.read_bytes()) != expected:
            raise Broken(f"the file {name} was changed")
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if name != MANIFEST and name not in listed and (path.is_symlink() or not path.is_dir()):
            raise Broken(f"the file {name} is not part of the pack")
    return len(listed)


def read_manifest(folder: Path) -> dict[str, str]:
    """The hash of each file by its name, as `sha256sum` writes them."""
    listed: dict[str, str] = {}
    for line in read_text(folder / MANIFEST).splitlines():
        expected, _, name = line.partition("  ")
        parts = PurePosixPath(name).parts
        if len(expected) != 64 or not parts or ".." in parts or name.startswith("/") or name in listed:
            raise Broken(f"{MANIFEST} cannot be read")
        listed[name] = expected
    return listed


def read_text(path: Path) -> str:
    """A file's text."""
    try:
        return path.read_bytes().decode("utf-8")
    except OSError:
        raise Broken(f"the file {path.name} is missing") from None
    except UnicodeDecodeError:
        raise Broken(f"the file {path.name} cannot be read") from None


# -- seals -----------------------------------------------------------------------------------------


def cell_text(value: Any) -> str:
    """One cell in the form that is sealed: its length in bytes, a colon and its text; an empty one is `-`."""
    return "-" if value is None else f"{len(str(value).encode())}:{value}"


def root(seals: list[bytes]) -> str:
    """The root of the tree over seals."""
    joined = b"".join(seals)
    while len(joined) > SEAL_BYTES:
        width = FAN_OUT * SEAL_BYTES
        groups = [joined[start : start + width] for start in range(0, len(joined), width)]
        joined = b"".join(hashlib.sha256(b"node" + group).digest() for group in groups)
    return sha256(b"root" + joined)


def check_seals(proof: dict[str, Any]) -> dict[str, Cells]:
    """Check statements against seals, seals against links, links against hashes; gives each version's cells."""
    links = {link["number"]: link for link in proof["links"]}
    for link in proof["links"]:
        if "text" in link and sha256(f"{link['previous']}\n{link['text']}".encode()) != link["hash"]:
            raise Broken(f"link {link['number']} of the chain does not have the hash of its text")
    for before, after in zip(proof["links"], proof["links"][1:], strict=False):
        if after["number"] != before["number"] + 1 or after.get("previous", before["hash"]) != before["hash"]:
            raise Broken(f"link {after['number']} does not follow the link before it")
    head = proof["head"]
    if not proof["links"] or [head["number"], head["hash"]] != [
        proof["links"][-1]["number"],
        proof["links"][-1]["hash"],
    ]:
        raise Broken("the chain does not end at the head that the pack gives")
    sealed: dict[str, Cells] = {}
    for block in proof["blocks"]:
        sealed |= check_block(block, links[block["link"]], proof["authority"])
    if len(sealed) != sum(len(block["statements"]) for block in proof["blocks"]):
        raise Broken("a statement is given twice")
    return sealed


def check_block(block: dict[str, Any], link: dict[str, Any], authority: str) -> dict[str, Cells]:
    """Check one delivery's statements against their seals, and these against its text where that is public."""
    seals = [bytes.fromhex(seal) for seal in block["seals"]]
    says = json.loads(link["text"]) if "text" in link else None
    if says and (says["number"] != block["link"] or says["authority"] != authority):
        raise Broken(f"link {block['link']} is of another delivery than the pack gives")
    if says and root(seals) != says["blocks"]["statement"]["root"]:
        raise Broken(f"the seals of link {block['link']} are not those its delivery states")
    sealed: dict[str, Cells] = {}
    for row in block["statements"]:
        name = f"{row['reference']}@{block['link']}"
        text = "".join(map(cell_text, row["cells"])).encode()
        if hashlib.sha256(bytes.fromhex(row["salt"]) + text).digest() != seals[row["leaf"]]:
            raise Broken(f"the statement {name} is not what was sealed")
        cells = dict(zip(block["cells"], row["cells"], strict=True))
        source, _, id = row["reference"].partition("/")
        if id != cells["id"] or (says and source != says["source"]):
            raise Broken(f"the statement {name} is given under another name")
        sealed[name] = {column: value for column, value in cells.items() if value is not None}
    return sealed


def check_head(proof: dict[str, Any], noted: str) -> str:
    """Check that a head noted elsewhere covers every statement of the pack; gives how to say so."""
    place = next((at for at, link in enumerate(proof["links"]) if link["hash"] == noted), None)
    if place is None:
        raise Broken("the check code you gave is not part of this chain from the pack's first delivery on")
    if proof["blocks"] and max(block["link"] for block in proof["blocks"]) > proof["links"][place]["number"]:
        raise Broken(
            "the check code you gave is older than some statements of this pack, so it cannot cover them"
        )
    if any("text" not in link for link in proof["links"][: place + 1]):
        raise Broken(
            "the check code you gave is in this pack's list, but the links before it are not all public, "
            "so only whoever keeps the record can join them (lineofsight verify --head)"
        )
    return "the check code you gave covers every statement, and "


# -- what is shown ---------------------------------------------------------------------------------


class Shown(HTMLParser):
    """The cells of statements that a page shows: elements that name a version and a cell."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.cells: list[tuple[str, str, str]] = []
        self.open: tuple[str, str, str] | None = None
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin to gather the text of such an element."""
        named = dict(attrs)
        if "data-cell" in named:
            self.open = (tag, named.get("data-of") or "", named["data-cell"] or "")
            self.text = []

    def handle_data(self, data: str) -> None:
        """Gather."""
        if self.open:
            self.text.append(data)

    def handle_endtag(self, tag: str) -> None:
        """The element ends."""
        if self.open and tag == self.open[0]:
            self.cells.append((self.open[1], self.open[2], "".join(self.text)))
            self.open = None


def check_shown(folder: Path, sealed: dict[str, Cells]) -> None:
    """Check that the pages and statements.json show what was sealed, and every sealed cell on its statement's page."""
    whole: dict[str, Cells] = {name: {} for name in sealed}
    for path in sorted(folder.rglob("*.html")):
        page = path.relative_to(folder).as_posix()
        shown = Shown()
        shown.feed(read_text(path))
        for name, column, text in shown.cells:
            if str(sealed.get(name, {}).get(column)) != text:
                raise Broken(f"the page {page} shows another {column} of {name} than was sealed")
            if page.startswith("statements/"):
                whole[name][column] = sealed[name][column]
    for name, cells in sealed.items():
        if whole[name] != cells:
            raise Broken(f"no page shows all that was sealed of {name}")
    rows = json.loads(read_text(folder / "statements.json"))["rows"]
    if {row["version"]: row["sealed"] for row in rows} != sealed:
        raise Broken("statements.json does not hold what was sealed")


# -- the answer ------------------------------------------------------------------------------------


def answer(folder: Path, noted: str | None) -> str:
    """The sentence where everything holds; raises Broken where something does not."""
    count = check_files(folder)
    proof = json.loads(read_text(folder / "seals.json"))
    sealed = check_seals(proof)
    check_shown(folder, sealed)
    covered = check_head(proof, noted.strip().lower()) if noted is not None else ""
    gaps = sum("text" not in link for link in proof["links"])
    head = proof["head"]
    chain = f"the chain leads on without a gap to its head, link {head['number']} ({head['hash']})"
    if gaps:
        chain = (
            f"between its deliveries and the head, link {head['number']} ({head['hash']}), {gaps} links are not public, "
            "so only whoever keeps the record can join them"
        )
    links = {link["number"]: link for link in proof["links"]}
    apart = sum(len(block["statements"]) for block in proof["blocks"] if "text" not in links[block["link"]])
    if apart:
        chain = f"{apart} of them in deliveries whose text is not public, {chain}"
    statements = len({name.rpartition("@")[0] for name in sealed})
    versions = "" if statements == len(sealed) else f" (in {len(sealed)} versions)"
    fingerprint = sha256((folder / MANIFEST).read_bytes())
    return (
        f"This pack holds: {count} files are unchanged, {statements} statements{versions} are as they were sealed, "
        f"{covered}{chain}; the fingerprint of this pack is {fingerprint}."
    )


def main(arguments: list[str]) -> int:
    """Write the sentence; gives the exit code."""
    noted = arguments[1] if len(arguments) == 2 and arguments[0] == "--head" else None
    try:
        if arguments and noted is None:
            raise Broken("it was not checked; run python3 verify.py, or python3 verify.py --head CHECK-CODE")
        says, code = answer(Path(__file__).resolve().parent, noted), 0
    except Broken as why:
        says, code = f"This pack does not hold: {why}.", 1
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, OSError):
        says, code = "This pack does not hold: one of its files is not written as a pack's files are.", 1
    sys.stdout.write(f"{says}\n")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
