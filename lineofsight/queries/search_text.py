"""Text as the search compares it: apostrophes and commas in numbers left out, words cut, words stemmed by SQLite.

Folding replaces letter by letter, so that what is found in a folded text is at the same place in the text itself.
"""

from __future__ import annotations

import re
import sqlite3
import threading
from dataclasses import dataclass
from functools import cache

from lineofsight.vocabulary.refusal import Refused
from lineofsight.vocabulary.search_words import kept_apart

STEMMED = "porter unicode61 remove_diacritics 2"
PLAIN = "unicode61 remove_diacritics 2"
BEGINS, ENDS = "\x02", "\x03"
"""What is put around a word that was found; no folded text has them."""

_NOTHING = "\u0301"
"""A mark without width: SQLite passes over it within a word."""
_APOSTROPHE = re.compile(r"(?<=\w)['\u2018\u2019\u02bc`\u2032\uff07](?=\w)")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f\ue000-\uf8ff\ud800-\udfff]")
"""Control characters, half characters, and the private ones that the index uses itself."""
_WORD = re.compile(rf"[^\W_](?:[^\W_]|{_NOTHING})*")
_HYPHENED = re.compile(r"[^\W_]+(?:[-\u2010\u2011\u2013][^\W_]+)+")


@cache
def _apart() -> re.Pattern[str]:
    return re.compile(rf"\b({'|'.join(word[:-1] for word in kept_apart())})([a-z])(?=s?\b)", re.IGNORECASE)


def _unstemmed(match: re.Match[str]) -> str:
    whole = match[0].lower()
    return f"{match[1]}q" if whole in kept_apart() else match[0]


def fold(text: str) -> str:
    """A text as it is compared; as long as the text itself."""
    text = _UNSEEN.sub(" ", text)
    return _THOUSANDS.sub(_NOTHING, _APOSTROPHE.sub(_NOTHING, text))


def fold_for_stems(text: str) -> str:
    """The same for what is stemmed: words whose stem is another's end in a letter that is never cut off."""
    return _apart().sub(_unstemmed, fold(text))


def joined(text: str) -> list[str]:
    """The words of a text that are written with hyphens, each without them: `rereferrals`."""
    return [re.sub(r"[-\u2010\u2011\u2013]", "", word) for word in _HYPHENED.findall(fold(text))]


@dataclass(frozen=True)
class Word:
    """A word as it was typed, and as it is compared; words that hyphens or points join have one `place`."""

    typed: str
    folded: str
    place: int
    start: int
    end: int


def _compared(word: str) -> str:
    return word.replace(_NOTHING, "").lower()


def words_of(text: str) -> list[Word]:
    """The words of a text in their order."""
    folded = fold(text)
    return [
        Word(text[word.start() : word.end()], _compared(word[0]), place, word.start(), word.end())
        for place, part in enumerate(re.finditer(r"\S+", folded))
        for word in _WORD.finditer(folded, part.start(), part.end())
    ]


def connect() -> sqlite3.Connection:
    """A database in memory that has full-text search; refuses where Python's SQLite was built without it."""
    connection = sqlite3.connect(":memory:", check_same_thread=False)
    try:
        connection.execute("CREATE VIRTUAL TABLE probe USING fts5(words)")
    except sqlite3.OperationalError:
        connection.close()
        raise Refused(
            "Search needs full-text search (FTS5), and the SQLite of this Python was built without it."
            " Use a Python whose SQLite has it, such as those from python.org or of Debian."
        ) from None
    connection.execute("DROP TABLE probe")
    return connection


class _Stemmer:
    """Stems as SQLite's own tokenizer makes them."""

    def __init__(self) -> None:
        self._connection = connect()
        self._lock = threading.Lock()
        self._connection.execute(f"CREATE VIRTUAL TABLE typed USING fts5(words, tokenize='{STEMMED}')")
        self._connection.execute("CREATE VIRTUAL TABLE terms USING fts5vocab(typed, instance)")

    def stems(self, text: str) -> tuple[str, ...]:
        with self._lock:
            self._connection.execute("INSERT INTO typed VALUES (?)", (fold_for_stems(text),))
            found = self._connection.execute("SELECT term FROM terms ORDER BY offset").fetchall()
            self._connection.execute("DELETE FROM typed")
        return tuple(term for (term,) in found)


@cache
def _stemmer() -> _Stemmer:
    return _Stemmer()


def stems(text: str) -> tuple[str, ...]:
    """The stems of a text's words in their order."""
    return _stemmer().stems(text)


def phrase(text: str) -> str:
    """Words as a phrase in SQLite's query language: they stand one after another. Holds nothing but words."""
    return '"' + " ".join(word.folded for word in words_of(text)) + '"'
