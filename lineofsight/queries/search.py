"""Search of the statements known in a view, the best answers first; it finds what people type, sentences included.

The index is in memory and holds only what the view knows; docs/decisions has why.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lineofsight.oversight.statements import Statement
from lineofsight.queries.record import Record, View, cached_by_state
from lineofsight.queries.search_index import Marked, SearchIndex
from lineofsight.queries.search_question import Question, Term, instead, read_question
from lineofsight.queries.statements import TABLE, StatementsAnswer, statements
from lineofsight.vocabulary.moments import moment_of


@dataclass(frozen=True)
class Hit:
    """A statement that was found: which of the words are in it, which are not."""

    place: int
    statement: Statement
    words: tuple[str, ...]
    without: tuple[str, ...]


@dataclass(frozen=True)
class Unknown:
    """A word that no statement has, and words that are spelt nearly like it."""

    word: str
    near: tuple[str, ...]


@dataclass(frozen=True)
class Found:
    """What a search found: statements with every word first, then those with at least half of them."""

    typed: str
    question: Question
    hits: tuple[Hit, ...]
    unknown: tuple[Unknown, ...]
    index: SearchIndex

    @property
    def looked_for(self) -> list[str]:
        """The words that were looked for."""
        return [term.typed for term in self.question.terms]

    @property
    def is_quoted(self) -> bool:
        """Whether any words have to be there word for word."""
        return any(term.exact for term in self.question.terms)

    @property
    def corrected(self) -> str:
        """What was typed, with the nearest word in the place of each that no statement has; empty where none is near."""
        nearest = {unknown.word: unknown.near[0] for unknown in self.unknown if unknown.near}
        return instead(self.typed, nearest) if nearest else ""

    @property
    def with_every_word(self) -> int:
        """How many of the statements have every word that any statement has."""
        fewest = len(self.unknown)
        return sum(len(hit.without) == fewest for hit in self.hits)

    def marked(self, hits: Iterable[Hit]) -> dict[str, Marked]:
        """What a reader sees of each statement, by its reference, in parts that were found or not."""
        references = {hit.place: hit.statement.reference for hit in hits}
        marked = self.index.marked(list(references), self.question)
        return {references[place]: parts for place, parts in marked.items()}


@dataclass(frozen=True)
class SearchAnswer(StatementsAnswer):
    """The statements that a search finds in a view, the best first; `looked_for` are the words that were looked for."""

    q: str
    looked_for: list[str]


def search(record: Record, view: View, typed: str) -> Found:
    """The statements known in a view in which what somebody typed is, the best first."""
    settled = min(view.moment, record.newest_moment(TABLE))
    return find(_index(record, settled, view.witnessed, view.public), typed)


def find(index: SearchIndex, typed: str) -> Found:
    """The statements of an index in which what somebody typed is, the best first."""
    question = read_question(typed)
    if not question.terms:
        return Found(typed, question, (), (), index)
    places = {term: index.with_term(term) for term in question.terms}
    hits = tuple(
        Hit(
            place,
            index.statements[place],
            tuple(term.typed for term in question.terms if place in places[term]),
            tuple(term.typed for term in question.terms if place not in places[term]),
        )
        for place in _ordered(index, question, places)
    )
    unknown = tuple(
        Unknown(term.typed, tuple(index.near(term.typed)))
        for term in question.terms
        if not places[term] and not term.exact
    )
    return Found(typed, question, hits, unknown, index)


def _ordered(index: SearchIndex, question: Question, places: dict[Term, frozenset[int]]) -> list[int]:
    """Places as SQLite ranks them, those with every word first; none with less than half, or without a quotation."""
    known = [term for term in question.terms if places[term]]
    counts = {place: sum(place in places[term] for term in known) for place in index.ranked(question)}
    kept = [
        place
        for place, count in counts.items()
        if count * 2 >= len(known) > 0 and all(place in places[term] for term in question.terms if term.exact)
    ]

    def tier(place: int) -> int:
        every = counts[place] == len(known)
        return (0 if index.statements[place].kind in question.kinds else 1) if every else 2

    return sorted(kept, key=tier)


@cached_by_state(16)
def _index(record: Record, settled: int, witnessed: bool, public: bool) -> SearchIndex:
    """The index of what is known by a moment in microseconds."""
    view = View(None, moment_of(settled), witnessed, public)
    return SearchIndex(statements(record, view))
