"""Who held each post and when, with one lane for each post."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from lineofsight.charts.markup import (
    INK,
    ROW,
    RULE,
    WIDTHS,
    clean,
    halo,
    identity_of,
    level,
    linked,
    svg,
    tag,
    text,
    text_width,
    upright,
    wrapped,
)
from lineofsight.charts.scales import TimeScale, day_rule, day_words, time_axis
from lineofsight.charts.shapes import draw_key
from lineofsight.charts.values import Lane, Span
from lineofsight.vocabulary.days import days_in_words

TONES = {"holder": "In post", "interim": "Interim or acting", "vacant": "Vacant", "unknown": "Not known"}
FILLS = {"holder": "#c9dcec", "interim": "#fbe3c8", "unknown": "#eceef0"}
EDGES = {"holder": "#12436d", "interim": "#b8400f", "vacant": "#b10e1e", "unknown": "#5b636a"}
BAR = 28  # height of a bar
LEAST_FADE = 8.0  # an uncertain end that fades over less would look certain
LONG_FADE = 18.0  # where no source gives the day, the month or the year


@dataclass(frozen=True)
class _Bar:
    """A span with its position; ``number`` points to the key if the words do not fit."""

    span: Span
    left: float
    right: float
    top: float
    identity: str
    begin_by: float
    end_from: float
    words_at: float | None = None
    number: int = 0


def spans(
    lanes: Sequence[Lane],
    *,
    title: str,
    description: str,
    day: date,
    begin: date,
    end: date,
    width: int = WIDTHS["middle"],
    key: str = "",
    tones: Mapping[str, str] = TONES,
) -> str:
    """Who held each post, with one lane for each post. If words do not fit in a bar, a number points to them.

    An uncertain end is dashed, and fades over every day on which it can be. A vacancy is hatched. Spans of one lane
    that overlap, because two sources disagree, are below each other. ``tones`` gives
    the meaning of each tone for the key.
    """
    identity = identity_of("spans", title, width, key)
    time = TimeScale(begin, end, 4.0, width - 4.0)
    body, y = "", 30.0
    for number, lane in enumerate(lanes):
        drawn, y = _lane(lane, time, day, y, f"{identity}-{number}")
        body += drawn
    shown = [span for lane in lanes for span in lane.spans]
    legend, bottom = draw_key(_tone_key(shown, tones, identity), 4, y + 48, width - 8)
    body += day_rule(time, day, 20, 27) + time_axis(time, y)
    body += upright(time.at(day), y - 8, y, INK, 2) if time.holds(day) else ""
    return svg(identity, width, bottom, title, description, _hatch(identity) + body + legend)


def _hatch(identity: str) -> str:
    """The pattern for a vacancy."""
    line = tag("rect", width=8, height=8, fill="#fff")
    line += tag("path", d="M0 0V8", stroke="#d9707a", stroke_width=3)
    attributes = {"width": 8, "height": 8, "patternUnits": "userSpaceOnUse", "patternTransform": "rotate(45)"}
    return tag("defs", tag("pattern", line, id=f"{identity}-v", **attributes))


def _lane(lane: Lane, time: TimeScale, day: date, top: float, identity: str) -> tuple[str, float]:
    """A lane's name, bars and key. Returns the markup and where the next lane begins."""
    rows = wrapped(lane.name, time.right - time.left) or [""]
    body = "".join(text(time.left, top + 14 + n * ROW, row, font_weight=600) for n, row in enumerate(rows))
    first = top + len(rows) * ROW + 4
    rule = time.at(day) if time.holds(day) else -99.0
    bars = _bars(lane, time, first, rule, identity)
    bottom = max((bar.top for bar in bars), default=first) + BAR + 4
    body += "".join(upright(time.at(year), first - 4, bottom, RULE) for year in time.years())
    body += upright(rule, first - 4, bottom, INK, 2) if rule >= 0 else ""
    body += "".join(_bar(bar, rule) for bar in bars)
    body += _numbers(bars)
    legend, after = draw_key(_lane_key(bars), time.left, bottom, time.right - time.left)
    return (body + legend, after + 8) if _lane_key(bars) else (body, bottom + 12)


def _bars(lane: Lane, time: TimeScale, top: float, rule: float, identity: str) -> list[_Bar]:
    """The spans on the axis with their positions; spans in one row do not overlap."""
    bars: list[_Bar] = []
    ends: list[date] = []
    for span in sorted(lane.spans, key=lambda span: span.begin):
        last = span.end or time.end
        if last < time.begin or span.begin > time.end:
            continue
        row = next((n for n, end in enumerate(ends) if end <= span.begin), len(ends))
        ends[row : row + 1] = [last]
        left = time.at(span.begin)
        right = max(time.at(last), left + 4)
        words_at = _words_at(text_width(span.text), left, right, rule)
        number = 1 + sum(bar.words_at is None for bar in bars)
        sure = _sure(span, time, left, right)
        bars.append(
            _Bar(span, left, right, top + row * (BAR + 4), f"{identity}-{len(bars)}", *sure, words_at, number)
        )
    return bars


def _sure(span: Span, time: TimeScale, left: float, right: float) -> tuple[float, float]:
    """Between which positions a span is certain: after every day it can have begun, before any it can have ended."""
    begin = end = 0.0
    if not span.sure_begin:
        by = time.at(span.begin_by + timedelta(days=1)) - left if span.begin_by else LONG_FADE
        begin = max(by, LEAST_FADE)
    if not span.sure_end:
        ending = right - time.at(span.end_from) if span.end_from else LONG_FADE
        end = max(ending, LEAST_FADE)
    crowded = max(1.0, (begin + end) / (right - left))
    return left + begin / crowded, right - end / crowded


def _words_at(wide: float, left: float, right: float, rule: float) -> float | None:
    """Where words begin in a bar, clear of the day's line if possible; None if they do not fit."""
    if left + wide + 13 > right:
        return None
    crossed = left + 5 < rule < left + wide + 11
    return rule + 7 if crossed and rule + wide + 12 <= right else left + 8


def _bar(bar: _Bar, rule: float) -> str:
    """One span: its fill, its foot (solid, dashed or thin by tone), its ends, the day's line, its words."""
    span = bar.span
    fill, faded = _fill(bar)
    box = {"x": bar.left, "y": bar.top, "width": bar.right - bar.left, "height": BAR}
    body = tag("title", clean(_span_words(span))) + faded
    body += tag("rect", fill=fill, class_="los-drawing__target", **box)
    body += _foot(bar) + _end(bar, bar.left, span.sure_begin)
    body += _end(bar, bar.right, span.sure_end) if span.end else ""
    body += upright(rule, bar.top, bar.top + BAR, INK, 2) if bar.left < rule < bar.right else ""
    if bar.words_at is not None:
        body += halo(bar.words_at, bar.top + 18, span.text, FILLS.get(span.tone, "#fff"))
    return linked(span.href, tag("g", body))


def _fill(bar: _Bar) -> tuple[str, str]:
    """A bar's fill, and the gradient to define first if an end fades."""
    span = bar.span
    if span.tone == "vacant":
        return f"url(#{bar.identity.rsplit('-', 2)[0]}-v)", ""
    colour = FILLS.get(span.tone, FILLS["unknown"])
    if span.sure_begin and span.sure_end:
        return colour, ""
    wide = max(1.0, bar.right - bar.left)
    clear = {True: 1, False: 0.1}
    stops = (
        (0.0, clear[span.sure_begin]),
        ((bar.begin_by - bar.left) / wide, 1),
        ((bar.end_from - bar.left) / wide, 1),
        (1.0, clear[span.sure_end]),
    )
    body = "".join(
        tag("stop", offset=f"{at:.3f}", stop_color=colour, stop_opacity=shown) for at, shown in stops
    )
    return f"url(#{bar.identity})", tag("linearGradient", body, id=bar.identity)


def _foot(bar: _Bar) -> str:
    """The thick line under a bar: solid for a holder, dashed for an interim, dotted if unknown.

    It is thin where it is not certain that the bar had begun, or had not ended.
    """
    dash = {"interim": "9 4", "unknown": "2 4"}.get(bar.span.tone, "")
    thick = 1 if bar.span.tone == "vacant" else 4
    y, colour = bar.top + BAR - thick / 2, _edge(bar.span)
    sure = level(bar.begin_by, bar.end_from, y, colour, thick, dash) if bar.end_from > bar.begin_by else ""
    thin = ((bar.left, bar.begin_by), (bar.end_from, bar.right))
    return sure + "".join(level(*ends, y + thick / 2, colour, 1, "2 2") for ends in thin if ends[0] < ends[1])


def _edge(span: Span) -> str:
    return EDGES.get(span.tone, EDGES["unknown"])


def _end(bar: _Bar, x: float, sure: bool) -> str:
    """The vertical line at an end: solid if the day is certain, dashed if not."""
    return upright(x, bar.top, bar.top + BAR, _edge(bar.span), 2, "" if sure else "3 3")


def _numbers(bars: Sequence[_Bar]) -> str:
    """The numbers of bars whose words do not fit, moved apart where bars are thin."""
    body = ""
    last: dict[float, float] = {}
    for bar in (bar for bar in bars if bar.words_at is None):
        half = text_width(str(bar.number), bold=True) / 2
        x = max((bar.left + bar.right) / 2, last.get(bar.top, 0.0) + half + 2)
        last[bar.top] = x + half
        body += halo(x, bar.top + 18, str(bar.number), text_anchor="middle", font_weight=700)
    return body


def _lane_key(bars: Sequence[_Bar]) -> list[tuple[str, str]]:
    """The words for the numbers of one lane."""
    return [
        (text(0, 5, str(bar.number), text_anchor="middle", font_weight=700), _span_words(bar.span))
        for bar in bars
        if bar.words_at is None
    ]


def _span_words(span: Span) -> str:
    """The span in words: text, from when to when, and what is uncertain."""
    begin = _edge_words(span.begin, span.begin, span.begin_by, sure=span.sure_begin)
    if span.end is None:
        return f"{span.text}, from {begin}"
    end = _edge_words(span.end, span.end_from, span.end, sure=span.sure_end)
    if begin.removeprefix("about ") == end.removeprefix("about "):  # one mention, not a time in the post
        return f"{span.text}, in {end.removeprefix('about ')}"
    return f"{span.text}, {begin} to {end}"


def _edge_words(day: date, first: date | None, last: date | None, *, sure: bool) -> str:
    """An end in words, no sharper than the days on which it can be; a month for a certain day, which is drawn."""
    if first and last and (first.year, first.month) != (last.year, last.month):
        return days_in_words(first, last)
    return ("" if sure or (first and last) else "about ") + day_words(day, short=True)


def _tone_key(shown: Sequence[Span], tones: Mapping[str, str], identity: str) -> list[tuple[str, str]]:
    """A small bar for each tone that the drawing uses, and the meaning of a dashed end if there is one."""
    rows = []
    used = {span.tone for span in shown}
    for tone in (tone for tone in tones if tone in used):
        sample = _Bar(Span(date.min, date.max, "", tone=tone), -8, 9, -BAR / 2, f"{identity}-k-{tone}", -8, 9)
        rows.append((tag("g", _fill_only(sample), transform="scale(1 .6)"), tones[tone]))
    unsure = upright(2, -8, 8, EDGES["holder"], 2, "3 3")
    if rows and any(not (span.sure_begin and span.sure_end) for span in shown):
        rows.append((unsure, "Dashed, faded end: no source gives the day"))
    return rows


def _fill_only(bar: _Bar) -> str:
    fill, _ = _fill(bar)
    return tag("rect", x=bar.left, y=bar.top, width=bar.right - bar.left, height=BAR, fill=fill) + _foot(bar)
