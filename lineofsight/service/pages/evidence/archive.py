"""A pack as a folder and as a zip."""

from __future__ import annotations

import io
import shutil
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

from lineofsight.service.pages.evidence.pack import Pack
from lineofsight.vocabulary.refusal import Refused

_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""The day that every file of a zip bears: the earliest it can, so that the same pack is the same bytes."""


def write_folder(pack: Pack, folder: Path) -> None:
    """Write a pack into a new or empty folder: all of it, or nothing."""
    write_files(pack.files, folder)


def check_folder(folder: Path) -> None:
    """Refuse a folder that is there already and holds something."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused(
            f"{str(folder)!r} is there already and holds something; name a folder that is new or empty."
        )


def write_files(files: Mapping[str, bytes], folder: Path) -> None:
    """Write files by name into a new or empty folder that only its owner opens: all of them, or none."""
    check_folder(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        for name, content in files.items():
            path = draft / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        if folder.exists():
            folder.rmdir()
        draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def zipped(pack: Pack) -> bytes:
    """A pack as a zip with one folder in it."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(pack.files):
            entry = zipfile.ZipInfo(f"{pack.name}/{name}", _FIRST_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # as on Unix, wherever it is made
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, pack.files[name])
    return whole.getvalue()
