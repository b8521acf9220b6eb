"""The checks of rows that a person wrote for the tables of inspections: required cells, codes, days, whole numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from lineofsight.intake.finding import REFUSED, file_finding
from lineofsight.record.schema import Column, Kind, Table
from lineofsight.vocabulary.codes import code_set
from lineofsight.vocabulary.days import read_day

MOST_CHARACTERS = 4_000
Row = dict[str, Any]


def refused_rows(table: Table, many: Sequence[Any], file: str) -> tuple[list[Row], list[pl.DataFrame]]:
    """The rows that pass, with days as ordinals, and a finding for each that does not."""
    passed, findings = list[Row](), list[pl.DataFrame]()
    for at, given in enumerate(many, 1):
        row, why = _row(table, given)
        if why:
            findings.append(
                file_finding("I10", REFUSED, file, why, "Correct the cell and enter it again.", row=at)
            )
        else:
            passed.append(row)
    return passed, findings


def _row(table: Table, given: Any) -> tuple[Row, str]:
    if not isinstance(given, Mapping):
        return {}, "This row is not a set of named cells."
    unknown = [str(name) for name in given if name not in table.names]
    if unknown:
        return {}, f"This row has a cell that a row of {table.name} does not have."
    row: Row = {}
    for column in table.columns:
        value, why = _cell(column, given.get(column.name))
        if why:
            return {}, why
        row[column.name] = value
    return row, ""


def _cell(column: Column, value: Any) -> tuple[Any, str]:
    if value is None or (isinstance(value, str) and not value.strip()):
        return None, f"The {column.name} is missing." if column.required else ""
    if column.kind is Kind.WHOLE:
        return _whole(column, value)
    if not isinstance(value, str):
        return None, f"The {column.name} is not text."
    text = " ".join(value.split())
    if len(text) > MOST_CHARACTERS:
        return None, f"The {column.name} is longer than 4,000 characters."
    if column.kind is Kind.DAY:
        day = read_day(text)
        return (
            (day.toordinal(), "")
            if day
            else (None, f"The {column.name} cannot be read as a day; write 2022-10-03.")
        )
    return _coded(column, text)


def _coded(column: Column, text: str) -> tuple[Any, str]:
    """The text as its code set writes it; of a list, each part."""
    if not column.codes:
        return text, ""
    codes = {code.lower(): code for code in code_set(column.codes)}
    separator = column.separator if column.kind is Kind.LIST else None
    parts = text.split(separator) if separator else [text]
    if any(part.lower() not in codes for part in parts):
        return None, f"The {column.name} is not a known code; use one of: {', '.join(codes.values())}."
    return (separator or "").join(codes[part.lower()] for part in parts), ""


def _whole(column: Column, value: Any) -> tuple[Any, str]:
    text = str(value).strip()
    if isinstance(value, bool) or not text.isdecimal() or len(text) > 6:
        return None, f"The {column.name} is not a whole number."
    return int(text), ""
