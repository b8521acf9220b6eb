"""How rare a term is among the findings of Ofsted's reports: a word many findings share says little about any of them.

Counted once, over the findings of 431 reports of August 2013 to March 2025 in a public collection, and kept here. So a
score depends on two passages alone: it is the same on every machine, whatever else has been loaded, and nothing has to
be read to work it out. `python -m benchmarks.rarity FOLDER` counts the reports of a folder again.
"""

from __future__ import annotations

import csv
import math
from functools import cache
from importlib import resources

LEAST = 10
"""A term that fewer findings have is not listed, and counts as if one finding fewer than this had it."""
FINDINGS = "(findings)"
"""The row that gives how many findings were counted."""


def rarity_of(term: str) -> float:
    """From 1, for a term that every finding has, up to about 6.8, for one that almost none has."""
    listed, unlisted = _rarities()
    return listed.get(term, unlisted)


@cache
def _rarities() -> tuple[dict[str, float], float]:
    """The rarity of each listed term, and of any other."""
    text = resources.files(__package__).joinpath("rarity.csv").read_text("utf-8")
    counts = {row["term"]: int(row["findings"]) for row in csv.DictReader(text.splitlines())}
    every = 1 + counts.pop(FINDINGS)
    listed = {term: math.log(every / (1 + count)) + 1 for term, count in counts.items()}
    return listed, math.log(every / LEAST) + 1
