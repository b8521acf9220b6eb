"""The rows of one source as a service's signed file brings them: versions, in order, of what is public."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
import pyarrow as pa

from lineofsight.intake.checks import statement as checks
from lineofsight.intake.compare_versions import WHOLE
from lineofsight.intake.delivery import Context, NamedBytes, Reading
from lineofsight.intake.finding import FILE, ROW
from lineofsight.intake.format import Format
from lineofsight.intake.signed_file import MANIFEST, PRESENT, SIGNATURE
from lineofsight.record.arrow import entry_schema
from lineofsight.record.entry import ATTESTED, OPERATION, Operation
from lineofsight.record.schema import Table
from lineofsight.record.tables import TABLES
from lineofsight.record.tables.crossing import CROSSING
from lineofsight.record.tables.statement import STATEMENT
from lineofsight.vocabulary.refusal import Refused

ROWS = "rows.jsonl"
_GIVEN = "_given"


def line(table: str, operation: str, attested: int, row: Mapping[str, Any]) -> str:
    """One version as a line of the file, with only the columns that may cross."""
    cells = {name: row[name] for name in CROSSING[table] if row[name] is not None}
    said = {"table": table, "operation": operation, "attested": attested, "row": cells}
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"


def read(files: Sequence[NamedBytes], context: Context) -> Reading:
    """The versions of a delivery; refuses one in which anything but the tables and columns that may cross is named."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for file in files:
        if file.name == ROWS:
            for number, text in enumerate(file.content.decode().splitlines(), 1):
                table, row = _row(text, number)
                rows.setdefault(table, []).append(row)
    whole = any(
        bool(json.loads(file.content).get("whole")) for file in files if file.name == MANIFEST
    )  # its signature was checked before
    found = {
        name: _frame(TABLES[name], each).with_columns(pl.lit(whole).alias(WHOLE))
        for name, each in rows.items()
    }
    stated = sum(int((frame[OPERATION] == Operation.STATED.value).sum()) for frame in found.values())
    quarantined, findings = 0, list[pl.DataFrame]()
    present = {name: [frame.select(TABLES[name].key)] for name, frame in found.items()}
    if STATEMENT.name in found:
        found[STATEMENT.name], quarantined, findings = _checked(found[STATEMENT.name], context)
    kinds = kinds_of(b"".join(file.content for file in files if file.name == ROWS))
    return Reading(found, present, stated, quarantined, findings, subject_kinds=frozenset(kinds))


def kinds_of(content: bytes) -> set[str]:
    """What the statements among rows are about, from their text alone. Raises Refused where a row is not one that may cross."""
    rows = (_row(text, number) for number, text in enumerate(content.decode().splitlines(), 1))
    return {str(row["subject_kind"]) for table, row in rows if table == STATEMENT.name}


def _row(text: str, number: int) -> tuple[str, dict[str, Any]]:
    try:
        said = json.loads(text)
        table, cells = said["table"], said["row"]
        known = set(cells) <= set(CROSSING[table]) and set(TABLES[table].key) <= set(cells)
        if known and said["operation"] in {each.value for each in Operation}:
            own = {OPERATION: said["operation"], ATTESTED: said["attested"], ROW: number}
            return table, {**dict.fromkeys(TABLES[table].names), **cells, **own}
    except (ValueError, TypeError, KeyError, RecursionError):
        pass
    raise Refused(f"Row {number} of the signed file is not one that may cross, so nothing was loaded.")


def _frame(table: Table, rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Rows in the table's columns, each with its operation, moment and place."""
    schema = entry_schema(table).append(pa.field(ROW, pa.int64()))
    try:
        frame = pl.DataFrame(pl.from_arrow(pa.Table.from_pylist(rows, schema=schema)))
    except (pa.ArrowException, OverflowError):
        raise Refused(
            f"A row of the table {table.name} in the signed file cannot be read, so nothing was loaded."
        ) from None
    return frame.with_columns(pl.lit(ROWS).alias(FILE))


def _checked(rows: pl.DataFrame, context: Context) -> tuple[pl.DataFrame, int, list[pl.DataFrame]]:
    """Statements that pass the same checks as any; each keeps the moment that the file gives."""
    columns = rows.columns
    timed = checks.with_days(rows.rename({ATTESTED: _GIVEN}), context)
    passed, _, findings = checks.check(timed, context)
    kept = passed.drop(ATTESTED).rename({_GIVEN: ATTESTED}).select(columns)
    stated = Operation.STATED.value
    refused = int((rows[OPERATION] == stated).sum()) - int((kept[OPERATION] == stated).sum())
    return kept, refused, findings


FORMAT = Format(
    name="service_file",
    title="Signed file of a service",
    read=read,
    endings=(".pdf", MANIFEST, SIGNATURE, PRESENT, ROWS),
    reads_pdf=True,
    for_sources=False,
)
