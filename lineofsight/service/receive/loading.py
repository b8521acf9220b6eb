"""How far the demonstration's county is loaded, for the pages that are served meanwhile: one small file in the home."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings


@dataclass(frozen=True)
class Loading:
    """Something that is being loaded: what, and how many of how many nights."""

    name: str
    done: int
    total: int


def _path() -> Path:
    return Path(settings.HOME) / "loading.json"


def tell(name: str, done: int, total: int) -> None:
    """Say how far it is; the file appears whole."""
    draft = _path().with_suffix(".draft")
    draft.write_text(json.dumps({"name": name, "done": done, "total": total, "process": os.getpid()}))
    draft.replace(_path())


def ended() -> None:
    """Say that nothing is being loaded any more."""
    _path().unlink(missing_ok=True)


def now() -> Loading | None:
    """What is being loaded; None where nothing is, or whoever loaded it was stopped."""
    try:
        said = json.loads(_path().read_text())
        os.kill(int(said["process"]), 0)
        return Loading(str(said["name"]), int(said["done"]), int(said["total"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
