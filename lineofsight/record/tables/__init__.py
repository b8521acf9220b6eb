"""Every table of the record. Intake, the dictionary, the history files and erasure iterate TABLES."""

from __future__ import annotations

from lineofsight.record.schema import Table
from lineofsight.record.tables.finding import FINDING
from lineofsight.record.tables.source import SOURCE
from lineofsight.record.tables.statement import STATEMENT

TABLES: dict[str, Table] = {table.name: table for table in (SOURCE, STATEMENT, FINDING)}
"""The tables by name."""
