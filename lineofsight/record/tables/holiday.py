"""Bank holidays proclaimed after this version of the program was made."""

from __future__ import annotations

from lineofsight.record.schema import Column, Kind, Table
from lineofsight.vocabulary.identifiers import AuthorityCode

NATIONAL = AuthorityCode("000")
"""The code under which the record holds what is the same for every authority."""

HOLIDAY = Table(
    name="holiday",
    says="A bank holiday in England that was proclaimed later, beside those that the program knows.",
    columns=(
        Column("day", "the holiday", Kind.DAY, required=True),
        Column("name", "what it is called", required=True),
    ),
    key=("day",),
)
