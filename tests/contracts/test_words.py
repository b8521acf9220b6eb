"""Pages and commands speak plain English: turns that readers could not follow may not come back, and no line is too long."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.surroundings import ROOT

SERVICE = ROOT / "lineofsight" / "service"
TEMPLATES = SERVICE / "templates"
LONGEST = 140

TURNS = {
    r"\bnobody (who )?answers\b": "without an allocated worker",
    r"\bwho answers\b": "allocation, or who works with the child",
    r"\bno named worker who answers\b": "without an allocated worker",
    r"\bas known (then|now|by)\b": "information available on that day, or today",
    r"\bknown (then|now)\b": "information available on that day, or today",
    r"\bonly what was witnessed\b": "only information this system had received by then",
    r"\bas (attested|witnessed)\b": "dates taken from the sources, or dates this system received it",
    r"\bwhat (this|these \w+) rests? on\b": "where this comes from",
    r"\b(said|told) by\b": "who said it, or source",
    r"\bdeliver\w+ that said\b": "where this comes from",
    r"\bargue with\b": "how this figure is worked out",
    r"\bways (in|out)\b": "children who joined the list, or left it",
    r"\ba person’s word\b": "needs your confirmation",
    r"\bto mend\b": "data quality issues",
    r"\bhow honest\b": "checks on the plan",
    r"\bSaid done\b": "reported complete",
    r"\baspects? of the service\b": "area of practice",
    r"\bbehind questions\b|\bquestions and gates\b|\breadiness gates?\b": "readiness check",
    r"\bput a (question|step)\b": "ask a question, add a readiness check",
    r"\bwho looked\b": "access log for this child",
    r"\bin your hands\b": "allocated to you",
    r"\boutside your scope\b|\bwithin your scope\b": "in other teams, in your teams",
    r"\bwhole entry\b": "full details",
    r"\btaken in\b": "received",
    r"\bbeside it\b": "related",
    r"\bthe record’s head\b|\bhead of the record\b": "integrity check",
    r"\bnobody has looked\b": "not reviewed yet",
    r"\bbytes’ hash\b|\bthese bytes\b": "file fingerprint (SHA-256), this file",
    r"\bcan(not)? (be told|tell)\b": "not known from this data",
    r"\b(is|are|was|were|not) told\b|\btold of\b|\btells of\b": "stated, recorded, or not stated",
    r"\bnobody told\b|\bwas heard\b": "no source says, had been received",
    r"\bof which nothing\b|\bis no statement\b|\bsaid of the\b": "say what is missing",
    r"\bnothing is held\b|\bnothing held\b": "nothing has been loaded",
    r"\bin this view\b": "available by then",
    r"\bnot open to (you|them)\b": "you do not have access",
    r"\bput it in the record\b|\bis in the record\b": "save, saved",
    r"\bit stands\b|>\s*stands\s*<": "status",
    r"\brightly gone\b": "meant to be removed",
    r"\bsecond step\b": "two-step sign-in",
    r"\braised again\b": "repeated findings",
}
"""Each turn as a pattern, and what to write where it stood."""


CODES = frozenset({"cannot be told", "waiting for a person’s word", "Nothing is held under that address."})
"""Words of answers that programs read, which stay: pages say them otherwise (`lineofsight.service.pages.filters`)."""


def the_templates() -> list[str]:
    return sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html"))


def words_of_template(source: str) -> str:
    """What a reader sees of a template: its text and the texts in its tags, without comments, names and addresses."""
    source = re.sub(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", "", source, flags=re.DOTALL)

    def texts(tag: re.Match[str]) -> str:
        return "" if "{% url" in tag[0] else " · ".join(re.findall(r'"([^"]*)"', tag[0]))

    source = re.sub(r"\{[{%].*?[%}]\}", texts, source, flags=re.DOTALL)
    source = re.sub(r'\b(class|href|id|name|for|value|action|type)="[^"]*"', "", source)
    return re.sub(r"\s+", " ", source)


def words_of_module(path: Path) -> Iterator[tuple[int, str]]:
    """Every text of a module that a reader may see: its string constants but for docstrings and codes."""
    tree = ast.parse(path.read_text())
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    unseen = {
        id(one.value)
        for node in ast.walk(tree)
        if isinstance(node, documented)
        for one in node.body
        if isinstance(one, ast.Expr)
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or id(node) in unseen:
            continue
        if isinstance(node.value, str) and node.value not in CODES:
            yield node.lineno, node.value


def turns_in(text: str) -> list[str]:
    """The turns that may not come back, each with what to write."""
    found = []
    for turn, instead in TURNS.items():
        flags = re.NOFLAG if any(letter.isupper() for letter in turn) else re.IGNORECASE
        if hit := re.search(turn, text, flags):
            found.append(f"{hit[0]!r}: write {instead!r}")
    return found


@pytest.mark.parametrize("name", the_templates())
def test_no_line_of_a_template_is_too_long(name: str) -> None:
    lines = (TEMPLATES / name).read_text().splitlines()
    assert [number for number, line in enumerate(lines, 1) if len(line) > LONGEST] == []


@pytest.mark.parametrize("name", the_templates())
def test_a_template_speaks_plainly(name: str) -> None:
    assert turns_in(words_of_template((TEMPLATES / name).read_text())) == []


@pytest.mark.parametrize("folder", ["pages", "cli"])
def test_pages_and_commands_speak_plainly(folder: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {turn}"
        for path in sorted((SERVICE / folder).rglob("*.py"))
        for line, text in words_of_module(path)
        for turn in turns_in(text)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("text", "turns"),
    [
        ("Children nobody answers for", 1),
        ("As known then", 2),
        ("said done", 0),
        ("Said done, with no evidence", 1),
        ("Children without an allocated worker", 0),
    ],
)
def test_a_turn_is_found(text: str, turns: int) -> None:
    assert len(turns_in(text)) == turns


def test_only_what_a_reader_sees_of_a_template_is_searched() -> None:
    source = '{# told by #}<a class="told" href="{{ told.by }}">{{ one.said|default:"not told" }}</a> {% if told by %}'
    assert words_of_template(source).strip() == "<a >not told</a>"
