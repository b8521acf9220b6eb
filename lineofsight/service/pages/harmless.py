"""Cells of a CSV that no spreadsheet runs as a formula."""

from __future__ import annotations

from typing import Any

_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a formula begins with; the last four are the first four as wide as a Chinese character, which some programs run too."""


def harmless(cell: Any) -> Any:
    """A cell with a quote before it where a spreadsheet would take it for a formula; anything else as it is."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULAS) else cell
