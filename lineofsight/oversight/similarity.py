"""How similar two passages are: the words and the subjects they share, each weighed by how rare it is.

A passage is a vector of its words (without their endings) and of the subjects its words name; the score is the cosine
of two vectors. What a term weighs comes from a count that is kept (`lineofsight.vocabulary.rarity`), so a score depends
on the two passages alone. It ranks pairs for a person and decides nothing.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from itertools import islice

from lineofsight.vocabulary.days import Period, read_period
from lineofsight.vocabulary.rarity import rarity_of
from lineofsight.vocabulary.subjects import practices_of, themes_of

Vector = Mapping[str, float]

SUBJECT_WEIGHT = 1.5
"""A subject weighs as much as a word and a half of its rarity."""
TIMES_AS_LONG = 8
"""A passage more than so many times as long as another is not compared with it."""
PARAGRAPH = 80
"""A passage of more words is a paragraph. One finding in 170 of Ofsted's reports is as long."""
SHORT = 40
"""A statement of no more words is not compared with a paragraph: what they share is only the paragraph's breadth."""

COMMON = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "been",
        "being",
        "by",
        "for",
        "from",
        "has",
        "have",
        "in",
        "into",
        "is",
        "it",
        "its",
        "of",
        "on",
        "or",
        "such",
        "that",
        "the",
        "their",
        "them",
        "these",
        "they",
        "this",
        "those",
        "to",
        "was",
        "were",
        "when",
        "where",
        "which",
        "who",
        "whose",
        "with",
        "within",
        "all",
        "any",
        "each",
        "so",
        "than",
        "then",
        "there",
        "through",
        "also",
        "both",
        "local",
        "authority",
        "council",
        "children",
        "child",
        "young",
        "people",
        "children’s",
        "child’s",
        "ensure",
        "ensuring",
    ]
)
"""Words that are left out: those of any text, and those that nearly every finding has."""
_ENDINGS = [
    "iveness",
    "fulness",
    "ations",
    "ation",
    "ments",
    "ment",
    "ingly",
    "ness",
    "ings",
    "ing",
    "ities",
    "ity",
    "ies",
    "edly",
    "ed",
    "ely",
    "ly",
    "es",
    "s",
    "e",
]


@dataclass(frozen=True)
class Passage:
    """A failing that somebody found: where it is written, its day, and its words."""

    reference: str
    """`authority/inspection/number`, or the reference of a statement."""
    authority: str
    where: str
    """The inspection, visit, report or direction, in words."""
    on: int
    """Its day, an ordinal."""
    says: str
    page: int | None = None
    themes: frozenset[str] = frozenset()
    """Its stated themes. The themes of its words are added to them."""
    written: str = ""
    """Its day, month or year as its source gives it; empty: a day."""

    @property
    def days(self) -> Period:
        """The days on which it may have been found."""
        day = date.fromordinal(self.on)
        return read_period(self.written) or Period(day, day)

    @cached_property
    def words(self) -> int:
        """How many words it has."""
        return len(self.says.split())


def terms_of(says: str, themes: frozenset[str] = frozenset()) -> Counter[str]:
    """A passage's words without endings and without common words, and its subjects as `theme: …` and `practice: …`."""
    words = [_stem(word) for word in re.findall(r"[a-z][a-z’'-]+", says.lower()) if word not in COMMON]
    subjects = [f"theme: {name}" for name in themes | themes_of(says)]
    return Counter([*words, *subjects, *(f"practice: {name}" for name in practices_of(says))])


@lru_cache(maxsize=16_384)
def _stem(word: str) -> str:
    """A word without endings that show only number, time or manner."""
    word = re.sub(r"[’']s$", "", word)
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


def _vector(passage: Passage) -> Vector:
    weights = {
        term: rarity_of(term) * (SUBJECT_WEIGHT if ": " in term else 1 + math.log(count))
        for term, count in terms_of(passage.says, passage.themes).items()
    }
    length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
    return {term: weight / length for term, weight in weights.items()}


def comparable(passage: Passage, other: Passage) -> bool:
    """Whether two passages are of lengths that can be compared: no short statement with a paragraph."""
    shorter, longer = min(passage.words, other.words), max(passage.words, other.words)
    return longer <= TIMES_AS_LONG * shorter and not (longer > PARAGRAPH and shorter <= SHORT)


class Similarity:
    """Similarity scores among passages, and a list by term of those that were added to compare with."""

    def __init__(self, passages: Iterable[Passage]) -> None:
        self.passages = {one.reference: one for one in passages}
        self._vectors = {reference: _vector(one) for reference, one in self.passages.items()}
        self._added: list[str] = []
        self._by_term: dict[str, list[tuple[int, float]]] = {}

    def score(self, one: str, other: str) -> float:
        """From 0 to 1: how similar two passages are, by reference; 0 where they are not comparable."""
        if not comparable(self.passages[one], self.passages[other]):
            return 0.0
        small, large = sorted((self._vectors[one], self._vectors[other]), key=len)
        return sum(weight * large[term] for term, weight in small.items() if term in large)

    def best(self, later: str, earlier: Iterable[str], count: int = 3) -> list[tuple[str, float]]:
        """The best of some earlier passages with their scores, best first; ties by reference."""
        scored = [(-self.score(later, other), other) for other in earlier if other != later]
        return [(other, -score) for score, other in sorted(scored)[:count]]

    def add(self, reference: str) -> None:
        """Add a passage to those that `best_added` compares with."""
        for term, weight in self._vectors[reference].items():
            self._by_term.setdefault(term, []).append((len(self._added), weight))
        self._added.append(reference)

    def best_added(self, later: str, floor: float, count: int = 3) -> list[tuple[str, float]]:
        """As `best` gives them, of those added so far, without any that scores less than the floor.

        It goes through the passages that share a term, so it stays quick among thousands.
        """
        scores = [0.0] * len(self._added)
        for term, weight in self._vectors[later].items():
            for at, other in self._by_term.get(term, ()):
                scores[at] += weight * other
        high = sorted((-score, self._added[at]) for at, score in enumerate(scores) if score >= floor)
        passage = self.passages[later]
        fit = ((name, -score) for score, name in high if comparable(passage, self.passages[name]))
        return list(islice(fit, count))


def same_words(passages: Sequence[Passage]) -> list[tuple[Passage, ...]]:
    """Passages grouped by equal words on the same day, because two councils of one trust get the same words."""
    found: dict[tuple[int, str], list[Passage]] = {}
    for passage in passages:
        found.setdefault((passage.on, " ".join(passage.says.lower().split()).rstrip(".")), []).append(passage)
    return [tuple(group) for group in found.values()]
