"""The access log, roles, restrictions, openings, accounts and second steps are sealed: verify finds any change and names it."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.apps import apps
from django.contrib.auth.models import User
from django.db import connection, transaction

from lineofsight.service.access import guarding, people
from lineofsight.service.access.viewer import log_access_by, viewer_of
from lineofsight.service.models import AccessLink, AccessLogEntry, Grant
from lineofsight.service.store import anchor, erasure, sealing
from lineofsight.service.store.verify import verify
from tests.service.homes import Home, database_of, filled_once, standing_in
from tests.service.test_access import REASON, somebody
from tests.support import surroundings
from tests.support.cases import AUTHORITY, describe, night

pytestmark = pytest.mark.databases

GUARDED = (
    "service_look",
    "service_grant",
    "service_restriction",
    "service_restriction_allowed",
    "service_brokenglass",
    "service_personchange",
    "service_accesslink",
)


@pytest.fixture
@filled_once
def sealed(home: Home) -> Home:
    """A home in which every sealed table holds something, with what guards it taken away."""
    describe()
    night(
        "2019-10-08",
        {
            "cin_episodes": "R1, C1, 2019-01-01, N,,\nR2, C2, 2019-01-01, N,,",
            "involvements": "1, C1, W1, CW, TA, 2019-01-05,, R1\n2, C2, W1, CW, TA, 2019-01-05,, R2",
        },
    )
    director = somebody("dora", "director")
    manager = somebody("tess", "team manager", team="TA")
    guarding.restrict(director, "C1", ["dora"], REASON)
    guarding.break_glass(manager, "C2", REASON)
    administrator = somebody("ada", "administrator")
    people.set_active("tess", active=False, viewer=administrator)
    Authenticator.objects.create(user=User.objects.get(username="dora"), type="totp", data={"secret": "x"})
    SocialAccount.objects.create(user=User.objects.get(username="dora"), provider="openid_connect", uid="1")
    assert viewer_of(User.objects.get(username="dora"), AUTHORITY)
    home.answer("register", "unallocated", "--authority", AUTHORITY, "--as-at", "2019-10-08", "--by", "Cass")
    home.answer("child", "C1", "--authority", AUTHORITY, "--by", "Cass")
    erasure.erase_child(AUTHORITY, "C2", "the right to be forgotten", by="Ben")
    _unguard()
    assert verify().failures == []
    return home


def _unguard() -> None:
    for table in GUARDED:
        if surroundings.ON_POSTGRES:
            execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        else:
            for (name,) in execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", table
            ):
                execute(f"DROP TRIGGER {name}")


def execute(sql: str, *values: object) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else []


def parts() -> set[str]:
    return {one.part for one in verify().failures}


def test_every_table_is_sealed_or_exempt_with_its_reason() -> None:
    models = {one._meta.label for one in apps.get_models(include_auto_created=True)}
    named = {about.model._meta.label for about in sealing.SEALED}
    assert models == named | set(sealing.EXEMPT)
    assert not named & set(sealing.EXEMPT)
    assert all(len(why) > 15 for why in sealing.EXEMPT.values())
    for about in sealing.SEALED:
        assert set(about.exempt) <= {one.name for one in about.model._meta.concrete_fields}


def test_looks_taken_out_changed_or_put_in_are_found_and_named(sealed: Home) -> None:
    numbers = list(AccessLogEntry.objects.order_by("number").values_list("number", flat=True))
    execute("DELETE FROM service_look WHERE number = %s", numbers[1])
    assert [one.why for one in verify().failures] == [f"look {numbers[1]} was taken out"]
    execute("UPDATE service_look SET \"by\" = 'nobody' WHERE number = %s", numbers[0])
    assert f"look {numbers[0]} was changed" in {one.why for one in verify().failures}


@pytest.mark.parametrize("column", ["at", "by", "authority", "child", "door", "salt", "child_seal"])
def test_every_cell_of_a_look_is_sealed(sealed: Home, column: str) -> None:
    number = AccessLogEntry.objects.order_by("number").values_list("number", flat=True)[0]
    value = "9" if column != "at" else 9
    execute(f'UPDATE service_look SET "{column}" = %s WHERE number = %s', value, number)
    assert parts() == {sealing.LOOKS}


def test_a_look_put_in_is_found(sealed: Home) -> None:
    execute(
        'INSERT INTO service_look (number, at, "by", authority, child, door, salt, child_seal)'
        " VALUES (999, 1, 'tess', '999', 'C1', 'child', '', '')"
    )
    assert [one.why for one in verify().failures] == ["look 999 was put in beside the log"]


def test_all_looks_and_the_chain_deleted_are_found(sealed: Home) -> None:
    execute("DELETE FROM service_look")
    assert len(verify().failures) == 3
    execute("DELETE FROM service_accesslink")
    assert "access chain" in parts()
    anchor.path(anchor.ACCESS_CHAIN).unlink()
    found = verify().failures
    assert any("which link" in one.why and one.part == "access chain" for one in found)


def test_the_end_of_the_chain_cut_with_what_it_sealed_is_found(sealed: Home) -> None:
    last = AccessLink.objects.order_by("-number").first()
    assert last is not None
    execute("DELETE FROM service_accesslink WHERE number = %s", last.number)
    assert "access chain" in parts()


ROWS = {
    "roles": ("service_grant", "role = 'director'"),
    "restrictions": ("service_restriction", "lifted_at = 5"),
    "openings with a reason": ("service_brokenglass", "until = 5"),
    "account changes": ("service_personchange", "what = 'nothing'"),
    "accounts": ("auth_user", "password = 'known to another'"),
    "second steps": ("mfa_authenticator", "data = '{}'"),
    "sign-ins elsewhere": ("socialaccount_socialaccount", "uid = '2'"),
}


@pytest.mark.parametrize("part", ROWS)
def test_a_changed_row_is_found_and_named(sealed: Home, part: str) -> None:
    table, change = ROWS[part]
    execute(f"UPDATE {table} SET {change}")
    assert parts() == {part}


@pytest.mark.parametrize("part", [part for part in ROWS if part not in ("accounts", "restrictions")])
def test_a_row_taken_out_is_found_and_named(sealed: Home, part: str) -> None:
    execute(f"DELETE FROM {ROWS[part][0]}")
    found = verify().failures
    assert {one.part for one in found} == {part}
    assert all(one.why.endswith("was taken out") for one in found)


def test_a_role_put_in_is_found(sealed: Home) -> None:
    user = User.objects.get(username="tess").pk
    execute(
        "INSERT INTO service_grant (number, user_id, role, authority, team, worker, given_by, given_at, ended_by)"
        " VALUES (999, %s, 'director', '999', '', '', 'dora', 1, '')",
        user,
    )
    assert [(one.part, one.why) for one in verify().failures] == [
        ("roles", "row 999 was put in beside the chain")
    ]


def test_an_account_put_in_and_one_let_into_a_restriction_are_found(sealed: Home) -> None:
    with sealing.paused():
        user = User.objects.create_user("mallory")
    restriction = execute("SELECT number FROM service_restriction")[0][0]
    execute(
        "INSERT INTO service_restriction_allowed (restriction_id, user_id) VALUES (%s, %s)",
        restriction,
        user.pk,
    )
    assert parts() == {"accounts", "restrictions"}


def test_an_erasure_that_did_not_happen_hides_no_look(sealed: Home) -> None:
    """Whoever knows the salt can make a row that looks erased; the chain does not state it."""
    one = AccessLogEntry.objects.exclude(child__startswith="erasure").first()
    assert one is not None
    stands = AccessLogEntry.objects.filter(child__startswith="erasure").values_list("child", flat=True)[0]
    sealed_child = sealing.child_seal(one.salt, one.child)
    execute(
        "UPDATE service_look SET child = %s, salt = '', child_seal = %s WHERE number = %s",
        stands,
        sealed_child,
        one.number,
    )
    assert parts() == {sealing.LOOKS}


def test_a_head_of_the_access_chain_kept_elsewhere_proves_it(sealed: Home) -> None:
    named = AccessLink.objects.order_by("number").values_list("hash", flat=True)[0]
    assert verify(named).holds
    assert not verify("f" * 64).holds


def test_the_libraries_own_writing_is_sealed(sealed: Home) -> None:
    user = User.objects.get(username="dora")
    user.set_password("another horse battery")
    user.save()
    Authenticator.objects.filter(user=user).delete()
    Grant.objects.filter(user=user).update(ended_at=9, ended_by="ben")
    assert verify().failures == []


@pytest.mark.postgres
def test_two_who_look_at_the_same_moment_are_both_sealed(home: Home) -> None:
    """The second waits for the first to be committed, and follows it: neither is refused for the other's number."""

    def look_elsewhere() -> None:
        with standing_in(home, database_of(home)), transaction.atomic():
            log_access_by("Dan", AUTHORITY, ["C2"], "child")

    with ThreadPoolExecutor(1) as elsewhere:
        with transaction.atomic():
            log_access_by("Cass", AUTHORITY, ["C1"], "child")
            other = elsewhere.submit(look_elsewhere)
            _wait_until_somebody_waits()
        other.result(timeout=30)
    assert list(AccessLogEntry.objects.order_by("number").values_list("by", flat=True)) == ["Cass", "Dan"]
    assert verify().failures == []


def _wait_until_somebody_waits() -> None:
    """Until another connection waits for what this one has locked."""
    for _ in range(600):
        waiting = "SELECT 1 FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
        if execute(waiting):
            return
        time.sleep(0.05)
    raise AssertionError("nobody waited")


def test_looks_are_released_by_an_act_of_its_own_that_appends(home: Home) -> None:
    describe()
    night("2019-10-08", {"cin_episodes": "R1, C1, 2019-01-01, N,,"})
    home.answer("child", "C1", "--authority", AUTHORITY, "--by", "Cass")
    ran = home.run(
        "access-log", "release", "--before", "2020-01-01", "--ground", "policy of 2019", "--by", "Ben"
    )
    assert (ran.returncode, AccessLogEntry.objects.count()) == (0, 1)
    assert "No entry" in ran.stdout
    ran = home.run(
        "access-log", "release", "--before", "2190-01-01", "--ground", "policy of 2019", "--by", "Ben"
    )
    assert ran.returncode == 2
    assert "before today" in ran.stderr


def test_released_looks_are_told_and_others_stay(home: Home) -> None:
    describe()
    night("2019-10-08", {"cin_episodes": "R1, C1, 2019-01-01, N,,"})
    for at in (1, 2, 3_000_000_000_000_000):
        with sealing.sealing():
            sealing.write_entries("Cass", AUTHORITY, ["C1"], "child", at)
    ran = home.run("access-log", "release", "--before", "1980-01-01", "--ground", "policy", "--by", "Ben")
    assert (ran.returncode, ran.stdout.partition(":")[0]) == (0, "2 entries released")
    assert list(AccessLogEntry.objects.values_list("number", flat=True)) == [3]
    assert verify().failures == []
    link = AccessLink.objects.get(kind=sealing.RELEASED)
    assert '"by":"Ben"' in link.body
    assert '"ground":"policy"' in link.body
    home.answer("child", "C1", "--authority", AUTHORITY, "--by", "Cass")
    assert list(AccessLogEntry.objects.values_list("number", flat=True)) == [3, 4]


def test_a_home_made_before_the_chain_is_sealed_as_it_stands(sealed: Home) -> None:
    """Its erased looks have no salt, and no link of the chain says which erasure took the number out."""
    execute("DELETE FROM service_accesslink")
    anchor.path(anchor.ACCESS_CHAIN).unlink()
    execute("UPDATE service_look SET child_seal = %s WHERE child LIKE %s", "0" * 64, "erasure %")
    sealing.seal_what_stands()
    assert [one for one in verify().failures if "which link" not in one.why] == []
    execute("DELETE FROM service_look")
    assert sealing.LOOKS in parts()
