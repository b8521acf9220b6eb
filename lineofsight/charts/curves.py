"""Shares, from nothing to all, as they change along a scale of numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from lineofsight.charts.labels import Box
from lineofsight.charts.markup import (
    INK,
    QUIET,
    ROW,
    RULE,
    WIDTHS,
    identity_of,
    level,
    plain,
    stroke,
    svg,
    text,
    text_width,
    upright,
)
from lineofsight.charts.shapes import LOOKS, draw_key, marker

HIGH = 200
"""The height of the frame, in pixels."""
_QUARTERS = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True)
class Curve:
    """One curve: its name, and pairs of a number on the scale and a share from 0 to 1, in order of the numbers."""

    name: str
    points: Sequence[tuple[float, float]]


@dataclass(frozen=True)
class _Frame:
    """Where the numbers and shares are."""

    box: Box
    first: float
    last: float

    def x(self, number: float) -> float:
        across = (number - self.first) / ((self.last - self.first) or 1.0)
        return self.box.left + across * (self.box.right - self.box.left)

    def y(self, share: float) -> float:
        return self.box.bottom - share * (self.box.bottom - self.box.top)


def curves(
    several: Sequence[Curve],
    *,
    title: str,
    description: str,
    scale: str,
    chosen: tuple[float, str],
    width: int = WIDTHS["middle"],
    key: str = "",
) -> str:
    """Curves over one scale, which `scale` names; `chosen` is a number on it that is marked, and what it is called.

    Each curve has its own marker, and the key names it, so nothing is shown by colour alone.
    """
    numbers = [number for one in several for number, _ in one.points]
    left, top = text_width("100%") + 10, ROW + 12
    frame = _Frame(Box(left, top, width - 12, top + HIGH), min(numbers), max(numbers))
    body = "".join(_share(frame, share) for share in _QUARTERS)
    body += "".join(_number(frame, number) for number in sorted({number for number, _ in several[0].points}))
    body += _chosen(frame, *chosen)
    body += "".join(_drawn(frame, one, look) for one, look in zip(several, LOOKS, strict=False))
    words_at = frame.box.bottom + 2 * ROW + 6
    body += text(frame.box.left, words_at, scale, fill=QUIET)
    swatches = [(marker(look, 0, 0, r=4), one.name) for one, look in zip(several, LOOKS, strict=False)]
    legend, bottom = draw_key(swatches, 4, words_at + 8, width - 8)
    return svg(identity_of("curves", title, width, key), width, bottom, title, description, body + legend)


def _share(frame: _Frame, share: float) -> str:
    y = frame.y(share)
    words = text(frame.box.left - 6, y + 5, f"{share:.0%}", fill=QUIET, text_anchor="end")
    return level(frame.box.left, frame.box.right, y, INK if share == 0 else RULE) + words


def _number(frame: _Frame, number: float) -> str:
    """A tick, with the number where it is a whole tenth."""
    x, bottom = frame.x(number), frame.box.bottom
    tenth = abs(number * 10 - round(number * 10)) < 1e-9
    words = text(x, bottom + 22, f"{number:.1f}", fill=QUIET, text_anchor="middle") if tenth else ""
    return upright(x, bottom, bottom + (7 if tenth else 4), INK) + words


def _chosen(frame: _Frame, number: float, name: str) -> str:
    x = frame.x(number)
    words = text(x, frame.box.top - 10, name, font_weight=600, text_anchor="middle")
    return upright(x, frame.box.top - 4, frame.box.bottom, INK, 2) + words


def _drawn(frame: _Frame, curve: Curve, look: tuple[str, str, str]) -> str:
    at = [(frame.x(number), frame.y(share)) for number, share in curve.points]
    lines = (f"M{plain(a)} {plain(b)}L{plain(c)} {plain(d)}" for (a, b), (c, d) in pairwise(at))
    return stroke("".join(lines), look[1], 2) + "".join(marker(look, x, y, r=4) for x, y in at)
