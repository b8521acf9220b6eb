"""A home of the release before is upgraded: nothing is lost, every figure stays, and it goes on from there."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection

from lineofsight.service.models import AccessLogEntry, Grant, Link
from lineofsight.service.store import triggers
from lineofsight.service.store.verify import verify
from tests.service.homes import Home, a_statement, load

BEFORE = Path(__file__).parent / "release_before"
ANSWERS: dict[str, Any] = json.loads((BEFORE / "answers.json").read_text("utf-8"))
NEWEST_THEN = "0008_tries_of_a_reader"
QUESTIONS = {
    "register": ("register", "unallocated", "--authority", "999", "--as-at", "2024-04-03"),
    "figure": ("figure", "unallocated", "--authority", "999", "--as-at", "2024-03-31"),
    "statements": ("statements", "--authority", "999"),
}


@pytest.fixture
def before(tmp_path: Path) -> Home:
    """A copy of that home, as that release left it."""
    home = Home(tmp_path / "before", settings={"LINEOFSIGHT_MFA": "optional"})
    home.path.mkdir(mode=0o700)
    with zipfile.ZipFile(BEFORE / "home.zip") as kept:
        kept.extractall(home.path)
    (home.path / "backup.tar").rename(tmp_path / "backup.tar")
    return home


def still_says(old: Any, new: Any, where: str = "") -> list[str]:
    """Where a new answer says something else than an old one; that it may say more is no difference."""
    if isinstance(old, dict):
        return [one for name in old for one in still_says(old[name], new.get(name), f"{where}.{name}")]
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        pairs = zip(old, new, strict=True)
        return [one for number, (a, b) in enumerate(pairs) for one in still_says(a, b, f"{where}[{number}]")]
    return [] if old == new else [f"{where}: {old!r} became {new!r}"]


def answers_of(home: Home) -> dict[str, Any]:
    found = {}
    for name, question in QUESTIONS.items():
        done = home.run_apart(*question, "--json")
        assert done.returncode == 0, done.stderr
        found[name] = json.loads(done.stdout)
    return found


@pytest.mark.slow
@pytest.mark.sqlite
def test_a_home_of_the_release_before_is_upgraded_and_says_the_same(before: Home) -> None:
    said = before.run_apart("doctor", "--json")
    database = next(one for one in json.loads(said.stdout)["checks"] if one["check"] == "database")
    assert (database["state"], "Back up" in database["do"]) == ("look at this", True)
    head = ANSWERS["verify"]["head"]
    done = before.run_apart("verify", "--each-row", "--head", head, "--json")
    assert done.returncode == 0, done.stdout
    assert still_says(ANSWERS["verify"], json.loads(done.stdout)) == []
    now = answers_of(before)
    assert ANSWERS["register"]["unallocated"] == 7
    assert [one for name in QUESTIONS for one in still_says(ANSWERS[name], now[name], name)] == []
    assert before.run_apart("rebuild", "--compare").returncode == 0
    after = json.loads(before.run_apart("doctor", "--json").stdout)["checks"]
    assert next(one for one in after if one["check"] == "database")["state"] == "ok"


@pytest.mark.slow
@pytest.mark.databases
def test_a_backup_of_the_release_before_is_restored_and_goes_on(before: Home, home: Home) -> None:
    done = home.run("restore", before.path.parent / "backup.tar")
    assert done.returncode == 0, (done.stdout, done.stderr)
    assert Link.objects.count() == 5
    assert list(User.objects.values_list("username", flat=True)) == ["d.lead"]
    assert Grant.objects.get().role == "director"
    assert AccessLogEntry.objects.filter(by="A. Tester").exists()
    assert triggers.missing(connection) == []
    load(a_statement("after the upgrade"))
    assert verify(ANSWERS["verify"]["head"], each_row=True).holds


def test_the_release_before_is_the_release_before() -> None:
    """Somebody who changes the database again is reminded to replace the home that is kept here."""
    migrations = sorted(
        path.stem for path in (BEFORE.parents[2] / "lineofsight/service/migrations").glob("0*.py")
    )
    assert NEWEST_THEN in migrations[:-1]
    assert NEWEST_THEN in (BEFORE / "README.md").read_text("utf-8")


@pytest.mark.databases
def test_a_database_that_a_newer_release_has_changed_is_refused(home: Home) -> None:
    assert home.run("verify").returncode == 0
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) SELECT 'service', '0999_later', max(applied) FROM django_migrations"
        )
    done = home.run("verify")
    assert done.returncode == 2
    assert "A newer release has changed this database (0999_later)" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_an_answer_that_changed_is_noticed() -> None:
    assert still_says({"a": [1, {"b": 2}]}, {"a": [1, {"b": 2, "c": 3}]}) == []
    assert still_says({"a": [1, {"b": 2}]}, {"a": [1, {"b": 4}]}) == [".a[1].b: 2 became 4"]
    assert still_says([1], [1, 2]) == [": [1] became [1, 2]"]
