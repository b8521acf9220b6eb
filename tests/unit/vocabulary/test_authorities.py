"""Authorities: what they are called, and those that they took over from."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lineofsight.vocabulary import authorities


def test_a_line_reaches_back_through_every_predecessor(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nearest first, and each once; an authority that is not listed has a line of itself alone."""
    listed = iter(authorities.authorities().values())
    follows = {"new": ("middle", "beside"), "middle": ("old",), "beside": ("old",), "old": ()}
    held = {code: replace(next(listed), code=code, follows=before) for code, before in follows.items()}
    monkeypatch.setattr(authorities, "authorities", lambda: held)
    assert authorities.line_of("new") == ("new", "middle", "beside", "old")
    assert authorities.line_of("old") == ("old",)
    assert authorities.line_of("unlisted") == ("unlisted",)
