"""Cells of a CSV that no spreadsheet runs as a formula."""

from __future__ import annotations

from typing import Any


def harmless(cell: Any) -> Any:
    """A cell with a quote before it where a spreadsheet would take it for a formula; anything else as it is."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
