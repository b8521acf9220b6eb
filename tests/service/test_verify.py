"""Verify finds every change of every cell, and never raises, whatever lies in a cell."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

import pytest
from django.db import connection

from lineofsight.record.seal import link_hash, link_text
from lineofsight.service.models import Link
from lineofsight.service.receive import recipe
from lineofsight.service.store import anchor, blobs, chain, erasure, verify_chain
from lineofsight.service.store.verify import Verified, verify
from lineofsight.vocabulary import moments
from tests.service.homes import (
    NORTHSHIRE,
    RECORD,
    Home,
    a_statement,
    database_of,
    filled_once,
    full_roster,
    load,
    standing_in,
    written,
)
from tests.support import surroundings

TABLES = ("service_link", "service_block", "service_erasedblock")


@pytest.fixture
@filled_once
def record(home: Home) -> Home:
    """A record with something of every kind: read, refused rows, received again, withdrawn, erased, awaiting confirmation, waiting."""
    load(a_statement("one"), a_statement("two"), a_statement("bad", kind="nonsense"))
    load(a_statement("one"), a_statement("two"), a_statement("bad", kind="nonsense"))
    load(a_statement("one"), source="other", by="Ben")
    load(a_statement("three"), a_statement("two", says="Otherwise."))
    erasure.erase_statement(NORTHSHIRE, "record/two", "named somebody", by="Ben")
    full_roster("roll")
    load(*(a_statement(f"r{number}") for number in range(150)), source="roll")
    load(a_statement("r1"), source="roll")
    recipe.receive(
        [written(a_statement("four"))], "later.jsonl", NORTHSHIRE, RECORD, received_at=None, by="Cass"
    )
    assert verify(each_row=True).holds
    return home


@pytest.fixture
def bare(record: Home) -> Home:
    """The same record with nothing that guards it: no trigger, no key, no constraint, nothing that must not be null."""
    with connection.cursor() as cursor:
        if not surroundings.ON_POSTGRES:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")
        for table in TABLES:
            if surroundings.ON_POSTGRES:
                cursor.execute(f"CREATE TABLE bare AS SELECT * FROM {table}")
                cursor.execute(
                    "SELECT column_name FROM information_schema.columns WHERE table_name = 'bare' AND data_type LIKE 'char%'"
                )
                for (name,) in cursor.fetchall():
                    cursor.execute(f'ALTER TABLE bare ALTER COLUMN "{name}" TYPE text')
                cursor.execute(f"DROP TABLE {table} CASCADE")
            else:  # columns without a type, so that whatever is put in stays as it is
                cursor.execute("PRAGMA foreign_keys = OFF")
                names = ", ".join(
                    f'"{column.name}"'
                    for column in connection.introspection.get_table_description(cursor, table)
                )
                cursor.execute(f"CREATE TABLE bare ({names})")
                cursor.execute(f"INSERT INTO bare ({names}) SELECT {names} FROM {table}")
                cursor.execute(f"DROP TABLE {table}")
            cursor.execute(f"ALTER TABLE bare RENAME TO {table}")
    assert verify(each_row=True).holds
    return record


def rows(table: str) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} ORDER BY number")
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def execute(sql: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def insert(table: str, row: dict[str, Any]) -> None:
    names = ", ".join(f'"{name}"' for name in row)
    execute(f"INSERT INTO {table} ({names}) VALUES ({', '.join(['%s'] * len(row))})", *row.values())


@contextmanager
def put_back(table: str) -> Iterator[None]:
    """Afterwards the table holds what it held before."""
    before = rows(table)
    yield
    execute(f"DELETE FROM {table}")
    for row in before:
        insert(table, row)


def name_of(table: str, row: dict[str, Any]) -> str:
    """The delivery a row belongs to; for what belongs to none, such as an erasure, its link."""
    number = {"service_link": "number", "service_block": "link_id", "service_erasedblock": "block_id"}[table]
    at = row[number]
    if table == "service_erasedblock":
        at = next(block["link_id"] for block in rows("service_block") if block["number"] == at)
    link = next(link for link in rows("service_link") if link["number"] == at)
    return str(link["delivery"] or f"link {link['number']}")


def other_values(value: Any) -> Iterator[Any]:
    """What a cell might be changed into: on SQLite of any type, on PostgreSQL of its own."""
    yield None
    if isinstance(value, int):
        yield from (value + 1, value - 1, -value - 1, 0, 2**62, -(2**62))
    elif isinstance(value, str):
        yield from ("", value + " ", value[1:], value[::-1], value.upper(), "x" * len(value), "é")
        yield from (chr(ord(value[0]) ^ 1) + value[1:], value[:-1] + chr(ord(value[-1]) ^ 1)) if value else ()
    else:
        content = bytes(value)
        yield from (b"", content + b"\0", content[:-1], content[::-1])
        for at in (0, len(content) // 2, len(content) - 1):
            yield content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]
    if not surroundings.ON_POSTGRES:
        yield from (b"\xff\x00", b"", "words", 7, -1, 0.5, 1e300, 2**63 - 1, str(value))
        if isinstance(value, str):
            yield value.encode()
        if isinstance(value, int):
            yield float(value)


@pytest.mark.databases
@pytest.mark.slow
@pytest.mark.parametrize("table", TABLES)
def test_it_finds_every_cell_of_every_row_changed_into_anything(bare: Home, table: str) -> None:
    tried = turn = 0
    for row in rows(table):
        delivery = name_of(table, row)
        for column, value in row.items():
            held = bytes(value) if isinstance(value, memoryview) else value
            # Every cell is changed, each into some of the things it might become, in turn: all of
            # them for every cell would take minutes, and each is tried on many cells.
            turn += 1
            for other in list(other_values(held))[turn % 7 :: 7]:
                if type(other) is type(held) and other == held:
                    continue
                if (
                    isinstance(other, str)
                    and surroundings.ON_POSTGRES
                    and len(other) > 64
                    and column != "body"
                ):
                    continue
                where = "ctid = (SELECT ctid" if surroundings.ON_POSTGRES else "rowid = (SELECT rowid"
                tamper = f'UPDATE {table} SET "{column}" = %s WHERE {where} FROM {table} ORDER BY number OFFSET %s LIMIT 1)'
                if not surroundings.ON_POSTGRES:
                    tamper = tamper.replace("OFFSET %s LIMIT 1", "LIMIT 1 OFFSET %s")
                place = rows(table).index(row)
                with put_back(table):
                    execute(tamper, other, place)
                    found = verify()
                tried += 1
                assert not found.holds, (column, other)
                assert delivery in {failure.delivery for failure in found.failures}, (
                    column,
                    other,
                    found.failures,
                )
    assert tried > 10
    assert verify(each_row=True).holds


@pytest.mark.sqlite
@pytest.mark.parametrize("table", TABLES)
def test_it_finds_text_that_is_not_text(bare: Home, table: str) -> None:
    for row in rows(table):
        for column, value in row.items():
            if isinstance(value, str):
                with put_back(table):
                    execute(
                        f"UPDATE {table} SET \"{column}\" = CAST(x'ff41' AS TEXT) WHERE number = {row['number']}"
                    )
                    assert not verify().holds


@pytest.mark.databases
@pytest.mark.parametrize("table", TABLES)
def test_it_finds_a_row_taken_out(bare: Home, table: str) -> None:
    for row in rows(table):
        delivery = name_of(table, row)
        last = table == "service_link" and row["number"] == len(rows(table))
        with put_back(table):
            execute(f"DELETE FROM {table} WHERE number = %s", row["number"])
            found = verify()
        assert not found.holds
        if table != "service_link":
            assert delivery in {failure.delivery for failure in found.failures}
        if last:
            assert "anchor" in {failure.part for failure in found.failures}


@pytest.mark.databases
@pytest.mark.parametrize("table", TABLES)
def test_it_finds_a_row_put_in_twice(bare: Home, table: str) -> None:
    for row in rows(table):
        for number in (row["number"], len(rows(table)) + 1):
            with put_back(table):
                insert(table, {**row, "number": number})
                found = verify()
            assert not found.holds, row
            assert any(failure.delivery for failure in found.failures)


@pytest.mark.databases
@pytest.mark.parametrize("table", TABLES)
def test_it_finds_two_rows_swapped(bare: Home, table: str) -> None:
    held = rows(table)
    for one, other in pairwise(held):
        with put_back(table):
            execute(f"DELETE FROM {table} WHERE number IN (%s, %s)", one["number"], other["number"])
            insert(table, {**one, "number": other["number"]})
            insert(table, {**other, "number": one["number"]})
            found = verify()
        assert not found.holds
        assert name_of(table, one) in {failure.delivery for failure in found.failures}


@pytest.mark.databases
def test_it_finds_the_bodies_of_two_blocks_swapped(bare: Home) -> None:
    one, other = rows("service_block")[:2]
    for cells in (("body",), ("body", "sha256"), ("body", "sha256", "seals"), ("link_id", "table")):
        with put_back("service_block"):
            for to, of in ((one, other), (other, one)):
                for cell in cells:
                    execute(
                        f'UPDATE service_block SET "{cell}" = %s WHERE number = %s', of[cell], to["number"]
                    )
            found = verify()
        assert not found.holds
        assert name_of("service_block", one) in {failure.delivery for failure in found.failures}


@pytest.mark.databases
def test_it_finds_a_false_row_put_in(bare: Home) -> None:
    link, block, erased = (rows(table)[-1] for table in TABLES)
    false_link = {
        **link,
        "number": link["number"] + 1,
        "delivery": "0" * 16,
        "hash": "1" * 64,
        "previous": link["hash"],
    }
    false_block = {**block, "number": block["number"] + 1, "link_id": 2}
    false_change = {**erased, "number": erased["number"] + 1, "after": "2" * 64}
    for table, row in zip(TABLES, (false_link, false_block, false_change), strict=True):
        with put_back(table):
            insert(table, row)
            assert not verify().holds, table


@pytest.mark.databases
def test_it_finds_a_link_that_was_chained_rightly_but_never_noted(bare: Home) -> None:
    """Whoever writes to the database alone can make a link whose hash is right; the anchor did not hear of it."""
    last = rows("service_link")[-1]
    forge({"kind": "heard", "number": last["number"] + 1, "delivery": last["delivery"]}, last)
    found = verify()
    assert {failure.part for failure in found.failures} == {"anchor"}
    assert found.failures[0].delivery == last["delivery"]


def forge(changes: dict[str, Any], like: dict[str, Any], text: str | None = None) -> None:
    """Append a link with a hash that is right over whatever it says."""
    says = json.loads(like["body"])
    says |= {
        "blocks": {},
        "entries": 0,
        "first_position": says["first_position"] + says["entries"],
        "kept": [],
    }
    says |= {"witnessed_at": "2200-01-01T00:00:00Z"} | changes
    body = link_text(says) if text is None else text
    row = {**like, "number": like["number"] + 1, "witnessed_at": 7_258_118_400_000_000, "body": body}
    row |= {
        name: says.get(name)
        for name in ("kind", "delivery", "authority", "source")
        if isinstance(says.get(name), str)
    }
    insert("service_link", {**row, "previous": like["hash"], "hash": link_hash(like["hash"], body)})


TEXTS = [
    "", "null", "[]", "{}", "7", '"words"', "{", '{"blocks": 1}', '{"blocks": {}, "number": 1e999}', "[" * 100_000,
    '{"number": ' + "9" * 5000 + "}", "NaN", '{"a": NaN}', '{"a": 1, "a": 2}', "\\", "é",
]  # fmt: skip
ODD = [
    None,
    7,
    -1,
    2**70,
    0.5,
    "words",
    "../../secret",
    [],
    [7],
    [None],
    {},
    {"a": 1},
    {"statement": 7},
    [{"sha256": "../x"}],
    {"statement": {"rows": "7", "root": 7, "sha256": None}},
    [{"sha256": 7}],
    [{"link": 1}],
    True,
]


def test_it_never_raises_on_a_text_that_is_hashed_rightly(bare: Home) -> None:
    last = rows("service_link")[-1]
    for text in TEXTS:
        with put_back("service_link"):
            forge({}, last, text)
            assert not verify().holds


@pytest.mark.slow
def test_it_never_raises_on_odd_parts_of_a_text_that_is_hashed_rightly(bare: Home) -> None:
    last = rows("service_link")[-1]
    parts = (
        "blocks",
        "entries",
        "first_position",
        "kept",
        "erased",
        "released",
        "witnessed_at",
        "number",
        "kind",
        "delivery",
        "authority",
        "source",
        "received_at",
        "counts",
    )
    for part in parts:
        for odd in ODD:
            with put_back("service_link"):
                forge({part: odd}, last)
                assert isinstance(verify().holds, bool)
                assert not verify().holds


@pytest.mark.databases
def test_a_block_of_a_link_that_is_not_there_is_a_failure(bare: Home) -> None:
    for to in (99, -1, 0):
        with put_back("service_block"):
            execute("UPDATE service_block SET link_id = %s WHERE number = 1", to)
            assert not verify().holds
    with put_back("service_erasedblock"):
        execute("UPDATE service_erasedblock SET block_id = 99, link_id = 99")
        assert not verify().holds


@pytest.mark.databases
def test_emptied_tables_are_found(bare: Home) -> None:
    for table in TABLES:
        with put_back(table):
            execute(f"DELETE FROM {table}")
            assert not verify().holds, table
    for table in TABLES:
        execute(f"DELETE FROM {table}")
    emptied = verify()
    assert not emptied.holds
    assert emptied.head is emptied.first is None


@pytest.mark.databases
def test_it_finds_a_link_that_is_no_later_than_the_one_before(bare: Home) -> None:
    before, newest = rows("service_link")[-2:]
    for at in (before["witnessed_at"], before["witnessed_at"] - 1):
        moment = moments.written(moments.moment_of(at))
        body = link_text({**json.loads(newest["body"]), "witnessed_at": moment})
        with put_back("service_link"):
            execute(
                "UPDATE service_link SET witnessed_at = %s, body = %s, hash = %s WHERE number = %s",
                at,
                body,
                link_hash(before["hash"], body),
                newest["number"],
            )
            whys = {failure.why for failure in verify().failures}
        assert "its moment does not follow that of the link before it" in whys


# -- kept bytes -----------------------------------------------------------------------------------


def test_it_finds_kept_bytes_edited_or_taken_out(record: Home) -> None:
    for sha256 in blobs.hashes():
        path = blobs.path_of(sha256)
        content = path.read_bytes()
        brought = {
            link.delivery
            for link in Link.objects.filter(body__contains=sha256, kind__in=("read", "received"))
        }
        for changed in (b"", content[:-1], content + b" ", bytes([content[0] ^ 1]) + content[1:]):
            path.write_bytes(changed)
            assert brought <= {failure.delivery for failure in verify().failures}
        path.unlink()
        assert brought <= {failure.delivery for failure in verify().failures}
        path.write_bytes(content)
    assert verify().holds


def test_what_is_no_file_where_kept_bytes_should_lie_is_a_failure_and_no_exception(record: Home) -> None:
    sha256 = next(iter(blobs.hashes()))
    path = blobs.path_of(sha256)
    content = path.read_bytes()
    brought = {
        link.delivery for link in Link.objects.filter(body__contains=sha256, kind__in=("read", "received"))
    }
    for put in (path.mkdir, lambda: os.mkfifo(path), lambda: path.symlink_to(path)):
        path.unlink()
        put()
        assert brought <= {failure.delivery for failure in verify().failures}
        assert record.run("verify").returncode == 1
        path.rmdir() if path.is_dir() else path.unlink()
        path.write_bytes(content)
    assert verify().holds


def test_it_finds_files_put_among_kept_bytes(record: Home) -> None:
    bytes_held = blobs.path_of(next(iter(blobs.hashes()))).read_bytes()
    for name in (
        "words.txt",
        "ab/words",
        f"ab/{'cd' * 32}",
        f"{'ab' * 32}",
        f"ab/{'ab' * 32}",
        "arriving/deep/words",
    ):
        path = blobs.folder() / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(bytes_held)
        found = verify()
        path.unlink()
        assert {failure.part for failure in found.failures} == {"kept bytes"}, name
    assert verify().holds


def test_it_finds_released_bytes_put_back(record: Home) -> None:
    released = chain.body_of(Link.objects.get(kind="erased"))["released"]
    path = blobs.path_of(released[0])
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"")
    failure = verify().failures[0]
    assert "released under erasure" in failure.why
    assert failure.delivery


# -- the anchor -----------------------------------------------------------------------------------


def test_it_finds_the_anchor_cut_anywhere(record: Home) -> None:
    """But for its very last line: what it says is said by the line before it, which a kill would leave too."""
    lines = anchor.path().read_text().splitlines(keepends=True)
    for at in range(len(lines) - 1):
        anchor.path().write_text("".join(lines[:at]))
        assert {failure.part for failure in verify().failures} == {"anchor"}, at
        if not lines[at].startswith("~"):
            anchor.path().write_text("".join([*lines[:at], *lines[at + 1 :]]))
            assert not verify().holds, at
    anchor.path().unlink()
    assert not verify().holds
    anchor.path().write_text("".join(lines[:-1]))
    assert verify().holds


def test_it_finds_the_anchor_edited(record: Home) -> None:
    content = anchor.path().read_text()
    newest = len(rows("service_link"))
    edits = [
        content + "words\n",
        content + f"{newest} {'a' * 64}\n",
        content + f"{newest + 1} {'a' * 64}\n",
        content + "0 x\n",
        content.replace("\n1 ", "\n2 ", 1),
        "\0" * 100 + content,
        content + "1" * 5000 + "\n",
    ]
    for edit in edits:
        anchor.path().write_text(edit)
        assert not verify().holds, edit[-80:]
    anchor.path().write_bytes(b"\xff" + content.encode())
    assert not verify().holds


def test_an_anchor_that_is_no_file_is_a_failure_and_no_exception(record: Home) -> None:
    anchor.path().unlink()
    anchor.path().mkdir()
    assert [failure.part for failure in verify().failures] == ["anchor"]
    assert record.run("verify").returncode == 1


def test_a_line_that_a_power_cut_tore_is_no_failure_once_its_head_is_noted_again(record: Home) -> None:
    lines = anchor.path().read_text().splitlines(keepends=True)
    anchor.path().write_text("".join(lines[:-1]) + lines[-1][:20])
    assert verify().holds
    load(a_statement("more"), source="other")
    assert verify().holds


@pytest.mark.databases
def test_it_finds_the_last_links_taken_out_with_all_that_hangs_on_them(bare: Home) -> None:
    newest = len(rows("service_link"))
    for first in (newest, newest - 1, 3, 2, 1):
        execute("DELETE FROM service_erasedblock WHERE link_id >= %s", first)
        execute("DELETE FROM service_block WHERE link_id >= %s", first)
        execute("DELETE FROM service_link WHERE number >= %s", first)
        assert "anchor" in {failure.part for failure in verify().failures}


@pytest.mark.databases
def test_what_is_appended_while_it_reads_is_not_half_seen(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the links and their blocks another worker appends; the blocks read are those of the links read."""
    load(a_statement("one"))
    check_links = verify_chain.check_links

    def load_elsewhere() -> None:
        with standing_in(home, database_of(home)):
            load(a_statement("two"), source="other")

    def then_another_appends(walk: verify_chain.Walk) -> None:
        check_links(walk)
        with ThreadPoolExecutor(1) as elsewhere:
            elsewhere.submit(load_elsewhere).result()

    monkeypatch.setattr(verify_chain, "check_links", then_another_appends)
    found = verify()
    assert (found.failures, found.link_count) == ([], 1)
    assert Link.objects.count() == 2


# -- an old head ----------------------------------------------------------------------------------


@pytest.mark.databases
def test_a_chain_rewritten_whole_is_caught_by_whoever_holds_an_old_head(
    record: Home, new_home: Callable[[str], Home]
) -> None:
    old = verify()
    other = new_home("rewritten")
    with standing_in(other, database_of(other)):
        load(a_statement("one", says="It never was."))
    # With the anchor rewritten too, only the old head tells.
    alone = other.run("verify")
    assert alone.returncode == 0, alone.stdout
    for head in (old.head, old.first):
        told = other.run("verify", "--head", head)
        assert told.returncode == 1
        assert "not part of this chain" in told.stdout
    assert json.loads(other.run("verify", "--head", old.head, "--json").stdout)["holds"] is False
    # With the old anchor, the anchor tells as well.
    shutil.copy(record.path / "anchor.txt", other.path / "anchor.txt")
    assert other.run("verify").returncode == 1


@pytest.mark.databases
def test_an_old_head_stays_part_of_the_chain(record: Home) -> None:
    heads = [row["hash"] for row in rows("service_link")]
    load(a_statement("more"), source="other")
    for head in heads:
        assert verify(head).holds
        assert verify(f" {head.upper()}\n").holds
    for head in ("", "0" * 64, heads[0][:63], "words"):
        assert not verify(head).holds


def test_what_no_longer_holds_is_told_with_its_delivery(record: Home) -> None:
    sha256 = next(iter(blobs.hashes()))
    blobs.path_of(sha256).unlink()
    told = record.run("verify")
    assert told.returncode == 1
    assert told.stdout.startswith("The record does not hold.")
    answer = json.loads(record.run("verify", "--json").stdout)
    assert list(answer) == ["holds", "head", "first", "failures"]
    assert answer["failures"][0].keys() == {"delivery", "part", "why"}


@pytest.mark.databases
def test_an_empty_record_holds(home: Home) -> None:
    assert verify() == Verified(None, None, 0, [])
    done = home.run("verify")
    assert done.returncode == 0
    assert home.run("verify", "--head", "0" * 64).returncode == 1
    assert home.run("head").stdout == "\n"


@pytest.mark.sqlite
def test_a_damaged_database_file_is_a_failure_and_no_exception(record: Home) -> None:
    connection.close()
    path = record.path / "lineofsight.sqlite3"
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    content = bytearray(path.read_bytes())
    for at in range(4096 * 20, len(content), 512):
        content[at : at + 8] = b"\xff" * 8
    path.write_bytes(bytes(content))
    assert not verify().holds
    done = record.run("verify")
    assert done.returncode in (1, 2)
    assert "Traceback" not in done.stderr
