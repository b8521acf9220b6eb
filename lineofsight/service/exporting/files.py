"""Tables as files: Parquet and CSV, the dictionary in three forms, and the manifest. The same rows give the same bytes."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from lineofsight.queries import nightly
from lineofsight.queries.as_json import to_json
from lineofsight.service.exporting.taking import Taken
from lineofsight.service.pages.csv_safe import written

FORMATS = ("parquet", "csv")
_ARROW = {
    "text": pa.string(),
    "whole number": pa.int64(),
    "number": pa.float64(),
    "true or false": pa.bool_(),
    "day": pa.date32(),
}
_FRICTIONLESS = {
    "text": "string",
    "whole number": "integer",
    "number": "number",
    "true or false": "boolean",
    "day": "date",
}


def table_files(tables: Mapping[str, Sequence[Any]], formats: Sequence[str]) -> dict[str, bytes]:
    """Every table in every format asked for, by file name."""
    make = {"parquet": _parquet, "csv": _csv}
    return {
        f"{name}.{kind}": make[kind](name, rows) for name, rows in tables.items() for kind in formats
    } | dictionary_files(tables)


def _columns(name: str) -> list[nightly.Meaning]:
    return [column for column in nightly.dictionary() if column.table == name]


def _parquet(name: str, rows: Sequence[Any]) -> bytes:
    schema = pa.schema(
        [
            pa.field(one.column, _ARROW[one.type], one.may_be_empty, {"meaning": one.says})
            for one in _columns(name)
        ]
    )
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist([vars(row) for row in rows], schema), out)
    return out.getvalue()


def _csv(name: str, rows: Sequence[Any]) -> bytes:
    heading = [one.name for one in fields(nightly.TABLES[name])]
    return written([heading, *([_cell(vars(row)[column]) for column in heading] for row in rows)]).encode()


def _cell(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else "" if value is None else value


# -- dictionary and manifest ------------------------------------------------------------------------


def dictionary_files(tables: Mapping[str, Sequence[Any]]) -> dict[str, bytes]:
    """What the columns of these tables mean: as CSV, as Markdown, and as a data package (frictionlessdata.io)."""
    columns = [one for one in nightly.dictionary() if one.table in tables]
    heading = [one.name for one in fields(nightly.Meaning)]
    return {
        "dictionary.csv": written(
            [heading, *([_cell(cell) for cell in vars(one).values()] for one in columns)]
        ).encode(),
        "dictionary.md": markdown(tables).encode(),
        "datapackage.json": _json(
            {"name": "line-of-sight", "resources": [_resource(name) for name in tables]}
        ),
    }


def markdown(names: Mapping[str, Any]) -> str:
    """The dictionary of these tables as a page."""
    parts = ["# Tables for your own tools"]
    for name in names:
        parts.append(f"## `{name}`\n\n{nightly.TABLES[name].__doc__} Key: {', '.join(nightly.KEYS[name])}.")
        lines = [
            f"| `{one.column}` | {one.type} | {'yes' if one.may_be_empty else ''} | {one.says} |"
            for one in _columns(name)
        ]
        parts.append(
            "\n".join(["| column | type | may be empty | meaning |", "| --- | --- | --- | --- |", *lines])
        )
    return "\n\n".join(parts) + "\n"


def _resource(name: str) -> dict[str, Any]:
    described = [
        {
            "name": one.column,
            "type": _FRICTIONLESS[one.type],
            "description": one.says,
            "constraints": {"required": not one.may_be_empty},
        }
        for one in _columns(name)
    ]
    schema = {"fields": described, "primaryKey": list(nightly.KEYS[name])}
    return {
        "name": name,
        "path": f"{name}.csv",
        "description": nightly.TABLES[name].__doc__,
        "schema": schema,
    }


def manifest(taken: Taken, account: str, files: Mapping[str, bytes]) -> bytes:
    """What the files rest on, what was left out of them, and the hash of each."""
    said = to_json(taken.figure)
    view = {
        name: said[name] for name in ("authority", "as_at", "known_by", "rests_on", "position", "sources")
    }
    return _json(
        {
            **view,
            "definition": said["definition"],
            "account": account,
            "rows": {name: len(rows) for name, rows in taken.tables.items()},
            "children_left_out": vars(taken.left_out) if taken.left_out else None,
            "tables_not_permitted": list(taken.not_permitted),
            "files": {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())},
        }
    )


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()
