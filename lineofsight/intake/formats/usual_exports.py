"""What exports of the three common case systems usually call their columns and the role of the allocated worker.

The words are in `usual_exports.csv`. Each authority can change its own export, so a match is a guess that a person
sees and may change. `known_from` says which words stand in public extraction scripts and which nobody has checked.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_USUAL_ROLE = re.compile(
    r"cw|allocated( (social|case|key|lead))? ?worker|(case|lead|allocated) ?(holder|holding|practitioner)( worker)?"
    r"|case ?worker|lead worker|rel\.allwork.*|(senior )?social worker"
)
_FEWEST = 3


@dataclass(frozen=True)
class Export:
    """One system's usual export: the headings of each of our columns in words, and roles of the allocated worker."""

    system: str
    headings: Mapping[str, frozenset[str]]
    roles: frozenset[str]


def in_words(heading: str) -> str:
    """A heading in small letters, its words parted by single spaces: `ClientID` and `client_id` are `client id`."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", heading)
    return " ".join(re.sub(r"[^A-Za-z0-9]+", " ", parted).split()).lower()


@cache
def exports() -> tuple[Export, ...]:
    """The usual exports, in the order in which they are tried."""
    text = files("lineofsight.intake.formats").joinpath("usual_exports.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    return tuple(_export(system, rows) for system in dict.fromkeys(row["system"] for row in rows))


def _export(system: str, rows: Sequence[Mapping[str, str]]) -> Export:
    own = [row for row in rows if row["system"] == system]
    columns = {row["column"] for row in own if row["kind"] == "heading"}
    headings = {
        column: frozenset(row["text"] for row in own if row["column"] == column) for column in sorted(columns)
    }
    return Export(system, headings, frozenset(row["text"] for row in own if row["kind"] == "role"))


def system_of(headings: Sequence[str]) -> str | None:
    """The system whose usual export has most of these headings; None where none has three of them."""
    words = {in_words(heading) for heading in headings}
    counts = {one.system: sum(bool(words & known) for known in one.headings.values()) for one in exports()}
    best = max(counts, key=lambda system: counts[system])
    return best if counts[best] >= _FEWEST else None


def is_usual_role(role: str) -> bool:
    """Whether a role is usually that of the worker who answers for the child."""
    said = " ".join(role.split()).casefold()
    return bool(_USUAL_ROLE.fullmatch(said)) or any(said in one.roles for one in exports())
