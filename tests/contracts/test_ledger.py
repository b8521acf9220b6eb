"""The ledger's part of the architecture: what is enforced by form, and that every table is accounted for."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from lineofsight.engines.local import empty_history
from lineofsight.intake.delivery import Context, NamedBytes
from lineofsight.intake.formats import annex_tables, formats, inspection_report
from lineofsight.intake.formats.issue_answers import ISSUE_ANSWER
from lineofsight.intake.formats.ssd_columns import SSD_TABLES
from lineofsight.intake.formats.statements import read as read_statements
from lineofsight.record import block
from lineofsight.record.arrow import block_schema, entry_schema, table_schema
from lineofsight.record.schema import Kind
from lineofsight.record.tables import CASE_TABLES, TABLES
from lineofsight.service.models import Block
from lineofsight.service.receive import recipe
from lineofsight.service.store import backup, chain, erasure
from lineofsight.vocabulary.moments import read_moment
from tests.support.surroundings import ROOT

PACKAGE = ROOT / "lineofsight"
BELOW = ("vocabulary", "record", "retention", "intake", "oversight", "engines", "samples")
CLOCKS = {"now", "utcnow", "today", "time", "time_ns", "localtime", "gmtime"}


def sources(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    for folder in folders:
        for path in sorted((PACKAGE / folder).rglob("*.py")):
            yield path.relative_to(PACKAGE).as_posix(), ast.parse(path.read_text("utf-8"))


# -- the audit record is an argument of the write -------------------------------------------------


@pytest.mark.parametrize("write", [chain.append, chain.erase])
def test_every_write_is_told_by_whom_and_when(write: object) -> None:
    parameters = inspect.signature(write).parameters  # type: ignore[arg-type]
    for name in ("by", "at"):
        assert parameters[name].kind is inspect.Parameter.KEYWORD_ONLY
        assert parameters[name].default is inspect.Parameter.empty


@pytest.mark.parametrize(
    "step",
    [
        recipe.load,
        recipe.receive,
        recipe.read_waiting,
        recipe.confirm,
        recipe.record_statement,
        recipe.set_source,
        erasure.erase_child,
        erasure.erase_statement,
    ],
)
def test_every_step_of_the_flow_is_told_by_whom(step: object) -> None:
    parameters = inspect.signature(step).parameters  # type: ignore[arg-type]
    assert parameters["by"].default is inspect.Parameter.empty


def test_only_the_ledger_and_restore_write_the_ledgers_tables() -> None:
    writes = {
        "save",
        "create",
        "bulk_create",
        "update",
        "delete",
        "get_or_create",
        "update_or_create",
        "bulk_update",
    }
    kept = {"Link", "Block", "ErasedBlock"}
    found = set()
    for name, tree in sources("service"):
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in writes
            ):
                names = {part.id for part in ast.walk(node.func) if isinstance(part, ast.Name)}
                if names & kept:
                    found.add(name)
    assert found == {"service/store/chain.py", "service/store/backup.py"}


# -- below the service ----------------------------------------------------------------------------


def test_nothing_below_the_service_reads_the_clock() -> None:
    found = set()
    for name, tree in sources(*BELOW):
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in CLOCKS
            ):
                found.add(name)
            if isinstance(node, ast.ImportFrom) and node.module == "time":
                found.add(name)
    assert found == set()


def test_only_the_clock_gives_the_recipe_its_time() -> None:
    """Below pages and commands one function reads the clock, so that a test, or a replay, can set it."""
    for name, tree in sources("service"):
        if name.startswith(("service/cli", "service/pages", "service/access/view", "service/store/clock")):
            continue
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in CLOCKS
            ):
                assert isinstance(node.func.value, ast.Name), name
                assert node.func.value.id == "clock", name


def test_nothing_below_the_service_imports_django() -> None:
    for name, tree in sources(*BELOW):
        for node in ast.walk(tree):
            modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            modules += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            assert not any(module.split(".")[0] == "django" or ".service" in module for module in modules), (
                name
            )


# -- every table is accounted for -----------------------------------------------------------------


def a_row(name: str) -> dict[str, object]:
    values = {Kind.TEXT: "words", Kind.LIST: "a b", Kind.PERIOD: "2018-10", Kind.DAY: 737_000, Kind.WHOLE: 7}
    return {column.name: values[column.kind] for column in TABLES[name].columns}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_can_be_sealed_packed_read_and_erased_from(name: str) -> None:
    table = TABLES[name]
    rows = [a_row(name), {column.name: None for column in table.columns}]
    entries = pa.Table.from_pylist(
        [{"_operation": "stated", "_attested": 7, **row} for row in rows], schema=entry_schema(table)
    )
    packed = block.pack(table, entries)
    held = block.unpack(packed.body)
    assert held.schema.equals(block_schema(table))
    assert held.select(table.names).to_pylist() == rows
    assert block.rows_that_break_their_seal(packed.body, packed.seals) == []
    less = block.without(packed.body, [0])
    assert block.unpack(less).select(table.names).to_pylist() == rows[1:]
    assert block.rows_that_break_their_seal(less, packed.seals) == []


@pytest.mark.parametrize("name", TABLES)
def test_a_table_has_history_columns_a_place_in_the_ledger_and_in_a_backup(name: str) -> None:
    table = TABLES[name]
    assert set(table.names) <= set(empty_history(table).columns)
    assert table_schema(table).names == list(table.names)
    assert len(name) <= (Block._meta.get_field("table").max_length or 0)
    assert backup._BLOCK.fullmatch(f"blocks/1-{name}.arrow")
    assert all(not column.startswith("_") for column in table.names)
    assert table.key
    assert all(column.says for column in table.columns)


_OF_LIST_10 = ("adoptive_family", "entered_care_on")
"""Columns of adoption that Annex A has and the dataset lacks."""


def test_every_table_but_findings_and_refused_rows_comes_from_a_format() -> None:
    context = Context(read_moment("2019-10-09T06:00:00Z"))
    settings = b'name = "a"\nauthority = "901"\nformat = "statements"\n'
    read = formats()["source"].read([NamedBytes("a.toml", settings)], context)
    stated = read_statements([NamedBytes("a.csv", b"id,says\n")], context)
    of_lists = {table for one in annex_tables.LISTS.values() for table in one.tables}
    delivered = {one.table for one in SSD_TABLES} | of_lists | {"employment", "absence", "case_limit"}
    assert delivered == {table.name for table in CASE_TABLES}
    answered = {ISSUE_ANSWER.name, "team_parent"}
    sample = b'{"correction": [{"child": "C1"}]}'
    corrected = formats()["corrections"].read([NamedBytes("a.corrections.json", sample)], context)
    holidays = formats()["holidays"].read(
        [NamedBytes("a.csv", b"day,name\n2031-05-05,Coronation\n")], context
    )
    told = {
        *read.rows,
        *stated.rows,
        *holidays.rows,
        *corrected.rows,
        *inspection_report.TABLES,
        *answered,
        *delivered,
    }
    assert {*told, "refused_row", "finding"} == set(TABLES)
    for one in SSD_TABLES:
        elsewhere = {"team_alone", *_OF_LIST_10} & set(TABLES[one.table].names)
        assert {*one.columns, *elsewhere} == set(TABLES[one.table].names)
    for reading in (read, stated):
        for name, rows in reading.rows.items():
            assert set(TABLES[name].names) <= set(rows.columns)
            assert set(TABLES[name].key) == set(reading.present[name][0].columns)


def test_what_names_a_child_is_declared_by_every_table_that_does() -> None:
    for table in TABLES.values():
        named = {column.name for column in table.columns if "child" in column.name.split("_")}
        assert named <= set(table.child)


def test_every_format_and_table_is_in_the_reference() -> None:
    pages = "".join(path.read_text("utf-8") for path in Path(ROOT / "docs").rglob("*.md"))
    assert [name for name in formats() if f"`{name}`" not in pages] == []
    for name in TABLES:
        assert f"`{name}`" in pages or f"# {name}" in pages.lower() or f"{name}\n" in pages, name
