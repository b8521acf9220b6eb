"""A count for each delivery as bars on one scale from zero."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from lineofsight.charts.markup import (
    QUIET,
    ROW,
    RULE,
    WIDTHS,
    clean,
    identity_of,
    level,
    svg,
    tag,
    text,
    text_width,
)
from lineofsight.charts.scales import day_words, number_words

HIGH, SMALL = 96, 28
SMALL_WIDTH = 132
_WIDEST_BAR = 42.0


def night_bars(
    nights: Sequence[tuple[date, int]],
    *,
    title: str,
    description: str,
    width: int = WIDTHS["middle"],
    key: str = "",
) -> str:
    """A bar for each delivery in order, from zero to the most of them. One of `SMALL_WIDTH` has no words but its title."""
    identity = identity_of("night bars", title, width, key)
    small = width <= SMALL_WIDTH
    most = max((count for _, count in nights), default=0)
    label = 0.0 if small else text_width(number_words(most)) + 8
    top, floor = (2, SMALL) if small else (ROW, ROW + HIGH)
    step = (width - label - 4) / max(1, len(nights))
    body = level(label, width - 2, floor, RULE)
    for at, (day, count) in enumerate(nights):
        high = (floor - top) * count / most if most else 0.0
        body += _bar(label + at * step, floor, min(step - 2, _WIDEST_BAR), high, day, count)
    if not small and nights:
        body += text(0, top + 12, number_words(most), fill=QUIET) + text(0, floor, "0", fill=QUIET)
        body += text(label, floor + ROW, day_words(nights[0][0]), fill=QUIET)
        if len(nights) > 1:
            body += text(width - 4, floor + ROW, day_words(nights[-1][0]), fill=QUIET, text_anchor="end")
    return svg(identity, width, floor + (2 if small else ROW + 6), title, description, body)


def _bar(x: float, floor: float, wide: float, high: float, day: date, count: int) -> str:
    """One bar; a delivery without any is a small hollow mark on the floor, so that it is told from no delivery."""
    said = tag("title", clean(f"{day_words(day)}: {number_words(count)}"))
    look = {"fill": "#12436d"} if count else {"fill": "#fff", "stroke": QUIET}
    high = max(high, 2.0)
    return tag("rect", said, x=x + 1, y=floor - high, width=max(1.5, wide), height=high, **look)
