"""What a page can show names no command and no option: refusals, and what findings say and advise."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import lineofsight
from lineofsight.vocabulary.refusal import Refused

ROOT = Path(lineofsight.__file__).parent
COMMAND = re.compile(
    r"(?<![\w-])--[a-z]|`?lineofsight (load|deliveries|source|work|verify|findings|settings|figure|register|erase)\b"
)
ONLY_COMMANDS = (
    "service/cli",
    "service/serving",
    "service/health",
    "samples",
    "intake/skeleton.py",
    "service/store/backup",
)
"""What only the command line runs."""
FOR_CHECKERS = ("pages/evidence", "templates/public_record", "templates/evidence")
"""Pages that tell somebody how to check a record at a shell."""
MESSAGES = {
    "Refused",
    "TooMuch",
    "BytesChanged",
    "file_finding",
    "Check",
    "ValidationError",
    "not_read",
    "_text",
}


def _is_only_commands(path: Path) -> bool:
    return path.relative_to(ROOT).as_posix().startswith(ONLY_COMMANDS)


def _texts_of_calls(tree: ast.AST) -> Iterator[str]:
    """The texts given to whatever makes a message, but for what only a command adds; and texts that are named constants."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in MESSAGES:
                given = [*node.args, *(one.value for one in node.keywords if one.arg != "command")]
                yield from (text for part in given for text in _texts(part))
        elif isinstance(node, ast.Assign) and all(isinstance(one, ast.Name) for one in node.targets):
            names = [one.id for one in node.targets if isinstance(one, ast.Name)]
            if any(
                name.strip("_").lower() in ("do", "says", "why", "settle", "where") or name.isupper()
                for name in names
            ):
                yield from _texts(node.value)


def _texts(node: ast.AST) -> Iterator[str]:
    for one in ast.walk(node):
        if isinstance(one, ast.Constant) and isinstance(one.value, str):
            yield one.value


def test_no_message_of_a_page_names_a_command_or_an_option() -> None:
    modules = [path for path in ROOT.rglob("*.py") if not _is_only_commands(path)]
    modules = [path for path in modules if not any(part in path.as_posix() for part in FOR_CHECKERS)]
    found = [
        f"{path.relative_to(ROOT)}: {text}"
        for path in modules
        for text in _texts_of_calls(ast.parse(path.read_text()))
        if COMMAND.search(text) and not text.startswith("lineofsight.")
    ]
    assert not found


def test_no_template_of_a_service_names_an_option() -> None:
    templates = list((ROOT / "service" / "templates").rglob("*.html"))
    found = [
        path.name
        for path in templates
        if not any(part in path.as_posix() for part in FOR_CHECKERS)
        and re.search(r"<code>[^<]*--[a-z]", path.read_text())
    ]
    assert not found


def test_the_test_sees_an_option_in_a_message() -> None:
    bad = 'raise Refused("Give a later --received-at.", command="--by")\n'
    assert [text for text in _texts_of_calls(ast.parse(bad)) if COMMAND.search(text)] == [
        "Give a later --received-at."
    ]


def test_what_the_command_line_adds_is_no_part_of_the_text() -> None:
    refused = Refused("Say who.", command="Add --by NAME.")
    assert (str(refused), refused.command) == ("Say who.", "Add --by NAME.")
    with pytest.raises(Refused, match=r"^Say who\.$"):
        raise refused
