"""What somebody typed, as what is looked for: words, names of one thing, days, phrases in quotation marks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from lineofsight.queries.search_text import Word, stems, words_of
from lineofsight.vocabulary.days import MONTHS, in_words, read_day
from lineofsight.vocabulary.search_words import question_words, same

MOST_WORDS = 40
"""How many words of what was typed are looked for; the rest are left out."""
_MARKS = '"\u201c\u201d\u201e\u00ab\u00bb'
_QUOTATION_MARK = re.compile(f"[{_MARKS}]")
_QUOTED = re.compile(f"[{_MARKS}]([^{_MARKS}]*)[{_MARKS}]")
_MONTHS = {name[:length].lower(): name for name in MONTHS for length in (3, len(name))} | {
    "sept": "September"
}
_YEAR = re.compile(r"(19|20)\d\d")
_DAY = re.compile(r"(0?[1-9]|[12]\d|3[01])(st|nd|rd|th)?")


@dataclass(frozen=True)
class Term:
    """One thing that is looked for: any of `phrases`, or any name of the thing that is number `names`."""

    typed: str
    phrases: tuple[str, ...]
    names: int | None = None
    exact: bool = False
    """Whether it has to be there word for word, as what stands in quotation marks."""


@dataclass(frozen=True)
class Question:
    """What is looked for, the words left out, and the kinds of statement that such a question asks for."""

    terms: tuple[Term, ...]
    left_out: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()


def read_question(typed: str) -> Question:
    """What somebody typed, as what is looked for.

    Words that name nothing (`why`, `did`, `the`) are left out, unless there are no others.
    """
    exact = [
        Term(f"\u201c{' '.join(quoted.split())}\u201d", (quoted,), exact=True)
        for quoted in _QUOTED.findall(typed)
        if words_of(quoted)
    ][:MOST_WORDS]
    reading = _Reading(_QUOTED.sub(" ", typed), MOST_WORDS - len(exact))
    terms = [*exact, *reading.terms]
    if not terms:
        return Question(tuple(Term(word.typed, (word.typed,)) for word in reading.words))
    return Question(
        tuple({term.phrases: term for term in terms}.values()),
        tuple(reading.left_out),
        tuple(dict.fromkeys(filter(None, reading.kinds))),
    )


def unquoted(typed: str) -> str:
    """What was typed without its quotation marks."""
    return " ".join(_QUOTATION_MARK.sub(" ", typed).split())


def instead(typed: str, words: dict[str, str]) -> str:
    """What was typed, with other words in the place of some; a word that is not written so there is added."""
    for word, other in words.items():
        typed = typed.replace(word, other, 1) if word in typed else f"{typed} {other}"
    return typed


class _Reading:
    """Words read from left to right: at each the longest day, name or question that begins there."""

    def __init__(self, text: str, most: int) -> None:
        words = words_of(text)
        self.words = words[:most]
        self.terms: list[Term] = []
        self.left_out = [word.typed for word in words[len(self.words) :]]
        self.kinds: list[str] = []
        self._stems = [" ".join(stems(word.folded)) for word in self.words]
        self._text = text
        at = 0
        while at < len(self.words):
            at += self._day(at) or self._name_or_question(at) or self._word(at)

    def _day(self, at: int) -> int:
        """A day, month or year written as one: `9 October 2019`, `oct 2019`, `2019-10`."""
        for length in (3, 2):
            words = self.words[at : at + length]
            if len(words) == length and (day := _as_day([word.folded for word in words])):
                self.terms.append(Term(day, (day,)))
                return length
        return 0

    def _name_or_question(self, at: int) -> int:
        for length in range(min(_longest(), len(self.words) - at), 0, -1):
            names = _names().get(tuple(self._stems[at : at + length]))
            if names is not None:
                self._look_for(at, length, names)
                return length
            asks = _questions().get(tuple(word.folded for word in self.words[at : at + length]))
            if asks is not None and self._is_apart(at, length):
                self.left_out.append(self._typed(at, length))
                self.kinds.append(asks)
                return length
        return 0

    def _is_apart(self, at: int, length: int) -> bool:
        """Whether nothing joins words to those before and after: the `a` of `a-post` is part of a name."""
        before, after = self.words[max(0, at - 1)], self.words[min(at + length, len(self.words) - 1)]
        first, last = self.words[at], self.words[at + length - 1]
        return (before is first or before.place != first.place) and (
            after is last or after.place != last.place
        )

    def _word(self, at: int) -> int:
        """A word, with those that a hyphen or a point joins to it."""
        place = self.words[at].place
        length = 1
        while at + length < len(self.words) and self.words[at + length].place == place:
            length += 1
        self._look_for(at, length)
        return length

    def _look_for(self, at: int, length: int, names: int | None = None) -> None:
        typed = self._typed(at, length)
        joined = _without_hyphen(self.words[at : at + length])
        self.terms.append(Term(typed, (typed, *joined), names))

    def _typed(self, at: int, length: int) -> str:
        return self._text[self.words[at].start : self.words[at + length - 1].end]


def _without_hyphen(words: list[Word]) -> list[str]:
    """Words that a hyphen joins, also as one word."""
    one_place = len(words) > 1 and len({word.place for word in words}) == 1
    return ["".join(word.typed for word in words)] if one_place else []


def _as_day(words: list[str]) -> str:
    """A day or month in words, as statements are indexed; empty where the words are none."""
    if len(words) == 3 and read_day(written := "-".join(words)):
        return in_words(written)
    *days, month, year = words
    if month not in _MONTHS or not _YEAR.fullmatch(year):
        return ""
    if not days:
        return f"{_MONTHS[month]} {year}"
    day = _DAY.fullmatch(days[0])
    return f"{int(day[1])} {_MONTHS[month]} {year}" if day else ""


@cache
def _names() -> dict[tuple[str, ...], int]:
    """The number of the thing that each name names, by the name's stems; a name has that of the first line with it."""
    found: dict[tuple[str, ...], int] = {}
    for number, names in enumerate(same()):
        for name in names.typed:
            found.setdefault(tuple(" ".join(stems(word.folded)) for word in words_of(name)), number)
    return found


@cache
def _questions() -> dict[tuple[str, ...], str]:
    """The kind of statement that each question asks for, by its words."""
    return {tuple(word.folded for word in words_of(words)): kind for words, kind in question_words().items()}


@cache
def _longest() -> int:
    """How many words the longest name or question has."""
    return max(map(len, (*_names(), *_questions())))
