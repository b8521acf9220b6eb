"""How often inspectors name a theme anywhere: the national rate that stands beside a failing raised again.

Of Ofsted's reports on children's services published from August 2013 to March 2025 and held in a public
collection, the share that names each theme among what must improve. The themes were counted by words, under
names of their own, so a rate is near a theme of ours and not the same: it is shown as inferred.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources

COUNTED = "Ofsted’s reports of August 2013 to March 2025 in a public collection of 431, counted by their words (inferred)"


@dataclass(frozen=True)
class Rate:
    """How many in 100 reports name a theme, and as what it was counted."""

    theme: str
    counted_as: str
    share: int


@cache
def rates() -> dict[str, Rate]:
    """The rates that are known, by theme; not every theme has one."""
    text = resources.files(__package__).joinpath("theme_rates.csv").read_text("utf-8")
    return {
        row["theme"]: Rate(row["theme"], row["counted_as"], int(row["share"]))
        for row in csv.DictReader(text.splitlines())
    }


def rates_of(themes: Iterable[str]) -> list[Rate]:
    """The rates of some themes, the commonest first; two themes counted as one give it once."""
    found = {rate.counted_as: rate for theme in sorted(themes) if (rate := rates().get(theme))}
    return sorted(found.values(), key=lambda rate: (-rate.share, rate.counted_as))
