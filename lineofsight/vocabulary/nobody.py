"""The words that stand where a worker should and say that there is nobody, and words that may be a name or a team.

The words are in `nobody.csv`, each with the day from which it is known here. They are compared with the whole
cell, in small letters, with single spaces, and also with the parts of "last, first" turned round: a surname
such as Duty or Pool beside a forename is a person.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

_OF_TEAMS = (
    r"(?:north|south|east|west|central|duty|assessments?|safeguarding|cin|cp|cla|lac|referrals?|access|early|help|first|front|"
    r"response|children'?s?|family|families|care|leaving|intake|locality|area|city|county|support|services?|and|the|of|&|\d{1,2}|[a-z])"
)
"""Words of which a team's name is made."""
_TEAM_AT_THE_END = re.compile(
    r".*\b(?:teams?|inbox|duty desk|work ?tray|mailbox|front door)(?: [0-9a-z]{1,3})?"
    rf"|(?:{_OF_TEAMS}[ ]+)+(?:hub|mash|locality|pool|tray|unit|services?)(?: [0-9a-z]{{1,3}})?"
)
"""A cell that ends so names a team: few people are called so, and those who are stand in `people` of the settings."""
_TEAM_FIRST = re.compile(
    rf"team[ :-]+[0-9a-z].*|(?:hub|locality|area|unit)[ :-]+(?:{_OF_TEAMS})(?:[ ]+{_OF_TEAMS})*"
)
_MAY_BE_A_TEAM = re.compile(
    r"\b(duty|pool|tray|team|hub|unit|services?|locality|inbox|agency|vacant|vacancy|cover|manager|locum|holding)\b"
)
_A_NAME_AND_MORE = re.compile(r"[^()\[\]]+ ?[(\[][^()\[\]]*[)\]]|\S+ \S+ ?[-–|/] ?.+")
"""A name with a team behind it: in brackets, or after a dash."""


_EDGES = " .;:'\"*<>[](){}!#"


@dataclass(frozen=True)
class _Words:
    """The phrases, and one pattern of all patterns."""

    phrases: frozenset[str]
    patterns: re.Pattern[str]

    def say(self, text: str) -> bool:
        """Whether a whole cell is one of the words; one of nothing but punctuation is, too."""
        return not text or text in self.phrases or bool(self.patterns.fullmatch(text))


@cache
def _words(*, of_titles: bool) -> _Words:
    """The words for a name, a number or a team; for a job title only those that tell of a vacancy."""
    text = files("lineofsight.vocabulary").joinpath("nobody.csv").read_text(encoding="utf-8")
    own = ("yes", "only") if of_titles else ("yes", "no")
    rows = [row for row in csv.DictReader(text.splitlines()) if row["titles"] in own]
    phrases = frozenset(row["wording"] for row in rows if row["kind"] == "phrase")
    patterns = "|".join(f"(?:{row['wording']})" for row in rows if row["kind"] == "pattern")
    return _Words(phrases, re.compile(patterns))


def as_one_name(text: str) -> str:
    """A name as names are compared: in small letters, with single spaces."""
    return " ".join(text.split()).casefold()


def _plain(text: str) -> str:
    without_points = re.sub(r"(?<=\b\w)\.", "", text).replace("_", " ")
    said = " ".join(without_points.split()).strip(_EDGES).casefold()
    return said if re.fullmatch(r"-\d+", said) else said.strip("-– ") or said


@lru_cache(maxsize=65_536)
def is_nobody(text: str | None) -> bool:
    """Whether the name or number of a worker or a team says that there is nobody; an empty cell says nothing."""
    words = _words(of_titles=False)
    return bool(text) and any(map(words.say, _both_ways(_plain(text or ""))))


@lru_cache(maxsize=65_536)
def is_nobody_by_title(job_title: str | None) -> bool:
    """Whether a job title says that nobody holds the post. `Duty Social Worker` or no title at all does not."""
    words = _words(of_titles=True)
    return bool(job_title) and bool(said := _plain(job_title or "")) and words.say(said)


@lru_cache(maxsize=65_536)
def is_team(text: str | None) -> bool:
    """Whether a worker's cell names a team: it ends or begins as only a team's name does."""
    cell = as_one_name(text or "")
    if "," in cell or _A_NAME_AND_MORE.fullmatch(cell):
        return False
    said = _plain(cell)
    return bool(_TEAM_FIRST.fullmatch(said)) or (" " in said and bool(_TEAM_AT_THE_END.fullmatch(said)))


def stands_for_nobody(
    worker: str | None, name: str | None = None, job_title: str | None = None, people: Collection[str] = ()
) -> bool:
    """Whether a worker's number, name or job title says that there is nobody (counting rule 10).

    `people`: numbers and names, in small letters, that a person has said to be people's.
    """
    if any(as_one_name(text) in people for text in (worker, name) if text):
        return False
    if is_nobody(worker) or is_nobody(name) or is_nobody_by_title(job_title):
        return True
    return is_team(name) or (" " in (worker or "") and is_team(worker))


@lru_cache(maxsize=65_536)
def may_be_nobody(text: str | None) -> bool:
    """Whether a worker's cell holds a word that may be a name or a team, so that a person should say which."""
    return bool(text) and not is_nobody(text) and bool(_MAY_BE_A_TEAM.search(_plain(text or "")))


def _both_ways(said: str) -> tuple[str, ...]:
    """A cell, and of "last, first" also "first last"."""
    last, comma, first = said.partition(",")
    return (said, f"{first.strip()} {last.strip()}".strip()) if comma else (said,)
