"""Where tables are put: a folder or an object store, by fsspec. A reader never finds half a run.

The files of a run go into a folder that is named by what is in them, and `latest.json` is written last.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import fsspec

from lineofsight.vocabulary.refusal import Refused

_PACKAGES = {"s3": "s3fs", "abfs": "adlfs", "abfss": "adlfs", "az": "adlfs", "gs": "gcsfs"}
_KINDS = ("file", "memory", *_PACKAGES)
LATEST = "latest.json"


@dataclass(frozen=True)
class Place:
    """A folder or a store's prefix."""

    files: Any
    root: str
    here: bool


def place_of(to: str) -> Place:
    """Where an address leads; refuses kinds of store that are not known, absent drivers, and keys in addresses."""
    kind = to.partition("://")[0] if "://" in to else "file"
    if kind not in _KINDS:
        raise Refused(f"Tables are written to a folder, or to one of: {', '.join(_PACKAGES)}.")
    login = urlsplit(to).netloc.rpartition("@")[0] if kind != "file" else ""
    if ":" in login:
        raise Refused(
            "The address holds a key, which others could read; give keys in the store’s own settings."
        )
    try:
        files, root = fsspec.core.url_to_fs(to if "://" in to else str(Path(to).absolute()))
    except ImportError:
        raise Refused(
            f"To write to {kind}:// install the package {_PACKAGES[kind]} beside Line of Sight."
        ) from None
    return Place(files, str(root).rstrip("/"), kind == "file")


def put(place: Place, folder: str, name: str, files: Mapping[str, bytes], manifest: bytes) -> str:
    """Write a run under a folder and make it the latest; gives the run's name.

    The run is called after `name` and the hash of its manifest, so the same tables are the same files.
    """
    digest = hashlib.sha256(manifest).hexdigest()
    run = f"{name}-{digest[:12]}"
    base = "/".join(part for part in (place.root, folder) if part)
    place.files.makedirs(f"{base}/{run}", exist_ok=True)
    for file, content in {**files, "manifest.json": manifest}.items():
        _write(place, f"{base}/{run}/{file}", content)
    pointer = json.dumps({"run": run, "manifest_sha256": digest}, indent=2) + "\n"
    _write(place, f"{base}/{LATEST}", pointer.encode())
    return run


def _write(place: Place, path: str, content: bytes) -> None:
    """Write one file so that it is there whole or not at all: on a disk, moved into place; in a store, one upload."""
    if not place.here:
        place.files.pipe_file(path, content)
        return
    with place.files.transaction, place.files.open(path, "wb") as file:
        file.write(content)
