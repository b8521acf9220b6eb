"""Sources: who delivers, in which format, and how to read it. Settings are entries like everything else."""

from __future__ import annotations

from lineofsight.record.schema import Column, Kind, Table

SOURCE = Table(
    name="source",
    says="What a source is and how to understand what it delivers.",
    columns=(
        Column("name", "the source's name", required=True),
        Column("format", "the intake format its deliveries are in", required=True),
        Column(
            "roster", "full: an absent row has been withdrawn; partial: absence says nothing", required=True
        ),
        Column("settings", "everything its settings file says, as canonical JSON", required=True),
        Column("valid_from", "the first day these settings hold for", Kind.DAY),
    ),
    key=("name", "valid_from"),
    begins="valid_from",
)
