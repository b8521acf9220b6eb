"""The form of the record: a table that exists is sound."""

from __future__ import annotations

import pyarrow as pa
import pytest

from lineofsight.oversight.statements import INVERSES
from lineofsight.record.arrow import block_schema, entry_schema, table_schema
from lineofsight.record.schema import Column, Table
from lineofsight.record.tables import TABLES
from lineofsight.record.tables.statement import RELATIONS, STATEMENT

A = Column("a", "one")
B = Column("b", "another")


def test_a_column_is_declared_once() -> None:
    with pytest.raises(ValueError, match="t: a column is declared twice"):
        Table("t", "", (A, B, A), key=("a",))


@pytest.mark.parametrize("wrong", [{"key": ("c",)}, {"child": ("c",)}, {"begins": "c"}, {"ends": "c"}])
def test_what_a_table_names_is_one_of_its_columns(wrong: dict[str, object]) -> None:
    """A key that is spelt wrong would make every row another row."""
    with pytest.raises(ValueError, match="t: c is not one of its columns"):
        Table("t", "", (A, B), **{"key": ("a",), **wrong})  # type: ignore[arg-type]


def test_a_column_is_found_by_its_name() -> None:
    table = Table("t", "", (A, B), key=("a",))
    assert table.column("b") is B
    assert table.names == ("a", "b")
    with pytest.raises(KeyError):
        table.column("c")


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_every_table_is_described_and_has_an_arrow_form(table: Table) -> None:
    """Own columns of entries and blocks begin with an underscore; a table's never do, or they would be mixed up."""
    assert TABLES[table.name] is table
    assert table.says
    assert table.key
    assert all(column.says and not column.name.startswith("_") for column in table.columns)
    assert any(table.column(name).required for name in table.key) or table.name in (
        "involvement",
        "placement",
    )
    assert tuple(table_schema(table).names) == table.names
    assert entry_schema(table).names == ["_operation", "_attested", *table.names]
    assert block_schema(table).names == [*entry_schema(table).names, "_leaf", "_salt"]
    assert block_schema(table).field("_salt").type == pa.binary(16)


def test_every_relation_is_a_column_and_has_a_name_from_the_other_end() -> None:
    assert set(RELATIONS) <= set(STATEMENT.names)
    assert list(INVERSES) == list(RELATIONS)
