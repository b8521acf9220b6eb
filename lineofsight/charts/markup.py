"""SVG markup from plain values: elements, words and their width, the outer element, the three widths.

Every word is escaped here, and no style attribute is ever written.
"""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Callable, Mapping

WIDTHS: Mapping[str, int] = {"narrow": 336, "middle": 690, "wide": 1140}

INK, QUIET, RULE, WASH = "#0b0c0c", "#484949", "#d4d7da", "#eef0f2"
SIZE = 14  # of all text, in pixels
ROW = 18  # height of one line of text


def at_widths(draw: Callable[[int], str]) -> str:
    """The same drawing for a phone, a column and a page; the style sheet shows one.

    Call it like ``at_widths(lambda width: dots(points, ..., width=width))``.
    """
    drawn = ((name, draw(width)) for name, width in WIDTHS.items())
    return "".join(
        markup.replace('class="los-drawing__svg"', f'class="los-drawing__svg los-drawing__svg--{name}"', 1)
        for name, markup in drawn
    )


def clean(words: str) -> str:
    """Escaped words, without the control characters that XML does not allow."""
    return html.escape(re.sub(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", words))


def plain(value: object) -> str:
    """A number with at most one decimal; any other value unchanged."""
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value)


def tag(name: str, body: str = "", /, **attributes: object) -> str:
    """An element; ``body`` is markup. ``class_`` and ``font_size`` become class and font-size."""
    pairs = ((key.rstrip("_").replace("_", "-"), value) for key, value in attributes.items())
    written = "".join(f' {key}="{clean(plain(value))}"' for key, value in pairs if value not in (None, ""))
    return f"<{name}{written}>{body}</{name}>" if body else f"<{name}{written}/>"


def text(x: float, y: float, words: str, /, **attributes: object) -> str:
    """Words, escaped, with their base line at ``y``."""
    return tag("text", clean(words), x=float(x), y=float(y), **attributes)


def stroke(path: str, colour: str, thick: float = 1, dash: str = "") -> str:
    """A path drawn as a line, without a fill."""
    return tag("path", d=path, stroke=colour, stroke_width=thick, stroke_dasharray=dash, fill="none")


def upright(x: float, top: float, bottom: float, colour: str, thick: float = 1, dash: str = "") -> str:
    """A vertical line."""
    return stroke(f"M{plain(float(x))} {plain(float(top))}V{plain(float(bottom))}", colour, thick, dash)


def level(left: float, right: float, y: float, colour: str, thick: float = 1, dash: str = "") -> str:
    """A horizontal line."""
    return stroke(f"M{plain(float(left))} {plain(float(y))}H{plain(float(right))}", colour, thick, dash)


def linked(href: str | None, body: str) -> str:
    """``body`` as a link, if a page may contain the address."""
    if href and re.match(r"(/|\?|#|https?://)", href):
        return tag("a", body, href=href)
    return body


def identity_of(*parts: object) -> str:
    """An id that is always the same for one drawing and different for two."""
    digest = hashlib.blake2s(repr(parts).encode("utf-8", "replace"), digest_size=5).hexdigest()
    return f"los-{digest}"


def svg(identity: str, width: int, height: float, title: str, description: str, body: str) -> str:
    """The outer element. With links it has the role of a group, because nobody could reach links inside an img."""
    names = tag("title", clean(title) or " ", id=f"{identity}-t") + tag(
        "desc", clean(description) or " ", id=f"{identity}-d"
    )
    return tag(
        "svg",
        names + body,
        xmlns="http://www.w3.org/2000/svg",
        class_="los-drawing__svg",
        role="group" if "<a " in body else "img",
        aria_labelledby=f"{identity}-t {identity}-d",
        viewBox=f"0 0 {width} {plain(float(height))}",
        width=width,
        height=float(height),
        font_family="Inter Variable, Inter, Arial, sans-serif",
        font_size=SIZE,
        fill=INK,
    )


def text_width(words: str, *, bold: bool = False) -> float:
    """The approximate width of the words at the drawing's size, rather too wide than too narrow."""
    return sum(map(_ems, words)) * SIZE * (1.06 if bold else 1.0)


def _ems(letter: str) -> float:
    """The width of one letter of Inter, in classes."""
    if letter in " ijl.,;:'\u2019|!()":
        return 0.31
    if letter in "ftr-":
        return 0.4
    return 0.88 if letter in "mwMW%" else 0.7 if letter.isupper() else 0.61


def wrapped(words: str, width: float) -> list[str]:
    """The words in lines no wider than ``width``, broken at spaces."""
    rows: list[str] = []
    for word in words.split():
        if rows and text_width(f"{rows[-1]} {word}") <= width:
            rows[-1] += f" {word}"
        else:
            rows.append(word)
    return rows


def halo(x: float, y: float, words: str, edge: str = "#fff", **attributes: object) -> str:
    """Words with an edge in the background colour, so that a line behind does not cut them."""
    return text(x, y, words, paint_order="stroke", stroke=edge, stroke_width=5, **attributes)
