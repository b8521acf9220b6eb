"""How often inspectors name a theme anywhere: the national rate shown beside a repeated failing.

The rate is the share of Ofsted's reports on children's services that name the theme among what must improve.
The reports are from August 2013 to March 2025, in a public collection. They were counted by words, under other
theme names, so a rate is close to our theme but not the same. Pages show it as inferred.
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
    """How many in 100 reports name a theme, and the name under which it was counted."""

    theme: str
    counted_as: str
    share: int


@cache
def rates() -> dict[str, Rate]:
    """The known rates by theme. Some themes have none."""
    text = resources.files(__package__).joinpath("theme_rates.csv").read_text("utf-8")
    return {
        row["theme"]: Rate(row["theme"], row["counted_as"], int(row["share"]))
        for row in csv.DictReader(text.splitlines())
    }


def rates_of(themes: Iterable[str]) -> list[Rate]:
    """The rates of some themes, highest first. Two themes that were counted together give one rate."""
    found = {rate.counted_as: rate for theme in sorted(themes) if (rate := rates().get(theme))}
    return sorted(found.values(), key=lambda rate: (-rate.share, rate.counted_as))
