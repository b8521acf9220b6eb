"""How entries are sealed: the exact bytes that are hashed, so that anybody can repeat it.

A row's *seal* is SHA-256 over its salt and its cells, in a form that can be read in only one way. Each
cell is its length in bytes, a colon and its UTF-8 text (a netstring without the comma); an empty cell is
`-`. The salt is sixteen random bytes. Without it, nobody can guess an erased row from its seal.

A tree with a fan-out of 1,024 hashes the seals of a block to one *root*, so two short lists can prove
that a row is part of a delivery. A link's hash is SHA-256 over the hash of the link before it
and the link's own text.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence

from lineofsight.record.entry import Value

SALT_BYTES = 16
SEAL_BYTES = 32
FAN_OUT = 1024
FIRST_PREVIOUS = "0" * 64
"""The previous hash in the first link of a chain."""


def cell_text(value: Value) -> str:
    """One cell in the form that is sealed."""
    if value is None:
        return "-"
    text = str(value)
    return f"{len(text.encode())}:{text}"


def row_text(cells: Sequence[Value]) -> str:
    """A row in the form that is sealed: operation, attested moment, then the table's columns in order."""
    return "".join(map(cell_text, cells))


def seal(salt: bytes, text: bytes) -> bytes:
    """The seal of one row, 32 bytes."""
    return hashlib.sha256(salt + text).digest()


def seals(salts: bytes, texts: Iterable[bytes]) -> bytes:
    """The seals of many rows, joined. The i-th salt is bytes 16i to 16i+16 of `salts`."""
    sha256 = hashlib.sha256
    starts = range(0, len(salts), SALT_BYTES)
    pairs = zip(starts, texts, strict=True)
    return b"".join([sha256(salts[start : start + SALT_BYTES] + text).digest() for start, text in pairs])


def root(joined: bytes) -> str:
    """The root, in hexadecimal, of the tree over joined 32-byte nodes; without nodes, the hash of the prefix alone."""
    while len(joined) > SEAL_BYTES:
        width = FAN_OUT * SEAL_BYTES
        groups = (joined[start : start + width] for start in range(0, len(joined), width))
        joined = b"".join(hashlib.sha256(b"node" + group).digest() for group in groups)
    return hashlib.sha256(b"root" + joined).hexdigest()


def link_text(body: Mapping[str, object]) -> str:
    """A link's body as it is stored and hashed: JSON, keys sorted, no spaces, not escaped."""
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def link_hash(previous: str, text: str) -> str:
    """The hash of a link, in hexadecimal, from the hash of the link before it and its own text."""
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()
