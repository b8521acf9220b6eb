"""The papers for whoever decides about adopting: each claim leads to a test or a page, or says that others decide."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAPERS = (
    "accessibility-statement",
    "cloud-security-principles",
    "dpia-template",
    "hazard-log",
    "record-of-processing",
    "service-description",
)
_LINK = re.compile(r"\]\(([^)#]+)[^)]*\)")
_NO_CLAIM = re.compile(
    r"^\| (What is it for|Whose data|Special categories|Where does it come from|Are decisions automated|Purpose|People) "
)
"""Rows that describe, and claim nothing that could be tested."""


def rows_of(paper: str) -> list[str]:
    """The rows of a paper's tables, without headings and the lines under them."""
    lines = (ROOT / "docs" / "assurance" / f"{paper}.md").read_text("utf-8").splitlines()
    dashed = {at for at, line in enumerate(lines) if re.fullmatch(r"[| :-]+", line) and "-" in line}
    return [
        line
        for at, line in enumerate(lines)
        if line.startswith("|") and at not in dashed and at + 1 not in dashed
    ]


@pytest.mark.parametrize("paper", PAPERS)
def test_each_row_leads_somewhere_or_says_who_decides(paper: str) -> None:
    rows = rows_of(paper)
    assert rows
    bare = [row for row in rows if not _LINK.search(row) and "for you to decide" not in row.lower()]
    assert [row for row in bare if not _NO_CLAIM.search(row.replace("?", " "))] == []


@pytest.mark.parametrize("paper", PAPERS)
def test_each_link_leads_to_what_is_there(paper: str) -> None:
    folder = ROOT / "docs" / "assurance"
    text = (folder / f"{paper}.md").read_text("utf-8")
    assert [to for to in _LINK.findall(text) if not (folder / to).exists()] == []
