"""Sources: who delivers, in which format, and how to read it. Settings are entries like everything else."""

from __future__ import annotations

from lineofsight.record.schema import Column, Kind, Table

SOURCE = Table(
    name="source",
    says="What a source is and how to read its deliveries.",
    columns=(
        Column("name", "the source's name", required=True),
        Column("format", "the format of its deliveries", required=True),
        Column(
            "roster",
            "full: a missing row has been withdrawn; partial: a missing row changes nothing",
            required=True,
        ),
        Column("settings", "the whole settings file, as canonical JSON", required=True),
        Column("valid_from", "the first day on which these settings apply", Kind.DAY),
    ),
    key=("name", "valid_from"),
    begins="valid_from",
)
