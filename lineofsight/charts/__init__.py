"""The drawings of the record, as SVG markup.

Every function here is pure: it takes plain values and returns a string that is
safe in a page. All words are escaped. No style attribute is written, because the
content security policy would drop it. Nothing is shown by colour alone.

A drawing has one width and 14px text. Do not scale it down for a phone:
``at_widths`` makes three widths (a phone, a column, a page), and the style
sheet chooses one.
"""

from __future__ import annotations

from lineofsight.charts.arrivals import arrivals
from lineofsight.charts.curves import Curve, curves
from lineofsight.charts.dot_plot import dots
from lineofsight.charts.labels import Box, place_labels
from lineofsight.charts.markup import WIDTHS, at_widths, text_width
from lineofsight.charts.night_bars import SMALL_WIDTH, night_bars
from lineofsight.charts.over_days import OverDays, over_days
from lineofsight.charts.scales import number_words
from lineofsight.charts.small_charts import lines, runs
from lineofsight.charts.timeline import spans
from lineofsight.charts.values import Lane, Line, Mark, Point, Span

__all__ = [
    "SMALL_WIDTH",
    "WIDTHS",
    "Box",
    "Curve",
    "Lane",
    "Line",
    "Mark",
    "OverDays",
    "Point",
    "Span",
    "arrivals",
    "at_widths",
    "curves",
    "dots",
    "lines",
    "night_bars",
    "number_words",
    "over_days",
    "place_labels",
    "runs",
    "spans",
    "text_width",
]
