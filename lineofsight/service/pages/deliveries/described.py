"""A source's settings from what somebody answered on the pages that describe it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Mapping
from typing import Any

from lineofsight.intake.settings_text import written_settings


def settings_text(authority: str, answers: Mapping[str, Any]) -> str:
    """The settings as TOML, as `lineofsight source set` reads them."""
    owners = [{one["key"]: one["value"], "why": one["why"]} for one in answers.get("owners", [])]
    allocation = {
        "roles_that_count": answers.get("roles"),
        "owners_that_do_not_count": owners or None,
        "people": answers.get("people") or None,
        "same_worker": answers.get("same") or None,
        "different_workers": answers.get("different") or None,
    }
    return written_settings(
        {
            "name": answers["source"],
            "authority": authority,
            "format": answers["format"],
            "roster": answers.get("roster"),
            "covers": answers.get("covers"),
            "expected": answers.get("expected") or None,
            "columns": answers.get("columns") or None,
            "closed": answers.get("closed") or None,
            "allocation": {name: value for name, value in allocation.items() if value is not None},
        }
    )


def mark_of(settings: str) -> str:
    """A short mark of settings: what was shown is what is saved."""
    return hashlib.sha256(settings.encode()).hexdigest()[:16]


def name_from(file: str, taken: Collection[str]) -> str:
    """A name for a source from that of its file, which no source of the authority has."""
    stem = re.split(r"[/\\]", file)[-1].rpartition(".")[0].lower()
    name = re.sub(r"[^a-z]+", "-", stem).strip("-")[:40].strip("-") or "new-source"
    number = 2
    found = name
    while found in taken:
        found, number = f"{name}-{number}", number + 1
    return found
