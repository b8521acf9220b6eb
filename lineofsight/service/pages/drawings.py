"""Drawings as pages hold them."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.safestring import SafeString, mark_safe

from lineofsight.charts import at_widths


def drawn(draw: Callable[[int], str]) -> SafeString:
    """A drawing at each width a page can have; `draw` takes the width in pixels and escapes every word it draws."""
    return mark_safe(at_widths(draw))  # noqa: S308 - the drawing escapes every word
