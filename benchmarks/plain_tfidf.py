"""Plain TF-IDF, which the record's similarity is measured beside: words and pairs of words, and nothing else known."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import pairwise

Texts = Mapping[str, str]


class PlainTfIdf:
    """Cosines of sublinear TF-IDF vectors, as scikit-learn's `TfidfVectorizer` makes them (`sublinear_tf`, `ngram_range`
    of 1 to 2, the usual smoothing), without common words and with the rarity of each term among the texts given."""

    def __init__(self, texts: Texts, common: frozenset[str]) -> None:
        counts = {name: _terms(text, common) for name, text in texts.items()}
        seen = Counter(term for terms in counts.values() for term in terms)
        rarity = {term: math.log((1 + len(counts)) / (1 + n)) + 1 for term, n in seen.items()}
        self._vectors = {name: _unit(terms, rarity) for name, terms in counts.items()}

    def score(self, one: str, other: str) -> float:
        """From 0 to 1: how similar two texts are, by name."""
        small, large = sorted((self._vectors[one], self._vectors[other]), key=len)
        return sum(weight * large[term] for term, weight in small.items() if term in large)

    def best(self, later: str, earlier: Iterable[str], count: int = 3) -> list[tuple[str, float]]:
        """The best of some earlier texts with their scores, best first; ties by name."""
        scored = [(other, self.score(later, other)) for other in earlier]
        return sorted(scored, key=lambda pair: (-pair[1], pair[0]))[:count]


def _terms(text: str, common: frozenset[str]) -> Counter[str]:
    words = [word for word in re.findall(r"\b\w\w+\b", text.lower()) if word not in common]
    return Counter([*words, *(f"{one} {other}" for one, other in pairwise(words))])


def _unit(terms: Counter[str], rarity: Mapping[str, float]) -> dict[str, float]:
    weights = {term: (1 + math.log(n)) * rarity[term] for term, n in terms.items()}
    length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
    return {term: weight / length for term, weight in weights.items()}
