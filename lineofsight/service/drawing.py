"""The three drawings of the record, as SVG markup.

Every function here is pure: plain values in, a string out that is safe to put
in a page. All words are escaped, no style attribute is ever written (the
content security policy would drop it), and nothing is told by colour alone.

A drawing is made for one width, with 14px text, and is never meant to be
scaled down to a phone. ``at_widths`` makes the three widths that the style
sheet chooses between: a phone, a column, a page.
"""

from __future__ import annotations

import hashlib
import html
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby, pairwise

WIDTHS: Mapping[str, int] = {"narrow": 336, "middle": 690, "wide": 1140}

INK, QUIET, RULE, WASH = "#0b0c0c", "#484949", "#d4d7da", "#eef0f2"
SIZE = 14  # of all text, in pixels
LINE = 18  # height of one line of it

# How each series looks: shape, colour, dash of its stem. Six told apart without colour.
LOOKS = (
    ("circle", "#12436d", ""),
    ("square", "#b8400f", "5 3"),
    ("triangle", "#801650", "2 2"),
    ("diamond", "#1a7f76", "8 3"),
    ("plus", "#3d3d3d", "1 3"),
    ("down", "#6f4fa8", "8 3 2 3"),
)
TONES = {"holder": "In post", "interim": "Interim or acting", "vacant": "Vacant", "unknown": "Not known"}
FILLS = {"holder": "#c9dcec", "interim": "#fbe3c8", "unknown": "#eceef0"}
EDGES = {"holder": "#12436d", "interim": "#b8400f", "vacant": "#b10e1e", "unknown": "#5b636a"}


@dataclass(frozen=True)
class Point:
    """One dated count by one counter. ``label`` is printed beside the dot: "383", "over 300"."""

    day: date
    value: float
    series: str
    label: str
    href: str | None = None
    known: bool = True


@dataclass(frozen=True)
class Span:
    """One stretch of a lane. An ``end`` of None is still going on."""

    begin: date
    end: date | None
    text: str
    sure_begin: bool = True
    sure_end: bool = True
    tone: str = "holder"
    href: str | None = None


@dataclass(frozen=True)
class Lane:
    """A post, or anything else that is held by one after another."""

    name: str
    spans: Sequence[Span]


@dataclass(frozen=True)
class Mark:
    """A figure to compare with. ``shape`` is "england" or "neighbours"."""

    shape: str
    year: int
    value: float


@dataclass(frozen=True)
class Line:
    """One small chart: a value a year, None where the year is missing."""

    name: str
    values: Mapping[int, float | None]
    marks: Sequence[Mark] = ()


def at_widths(draw: Callable[[int], str]) -> str:
    """The same drawing for a phone, a column and a page; the style sheet shows one.

    Call it as ``at_widths(lambda width: dots(points, ..., width=width))``.
    """
    drawn = ((name, draw(width)) for name, width in WIDTHS.items())
    return "".join(
        markup.replace('class="los-drawing__svg"', f'class="los-drawing__svg los-drawing__svg--{name}"', 1)
        for name, markup in drawn
    )


# --- Markup -----------------------------------------------------------------


def _clean(words: str) -> str:
    """Escaped, without the control characters that XML cannot hold."""
    return html.escape(re.sub(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", words))


def _plain(value: object) -> str:
    """A number with at most one decimal; anything else as it is."""
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value)


def _tag(name: str, body: str = "", /, **attributes: object) -> str:
    """An element; ``body`` is markup already. ``class_`` and ``font_size`` give class and font-size."""
    pairs = ((key.rstrip("_").replace("_", "-"), value) for key, value in attributes.items())
    written = "".join(f' {key}="{_clean(_plain(value))}"' for key, value in pairs if value not in (None, ""))
    return f"<{name}{written}>{body}</{name}>" if body else f"<{name}{written}/>"


def _text(x: float, y: float, words: str, /, **attributes: object) -> str:
    return _tag("text", _clean(words), x=float(x), y=float(y), **attributes)


def _stroke(path: str, colour: str, thick: float = 1, dash: str = "") -> str:
    return _tag("path", d=path, stroke=colour, stroke_width=thick, stroke_dasharray=dash, fill="none")


def _upright(x: float, top: float, bottom: float, colour: str, thick: float = 1, dash: str = "") -> str:
    return _stroke(f"M{_plain(float(x))} {_plain(float(top))}V{_plain(float(bottom))}", colour, thick, dash)


def _level(left: float, right: float, y: float, colour: str, thick: float = 1, dash: str = "") -> str:
    return _stroke(f"M{_plain(float(left))} {_plain(float(y))}H{_plain(float(right))}", colour, thick, dash)


def _linked(href: str | None, body: str) -> str:
    """``body`` as a link, if the address is one that a page may hold."""
    if href and re.match(r"(/|\?|#|https?://)", href):
        return _tag("a", body, href=href)
    return body


def _identity(*parts: object) -> str:
    """An id that is the same every time for the same drawing, and differs between two."""
    digest = hashlib.blake2s(repr(parts).encode("utf-8", "replace"), digest_size=5).hexdigest()
    return f"los-{digest}"


def _svg(identity: str, width: int, height: float, title: str, description: str, body: str) -> str:
    """The outer element. What holds links is a group: inside an img nobody could reach them."""
    names = _tag("title", _clean(title) or " ", id=f"{identity}-t") + _tag(
        "desc", _clean(description) or " ", id=f"{identity}-d"
    )
    return _tag(
        "svg",
        names + body,
        xmlns="http://www.w3.org/2000/svg",
        class_="los-drawing__svg",
        role="group" if "<a " in body else "img",
        aria_labelledby=f"{identity}-t {identity}-d",
        viewBox=f"0 0 {width} {_plain(float(height))}",
        width=width,
        height=float(height),
        font_family="Inter Variable, Inter, Arial, sans-serif",
        font_size=SIZE,
        fill=INK,
    )


def text_width(words: str, *, bold: bool = False) -> float:
    """About how wide the words are at the drawing's size; errs on the wide side."""
    return sum(map(_ems, words)) * SIZE * (1.06 if bold else 1.0)


def _ems(letter: str) -> float:
    """The width of one letter of Inter, in classes."""
    if letter in " ijl.,;:'\u2019|!()":
        return 0.31
    if letter in "ftr-":
        return 0.4
    return 0.88 if letter in "mwMW%" else 0.7 if letter.isupper() else 0.61


def _wrapped(words: str, width: float) -> list[str]:
    """The words in lines no wider than ``width``, broken at spaces."""
    rows: list[str] = []
    for word in words.split():
        if rows and text_width(f"{rows[-1]} {word}") <= width:
            rows[-1] += f" {word}"
        else:
            rows.append(word)
    return rows


# --- Days and scales --------------------------------------------------------


def day_words(day: date, *, short: bool = False) -> str:
    """31 January 2019, or Jan 2019."""
    return f"{day:%b %Y}" if short else f"{day.day} {day:%B %Y}"


def _quarter(day: date, step: int = 0) -> date:
    """The first day of the day's quarter, or of one ``step`` quarters on."""
    quarters = day.year * 4 + (day.month - 1) // 3 + step
    return date(quarters // 4, quarters % 4 * 3 + 1, 1)


@dataclass(frozen=True)
class _Time:
    """Days laid out from ``left`` to ``right``."""

    begin: date
    end: date
    left: float
    right: float

    def at(self, day: date) -> float:
        share = (day - self.begin).days / max(1, (self.end - self.begin).days)
        return self.left + min(1.0, max(0.0, share)) * (self.right - self.left)

    def holds(self, day: date) -> bool:
        return self.begin <= day <= self.end

    def quarters(self) -> list[date]:
        count = (self.end.year - self.begin.year) * 4 + 5
        return [q for q in (_quarter(self.begin, step) for step in range(count)) if self.holds(q)]

    def years(self) -> list[date]:
        """Where each year begins on the axis: its first of January, or the axis's own beginning."""
        return [max(date(year, 1, 1), self.begin) for year in range(self.begin.year, self.end.year + 1)]


def _time_axis(time: _Time, y: float) -> str:
    """A line with a tick a quarter, a tall tick a year, months where there is room, and the years."""
    room = (time.right - time.left) / max(1, len(time.quarters()))
    ticks = "".join(
        _upright(time.at(quarter), y, y + (14 if quarter.month == 1 else 5), INK)
        for quarter in time.quarters()
        if room >= 5 or quarter.month == 1
    )
    months = _month_words(time, y + 18) if room >= 40 else ""
    years = _year_words(time, y + (36 if months else 22))
    return _level(time.left, time.right, y, INK) + ticks + months + years


def _month_words(time: _Time, y: float) -> str:
    return "".join(
        _text(time.at(q) + 4, y, f"{q:%b}", fill=QUIET)
        for q in time.quarters()
        if time.at(q) + 30 <= time.right
    )


def _year_words(time: _Time, y: float) -> str:
    """Each year's number where its part of the axis begins, leaving out those without room."""
    words, taken = "", 0.0
    for begin in time.years():
        x = time.at(begin) + 4
        after = time.at(date(begin.year + 1, 1, 1)) if begin.year < 9999 else time.right
        if x >= taken and (after - x >= 34 or begin.month == 1) and x + 34 <= time.right + 14:
            words += _text(x, y, str(begin.year), font_weight=600)
            taken = x + 40
    return words


def _day_rule(time: _Time, day: date, top: float, bottom: float) -> str:
    """A rule at the chosen day with its date over it; an arrow at the edge if it lies outside."""
    x, words = time.at(day), day_words(day)
    if not time.holds(day):
        words = f"\u2190 {words}" if day < time.begin else f"{words} \u2192"
    half = text_width(words, bold=True) / 2
    middle = min(max(x, time.left + half), time.right - half)
    label = _text(middle, top - 5, words, text_anchor="middle", font_weight=600, class_="los-drawing__day")
    return label + (_upright(x, top, bottom, INK, 2) if time.holds(day) else "")


def _nice_top(highest: float) -> tuple[float, float]:
    """A round top of an axis from zero that holds ``highest``, and the step of its grid."""
    rough = max(highest, 1e-9) / 4
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * by for by in (1, 2, 2.5, 5, 10) if power * by >= rough * 0.999)
    step = max(step, 1.0) if highest >= 3 else step
    return math.ceil(max(highest, step) / step) * step, step


def number_words(value: float, unit: str = "") -> str:
    """1,234 or 12.5, with a sign that is written against the number where the unit is one."""
    words = f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"
    return f"{words}%" if unit == "%" else f"\u00a3{words}" if unit == "\u00a3" else words


# --- Shapes and keys --------------------------------------------------------


def _shape(look: tuple[str, str, str], x: float, y: float, filled: bool = True, r: float = 6.0) -> str:
    """One marker. A hollow one has a dashed edge."""
    paths = {
        "square": f"M{x - r:.1f} {y - r:.1f}h{2 * r}v{2 * r}h{-2 * r}z",
        "triangle": f"M{x:.1f} {y - r - 1:.1f}l{r + 1} {2 * r}h{-2 * r - 2}z",
        "down": f"M{x:.1f} {y + r + 1:.1f}l{r + 1} {-2 * r}h{-2 * r - 2}z",
        "diamond": f"M{x:.1f} {y - r - 2:.1f}l{r + 2} {r + 2}l{-r - 2} {r + 2}l{-r - 2} {-r - 2}z",
        "plus": f"M{x - 2.5:.1f} {y - 7:.1f}h5v4.5h4.5v5h-4.5v4.5h-5v-4.5h-4.5v-5h4.5z",
    }
    shape, colour, _ = look
    paint = {"fill": colour if filled else "#fff", "stroke": "#fff" if filled else colour}
    paint |= {"stroke_width": "1.5", "stroke_dasharray": "" if filled else "3 2"}
    if shape == "circle":
        return _tag("circle", cx=float(x), cy=float(y), r=r, **paint)
    return _tag("path", d=paths[shape], **paint)


def _key(items: Sequence[tuple[str, str]], left: float, top: float, width: float) -> tuple[str, float]:
    """A key laid out in rows: (swatch markup drawn at 0,0, words) each. Returns the markup and the bottom."""
    body, x, y = "", left, top + LINE - 4
    for swatch, words in items:
        rows = _wrapped(words, width - 26) or [""]
        wide = 24 + max(text_width(row) for row in rows)
        if x > left and x + wide > left + width:
            x, y = left, y + LINE + 2
        body += _tag("g", swatch, transform=f"translate({_plain(x + 8)} {_plain(y - 5)})") if swatch else ""
        for number, row in enumerate(rows):
            body += _text(x + 22, y + number * LINE, row)
        x, y = x + wide + 18, y + (len(rows) - 1) * LINE
    return body, y + 8


# --- Keeping words apart ----------------------------------------------------


@dataclass(frozen=True)
class Box:
    """A rectangle that something takes up."""

    left: float
    top: float
    right: float
    bottom: float

    def shared(self, other: Box) -> float:
        """The area that both take up."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        high = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(0.0, wide) * max(0.0, high)

    def gap(self, other: Box) -> float:
        """How far apart the two are."""
        wide = max(other.left - self.right, self.left - other.right, 0.0)
        high = max(other.top - self.bottom, self.top - other.bottom, 0.0)
        return math.hypot(wide, high)

    def outside(self, other: Box) -> float:
        """How far this one sticks out of the other."""
        out = (
            other.left - self.left,
            self.right - other.right,
            other.top - self.top,
            self.bottom - other.bottom,
        )
        return sum(max(0.0, by) for by in out)


def _candidates(x: float, y: float, wide: float, away: float = 10.0) -> Iterable[Box]:
    """Places for a label by a dot: beside it, over and under it, at the corners, then further off."""
    sides = (x + away, x - away - wide, x - wide / 2)
    for lift in (0, -16, 16, -32, 32, -48, 48, -64, 64, -80, 80):
        for left in sides[:2]:
            yield Box(left, y - LINE / 2 + lift, left + wide, y + LINE / 2 + lift)
        middle = y - LINE / 2 + lift + math.copysign(away + 8, lift or -1)
        yield Box(sides[2], middle, sides[2] + wide, middle + LINE)


def place_labels(
    dots_at: Sequence[tuple[float, float, float]], frame: Box, thin: Sequence[Box] = ()
) -> list[Box]:
    """A box for each (x, y, label width) that clears all dots, the other labels and, if it can, ``thin``."""
    taken = [Box(x - 8, y - 8, x + 8, y + 8) for x, y, _ in dots_at]
    placed: list[Box] = []
    for x, y, wide in dots_at:
        hard = [*taken, *placed]
        own = Box(x, y, x, y)
        best = min(_candidates(x, y, wide), key=lambda box: _cost(box, own, hard, thin, frame))
        placed.append(best)
    return placed


def _cost(box: Box, own: Box, hard: Sequence[Box], thin: Sequence[Box], frame: Box) -> float:
    """How bad a place is: covering or leaving the frame is worst, then standing by another's dot."""
    covers = sum(box.shared(other) for other in hard) + box.outside(frame)
    nearer = sum(box.gap(other) < box.gap(own) - 9 for other in hard)
    return 1000 * covers + 400 * nearer + 5 * box.gap(own) + 0.5 * sum(box.shared(other) for other in thin)


# --- Dots -------------------------------------------------------------------


@dataclass(frozen=True)
class _Dot:
    """A point with its place and look."""

    point: Point
    x: float
    y: float
    look: tuple[str, str, str] = field(default=LOOKS[0])


def dots(
    points: Sequence[Point],
    *,
    title: str,
    description: str,
    day: date,
    width: int = WIDTHS["middle"],
    height: int = 320,
    key: str = "",
) -> str:
    """Dated counts by counter, never joined up.

    Counts of one month by different counters stand side by side on a shaded
    band. A point that is not ``known`` is hollow. The drawing is as high as
    ``height`` and its key. ``key`` tells two like drawings on a page apart.
    """
    identity = _identity("dots", title, width, key)
    if not points:
        return _svg(identity, width, 40, title, description, _text(0, 24, "No figure is recorded."))
    looks = {name: LOOKS[n % len(LOOKS)] for n, name in enumerate(dict.fromkeys(p.series for p in points))}
    top, step = _nice_top(max(point.value for point in points))
    frame = Box(12 + text_width(number_words(top)), 46, width - 12, height - 44)
    time = _dots_time(points, day, frame)
    placed = _placed_dots(points, time, top, frame, looks)
    body = _value_grid(top, step, frame) + _bands(placed, frame) + _day_rule(time, day, 20, frame.bottom)
    body += _stems(placed, frame) + _time_axis(time, frame.bottom) + _labelled(placed, frame, time.at(day))
    legend, bottom = _key(_dots_key(points, looks), 4, height, width - 8)
    return _svg(identity, width, bottom, title, description, body + legend)


def _dots_time(points: Sequence[Point], day: date, frame: Box) -> _Time:
    """From the quarter before the first to the quarter after the last; to ``day`` too if that is near."""
    days = [point.day for point in points]
    reach = max((max(days) - min(days)) // 3, timedelta(days=200))
    if min(days) - reach <= day <= max(days) + reach:
        days.append(day)
    first, last = _quarter(min(days) - timedelta(days=30)), _quarter(max(days) + timedelta(days=30), 1)
    return _Time(first, last, frame.left, frame.right)


def _placed_dots(
    points: Sequence[Point], time: _Time, top: float, frame: Box, looks: Mapping[str, tuple[str, str, str]]
) -> list[_Dot]:
    """Each point's place; those of one month are moved apart, at most by a few pixels each."""
    placed: list[_Dot] = []
    ordered = sorted(points, key=lambda point: (point.day, -point.value))
    for _, month in groupby(ordered, key=lambda point: (point.day.year, point.day.month)):
        together = list(month)
        centre = sum(time.at(point.day) for point in together) / len(together)
        for number, point in enumerate(together):
            x = centre + 18 * (number - (len(together) - 1) / 2)
            y = frame.bottom - point.value / top * (frame.bottom - frame.top)
            placed.append(_Dot(point, x, y, looks[point.series]))
    return placed


def _value_grid(top: float, step: float, frame: Box) -> str:
    """Level lines from zero up, each with its number."""
    body = ""
    for count in range(round(top / step) + 1):
        y = frame.bottom - count * step / top * (frame.bottom - frame.top)
        body += _level(frame.left, frame.right, y, RULE)
        body += _text(frame.left - 6, y + 5, number_words(count * step), text_anchor="end", fill=QUIET)
    return body


def _bands(placed: Sequence[_Dot], frame: Box) -> str:
    """A shaded band behind every month that more than one counter counted."""
    body = ""
    for month, group in groupby(placed, key=lambda dot: (dot.point.day.year, dot.point.day.month)):
        together = list(group)
        if len({dot.point.series for dot in together}) < 2:
            continue
        left, right = together[0].x - 13, together[-1].x + 13
        words = f"{len(together)} counts"
        if frame.right - frame.left > 500:
            words += f", {day_words(date(*month, 1), short=True)}"
        body += _tag(
            "rect", x=left, y=frame.top, width=right - left, height=frame.bottom - frame.top, fill=WASH
        )
        body += _text((left + right) / 2, frame.top - 5, words, text_anchor="middle", fill=QUIET)
    return body


def _stems(placed: Sequence[_Dot], frame: Box) -> str:
    """A thin line from each dot down to its day, dashed by counter."""
    return "".join(_upright(dot.x, dot.y, frame.bottom, dot.look[1], 1.5, dot.look[2]) for dot in placed)


def _labelled(placed: Sequence[_Dot], frame: Box, rule: float) -> str:
    """The dots and, beside them, their labels; with the counter's name where there is room."""
    named = frame.right - frame.left > 500 and len(placed) <= 12
    widths = [
        text_width(dot.point.label, bold=True) + (text_width(f" {dot.point.series}") if named else 0)
        for dot in placed
    ]
    stems = [Box(dot.x - 3, dot.y, dot.x + 3, frame.bottom) for dot in placed]
    boxes = place_labels(
        [(dot.x, dot.y, wide) for dot, wide in zip(placed, widths, strict=True)],
        Box(frame.left, frame.top - 2, frame.right + 10, frame.bottom - 1),
        [*stems, *[Box(rule - 3, frame.top, rule + 3, frame.bottom)] * 2],
    )
    return "".join(_one_dot(dot, box, named) for dot, box in zip(placed, boxes, strict=True))


def _one_dot(dot: _Dot, box: Box, named: bool) -> str:
    point = dot.point
    told = f"{point.label}, {point.series}, {day_words(point.day)}" + (
        "" if point.known else ", not known by then"
    )
    words = _tag("tspan", _clean(point.label), font_weight=700)
    words += _clean(f" {point.series}") if named else ""
    halo = {"paint_order": "stroke", "stroke": "#fff", "stroke_width": 4, "stroke_linejoin": "round"}
    body = _tag("title", _clean(told)) + _target(dot.x, dot.y)
    body += _shape(dot.look, dot.x, dot.y, point.known)
    body += _tag("text", words, x=box.left, y=box.bottom - 4, class_="los-drawing__value", **halo)
    return _linked(point.href, _tag("g", body))


def _target(x: float, y: float) -> str:
    """What a finger hits, and what lights up on focus."""
    return _tag(
        "rect",
        x=x - 12,
        y=y - 12,
        width=24,
        height=24,
        fill="none",
        pointer_events="all",
        class_="los-drawing__target",
    )


def _dots_key(points: Sequence[Point], looks: Mapping[str, tuple[str, str, str]]) -> list[tuple[str, str]]:
    rows = [(_shape(look, 0, 0), name) for name, look in looks.items()]
    if not all(point.known for point in points):
        rows.append((_shape(("circle", QUIET, ""), 0, 0, filled=False), "Hollow: not known by then"))
    return rows


# --- Spans ------------------------------------------------------------------

BAR = 28  # height of a bar


@dataclass(frozen=True)
class _Bar:
    """A span with its place; ``number`` leads to the key where the words do not fit."""

    span: Span
    left: float
    right: float
    top: float
    identity: str
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
) -> str:
    """Who held each post, one lane a post. Where words do not fit in a bar, a number leads to them.

    An end that is not sure fades and is dashed; a vacancy is hatched; spans of
    one lane that overlap (two sources disagree) stand under each other.
    """
    identity = _identity("spans", title, width, key)
    time = _Time(begin, end, 4.0, width - 4.0)
    body, y = "", 30.0
    for number, lane in enumerate(lanes):
        drawn, y = _lane(lane, time, day, y, f"{identity}-{number}")
        body += drawn
    used = {span.tone for lane in lanes for span in lane.spans}
    legend, bottom = _key(_tone_key(used, identity), 4, y + 48, width - 8)
    body += _day_rule(time, day, 20, 27) + _time_axis(time, y)
    body += _upright(time.at(day), y - 8, y, INK, 2) if time.holds(day) else ""
    return _svg(identity, width, bottom, title, description, _hatch(identity) + body + legend)


def _hatch(identity: str) -> str:
    """The pattern that a vacancy is filled with."""
    line = _tag("rect", width=8, height=8, fill="#fff")
    line += _tag("path", d="M0 0V8", stroke="#d9707a", stroke_width=3)
    attributes = {"width": 8, "height": 8, "patternUnits": "userSpaceOnUse", "patternTransform": "rotate(45)"}
    return _tag("defs", _tag("pattern", line, id=f"{identity}-v", **attributes))


def _lane(lane: Lane, time: _Time, day: date, top: float, identity: str) -> tuple[str, float]:
    """A lane's name, bars and key. Returns the markup and where the next lane begins."""
    rows = _wrapped(lane.name, time.right - time.left) or [""]
    body = "".join(_text(time.left, top + 14 + n * LINE, row, font_weight=600) for n, row in enumerate(rows))
    first = top + len(rows) * LINE + 4
    rule = time.at(day) if time.holds(day) else -99.0
    bars = _bars(lane, time, first, rule, identity)
    bottom = max((bar.top for bar in bars), default=first) + BAR + 4
    body += "".join(_upright(time.at(year), first - 4, bottom, RULE) for year in time.years())
    body += _upright(rule, first - 4, bottom, INK, 2) if rule >= 0 else ""
    body += "".join(_bar(bar, rule) for bar in bars)
    body += _numbers(bars)
    legend, after = _key(_lane_key(bars), time.left, bottom, time.right - time.left)
    return (body + legend, after + 8) if _lane_key(bars) else (body, bottom + 12)


def _halo(x: float, y: float, words: str, edge: str = "#fff", **attributes: object) -> str:
    """Words with an edge of their ground's colour, so that a rule passing behind does not cut them."""
    return _text(x, y, words, paint_order="stroke", stroke=edge, stroke_width=5, **attributes)


def _bars(lane: Lane, time: _Time, top: float, rule: float, identity: str) -> list[_Bar]:
    """The spans that the axis shows, placed; each row holds spans that do not overlap."""
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
        bars.append(
            _Bar(span, left, right, top + row * (BAR + 4), f"{identity}-{len(bars)}", words_at, number)
        )
    return bars


def _words_at(wide: float, left: float, right: float, rule: float) -> float | None:
    """Where words that wide begin in a bar, clear of the day's rule if they can; None: they do not fit."""
    if left + wide + 13 > right:
        return None
    crossed = left + 5 < rule < left + wide + 11
    return rule + 7 if crossed and rule + wide + 12 <= right else left + 8


def _bar(bar: _Bar, rule: float) -> str:
    """One span: its fill, its foot (whole, dashed or none by tone), its ends, the day's rule, its words."""
    span = bar.span
    fill, faded = _fill(bar)
    box = {"x": bar.left, "y": bar.top, "width": bar.right - bar.left, "height": BAR}
    body = _tag("title", _clean(_span_words(span))) + faded
    body += _tag("rect", fill=fill, class_="los-drawing__target", **box)
    body += _foot(bar) + _end(bar, bar.left, span.sure_begin)
    body += _end(bar, bar.right, span.sure_end) if span.end else ""
    body += _upright(rule, bar.top, bar.top + BAR, INK, 2) if bar.left < rule < bar.right else ""
    if bar.words_at is not None:
        body += _halo(bar.words_at, bar.top + 18, span.text, FILLS.get(span.tone, "#fff"))
    return _linked(span.href, _tag("g", body))


def _fill(bar: _Bar) -> tuple[str, str]:
    """What a bar is filled with, and the gradient to define first if an end of it fades."""
    span = bar.span
    if span.tone == "vacant":
        return f"url(#{bar.identity.rsplit('-', 2)[0]}-v)", ""
    colour = FILLS.get(span.tone, FILLS["unknown"])
    if span.sure_begin and span.sure_end:
        return colour, ""
    share = min(0.5, 18 / max(1.0, bar.right - bar.left))
    clear = {True: 1, False: 0.1}
    stops = ((0.0, clear[span.sure_begin]), (share, 1), (1 - share, 1), (1.0, clear[span.sure_end]))
    body = "".join(
        _tag("stop", offset=f"{at:.3f}", stop_color=colour, stop_opacity=shown) for at, shown in stops
    )
    return f"url(#{bar.identity})", _tag("linearGradient", body, id=bar.identity)


def _foot(bar: _Bar) -> str:
    """The thick line under a bar: whole for a holder, dashed for an interim, dotted where unknown."""
    dash = {"interim": "9 4", "unknown": "2 4"}.get(bar.span.tone, "")
    thick = 1 if bar.span.tone == "vacant" else 4
    return _level(bar.left, bar.right, bar.top + BAR - thick / 2, _edge(bar.span), thick, dash)


def _edge(span: Span) -> str:
    return EDGES.get(span.tone, EDGES["unknown"])


def _end(bar: _Bar, x: float, sure: bool) -> str:
    """The upright line at an end: whole if the day is sure, dashed if not."""
    return _upright(x, bar.top, bar.top + BAR, _edge(bar.span), 2, "" if sure else "3 3")


def _numbers(bars: Sequence[_Bar]) -> str:
    """The numbers of bars whose words do not fit, kept from touching where bars are thin."""
    body = ""
    last: dict[float, float] = {}
    for bar in (bar for bar in bars if bar.words_at is None):
        half = text_width(str(bar.number), bold=True) / 2
        x = max((bar.left + bar.right) / 2, last.get(bar.top, 0.0) + half + 2)
        last[bar.top] = x + half
        body += _halo(x, bar.top + 18, str(bar.number), text_anchor="middle", font_weight=700)
    return body


def _lane_key(bars: Sequence[_Bar]) -> list[tuple[str, str]]:
    """What the numbers of one lane stand for."""
    return [
        (_text(0, 5, str(bar.number), text_anchor="middle", font_weight=700), _span_words(bar.span))
        for bar in bars
        if bar.words_at is None
    ]


def _span_words(span: Span) -> str:
    """The span in words: text, from when to when, and what is not sure about it."""
    begin = ("" if span.sure_begin else "about ") + day_words(span.begin, short=True)
    if span.end is None:
        return f"{span.text}, from {begin}"
    return f"{span.text}, {begin} to " + ("" if span.sure_end else "about ") + day_words(span.end, short=True)


def _tone_key(used: set[str], identity: str) -> list[tuple[str, str]]:
    """A small bar for each tone that the drawing uses, and what a dashed end means."""
    rows = []
    for tone in (tone for tone in TONES if tone in used):
        sample = _Bar(Span(date.min, date.max, "", tone=tone), -8, 9, -BAR / 2, f"{identity}-k-{tone}")
        rows.append((_tag("g", _fill_only(sample), transform="scale(1 .6)"), TONES[tone]))
    unsure = _upright(2, -8, 8, EDGES["holder"], 2, "3 3")
    return [*rows, (unsure, "Dashed, faded end: day not sure")] if rows else []


def _fill_only(bar: _Bar) -> str:
    fill, _ = _fill(bar)
    return _tag("rect", x=bar.left, y=bar.top, width=bar.right - bar.left, height=BAR, fill=fill) + _foot(bar)


# --- Lines ------------------------------------------------------------------

PANEL = 132  # height of one small chart
MARKS = {"england": ("diamond", "#3d3d3d", ""), "neighbours": ("square", "#1a7f76", "")}
MARK_WORDS = {"england": "England", "neighbours": "Statistical neighbours"}


@dataclass(frozen=True)
class _Panel:
    """Where one small chart stands, and the scales that all of them share."""

    frame: Box
    first: int
    last: int
    top: float
    unit: str

    def x(self, year: int) -> float:
        share = (year - self.first) / max(1, self.last - self.first)
        return self.frame.left + share * (self.frame.right - self.frame.left)

    def y(self, value: float) -> float:
        return self.frame.bottom - value / self.top * (self.frame.bottom - self.frame.top)


def lines(
    series: Sequence[Line],
    *,
    title: str,
    description: str,
    unit: str,
    width: int = WIDTHS["middle"],
    key: str = "",
) -> str:
    """Small charts over years, all on the same scales from zero; a missing year is a gap.

    ``unit`` "%" or "£" is written with each number, any other over the drawing.
    """
    identity = _identity("lines", title, width, key)
    values = [v for line in series for v in line.values.values() if v is not None]
    values += [mark.value for line in series for mark in line.marks]
    if not values:
        return _svg(identity, width, 40, title, description, _text(0, 24, "No figure is recorded."))
    columns = math.ceil(len(series) / math.ceil(len(series) / max(1, width // 215)))
    rows = max(len(_wrapped(line.name, width / columns - 20)) for line in series)
    high = PANEL + 34 + (rows - 1) * LINE
    head = 0 if unit in ("%", "\u00a3") else LINE + 6
    body = _text(4, 14, unit[:1].upper() + unit[1:], fill=QUIET) if head else ""
    body += _panels(series, Box(0, head, width / columns, high), columns, unit, _nice_top(max(values))[0])
    bottom = head + math.ceil(len(series) / columns) * high
    used = [shape for shape in MARKS if any(mark.shape == shape for line in series for mark in line.marks)]
    legend, end = _key(
        [(_shape(MARKS[shape], 0, 0, r=4), MARK_WORDS[shape]) for shape in used], 4, bottom, width - 8
    )
    return _svg(identity, width, end if used else bottom, title, description, body + legend)


def _panels(series: Sequence[Line], cell: Box, columns: int, unit: str, top: float) -> str:
    """All charts, filled in row by row. ``cell``: where the first begins, how wide and how high each is."""
    years = [year for line in series for year in (*line.values, *(mark.year for mark in line.marks))]
    wide, high, room, body = cell.right, cell.bottom, 22 + _widest(series, unit), ""
    for number, line in enumerate(series):
        left, upper = number % columns * wide, cell.top + number // columns * high
        frame = Box(left + 8, upper + high - PANEL + 12, left + wide - room, upper + high - 34)
        body += _panel(line, _Panel(frame, min(years), max(years), top, unit), wide - 20)
    return body


def _widest(series: Sequence[Line], unit: str) -> float:
    """The room that the widest number needs."""
    values = [value for line in series for value in line.values.values() if value is not None]
    values += [mark.value for line in series for mark in line.marks]
    return max(text_width(number_words(value, unit), bold=True) for value in values)


def _panel(line: Line, panel: _Panel, room: float) -> str:
    """One small chart: its name, its floor and ceiling, the line, the marks and the last values."""
    frame = panel.frame
    body = "".join(
        _text(frame.left - 4, frame.top - 28 - up * LINE, row, font_weight=600)
        for up, row in enumerate(reversed(_wrapped(line.name, room)))
    )
    body += "".join(_level(frame.left, frame.right, panel.y(level), RULE) for level in (0.0, panel.top))
    body += _text(frame.left - 4, frame.top - 6, number_words(panel.top, panel.unit), fill=QUIET)
    body += _text(frame.left - 4, frame.bottom + 18, str(panel.first), fill=QUIET)
    body += _text(frame.right + 4, frame.bottom + 18, str(panel.last), fill=QUIET, text_anchor="end")
    body += "".join(_compared(mark, panel) for mark in line.marks)
    return body + _runs(line, panel) + _last_values(line, panel)


def _compared(mark: Mark, panel: _Panel) -> str:
    look = MARKS.get(mark.shape, MARKS["neighbours"])
    told = _tag("title", _clean(f"{MARK_WORDS.get(mark.shape, mark.shape)}, {mark.year}: {mark.value}"))
    return _tag("g", told + _shape(look, panel.x(mark.year), panel.y(mark.value), r=3.5))


def runs(values: Mapping[int, float | None]) -> list[list[tuple[int, float]]]:
    """The stretches of following years that have a value."""
    known = [(year, value) for year, value in sorted(values.items()) if value is not None]
    parts = [known[:1]] if known else []
    for before, after in pairwise(known):
        if after[0] == before[0] + 1:
            parts[-1].append(after)
        else:
            parts.append([after])
    return parts


def _runs(line: Line, panel: _Panel) -> str:
    """The line, broken where a year is missing, with a dot at each year that has a value."""
    body = ""
    for part in runs(line.values):
        places = [f"{panel.x(year):.1f} {panel.y(value):.1f}" for year, value in part]
        body += _stroke("M" + "L".join(places), "#12436d", 2.5)
        for year, value in part:
            told = _tag("title", _clean(f"{year}: {number_words(value, panel.unit)}"))
            dot = _tag("circle", told, cx=panel.x(year), cy=panel.y(value), r=3, fill="#12436d")
            body += dot
    return body


def _last_values(line: Line, panel: _Panel) -> str:
    """The latest values, at the right where they are of the last year and over their dot where not."""
    latest = {mark.shape: (mark.year, mark.value) for mark in sorted(line.marks, key=lambda mark: mark.year)}
    known = [(year, value) for year, value in sorted(line.values.items()) if value is not None]
    latest |= {"": known[-1]} if known else {}
    rows = [
        (panel.y(value) + 5, value, shape) for shape, (year, value) in latest.items() if year == panel.last
    ]
    body, floor = "", -math.inf
    for y, value, shape in sorted(rows):
        floor = max(y, floor + 16)
        body += _last_value(panel.frame.right + 8, floor, number_words(value, panel.unit), shape)
    if known and known[-1][0] != panel.last:
        year, value = known[-1]
        words = number_words(value, panel.unit)
        body += _halo(panel.x(year), panel.y(value) - 8, words, text_anchor="middle", font_weight=700)
    return body


def _last_value(x: float, y: float, words: str, shape: str) -> str:
    """One value: bold for the line itself, after its mark for a comparison."""
    if not shape:
        return _text(x, y, words, font_weight=700, class_="los-drawing__last")
    mark = _shape(MARKS.get(shape, MARKS["neighbours"]), x + 3, y - 5, r=3.5)
    return mark + _text(x + 11, y, words, class_="los-drawing__last")
