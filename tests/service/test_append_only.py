"""The ledger refuses every change but that of a block which the newest erasure names."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from lineofsight.record.block import without
from lineofsight.service.models import Block, ErasedBlock, Link
from lineofsight.service.store import chain, clock, erasure
from tests.service.homes import NORTHSHIRE, Home, a_statement, filled_once, load

pytestmark = pytest.mark.databases

TABLES = ("service_link", "service_block", "service_erasedblock")


@pytest.fixture
@filled_once
def record(home: Home) -> Home:
    """A record with a delivery, another that was refused a row, and an erasure."""
    load(a_statement("one"), a_statement("two"))
    load(a_statement("three"), a_statement("bad", kind="nonsense"))
    erasure.erase_statement(NORTHSHIRE, "record/two", "named somebody", by="Ben")
    return home


def columns(table: str) -> list[str]:
    with connection.cursor() as cursor:
        return [column.name for column in connection.introspection.get_table_description(cursor, table)]


def refuses(sql: str, *values: object) -> None:
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql, values)


@pytest.mark.parametrize("table", TABLES)
def test_it_refuses_to_update_any_column_of_any_table(record: Home, table: str) -> None:
    for column in columns(table):
        refuses(f'UPDATE {table} SET "{column}" = "{column}"')


@pytest.mark.parametrize("table", TABLES)
def test_it_refuses_to_delete(record: Home, table: str) -> None:
    refuses(f"DELETE FROM {table}")


@pytest.mark.parametrize("model", [Link, Block, ErasedBlock])
def test_it_refuses_save_update_and_delete_of_what_is_kept(record: Home, model: type[Link]) -> None:
    kept = model.objects.order_by("number").first()
    assert kept is not None
    for change in (
        kept.save,
        kept.delete,
        lambda: model.objects.update(number=99),
        model.objects.all().delete,
    ):
        with (
            pytest.raises((DatabaseError, transaction.TransactionManagementError)) as refused,
            transaction.atomic(),
        ):
            change()
        assert refused.type is not AssertionError
    assert model.objects.filter(number=kept.number).exists()


@pytest.mark.sqlite
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("how", ["INSERT OR REPLACE", "REPLACE", "INSERT OR IGNORE"])
def test_it_refuses_to_replace_a_row_on_sqlite(record: Home, table: str, how: str) -> None:
    names = ", ".join(f'"{name}"' for name in columns(table))
    refuses(f"{how} INTO {table} ({names}) SELECT {names} FROM {table}")


@pytest.mark.sqlite
def test_it_refuses_to_replace_a_row_by_another_of_its_unique_columns_on_sqlite(record: Home) -> None:
    refuses(
        "INSERT OR REPLACE INTO service_link SELECT 77, kind, '', authority, source, witnessed_at, body, previous, hash"
        " FROM service_link WHERE number = 1"
    )
    refuses(
        "INSERT OR REPLACE INTO service_link SELECT 77, kind, delivery, authority, source, witnessed_at, body, previous, 'h'"
        " FROM service_link WHERE number = 1"
    )
    refuses(
        'INSERT OR REPLACE INTO service_block (number, link_id, "table", authority, sha256, body, seals)'
        " SELECT 77, link_id, \"table\", authority, sha256, x'00', seals FROM service_block WHERE number = 1"
    )
    refuses("UPDATE OR REPLACE service_link SET number = 1 WHERE number = 2")


@pytest.mark.parametrize("table", TABLES)
def test_it_refuses_on_conflict_do_update(record: Home, table: str) -> None:
    names = columns(table)
    listed = ", ".join(f'"{name}"' for name in names)
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            f"INSERT INTO {table} ({listed}) SELECT {listed} FROM {table} WHERE true"
            f' ON CONFLICT (number) DO UPDATE SET "{names[1]}" = excluded."{names[1]}"'
        )


@pytest.mark.postgres
@pytest.mark.parametrize("table", TABLES)
def test_it_refuses_truncate(record: Home, table: str) -> None:
    refuses(f"TRUNCATE {table} CASCADE")


def test_a_block_changes_only_as_the_newest_erasure_names(record: Home) -> None:
    """The erasure of `record` has been used up; another block, another hash or an older erasure is refused."""
    erased = ErasedBlock.objects.get()
    refuses("UPDATE service_block SET sha256 = %s WHERE number = %s", erased.after, erased.block_id)
    refuses("UPDATE service_block SET sha256 = %s WHERE number <> %s", erased.after, erased.block_id)
    load(a_statement("four"))
    refuses("UPDATE service_block SET sha256 = %s WHERE number = %s", erased.before, erased.block_id)


def test_a_change_that_is_named_only_beside_the_chain_is_refused(record: Home) -> None:
    """Anybody may append a row to the table of allowed changes; without a link that says so it allows nothing."""
    block = Block.objects.get(number=2)
    newest = chain.head()
    assert newest is not None and newest.kind == chain.ERASED
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        ErasedBlock.objects.create(number=2, link=newest, block=block, before=block.sha256, after="f" * 64)
        Block.objects.filter(number=2).update(sha256="f" * 64)


def test_an_erasure_may_change_its_block_and_nothing_else_of_it(record: Home) -> None:
    block = Block.objects.get(number=2)
    body = without(bytes(block.body), [0])
    erasing = chain.Erasing(block, [0], body)
    with pytest.raises(DatabaseError, match="append-only"), chain.writing():
        link = chain.append(
            chain.NewLink(
                chain.ERASED, NORTHSHIRE, "", "", {"erased": [{"after": erasing.after}], "released": []}
            ),
            by="Ben",
            at=clock.now(),
        )
        ErasedBlock.objects.create(number=2, link=link, block=block, before=block.sha256, after=erasing.after)
        Block.objects.filter(number=2).update(sha256=erasing.after, body=body, seals=b"")


@pytest.mark.postgres
def test_on_postgresql_even_a_named_change_must_bring_the_bytes_of_that_hash(record: Home) -> None:
    block = Block.objects.get(number=2)
    with pytest.raises(DatabaseError, match="append-only"), chain.writing():
        link = chain.append(
            chain.NewLink(
                chain.ERASED, NORTHSHIRE, "", "", {"erased": [{"after": "f" * 64}], "released": []}
            ),
            by="Ben",
            at=clock.now(),
        )
        ErasedBlock.objects.create(number=2, link=link, block=block, before=block.sha256, after="f" * 64)
        Block.objects.filter(number=2).update(sha256="f" * 64, body=b"other")
