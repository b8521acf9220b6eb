"""Drawings as pages hold them."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.safestring import SafeString, mark_safe

from lineofsight.charts import at_widths


def drawn(draw: Callable[[int], str]) -> SafeString:
    """A drawing at each width a page can have; `draw` takes the width in pixels and escapes every word it draws."""
    return mark_safe(at_widths(draw))  # noqa: S308 - the drawing escapes every word


def drawn_small(markup: str) -> SafeString:
    """A drawing of one small width, for a cell of a table; its maker escapes every word it draws."""
    shown = 'class="los-drawing__svg los-drawing__svg--narrow"'
    return mark_safe(markup.replace('class="los-drawing__svg"', shown, 1))  # noqa: S308 - as above
