"""Findings: what checks found in a delivery."""

from __future__ import annotations

from lineofsight.record.schema import Column, Kind, Table

FINDING = Table(
    name="finding",
    says="What a check found in a row, a file or a delivery, and what to do about it.",
    columns=(
        Column("number", "its place among the delivery's findings, from 1", Kind.WHOLE, required=True),
        Column("code", "the check's code, the same from year to year", required=True),
        Column("severity", "refused, warning or note", required=True, codes="severity"),
        Column("file", "the file inside the delivery", required=True),
        Column(
            "row",
            "the row in the file, counted from 1 after any heading; 0 for the whole file",
            Kind.WHOLE,
        ),
        Column("table", "the table of the record that the row is for"),
        Column("key", "the row's key as it was given"),
        Column("column", "the column the finding is about"),
        Column("says", "what is wrong, in a sentence, without the value", required=True),
        Column("do", "what to do about it", required=True),
    ),
    key=("number",),
)
