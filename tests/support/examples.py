"""How many examples of their own tests make that are slower than most."""

from __future__ import annotations

import hypothesis


def a_quarter() -> hypothesis.settings:
    """A quarter of the examples that the run makes of others, and 25 at least: with fewer, faults were missed."""
    return hypothesis.settings(max_examples=max(25, hypothesis.settings.default.max_examples // 4))
