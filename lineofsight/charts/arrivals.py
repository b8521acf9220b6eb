"""Which sources delivered on which days: a row of small squares for each source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from lineofsight.charts.markup import QUIET, ROW, RULE, WIDTHS, clean, identity_of, svg, tag, text
from lineofsight.charts.scales import day_words

BAND = 44  # height of one source: its name and its squares


def arrivals(
    sources: Sequence[tuple[str, Mapping[date, int]]],
    *,
    title: str,
    description: str,
    begin: date,
    end: date,
    width: int = WIDTHS["middle"],
    key: str = "",
) -> str:
    """A square for each day and source, filled if there was a delivery; `sources`: name, and deliveries by day."""
    identity = identity_of("arrivals", title, width, key)
    days = [begin + timedelta(days=at) for at in range((end - begin).days + 1)]
    step = (width - 8) / max(1, len(days))
    body = ""
    for number, (name, came) in enumerate(sources):
        top = number * BAND
        body += text(4, top + 14, name, font_weight=600)
        body += "".join(
            _square(4 + at * step, top + 20, step, day, came.get(day, 0)) for at, day in enumerate(days)
        )
    bottom = len(sources) * BAND + 4
    body += text(4, bottom + 12, day_words(begin), fill=QUIET)
    body += text(width - 4, bottom + 12, day_words(end), fill=QUIET, text_anchor="end")
    return svg(identity, width, bottom + ROW, title, description, body)


def _square(x: float, y: float, step: float, day: date, count: int) -> str:
    said = (
        f"{day_words(day)}: {count} {'delivery' if count == 1 else 'deliveries'}"
        if count
        else f"{day_words(day)}: none"
    )
    wide = max(2.0, step - 1.5)
    look = {"fill": "#12436d"} if count else {"fill": "#fff", "stroke": RULE}
    return tag(
        "rect",
        tag("title", clean(said)),
        x=round(x, 1),
        y=float(y),
        width=round(wide, 1),
        height=16.0,
        **look,
    )
