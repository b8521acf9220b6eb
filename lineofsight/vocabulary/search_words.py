"""Words of the search: names of one thing, words of a question that name nothing, words that are never stemmed.

They are data (`search_words.csv`), so that a name people use can be added without a change of code. Each line has a kind:

- `same`: whoever types one of `words` also finds the others, and what `also` names. Nobody who types a word of `also`
  finds the rest: *DCS* finds a director, *director* does not find only directors of children's services.
- `question`: words that are left out. `also` is the kind of statement that somebody who asks so looks for.
- `apart`: words whose stem is that of another: *commissioner* is not *commission*.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True)
class Names:
    """Names of one thing: those that somebody types for it, and all that a statement may have for it."""

    typed: tuple[str, ...]
    written: tuple[str, ...]


@cache
def same() -> tuple[Names, ...]:
    """The names of each thing, in the order of the file."""
    return tuple(Names(words, (*words, *also)) for words, also in _rows("same"))


@cache
def question_words() -> dict[str, str]:
    """Words that are left out of what is looked for, each with the kind of statement it asks for; most ask for none."""
    return {word: " ".join(also) for words, also in _rows("question") for word in words}


@cache
def kept_apart() -> tuple[str, ...]:
    """Words that are never stemmed."""
    return tuple(word for words, _ in _rows("apart") for word in words)


def _rows(kind: str) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    text = resources.files(__package__).joinpath("search_words.csv").read_text("utf-8")
    found = (row for row in csv.DictReader(text.splitlines()) if row["kind"] == kind)
    return [(_listed(row["words"]), _listed(row["also"])) for row in found]


def _listed(cell: str) -> tuple[str, ...]:
    return tuple(filter(None, (word.strip() for word in cell.split(";"))))
