"""England's authorities with children's services, with their predecessors: a table with dated rows.

Codes are the department's three digits; `gss` is the Office for National Statistics' area code. An abolished
authority keeps its rows. Its successor is another body, so no judgement passes from one to the other.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources


@dataclass(frozen=True)
class Authority:
    """One authority: its name, other names, first and last day (None: no limit), and predecessors."""

    code: str
    name: str
    gss: str
    also_called: tuple[str, ...]
    begun_on: date | None
    ended_on: date | None
    follows: tuple[str, ...]


@cache
def authorities() -> dict[str, Authority]:
    """Every authority by its code."""
    text = resources.files(__package__).joinpath("authorities.csv").read_text("utf-8")
    return {row["code"]: _authority(row) for row in csv.DictReader(text.splitlines())}


def _authority(row: dict[str, str]) -> Authority:
    also = tuple(filter(None, row["also_called"].split("; ")))
    return Authority(
        row["code"],
        row["name"],
        row["gss"],
        also,
        _day(row["from"]),
        _day(row["to"]),
        tuple(row["follows"].split()),
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


_TITLES = (
    r"\b(the|london borough of|royal borough of|metropolitan borough of|city and county of|council of the|"
    r"metropolitan|borough|county|city|district|unitary|council|authority|local|mbc)\b"
)


@cache
def plain(name: str) -> str:
    """A name in lower case without council titles, for comparison."""
    small = re.sub(r"\s+", " ", name.lower().replace("&", "and").replace(".", "").replace("’", "'"))
    bare = re.sub(r"[^a-z ]", " ", re.sub(_TITLES, " ", small))
    return " ".join(word for word in bare.split() if word != "of") or " ".join(small.split())


@cache
def _by_plain_name() -> dict[str, tuple[Authority, ...]]:
    found: dict[str, tuple[Authority, ...]] = {}
    for authority in authorities().values():
        for name in {plain(each) for each in (authority.name, *authority.also_called)}:
            found[name] = (*found.get(name, ()), authority)
    return found


_SERVICE = re.compile(
    r"(?i)\b(?:together for children|safeguarding children board|children(?:[’']?s)?(?: and families| social care)?(?: services)?"
    r"(?: first| trust)?|trust)(?!\w)"
)
"""What a trust, a company or a board puts round the name of the authority whose services it runs."""


def authorities_named(name: str) -> tuple[Authority, ...]:
    """The authorities that a printed name may mean: more than one if the name survived a reorganisation.

    A trust that runs an authority's services bears its name, or is listed among its other names.
    """
    return _by_plain_name().get(plain(name)) or _by_plain_name().get(plain(_SERVICE.sub(" ", name)), ())


def line_of(code: str) -> tuple[str, ...]:
    """An authority and all its predecessors, nearest first, because history does not start on vesting day."""
    found = [code]
    for reached in found:
        held = authorities().get(reached)
        found += [before for before in (held.follows if held else ()) if before not in found]
    return tuple(found)


def followers_of(code: str) -> tuple[str, ...]:
    """The successors of an authority."""
    return tuple(one.code for one in authorities().values() if code in one.follows)
