"""When something was last done for this home, and how it ended: small files in the folder `stamps`, for `doctor` and monitors.

They prove nothing and may be lost; a home is whole without them. They hold moments, numbers and names of ours, never a row.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from lineofsight.service.store import clock
from lineofsight.vocabulary.moments import microseconds, moment_of

READER = "reader"
"""A reader of waiting deliveries looked for some."""
VERIFIED = "verified"
BACKED_UP = "backed-up"
DRILLED = "drilled"
"""The last backup was restored into a scratch home, to see that it can be."""


@dataclass(frozen=True)
class Stamp:
    """When it was last done, and what is known of how it ended."""

    at: datetime
    says: dict[str, Any] = field(default_factory=dict)


def note(name: str, **says: Any) -> None:
    """Note that something was done now. A home that cannot be written to keeps nobody from doing it."""
    path = _path(name)
    draft = path.with_name(f".{name}.{os.getpid()}")
    with suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft.write_text(json.dumps({"at": microseconds(clock.now()), **says}), "utf-8")
        draft.replace(path)


def read(name: str) -> Stamp | None:
    """When it was last done; None where it never was, or nobody can tell."""
    try:
        says = json.loads(_path(name).read_text("utf-8"))
        return Stamp(moment_of(says.pop("at")), says)
    except (OSError, ValueError, TypeError, AttributeError, LookupError, OverflowError):
        return None


def _path(name: str) -> Path:
    return Path(settings.HOME) / "stamps" / name
