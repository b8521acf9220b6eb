"""Who looked at which child is written down before anything is shown, refuses change, and outlives a restore."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from lineofsight.service.models import AccessLogEntry
from tests.service.homes import Home, filled_once
from tests.support.cases import AUTHORITY, describe, night

pytestmark = pytest.mark.databases


@pytest.fixture(autouse=True)
@filled_once
def _loaded(home: Home) -> None:
    describe()
    night(
        "2019-10-08",
        {"cin_episodes": "R1, C1, 2019-01-01, N,,", "involvements": "1, C1, W1, CW, T1, 2019-01-05,, R1"},
    )


def looks() -> list[tuple[str, str, str]]:
    return list(AccessLogEntry.objects.order_by("number").values_list("by", "child", "channel"))


def test_a_look_is_written_down_also_where_there_is_nothing_to_show(home: Home) -> None:
    answer = home.answer("child", "C1", "--authority", AUTHORITY, "--by", "Cass")
    assert [row["state"] for row in answer["answered"]] == ["none", "allocated"]
    missing = home.run("child", "C9", "--authority", AUTHORITY, "--by", "Cass")
    assert (missing.returncode, "C9" in missing.stderr) == (2, False)
    assert looks() == [("Cass", "C1", "child"), ("Cass", "C9", "child")]


def test_a_look_needs_a_name(home: Home) -> None:
    assert home.run("child", "C1", "--authority", AUTHORITY, "--by", " ").returncode == 2
    assert looks() == []


def test_the_log_refuses_change(home: Home) -> None:
    home.answer("child", "C1", "--authority", AUTHORITY, "--by", "Cass")
    for change in (
        lambda: AccessLogEntry.objects.update(by="nobody"),
        lambda: AccessLogEntry.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert looks() == [("Cass", "C1", "child")]


def test_a_restored_home_has_the_log(home: Home, new_home: object) -> None:
    home.answer("child", "C1", "--authority", AUTHORITY, "--by", "Cass")
    file = home.path.parent / "backup.tar"
    assert home.run("backup", str(file)).returncode == 0
    other = new_home("other")  # type: ignore[operator]
    assert other.run_apart("restore", str(file)).returncode == 0
    found = other.python(
        "from lineofsight.service.models import AccessLogEntry; print(*AccessLogEntry.objects.values_list('by', 'child'))"
    )
    out, _ = found.communicate()
    assert out.strip() == "('Cass', 'C1')"
