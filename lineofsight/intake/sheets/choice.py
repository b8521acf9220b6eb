"""Of two files or sheets that hold one table, which is read: that in sight over a hidden one, the newer over the older."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from lineofsight.intake.sheets.named import day_in

_COPY = re.compile(r"\((\d{1,3})\)|\bcopy(?: \(?(\d{1,3})\)?)?", re.IGNORECASE)
_OLD = re.compile(
    r"(?<![a-z])(?:old|archived?|previous|prior|superseded|backup|before|last month)(?![a-z])", re.IGNORECASE
)
_MONTH = re.compile(
    r"(?<![a-z])(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[ _-]*(20\d{2}|\d{2}(?!\d))?",
    re.IGNORECASE,
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_OVERLAP = 0.5


@dataclass(frozen=True)
class Part:
    """A file or sheet that holds rows of a table: its name, whether it is hidden, and the keys of its rows."""

    name: str
    hidden: bool
    keys: frozenset[object]
    children: frozenset[object] = frozenset()
    """The children of its rows: two files with different days in their names are two extracts if they share these."""


@dataclass(frozen=True)
class Choice:
    """The places of the parts that are read, and those that are not with why."""

    read: list[int]
    left: dict[int, str]


def choice(parts: Sequence[Part]) -> Choice:
    """Which parts are read. Parts that share few rows are pieces of one table, and all of them are."""
    left: dict[int, str] = {}
    order = sorted(range(len(parts)), key=lambda at: _rank(parts[at], at), reverse=True)
    read: list[int] = []
    for at in order:
        other = next((one for one in read if _stands_for(parts[one], parts[at])), None)
        if other is None:
            read.append(at)
        else:
            left[at] = _why(parts[other], parts[at])
    return Choice(sorted(read), left)


def _stands_for(better: Part, part: Part) -> bool:
    if part.hidden and not better.hidden:
        return True
    days = {day_in(better.name), day_in(part.name)}
    dated = len(days) == 2 and None not in days and better.children and part.children
    mine, other = (better.children, part.children) if dated else (better.keys, part.keys)
    smaller = min(len(mine), len(other))
    return smaller > 0 and len(mine & other) >= smaller * _OVERLAP


def _rank(part: Part, at: int) -> tuple[bool, bool, date, str, int, int, int]:
    """Higher is read first: in sight, not called old, a later day or month in the name, a later copy, a shorter name."""
    found = _COPY.search(part.name)
    copy = int(found[1] or found[2] or 1) if found else 0
    old = bool(_OLD.search(part.name))
    return (
        not part.hidden,
        not old,
        day_in(part.name) or date.min,
        _month_in(part.name),
        copy,
        -len(part.name),
        -at,
    )


def _month_in(name: str) -> str:
    """The year and month that a name says in words, the year 0000 where it says none."""
    found = _MONTH.search(name)
    if not found:
        return ""
    year = found[2] or "0000"
    return f"{year if len(year) == 4 else '20' + year}{_MONTHS.index(found[1].lower()) + 1:02}"


def _why(better: Part, part: Part) -> str:
    if part.hidden and not better.hidden:
        return "is hidden"
    if day_in(part.name) != day_in(better.name):
        return "has an earlier date in its name, or none"
    return "holds the same rows"
