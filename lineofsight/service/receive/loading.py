"""How far the demonstration's county is loaded, for pages that are served meanwhile: one small file in the home."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings


@dataclass(frozen=True)
class Loading:
    """What is being loaded, and how many of its nights are done."""

    name: str
    done: int
    total: int


def _path() -> Path:
    return Path(settings.HOME) / "loading.json"


def tell(name: str, done: int, total: int) -> None:
    """Note how far it is. Another process never reads half of the file."""
    draft = _path().with_suffix(".draft")
    draft.write_text(json.dumps({"name": name, "done": done, "total": total, "process": os.getpid()}))
    draft.replace(_path())


def ended() -> None:
    """Note that nothing is being loaded any more."""
    _path().unlink(missing_ok=True)


def now() -> Loading | None:
    """What is being loaded; None where nothing is, or the process that loaded it was stopped."""
    try:
        noted = json.loads(_path().read_text())
        os.kill(int(noted["process"]), 0)
        return Loading(str(noted["name"]), int(noted["done"]), int(noted["total"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
