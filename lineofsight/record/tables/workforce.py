"""What a workforce list says of workers beside their cases: when they leave, are absent, and how many cases they may have."""

from __future__ import annotations

from lineofsight.record.schema import Column, Kind, Table

EMPLOYMENT = Table(
    name="employment",
    says="A worker's employment, as a workforce list states it.",
    columns=(
        Column(
            "worker", "the worker: the case system's number, the staff number, or the name", required=True
        ),
        Column("left_on", "the first day on which the worker is no longer in post", Kind.DAY),
        Column("fte", "full-time equivalent, as written"),
        Column(
            "newly_qualified_until",
            "the first day on which the worker is no longer newly qualified",
            Kind.DAY,
        ),
    ),
    key=("worker",),
)

ABSENCE = Table(
    name="absence",
    says="A time during which a worker is absent.",
    columns=(
        Column("worker", "the worker", required=True),
        Column("begun_on", "the first day of absence", Kind.DAY),
        Column("ended_on", "the first day on which the worker is back", Kind.DAY),
    ),
    key=("worker", "begun_on"),
    begins="begun_on",
    ends="ended_on",
)

CASE_LIMIT = Table(
    name="case_limit",
    says="How many cases a worker should have at most, for a time.",
    columns=(
        Column("worker", "the worker", required=True),
        Column("begun_on", "the first day", Kind.DAY),
        Column("ended_on", "the first day on which it no longer applies", Kind.DAY),
        Column("limit", "the most cases", Kind.WHOLE),
    ),
    key=("worker", "begun_on"),
    begins="begun_on",
    ends="ended_on",
)
