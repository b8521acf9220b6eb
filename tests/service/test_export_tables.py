"""Tables for an authority's own tools: they say what the answers say, and hold only what the account may see."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections import Counter
from pathlib import Path
from typing import Any

import fsspec
import pyarrow.parquet as pq
import pytest
from django.contrib.auth.models import User

from lineofsight.queries import nightly
from lineofsight.service.access.guarding import restrict
from lineofsight.service.access.viewer import viewer_of
from lineofsight.service.exporting import place
from lineofsight.service.models import AccessLogEntry
from lineofsight.vocabulary.refusal import Refused
from tests.service.homes import Home, filled_once
from tests.service.test_access import EPISODES, INVOLVEMENTS, WORKERS, somebody
from tests.support.cases import AUTHORITY, describe, night

DAY = "2019-10-08"


@pytest.fixture
@filled_once
def service(home: Home) -> Home:
    describe()
    night("2019-10-09", {"cin_episodes": EPISODES, "involvements": INVOLVEMENTS, "professionals": WORKERS})
    for name, more in (("warehouse", ("analyst",)), ("team-a", ("team manager", "--team", "TA"))):
        done = home.run("person", name, "--service", "--authority", AUTHORITY, "--role", *more)
        assert done.returncode == 0, done.stderr
    return home


def exported(home: Home, account: str = "warehouse", to: str = "tables") -> Path:
    done = home.run("export-tables", "--authority", AUTHORITY, "--to", to, "--as-at", DAY, "--as", account)
    assert done.returncode == 0, done.stderr
    folder = home.path.parent / to / AUTHORITY
    return folder / str(json.loads((folder / "latest.json").read_text())["run"])


def rows(run: Path, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pq.read_table(run / f"{name}.parquet").to_pylist()
    return found


def test_every_sum_is_the_answer_of_the_same_view(service: Home) -> None:
    run = exported(service)
    view = ("--authority", AUTHORITY, "--as-at", DAY)
    figure = service.answer("figure", "unallocated", *view)
    register = service.answer("register", "unallocated", *view)
    caseload = service.answer("caseload", *view)
    children = rows(run, "children_today")
    stated = Counter(row["state"] for row in children)
    assert {state: stated[state] for state in figure["states"]} == figure["states"]
    assert (
        sum(row["unallocated"] for row in children)
        == figure["unallocated"]
        == rows(run, "measures")[0]["value"]
    )
    assert {row["child"]: row["days"] for row in children if row["unallocated"]} == {
        row["child"]: row["days"] for row in register["children"]
    }
    assert [(row["worker"], row["children"], row["held"]) for row in rows(run, "workers")] == [
        (row["worker"], row["children"], row["held"]) for row in caseload["workers"]
    ]
    assert [(row["team"], row["children"], row["team_only"]) for row in rows(run, "teams")] == [
        (row["team"], row["children"], row["team_only"]) for row in caseload["teams"]
    ]
    assert [row["delivery"] for row in rows(run, "deliveries")] == [
        one["id"]
        for one in service.answer("deliveries", "--authority", AUTHORITY)
        if one["received_at"] <= figure["known_by"]
    ]


@pytest.mark.parametrize(("known", "more"), [("now", ()), ("then", ("--as-known-then",))])
def test_days_are_those_of_the_trend(service: Home, known: str, more: tuple[str, ...]) -> None:
    run = exported(service)
    trend = service.answer(
        "trend", "unallocated", "--authority", AUTHORITY, "--from", "2018-10-08", "--to", DAY, *more
    )
    days = [row for row in rows(run, "unallocated_by_day") if row["known"] == known]
    assert [(str(row["as_at"]), row["population"], row["unallocated"]) for row in days] == [
        (day["as_at"], day["population"], day["unallocated"]) for day in trend["days"]
    ]
    by_state = Counter[tuple[str, str]]()
    for row in rows(run, "states_by_day"):
        if row["known"] == known:
            by_state[str(row["as_at"]), row["state"]] += row["children"]
    assert all(
        by_state[day["as_at"], state] == n for day in trend["days"] for state, n in day["states"].items()
    )


def test_a_team_s_account_has_only_its_children_and_each_is_logged(service: Home) -> None:
    whole = {row["child"] for row in rows(exported(service), "children_today")}
    run = exported(service, "team-a")
    seen = {row["child"] for row in rows(run, "children_today")}
    assert "C1" in seen and seen < whole and "C2" not in seen
    logged = AccessLogEntry.objects.filter(by="team-a").values_list("child", "channel")
    assert sorted(logged) == [(child, "tables exported") for child in sorted(seen)]
    manifest = json.loads((run / "manifest.json").read_text())
    assert manifest["children_left_out"] == {"out_of_scope": len(whole) - len(seen), "restricted": 0}
    assert manifest["tables_not_permitted"] == ["deliveries", "data_quality_issues"]
    assert not (run / "deliveries.csv").exists()


def test_a_restricted_child_is_left_out_and_counted(service: Home) -> None:
    director = somebody("d.irector", "director")
    restrict(director, "C1", [director.by], "A relative works here")
    run = exported(service)
    assert b"C1" not in b"".join(file.read_bytes() for file in run.glob("*.csv"))
    assert json.loads((run / "manifest.json").read_text())["children_left_out"]["restricted"] == 1
    assert (
        "Left out: 1 restricted"
        in service.run(
            "export-tables", "--authority", AUTHORITY, "--to", "again", "--as-at", DAY, "--as", "warehouse"
        ).stdout
    )


def test_the_same_record_gives_the_same_bytes_and_the_manifest_their_hashes(service: Home) -> None:
    first, second = exported(service, to="one"), exported(service, to="two")
    held = {file.name: file.read_bytes() for file in first.iterdir()}
    assert held == {file.name: file.read_bytes() for file in second.iterdir()}
    assert first.name == second.name
    manifest = json.loads(held.pop("manifest.json"))
    assert manifest["files"] == {name: hashlib.sha256(content).hexdigest() for name, content in held.items()}
    for name, count in manifest["rows"].items():
        assert (
            count
            == len(rows(first, name))
            == len(list(csv.reader(io.StringIO(held[f"{name}.csv"].decode())))) - 1
        )


def test_a_person_s_account_a_stranger_and_one_without_a_role_take_nothing(service: Home) -> None:
    somebody("a.nalyst", "analyst")
    user = User.objects.get(username="a.nalyst")
    user.set_password("a long enough password")
    user.save()
    User.objects.create_user("no-role")
    for account, why in (("a.nalyst", "can sign in"), ("nobody", "no account"), ("no-role", "no role")):
        done = service.run("export-tables", "--authority", AUTHORITY, "--to", "x", "--as", account)
        assert done.returncode == 2 and why in done.stderr
    assert not (service.path.parent / "x").exists()


def test_a_service_account_has_no_password(service: Home) -> None:
    user = User.objects.get(username="warehouse")
    assert not user.has_usable_password() and viewer_of(user, AUTHORITY).whole
    somebody("b.ames", "analyst")
    person = User.objects.get(username="b.ames")
    person.set_password("a long enough password")
    person.save()
    done = service.run("person", "b.ames", "--service", "--role", "director", "--authority", AUTHORITY)
    assert done.returncode == 2 and "a person’s" in done.stderr


def test_the_pointer_is_written_last(monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    monkeypatch.setattr(place, "_write", lambda _place, path, _content: order.append(path))
    place.put(place.place_of("memory://put"), "999", "as-at", {"a.csv": b"1"}, b"{}")
    assert [path.rpartition("/")[2] for path in order] == ["a.csv", "manifest.json", "latest.json"]


def test_a_store_takes_the_files() -> None:
    run = place.put(place.place_of("memory://bucket/tables"), "999", "as-at", {"a.csv": b"1"}, b"{}")
    store = fsspec.filesystem("memory")
    assert store.cat(f"/bucket/tables/999/{run}/a.csv") == b"1"
    assert json.loads(store.cat("/bucket/tables/999/latest.json"))["run"] == run


@pytest.mark.parametrize(
    ("to", "why"),
    [("ftp://x/y", "one of"), ("s3://key:word@bucket/y", "holds a key"), ("http://x", "one of")],
)
def test_an_address_that_will_not_do_is_refused(to: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        place.place_of(to)


def test_a_store_without_its_driver_says_which_package(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(*_: object) -> None:
        raise ImportError

    monkeypatch.setattr(fsspec.core, "url_to_fs", absent)
    with pytest.raises(Refused, match="install the package s3fs"):
        place.place_of("s3://bucket")


def test_no_column_holds_a_name_and_each_says_what_it_means() -> None:
    columns = nightly.dictionary()
    assert {one.table for one in columns} == set(nightly.TABLES) == set(nightly.KEYS)
    assert not [one for one in columns if "name" in one.column or not one.says]
