"""How similar two passages are: rare words weigh more, and shared themes add to the score.

This is a plain TF-IDF cosine over words and pairs of words. A library for it needs sixty megabytes
(docs/decisions); these lines run offline, need no model, and give the same score on every machine. A score
ranks candidates for a person and decides nothing.
"""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from lineofsight.vocabulary.codes import code_set

Vector = Mapping[str, float]

_STOP = frozenset(
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
_THEME_WORDS: Mapping[str, str] = {
    "front door and thresholds": r"contact|referral|threshold|mash|front door|first point|emergency duty|early help|step.?down",
    "allocation and caseloads": r"caseload|allocat|workload",
    "assessment": r"assessment|assess\b|analysis",
    "management oversight": r"oversight|supervis|management decision|decision.making|challenge",
    "leadership and governance": r"leader|governance|scrutiny|strateg|commission",
    "workforce stability": r"stability|turnover|workforce|agency staff|recruit|retention|consistency of (?:children’s )?social workers|changes? of (?:social )?worker",
    "plans and permanence": r"\bplans?\b|planning|permanen|adoption|matching|drift|pre.proceedings|public law outline|foster to adopt",
    "seeing children": r"\bvisits?\b|visiting|seen alone|direct work|wishes and feelings|children’s views|voice",
    "children in care": r"looked after|in care|health assessment|personal education|peps?\b|independent reviewing|life.?story|advocacy",
    "care leavers": r"care leavers?|pathway|personal adviser|leaving care|independent living|health (?:passport|histor)",
    "placements": r"placement|sufficiency|foster|residential|accommodation|unregistered|homeless|bed and breakfast",
    "performance information": r"performance|data|quality assurance|audit|management information|recording|records?\b",
    "partnership working": r"partner|police|agenc|strategy (?:discussion|meeting)|multi.agency|health services",
    "missing and exploitation": r"missing|return (?:home )?interview|exploitation",
    "private fostering": r"private(?:ly)? foster",
    "neglect and domestic abuse": r"neglect|domestic",
    "disabled children": r"disab",
}  # fmt: skip
"""The words that place a passage under a theme: every theme of the code set, and finer themes that separate passages."""

THEME_SHARE = 0.35
"""The themes' share of the score; the rest comes from the words."""


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


def themes_of(says: str) -> frozenset[str]:
    """The themes whose words occur in a passage."""
    small = says.lower()
    return frozenset(theme for theme, pattern in _patterns().items() if pattern.search(small))


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    missing = set(code_set("theme")) - set(_THEME_WORDS)
    if missing:
        raise LookupError(f"no words for the themes {sorted(missing)}")
    return {theme: re.compile(words) for theme, words in _THEME_WORDS.items()}


def terms_of(says: str) -> Counter[str]:
    """Words without their endings, and pairs of neighbouring words, without common words."""
    words = [_stem(word) for word in re.findall(r"[a-z][a-z’'-]+", says.lower()) if word not in _STOP]
    return Counter([*words, *(f"{a} {b}" for a, b in itertools.pairwise(words))])


def _stem(word: str) -> str:
    """A word without endings that show only number, time or manner."""
    word = re.sub(r"[’']s$", "", word)
    for ending in (
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
    ):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


class Similarity:
    """Similarity scores among passages, with the rarity of each word among all of them."""

    def __init__(self, passages: Iterable[Passage], theme_share: float = THEME_SHARE) -> None:
        self.passages = {one.reference: one for one in passages}
        self.theme_share = theme_share
        counts = {reference: terms_of(one.says) for reference, one in self.passages.items()}
        seen = Counter(term for terms in counts.values() for term in terms)
        total = len(counts)
        self._rarity = {term: math.log((1 + total) / (1 + n)) + 1 for term, n in seen.items()}
        self._vectors = {reference: self._vector(terms) for reference, terms in counts.items()}
        self._themes = {
            reference: one.themes | themes_of(one.says) for reference, one in self.passages.items()
        }

    def _vector(self, terms: Counter[str]) -> Vector:
        weights = {term: (1 + math.log(n)) * self._rarity[term] for term, n in terms.items()}
        length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        return {term: weight / length for term, weight in weights.items()}

    def score(self, one: str, other: str) -> float:
        """From 0 to 1: how similar two passages are, by reference."""
        words = _cosine(self._vectors[one], self._vectors[other])
        return (1 - self.theme_share) * words + self.theme_share * self._themes_alike(one, other)

    def _themes_alike(self, one: str, other: str) -> float:
        a, b = self._themes[one], self._themes[other]
        return len(a & b) / len(a | b) if a | b else 0.0

    def best(self, later: str, earlier: Iterable[str], count: int = 3) -> list[tuple[str, float]]:
        """The best earlier passages with their scores, best first; ties by reference."""
        scored = [(other, self.score(later, other)) for other in earlier if other != later]
        return sorted(scored, key=lambda pair: (-pair[1], pair[0]))[:count]


def _cosine(one: Vector, other: Vector) -> float:
    small, large = (one, other) if len(one) <= len(other) else (other, one)
    return sum(weight * large[term] for term, weight in small.items() if term in large)


def same_words(passages: Sequence[Passage]) -> list[tuple[Passage, ...]]:
    """Passages grouped by equal words on the same day, because two councils of one trust get the same words."""
    found: dict[tuple[int, str], list[Passage]] = {}
    for one in passages:
        found.setdefault((one.on, " ".join(one.says.lower().split()).rstrip(".")), []).append(one)
    return [tuple(group) for group in found.values()]
