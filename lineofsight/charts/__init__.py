"""The drawings of the record, as SVG markup.

Every function here is pure: plain values in, a string out that is safe to put
in a page. All words are escaped, no style attribute is ever written (the
content security policy would drop it), and nothing is told by colour alone.

A drawing is made for one width, with 14px text, and is never meant to be
scaled down to a phone. ``at_widths`` makes the three widths that the style
sheet chooses between: a phone, a column, a page.
"""

from __future__ import annotations

from lineofsight.charts.arrivals import arrivals
from lineofsight.charts.dot_plot import dots
from lineofsight.charts.labels import Box, place_labels
from lineofsight.charts.markup import WIDTHS, at_widths, text_width
from lineofsight.charts.over_days import OverDays, over_days
from lineofsight.charts.scales import number_words
from lineofsight.charts.small_charts import lines, runs
from lineofsight.charts.timeline import spans
from lineofsight.charts.values import Lane, Line, Mark, Point, Span

__all__ = [
    "WIDTHS",
    "Box",
    "Lane",
    "Line",
    "Mark",
    "OverDays",
    "Point",
    "Span",
    "arrivals",
    "at_widths",
    "dots",
    "lines",
    "number_words",
    "over_days",
    "place_labels",
    "runs",
    "spans",
    "text_width",
]
