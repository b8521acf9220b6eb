"""What a finding is about: themes, and narrower practices, by the words used for each since 2013.

Reports name one practice in different words: *return home interviews* became *return conversations*, *looked after*
became *in care*, *placements* became *homes*. The words were written from the inspection frameworks and from reports;
docs/decisions has what they gain.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources

from lineofsight.vocabulary.codes import code_set

THEME, PRACTICE = "theme", "practice"


@dataclass(frozen=True)
class Subject:
    """A theme or a practice, and the words that name it, in small letters."""

    name: str
    words: tuple[str, ...]
    """Each names it wherever it is, also within a longer word."""
    whole_words: frozenset[str]
    pattern: re.Pattern[str] | None
    """A regular expression, for words that name it only near each other."""

    def named_in(self, small: str, tokens: frozenset[str]) -> bool:
        """Whether a text in small letters, whose whole words are `tokens`, names it."""
        return (
            any(words in small for words in self.words)
            or not self.whole_words.isdisjoint(tokens)
            or bool(self.pattern and self.pattern.search(small))
        )


def themes_of(says: str) -> frozenset[str]:
    """The themes that a passage names: those of the code set, and a few finer ones."""
    return _named(THEME, says)


def practices_of(says: str) -> frozenset[str]:
    """The practices that a passage names."""
    return _named(PRACTICE, says)


def _named(kind: str, says: str) -> frozenset[str]:
    small = says.lower()
    tokens = frozenset(re.findall(r"\w+", small))
    return frozenset(subject.name for subject in subjects(kind) if subject.named_in(small, tokens))


@cache
def subjects(kind: str) -> tuple[Subject, ...]:
    """The themes or the practices."""
    text = resources.files(__package__).joinpath("subjects.csv").read_text("utf-8")
    found = tuple(_subject(row) for row in csv.DictReader(text.splitlines()) if row["kind"] == kind)
    if kind == THEME and (missing := set(code_set("theme")) - {subject.name for subject in found}):
        raise LookupError(f"no words for the themes {sorted(missing)}")
    return found


def _subject(row: dict[str, str]) -> Subject:
    words, whole = (tuple(filter(None, row[column].split("; "))) for column in ("words", "whole_words"))
    return Subject(
        row["name"], words, frozenset(whole), re.compile(row["pattern"]) if row["pattern"] else None
    )
