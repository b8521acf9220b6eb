"""A source's settings from what somebody answered on the pages that describe it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Mapping
from typing import Any

from lineofsight.intake.settings_text import written_said


def answers_of(said: Mapping[str, Any]) -> dict[str, Any]:
    """The answers that settings of a source give, so that the steps which describe it can change them."""
    rules = said.get("allocation", {})
    owners = [
        {"key": key, "value": str(line[key]), "why": line["why"]}
        for line in rules.get("owners_that_do_not_count", [])
        for key in _single_key(line)
    ]
    closed = {"closed": said["closed"]} if "closed" in said else {}
    return {
        "source": said["name"],
        "base": dict(said),
        "format": said["format"],
        "columns": said.get("columns") or {},
        **closed,
        "roles": rules.get("roles_that_count"),
        "owners": owners,
        "people": [str(name) for name in rules.get("people", [])],
        "same": rules.get("same_worker", []),
        "different": rules.get("different_workers", []),
        "covers": said.get("covers", "named"),
        "second": ["yes"] if said.get("covers") == "service" else [],
        "roster": said.get("roster", "partial"),
        "expected": said.get("expected", ""),
    }


def _single_key(line: Mapping[str, Any]) -> list[str]:
    """The one key by which a line names an owner; none where it has several, which the pages do not show."""
    keys = [name for name in line if name != "why"]
    return keys if len(keys) == 1 else []


def settings_text(authority: str, answers: Mapping[str, Any]) -> str:
    """The settings as TOML, as `lineofsight source set` reads them.

    Settings that are changed keep whatever no page asks about.
    """
    base = dict(answers.get("base") or {})
    rules = dict(base.get("allocation", {}))
    several = [line for line in rules.get("owners_that_do_not_count", []) if not _single_key(line)]
    owners = [{one["key"]: one["value"], "why": one["why"]} for one in answers.get("owners", [])] + several
    allocation = {
        **rules,
        "roles_that_count": answers.get("roles"),
        "owners_that_do_not_count": owners or None,
        "people": answers.get("people") or None,
        "same_worker": answers.get("same") or None,
        "different_workers": answers.get("different") or None,
    }
    return written_said(
        {
            **base,
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
