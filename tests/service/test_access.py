"""Who is within whose viewer, what is restricted, what broken glass opens; and that all of it is kept and guarded."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from lineofsight.queries.figures import FigureQuery, latest_moment
from lineofsight.queries.holders import holders
from lineofsight.queries.record import Record
from lineofsight.service.access import (
    access_log,
    attempts,
    children,
    confirming,
    guarding,
    one_time,
    people,
    scope,
)
from lineofsight.service.access.records import open_record
from lineofsight.service.access.roles import Permission
from lineofsight.service.access.viewer import Viewer, closed_to, log_access, require, viewer_of
from lineofsight.service.models import AccessLogEntry, BrokenGlass, Grant, PersonChange, Restriction
from lineofsight.service.store import clock, erasure
from lineofsight.vocabulary.refusal import Refused
from tests.service.homes import Home, filled_once
from tests.support.cases import AUTHORITY, describe, night

DAY = date(2019, 10, 8)
REASON = "A call from the hospital this evening"
EPISODES = "\n".join(f"R{n}, C{n}, 2019-01-01, N,," for n in range(1, 8))
INVOLVEMENTS = """
    1, C1, W1, CW, TA, 2019-01-05,, R1
    2, C2, W2, CW, TB, 2019-01-05,, R2
    3, C3, W1, CW, TA, 2019-01-05, 2019-09-01, R3
    4, C4, W1, CW, TA, 2019-01-05, 2019-05-01, R4
    5, C4, W2, CW, TB, 2019-05-01, 2019-09-01, R4
    6, C5, W1, CW, TA, 2019-01-05,, R5
    7, C5, W2, FSW, TB, 2019-01-05,, R5
    8, , W2, CW, TB, 2019-01-05,, R6
    """
WORKERS = "W1, S1, Social Worker, SW1, 1.0,\nW2, S2, Social Worker, SW2, 1.0,"


@pytest.fixture
@filled_once
def service(home: Home) -> Home:
    describe()
    night("2019-10-09", {"cin_episodes": EPISODES, "involvements": INVOLVEMENTS, "professionals": WORKERS})
    return home


def somebody(name: str, role: str, *, team: str = "", worker: str = "") -> Viewer:
    user, _ = User.objects.get_or_create(username=name)
    people.give_to(user, people.wanted(name, role, AUTHORITY, team=team, worker=worker), by="tests")
    return viewer_of(user, AUTHORITY)


def record() -> Record:
    return open_record(AUTHORITY)


def opened(child: str, by: Viewer) -> str:
    return children.open_for(by, record(), child, FigureQuery(DAY, known())).child


def known() -> int:
    return latest_moment(record())


EVERYBODY = [f"C{n}" for n in range(1, 8)]


@pytest.mark.parametrize(
    ("role", "bounds", "day", "seen"),
    [
        ("team manager", {"team": "TA"}, DAY, "C1 C3 C5"),
        ("team manager", {"team": "TB"}, DAY, "C2 C4 C5 C6"),
        ("team manager", {"team": "ta"}, DAY, ""),
        ("team manager", {"team": "TA"}, date(2019, 4, 1), "C1 C3 C4 C5"),
        ("worker", {"worker": "W1"}, DAY, "C1 C5"),
        ("worker", {"worker": "W1"}, date(2019, 4, 1), "C1 C3 C4 C5"),
        ("director", {}, DAY, " ".join(EVERYBODY)),
        ("analyst", {}, DAY, " ".join(EVERYBODY)),
        ("member", {}, DAY, ""),
        ("administrator", {}, DAY, ""),
    ],
)
def test_scope_is_by_whoever_has_the_child_in_hand_that_day(
    service: Home, role: str, bounds: dict[str, str], day: date, seen: str
) -> None:
    """C3 and C4 have nobody, so the last team; C5 two at once; C6 is named by its referral only; C7 never had anybody."""
    viewer = somebody("amira", role, **bounds)
    within = holders(record(), day, known())
    assert sorted(scope.in_scope(viewer, EVERYBODY, within)) == seen.split()
    open_to = [child for child in EVERYBODY if scope.may_open(viewer, record(), child, day, known())]
    assert open_to == seen.split()
    assert not scope.may_open(viewer, open_record("901"), "C1", day, known())


def test_two_roles_see_what_either_sees(service: Home) -> None:
    somebody("amira", "team manager", team="TA")
    viewer = somebody("amira", "worker", worker="W2")
    within = holders(record(), DAY, known())
    assert sorted(scope.in_scope(viewer, EVERYBODY, within)) == ["C1", "C2", "C3", "C5", "C6"]


def test_what_was_not_known_yet_gives_nobody_sight(service: Home) -> None:
    viewer = somebody("amira", "team manager", team="TA")
    assert scope.in_scope(viewer, EVERYBODY, holders(record(), DAY, known() - 1)) == frozenset()


@pytest.mark.databases
def test_a_restricted_child_opens_to_the_named_only(service: Home) -> None:
    director, manager = somebody("dora", "director"), somebody("tess", "team manager", team="TA")
    guarding.restrict(director, "C1", ["dora"], REASON)
    assert (closed_to(director), closed_to(manager)) == (frozenset(), frozenset({"C1"}))
    with pytest.raises(attempts.Closed) as closed:
        opened("C1", manager)
    assert "C1" not in str(closed.value)
    assert opened("C1", director) == "C1"
    guarding.lift(director, "C1")
    assert scope.may_open(manager, record(), "C1", DAY, known())


@pytest.mark.parametrize("names", [[], ["nobody"], ["dora", "nobody"], ["dora", "stopped"]])
def test_a_restriction_names_people_who_are_here(service: Home, names: list[str]) -> None:
    director = somebody("dora", "director")
    somebody("stopped", "director")
    people.set_active("stopped", active=False, viewer=somebody("ada", "administrator"))
    with pytest.raises(Refused):
        guarding.restrict(director, "C1", names, REASON)
    assert not Restriction.objects.exists()


@pytest.mark.databases
def test_broken_glass_opens_one_child_until_it_expires(
    service: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    manager = somebody("tess", "team manager", team="TA")
    for reason in ("", "too short", "x" * 501):
        with pytest.raises(Refused):
            guarding.break_glass(manager, "C2", reason)
    guarding.break_glass(manager, "C2", REASON)
    assert scope.may_open(manager, record(), "C2", DAY, known())
    assert not scope.may_open(manager, record(), "C4", DAY, known())
    (entry, broken) = access_log.entries_about(manager, record(), "C2")
    assert (broken["channel"], broken["reason"], entry["channel"]) == ("glass broken", REASON, "access log")
    glass = BrokenGlass.objects.get()
    later = clock.now().fromtimestamp(glass.until / 1e6 + 1, tz=clock.now().tzinfo)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert not scope.may_open(manager, record(), "C2", DAY, known())


def test_nobody_breaks_glass_or_restricts_without_leave(service: Home) -> None:
    for role in ("analyst", "member", "administrator"):
        with pytest.raises(PermissionDenied):
            guarding.break_glass(somebody(role, role), "C1", REASON)
        with pytest.raises(PermissionDenied):
            guarding.restrict(somebody(role, role), "C1", [role], REASON)


@pytest.mark.databases
def test_a_look_out_of_scope_gives_nothing_and_one_in_scope_is_written_first(service: Home) -> None:
    worker = somebody("wes", "worker", worker="W1")
    with pytest.raises(attempts.Closed):
        opened("C2", worker)
    assert [(one.child, one.channel) for one in AccessLogEntry.objects.all()] == [("C2", attempts.REFUSED)]
    opened("C1", worker)
    assert list(AccessLogEntry.objects.order_by("number").values_list("by", "child", "channel"))[1:] == [
        ("wes", "C1", "page: child")
    ]


@pytest.mark.databases
def test_a_look_is_written_in_the_transaction_that_reads(service: Home) -> None:
    with pytest.raises(RuntimeError):
        log_access(somebody("wes", "worker", worker="W1"), ["C1"], "page")


@pytest.mark.databases
def test_where_the_log_cannot_be_written_nothing_is_shown(
    service: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any, **__: Any) -> None:
        raise DatabaseError("the disk is full")

    monkeypatch.setattr(AccessLogEntry.objects, "bulk_create", fails)
    for line in (
        ("child", "C1"),
        ("register", "unallocated", "--as-at", "2019-10-08"),
        ("bridge", "unallocated", "--from", "2019-01-01", "--to", "2019-10-08"),
    ):
        done = service.run(*line, "--authority", AUTHORITY, "--json")
        assert (done.returncode, done.stdout) == (70, "")


def test_the_command_line_writes_down_every_child_it_lists(service: Home) -> None:
    listed = service.answer(
        "register", "unallocated", "--authority", AUTHORITY, "--as-at", "2019-10-08", "--by", "Cass"
    )
    assert sorted(AccessLogEntry.objects.values_list("child", flat=True)) == sorted(
        one["child"] for one in listed["children"]
    )
    assert set(AccessLogEntry.objects.values_list("by", "channel")) == {("Cass", "register")}


# -- giving roles --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "bounds"),
    [
        ("king", {}),
        ("worker", {}),
        ("team manager", {}),
        ("director", {"team": "TA"}),
        ("worker", {"team": "TA"}),
        ("worker", {"worker": "W" * 201}),
        ("team manager", {"team": "T\x00"}),
    ],
)
def test_a_role_is_given_with_what_bounds_it(role: str, bounds: dict[str, str]) -> None:
    with pytest.raises(Refused):
        people.wanted("amira", role, AUTHORITY, **bounds)


def test_nobody_gives_or_ends_a_role_of_their_own(home: Home) -> None:
    viewer = somebody("ben", "administrator")
    with pytest.raises(Refused):
        confirming.give(people.wanted("ben", "director", AUTHORITY), viewer=viewer)
    with pytest.raises(Refused):
        people.end(Grant.objects.get().number, AUTHORITY, by=viewer.by)
    for change in (
        lambda: confirming.ask_reset("ben", confirming.PASSWORD, viewer=viewer),
        lambda: confirming.ask_reset("ben", confirming.SECOND_STEP, viewer=viewer),
        lambda: one_time.make("ben", viewer=viewer),
    ):
        with pytest.raises(Refused):
            change()


def test_an_administrator_leaves_alone_whoever_holds_a_role_elsewhere(home: Home) -> None:
    viewer = somebody("ben", "administrator")
    somebody("dora", "director")
    people.give_to(User.objects.get(username="dora"), people.wanted("dora", "director", "901"), by="tests")  # type: ignore[arg-type]
    with pytest.raises(Refused):
        people.set_active("dora", active=False, viewer=viewer)
    assert User.objects.get(username="dora").is_active


def test_an_ended_role_permits_nothing(home: Home) -> None:
    somebody("dora", "director")
    people.end(Grant.objects.get().number, AUTHORITY, by="ben")
    with pytest.raises(PermissionDenied):
        require(User.objects.get(username="dora"), AUTHORITY, Permission.HEADLINE)


def test_the_command_gives_and_ends_a_role_and_takes_no_password_as_an_argument(home: Home) -> None:
    line = ("person", "amira", "--role", "worker", "--authority", AUTHORITY, "--worker", "W1")
    done = home.run(*line, stdin="correct horse battery\n")
    assert done.returncode == 0, done.stderr
    assert User.objects.get(username="amira").check_password("correct horse battery")
    assert home.run(*line, "--end").returncode == 0
    assert Grant.objects.get().ended_at is not None
    assert home.run(*line, "--end").returncode == 2
    assert home.run(*line, "--password", "correct horse battery").returncode == 2


# -- kept and guarded ----------------------------------------------------------------------------


@pytest.fixture
@filled_once
def kept(service: Home) -> Home:
    director = somebody("dora", "director")
    manager = somebody("tess", "team manager", team="TA")
    guarding.restrict(director, "C1", ["dora"], REASON)
    guarding.break_glass(manager, "C1", REASON)
    people.note(User.objects.get(username="tess"), people.STOPPED, "ben")
    return service


def refuses(model: Any, **changed: object) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        if changed:
            model.objects.update(**changed)
        else:
            model.objects.all()._raw_delete("default")


@pytest.mark.databases
def test_what_is_kept_of_people_refuses_change(kept: Home) -> None:
    for model in (Grant, Restriction, BrokenGlass, PersonChange, AccessLogEntry, Restriction.allowed.through):
        refuses(model)
    refuses(Grant, role="director")
    refuses(Grant, ended_at=1, ended_by="")
    refuses(Grant, ended_at=1, ended_by="ben", team="TB")
    refuses(Restriction, reason="another")
    refuses(Restriction, lifted_at=1, lifted_by="ben", child="C2")
    refuses(BrokenGlass, until=9)
    refuses(BrokenGlass, child="erasure 3", reason="")
    refuses(PersonChange, by="nobody")
    refuses(AccessLogEntry, child="erasure 3")
    Grant.objects.update(ended_at=1, ended_by="ben")
    refuses(Grant, ended_at=None, ended_by="")
    refuses(Grant, ended_at=2, ended_by="ben")
    guarding.lift(somebody("dora", "director"), "C1")
    refuses(Restriction, lifted_at=None, lifted_by="")


@pytest.mark.databases
def test_erasing_a_child_takes_its_number_and_the_reasons_out(kept: Home) -> None:
    somebody_else = AccessLogEntry.objects.exclude(child="C1").count()
    link = erasure.erase_child(AUTHORITY, "C1", "the right to be forgotten", by="Ben")
    stands = f"erasure {link.number}"
    assert set(AccessLogEntry.objects.values_list("child", flat=True)) == {stands}
    assert somebody_else == 0
    assert list(Restriction.objects.values_list("child", "reason", "by")) == [(stands, "", "dora")]
    assert list(BrokenGlass.objects.values_list("child", "reason")) == [(stands, "")]
    refuses(AccessLogEntry, child=stands, by="nobody")


@pytest.mark.databases
def test_a_restored_home_has_people_with_what_they_may_and_did(kept: Home, new_home: Any) -> None:
    file = kept.path.parent / "backup.tar"
    assert kept.run("backup", str(file)).returncode == 0
    other = new_home("other")
    assert other.run_apart("restore", str(file)).returncode == 0
    program = (
        "from lineofsight.service.models import *\n"
        "print(*Grant.objects.order_by('number').values_list('user__username', 'role', 'team'))\n"
        "print(*Restriction.objects.values_list('child', 'allowed__username', 'lifted_at'))\n"
        "print(*BrokenGlass.objects.values_list('user__username', 'child', 'reason'))\n"
        "print(*PersonChange.objects.values_list('user__username', 'what'))\n"
    )
    out, _ = other.python(program).communicate()
    assert out.splitlines() == [
        "('dora', 'director', '') ('tess', 'team manager', 'TA')",
        "('C1', 'dora', None)",
        f"('tess', 'C1', '{REASON}')",
        "('tess', 'signing in stopped')",
    ]
