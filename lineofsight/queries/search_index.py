"""An index of statements in memory, which SQLite's full-text search (FTS5) fills, asks and ranks by BM25."""

from __future__ import annotations

import difflib
import threading
import weakref
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lineofsight.oversight.statements import Statement
from lineofsight.queries.search_question import Question, Term
from lineofsight.queries.search_text import (
    BEGINS,
    ENDS,
    PLAIN,
    STEMMED,
    connect,
    fold,
    fold_for_stems,
    joined,
    phrase,
    words_of,
)
from lineofsight.vocabulary.days import in_words
from lineofsight.vocabulary.search_words import same

WEIGHTS: dict[str, float] = {
    "headline": 8,
    "subject": 4,
    "people": 3,
    "says": 3,
    "said_by": 1.5,
    "details": 1,
    "source": 0.5,
    "event": 3,
    "kind": 3,
    "topics": 0.7,
    "about": 2.5,
    "said_on": 1,
    "names": 4,
    "more_names": 1,
}
"""The columns of the index, and what a word found in each counts for."""
SHOWN = ("headline", "subject", "says", "said_by", "source")
"""The columns in which a reader sees the words found."""
_FIRST_NAME = 0xE000
"""A thing with several names has a private character of its own among a statement's names."""


@dataclass(frozen=True)
class Part:
    """A part of a text, and whether it was found."""

    text: str
    found: bool


Marked = dict[str, tuple[Part, ...]]
"""The columns of a statement that a reader sees, each in parts."""


def texts_of(statement: Statement) -> dict[str, str]:
    """What is searched of a statement, by column, in the words that a reader sees."""
    return {
        "headline": statement.title,
        "subject": statement.subject,
        "people": _together(statement.holder, statement.asked_of, statement.owner),
        "says": statement.says,
        "said_by": statement.said_by,
        "details": _together(
            statement.value,
            statement.unit,
            statement.definition,
            statement.counter,
            statement.area,
            statement.terms,
            statement.looked_in,
            statement.test,
        ),
        "source": source_of(statement),
        "event": _together(statement.event, statement.step),
        "kind": statement.kind,
        "topics": _together(
            statement.subject_kind,
            *statement.topics,
            *statement.themes,
            statement.document,
            statement.item,
        ),
        "about": _days(statement.about_from or statement.said_on, statement.about_to, statement.due_on),
        "said_on": _days(statement.said_on, statement.source_date),
    }


def source_of(statement: Statement) -> str:
    """Where a statement was published, in words."""
    published = f", {in_words(statement.source_date)}" if statement.source_date else ""
    return f"{statement.source_publisher}: {statement.source_title}{published}"


def _together(*cells: str | None) -> str:
    return " \u00b7 ".join(filter(None, cells))


def _days(*cells: str | None) -> str:
    return _together(*dict.fromkeys(in_words(cell) for cell in cells if cell))


class SearchIndex:
    """Statements that can be searched. Their places in `statements` name them in every answer; safe among threads."""

    def __init__(self, statements: Iterable[Statement]) -> None:
        self.statements = tuple(statements)
        self._texts = [texts_of(statement) for statement in self.statements]
        self._lock = threading.Lock()
        self._connection = connect()
        weakref.finalize(self, self._connection.close)
        columns = ", ".join(WEIGHTS)
        for table, tokenizer in (("stemmed", STEMMED), ("plain", PLAIN)):
            self._connection.execute(
                f"CREATE VIRTUAL TABLE {table} USING fts5({columns}, tokenize='{tokenizer}')"
            )
        self._fill()
        self._spelling = self._spellings()

    def _fill(self) -> None:
        slots = ", ".join("?" for _ in range(len(WEIGHTS) + 1))
        for table, folded in (("stemmed", fold_for_stems), ("plain", fold)):
            rows = (
                (at, *(folded(text) for text in texts.values()), "", " ".join(self._joined(at, texts)))
                for at, texts in enumerate(self._texts)
            )
            self._connection.executemany(
                f"INSERT INTO {table} (rowid, {', '.join(WEIGHTS)}) VALUES ({slots})", rows
            )
        named: dict[int, tuple[list[str], list[str]]] = {}
        for number, names in enumerate(same()):
            query = _any(map(_stemmed, names.written))
            first = frozenset(self._places("stemmed", f"{{headline subject event}} : ({query})"))
            for at in self._places("stemmed", query):
                named.setdefault(at, ([], []))[at not in first].append(chr(_FIRST_NAME + number))
        self._connection.executemany(
            "UPDATE stemmed SET names = ?, more_names = more_names || ? WHERE rowid = ?",
            ((" ".join(first), f" {' '.join(more)}", at) for at, (first, more) in named.items()),
        )

    def _joined(self, at: int, texts: dict[str, str]) -> list[str]:
        """Words with hyphens as one word each, and the statement's own id."""
        return [*joined(" ".join(texts.values())), *joined(self.statements[at].id)]

    def _places(self, table: str, query: str) -> list[int]:
        with self._lock:
            found = self._connection.execute(f"SELECT rowid FROM {table} WHERE {table} MATCH ?", (query,))
            return [at for (at,) in found]

    def with_term(self, term: Term) -> frozenset[int]:
        """The places of the statements in which a term is."""
        if term.exact:
            return frozenset(self._places("plain", _any(map(phrase, term.phrases))))
        return frozenset(self._places("stemmed", _query(term)))

    def ranked(self, question: Question) -> list[int]:
        """The places of the statements in which any term is, the best first."""
        kinds = [f"{{kind}} : {phrase(kind)}" for kind in question.kinds]
        query = _any([*map(_query, question.terms), *kinds])
        weights = ", ".join(map(str, WEIGHTS.values()))
        with self._lock:
            found = self._connection.execute(
                f"SELECT rowid FROM stemmed WHERE stemmed MATCH ? ORDER BY bm25(stemmed, {weights}), rowid",
                (query,),
            )
            return [at for (at,) in found]

    def marked(self, places: Sequence[int], question: Question) -> dict[int, Marked]:
        """What a reader sees of statements, with the terms found."""
        cells = ", ".join(
            f"highlight(stemmed, {list(WEIGHTS).index(column)}, '{BEGINS}', '{ENDS}')" for column in SHOWN
        )
        slots = ", ".join("?" for _ in places)
        query = _any([text for term in question.terms for text in _seen(term)])
        with self._lock:
            rows = self._connection.execute(
                f"SELECT rowid, {cells} FROM stemmed WHERE stemmed MATCH ? AND rowid IN ({slots})",
                (query, *places),
            ).fetchall()
        marked = {at: dict(zip(SHOWN, texts, strict=True)) for at, *texts in rows}
        return {
            at: {
                column: _parts(self._texts[at][column], marked.get(at, {}).get(column, ""))
                for column in SHOWN
            }
            for at in places
        }

    def near(self, word: str, most: int = 4) -> list[str]:
        """Words of the statements that are spelt nearly like a word, the nearest first."""
        folded = " ".join(each.folded for each in words_of(word))
        close = difflib.get_close_matches(folded, self._spelling, n=most, cutoff=0.72)
        return [self._spelling[spelt] for spelt in close]

    def _spellings(self) -> dict[str, str]:
        """Each word of three letters or more that a reader sees, as it is spelt within a sentence."""
        found: dict[str, str] = {}
        for texts in self._texts:
            for word in words_of(" ".join(texts[column] for column in ("people", *SHOWN))):
                if len(word.folded) > 2 and (word.folded not in found or word.typed.islower()):
                    found[word.folded] = word.typed
        return found


def _stemmed(text: str) -> str:
    """Words as a phrase of the stemmed table."""
    return fold_for_stems(phrase(text))


def _query(term: Term) -> str:
    """What finds a term."""
    names = [] if term.names is None else [f'{{names more_names}} : "{chr(_FIRST_NAME + term.names)}"']
    return _any([*map(_stemmed, term.phrases), *names])


def _seen(term: Term) -> list[str]:
    """What a term may be in a text that a reader sees."""
    names = () if term.names is None else same()[term.names].written
    return [_stemmed(text) for text in (*term.phrases, *names)]


def _any(queries: Iterable[str]) -> str:
    return " OR ".join(f"({query})" for query in dict.fromkeys(queries))


def _parts(text: str, marked: str) -> tuple[Part, ...]:
    """A text in parts, from its folded letters with marks between them; one part where nothing was found."""
    parts: list[Part] = []
    at, found, begun = 0, False, 0
    for letter in marked:
        if letter not in (BEGINS, ENDS):
            at += 1
            continue
        if at > begun:
            parts.append(Part(text[begun:at], found))
        begun, found = at, letter == BEGINS
    if begun < len(text):
        parts.append(Part(text[begun:], False))
    return tuple(parts)
