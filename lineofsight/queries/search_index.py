"""An index of statements in memory, which SQLite's full-text search (FTS5) fills, asks and ranks by BM25."""

from __future__ import annotations

import difflib
import json
import threading
import weakref
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

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


_STEMMED_PLACES = "SELECT rowid FROM stemmed WHERE stemmed MATCH ?"
_PLAIN_PLACES = "SELECT rowid FROM plain WHERE plain MATCH ?"
_RANKED = "SELECT rowid FROM stemmed WHERE stemmed MATCH ? ORDER BY rank, rowid"
_MARKED = (
    "SELECT rowid, highlight(stemmed, ?, ?, ?) FROM stemmed"
    " WHERE stemmed MATCH ? AND rowid IN (SELECT value FROM json_each(?))"
)


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
            statement.quotation,
            statement.note,
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
        without_hyphens = [
            " ".join((*joined(" ".join(texts.values())), *joined(one.id)))
            for one, texts in zip(self.statements, self._texts, strict=True)
        ]
        columns, slots = ", ".join(WEIGHTS), ", ".join("?" for _ in WEIGHTS)
        for table, tokenizer, folded in (("stemmed", STEMMED, fold_for_stems), ("plain", PLAIN, fold)):
            self._connection.execute(
                f"CREATE VIRTUAL TABLE {table} USING fts5({columns}, tokenize='{tokenizer}')"
            )
            self._connection.executemany(
                f"INSERT INTO {table} (rowid, {columns}) VALUES (?, {slots})",  # noqa: S608 - names of our own
                (
                    (at, *map(folded, texts.values()), "", more)
                    for at, (texts, more) in enumerate(zip(self._texts, without_hyphens, strict=True))
                ),
            )
        weights = ", ".join(map(str, WEIGHTS.values()))
        self._connection.execute(
            "INSERT INTO stemmed (stemmed, rank) VALUES ('rank', ?)", (f"bm25({weights})",)
        )
        self._add_names()

    def _add_names(self) -> None:
        """Note of each thing with several names which statements have one of them, and whether near the top."""
        named: dict[int, tuple[list[str], list[str]]] = {}
        for number, names in enumerate(same()):
            query = _any(map(_stemmed, names.written))
            first = frozenset(self._places(f"{{headline subject event}} : ({query})"))
            for at in self._places(query):
                named.setdefault(at, ([], []))[at not in first].append(chr(_FIRST_NAME + number))
        self._connection.executemany(
            "UPDATE stemmed SET names = ?, more_names = more_names || ? WHERE rowid = ?",
            ((" ".join(first), f" {' '.join(more)}", at) for at, (first, more) in named.items()),
        )

    def _places(self, query: str, sql: str = _STEMMED_PLACES) -> list[int]:
        with self._lock:
            return [at for (at,) in self._connection.execute(sql, (query,))]

    def with_term(self, term: Term) -> frozenset[int]:
        """The places of the statements in which a term is."""
        if term.exact:
            return frozenset(self._places(_any(map(phrase, term.phrases)), _PLAIN_PLACES))
        return frozenset(self._places(_query(term)))

    def ranked(self, question: Question) -> list[int]:
        """The places of the statements in which any term is, the best first."""
        kinds = [f"{{kind}} : {phrase(kind)}" for kind in question.kinds]
        return self._places(_any([*map(_query, question.terms), *kinds]), _RANKED)

    def marked(self, places: Sequence[int], question: Question) -> dict[int, Marked]:
        """What a reader sees of statements, with the terms found."""
        query = _any([text for term in question.terms for text in _seen(term)])
        marked: dict[int, dict[str, str]] = {}
        for column in SHOWN:
            asked = (list(WEIGHTS).index(column), BEGINS, ENDS, query, json.dumps(list(places)))
            with self._lock:
                for at, text in self._connection.execute(_MARKED, asked):
                    marked.setdefault(at, {})[column] = text
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
        close = difflib.get_close_matches(folded, self._spellings, n=most, cutoff=0.72)
        return [self._spellings[spelt] for spelt in close]

    @cached_property
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
