"""What a person says is wrong in the rows about them, and what was decided: shown beside what the source says."""

from __future__ import annotations

from lineofsight.record.schema import Column, Kind, Table

CORRECTION = Table(
    name="correction",
    says="That a row about a child is said to be wrong. The row stays as its source states it, with this beside it.",
    columns=(
        Column("child", "the child", required=True),
        Column("about", "the table that holds the row", required=True),
        Column("row", "the row: the cells of its key, with `/` between them", required=True),
        Column("part", "which part of the row, in words", required=True),
        Column(
            "asked_by",
            "who asked: the young person, a parent, a carer or somebody acting for them",
            required=True,
        ),
        Column(
            "requested", "what it should say, in the words of whoever asked", required=True, own_words=True
        ),
        Column(
            "outcome",
            "what was decided: noted, to be corrected in the source system, or refused",
            required=True,
        ),
        Column("why", "why it was decided so", own_words=True),
        Column("said_by", "who decided", required=True),
        Column("said_on", "the day it was decided", Kind.DAY, required=True),
    ),
    key=("child", "about", "row", "part"),
    child=("child",),
    settled="said_on",
)
