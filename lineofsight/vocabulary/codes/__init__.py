"""Code sets: one CSV each, with every code, its meaning and the days it was valid."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources


@dataclass(frozen=True)
class Code:
    """One code of a set: its meaning, and the first and last day it was valid (None: no limit)."""

    code: str
    says: str
    valid_from: date | None
    valid_to: date | None


@cache
def code_set(name: str) -> dict[str, Code]:
    """The codes of a set in the order of its file; raises FileNotFoundError for an unknown set."""
    text = resources.files(__package__).joinpath(f"{name}.csv").read_text("utf-8")
    rows = csv.DictReader(text.splitlines())
    return {row["code"]: _code(row) for row in rows}


def _code(row: dict[str, str]) -> Code:
    return Code(row["code"], row["says"], _day(row["valid_from"]), _day(row["valid_to"]))


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
