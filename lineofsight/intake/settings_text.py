"""Settings of a source written as TOML, as `lineofsight source set` reads them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any


def written_settings(said: Mapping[str, Any]) -> str:
    """Settings as TOML: texts, lists of texts, lists of lines, and tables of these. What is None is left out."""
    plain = {
        name: value for name, value in said.items() if value is not None and not isinstance(value, Mapping)
    }
    tables = {name: value for name, value in said.items() if isinstance(value, Mapping) and value}
    parts = [_lines(plain)]
    parts += [f"\n[{name}]\n{_lines(table)}" for name, table in tables.items()]
    return "".join(parts)


_DAYS = re.compile(r'^(valid_from|valid_to|window_start) = "([0-9-]{10})"$', re.MULTILINE)


def written_said(said: Mapping[str, Any]) -> str:
    """Stored settings as TOML: their days are stored as texts, and TOML has days of its own."""
    return _DAYS.sub(r"\1 = \2", written_settings(said))


def _lines(values: Mapping[str, Any]) -> str:
    return "".join(f"{_key(name)} = {_value(value)}\n" for name, value in values.items())


def _key(name: str) -> str:
    """A name as a key: what is not all letters, digits, hyphens and underscores stands in quotes."""
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else str(_value(name))


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{name} = {_value(each)}" for name, each in value.items()) + " }"
    if isinstance(value, list):
        if not any(isinstance(each, Mapping) for each in value):
            return "[" + ", ".join(map(_value, value)) + "]"
        return "[\n" + "".join(f"    {_value(each)},\n" for each in value) + "]"
    # A basic string of TOML is one of JSON, but for a mark that JSON leaves as it is.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
