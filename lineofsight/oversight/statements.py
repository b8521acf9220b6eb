"""Statements and the links between them, in both directions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, fields
from datetime import date
from functools import cached_property
from typing import Any

from lineofsight.record.tables.statement import RELATIONS, STATEMENT
from lineofsight.vocabulary.days import read_period

INVERSES: dict[str, str] = {
    "contradicts": "contradicted_by",
    "counts_differently": "counted_differently_by",
    "also_says": "also_said_by",
    "answers": "answered_by",
    "keeps": "kept_by",
    "breaks": "broken_by",
    "became_of": "became",
    "corrects": "corrected_by",
    "bears_on": "borne_on_by",
}
"""The name of a link from the other end."""

MEMBER_QUESTION = "member question"
"""The kind of subject of a question that an elected member asked: public, and listed apart from any other question."""

_NUMBER = re.compile(r"-?(?:[0-9]{1,15}|[0-9]{1,3}(?:,[0-9]{3}){1,4})(?:\.[0-9]+)?")
"""A number as people write it: `4161`, `4,161`, `-2.5`; not `nan`, `1_000` or `2018-19`."""


@dataclass(frozen=True)
class Statement:
    """One version of a statement: its cells, its source and its moments.

    `delivered_by` is the source that delivered it, and `link` is the link of the chain with this
    version. The two moments are in microseconds. The cells are the columns of the table `statement`.
    """

    authority: str
    delivered_by: str
    link: int
    attested_at: int
    witnessed_at: int
    id: str
    subject_kind: str
    subject: str
    says: str
    said_by: str
    said_on: str
    begun_on: int
    kind: str
    source_title: str
    source_publisher: str
    confidence: str
    headline: str | None = None
    topic: str | None = None
    value: str | None = None
    bound: str | None = None
    unit: str | None = None
    definition: str | None = None
    counter: str | None = None
    area: str | None = None
    event: str | None = None
    holder: str | None = None
    terms: str | None = None
    step: str | None = None
    owner: str | None = None
    test: str | None = None
    evidence: str | None = None
    about_from: str | None = None
    about_to: str | None = None
    ended_on: int | None = None
    due_on: str | None = None
    asked_of: str | None = None
    looked_in: str | None = None
    theme: str | None = None
    found: str | None = None
    document: str | None = None
    item: str | None = None
    source_date: str | None = None
    source_address: str | None = None
    source_place: str | None = None
    quotation: str | None = None
    known_from: str | None = None
    known_because: str | None = None
    note: str | None = None
    our_finding: str | None = None
    noted_on: str | None = None
    contradicts: str | None = None
    counts_differently: str | None = None
    also_says: str | None = None
    answers: str | None = None
    keeps: str | None = None
    breaks: str | None = None
    became_of: str | None = None
    corrects: str | None = None
    bears_on: str | None = None

    @property
    def reference(self) -> str:
        """Its name within its authority: `source/id`."""
        return f"{self.delivered_by}/{self.id}"

    @property
    def title(self) -> str:
        """Its headline, or the beginning of what it says."""
        return self.headline or (
            self.says if len(self.says) <= 90 else self.says[:87].rsplit(" ", 1)[0] + " …"
        )

    @property
    def said_first(self) -> date:
        """The first possible day on which it was said."""
        period = read_period(self.said_on)
        return period.first if period else date.min

    @property
    def said_last(self) -> date:
        """The last possible day on which it was said."""
        period = read_period(self.said_on)
        return period.last if period else date.max

    @property
    def first_day(self) -> date:
        """The first day it is about."""
        return date.fromordinal(self.begun_on)

    @property
    def last_day(self) -> date | None:
        """The last day it is about; None if it has no end."""
        return date.fromordinal(self.ended_on - 1) if self.ended_on else None

    @property
    def themes(self) -> list[str]:
        """The themes it is about."""
        return self.theme.split("; ") if self.theme else []

    @property
    def topics(self) -> list[str]:
        """Its topics."""
        return self.topic.split(" ") if self.topic else []

    @property
    def number(self) -> float | None:
        """Its value as a number, if it is a number."""
        if self.value is None or not _NUMBER.fullmatch(self.value):
            return None
        return float(self.value.replace(",", ""))

    def speaks_of(self, day: date) -> bool:
        """Whether it is about a day."""
        return self.begun_on <= day.toordinal() and (self.ended_on is None or day.toordinal() < self.ended_on)

    def links(self, relation: str) -> list[str]:
        """The references in a relation, each as `source/id`."""
        cell: str | None = getattr(self, relation)
        return [to if "/" in to else f"{self.delivered_by}/{to}" for to in cell.split(" ")] if cell else []


_CELLS = frozenset(STATEMENT.names)
_OWN = frozenset(field.name for field in fields(Statement)) - _CELLS


def statement_from(row: Mapping[str, Any], **own: Any) -> Statement:
    """A statement from a row of the table and the facts about the row itself."""
    return Statement(**{name: row[name] for name in STATEMENT.names}, **own)


class Statements:
    """The statements of one authority known by one moment, and the links among them.

    `held` are the references of every statement received, those included that became known later.
    """

    def __init__(self, known: Iterable[Statement], held: Set[str] = frozenset()) -> None:
        self.held = held
        self.all = sorted(known, key=lambda one: (one.said_first, one.reference))
        self.by_reference = {one.reference: one for one in self.all}

    def __iter__(self) -> Iterator[Statement]:
        return iter(self.all)

    def __len__(self) -> int:
        return len(self.all)

    @cached_property
    def _linked_from(self) -> dict[tuple[str, str], list[Statement]]:
        found: dict[tuple[str, str], list[Statement]] = {}
        for one in self.all:
            for relation in RELATIONS:
                for to in one.links(relation):
                    found.setdefault((relation, to), []).append(one)
        return found

    def to(self, one: Statement, relation: str) -> list[Statement]:
        """The known statements that a statement links to by a relation."""
        return [self.by_reference[to] for to in one.links(relation) if to in self.by_reference]

    def lost(self, one: Statement, relation: str) -> list[str]:
        """The references of a statement that lead to nothing received. What became known later is not named."""
        return [to for to in one.links(relation) if to not in self.by_reference and to not in self.held]

    def of(self, one: Statement, relation: str) -> list[Statement]:
        """The statements that link to a statement by a relation."""
        return self._linked_from.get((relation, one.reference), [])

    def contradictions(self, one: Statement) -> list[Statement]:
        """Every statement that contradicts a statement or is contradicted by it."""
        both = {
            other.reference: other for other in [*self.to(one, "contradicts"), *self.of(one, "contradicts")]
        }
        return sorted(both.values(), key=lambda other: (other.said_first, other.reference))

    def where(self, **cells: str) -> list[Statement]:
        """The statements with exactly these cells."""
        return [one for one in self.all if all(getattr(one, name) == value for name, value in cells.items())]

    def search(self, words: str) -> list[Statement]:
        """The statements that contain every word: in what was said, its subject, who said it or its source."""
        wanted = words.lower().split()
        return [one for one in self.all if all(word in _text(one) for word in wanted)]


def _text(one: Statement) -> str:
    cells = (
        one.id,
        one.headline,
        one.subject_kind,
        one.subject,
        one.topic,
        one.says,
        one.value,
        one.unit,
        one.definition,
        one.counter,
        one.holder,
        one.said_by,
        one.said_on,
        one.kind,
        one.asked_of,
        one.theme,
        one.document,
        one.item,
        one.source_title,
        one.source_publisher,
    )
    return " ".join(filter(None, cells)).lower()
