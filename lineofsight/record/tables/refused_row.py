"""Refused rows of the tables that count a child: which delivery lacks which child."""

from __future__ import annotations

from lineofsight.record.schema import Column, Kind, Table

COUNTING_TABLES = frozenset({"episode", "involvement"})
"""The tables whose rows count a child (counting rule 9). Only their refused rows are recorded."""

REFUSED_ROW = Table(
    name="refused_row",
    says="A row of episodes or involvements that a delivery had refused, so that figures can say what they lack.",
    columns=(
        Column("number", "its place among the delivery's refused rows, from 1", Kind.WHOLE, required=True),
        Column("table", "the table of the record that the row is for", required=True),
        Column("child", "the child, if the row shows which"),
        Column("file", "the file inside the delivery, if known"),
        Column("row", "the row in the file, counted from 1 after any heading, if known", Kind.WHOLE),
    ),
    key=("number",),
    child=("child",),
)
