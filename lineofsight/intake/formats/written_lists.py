"""YAML, JSON and JSON Lines as lists of statements: every cell is text, nothing is guessed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import yaml

from lineofsight.intake.delivery import NamedBytes
from lineofsight.vocabulary.refusal import Refused

_Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
"""Reads every scalar as the text it is: no `no` for false, no dates, no numbers."""


def read_list(file: NamedBytes, name: str) -> list[Any]:
    """The list under `name` (or a bare list) of a YAML, JSON or JSON Lines file; refuses anything else."""
    text = _decoded(file)
    said = _READERS[_ending(file)](file, text)
    if isinstance(said, dict):
        said = said.get(name)
    if not isinstance(said, list):
        raise Refused(f"{file.name!r} has no list called {name}; begin it with a line `{name}:` and a `- id:` for each.")
    return said


def _ending(file: NamedBytes) -> str:
    return file.name.lower().rpartition(".")[2]


def _decoded(file: NamedBytes) -> str:
    try:
        return file.content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(f"{file.name!r} is not UTF-8 text; save it as UTF-8 and load it again.") from None


def _yaml(file: NamedBytes, text: str) -> Any:
    _refuse_aliases(file, text)
    try:
        return yaml.load(text, Loader=_Loader)  # noqa: S506 - the base loader makes text, lists and mappings only
    except yaml.MarkedYAMLError as fault:
        at = f" at line {fault.problem_mark.line + 1}" if fault.problem_mark else ""
        raise Refused(f"{file.name!r} is not YAML that can be read: {fault.problem}{at}.") from None
    except (yaml.YAMLError, RecursionError):
        raise Refused(f"{file.name!r} is not YAML that can be read; check its first lines.") from None


def _refuse_aliases(file: NamedBytes, text: str) -> None:
    """Refuse references inside the file: a few lines of them can stand for more rows than a machine holds."""
    if "*" not in text or "&" not in text:
        return
    try:
        aliases = any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=_Loader))
    except yaml.YAMLError:
        return  # the loading that follows says what is wrong and where
    if aliases:
        raise Refused(f"{file.name!r} uses YAML references (& and *); write each statement out.")


def _json(file: NamedBytes, text: str) -> Any:
    try:
        return json.loads(text, parse_int=str, parse_float=str, parse_constant=str)
    except (json.JSONDecodeError, RecursionError) as fault:
        at = f" at line {fault.lineno}" if isinstance(fault, json.JSONDecodeError) else ""
        raise Refused(f"{file.name!r} is not JSON that can be read{at}.") from None


def _json_lines(file: NamedBytes, text: str) -> list[Any]:
    return [_json_line(file, number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]


def _json_line(file: NamedBytes, number: int, line: str) -> Any:
    try:
        return json.loads(line, parse_int=str, parse_float=str, parse_constant=str)
    except (json.JSONDecodeError, RecursionError):
        raise Refused(f"{file.name!r} is not JSON that can be read at line {number}.") from None


_READERS: dict[str, Callable[[NamedBytes, str], Any]] = {
    "yaml": _yaml,
    "yml": _yaml,
    "json": _json,
    "jsonl": _json_lines,
}
ENDINGS = tuple(_READERS)
"""The endings of the files this module reads."""


def cells(item: dict[Any, Any]) -> Iterator[tuple[str, Any]]:
    """A mapping's cells with those of a mapping inside it named after it: `source: {title}` → `source_title`."""
    for name, value in item.items():
        if isinstance(value, dict):
            yield from ((f"{name}_{inner}", cell) for inner, cell in value.items())
        else:
            yield str(name), value


def as_text(value: Any, joiner: str) -> str | None:
    """A cell as text: a list joined, true and false in words, nothing as nothing."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, list):
        return joiner.join(_words(value))
    return str(value).lower() if isinstance(value, bool) else str(value)


def _words(values: Iterable[Any]) -> Iterator[str]:
    return (str(value).strip() for value in values if value is not None)
