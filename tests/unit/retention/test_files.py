"""How long files are kept: which policy is in force, and which deliveries are due by it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from lineofsight.retention.files import DEFAULT, Due, FilePolicy, StoredDelivery, due, in_force

LAST = date(2019, 10, 8)
DUE = LAST + timedelta(days=35)
NIGHT = StoredDelivery("night", "901", True, True, LAST, frozenset({"a", "b"}))


def policy(days: int, from_day: date) -> FilePolicy:
    return FilePolicy(days, from_day, "A. Officer", "policy 7")


def hashes(found: list[Due]) -> list[str]:
    return [sha256 for one in found for sha256 in one.hashes]


def test_files_are_kept_for_all_their_days_and_go_on_the_next() -> None:
    assert due([NIGHT], {}, frozenset(), DUE - timedelta(days=1)) == []
    assert due([NIGHT], {}, frozenset(), DUE) == [Due("901", DEFAULT, ["night"], ["a", "b"])]
    shorter = {"901": policy(7, LAST)}
    assert hashes(due([NIGHT], shorter, frozenset(), LAST + timedelta(days=6))) == []
    assert hashes(due([NIGHT], shorter, frozenset(), LAST + timedelta(days=7))) == ["a", "b"]


def test_what_waits_is_held_or_holds_no_children_stays_however_old_it_is() -> None:
    late = DUE + timedelta(days=4000)
    assert due([replace(NIGHT, decided=False)], {}, frozenset(), late) == []
    assert due([replace(NIGHT, holds_children=False)], {}, frozenset(), late) == []
    assert due([NIGHT], {}, frozenset({"night"}), late) == []
    assert due([NIGHT], {}, frozenset({"901"}), late) == []
    assert due([NIGHT], {}, frozenset({"902"}), late)


def test_files_that_another_delivery_still_needs_stay() -> None:
    for other in (
        replace(NIGHT, id="later", last_on=DUE, hashes=frozenset({"b", "c"})),
        replace(NIGHT, id="report", holds_children=False, hashes=frozenset({"b"})),
        replace(NIGHT, id="waits", authority="902", decided=False, hashes=frozenset({"b"})),
    ):
        assert hashes(due([NIGHT, other], {}, frozenset(), DUE)) == ["a"]
        assert hashes(due([other, NIGHT], {}, frozenset(), DUE)) == ["a"]


def test_bytes_of_two_authorities_are_named_once() -> None:
    found = due([NIGHT, replace(NIGHT, id="other", authority="902")], {}, frozenset(), DUE)
    assert sorted(hashes(found)) == ["a", "b"]


def test_the_policy_in_force_is_the_latest_begun_and_of_one_day_the_last_set() -> None:
    first, second = policy(30, date(2019, 10, 1)), policy(20, date(2019, 11, 1))
    assert in_force([], date(2019, 10, 1)) == DEFAULT
    assert in_force([second, first], date(2019, 9, 30)) == DEFAULT
    assert in_force([second, first], date(2019, 10, 31)) == first
    assert in_force([second, first], date(2019, 11, 1)) == second
    again = policy(25, date(2019, 11, 1))
    assert in_force([first, second, again], date(2020, 1, 1)) == again
