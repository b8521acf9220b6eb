"""The samples stand apart: no page, rule or drawing knows an authority of theirs, its story or its days."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from lineofsight.samples import INSPECTED
from lineofsight.samples.profiles import PROFILES
from tests.support.surroundings import ROOT

PACKAGE = ROOT / "lineofsight"
PRODUCT = ("allocation", "charts", "engines", "intake", "oversight", "queries", "retention", "service")
CODES = sorted({*INSPECTED, *(one.code for one in PROFILES)})
STORY = [
    rf"(?<![\d.])(?:{'|'.join(CODES)})(?!\d)",
    *(re.escape(one.name) for one in PROFILES),
    *(re.escape(document) for one in PROFILES for document in one.documents),
    r"(?i:seven claimed)",
]
COMMANDS = re.compile(r"(?:LINEOFSIGHT_HOME=\S+ )?lineofsight [a-z]")
"""How an example of a command begins: it may name a sample, so that it works as it stands."""
SHOWN = re.compile(r"<code>lineofsight [^<]*</code>")
"""The same in a template."""


@cache
def texts(file: Path) -> list[str]:
    """What a file says, but for examples of commands: every text of a module, a template whole."""
    content = file.read_text("utf-8")
    if file.suffix != ".py":
        return [SHOWN.sub("", content)]
    constants = [node.value for node in ast.walk(ast.parse(content)) if isinstance(node, ast.Constant)]
    return [text for text in constants if isinstance(text, str) and not COMMANDS.match(text)]


@cache
def files() -> list[Path]:
    """The modules and templates of the product."""
    found = [
        file for part in PRODUCT for file in (PACKAGE / part).rglob("*") if file.suffix in (".py", ".html")
    ]
    return sorted(file for file in found if "static" not in file.parts)


@pytest.mark.parametrize("story", STORY)
def test_nothing_outside_the_samples_tells_of_their_authorities(story: str) -> None:
    told = [
        f"{file.relative_to(ROOT)}: {found[0]}"
        for file in files()
        for text in texts(file)
        if (found := re.search(story, text))
    ]
    assert told == []


def test_no_page_and_no_drawing_holds_a_day_of_a_story() -> None:
    """A day of these years in code is a story's, or a law's: then it stands in the rules, with its source."""
    found = [
        f"{file.relative_to(ROOT)}: {ast.unparse(node)}"
        for file in files()
        if file.suffix == ".py" and file.relative_to(PACKAGE).parts[0] in ("service", "charts")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", getattr(node.func, "attr", "")) in ("date", "datetime")
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, int)
        and 2000 <= node.args[0].value < 2100
    ]
    assert found == []
