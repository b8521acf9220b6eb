"""How answers are written as JSON, and the JSON Schema of each answer: both made from its dataclass."""

from __future__ import annotations

from dataclasses import is_dataclass
from datetime import datetime
from functools import cache
from typing import Annotated, Any

from pydantic import Field, PlainSerializer, TypeAdapter, WithJsonSchema

from lineofsight.vocabulary.moments import written

Moment = Annotated[
    datetime,
    PlainSerializer(written, return_type=str),
    WithJsonSchema(
        {"type": "string", "format": "date-time", "pattern": r"Z$", "description": "a moment in UTC"}
    ),
]
"""A moment, written in UTC with a final Z."""


def named(name: str) -> Any:
    """The name a field has in JSON where Python cannot use it, as in `Annotated[date, named("from")]`."""
    return Field(serialization_alias=name)


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def to_json(answer: Any) -> Any:
    """An answer as plain lists, dicts, texts and numbers, ready to be printed as JSON."""
    if isinstance(answer, list | tuple):
        return [to_json(each) for each in answer]
    if is_dataclass(answer) and not isinstance(answer, type):
        return _adapter(type(answer)).dump_python(answer, mode="json", by_alias=True)
    return answer


def schema_of(kind: Any, title: str) -> dict[str, Any]:
    """The JSON Schema of an answer's type: every field is there, and no other."""
    found = _adapter(kind).json_schema(mode="serialization", by_alias=True)
    _close(found)
    if "properties" in found:
        found["properties"]["synthetic"] = {
            "const": True,
            "description": "there only on pages of a fictional authority, where nothing is real",
        }
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **found, "title": title}


def _close(part: Any) -> None:
    """Let no object hold more, or less, than its fields; and drop the titles that only repeat names."""
    if isinstance(part, list):
        for each in part:
            _close(each)
    if not isinstance(part, dict):
        return
    if isinstance(properties := part.get("properties"), dict):
        part["required"] = list(properties)
        part["additionalProperties"] = False
        for each in properties.values():
            if isinstance(each, dict):
                each.pop("title", None)
    for each in part.values():
        _close(each)
