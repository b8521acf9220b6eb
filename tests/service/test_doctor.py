"""`doctor` sees what is wrong with a real install, the health pages say `ok` or not, and a restore drill leaves nothing."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core import signing
from django.db import connection
from django.test import Client, override_settings

from lineofsight.service.health import looking, probe, readiness
from lineofsight.service.receive import recipe
from lineofsight.service.store import clock, stamps, triggers
from tests.service.homes import (
    NORTHSHIRE,
    RECORD,
    Home,
    a_statement,
    filled_once,
    keeps_to_its_schema,
    load,
    written,
)


@pytest.fixture
@filled_once
def record(home: Home) -> Home:
    load(a_statement("one"))
    return home


@pytest.fixture(autouse=True)
def closed(home: Home) -> None:
    """As the command makes a home: the tests' own fixtures leave it open."""
    home.path.chmod(0o700)


def doctor(home: Home, *more: object) -> dict[str, Any]:
    done = home.run("doctor", "--json", *more)
    says = json.loads(done.stdout)
    assert done.returncode == (0 if says["in_order"] else 1)
    return {one["check"]: one for one in says["checks"]}


@pytest.mark.databases
def test_it_prints_one_line_a_check_and_keeps_to_its_schema(record: Home) -> None:
    answer = json.loads(record.run("doctor", "--json").stdout)
    keeps_to_its_schema("doctor", answer)
    checks = answer["checks"]
    lines = record.run("doctor").stdout.splitlines()
    assert len(lines) == len(checks)
    assert [line for line in lines if not line.startswith(("ok ", "look at this ", "broken "))] == []
    states = {one["check"]: one["state"] for one in checks}
    assert states["database"] == states["home"] == states["clock"] == states["deliveries"] == "ok"
    assert states["backup"] == "broken"


def test_it_exits_with_1_for_what_is_broken_and_strictly_for_what_is_to_be_looked_at(
    home: Home, tmp_path: Path
) -> None:
    assert home.run("verify").returncode == 0
    with override_settings(ALLOWED_HOSTS=["localhost"]):
        done = home.run("doctor")
        assert done.returncode == 0, done.stdout
        assert home.run("doctor", "--strict").returncode == 1
        load(a_statement("one"))
        assert home.run("doctor").returncode == 1
    assert home.run("backup", tmp_path / "b.tar").returncode == 0
    assert doctor(home)["backup"]["state"] == "ok"


@pytest.mark.databases
def test_it_misses_a_trigger_and_makes_no_table(record: Home) -> None:
    (newest,) = readiness._newest()
    on = " ON service_link" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER service_link_no_update{on}")
        cursor.execute(
            "UPDATE django_migrations SET app = 'aside' WHERE app = 'service' AND name = %s", [newest]
        )
    found = doctor(record)["database"]
    assert (found["state"], "1 change" in found["seen"]) == ("look at this", True), found
    assert triggers.missing(connection) == ["service_link_no_update"]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE django_migrations SET app = 'service' WHERE app = 'aside'")
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied)"
            " SELECT 'service', '0999_later', max(applied) FROM django_migrations"
        )
    assert "newer release" in doctor(record)["database"]["seen"]
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE name = '0999_later'")
    assert "service_link_no_update" in doctor(record)["database"]["seen"]


@pytest.mark.postgres
def test_a_trigger_that_was_turned_off_is_missing(record: Home) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE service_block DISABLE TRIGGER service_block_no_delete")
    assert triggers.missing(connection) == ["service_block_no_delete"]


@pytest.mark.databases
def test_every_guarded_table_has_its_triggers(record: Home) -> None:
    there = set(connection.introspection.table_names())
    assert set(triggers.GUARDED) <= there
    assert triggers.missing(connection) == []


def test_it_sees_files_that_others_can_read(record: Home) -> None:
    record.path.chmod(0o755)
    (record.path / "copy").write_text("left here")
    (record.path / "copy").chmod(0o644)
    found = doctor(record)["home"]
    assert found["state"] == "broken"
    assert "Everybody on this machine" in found["seen"]
    record.path.chmod(0o700)
    assert doctor(record)["home"]["state"] == "ok"


def test_it_names_a_variable_that_nothing_reads() -> None:
    said = looking.settings_seen(
        {"LINEOFSIGHT_HOST": "x", "LINEOFSIGHT_HOSTS": "y", "LINEOFSIGHT_TEST_POSTGRES": "z"}
    )
    assert said.unknown == ("LINEOFSIGHT_HOST",)


def test_a_reader_leaves_a_sign_and_a_delivery_that_waits_without_one_is_told(record: Home) -> None:
    recipe.receive([written(a_statement("w"))], "w.jsonl", NORTHSHIRE, RECORD, received_at=None, by="Ben")
    assert doctor(record)["reader"]["state"] == "broken"
    assert record.run("work", "--once").returncode == 0
    assert doctor(record)["reader"]["state"] == "ok"
    assert looking._work() is not None


def test_verify_leaves_its_result(record: Home) -> None:
    assert record.run("verify").returncode == 0
    stamp = stamps.read(stamps.VERIFIED)
    assert stamp is not None
    assert stamp.says == {"holds": True, "links": 1}
    assert clock.now() - stamp.at < timedelta(minutes=1)
    (record.path / "anchor.txt").write_text("1 " + "0" * 64 + "\n")
    assert record.run("verify").returncode == 1
    assert doctor(record)["verify"]["state"] == "broken"


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"at": "x"}', '{"at": 1e300}'])
def test_a_stamp_that_cannot_be_read_is_none(home: Home, content: str) -> None:
    (home.path / "stamps").mkdir()
    (home.path / "stamps" / "reader").write_text(content)
    assert stamps.read("reader") is None


def test_a_home_that_cannot_be_written_keeps_nobody_from_noting(home: Home) -> None:
    (home.path / "stamps").write_text("a file where the folder should be")
    stamps.note(stamps.READER)
    assert stamps.read(stamps.READER) is None


def test_a_log_folder_and_the_journals_settings(tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    logs.mkdir()
    assert looking._logs(logs).oldest_days is None
    (logs / "old.log").touch()
    old = time.time() - 500 * 86_400
    os.utime(logs / "old.log", (old, old))
    assert looking._logs(logs).oldest_days == 500
    conf = tmp_path / "journald.conf"
    conf.write_text("[Journal]\n#MaxRetentionSec=1week\n")
    assert looking.retention([tmp_path / "none", conf]) == ""
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "10.conf").write_text("[Journal]\nMaxRetentionSec = 90day\n")
    assert looking.retention([conf, tmp_path / "d"]) == "90day"


# -- the health pages -------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["both", "service", "public"])
def test_the_health_pages_say_ok_and_nothing_else(mode: str) -> None:
    with override_settings(MODE=mode):
        for path in ("/health/live", "/health/ready"):
            answer = Client().get(path)
            assert (answer.status_code, answer.content) == (200, b"ok\n")
            assert "no-store" in answer["Cache-Control"]
            assert not answer.cookies
            assert Client().post(path).status_code == 405


@pytest.mark.django_db
def test_it_is_not_ready_where_a_change_of_this_release_is_missing() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'service'")
    answer = Client().get("/health/ready")
    assert (answer.status_code, answer.content) == (503, b"not ok\n")


def test_it_is_not_ready_without_a_home(home: Home, tmp_path: Path) -> None:
    assert home.run("verify").returncode == 0
    assert readiness.is_ready()
    with override_settings(HOME=tmp_path / "gone"):
        assert not readiness.is_ready()


@pytest.mark.django_db
def test_only_who_knows_the_key_is_told_what_was_seen() -> None:
    for given in (
        "",
        "doctor",
        signing.dumps("doctor"),
        signing.dumps("doctor", key="x" * 50, salt=probe._SALT),
    ):
        assert Client().get("/health/live", headers={probe.HEADER: given}).content == b"ok\n"
    said = Client().get("/health/live", headers={probe.HEADER: probe.word()}).json()
    assert said == {"address": "127.0.0.1", "https": False, "host": "testserver"}


def test_a_word_does_not_hold_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    word = probe.word()
    assert probe.is_ours(word)
    later = time.time() + 100
    monkeypatch.setattr(time, "time", lambda: later)
    assert not probe.is_ours(word)


# -- the restore drill -------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.databases
def test_a_drill_restores_verifies_tells_how_long_and_leaves_nothing(record: Home, tmp_path: Path) -> None:
    assert record.run("backup", tmp_path / "1.tar").returncode == 0
    load(a_statement("two"))
    said = record.answer("restore-drill", tmp_path)
    assert (said["backup"], said["holds"], said["links"], said["behind"]) == ("1.tar", True, 1, 1)
    assert said["seconds"] > 0
    assert list((record.path / "incoming").iterdir()) == []
    assert doctor(record)["restore drill"]["state"] == "ok"


@pytest.mark.slow
def test_a_drill_with_a_damaged_or_foreign_backup_says_no(
    record: Home, new_home: Callable[[str], Home], tmp_path: Path
) -> None:
    file = tmp_path / "1.tar"
    assert record.run("backup", file).returncode == 0
    damaged = tmp_path / "2.tar"
    damaged.write_bytes(file.read_bytes().replace(b"Cass", b"Cuss"))
    done = record.run("restore-drill", damaged)
    assert done.returncode == 1, done.stderr
    assert done.stdout.startswith("2.tar does not hold: ")
    assert "nothing is left of it" in done.stdout
    assert doctor(record)["restore drill"]["state"] == "broken"
    other = new_home("other")
    foreign = other.run_apart("restore-drill", file)
    assert foreign.returncode == 1
    assert "another record" in foreign.stdout
    assert list((record.path / "incoming").iterdir()) == []


def test_a_drill_refuses_a_folder_without_backups(home: Home, tmp_path: Path) -> None:
    done = home.run("restore-drill", tmp_path)
    assert done.returncode == 2
    assert "holds no backup" in done.stderr
    assert settings.HOME.exists()
