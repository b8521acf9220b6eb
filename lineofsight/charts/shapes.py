"""The markers that distinguish series, and the key that names them."""

from __future__ import annotations

from collections.abc import Sequence

from lineofsight.charts.markup import ROW, plain, tag, text, text_width, wrapped

# How each series looks: shape, colour, dash of its stem. All six differ without colour.
LOOKS = (
    ("circle", "#12436d", ""),
    ("square", "#b8400f", "5 3"),
    ("triangle", "#801650", "2 2"),
    ("diamond", "#1a7f76", "8 3"),
    ("plus", "#3d3d3d", "1 3"),
    ("down", "#6f4fa8", "8 3 2 3"),
)


def marker(look: tuple[str, str, str], x: float, y: float, filled: bool = True, r: float = 6.0) -> str:
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
        return tag("circle", cx=float(x), cy=float(y), r=r, **paint)
    return tag("path", d=paths[shape], **paint)


def draw_key(items: Sequence[tuple[str, str]], left: float, top: float, width: float) -> tuple[str, float]:
    """A key in rows, from pairs of swatch markup (drawn at 0,0) and words. Returns the markup and the bottom."""
    body, x, y = "", left, top + ROW - 4
    for swatch, words in items:
        rows = wrapped(words, width - 26) or [""]
        wide = 24 + max(text_width(row) for row in rows)
        if x > left and x + wide > left + width:
            x, y = left, y + ROW + 2
        body += tag("g", swatch, transform=f"translate({plain(x + 8)} {plain(y - 5)})") if swatch else ""
        for number, row in enumerate(rows):
            body += text(x + 22, y + number * ROW, row)
        x, y = x + wide + 18, y + (len(rows) - 1) * ROW
    return body, y + 8
