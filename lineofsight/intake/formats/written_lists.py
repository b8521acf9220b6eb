"""YAML, JSON and JSON Lines as lists of statements: every cell is text, nothing is guessed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from lineofsight.intake.delivery import NamedBytes
from lineofsight.vocabulary.refusal import Refused

_Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
"""Reads every scalar as the text it is: no `no` for false, no dates, no numbers."""

_DEEPEST = 20
"""A list of statements is four deep. A file nested a thousand deep would end the process that reads it."""


@dataclass(frozen=True)
class Twice:
    """A mapping that gives a name twice: which, and what it says with the first of each."""

    name: str
    first: dict[str, Any]


class NotText(Exception):
    """A field is not text or a list of texts; `says` tells which, in a sentence without its value."""

    def __init__(self, says: str) -> None:
        super().__init__(says)
        self.says = says


def read_list(file: NamedBytes, name: str) -> list[Any]:
    """The list under `name` (or a bare list) of a YAML, JSON or JSON Lines file; refuses anything else."""
    said = _READERS[file.name.lower().rpartition(".")[2]](file, _decoded(file))
    if isinstance(said, Twice):
        raise Refused(f"{file.name!r} has two parts called {said.name[:40]!r}; put them together.")
    if isinstance(said, dict):
        said = said.get(name)
    if not isinstance(said, list):
        raise Refused(
            f"{file.name!r} has no list called {name}; begin it with a line `{name}:` and a `- id:` for each."
        )
    return said


def _decoded(file: NamedBytes) -> str:
    try:
        return file.content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(f"{file.name!r} is not UTF-8 text; save it as UTF-8 and load it again.") from None


def _mapping(pairs: Iterable[tuple[Any, Any]]) -> dict[str, Any] | Twice:
    """A mapping, or what says that it gives a name twice: the second must not silently win."""
    found: dict[str, Any] = {}
    twice = None
    for name, value in pairs:
        if name in found:
            twice = name
        else:
            found[name] = value
    return found if twice is None else Twice(twice, found)


# -- YAML ---------------------------------------------------------------------------------------


def _yaml(file: NamedBytes, text: str) -> Any:
    try:
        return _built(file, yaml.parse(text, Loader=_Loader))
    except yaml.MarkedYAMLError as fault:
        at = f" at line {fault.problem_mark.line + 1}" if fault.problem_mark else ""
        raise Refused(f"{file.name!r} is not YAML that can be read: {fault.problem}{at}.") from None
    except yaml.YAMLError:
        raise Refused(
            f"{file.name!r} is not YAML that can be read: it holds bytes that are not text."
        ) from None


def _built(file: NamedBytes, events: Iterator[Any]) -> Any:
    """The value of a YAML document, put together without recursion and without following references.

    PyYAML's own way recurses in C, and ends the whole process on a file that opens enough brackets;
    and a few lines of references can stand for more rows than a machine holds.
    """
    open_parts: list[list[Any]] = [[]]
    for event in events:
        kind = type(event)
        if kind is yaml.ScalarEvent:
            open_parts[-1].append(event.value)
        elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
            _check_depth(file, event, len(open_parts))
            open_parts.append([])
        elif kind is yaml.SequenceEndEvent:
            done = open_parts.pop()
            open_parts[-1].append(done)
        elif kind is yaml.MappingEndEvent:
            parts = open_parts.pop()
            open_parts[-1].append(_yaml_mapping(file, event, parts))
        elif kind is yaml.AliasEvent:
            raise Refused(
                f"{file.name!r} uses YAML references (& and *){_at(event)}; write each statement out."
            )
        elif kind is yaml.DocumentStartEvent and open_parts[0]:
            raise Refused(
                f"{file.name!r} holds a second document{_at(event)}; take out the line `---` there."
            )
    return open_parts[0][0] if open_parts[0] else None


def _yaml_mapping(file: NamedBytes, event: Any, parts: list[Any]) -> dict[str, Any] | Twice:
    names, values = parts[::2], parts[1::2]
    if not all(type(name) is str for name in names):
        raise Refused(
            f"{file.name!r} has a name that is not text above line {event.start_mark.line + 1}; write `name: value`."
        )
    return _mapping(zip(names, values, strict=True))


def _check_depth(file: NamedBytes, event: Any, depth: int) -> None:
    if depth > _DEEPEST:
        raise Refused(
            f"{file.name!r} is nested too deep{_at(event)}; write each statement as `- id: …` and its fields."
        )


def _at(event: Any) -> str:
    return f" at line {event.start_mark.line + 1}"


# -- JSON ---------------------------------------------------------------------------------------


def _json(file: NamedBytes, text: str) -> Any:
    try:
        return _loaded(text)
    except json.JSONDecodeError as fault:
        raise Refused(f"{file.name!r} is not JSON that can be read at line {fault.lineno}.") from None
    except (RecursionError, UnicodeEncodeError):
        raise Refused(
            f"{file.name!r} is not JSON that can be read: nested too deep, or half a character in it."
        ) from None


def _loaded(text: str) -> Any:
    r"""JSON with every number as the text it is; a lone half of a character (`\ud800`) raises here."""
    said = json.loads(text, parse_int=str, parse_float=str, parse_constant=str, object_pairs_hook=_mapping)
    if "\\u" in text:
        json.dumps(said, ensure_ascii=False, default=vars).encode()
    return said


def _json_lines(file: NamedBytes, text: str) -> list[Any]:
    # Only a line feed ends a line of JSON Lines: U+2028 and its like may stand inside a text.
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    if not lines:
        raise Refused(f"{file.name!r} is empty; it needs a line of JSON for each statement.")
    return [_json_line(file, number, line) for number, line in lines]


def _json_line(file: NamedBytes, number: int, line: str) -> Any:
    try:
        return _loaded(line)
    except (json.JSONDecodeError, RecursionError, UnicodeEncodeError):
        raise Refused(f"{file.name!r} is not JSON that can be read at line {number}.") from None


_READERS: dict[str, Callable[[NamedBytes, str], Any]] = {
    "yaml": _yaml,
    "yml": _yaml,
    "json": _json,
    "jsonl": _json_lines,
}

# -- fields -------------------------------------------------------------------------------------


def fields_of(item: Any, joiners: dict[str, str]) -> dict[str, str | None]:
    """An item's fields as text, those of a mapping inside it named after it: `source: {title}` → `source_title`.

    Raises NotText for an item that is not fields, gives one twice, or nests more than that.
    """
    if isinstance(item, Twice):
        raise NotText(f"This item gives the field {item.name[:40]!r} twice.")
    if not isinstance(item, dict):
        raise NotText("This item is not a statement with fields.")
    said: dict[str, str | None] = {}
    for name, value in _cells(item):
        if name in said:
            raise NotText(f"This item gives the field {name[:40]!r} twice.")
        said[name] = _as_text(name, value, joiners.get(name, " "))
    return said


def _cells(item: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in item.items():
        if isinstance(value, dict):
            yield from ((f"{name}_{inner}", cell) for inner, cell in value.items())
        else:
            yield name, value


def _as_text(name: str, value: Any, joiner: str) -> str | None:
    """A cell as text: a list joined, true and false in words, nothing as nothing."""
    if isinstance(value, list) and all(one is None or isinstance(one, str) for one in value):
        value = joiner.join(one.strip() for one in value if one is not None)
    if isinstance(value, bool):
        return str(value).lower()
    if value is None or (isinstance(value, str) and "\x00" not in value):
        return value
    raise NotText(f"The field {name[:40]!r} of this item is neither text nor a list of texts.")
