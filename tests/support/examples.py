"""How many examples of their own tests make that are slower than most."""

from __future__ import annotations

import hypothesis


def a_quarter() -> hypothesis.settings:
    """A quarter of the examples that the run makes of others."""
    return hypothesis.settings(max_examples=max(5, hypothesis.settings.default.max_examples // 4))
